package wxt

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// MaxSubscriberSize is the size in bytes that a subscriber file may have.
const MaxSubscriberSize = 1 << 20

// A Subscriber is what Device Management knows of a user's access device, as far
// as tags go. Its zero value knows nothing.
type Subscriber struct {
	ID string // names the subscriber's file in a rendering of many; may be empty
	// Tags are values by tag, without percent signs. Those of system tags are
	// what the Application Server fills in; those of custom tags are overrides
	// at the device's own level.
	Tags map[string]string
	// Definitions are custom tags' values at other places: the group's, say.
	Definitions []Definition

	project *Project // the places in the file, if it comes from one
}

// A Definition is the value that a place gives a custom tag.
type Definition struct {
	Tag string // without percent signs
	tags.Definition
}

// placeTables are the tables of a subscriber file that define custom tags at
// another place than the device.
var placeTables = map[string]tags.Place{
	"system_default":   tags.SystemDefaultSet,
	"service_provider": tags.ServiceProvider,
	"group":            tags.Group,
}

// LoadSubscriber reads a subscriber file, as [ParseSubscriber] does.
func LoadSubscriber(path string) (*Subscriber, error) {
	data, err := readFile(path, MaxSubscriberSize)
	if err != nil {
		return nil, err
	}
	return ParseSubscriber(path, data)
}

// ParseSubscriber reads a subscriber file, which is TOML. A key is a tag's name,
// with or without percent signs, and its value a boolean, a whole number or a
// string; the key id is the subscriber's. The tables system_default,
// service_provider and group hold custom tags in the same way, at these places,
// where a value may also be a table: { value = "x", overridable = false }.
//
// An error that is about the file's text is a [schema.Findings]. Whether there
// are such tags is for [Simulation.Preview] to say.
func ParseSubscriber(file string, data []byte) (*Subscriber, error) {
	p := &Project{file: file}
	tree, fs := p.read(data, given(nil))
	if fs != nil {
		return nil, fs
	}
	s := &Subscriber{Tags: make(map[string]string), project: p}
	d := decoder{p: p}
	root := table{tree, nil}
	for name, v := range tree {
		place, isPlace := placeTables[name]
		switch sub, isTable := v.(map[string]any); {
		case name == "id":
			id, ok := scalar(v)
			if !ok {
				d.add(schema.CodeSubscriber, p.at(name), "", "id is %s: expected a string", describe(v))
			}
			s.ID = id
			delete(tree, name)
		case isPlace && isTable:
			s.Definitions = append(s.Definitions, d.definitions(table{sub, []any{name}}, place)...)
			delete(tree, name)
		case isTable:
			d.add(schema.CodeSubscriberKey, p.atKey(name), "expected system_default, service_provider or group", "unknown table %s", name)
			delete(tree, name)
		}
	}
	d.scalars(root)
	s.Tags = d.values(root, true)
	sort.Slice(s.Definitions, func(i, j int) bool {
		a, b := s.Definitions[i], s.Definitions[j]
		return a.Place < b.Place || a.Place == b.Place && a.Tag < b.Tag
	})
	if d.findings.Err() != nil {
		return nil, d.findings.Sort()
	}
	return s, nil
}

// scalars tells of values that can be no tag's.
func (d *decoder) scalars(t table) {
	for name, v := range t.tree {
		if _, ok := scalar(v); !ok {
			d.add(schema.CodeSubscriber, d.p.at(t.at(name)...), scalarRemedy(v),
				"%s is %s: expected a boolean, a whole number or a string", dotted(t.at(name)), describe(v))
		}
	}
}

// definitions reads the table of a place.
func (d *decoder) definitions(t table, place tags.Place) []Definition {
	locked := make(map[string]bool)
	values := table{make(map[string]any), t.path}
	for name, v := range t.tree {
		sub, ok := v.(map[string]any)
		if !ok {
			values.tree[name] = v
			continue
		}
		for key, v := range sub {
			path := append(t.at(name), key)
			switch overridable, isBool := v.(bool); {
			case key == "value":
				values.tree[name] = v
			case key == "overridable" && isBool:
				locked[tags.Bare(name)] = !overridable
			case key == "overridable":
				d.add(schema.CodeSubscriber, d.p.at(path...), "", "%s is %s: expected true or false", dotted(path), describe(v))
			default:
				d.add(schema.CodeSubscriberKey, d.p.atKey(path...), "expected value or overridable", "unknown key %s", dotted(path))
			}
		}
		if _, ok := sub["value"]; !ok {
			d.add(schema.CodeSubscriber, d.p.atKey(t.at(name)...), "", "%s has no value", dotted(t.at(name)))
		}
	}
	d.scalars(values)
	var defs []Definition
	for name, v := range d.values(values, true) {
		if tags.IsSystem(name) {
			d.add(schema.CodeSubscriberKey, d.p.atKey(t.at(name)...), "put it at the top of the file", "%s is a system tag: no place defines it", name)
		}
		defs = append(defs, Definition{name, tags.Definition{Place: place, Value: v, NotOverridable: locked[name]}})
	}
	return defs
}

// noFile stands for the file of a subscriber that comes from none.
const noFile = "(subscriber)"

// at returns where a tag's key stands.
func (s *Subscriber) at(path ...any) schema.Position {
	if s.project == nil {
		return schema.Position{File: noFile}
	}
	return s.project.atKey(path...)
}

//go:embed subscriber.toml
var exampleTOML []byte

// examples are made-up values of system tags, without their line numbers.
var examples = sync.OnceValue(func() map[string]string {
	var file struct {
		Values map[string]string `toml:"values"`
	}
	if err := toml.Unmarshal(exampleTOML, &file); err != nil {
		panic("wxt: the embedded example subscriber is broken: " + err.Error())
	}
	return file.Values
})

// exampleValue returns a made-up value of a system tag, which is plainly an
// example.
func exampleValue(name string) string {
	base, line := tags.SplitLine(name)
	v, ok := examples()[base]
	if !ok {
		v = "example-" + strings.ToLower(strings.TrimPrefix(base, "BW"))
		if line > 1 {
			v += "-{line}"
		}
	}
	line = max(line, 1)
	return strings.NewReplacer("{line}", strconv.Itoa(line), "{line2}", fmt.Sprintf("%02d", line)).Replace(v)
}

// with returns a subscriber that has the tags of s, and those of base that it
// lacks.
func (s *Subscriber) with(base *Subscriber) *Subscriber {
	if base == nil {
		return s
	}
	both := &Subscriber{ID: s.ID, Tags: maps.Clone(base.Tags), Definitions: slices.Concat(base.Definitions, s.Definitions)}
	if both.Tags == nil {
		both.Tags = make(map[string]string)
	}
	maps.Copy(both.Tags, s.Tags)
	return both
}
