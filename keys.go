package wxt

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dtafgen/wxt/internal/nearest"
	"github.com/dtafgen/wxt/schema"
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

// A key is one key of the project file.
type key struct {
	name string
	kind keyKind
	keys []key // of a table
}

// accessKeys are the keys of [access] and of a platform's.
var accessKeys = []key{
	{name: "host", kind: kindString},
	{name: "port", kind: kindInt},
	{name: "protocol", kind: kindString},
	{name: "uri", kind: kindString},
}

// platformKeys are the keys of [desktop], [mobile] and [tablet].
var platformKeys = []key{
	{name: "enabled", kind: kindBool},
	{name: "base", kind: kindString},
	{name: "device_type", kind: kindString},
	{name: "tag_set", kind: kindString},
	{name: "encoding", kind: kindString},
	{name: "tags", kind: kindValues},
	{name: "access", kind: kindTable, keys: accessKeys},
	{name: "device", kind: kindValues},
	{name: "edit", kind: kindTables, keys: []key{
		{name: "path", kind: kindString},
		{name: "attr", kind: kindString},
		{name: "value", kind: kindScalar},
		{name: "text", kind: kindScalar},
		{name: "remove", kind: kindBool},
		{name: "insert", kind: kindString},
		{name: "all", kind: kindBool},
	}},
}

// projectKeys are the keys of the project file.
var projectKeys = []key{
	{name: "broadworks", kind: kindString},
	{name: "package", kind: kindTable, keys: []key{
		{name: "version", kind: kindString},
		{name: "date", kind: kindString},
	}},
	{name: "access", kind: kindTable, keys: accessKeys},
	{name: "tags", kind: kindValues},
	{name: "declare", kind: kindTables, keys: []key{
		{name: "tag", kind: kindString},
		{name: "type", kind: kindString},
		{name: "default", kind: kindScalar},
		{name: "platforms", kind: kindStrings},
		{name: "values", kind: kindStrings},
		{name: "min", kind: kindInt},
		{name: "max", kind: kindInt},
		{name: "feature", kind: kindString},
		{name: "text", kind: kindString},
	}},
	{name: "codecs", kind: kindTable, keys: []key{
		{name: "audio", kind: kindStrings},
		{name: "video", kind: kindStrings},
	}},
	{name: "sip", kind: kindTable, keys: []key{
		{name: "register_refresh", kind: kindInt},
		{name: "subscribe_refresh", kind: kindInt},
	}},
	{name: "checks", kind: kindLevels},
	{name: "desktop", kind: kindTable, keys: platformKeys},
	{name: "mobile", kind: kindTable, keys: platformKeys},
	{name: "tablet", kind: kindTable, keys: platformKeys},
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
	if near, ok := nearest.Match(name, slices.Values(names)); ok {
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
