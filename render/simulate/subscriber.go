package simulate

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/levels"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/schema"
)

// The limits of a subscriber file.
const (
	maxFileSize = 1 << 20 // bytes
	maxKeys     = 10_000
	maxNesting  = 32
)

// A Subscriber is what Device Management knows of a user's access device, as far
// as tags go. Its zero value knows nothing.
type Subscriber struct {
	ID string // names the subscriber's file in a rendering of many; may be empty
	// Tags are values by tag. Those of system tags are what the Application
	// Server fills in; those of custom tags are overrides at the device's own
	// level. A subscriber of a file of many has the values of the file as well,
	// and those here beat them: see [Subscriber.Value].
	Tags map[string]string
	// Group, ServiceProvider and SystemDefault are custom tags' values at levels
	// that are weaker than the device's own. Those of the device type's tag set,
	// which stands between the last two, are the simulation's.
	Group, ServiceProvider, SystemDefault map[string]string

	locked map[levels.Level]map[string]bool // tags that no stronger level may override
	more   map[string][]levels.Definition   // of two subscribers in one
	row    row                              // of a file of many
	file   string                           // that it comes from, if it comes from one
	keys   map[string]schema.Position       // where the keys of Tags stand in it
}

// levelTables are the tables of a subscriber file that define custom tags at
// another level than the device's.
var levelTables = map[string]levels.Level{
	"system_default":   levels.SystemDefaultSet,
	"service_provider": levels.ServiceProvider,
	"group":            levels.Group,
}

// ParseSubscriber reads a subscriber file, which is TOML. A key is a tag's name,
// with or without percent signs, and its value a boolean, a whole number or a
// string; the key id is the subscriber's. The tables system_default,
// service_provider and group hold custom tags in the same way, at these levels,
// where a value may also be a table: { value = "x", overridable = false }.
//
// An error that is about the file's text is a [schema.Findings]. Whether there
// are such tags is for [Simulation.Preview] to say.
func ParseSubscriber(file string, data []byte) (*Subscriber, error) {
	d := subscriberDecoder{sub: &Subscriber{file: file, keys: make(map[string]schema.Position)}}
	tree := d.read(data)
	own := make(map[string]any)
	for name, v := range tree {
		level, isLevel := levelTables[name]
		switch sub, isTable := v.(map[string]any); {
		case name == "id":
			id, ok := tomlfile.Scalar(v)
			if !ok {
				d.add(codes.Subscriber, d.value(name), "", "id is %s: expected a string", tomlfile.Describe(v))
			}
			d.sub.ID = id
		case isLevel && isTable:
			d.definitions(name, sub, level)
		case isTable:
			d.add(codes.SubscriberKey, d.key(name), "expected system_default, service_provider or group", "unknown table %s", name)
		default:
			own[name] = v
		}
	}
	d.sub.Tags = d.values(own)
	if d.findings.Err() != nil {
		return nil, d.findings.Sorted()
	}
	return d.sub, nil
}

// A subscriberDecoder gathers what is wrong while a subscriber file is read.
type subscriberDecoder struct {
	sub      *Subscriber
	places   map[string]tomlfile.Place
	lines    *text.Lines
	findings schema.Findings
}

func (d *subscriberDecoder) add(code string, pos schema.Position, remedy, format string, args ...any) {
	d.findings = append(d.findings, schema.NewFinding(code, pos, remedy, format, args...))
}

// read decodes the text of the file, and returns nil if that can't be done.
func (d *subscriberDecoder) read(data []byte) map[string]any {
	doc, wrong := tomlfile.Decode(data, tomlfile.Limits{Size: maxFileSize, Nesting: maxNesting, Keys: maxKeys})
	if wrong != nil {
		pos := schema.Position{File: d.sub.file, Line: wrong.Line, Column: wrong.Column}
		d.add(codes.Syntax, pos, wrong.Remedy, "%s", wrong.Message)
		return nil
	}
	d.lines, d.places = doc.Lines, doc.Places
	return doc.Tree
}

func (d *subscriberDecoder) position(offset int) schema.Position {
	line, column := d.lines.Position(offset)
	return schema.Position{File: d.sub.file, Line: line, Column: column}
}

// key and value return where the key and the value at a path stand.
func (d *subscriberDecoder) key(path ...any) schema.Position {
	return d.position(d.places[tomlfile.Path(path...)].Key)
}

func (d *subscriberDecoder) value(path ...any) schema.Position {
	return d.position(d.places[tomlfile.Path(path...)].Value)
}

// values returns the values of a table, by tag, and notes where their keys stand.
func (d *subscriberDecoder) values(table map[string]any, path ...any) map[string]string {
	values := make(map[string]string, len(table))
	for name, v := range table {
		at := append(path[:len(path):len(path)], name)
		text, ok := tomlfile.Scalar(v)
		if !ok {
			d.add(codes.Subscriber, d.value(at...), tomlfile.ScalarRemedy(v), "%s is %s: expected a boolean, a whole number or a string", tomlfile.Dotted(at), tomlfile.Describe(v))
			continue
		}
		bare := tagname.Bare(name)
		if _, twice := table[bare]; twice && bare != name {
			d.add(codes.Key, d.key(at...), "keep one of the two", "%s is set twice: with and without percent signs", bare)
			continue
		}
		values[bare] = text
		if len(path) == 0 {
			d.sub.keys[bare] = d.key(at...)
		}
	}
	return values
}

// definitions reads the table of a level.
func (d *subscriberDecoder) definitions(table string, tree map[string]any, level levels.Level) {
	locked := make(map[string]bool)
	values := make(map[string]any)
	keys := make(map[string]schema.Position)
	for name, v := range tree {
		keys[tagname.Bare(name)] = d.key(table, name)
		sub, ok := v.(map[string]any)
		if !ok {
			values[name] = v
			continue
		}
		for key, v := range sub {
			path := []any{table, name, key}
			switch overridable, isBool := v.(bool); {
			case key == "value":
				values[name] = v
			case key == "overridable" && isBool:
				locked[tagname.Bare(name)] = !overridable
			case key == "overridable":
				d.add(codes.Subscriber, d.value(path...), "", "%s is %s: expected true or false", tomlfile.Dotted(path), tomlfile.Describe(v))
			default:
				d.add(codes.SubscriberKey, d.key(path...), "expected value or overridable", "unknown key %s", tomlfile.Dotted(path))
			}
		}
		if _, ok := sub["value"]; !ok {
			d.add(codes.Subscriber, d.key(table, name), "", "%s has no value", tomlfile.Dotted([]any{table, name}))
		}
	}
	for name, v := range d.values(values, table) {
		if tagname.IsSystem(name) {
			d.add(codes.SubscriberKey, keys[name], "put it at the top of the file", "%s is a system tag: no place defines it", name)
		}
		d.sub.set(level, name, v, locked[name])
	}
}

// set gives a custom tag a value at a level.
func (s *Subscriber) set(level levels.Level, name, value string, locked bool) {
	at := map[levels.Level]*map[string]string{
		levels.Group: &s.Group, levels.ServiceProvider: &s.ServiceProvider, levels.SystemDefaultSet: &s.SystemDefault,
	}[level]
	if *at == nil {
		*at = make(map[string]string)
	}
	(*at)[name] = value
	if locked {
		if s.locked == nil {
			s.locked = make(map[levels.Level]map[string]bool)
		}
		if s.locked[level] == nil {
			s.locked[level] = make(map[string]bool)
		}
		s.locked[level][name] = true
	}
}

// hasLevels reports whether there are values at other levels than the device's.
func (s *Subscriber) hasLevels() bool {
	return len(s.SystemDefault)+len(s.ServiceProvider)+len(s.Group)+len(s.more) > 0
}

// definitions returns the values at other levels than the device's, by the names
// that canonical returns.
func (s *Subscriber) definitions(canonical func(name string) string) map[string][]levels.Definition {
	all := make(map[string][]levels.Definition)
	for name, defs := range s.more {
		all[name] = defs
	}
	for _, l := range []struct {
		level  levels.Level
		values map[string]string
	}{{levels.SystemDefaultSet, s.SystemDefault}, {levels.ServiceProvider, s.ServiceProvider}, {levels.Group, s.Group}} {
		for _, name := range slices.Sorted(maps.Keys(l.values)) {
			to := canonical(name)
			all[to] = append(all[to], levels.Definition{Level: l.level, Value: l.values[name], NotOverridable: s.locked[l.level][name]})
		}
	}
	return all
}

// noFile stands for the file of a subscriber that comes from none.
const noFile = "(subscriber)"

// Value returns the value of a tag, as the subscriber's file writes it, or as Tags
// has it.
func (s *Subscriber) Value(tag string) (string, bool) {
	tag = tagname.Bare(tag)
	for name, value := range s.Tags {
		if strings.EqualFold(tagname.Bare(name), tag) {
			return value, true
		}
	}
	for name, value := range s.row.all() {
		if strings.EqualFold(name, tag) {
			return value, true
		}
	}
	return "", false
}

// all yields the tags of a row and their values.
func (r *row) all() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for i, f := range r.fields {
			name := r.table.columns.names[i]
			if name == "" || f.Empty() && !f.Quoted && !tagname.IsSystem(strings.ToUpper(name)) {
				continue
			}
			if !yield(name, f.Value(r.text)) {
				return
			}
		}
		for _, p := range r.pairs {
			if !yield(p.Name, p.Value) {
				return
			}
		}
	}
}

// places yields the tags of a row and where their values stand.
func (r *row) places() iter.Seq2[string, schema.Position] {
	return func(yield func(string, schema.Position) bool) {
		for i, f := range r.fields {
			if !yield(r.table.columns.names[i], r.at(int(f.At))) {
				return
			}
		}
		for _, p := range r.pairs {
			if !yield(p.Name, r.at(p.At)) {
				return
			}
		}
	}
}

// at returns where a tag's key stands.
func (s *Subscriber) at(tag string) schema.Position {
	for name, pos := range s.row.places() {
		if name == tag {
			return pos
		}
	}
	if pos, ok := s.keys[tag]; ok {
		return pos
	}
	if s.file != "" {
		return schema.Position{File: s.file, Line: 1, Column: 1}
	}
	return schema.Position{File: noFile}
}

// merge returns a subscriber who has the tags of sub, and those of common that it
// lacks.
func (s *Simulation) merge(sub, common *Subscriber) *Subscriber {
	both := &Subscriber{ID: sub.ID, Tags: s.values(common), more: common.definitions(s.tagOf)}
	maps.Copy(both.Tags, s.values(sub))
	for name, defs := range sub.definitions(s.tagOf) {
		both.more[name] = slices.Concat(both.more[name], defs)
	}
	return both
}
