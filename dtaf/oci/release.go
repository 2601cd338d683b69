package oci

import (
	"fmt"
	"strings"
)

// A Release is a release of the Application Server. Its zero value is no
// release: then only requests that every release knows are used. Releases
// compare with <, older ones first.
type Release uint8

// The releases, oldest first.
const (
	R21SP1 Release = iota + 1
	R22
	R23
	R24
	R25
	R26 // of which no requests are known: it takes those of R25
)

var releaseNames = [...]string{R21SP1: "R21SP1", R22: "R22", R23: "R23", R24: "R24", R25: "R25", R26: "R26"}

// Releases returns R21SP1, R22, R23, R24, R25 and R26.
func Releases() []Release { return []Release{R21SP1, R22, R23, R24, R25, R26} }

// ParseRelease returns the release that s names, such as "R23".
func ParseRelease(s string) (Release, error) {
	for _, r := range Releases() {
		if s == releaseNames[r] {
			return r, nil
		}
	}
	return 0, fmt.Errorf("unknown release %q: expected one of %s", s, strings.Join(releaseNames[R21SP1:], ", "))
}

// String returns the release's name, such as "R21SP1", or "none" for the zero
// value.
func (r Release) String() string {
	if r < R21SP1 || r > R26 {
		return "none"
	}
	return releaseNames[r]
}

// MarshalText implements [encoding.TextMarshaler]. The zero value is an empty
// text.
func (r Release) MarshalText() ([]byte, error) {
	if r == 0 {
		return nil, nil
	}
	return []byte(r.String()), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler]. An empty text is the
// zero value.
func (r *Release) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*r = 0
		return nil
	}
	v, err := ParseRelease(string(text))
	if err == nil {
		*r = v
	}
	return err
}
