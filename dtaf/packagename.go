package dtaf

import (
	"fmt"
	"regexp"
	"strconv"
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

// PackageName returns the conventional name of a platform's package, such as
// "ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip". The version is not looked
// at: see [CheckVersion].
func PackageName(p tags.Platform, version string, month time.Month, year int) string {
	return Package{p, version, month, year}.String()
}

// String returns the name of the package.
func (p Package) String() string {
	return fmt.Sprintf("ucone-%s-ucaas-%s-wxt-%.3s%d_DTAF.zip", Spec(p.Platform).Package, p.Version, p.Month.String(), p.Year)
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

// ParsePackageName returns what a package's name says. The name has no folder.
func ParsePackageName(name string) (Package, error) {
	m := packagePattern.FindStringSubmatch(name)
	if m == nil {
		return Package{}, fmt.Errorf("package name %q: expected one such as %s", name, PackageName(tags.Desktop, "3.9.18", time.November, 2026))
	}
	p := Package{Version: m[2]}
	for _, platform := range tags.Platforms() {
		if Spec(platform).Package == m[1] {
			p.Platform = platform
		}
	}
	if p.Platform == 0 {
		return Package{}, fmt.Errorf("package name %q: platform %q: expected desktop, mobile or tablet", name, m[1])
	}
	for month := time.January; month <= time.December; month++ {
		if month.String()[:3] == m[3] {
			p.Month = month
		}
	}
	if p.Month == 0 {
		return Package{}, fmt.Errorf("package name %q: month %q: expected one such as Nov", name, m[3])
	}
	p.Year, _ = strconv.Atoi(m[4]) // four digits
	return p, nil
}
