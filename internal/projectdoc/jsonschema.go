package projectdoc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// An object is an object of JSON.
type object = map[string]any

// JSONSchema returns the JSON Schema (2020-12) of the project file, with what each
// key and each tag means, the values that it takes and its default. It refuses
// nothing that a check of a project takes.
func (d Document) JSONSchema() []byte {
	g := schemaWriter{d}
	root := g.table(Key{Keys: g.Keys})
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://www.schemastore.org/dtafgen.json"
	root["title"] = "Project file of dtafgen"
	root["description"] = "The configuration of the Webex app for Cisco BroadWorks, which dtafgen compiles."
	root["$defs"] = g.definitions()
	root["allOf"] = []any{g.knownTags()}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(root); err != nil {
		panic("projectdoc: the JSON Schema can't be written: " + err.Error())
	}
	return b.Bytes()
}

// OneChange is what the schema says of an edit: it says one thing.
var OneChange = object{"oneOf": []any{
	edits([]any{"attr", "value"}, "text", "insert", "remove", "place"),
	edits([]any{"attr", "remove"}, "value", "text", "insert", "place"),
	edits([]any{"text"}, "attr", "value", "insert", "remove", "place"),
	edits([]any{"insert"}, "attr", "value", "text", "remove"),
	edits([]any{"remove"}, "attr", "value", "text", "insert", "place"),
}}

// edits describes an edit that has some keys and lacks others.
func edits(has []any, lacks ...string) object {
	properties := object{}
	for _, name := range lacks {
		properties[name] = false
		if name == "remove" {
			properties[name] = object{"const": false}
		}
	}
	if slices.Contains(has, any("remove")) {
		properties["remove"] = object{"const": true}
	}
	return object{"required": has, "properties": properties}
}

// A schemaWriter makes the JSON Schema.
type schemaWriter struct{ Document }

// table returns the schema of a table with the keys of k.
func (g schemaWriter) table(k Key, path ...string) object {
	properties := object{}
	var required []any
	for _, sub := range k.Keys {
		properties[sub.Name] = g.key(sub, append(slices.Clone(path), sub.Name)...)
		if sub.Required {
			required = append(required, sub.Name)
		}
	}
	s := object{"type": "object", "properties": properties, "additionalProperties": false}
	if required != nil {
		s["required"] = required
	}
	for name, value := range k.Rule {
		s[name] = value
	}
	return s
}

// key returns the schema of a key.
func (g schemaWriter) key(k Key, path ...string) object {
	var s object
	switch k.Kind {
	case String:
		s = k.stringSchema()
		if k.Min > 0 {
			s["minLength"] = k.Min
		}
		if k.Max > 0 {
			s["maxLength"] = k.Max
		}
	case Int:
		s = object{"type": "integer", "minimum": k.Min, "maximum": math.MaxInt32}
		if k.Max > 0 {
			s["maximum"] = k.Max
		}
	case Bool:
		s = object{"type": "boolean"}
	case Scalar:
		s = scalarSchema()
	case Strings:
		s = object{"type": "array", "items": k.stringSchema()}
		if k.Min > 0 {
			s["minItems"] = k.Min
		}
		if k.Pattern != "" {
			s["uniqueItems"] = true
		}
	case Table:
		s = g.table(k, path...)
	case Tables:
		s = object{"type": "array", "items": g.table(k, append(slices.Clone(path), "*")...)}
	case Paths:
		one := object{"type": "string", "minLength": 1}
		s = object{"anyOf": []any{one, object{"type": "array", "items": one}}}
	case Values:
		s = g.values(k, path)
	case Named:
		s = object{"type": "object", "additionalProperties": object{"type": "object", "additionalProperties": scalarSchema()}}
	case Levels:
		properties, fixed := object{}, []string{}
		for _, r := range schema.Rules() {
			if r.Fixed {
				fixed = append(fixed, r.Code)
			} else {
				properties[r.Code] = object{"enum": k.Values(), "default": r.Severity, "description": r.Name + ": " + r.Protects}
			}
		}
		// Other codes are those of rules that somebody else adds.
		s = object{
			"type": "object", "properties": properties, "additionalProperties": object{"enum": k.Values()},
			"propertyNames": object{"not": object{"enum": fixed}},
		}
	}
	text := k.Text
	if k.Unit != "" {
		text += " In " + k.Unit + "."
	}
	s["description"] = text
	if value, ok := g.Default(path...); ok && k.Keys == nil && k.Kind != Values {
		s["default"] = value
	} else if k.Example != nil {
		s["examples"] = []any{k.Example}
	}
	return s
}

// stringSchema returns the schema of a string of the key.
func (k Key) stringSchema() object {
	switch {
	case k.Values != nil && k.Pattern != "":
		return object{"type": "string", "anyOf": []any{object{"enum": k.Values()}, object{"pattern": k.Pattern}}}
	case k.Values != nil:
		return object{"type": "string", "enum": k.Values()}
	case k.Pattern != "":
		return object{"type": "string", "pattern": k.Pattern}
	}
	return object{"type": "string"}
}

func scalarSchema() object {
	return object{"type": []any{"string", "integer", "boolean"}}
}

// values returns the schema of a table of tags, of elements, or of codecs.
func (g schemaWriter) values(k Key, path []string) object {
	if path[len(path)-1] == "device" {
		return object{"type": "object", "properties": g.deviceProperties(), "additionalProperties": false}
	}
	if path[0] == "codecs" {
		return object{"type": "object", "propertyNames": object{"pattern": k.Pattern}, "additionalProperties": scalarSchema()}
	}
	properties, patterns := object{}, object{}
	for t := range tags.Default().All() {
		if t.System {
			continue
		}
		if platform, err := tags.ParsePlatform(path[0]); err == nil && !t.Platforms.Has(platform) {
			continue // unless a base or a declaration has it there
		}
		properties[t.Name] = object{"$ref": "#/$defs/" + t.Name}
		patterns["^%"+regexp.QuoteMeta(t.Name)+"%$"] = object{"$ref": "#/$defs/" + t.Name}
	}
	return object{
		"type": "object", "properties": properties, "patternProperties": patterns,
		"propertyNames":        object{"maxLength": tagname.MaxLength, "not": object{"pattern": "^%?BW"}},
		"additionalProperties": object{"anyOf": []any{scalarSchema(), unset()}},
	}
}

// unset returns the schema of what takes an inherited value back.
func unset() object { return object{"$ref": "#/$defs/unset"} }

// knownTags refuses tags that the catalogue does not know, where the project has
// nothing that could bring in others: a declaration, a base or an edit.
func (g schemaWriter) knownTags() object {
	others := []any{object{"required": []any{"declare"}}}
	then := object{"tags": object{"propertyNames": object{"$ref": "#/$defs/names"}}}
	for _, p := range tags.Platforms() {
		then[p.String()] = object{"properties": object{"tags": object{"propertyNames": object{"$ref": "#/$defs/names-" + p.String()}}}}
		for _, k := range []string{"base", "edit"} {
			others = append(others, object{
				"required":   []any{p.String()},
				"properties": object{p.String(): object{"type": "object", "required": []any{k}}},
			})
		}
	}
	return object{"if": object{"not": object{"anyOf": others}}, "then": object{"properties": then}}
}

// definitions returns the schema of each tag, and of the tags' names.
func (g schemaWriter) definitions() object {
	defs := object{"unset": object{
		"const": object{"unset": true}, "description": "Takes back the value that a file has that this one extends.",
	}}
	names := make(map[string][]any)
	for t := range tags.Default().All() {
		if t.System {
			continue
		}
		defs[t.Name] = tagSchema(t)
		names["names"] = append(names["names"], t.Name, "%"+t.Name+"%")
		for p := range t.Platforms.All() {
			names["names-"+p.String()] = append(names["names-"+p.String()], t.Name, "%"+t.Name+"%")
		}
	}
	for name, list := range names {
		defs[name] = object{"enum": list}
	}
	return defs
}

// tagSchema returns the schema of a tag's value. Whatever its type, a value may
// hold a placeholder, which stands for any text.
func tagSchema(t tags.Tag) object {
	placeholder := object{"type": "string", "pattern": "%[A-Za-z0-9_.-]+%", "maxLength": tagname.MaxValueLength}
	text := func(pattern string) object {
		return object{"type": "string", "pattern": pattern, "maxLength": tagname.MaxValueLength}
	}
	number := func(least, most int) []any {
		n := object{"type": "integer", "minimum": least, "maximum": math.MaxInt32}
		if most > 0 {
			n["maximum"] = most
		}
		return []any{n, text("^(0|[1-9][0-9]*)$"), placeholder}
	}
	var forms []any
	switch t.Type {
	case tags.Bool:
		forms = []any{object{"type": "boolean"}, object{"enum": []any{"true", "false"}}, placeholder}
	case tags.Port:
		most := t.Max
		if most == 0 {
			most = 65535
		}
		forms = number(max(t.Min, 1), most)
	case tags.Seconds, tags.Milliseconds, tags.Bytes:
		forms = number(t.Min, t.Max)
	case tags.Enum:
		values := []any{}
		for _, v := range t.Values {
			values = append(values, v)
			if v == "true" || v == "false" {
				values = append(values, v == "true")
			}
			if isNumber(v) {
				values = append(values, json.Number(v))
			}
		}
		forms = []any{object{"enum": values}}
	case tags.URL:
		forms = []any{text("^([Hh][Tt][Tt][Pp][Ss]://|$)"), placeholder}
	case tags.URLPath:
		forms = []any{text("^(/|$)"), placeholder}
	case tags.Host, tags.Domain:
		forms = []any{text(`^[^\s/]*$`), object{"type": "integer"}, object{"type": "boolean"}, placeholder}
	case tags.DialStrings:
		forms = []any{text(`^([0-9+*#]+(,[0-9+*#]+)*)?$`), object{"type": "integer"}, placeholder}
	default:
		forms = []any{object{"type": "string", "maxLength": tagname.MaxValueLength}, object{"type": []any{"integer", "boolean"}}}
	}
	if t.Type == tags.Enum && t.Known.Values.Mark != tags.Documented {
		forms = append(forms, scalarSchema()) // another value is a warning, and a declaration may correct it
	}
	words := []string{t.Text, "Values: " + t.DescribeValues() + ".", "Feature: " + t.Feature + ".", "Platforms: " + t.Platforms.String() + "."}
	if t.Note != "" {
		words = append(words, "Note: "+t.Note+".")
	}
	s := object{"description": strings.Join(words, " "), "anyOf": append(forms, unset())}
	if len(t.Defaults) == 0 {
		s["default"] = jsonTag(t, t.Default)
	}
	return s
}

// jsonTag returns a tag's value as TOML has it at its best: a boolean or a number
// where it is one.
func jsonTag(t tags.Tag, value string) any {
	switch bare := tomlTag(t, value); {
	case bare == "true" || bare == "false":
		return bare == "true"
	case isNumber(bare):
		return json.Number(bare)
	}
	return value
}

// deviceProperties returns the elements of the request that adds a device type, in
// all of its versions.
func (g schemaWriter) deviceProperties() object {
	properties := object{}
	request := manifest.DeviceTypeRequest(dtaf.NewManifest(tags.Desktop, 0))
	t, ok := oci.Lookup(request.Type)
	if !ok {
		return properties
	}
	leaves := make(map[string][]oci.Leaf)
	for _, version := range t.Versions {
		for _, leaf := range version.Leaves {
			leaves[leaf.Name] = append(leaves[leaf.Name], leaf)
		}
	}
	for name, versions := range leaves {
		if _, own := g.OwnKeys[name]; !own {
			properties[name] = elementSchema(versions)
		}
	}
	return properties
}

// elementSchema returns the schema of an element that takes what one of its
// versions does.
func elementSchema(versions []oci.Leaf) object {
	newest := versions[len(versions)-1].Type
	text := "Element of the request that adds the device type (" + newest.Name + ")."
	if allowed := describeElement(newest); allowed != "" {
		text = fmt.Sprintf("Element of the request that adds the device type (%s): %s.", newest.Name, allowed)
	}
	var values []any
	add := func(list ...any) {
		for _, v := range list {
			if !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
	}
	for _, leaf := range versions {
		if leaf.Nillable {
			add("")
		}
		switch {
		case leaf.Type.Base == "xs:boolean":
			add(true, false, "true", "false", "1", "0", 1, 0)
		case len(leaf.Type.Enumeration) > 0:
			for _, v := range leaf.Type.Enumeration {
				add(v)
				if isNumber(v) {
					add(json.Number(v))
				}
			}
		default:
			return object{"description": text, "anyOf": []any{scalarSchema(), unset()}}
		}
	}
	return object{"description": text, "anyOf": []any{object{"enum": values}, unset()}}
}
