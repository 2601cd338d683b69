package wxt

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/linediff"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A Report is a project made ready for reading: what "dtafgen report" puts on a
// page. Secrets are masked in all of it, and the same project gives the same
// report.
type Report struct {
	Name         string // the project file's, or [EmbeddedName]
	Release      string // such as "R23"; empty: every release
	Platforms    []ReportPlatform
	Findings     []ReportFinding // the errors first, each severity sorted by place
	Requirements *Requirements   // with what any deployment needs
	Against      string          // the name of the project that it is compared with; empty: none
	Changes      []ReportChanges // since that project, for each platform of either; none if there is no difference
}

// A ReportPlatform is one platform of a report.
type ReportPlatform struct {
	Platform tags.Platform
	Settings []ReportValue   // what is decided apart from tags: the device type, the access and so on
	Values   []ReportValue   // of every custom tag, in the catalogue's order
	Edits    []ReportEdit    // changes to the template
	File     string          // the name of the template
	Lines    []ReportLine    // the template, with the custom tags' values filled in
	Changed  map[string]bool // the tags whose values are not their defaults
}

// A ReportValue is the value of a setting or of a tag.
type ReportValue struct {
	Name       string // of the setting as in the project file, or of the tag without percent signs
	Value      string
	HasValue   bool // false for a tag of a vendor's template that nothing gives a value
	Default    string
	HasDefault bool            // false where the default is not known
	Changed    bool            // it is set, and not to its default
	Secret     bool            // the values are masked
	Text       string          // what it does, in one line; of tags alone
	Position   schema.Position // where it is set; zero for a default
}

// A ReportEdit is a change to a template.
type ReportEdit struct {
	Path     string // the element
	Action   string // what is done to it, such as `set the attribute enabled to "false"`
	Position schema.Position
}

// A ReportFinding is a finding with the line of the source that it is about.
type ReportFinding struct {
	schema.Finding
	Source    string // the line, without its end
	HasSource bool
}

// A ReportLine is a line of a template.
type ReportLine struct {
	Number   int // from 1
	Segments []ReportSegment
}

// A ReportSegment is a run of text in a line. It is the template's own, or what
// stands in the place of a tag, which can be nothing at all.
type ReportSegment struct {
	Text     string
	Tag      string // without percent signs; empty: the template's own text
	Unfilled bool   // the tag's placeholder is still there: a system tag, or one without a value
	Changed  bool   // the tag's value is not its default
	Secret   bool   // the text is masked
}

// ReportChanges are what changed on one platform since an earlier project.
type ReportChanges struct {
	Platform       tags.Platform
	Added, Removed bool // the platform itself
	Values         []ReportChange
	Lines          []ReportLinePair // of the template: what changed, with some lines around it
}

// A ReportChange is a setting or tag that has another value than before.
type ReportChange struct {
	Name     string
	Old, New string
	HasOld   bool
	HasNew   bool
	Position schema.Position // in the new project, if it is set there
}

// A ReportLinePair is two lines that stand side by side. Old is nil for a line
// that was added, New for one that was removed, and both for a gap.
type ReportLinePair struct {
	Old, New *ReportLine
	Changed  bool
}

// NewReport returns the report of a project, for the platforms of the options.
// It is made of a project with errors too, as far as that goes: a platform that
// can't be compiled has no template. Against is an earlier project to compare
// with, or nil.
func NewReport(p *Project, o Options, against *Project) *Report {
	m := newReporter(p, o)
	r := &Report{
		Name:         cmp.Or(p.file, EmbeddedName),
		Requirements: RequirementsOf(p, o, true),
	}
	r.Release = r.Requirements.Release
	for _, t := range m.targets {
		r.Platforms = append(r.Platforms, m.platform(t))
	}
	for _, f := range Check(p, o) {
		r.Findings = append(r.Findings, m.finding(f))
	}
	slices.SortStableFunc(r.Findings, func(a, b ReportFinding) int { return cmp.Compare(b.Severity, a.Severity) })
	for i := range r.Requirements.Features {
		for j, reason := range r.Requirements.Features[i].Reasons {
			r.Requirements.Features[i].Reasons[j].Value = m.hide(reason.Setting, reason.Value)
		}
	}
	if against != nil {
		r.Against = cmp.Or(against.file, EmbeddedName)
		r.Changes = m.changes(newReporter(against, o))
	}
	return r
}

// A reporter makes the parts of a report of one project.
type reporter struct {
	project  *Project
	known    *tags.Catalogue
	targets  []*Target
	defaults map[tags.Platform]*Target // the same bases with nothing set
	secret   map[string]bool           // by the name of a tag
	masks    *strings.Replacer         // of the values of secrets
	sources  map[string][]string       // lines by file, without secrets
}

func newReporter(p *Project, o Options) *reporter {
	plain := &Project{file: p.file, BroadWorks: p.BroadWorks, Declare: p.Declare}
	for _, platform := range tags.Platforms() {
		s := p.Platform(platform)
		*plain.Platform(platform) = PlatformSettings{Base: s.Base, BaseArchive: s.BaseArchive}
	}
	resolved, _ := Resolve(p, o)
	defaults, _ := Resolve(plain, o)
	m := &reporter{
		project: p, known: resolved.Catalogue, targets: resolved.Targets,
		defaults: make(map[tags.Platform]*Target),
		secret:   make(map[string]bool),
		sources:  make(map[string][]string),
	}
	for _, t := range defaults.Targets {
		m.defaults[t.Platform] = t
	}
	m.findSecrets()
	if p.file != "" {
		m.sources[p.file] = linediff.Lines(m.redact(p.source))
	}
	for _, t := range m.targets {
		for _, f := range t.templates() {
			m.sources[f.name] = linediff.Lines(m.redact(f.template.Source()))
		}
	}
	return m
}

// findSecrets notes which tags are secret: those that the catalogue says so of,
// whose names do, or that stand in a template where a secret does.
func (m *reporter) findSecrets() {
	values := make(map[string]bool)
	for _, t := range m.targets {
		for _, v := range t.Values {
			if v.Tag.Secret || isSecret(v.Tag.Name, v.Value) {
				m.secret[v.Tag.Name] = true
			}
		}
		for _, f := range t.templates() {
			trace := traceCustom(t, f.template)
			hidden := dtaf.FindSecrets(trace.Text)
			for _, s := range hidden {
				values[trace.Text[s[0]:s[1]]] = true
			}
			for _, span := range trace.Spans {
				if !span.Undefined && span.End > span.Start && overlaps(hidden, span.Start, span.End) {
					for _, name := range span.Tags {
						m.secret[name] = true
					}
				}
			}
		}
	}
	for _, t := range m.targets {
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
			if m.secret[tags.Bare(name)] || isSecret(name, value) {
				values[value] = true
			}
		}
	}
	// Of two that begin alike the longer one is looked for first.
	list := slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	var pairs []string
	for _, s := range list {
		switch s = strings.TrimSpace(s); {
		case s == "", s == "true", s == "false":
		case len(s) >= 4:
			pairs = append(pairs, s, dtaf.Masked)
		default: // It may be a part of any word.
			for _, quote := range []string{`"`, `'`} {
				pairs = append(pairs, quote+s+quote, quote+dtaf.Masked+quote)
			}
		}
	}
	m.masks = strings.NewReplacer(pairs...)
}

// isSecret reports whether a value is a secret, going by its name.
func isSecret(name, value string) bool {
	return len(dtaf.FindSecrets(name+" = "+strconv.Quote(value))) > 0
}

// from returns the ranges, which are in order, that end behind start.
func from(ranges [][2]int, start int) [][2]int {
	i, _ := slices.BinarySearchFunc(ranges, start, func(r [2]int, start int) int { return cmp.Compare(r[1], start+1) })
	return ranges[i:]
}

// overlaps reports whether one of the ranges has a byte of [start, end).
func overlaps(ranges [][2]int, start, end int) bool {
	rest := from(ranges, start)
	return len(rest) > 0 && rest[0][0] < end
}

// hide returns a value to print.
func (m *reporter) hide(name, value string) string {
	if value != "" && (m.secret[name] || isSecret(name, value)) {
		return dtaf.Masked
	}
	return value
}

// redact returns a text without secrets, with as many lines as before.
func (m *reporter) redact(text string) string {
	var b strings.Builder
	end := 0
	for _, s := range dtaf.FindSecrets(text) {
		b.WriteString(text[end:s[0]])
		b.WriteString(dtaf.Masked)
		b.WriteString(strings.Repeat("\n", len(linediff.Lines(text[s[0]:s[1]]+"."))-1))
		end = s[1]
	}
	b.WriteString(text[end:])
	return m.masks.Replace(b.String())
}

func traceCustom(t *Target, tmpl *render.Template) *render.Trace {
	return tmpl.Trace(func(name string) (string, bool) {
		v, ok := t.Value(name)
		return v.Value, ok
	})
}

func (m *reporter) finding(f schema.Finding) ReportFinding {
	f.Message, f.Remedy = m.redact(f.Message), m.redact(f.Remedy)
	r := ReportFinding{Finding: f}
	lines := m.sources[f.File]
	if f.Line < 1 || f.Line > len(lines) {
		return r
	}
	// What is about all of the project stands at its top, and that line has
	// nothing to do with it.
	if f.Position != m.project.top() {
		r.Source, r.HasSource = lines[f.Line-1], true
	}
	return r
}

func (m *reporter) platform(t *Target) ReportPlatform {
	r := ReportPlatform{Platform: t.Platform, Settings: m.settings(t), Values: m.tagValues(t), Edits: m.edits(t), Changed: make(map[string]bool)}
	for _, v := range r.Values {
		if v.Changed {
			r.Changed[v.Name] = true
		}
	}
	if t.template != nil {
		r.File = t.template.File()
		r.Lines, _ = m.lines(t, r.Changed)
	}
	return r
}

// plainSettings returns the settings of a target, by their keys in the project
// file, in its order.
func (t *Target) plainSettings() [][2]string {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	list := [][2]string{
		{"base", t.baseName()},
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
		{"sip.register_refresh", number(t.SIP.RegisterRefresh)},
		{"sip.subscribe_refresh", number(t.SIP.SubscribeRefresh)},
	}
	for _, element := range slices.Sorted(maps.Keys(t.Device)) {
		list = append(list, [2]string{"device." + element, t.Device[element]})
	}
	return list
}

// baseName returns the name of the file that a target is compiled from, without
// its folder; it is empty for the built-in template.
func (t *Target) baseName() string {
	if t.base == nil {
		return ""
	}
	if name := t.base.archive.Name(); name != "" {
		return filepath.Base(name)
	}
	return "(an archive)"
}

func (m *reporter) settings(t *Target) []ReportValue {
	p, platform := m.project, t.Platform.String()
	defaults := make(map[string]string)
	request := dtaf.DeviceTypeRequest(dtaf.NewManifest(t.Platform, t.Release))
	if d := m.defaults[t.Platform]; d != nil {
		for _, s := range d.plainSettings() {
			defaults[s[0]] = s[1]
		}
		if doc, err := d.requests(); err == nil {
			request = dtaf.DeviceTypeRequest(doc)
		}
	}
	defaults["base"] = ""
	var list []ReportValue
	for _, s := range t.plainSettings() {
		key, value := s[0], s[1]
		v := ReportValue{Name: key, HasValue: true}
		v.Default = defaults[key]
		if element, ok := strings.CutPrefix(key, "device."); ok && request != nil {
			v.Default, _ = request.Get(element)
		}
		v.HasDefault = true
		v.Changed = value != v.Default
		v.Secret = isSecret(key, value)
		v.Value, v.Default = m.hide(key, value), m.hide(key, v.Default)
		var steps []any
		for _, step := range strings.Split(key, ".") {
			steps = append(steps, step)
		}
		if pl, ok := p.lookup(append([]any{platform}, steps...)...); ok {
			v.Position = pl.value
		} else if pl, ok := p.lookup(steps...); ok {
			v.Position = pl.value
		}
		list = append(list, v)
	}
	return list
}

func (m *reporter) tagValues(t *Target) []ReportValue {
	var list []ReportValue
	for _, v := range t.Values {
		r := ReportValue{Name: v.Tag.Name, HasValue: true, Text: v.Tag.Text, Secret: m.secret[v.Tag.Name]}
		if _, known := m.known.Lookup(v.Tag.Name); known {
			r.Default, r.HasDefault = v.Tag.DefaultOn(t.Platform)
		}
		if v.Origin != FromDefault {
			r.Changed = !r.HasDefault || r.Default != v.Value
			r.Position = v.Position
		}
		r.Value, r.Default = m.hide(r.Name, v.Value), m.hide(r.Name, r.Default)
		list = append(list, r)
	}
	for _, name := range t.Unset() {
		tag, _ := t.Catalogue.Lookup(name)
		list = append(list, ReportValue{Name: name, Text: tag.Text})
	}
	return list
}

func (m *reporter) edits(t *Target) []ReportEdit {
	var list []ReportEdit
	for i, e := range t.Edits {
		value := m.redact(e.Value)
		if isSecret(e.Path+"."+e.Attr, e.Value) {
			value = dtaf.Masked
		}
		r := ReportEdit{Path: e.Path, Position: m.project.atEdit(t.Platform, i, "path")}
		switch e.Op {
		case render.SetAttr:
			r.Action = fmt.Sprintf("set the attribute %s to %q", e.Attr, value)
		case render.SetText:
			r.Action = fmt.Sprintf("set the text to %q", value)
		case render.Remove:
			r.Action = "remove it"
		case render.RemoveAttr:
			r.Action = "remove the attribute " + e.Attr
		case render.Insert:
			r.Action = "insert " + value
		}
		if e.All {
			r.Action += ", in every match"
		}
		list = append(list, r)
	}
	return list
}

// lines returns the lines of a target's template with the values filled in, and
// their texts with the secrets, which are to compare.
func (m *reporter) lines(t *Target, changed map[string]bool) ([]ReportLine, []string) {
	trace := traceCustom(t, t.template)
	text, hidden := trace.Text, dtaf.FindSecrets(trace.Text)
	lines, texts := []ReportLine{{Number: 1}}, []string{""}
	// add adds a run of text, and begins new lines at its line ends. What is
	// printed has as many lines as what is compared, where it is not masked.
	add := func(s ReportSegment, raw string) {
		for i, part := range splitLines(raw) {
			if i > 0 {
				lines = append(lines, ReportLine{Number: len(lines) + 1})
				texts = append(texts, "")
			}
			line := &lines[len(lines)-1]
			texts[len(texts)-1] += part
			if !s.Secret {
				s.Text = part
			}
			if s.Text != "" || s.Tag != "" && i == 0 {
				line.Segments = append(line.Segments, s)
			}
		}
	}
	literal := func(start, end int) {
		for _, h := range from(hidden, start) {
			if h[0] >= end {
				break
			}
			if h[0] > start {
				add(ReportSegment{}, text[start:h[0]])
				start = h[0]
			}
			stop := min(end, h[1])
			add(ReportSegment{Text: dtaf.Masked, Secret: true}, text[start:stop])
			start = stop
		}
		if start < end {
			add(ReportSegment{}, text[start:end])
		}
	}
	end := 0
	for _, span := range trace.Spans {
		literal(end, span.Start)
		s := ReportSegment{Tag: span.Tags[len(span.Tags)-1], Unfilled: span.Undefined}
		for _, name := range span.Tags {
			s.Changed = s.Changed || changed[name]
		}
		secret := slices.ContainsFunc(span.Tags, func(name string) bool { return m.secret[name] })
		if !span.Undefined && span.End > span.Start && (secret || overlaps(hidden, span.Start, span.End)) {
			s.Text, s.Secret = dtaf.Masked, true
		}
		add(s, text[span.Start:span.End])
		end = span.End
	}
	literal(end, len(text))
	if last := lines[len(lines)-1]; len(last.Segments) == 0 && len(lines) > 1 {
		lines, texts = lines[:len(lines)-1], texts[:len(texts)-1]
	}
	return lines, texts
}

// splitLines splits a text at its line ends, which can be of any kind.
func splitLines(text string) []string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Split(strings.ReplaceAll(text, "\r", "\n"), "\n")
}
