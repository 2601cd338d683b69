// Package projectdoc makes what people read and editors use of the table of the
// project file's keys: the starter file, and the JSON Schema.
package projectdoc

import (
	"fmt"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/tags"
)

// A Kind is what a key of the project file takes.
type Kind uint8

// The kinds.
const (
	String Kind = iota
	Int
	Bool
	Scalar  // a boolean, a whole number or a string
	Strings // a list of strings
	Table
	Tables // an array of tables
	Levels // a table of rules' codes and severities
	Paths  // a path, or a list of paths
	Values // a table of tags or OCI elements, whose values are booleans, numbers or strings
	Named  // a table of those, by name
)

var kindNames = [...]string{
	String:  "a string",
	Int:     "a whole number",
	Bool:    "true or false",
	Scalar:  "a boolean, a whole number or a string",
	Strings: "a list of strings",
	Table:   "a table",
	Tables:  "an array of tables",
	Levels:  "a table of codes and severities",
	Paths:   "a path or a list of paths",
	Values:  "a table of names and values",
	Named:   "a table of tables",
}

// String says what it is, such as "a whole number".
func (k Kind) String() string { return kindNames[k] }

// A Key is one key of the project file, with what there is to say about it. What it is
// at when it is left out is for [Document].Default to know.
type Key struct {
	Name string
	Kind Kind
	Keys []Key // of a table, or of each table of an array

	Text     string          // what it is for, in a sentence or two
	Unit     string          // of a number
	Values   func() []string // the values that a string has, or those that are known
	Pattern  string          // a regular expression for a string, of which Values are examples then
	Min, Max int             // of a number; the number of characters of a string; a Max of 0 is no limit
	Unset    bool            // an element of the table may be { unset = true }, which takes an inherited one back
	Required bool            // the table can't do without it
	Example  any             // a value that is right, where there is no default
	Rule     object          // what else the JSON Schema says about it
}

// A Document is what is known of the project file.
type Document struct {
	Keys []Key
	// Default returns what the key at a path is at when it is left out, and false
	// if it has no default.
	Default   func(path ...string) (any, bool)
	Platforms map[tags.Platform]Platform
	OwnKeys   map[string]string // the key of the project file by the element of the device type request that it sets
}

// A Platform is what a starter file has for one platform.
type Platform struct {
	Base      string          // the vendor's archive, as the file names it; empty: the built-in template
	Tags      []tags.Tag      // that the platform knows
	Used      map[string]bool // those of its templates
	Templates []*render.Template
	Elements  []Element // of the device type request, in its order
}

// An Element is an element of a device type request, and its value.
type Element struct {
	Name, Value string
	Type        oci.ValueType
}

// Allowed says which values a key takes, in words.
func (k Key) Allowed() string {
	switch {
	case k.Kind == Bool:
		return "true or false."
	case k.Kind == Int && k.Max > 0:
		return fmt.Sprintf("%d to %d%s.", k.Min, k.Max, unitText(k.Unit))
	case k.Kind == Int:
		return fmt.Sprintf("%d or more%s.", k.Min, unitText(k.Unit))
	case k.Values != nil && k.Pattern != "":
		return "Known: " + strings.Join(k.Values(), ", ") + "."
	case k.Values != nil:
		return "One of " + strings.Join(k.Values(), ", ") + "."
	case k.Kind == String && k.Max > 0:
		return fmt.Sprintf("%d to %d characters.", k.Min, k.Max)
	}
	return ""
}

func unitText(unit string) string {
	if unit == "" {
		return ""
	}
	return " " + unit
}
