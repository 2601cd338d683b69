package tags

import (
	"fmt"
	"iter"
	"strings"
)

// A Platform is one of the three clients that a partner provisions. Its zero
// value is no platform at all.
type Platform uint8

// The platforms, in the order in which everything in this module lists them.
const (
	Desktop Platform = iota + 1
	Mobile
	Tablet
)

var platformNames = [...]string{Desktop: "desktop", Mobile: "mobile", Tablet: "tablet"}

// Platforms returns desktop, mobile and tablet, in this order.
func Platforms() []Platform { return []Platform{Desktop, Mobile, Tablet} }

// ParsePlatform returns the platform that s names: "desktop", "mobile" or
// "tablet", in lower case.
func ParsePlatform(s string) (Platform, error) {
	for _, p := range Platforms() {
		if s == platformNames[p] {
			return p, nil
		}
	}
	return 0, fmt.Errorf("unknown platform %q: expected desktop, mobile or tablet", s)
}

// String returns the platform's name as the project file spells it, or "none"
// for the zero value.
func (p Platform) String() string {
	if p < Desktop || p > Tablet {
		return "none"
	}
	return platformNames[p]
}

// MarshalText implements [encoding.TextMarshaler].
func (p Platform) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (p *Platform) UnmarshalText(text []byte) error {
	v, err := ParsePlatform(string(text))
	if err == nil {
		*p = v
	}
	return err
}

// A PlatformSet is a set of platforms. Its zero value is empty, and sets
// compare with ==.
type PlatformSet uint8

// allPlatforms holds desktop, mobile and tablet.
const allPlatforms = PlatformSet(1<<Desktop | 1<<Mobile | 1<<Tablet)

// NewPlatformSet returns the set of the given platforms.
func NewPlatformSet(platforms ...Platform) PlatformSet {
	var s PlatformSet
	for _, p := range platforms {
		s |= 1 << p
	}
	return s & allPlatforms
}

// Has reports whether p is in the set.
func (s PlatformSet) Has(p Platform) bool { return s&allPlatforms&(1<<p) != 0 }

// All yields the platforms in the set: desktop, mobile, tablet.
func (s PlatformSet) All() iter.Seq[Platform] {
	return func(yield func(Platform) bool) {
		for _, p := range Platforms() {
			if s.Has(p) && !yield(p) {
				return
			}
		}
	}
}

// String returns the names of the platforms, as in "mobile, tablet".
func (s PlatformSet) String() string {
	var names []string
	for p := range s.All() {
		names = append(names, p.String())
	}
	return strings.Join(names, ", ")
}
