package tags

import (
	"fmt"
	"slices"
)

// A Mark says how well a fact is known. A later mark is a better one, and the zero
// value claims nothing.
type Mark uint8

const (
	// Reconstructed facts are the best understanding of a document that is not
	// at hand.
	Reconstructed Mark = iota
	// Inherited facts were observed in the file of the app's predecessor, whose
	// format config-wxt.xml continues.
	Inherited
	// Observed facts were read off a real archive or a real system.
	Observed
	// Documented facts stand in Cisco's public guides or in the OCI schema. A
	// project may override all but these.
	Documented
)

var markNames = [...]string{Reconstructed: "reconstructed", Inherited: "inherited", Observed: "observed", Documented: "documented"}

// String returns "documented", "observed", "inherited" or "reconstructed".
func (m Mark) String() string {
	if m > Documented {
		return "unknown"
	}
	return markNames[m]
}

// MarshalText implements [encoding.TextMarshaler].
func (m Mark) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (m *Mark) UnmarshalText(text []byte) error {
	for v, name := range markNames {
		if string(text) == name {
			*m = Mark(v)
			return nil
		}
	}
	return fmt.Errorf("unknown mark %q: expected documented, observed, inherited or reconstructed", text)
}

// A Fact says how well one fact is known, and where it comes from.
type Fact struct {
	Mark   Mark   `json:"known"`
	Source string `json:"source,omitempty"` // a guide and its section, a sample, or what it was reconstructed from
}

// Known says of each fact about a tag how well it is known. Where the tag stands
// in config-wxt.xml is not among them: see [github.com/dtafgen/wxt/schema.PathsOf].
type Known struct {
	Name      Fact
	Platforms [Tablet + 1]Fact // by platform: whether it has the tag
	Default   Fact
	Type      Fact
	Values    Fact // the list of values, or the limits
	Text      Fact
}

// A Type names what a tag's value is. Package schema knows what each type
// allows.
type Type string

// The value types of the catalogue.
const (
	Bool         Type = "bool"         // true or false
	Port         Type = "port"         // 1 to 65535
	Enum         Type = "enum"         // one of the tag's Values
	Host         Type = "host"         // a host name, an IPv4 or an IPv6 address
	Domain       Type = "domain"       // a DNS domain name
	URL          Type = "url"          // an https URL
	URLPath      Type = "url-path"     // an absolute URL path
	DialStrings  Type = "dial-strings" // numbers to dial, separated by commas
	Seconds      Type = "seconds"      // a whole number
	Milliseconds Type = "milliseconds" // a whole number
	Bytes        Type = "bytes"        // a whole number
	Text         Type = "text"         // anything that a tag may hold
)

// types returns the value types, in the order above.
func types() []Type {
	return []Type{Bool, Port, Enum, Host, Domain, URL, URLPath, DialStrings, Seconds, Milliseconds, Bytes, Text}
}

// A Tag is what is known of one tag.
type Tag struct {
	Name      string      // without percent signs
	System    bool        // it begins with BW, and the Application Server fills it
	Line      int         // a system tag's line: 2 for BWLINEPORT-2; 0 for a tag without one
	Aliases   []string    // other spellings that name the same tag
	Misprints []string    // spellings of the guides that are mistakes in a template
	Feature   string      // the feature it belongs to, such as "voice-mail"; empty for system tags
	Text      string      // what it does, in one line
	Note      string      // what else there is to know of its facts
	Platforms PlatformSet // the clients whose template has it; none: a system tag of which only the name is known
	Type      Type        // what its value is

	Values        []string // for Enum: the values, "" for an empty one
	Min, Max      int      // for numbers: the smallest and the largest value; a Max of 0 is no limit
	TrailingSlash bool     // for URL: the value has to end in a slash

	Default  string              // the default on every platform that Defaults does not name
	Defaults map[Platform]string // defaults that differ between platforms; nil for most tags

	Places []string // where it stands in config-wxt.xml, if a declaration says so: "config/services/x/@enabled"

	Secret   bool  // a value never to print
	Declared bool  // it came from [Catalogue.Extend]
	Known    Known // how well all this is known
}

// DefaultOn returns the default on p, and whether the tag has one there: a
// custom tag has one on each of its platforms, a system tag has none.
func (t Tag) DefaultOn(p Platform) (string, bool) {
	if t.System || !t.Platforms.Has(p) {
		return "", false
	}
	if v, ok := t.Defaults[p]; ok {
		return v, true
	}
	return t.Default, true
}

// clone returns a copy that shares no slice or map with t.
func (t Tag) clone() Tag {
	t.Aliases = slices.Clone(t.Aliases)
	t.Misprints = slices.Clone(t.Misprints)
	t.Values = slices.Clone(t.Values)
	t.Places = slices.Clone(t.Places)
	if t.Defaults != nil {
		m := make(map[Platform]string, len(t.Defaults))
		for p, v := range t.Defaults {
			m[p] = v
		}
		t.Defaults = m
	}
	return t
}
