package archivename

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
)

// A Label is the release of the Application Server that an archive's name tells.
type Label struct{ major, minor, pack int }

var labelPattern = regexp.MustCompile(`(?i)(?:^|[^A-Za-z0-9])R(\d{2})(?:\.(\d{1,2}))?(?:[._ ]?SP(\d{1,2}))?(?:[^A-Za-z0-9]|$)`)

// LabelOf returns the release that an archive's templates are for, as its name tells
// it, such as R24.0 in "Connect_-_Mobile(R24.0).DTAF.zip", and whether it tells one.
func LabelOf(name string) (l Label, ok bool) {
	all := labelPattern.FindAllStringSubmatch(path.Base(filepath.ToSlash(name)), -1)
	if all == nil {
		return l, false
	}
	m := all[len(all)-1]
	l.major, _ = strconv.Atoi(m[1])
	l.minor, _ = strconv.Atoi(m[2])
	l.pack, _ = strconv.Atoi(m[3])
	return l, true
}

// LabelFor returns the label of a release.
func LabelFor(r oci.Release) Label {
	l, _ := LabelOf(r.String())
	return l
}

// Compare returns -1, 0 or 1: l is older than m, the same, or newer.
func (l Label) Compare(m Label) int {
	return cmp.Or(cmp.Compare(l.major, m.major), cmp.Compare(l.minor, m.minor), cmp.Compare(l.pack, m.pack))
}

// String returns the label as the vendor writes it, such as R24.0 or R21.SP1, and
// nothing for the zero value.
func (l Label) String() string {
	switch {
	case l == Label{}:
		return ""
	case l.pack != 0:
		return fmt.Sprintf("R%d.SP%d", l.major, l.pack)
	}
	return fmt.Sprintf("R%d.%d", l.major, l.minor)
}

// Archive returns the name that the vendor's archive of a device type has, such as
// "Business_Communicator_-_PC(R24.0).DTAF.zip". The zero label stands for the vendor's
// for a release: R22.0 and R23.0 for these two, and R24.0 for others, since there are
// no older ones, and those labelled R24.0 serve R24 and later.
func Archive(deviceType string, l Label, r oci.Release) string {
	if l == (Label{}) {
		l = LabelFor(oci.R24)
		if r == oci.R22 || r == oci.R23 {
			l = LabelFor(r)
		}
	}
	name := strings.Map(func(r rune) rune {
		if r == ' ' || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '_'
		}
		return r
	}, deviceType)
	return name + "(" + l.String() + ").DTAF.zip"
}
