package plan

import (
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf/diff"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/schema"
)

// A Setting is what is decided for a target apart from tags, by its key in the project
// file.
type Setting struct{ Key, Value string }

// Of returns the settings of a target, in the order of the project file.
func Of(t *wxt.Target) []Setting {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	info := ""
	if t.SIP.Info != nil {
		info = strconv.FormatBool(*t.SIP.Info)
	}
	list := []Setting{
		{"base", baseName(t)},
		{"device_type", t.DeviceType},
		{"tag_set", t.TagSet},
		{"encoding", t.Encoding},
		{"access.host", t.Access.Host},
		{"access.port", number(t.Access.Port)},
		{"access.protocol", t.Access.Protocol},
		{"access.uri", t.Access.URI},
		{"package.version", t.Package.Version},
		{"package.date", t.Package.Date.String()},
		{"codecs.audio", strings.Join(t.Codecs.Audio, ", ")},
		{"codecs.video", strings.Join(t.Codecs.Video, ", ")},
		{"sip.transport", t.SIP.Transport},
		{"sip.info", info},
		{"sip.info_period", number(t.SIP.InfoPeriod)},
		{"sip.register_refresh", number(t.SIP.RegisterRefresh)},
		{"sip.subscribe_refresh", number(t.SIP.SubscribeRefresh)},
	}
	for _, attr := range slices.Sorted(maps.Keys(t.Codecs.Attributes)) {
		for _, codec := range slices.Sorted(maps.Keys(t.Codecs.Attributes[attr])) {
			list = append(list, Setting{"codecs." + strings.ReplaceAll(attr, "-", "_") + "." + codec, t.Codecs.Attributes[attr][codec]})
		}
	}
	for _, element := range slices.Sorted(maps.Keys(t.Device)) {
		list = append(list, Setting{"device." + element, t.Device[element]})
	}
	return list
}

// baseName returns the name of the file that a target is compiled from, without
// its folder, and that of its container; it is empty for the built-in template.
func baseName(t *wxt.Target) string {
	if t.Base == nil {
		return ""
	}
	if name := t.Base.Name(); name != "" {
		if container := filepath.Base(filepath.Dir(name)); strings.EqualFold(filepath.Ext(container), ".zip") {
			return container + "/" + filepath.Base(name)
		}
		return filepath.Base(name)
	}
	return "(an archive)"
}

// Where returns where a project sets a setting of a target, if it does.
func Where(p *wxt.Project, t *wxt.Target, key string) schema.Position {
	var steps []any
	for _, step := range strings.Split(key, ".") {
		steps = append(steps, step)
	}
	if pos, ok := p.Where(append([]any{t.Platform.String()}, steps...)...); ok {
		return pos
	}
	pos, _ := p.Where(steps...)
	return pos
}

// Settings returns the settings that two targets give different values.
func Settings(oldProject, newProject *wxt.Project, old, new *wxt.Target) []Value {
	was := make(map[string]string)
	for _, s := range Of(old) {
		was[s.Key] = s.Value
	}
	list := []Value{}
	add := func(key, from, to string) {
		if from == to {
			return
		}
		v := Value{Change: diff.Changed, Name: key, Old: from, New: to, Position: Where(newProject, new, key)}
		switch {
		case from == "":
			v.Change = diff.Added
		case to == "":
			v.Change, v.Position = diff.Removed, Where(oldProject, old, key)
		}
		if secret.Value(key, from) || secret.Value(key, to) {
			v.mask()
		}
		list = append(list, v)
	}
	for _, s := range Of(new) {
		add(s.Key, was[s.Key], s.Value)
		delete(was, s.Key)
	}
	for _, s := range Of(old) {
		if value, gone := was[s.Key]; gone {
			add(s.Key, value, "")
		}
	}
	return list
}

func (v *Value) mask() {
	for _, s := range []*string{&v.Old, &v.New} {
		if *s != "" {
			*s = secret.Masked
		}
	}
}

// Tags returns the tags that two targets give different values: those that the new one
// has in its order, and then those that are gone. Hidden are those whose values are
// secret.
func Tags(old, new *wxt.Target, hidden map[string]bool) []Value {
	set := func(v wxt.Value) schema.Position {
		if v.Origin == wxt.FromDefault {
			return schema.Position{}
		}
		return v.Position
	}
	list := []Value{}
	add := func(v Value) {
		if hidden[v.Name] || secret.Value(v.Name, v.Old) || secret.Value(v.Name, v.New) {
			v.mask()
		}
		list = append(list, v)
	}
	for _, v := range new.Values {
		was, ok := old.Value(v.Tag.Name)
		switch {
		case !ok:
			add(Value{diff.Added, v.Tag.Name, "", v.Value, set(v)})
		case was.Value != v.Value:
			add(Value{diff.Changed, v.Tag.Name, was.Value, v.Value, set(v)})
		}
	}
	for _, v := range old.Values {
		if _, ok := new.Value(v.Tag.Name); !ok {
			add(Value{diff.Removed, v.Tag.Name, v.Value, "", set(v)})
		}
	}
	return list
}

// Secrets are what is not to be shown of some compilations.
type Secrets struct {
	Tags  map[string]bool // those that the catalogue says so of, whose names do, or that stand in a template where a secret does
	Texts map[string]bool // what stands in the filled templates where a secret does
}

// FindSecrets finds what is not to be shown of some compilations.
func FindSecrets(of ...*wxt.Compilation) Secrets {
	s := Secrets{make(map[string]bool), make(map[string]bool)}
	for _, c := range of {
		for _, t := range c.Targets {
			s.find(t)
		}
	}
	return s
}

func (s Secrets) find(t *wxt.Target) {
	for _, v := range t.Values {
		if v.Tag.Secret || secret.Value(v.Tag.Name, v.Value) {
			s.Tags[v.Tag.Name] = true
		}
	}
	for _, tmpl := range t.Templates() {
		trace := Filled(t, tmpl)
		found := secret.Find(trace.Text)
		for _, f := range found {
			s.Texts[trace.Text[f.Start:f.End]] = true
		}
		for _, span := range trace.Spans {
			if !span.Undefined && span.End > span.Start && secret.Overlap(found, span.Start, span.End) {
				for _, name := range span.Tags {
					s.Tags[name] = true
				}
			}
		}
	}
}
