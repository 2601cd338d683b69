// Package report makes a project ready for reading, and writes that as one page of
// HTML that needs nothing from elsewhere.
package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/diff"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/configwxt"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/plan"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A Report is a project made ready for reading: what "dtafgen report" puts on a
// page. Secrets are masked everywhere, and the same project gives the same
// report.
type Report struct {
	Name         string // the project's, or else its file's, or [wxt.EmbeddedName]
	Release      string // such as "R23"; empty: every release
	Platforms    []Platform
	Findings     []Finding            // the errors first, each severity sorted by place
	Ignored      []wxt.Ignore         // findings that the project suppresses, with its reasons
	Requirements *schema.Requirements // with what any deployment needs
	Against      string               // the name of the project that it is compared with; empty: none
	Plan         *plan.Plan           // what the change does; nil if one of the two can't be built
	Changes      []Changes            // since that project, for each platform of either; none if there is no difference
}

// A Platform is one platform of a report.
type Platform struct {
	Platform tags.Platform
	Settings []Value         // what is decided apart from tags: the device type, the access and so on
	Values   []Value         // of every custom tag, in the catalogue's order
	Edits    []Edit          // changes to the template
	File     string          // the name of the template
	Lines    []Line          // the template, with the custom tags' values filled in; [MaxLines] at most
	Omitted  int             // how many more lines the template has
	Changed  map[string]bool // the tags whose values are not their defaults
}

// A Value is the value of a setting or of a tag.
type Value struct {
	Name       string // of the setting as in the project file, or of the tag without percent signs
	Value      string
	HasValue   bool // false for a tag of a vendor's template that nothing gives a value
	Default    string
	HasDefault bool            // false where the default is not known
	Changed    bool            // it is set, and not to its default
	Secret     bool            // the values are masked
	Text       string          // what it does, in one line; only of tags
	Marks      string          // what about it is not documented, such as "place inherited"
	Position   schema.Position // where it is set; zero for a default
}

// A Edit is a change to a template.
type Edit struct {
	Path     string // the element
	Action   string // what is done to it, such as `set the attribute enabled to "false"`
	Position schema.Position
}

// A Finding is a finding with the line of the source that it is about.
type Finding struct {
	schema.Finding
	Source    string // the line, without its end; of a long one what stands around the place
	HasSource bool
}

// A Line is a line of a template.
type Line struct {
	Number   int // from 1
	Segments []Segment
}

// A Segment is a run of text in a line. It is the template's own, or what
// stands in the place of a tag, which can be nothing at all.
type Segment struct {
	Text     string
	Tag      string // without percent signs; empty: the template's own text
	Unfilled bool   // the tag's placeholder is still there: a system tag, or one without a value
	Changed  bool   // the tag's value is not its default
	Secret   bool   // the text is masked
}

// Changes are what changed on one platform since an earlier project.
type Changes struct {
	Platform       tags.Platform
	Added, Removed bool // the platform itself
	Values         []Change
	DeviceType     []diff.RequestChange // the requests of the manifest that differ
	Lines          []LinePair           // of the template: what changed in its first [MaxLines], with some lines around it
}

// A Change is a setting or tag with another value than before.
type Change struct {
	Name     string
	Old, New string
	HasOld   bool
	HasNew   bool
	Position schema.Position // in the new project, if it is set there
}

// A LinePair is two lines that stand side by side. Old is nil for a line
// that was added, New for one that was removed, and both for a gap.
type LinePair struct {
	Old, New *Line
	Changed  bool
}

// New returns the report of a project, for the platforms of the options.
// It is made of a project with errors too, as far as that goes: a platform that
// can't be compiled has no template. Against is an earlier project to compare
// with, or nil.
func New(p, against *wxt.Project, opts ...wxt.CompileOption) *Report {
	var earlier *reporter
	var work sync.WaitGroup
	if against != nil {
		work.Go(func() { earlier = newReporter(against, opts) })
	}
	m := newReporter(p, opts)
	requirements, _ := m.compiled.Requirements(schema.RequirementQuery{Base: true}) // it asks for no feature that there may not be
	r := &Report{
		Name:         cmp.Or(m.project.Name, p.File(), wxt.EmbeddedName),
		Requirements: requirements,
		Release:      requirements.Release,
		Ignored:      m.project.Ignore,
	}
	work.Wait()
	if earlier != nil {
		r.Against = cmp.Or(against.Name, against.File(), wxt.EmbeddedName)
		if r.Against == r.Name {
			r.Against = cmp.Or(against.File(), wxt.EmbeddedName)
		}
		maps.Copy(earlier.secret, m.secret) // what is a secret in one of the two is masked in both
		maps.Copy(m.secret, earlier.secret)
		work.Go(func() {
			if does, err := plan.New(earlier.compiled, m.compiled, m.secret); err == nil {
				r.Plan = does
			}
		})
	}
	for _, t := range m.compiled.Targets {
		r.Platforms = append(r.Platforms, m.platform(t))
	}
	for _, f := range m.compiled.Check() {
		r.Findings = append(r.Findings, m.finding(f))
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	for i := range r.Requirements.Features {
		for j, reason := range r.Requirements.Features[i].Reasons {
			r.Requirements.Features[i].Reasons[j].Value = m.hide(reason.Setting, reason.Value)
		}
	}
	if earlier != nil {
		changes := m.changes(earlier)
		work.Wait()
		r.Changes = withRequests(changes, r.Plan)
	}
	return r
}

// A reporter makes the parts of a report of one project.
type reporter struct {
	project  *wxt.Project
	compiled *wxt.Compilation
	defaults map[tags.Platform]settingDefaults
	secret   map[string]bool   // by the name of a tag
	masks    *strings.Replacer // of the values of secrets

	sourceName  string      // of the file whose lines these are
	sourceLines *text.Lines // nil: none are known
}

// settingDefaults are a target's settings where the project sets nothing: by their
// keys, and those of the device type as the elements of its request.
type settingDefaults struct {
	plain   map[string]string
	request *oci.Request
}

func newReporter(p *wxt.Project, opts []wxt.CompileOption) *reporter {
	c, _ := wxt.Compile(p, opts...)
	m := &reporter{
		project: c.Project, compiled: c,
		defaults: make(map[tags.Platform]settingDefaults),
	}
	for _, t := range m.compiled.Targets { // The same base, with nothing set.
		plain := &wxt.Project{BroadWorks: p.BroadWorks, Declare: p.Declare}
		plain.Platform(t.Platform).BaseArchive = t.Base
		defaults, _ := wxt.Compile(plain, append(slices.Clone(opts), wxt.WithPlatforms(t.Platform))...)
		if t := defaults.Target(t.Platform); t != nil {
			d := settingDefaults{plain: inBase(t), request: manifest.DeviceTypeRequest(t.Manifest)}
			for _, s := range plan.Of(t) {
				d.plain[s.Key] = cmp.Or(s.Value, d.plain[s.Key])
			}
			m.defaults[t.Platform] = d
		}
	}
	m.findSecrets()
	return m
}

// source returns the lines of a file that findings are about, without secrets, or nil.
// It keeps those of one file: findings are sorted by file.
func (m *reporter) source(name string) *text.Lines {
	if m.sourceName == name {
		return m.sourceLines
	}
	m.sourceName, m.sourceLines = name, nil
	for _, f := range m.project.Files() {
		if f.Name == name {
			m.sourceLines = text.NewLines(m.redact(string(f.Data)))
			return m.sourceLines
		}
	}
	for _, t := range m.compiled.Targets {
		for _, f := range t.Templates() {
			if f.File() == name {
				m.sourceLines = text.NewLines(m.redact(f.Source()))
				return m.sourceLines
			}
		}
	}
	return nil
}

// findSecrets notes which tags are secret: those that the catalogue says so of,
// whose names do, or that stand in a template where a secret does.
func (m *reporter) findSecrets() {
	found := plan.FindSecrets(m.compiled)
	m.secret = found.Tags
	values := found.Texts
	for _, t := range m.compiled.Targets {
		for _, v := range t.Values {
			if m.secret[v.Tag.Name] {
				values[v.Value] = true
			}
		}
	}
	// What is set may be beaten by what is set for a platform, and still stands
	// in the file.
	sets := []map[string]string{m.project.Tags}
	for _, platform := range tags.Platforms() {
		sets = append(sets, m.project.Platform(platform).Tags)
	}
	for _, set := range sets {
		for name, value := range set {
			if m.secret[tagname.Bare(name)] || secret.Value(name, value) {
				values[value] = true
			}
		}
	}
	m.masks = secret.Replacer(values)
}

// hide returns a value to print.
func (m *reporter) hide(name, value string) string {
	if value != "" && (m.secret[name] || secret.Value(name, value)) {
		return secret.Masked
	}
	return value
}

// redact returns a text without secrets, with as many lines as before.
func (m *reporter) redact(text string) string {
	return m.masks.Replace(secret.Hide(text))
}

func (m *reporter) finding(f schema.Finding) Finding {
	f.Message, f.Remedy = m.masks.Replace(secret.HideURLs(f.Message)), m.masks.Replace(secret.HideURLs(f.Remedy))
	r := Finding{Finding: f}
	// What is about all of the project stands at its top, and that line has
	// nothing to do with it.
	lines := m.source(f.File)
	if lines == nil || f.Position == top(m.project) {
		return r
	}
	line, ok := lines.Around(f.Line, f.Column, sourceAround)
	if !ok {
		return r
	}
	r.Source, r.HasSource = line.Text, true
	if line.Before {
		r.Source = "... " + r.Source
	}
	if line.After {
		r.Source += " ..."
	}
	return r
}

// sourceAround is how many characters of a finding's line are shown at most, before
// its place and behind.
const sourceAround = 200

func (m *reporter) platform(t *wxt.Target) Platform {
	r := Platform{Platform: t.Platform, Settings: m.settings(t), Values: m.tagValues(t), Edits: m.edits(t), Changed: make(map[string]bool)}
	for _, v := range r.Values {
		if v.Changed {
			r.Changed[v.Name] = true
		}
	}
	if t.Template != nil {
		r.File = t.Template.File()
		r.Lines, _, r.Omitted = m.lines(t, r.Changed)
	}
	return r
}

func (m *reporter) settings(t *wxt.Target) []Value {
	p := m.project
	defaults := m.defaults[t.Platform]
	request, base := defaults.request, inBase(t)
	if request == nil {
		request = manifest.DeviceTypeRequest(dtaf.NewManifest(t.Platform, t.Release))
	}
	var list []Value
	for _, s := range plan.Of(t) {
		key, value := s.Key, s.Value
		v := Value{Name: key, HasValue: true, Marks: settingMark(t, key)}
		if key != "base" {
			v.Default = defaults.plain[key]
			value = cmp.Or(value, base[key])
		}
		if element, ok := strings.CutPrefix(key, "device."); ok && request != nil {
			v.Default, _ = request.Get(element)
		}
		v.HasDefault = true
		v.Changed = value != v.Default
		v.Secret = secret.Value(key, value)
		v.Value, v.Default = m.hide(key, value), m.hide(key, v.Default)
		v.Position = plan.Where(p, t, key)
		list = append(list, v)
	}
	return list
}

// settingKeys are the keys of the project file for settings of config-wxt.xml.
var settingKeys = map[schema.Setting]string{
	configwxt.AudioCodecs:      "codecs.audio",
	configwxt.VideoCodecs:      "codecs.video",
	configwxt.RegisterRefresh:  "sip.register_refresh",
	configwxt.SubscribeRefresh: "sip.subscribe_refresh",
	configwxt.Transport:        "sip.transport",
	configwxt.SIPInfo:          "sip.info",
	configwxt.SIPInfoPeriod:    "sip.info_period",
}

// inBase returns the settings that stand in a target's template, if that is its
// base's, by their keys.
func inBase(t *wxt.Target) map[string]string {
	values := make(map[string]string)
	if t.Base == nil || t.Template == nil {
		return values
	}
	places, _ := configwxt.Find(t.Template) // what is not XML has none
	for _, s := range places {
		values[settingKeys[s.Setting]] = s.Value
	}
	return values
}

// settingMark says how well the default of a setting is known, where it comes from
// the tool and is not documented.
func settingMark(t *wxt.Target, key string) string {
	if t.Base != nil {
		return ""
	}
	known := dtaf.Spec(t.Platform).Known
	mark, ok := map[string]tags.Mark{"device_type": known.Name, "tag_set": known.TagSet, "access.uri": known.URI}[key]
	if !ok || mark == tags.Documented {
		return ""
	}
	return "default " + mark.String()
}

// tagMarks says how well the platform, default, values and place of a tag are known,
// of those that are not documented. What stands in a base needs no mark: the base
// shows it.
func tagMarks(t *wxt.Target, tag tags.Tag) string {
	var list []string
	add := func(fact string, known tags.Fact) {
		if known.Mark != tags.Documented {
			list = append(list, fact+" "+known.Mark.String())
		}
	}
	if t.Base == nil {
		add("platform", tag.Known.Platforms[t.Platform])
	}
	add("default", tag.Known.Default)
	if tag.Known.Values.Source != "" {
		add("values", tag.Known.Values)
	}
	if paths := schema.PathsOf(tag); t.Base == nil && len(paths) > 0 {
		worst := slices.MinFunc(paths, func(a, b schema.Path) int { return cmp.Compare(a.Known.Mark, b.Known.Mark) })
		add("place", worst.Known)
	}
	return strings.Join(list, ", ")
}

func (m *reporter) tagValues(t *wxt.Target) []Value {
	var list []Value
	for _, v := range t.Values {
		r := Value{Name: v.Tag.Name, HasValue: true, Text: v.Tag.Text, Secret: m.secret[v.Tag.Name]}
		if _, known := m.compiled.Catalogue.Lookup(v.Tag.Name); known {
			r.Marks = tagMarks(t, v.Tag)
			r.Default, r.HasDefault = v.Tag.DefaultOn(t.Platform)
		}
		if v.Origin != wxt.FromDefault {
			r.Changed = !r.HasDefault || r.Default != v.Value
			r.Position = v.Position
		}
		r.Value, r.Default = m.hide(r.Name, v.Value), m.hide(r.Name, r.Default)
		list = append(list, r)
	}
	for _, name := range t.Unset() {
		tag, _ := t.Catalogue.Lookup(name)
		list = append(list, Value{Name: name, Text: tag.Text})
	}
	return list
}

func (m *reporter) edits(t *wxt.Target) []Edit {
	var list []Edit
	for i, e := range t.Edits {
		value := m.redact(e.Value)
		if isSecret(e) {
			value = secret.Masked
		}
		r := Edit{Path: e.Path}
		r.Position, _ = m.project.Where(t.Platform.String(), "edit", i, "path")
		switch e.Op {
		case render.SetAttr:
			r.Action = fmt.Sprintf("set the attribute %s to %q", e.Attr, value)
		case render.SetText:
			r.Action = fmt.Sprintf("set the text to %q", value)
		case render.Remove:
			r.Action = "remove it"
		case render.RemoveAttr:
			r.Action = "remove the attribute " + e.Attr
		case render.Insert, render.InsertBefore, render.InsertAfter:
			r.Action = "insert " + value
		}
		if e.All {
			r.Action += ", in every match"
		}
		list = append(list, r)
	}
	return list
}

// isSecret reports whether an edit gives an attribute or an element that is named
// after a secret its value.
func isSecret(e render.Edit) bool {
	name := e.Path[strings.LastIndexByte(e.Path, '/')+1:]
	name, _, _ = strings.Cut(strings.ToLower(name), "[")
	switch e.Op {
	case render.SetAttr:
		name = e.Attr
	case render.SetText:
	default:
		return false
	}
	return name != "" && secret.Value(name, e.Value)
}

// top is where findings are that are about all of a project.
func top(p *wxt.Project) schema.Position {
	if p.File() == "" {
		return schema.Position{File: wxt.EmbeddedName}
	}
	return schema.Position{File: p.File(), Line: 1, Column: 1}
}
