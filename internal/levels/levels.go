// Package levels knows where a custom tag can have a value, and which of several
// values wins.
package levels

// A Level is where a custom tag can be given a value. A later level is stronger
// than an earlier one.
type Level uint8

// The levels, weakest first. OCI requests exist for each. (documented)
const (
	SystemDefaultSet Level = iota + 1 // the System Default tag set
	DeviceTypeSet                     // the tag set of the device type
	ServiceProvider                   // a service provider, per device type
	Group                             // a group, per device type
	AccessDevice                      // one access device
)

var names = [...]string{
	SystemDefaultSet: "system default tag set",
	DeviceTypeSet:    "device type's tag set",
	ServiceProvider:  "service provider",
	Group:            "group",
	AccessDevice:     "access device",
}

// String returns the level's name in words.
func (l Level) String() string {
	if l < SystemDefaultSet || l > AccessDevice {
		return "nowhere"
	}
	return names[l]
}

// A Definition is a value that a tag has at a level.
type Definition struct {
	Level Level
	Value string
	// NotOverridable is isTagValueOverridable false, which tag sets know from
	// R22 on: no stronger level changes the value then.
	NotOverridable bool
}

// Effective returns the definition that the Application Server uses: the one of
// the strongest level, unless a weaker one may not be overridden, in which case
// the weakest of those wins. The order of defs does not matter, but for two of
// the same level, where the later one counts. It returns false for no
// definitions.
func Effective(defs ...Definition) (Definition, bool) {
	var byLevel [AccessDevice + 1]*Definition
	for i, d := range defs {
		if d.Level >= SystemDefaultSet && d.Level <= AccessDevice {
			byLevel[d.Level] = &defs[i]
		}
	}
	var win *Definition
	for _, d := range byLevel {
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
