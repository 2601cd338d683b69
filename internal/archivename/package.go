// Package archivename knows the names of packages and of archives as the vendor
// forms them, and which names of files are safe to have in an archive.
package archivename

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dtafgen/wxt/tags"
)

// A Package is what the conventional name of a package says.
type Package struct {
	Platform tags.Platform
	Version  string // three numbers, such as "3.9.18"
	Month    time.Month
	Year     int
}

// String returns the name of the package, such as
// "ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip".
func (p Package) String() string {
	return fmt.Sprintf("ucone-%s-ucaas-%s-wxt-%.3s%d_DTAF.zip", p.Platform, p.Version, p.Month.String(), p.Year)
}

var (
	versionPattern = regexp.MustCompile(`^\d{1,9}\.\d{1,9}\.\d{1,9}$`)
	packagePattern = regexp.MustCompile(`^ucone-([a-z]+)-ucaas-(\d{1,9}\.\d{1,9}\.\d{1,9})-wxt-([A-Z][a-z]{2})(\d{4})_DTAF\.zip$`)
)

// CheckVersion returns an error if version is not made of three numbers, such
// as "3.9.18".
func CheckVersion(version string) error {
	if !versionPattern.MatchString(version) {
		return fmt.Errorf("version %q: expected three numbers with dots between them, such as 3.9.18", version)
	}
	return nil
}

// ParsePackage returns what a package's name says, and whether it has the
// conventional form. The name has no folder.
func ParsePackage(name string) (Package, bool) {
	m := packagePattern.FindStringSubmatch(name)
	if m == nil {
		return Package{}, false
	}
	p := Package{Version: m[2]}
	for _, platform := range tags.Platforms() {
		if platform.String() == m[1] {
			p.Platform = platform
		}
	}
	for month := time.January; month <= time.December; month++ {
		if month.String()[:3] == m[3] {
			p.Month = month
		}
	}
	p.Year, _ = strconv.Atoi(m[4]) // four digits
	return p, p.Platform != 0 && p.Month != 0
}

// PackageOf returns what the conventional name of an archive's file says, or that of
// the container or the folder that it is in, and whether one of these has such a name.
// Root is the folder that stands around the archive's files in it, or empty.
func PackageOf(name, root string) (Package, bool) {
	parts := strings.Split(filepath.ToSlash(name), "/")
	for _, name := range slices.Backward(append(parts, path.Base(root)+".zip")) {
		if p, ok := ParsePackage(name); ok {
			return p, true
		}
	}
	return Package{}, false
}
