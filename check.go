package wxt

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/files"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/schema"
)

// Check returns everything that is wrong with a project, or worth knowing about
// it, sorted by place. [Rules] are what it looks for, and those of [WithRules].
func Check(p *Project, opts ...CheckOption) schema.Findings {
	c, rules := checked(p, opts)
	return c.Check(rules...)
}

// checked compiles a project, and returns the caller's rules.
func checked(p *Project, opts []CheckOption) (*Compilation, []Rule) {
	o := checkConfig(opts)
	return compile(p, o), o.rules
}

func checkConfig(opts []CheckOption) config {
	var c config
	for _, o := range opts {
		o.forCheck(&c)
	}
	return c
}

// CheckProjectFile checks a project file as [Check] does, and tells at the same
// time what of its text is wrong. The error is about a file that can't be read.
func CheckProjectFile(path string, opts ...CheckOption) (schema.Findings, error) {
	o := checkConfig(opts)
	o.limits = o.limits.WithDefaults()
	data, err := files.Read(path, o.limits.Project)
	if err != nil {
		return nil, err
	}
	return checkText(path, data, o), nil
}

// Check returns everything that is wrong with the project of the compilation, or
// worth knowing about it, as the function [Check] does. The rules are the caller's.
func (c *Compilation) Check(rules ...Rule) schema.Findings { return c.check(rules).Sorted() }

// check is Check without an order.
func (c *Compilation) check(others []Rule) schema.Findings {
	k := &check{Compilation: c, findings: c.all()}
	k.rules(withFunctions(others))
	c.Project.annotate(k.findings) // a finding may be ignored by its tag
	findings, used := c.Project.judge(k.findings)
	var known []string
	for _, r := range append(Rules(), others...) {
		known = append(known, r.Code)
	}
	added := append(k.checkLevels(known), k.checkIgnores(used, known)...)
	c.Project.annotate(added)
	return append(findings, added...)
}

// A check is a compilation that rules look at, and what they have found.
type check struct {
	*Compilation
	findings schema.Findings
}

// rules has rules look at the project, and at everything that is made from it.
func (k *check) rules(rules []Rule) {
	p, c := k.Project, k.Compilation
	declared := make(map[string]int, len(p.Declare))
	for i, d := range slices.Backward(p.Declare) {
		declared[d.Name] = i
	}
	k.run(rules, Pass{subject: &subject{}}, func(r Rule) func(*Pass) { return r.Project })
	for _, t := range c.Targets {
		pass := Pass{Target: t, Platform: t.Platform, subject: &subject{values: make(map[string]int, len(t.Values)), declared: declared}}
		for i, v := range t.Values {
			pass.values[v.Tag.Name] = i
		}
		pass.Template, pass.Manifest = t.Template, t.Manifest
		k.run(rules, pass, func(r Rule) func(*Pass) { return r.Target })
		k.run(rules, pass, func(r Rule) func(*Pass) { return r.Manifest })
		k.templates(rules, pass)
	}
}

// templates has the rules look at the templates of a target's base, with the
// project's edits. A rule that looks at targets has seen them. They are the vendor's,
// and taken as they are: what would be an error is a warning, but for what is no XML,
// which no app can read.
func (c *check) templates(rules []Rule, pass Pass) {
	target := pass.Target
	if target.base == nil {
		return
	}
	// The target's catalogue has learned the names that are in its templates.
	pass.Target, pass.Archive = nil, target.base.archive
	before := len(c.findings)
	for _, tmpl := range target.Templates() {
		data, _ := target.base.archive.File(tmpl.File())
		pass.subject = &subject{file: tmpl.File(), data: data}
		pass.Template = tmpl
		if pass.isXML() {
			pass.xml, pass.notXML = xmltext.Parse(tmpl.Source())
		}
		c.run(rules, pass, func(r Rule) func(*Pass) {
			if r.Target != nil {
				return nil
			}
			return r.Template
		})
	}
	for i := range c.findings[before:] {
		f := &c.findings[before+i]
		if _, ok := target.base.archive.File(f.File); ok {
			f.File = target.base.place(f.File)
		}
		f.Message = target.Platform.String() + ": " + f.Message
		if f.Code == codes.NotWellFormed {
			f.Remedy = "correct the vendor's file, or set checks." + f.Code + ` to "warning" to build with it as it is`
		} else {
			f.Severity = min(f.Severity, schema.Warning)
		}
	}
}

// run has those rules look that have a function for it.
func (c *check) run(rules []Rule, pass Pass, function func(Rule) func(*Pass)) {
	pass.Project, pass.Compilation, pass.Mode = c.Project, c.Compilation, c.Mode
	pass.Catalogue = c.Catalogue
	if pass.Target != nil {
		pass.Catalogue = pass.Target.Catalogue
	}
	runRules(rules, pass, &c.findings, function)
}

func runRules(rules []Rule, pass Pass, findings *schema.Findings, function func(Rule) func(*Pass)) {
	pass.findings = findings
	for _, r := range rules {
		if f := function(r); f != nil {
			pass.Rule = r.Rule
			f(&pass)
		}
	}
}

// checkLevels tells which of the project's checks can't be changed, and which are
// not known here: those of another tool's rules may be.
func (c *check) checkLevels(known []string) schema.Findings {
	var added schema.Findings
	for _, code := range slices.Sorted(maps.Keys(c.Project.Checks)) {
		pos := c.Project.atKey("checks", code)
		if r, ok := schema.LookupRule(code); ok && r.Fixed {
			added = append(added, schema.NewFinding(codes.Setting, pos, "remove it", "checks.%s: the rule %s guards what is built, and can't be changed", code, r.Name))
		} else if !slices.Contains(known, code) {
			remedy := `"dtafgen check --list" has them all`
			if near, ok := nearestCode(code, known); ok {
				remedy = "did you mean " + near + "?"
			}
			f := schema.NewFinding(codes.Setting, pos, remedy, "checks.%s: there is no such check", code)
			f.Severity = schema.Info
			added = append(added, f)
		}
	}
	return added
}

// nearestCode returns the code that was most likely meant: by its letters, or by
// the rule's name.
func nearestCode(code string, codes []string) (string, bool) {
	for _, r := range schema.Rules() {
		if strings.EqualFold(r.Name, code) {
			return r.Code, true
		}
	}
	return text.Nearest(code, slices.Values(codes))
}

// An Ignore suppresses findings of one check: an [[ignore]] of the project file. What it
// leaves empty may be anything.
type Ignore struct {
	Code   string // of the check
	Tag    string // that the findings are about
	File   string // that they are in: its path or the end of it, or a pattern such as *.template
	Line   int    // that they are at
	Reason string // why they don't matter
}

// matches reports whether the ignore suppresses a finding.
func (i Ignore) matches(f schema.Finding) bool {
	return i.Code == f.Code &&
		(i.Tag == "" || tagname.Bare(i.Tag) == f.Tag) &&
		(i.Line == 0 || i.Line == f.Line) &&
		(i.File == "" || inFile(i.File, f.File))
}

// inFile reports whether a pattern is that of a file: of its path, or of the end of it.
func inFile(pattern, file string) bool {
	file = strings.ReplaceAll(file, `\`, "/")
	for {
		if ok, _ := path.Match(pattern, file); ok || pattern == file {
			return true
		}
		_, rest, more := strings.Cut(file, "/")
		if !more {
			return false
		}
		file = rest
	}
}

// judge gives findings the severities that a project asks for, and drops those that are
// off and those that it ignores. Fixed rules keep theirs. Used has whether each ignore
// suppresses anything.
func (p *Project) judge(fs schema.Findings) (kept schema.Findings, used []bool) {
	used = make([]bool, len(p.Ignore))
	if len(p.Checks) == 0 && len(p.Ignore) == 0 {
		return fs, used
	}
	kept = fs[:0]
	for _, f := range fs {
		if r, known := schema.LookupRule(f.Code); known && r.Fixed {
			kept = append(kept, f)
			continue
		}
		if level, ok := p.Checks[f.Code]; ok {
			f.Severity = level
		}
		keep := f.Severity != schema.Off
		for i, ignore := range p.Ignore {
			if keep && ignore.matches(f) {
				keep, used[i] = false, true
			}
		}
		if keep {
			kept = append(kept, f)
		}
	}
	return kept, used
}

// checkIgnores reports those that suppress nothing, and those that can't.
func (c *check) checkIgnores(used []bool, known []string) schema.Findings {
	var added schema.Findings
	for i, ignore := range c.Project.Ignore {
		pos := c.Project.at("ignore", i, "code")
		r, isRule := schema.LookupRule(ignore.Code)
		switch {
		case isRule && r.Fixed:
			added = append(added, schema.NewFinding(codes.Setting, pos, "remove it", "ignore: the check %s %s guards what is built, and can't be suppressed", r.Code, r.Name))
		case !isRule && !slices.Contains(known, ignore.Code):
			f := schema.NewFinding(codes.Setting, pos, `"dtafgen check --list" has them all`, "ignore: there is no check %s", ignore.Code)
			f.Severity = schema.Info
			added = append(added, f)
		case !used[i] && c.config.platforms == 0:
			added = append(added, schema.NewFinding(codes.IdleIgnore, pos, "remove it", "this [[ignore]] suppresses nothing: %s finds nothing%s", ignore.Code, ignore.where()))
		}
	}
	return added
}

// where says what an ignore is limited to.
func (i Ignore) where() string {
	s := ""
	if i.Tag != "" {
		s += " about " + tagname.Bare(i.Tag)
	}
	if i.File != "" {
		s += " in " + i.File
	}
	if i.Line != 0 {
		s += " in line " + strconv.Itoa(i.Line)
	}
	return s
}
