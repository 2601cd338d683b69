package wxt

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A keyKind is what a key of the project file takes.
type keyKind uint8

const (
	kindString keyKind = iota
	kindInt
	kindBool
	kindScalar  // a boolean, a whole number or a string
	kindStrings // a list of strings
	kindTable
	kindTables // an array of tables
	kindLevels // a table of rules' codes and severities
	kindValues // a table of tags or OCI elements, whose values are booleans, numbers or strings
)

var kindNames = [...]string{
	kindString:  "a string",
	kindInt:     "a whole number",
	kindBool:    "true or false",
	kindScalar:  "a boolean, a whole number or a string",
	kindStrings: "a list of strings",
	kindTable:   "a table",
	kindTables:  "an array of tables",
	kindLevels:  "a table of codes and severities",
	kindValues:  "a table of names and values",
}

// A key is one key of the project file, with what there is to say of it: the
// starter file, the JSON Schema and the reference are made of this table. What a
// key is at when it is left out stands in default.toml, or depends on the
// platform: see defaults.
type key struct {
	name string
	kind keyKind
	keys []key // of a table, or of each table of an array

	text     string          // what it is for, in a sentence or two
	unit     string          // of a number
	values   func() []string // the values that a string has, or those that are known
	pattern  string          // a regular expression for a string, of which values are examples then
	min, max int             // of a number; the number of characters of a string; a max of 0 is no limit
	required bool            // the table can't do without it
	example  any             // a value that is right, where there is no default
	rule     object          // what else the JSON Schema says of it
}

// accessKeys are the keys of [access] and of a platform's.
var accessKeys = []key{
	{name: "host", kind: kindString, min: 1, pattern: `^[^\s/]+$`, example: "xsp.example.com",
		text: "Host name or address of the XSP|ADP farm that serves Device Management (deviceAccessNetAddress). Left out: it is entered in the profile after the import."},
	{name: "port", kind: kindInt, min: 1, max: 65535, text: "Port of the farm (deviceAccessPort)."},
	{name: "protocol", kind: kindString, values: just("https", "http"), pattern: `^([Hh][Tt][Tt][Pp][Ss]?|FTP|TFTP)$`, text: "Protocol of the farm (deviceAccessProtocol)."},
	{name: "uri", kind: kindString, min: 1, example: "bc/pc/", text: "Path of the device type's files on the farm (deviceAccessURI). Each device type has its own."},
}

// platformKeys are the keys of [desktop], [mobile] and [tablet].
var platformKeys = []key{
	{name: "enabled", kind: kindBool, text: "Whether the platform is built; false leaves it out."},
	{name: "base", kind: kindString, text: "Path of the vendor's archive to compile from, seen from the folder of this file. Left out or empty: the built-in template."},
	{name: "device_type", kind: kindString, min: 1, max: 40, text: "Name of the identity/device profile type."},
	{name: "tag_set", kind: kindString, min: 1, max: tags.MaxSetNameLength, example: "Acme_Tags", text: "Name of the tag set that holds the custom tags' values."},
	{name: "encoding", kind: kindString, min: 1, text: "Character encoding of the files that the Application Server makes (defaultDeviceEncoding), such as UTF-8 or ISO-8859-1."},
	{name: "tags", kind: kindValues, text: "Values of tags, for this platform alone: they beat those of the table tags."},
	{name: "access", kind: kindTable, keys: accessKeys, text: "Where the platform's app gets its files, key by key in place of the table access."},
	{name: "device", kind: kindValues, text: "Elements of the request that adds the device type, by their names in the OCI schema."},
	{name: "edit", kind: kindTables, example: []any{object{"path": "/*", "insert": "<!-- edited for Acme -->"}},
		text: "Changes to the template, in order. A change names an element by its path, and says one thing: attr and value, attr and remove, text, insert, or remove.",
		rule: oneChange,
		keys: []key{
			{name: "path", kind: kindString, required: true, text: "Path of the element, such as config/services/calls/call-pull, in etree's form of XPath."},
			{name: "attr", kind: kindString, text: "The attribute to set, or to remove."},
			{name: "value", kind: kindScalar, text: "The attribute's value; it may be a placeholder, such as %ENABLE_X_WXT%."},
			{name: "text", kind: kindScalar, text: "The element's new text."},
			{name: "remove", kind: kindBool, text: "Removes the element, or the attribute if there is attr."},
			{name: "insert", kind: kindString, text: "XML to put in as the element's last content."},
			{name: "place", kind: kindString, values: insertPlaces, text: "Where insert goes: inside the element, or before or after it; left out: inside."},
			{name: "all", kind: kindBool, text: "Takes every element that the path matches; without it, more than one is an error."},
		}},
}

// projectKeys are the keys of the project file.
var projectKeys = []key{
	{name: "broadworks", kind: kindString, values: releaseNames, text: "Release of the Application Server: the requests are those that it knows. Left out: the oldest ones, which every release imports."},
	{name: "package", kind: kindTable, text: "What the names of the archives say.", keys: []key{
		{name: "version", kind: kindString, pattern: `^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}$`, text: "Version: three numbers with dots between them."},
		{name: "date", kind: kindString, pattern: `^(19[89][0-9]|20[0-9][0-9]|210[0-7])-(0[1-9]|1[0-2])$`, text: "Month, as in 2026-11. It is the time of the files in the archives, too."},
	}},
	{name: "access", kind: kindTable, keys: accessKeys, text: "Where the app gets its files: the XSP|ADP farm that serves Device Management."},
	{name: "tags", kind: kindValues, text: "Values of tags, for every platform that has the tag. A tag's name may have its percent signs or not."},
	{name: "declare", kind: kindTables, text: "Tags that the catalogue lacks, or facts to correct in it where they are reconstructed.",
		example: []any{object{"tag": "ENABLE_SCREEN_SHARE_WXT", "type": "bool", "default": "true", "platforms": []any{"desktop"}}},
		keys: []key{
			{name: "tag", kind: kindString, required: true, min: 1, text: "The tag's name."},
			{name: "type", kind: kindString, required: true, values: typeNames, text: "What its values are."},
			{name: "default", kind: kindScalar, text: "Its value where the project sets none; left out: empty."},
			{name: "platforms", kind: kindStrings, min: 1, values: platformNames, text: "The platforms that have it; left out: all."},
			{name: "values", kind: kindStrings, text: "The values of an enum."},
			{name: "min", kind: kindInt, text: "The smallest value of a number."},
			{name: "max", kind: kindInt, text: "The largest value of a number; 0 is no limit."},
			{name: "feature", kind: kindString, text: "The feature that it belongs to."},
			{name: "text", kind: kindString, text: "What it does, in one line."},
			{name: "secret", kind: kindBool, text: "Whether its value is never to be shown."},
		}},
	{name: "codecs", kind: kindTable, text: "The app's codecs, the preferred one first.", keys: []key{
		{name: "audio", kind: kindStrings, min: 1, values: codecNames("audio"), pattern: codecName.String(), text: "Audio codecs."},
		{name: "video", kind: kindStrings, min: 1, values: codecNames("video"), pattern: codecName.String(), text: "Video codecs."},
		{name: "keep_others", kind: kindBool, text: "Whether the codecs that a base has beside these stay, behind them; left out: the app gets those named and no others."},
	}},
	{name: "sip", kind: kindTable, text: "Intervals of SIP.", keys: []key{
		{name: "register_refresh", kind: kindInt, min: 1, unit: "seconds", text: "Time between registrations."},
		{name: "subscribe_refresh", kind: kindInt, min: 1, unit: "seconds", text: "Time between subscriptions."},
	}},
	{name: "checks", kind: kindLevels, values: severityNames, text: "How severe the findings of a check are, by its code. The checks that guard what is built are not among these."},
	{name: "desktop", kind: kindTable, keys: platformKeys, text: "The desktop app."},
	{name: "mobile", kind: kindTable, keys: platformKeys, text: "The app on phones."},
	{name: "tablet", kind: kindTable, keys: platformKeys, text: "The app on tablets."},
}

// just returns a function that returns a list.
func just(list ...string) func() []string { return func() []string { return list } }

func releaseNames() []string {
	var names []string
	for _, r := range oci.Releases() {
		names = append(names, r.String())
	}
	return names
}

func severityNames() []string {
	var names []string
	for s := schema.Off; s <= schema.Error; s++ {
		names = append(names, s.String())
	}
	return names
}

func platformNames() []string {
	var names []string
	for _, p := range tags.Platforms() {
		names = append(names, p.String())
	}
	return names
}

func typeNames() []string {
	var names []string
	for _, t := range tags.Types() {
		names = append(names, string(t))
	}
	return names
}

// codecNames returns a function that returns the names of the codecs that the app
// has.
func codecNames(media string) func() []string {
	return func() []string {
		var names []string
		for _, c := range schema.Codecs() {
			if c.Media == media {
				names = append(names, c.Name)
			}
		}
		return names
	}
}

// checkKeys compares a table with the keys that it may have.
func (p *Project) checkKeys(table map[string]any, keys []key, path ...any) schema.Findings {
	var fs schema.Findings
	for name, value := range table {
		here := append(slices.Clone(path), name)
		i := slices.IndexFunc(keys, func(k key) bool { return k.name == name })
		if i < 0 {
			fs = append(fs, schema.NewFinding(schema.CodeKey, p.atKey(here...), nearestKey(name, keys), "unknown key %s", dotted(here)))
			continue
		}
		fs = append(fs, p.checkKind(value, keys[i], here)...)
	}
	return fs
}

// nearestKey returns the remedy for an unknown key.
func nearestKey(name string, keys []key) string {
	var names []string
	for _, k := range keys {
		names = append(names, k.name)
	}
	if near, ok := text.Nearest(name, slices.Values(names)); ok {
		return "did you mean " + near + "?"
	}
	return "expected one of " + strings.Join(names, ", ")
}

// dotted returns a path as a person writes it.
func dotted(path []any) string {
	var b strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		case string:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			if step == "" || strings.Trim(step, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
				step = strconv.Quote(step)
			}
			b.WriteString(step)
		}
	}
	return b.String()
}

// checkKind compares a value with what its key takes.
func (p *Project) checkKind(value any, k key, path []any) schema.Findings {
	wrong := schema.Findings{schema.NewFinding(schema.CodeSetting, p.at(path...), "",
		"%s is %s: expected %s", dotted(path), describe(value), kindNames[k.kind])}
	switch k.kind {
	case kindString:
		if _, ok := value.(string); !ok {
			return wrong
		}
	case kindScalar:
		if _, ok := scalar(value); !ok {
			return wrong
		}
	case kindBool:
		if _, ok := value.(bool); !ok {
			return wrong
		}
	case kindInt:
		n, ok := value.(int64)
		if !ok {
			return wrong
		}
		if n < 0 || n > math.MaxInt32 {
			return schema.Findings{schema.NewFinding(schema.CodeSetting, p.at(path...), "", "%s is %d: expected a number from 0 to %d", dotted(path), n, math.MaxInt32)}
		}
	case kindStrings:
		list, ok := value.([]any)
		if !ok {
			return wrong
		}
		var fs schema.Findings
		for i, v := range list {
			fs = append(fs, p.checkKind(v, key{kind: kindString}, append(slices.Clone(path), i))...)
		}
		return fs
	case kindTable:
		table, ok := value.(map[string]any)
		if !ok {
			return wrong
		}
		return p.checkKeys(table, k.keys, path...)
	case kindTables:
		list, ok := tableList(value)
		if !ok {
			return wrong
		}
		var fs schema.Findings
		for i, table := range list {
			fs = append(fs, p.checkKeys(table, k.keys, append(slices.Clone(path), i)...)...)
		}
		return fs
	case kindLevels:
		table, ok := value.(map[string]any)
		if !ok {
			return wrong
		}
		var fs schema.Findings
		for name, v := range table {
			fs = append(fs, p.checkKind(v, key{kind: kindString}, append(slices.Clone(path), name))...)
		}
		return fs
	case kindValues:
		table, ok := value.(map[string]any)
		if !ok {
			return wrong
		}
		var fs schema.Findings
		for name, v := range table {
			if _, ok := scalar(v); !ok {
				here := append(slices.Clone(path), name)
				fs = append(fs, schema.NewFinding(schema.CodeType, p.at(here...), scalarRemedy(v),
					"%s is %s: expected a boolean, a whole number or a string", dotted(here), describe(v)))
			}
		}
		return fs
	}
	return nil
}

// tableList returns an array of tables, which may be written as a list of
// inline tables too.
func tableList(value any) ([]map[string]any, bool) {
	switch v := value.(type) {
	case []map[string]any:
		return v, true
	case []any:
		var list []map[string]any
		for _, e := range v {
			table, ok := e.(map[string]any)
			if !ok {
				return nil, false
			}
			list = append(list, table)
		}
		return list, true
	}
	return nil, false
}

// scalar returns the text that a value gives a tag or an element.
func scalar(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	}
	return "", false
}

func scalarRemedy(value any) string {
	switch value.(type) {
	case float64:
		return "write it as a string if it is meant to have a fraction"
	case []any:
		return "write a list as one string, separated by commas"
	}
	return ""
}

// describe says what kind of value it is.
func describe(value any) string {
	switch v := value.(type) {
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case int64:
		return "a number"
	case float64:
		return "a number with a fraction"
	case time.Time:
		return "a date"
	case []any, []map[string]any:
		return "a list"
	case map[string]any:
		return "a table"
	default:
		return fmt.Sprintf("a %T", v)
	}
}

// insertPlaces are where an edit puts what it inserts.
func insertPlaces() []string { return []string{"inside", "before", "after"} }
