package wxt

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/value"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A Rule finds one kind of mistake. It has a function for each kind of thing
// that it looks at, and may have several, or rows; a rule without any is reported
// by what reads the file. A caller adds rules of its own with [WithRules];
// their codes are better not to begin with WXT.
type Rule struct {
	schema.Rule

	Project  func(*Pass) // called once for a project
	Target   func(*Pass) // called for each platform of a project
	Template func(*Pass) // called for each template of an archive, one by itself, and those of a target's base unless there is a Target
	Manifest func(*Pass) // called for each manifest: an archive's, one by itself, and a target's
}

// Check returns what this rule finds in a project, and no other: for the tests of a
// rule. The project's [checks] do not change its severity.
func (r Rule) Check(p *Project, opts ...CompileOption) schema.Findings {
	c, _ := Compile(p, opts...)
	k := &check{Compilation: c}
	k.rules([]Rule{r.withRows()})
	p.annotate(k.findings)
	return k.findings.Sorted()
}

// A Pass is what a rule looks at, made by [Check] or [CheckFile]. What does not
// belong to it is nil or zero, and a rule that finds nothing to look at finds
// nothing wrong.
type Pass struct {
	Rule schema.Rule // the one that looks
	Mode Mode        // of the project's compilation

	Project     *Project     // nil for a file that is checked by itself
	Compilation *Compilation // of the project, or of the one that a file by itself is held to; else nil
	Target      *Target      // for Rule.Target, and for Rule.Manifest of a project

	Archive   *dtaf.Archive    // that the template or manifest stands in, if it stands in one
	Manifest  *oci.Document    // of the target, or of the archive
	Template  *render.Template // of the target, or the one that is checked; nil if it can't be read
	Platform  tags.Platform    // of the target, template or manifest; zero if that is not known
	Catalogue *tags.Catalogue  // with the project's declarations

	*subject
	findings *schema.Findings
}

// A subject is what the passes of several rules over one thing share.
type subject struct {
	file     string         // of a template or manifest, for positions
	data     []byte         // of a template
	values   map[string]int // index into the target's Values
	declared map[string]int // index into the project's Declare

	xml        *xmltext.Document // of a template that is well-formed XML
	notXML     error             // why it is not
	lineTable  *text.Lines       // of the template
	unreadable *render.Error     // why there is no template
}

// Report reports a mistake, with the rule's code and severity. The message is
// made as by [fmt.Sprintf]. A remedy may be empty.
func (p *Pass) Report(pos schema.Position, remedy, format string, args ...any) {
	p.ReportAs(p.Rule.Severity, pos, remedy, format, args...)
}

// ReportAs reports a mistake as Report does, with a severity of its own.
func (p *Pass) ReportAs(s schema.Severity, pos schema.Position, remedy, format string, args ...any) {
	f := schema.NewFinding(p.Rule.Code, pos, remedy, format, args...)
	f.Severity = s
	p.Add(f)
}

// Add reports a mistake by a finding that is made already. What it leaves open is
// filled in: its code, and with that the severity, and its platform.
func (p *Pass) Add(f schema.Finding) {
	if f.Code == "" {
		f.Code, f.Severity = p.Rule.Code, p.Rule.Severity
	}
	if f.Platform == 0 {
		f.Platform = p.Platform
	}
	if p.findings == nil {
		p.findings = new(schema.Findings)
	}
	*p.findings = append(*p.findings, f)
}

// reportTag reports a mistake that is about a tag.
func (p *Pass) reportTag(tag string, pos schema.Position, remedy, format string, args ...any) {
	p.Add(schema.Finding{Tag: tag, Position: pos, Remedy: remedy, Message: fmt.Sprintf(format, args...)})
}

// reportAt reports a mistake at a placeholder of the template.
func (p *Pass) reportAt(place render.Placeholder, remedy, format string, args ...any) {
	p.Add(schema.Finding{
		Position: place.Position, EndLine: place.Position.Line, EndColumn: place.Position.Column + len(place.Name) + 2,
		Tag: place.Name, Remedy: remedy, Message: fmt.Sprintf(format, args...),
	})
}

// shared returns what the passes over one thing share.
func (p *Pass) shared() *subject {
	if p.subject == nil {
		p.subject = &subject{}
	}
	return p.subject
}

// At returns where the value of a key of the project file stands, by the names
// of its tables and its own, or the top of the file where it is not set.
func (p *Pass) At(path ...any) schema.Position {
	if p.Project == nil {
		return p.top()
	}
	return p.Project.at(path...)
}

// top returns the place of what is about all of the file.
func (p *Pass) top() schema.Position {
	if p.Project == nil {
		return schema.Position{File: p.shared().file, Line: 1, Column: 1}
	}
	return p.Project.top()
}

// targets returns the platforms of the project, or of that which a file is held to.
func (p *Pass) targets() []*Target {
	if p.Compilation == nil {
		return nil
	}
	return p.Compilation.Targets
}

// catalogue returns the tags that are known.
func (p *Pass) catalogue() *tags.Catalogue {
	if p.Catalogue == nil {
		return tags.Default()
	}
	return p.Catalogue
}

// requests returns the requests of the manifest.
func (p *Pass) requests() []*oci.Request {
	if p.Manifest == nil {
		return nil
	}
	return p.Manifest.Requests
}

// based returns the target that has a base, or nil.
func (p *Pass) based() *Target {
	if p.Target == nil || p.Target.base == nil {
		return nil
	}
	return p.Target
}

// inlines reports whether values are written into the templates.
func (p *Pass) inlines() bool { return p.Mode == Inline }

// Value returns the value that a tag has on the target's platform, and whether
// it has one. The position of a declared tag's default is that of its
// declaration.
func (p *Pass) Value(tag string) (Value, bool) {
	i, ok := p.shared().values[tagname.Bare(tag)]
	if !ok {
		return Value{}, false
	}
	v := p.Target.Values[i]
	if v.Origin == FromDefault && v.Tag.Declared {
		v.Position = p.declaration(v.Tag.Name, "default")
	}
	return v, true
}

// Values returns the values of the target's tags, in the catalogue's order.
func (p *Pass) Values() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if p.Target == nil {
			return
		}
		for _, v := range p.Target.Values {
			if v, ok := p.Value(v.Tag.Name); ok && !yield(v) {
				return
			}
		}
	}
}

// declaration returns where a key of a tag's [[declare]] stands.
func (p *Pass) declaration(tag, key string) schema.Position {
	if i, ok := p.shared().declared[tag]; ok {
		return p.Project.atDeclare(i, key)
	}
	return p.top()
}

// known returns the value of a tag, if it has one that is not empty and that
// does not depend on what the Application Server fills in.
func (p *Pass) known(tag string) (string, bool) {
	v, ok := p.Value(tag)
	if _, _, _, filled := tagname.CutPlaceholder(v.Value); !ok || v.Value == "" || filled {
		return "", false
	}
	return v.Value, true
}

// is reports whether a tag is known to have one of these values.
func (p *Pass) is(tag string, values ...string) bool {
	v, ok := p.Value(tag)
	return ok && slices.Contains(values, v.Value)
}

// isOn reports whether a tag is known to be true.
func (p *Pass) isOn(tag string) bool {
	v, _ := p.Value(tag)
	on, ok := value.Truth(v.Value)
	return ok && on
}

// isOff reports whether a tag is known to be false.
func (p *Pass) isOff(tag string) bool {
	v, _ := p.Value(tag)
	on, ok := value.Truth(v.Value)
	return ok && !on
}

// where returns the place of the setting that the values of some tags come from:
// the strongest, and of equals the first. Thus a default that is wrong because
// of a setting is reported at the setting.
func (p *Pass) where(names ...string) schema.Position {
	best, found := Value{Position: p.top()}, false
	for _, name := range names {
		v, ok := p.Value(name)
		if !ok {
			continue
		}
		if v.Origin == FromDefault && v.Tag.Declared && best.Origin == FromDefault || v.Origin > best.Origin || !found {
			best, found = v, true
		}
	}
	return best.Position
}

// idle reports a tag that the project sets, and that does nothing. Set to its
// default it is an info: a project may list all of its settings.
func (p *Pass) idle(tag, remedy, why string) {
	v, ok := p.Value(tag)
	if !ok || v.Origin == FromDefault {
		return
	}
	severity := p.Rule.Severity
	if d, _ := v.Tag.DefaultOn(p.Target.Platform); d == v.Value {
		severity = min(severity, schema.Info)
	}
	p.Add(schema.Finding{
		Code: p.Rule.Code, Severity: severity, Position: v.Position, Tag: tag,
		Message: tag + " does nothing: " + why, Remedy: remedy,
	})
}

// element returns where an element of a manifest's request stands: in its file,
// or in the project file where the manifest is made from one.
func (p *Pass) element(r *oci.Request, name string) schema.Position {
	if p.Target != nil {
		if pos, ok := p.Project.atElement(p.Target.Platform, r, name); ok || p.Target.base == nil {
			return pos
		}
	}
	if e := r.Find(name); e != nil {
		if e.ValuePos.Line > 0 {
			return e.ValuePos
		}
		return e.Pos
	}
	return r.Pos
}

// atElement returns where a project sets an element of its device type request, or of
// the request of a file, and false if it doesn't: the place is that of the strongest
// setting around it then.
func (p *Project) atElement(platform tags.Platform, r *oci.Request, name string) (schema.Position, bool) {
	if format, ok := fileFormat(r); ok {
		if pl, ok := p.lookup(platform.String(), "file", format, name); ok {
			return pl.value, true
		}
		return p.at(platform.String(), "file", format), false
	}
	if key, ok := strings.CutPrefix(ownKeys[name], "access."); ok {
		pos := accessPosition(p, platform, key)
		return pos, pos != p.top()
	}
	if pl, ok := p.lookup(platform.String(), ownKeys[name]); ok {
		return pl.value, true
	}
	pl, ok := p.lookup(platform.String(), "device", name)
	if !ok {
		return p.at(platform.String(), "device"), false
	}
	return pl.value, true
}

// fileFormat returns which file of a device type a request is about, and false for
// another request.
func fileFormat(r *oci.Request) (string, bool) {
	if r == nil {
		return "", false
	}
	name, ok := r.Get("fileFormat")
	return strings.TrimSpace(name), ok
}

// isTrue reports whether an element is there and true.
func isTrue(r *oci.Request, name string) bool {
	v, _ := r.Get(name)
	on, ok := value.Truth(v)
	return ok && on
}

// isFalse reports whether an element is there and false.
func isFalse(r *oci.Request, name string) bool {
	v, _ := r.Get(name)
	on, ok := value.Truth(v)
	return ok && !on
}
