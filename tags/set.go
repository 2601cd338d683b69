package tags

import "fmt"

// An Assignment gives one tag its value.
type Assignment struct {
	Tag   string // without percent signs
	Value string // may be empty
}

// A Set is a tag set, as at System > Resources > Device Management Tag Sets: a
// name, and a value for each of its custom tags, in order.
type Set struct {
	Name string
	Tags []Assignment
}

// NewSet returns a tag set, or an error that names the first thing that the
// Application Server would not take: the set's name, a tag's name, a value, or
// a tag that comes twice.
func NewSet(name string, values ...Assignment) (Set, error) {
	if err := CheckSetName(name); err != nil {
		return Set{}, err
	}
	set := Set{Name: name, Tags: make([]Assignment, 0, len(values))}
	seen := make(map[string]bool, len(values))
	for _, a := range values {
		a.Tag = Bare(a.Tag)
		if err := CheckName(a.Tag); err != nil {
			return Set{}, err
		}
		if err := CheckValue(a.Value); err != nil {
			return Set{}, fmt.Errorf("tag %s: %w", a.Tag, err)
		}
		if seen[a.Tag] {
			return Set{}, fmt.Errorf("tag %s is twice in the tag set %q", a.Tag, name)
		}
		seen[a.Tag] = true
		set.Tags = append(set.Tags, a)
	}
	return set, nil
}

// A Place is where a custom tag can be given a value. A later place is
// stronger than an earlier one.
type Place uint8

// The places, weakest first. OCI requests exist for each. (documented)
const (
	SystemDefaultSet Place = iota + 1 // the System Default tag set
	DeviceTypeSet                     // the tag set of the device type
	ServiceProvider                   // a service provider, per device type
	Group                             // a group, per device type
	AccessDevice                      // one access device
)

var placeNames = [...]string{
	SystemDefaultSet: "system default tag set",
	DeviceTypeSet:    "device type's tag set",
	ServiceProvider:  "service provider",
	Group:            "group",
	AccessDevice:     "access device",
}

// String returns the place's name in words.
func (p Place) String() string {
	if p < SystemDefaultSet || p > AccessDevice {
		return "nowhere"
	}
	return placeNames[p]
}

// A Definition is a value that a place gives a tag.
type Definition struct {
	Place Place
	Value string
	// NotOverridable is isTagValueOverridable false, which tag sets know from
	// R22 on: no stronger place changes the value then.
	NotOverridable bool
}

// Effective returns the definition that the Application Server uses: the one of
// the strongest place, unless a weaker one may not be overridden, in which case
// the weakest of those wins. The order of defs does not matter, but for two of
// the same place, where the later one counts. It returns false for no
// definitions.
func Effective(defs ...Definition) (Definition, bool) {
	var byPlace [AccessDevice + 1]*Definition
	for i, d := range defs {
		if d.Place >= SystemDefaultSet && d.Place <= AccessDevice {
			byPlace[d.Place] = &defs[i]
		}
	}
	var win *Definition
	for _, d := range byPlace {
		if d == nil {
			continue
		}
		win = d
		if d.NotOverridable {
			break
		}
	}
	if win == nil {
		return Definition{}, false
	}
	return *win, true
}
