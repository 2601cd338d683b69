package wxt

import (
	"maps"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/schema"
)

// Check returns everything that is wrong with a project, or worth knowing about
// it, sorted by place. [Rules] are what it looks for, and [Options].Rules.
func Check(p *Project, o Options) schema.Findings {
	c := newCheck(p, o)
	return c.findings.Sort()
}

// CheckProjectFile checks a project file as [Check] does, and tells at the same
// time what of its text is wrong. The error is about a file that can't be read.
func CheckProjectFile(path string, o Options) (schema.Findings, error) {
	limits := o.Limits.WithDefaults()
	data, err := readFile(path, limits.Project)
	if err != nil {
		return nil, err
	}
	p, fs := parse(path, data, limits)
	if p != nil {
		fs = append(fs, newCheck(p, o).findings...)
	}
	return fs.Sort(), nil
}

// A check is a project that has been looked at as far as it could be: what was
// made of it on the way, and what was found.
type check struct {
	project    *Project
	options    Options
	resolution *Resolution
	findings   schema.Findings
}

func newCheck(p *Project, o Options) *check {
	c := &check{project: p, options: o}
	c.resolution, c.findings = Resolve(p, o)
	rules := withFunctions(o.Rules)
	declared := make(map[string]int, len(p.Declare))
	for i, d := range slices.Backward(p.Declare) {
		declared[d.Name] = i
	}
	c.run(rules, Pass{subject: &subject{}}, func(r Rule) func(*Pass) { return r.Project })
	for _, t := range c.resolution.Targets {
		pass := Pass{Target: t, Platform: t.Platform, subject: &subject{values: make(map[string]int, len(t.Values)), declared: declared}}
		for i, v := range t.Values {
			pass.values[v.Tag.Name] = i
		}
		pass.Template = t.template
		var fs schema.Findings
		pass.Manifest, fs = manifest(p, t, o.Mode)
		c.findings = append(c.findings, fs...)
		c.run(rules, pass, func(r Rule) func(*Pass) { return r.Target })
		c.run(rules, pass, func(r Rule) func(*Pass) { return r.Manifest })
		c.templates(rules, pass)
	}
	c.findings = append(applyLevels(c.findings, p.Checks), c.checkLevels()...)
	return c
}

// templates has the rules look at the templates of a target's base, with the
// project's edits. A rule that looks at targets has seen them. They are the vendor's,
// and taken as they are: what would be an error is a warning.
func (c *check) templates(rules []Rule, pass Pass) {
	target := pass.Target
	if target.base == nil {
		return
	}
	// The target's catalogue has learned the names that are in its templates.
	pass.Target, pass.Archive = nil, target.base.archive
	before := len(c.findings)
	for _, f := range target.templates() {
		data, _ := target.base.archive.File(f.name)
		pass.subject = &subject{file: f.name, data: data}
		pass.Template = f.template
		if pass.isXML() {
			pass.xml, pass.notXML = xmltext.Parse(f.template.Source())
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
		f.Message = target.Platform.String() + ": " + f.Message
		f.Severity = min(f.Severity, schema.Warning)
	}
}

// run has those rules look that have a function for it.
func (c *check) run(rules []Rule, pass Pass, function func(Rule) func(*Pass)) {
	pass.Options, pass.Project, pass.Resolution = c.options, c.project, c.resolution
	pass.Catalogue = c.resolution.Catalogue
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

func (c *check) report(code string, pos schema.Position, remedy, format string, args ...any) {
	c.findings = append(c.findings, schema.NewFinding(code, pos, remedy, format, args...))
}

// applyLevels gives findings the severities that a project asks for, and drops
// those that are off. Fixed rules keep theirs.
func applyLevels(fs schema.Findings, levels map[string]schema.Severity) schema.Findings {
	if len(levels) == 0 {
		return fs
	}
	kept := fs[:0]
	for _, f := range fs {
		level, ok := levels[f.Code]
		if r, known := schema.LookupRule(f.Code); ok && !(known && r.Fixed) {
			f.Severity = level
		}
		if f.Severity != schema.Off {
			kept = append(kept, f)
		}
	}
	return kept
}

// checkLevels tells which of the project's checks are none, or can't be changed.
func (c *check) checkLevels() schema.Findings {
	var codes []string
	for _, r := range append(Rules(), c.options.Rules...) {
		codes = append(codes, r.Code)
	}
	before := len(c.findings)
	for _, code := range slices.Sorted(maps.Keys(c.project.Checks)) {
		pos := c.project.atKey("checks", code)
		if r, ok := schema.LookupRule(code); ok && r.Fixed {
			c.report(schema.CodeSetting, pos, "remove it", "checks.%s: the rule %s guards what is built, and can't be changed", code, r.Name)
		} else if !slices.Contains(codes, code) {
			remedy := `"dtafgen check --list" has them all`
			if near, ok := nearestCode(code, codes); ok {
				remedy = "did you mean " + near + "?"
			}
			c.report(schema.CodeSetting, pos, remedy, "checks.%s: there is no such check", code)
		}
	}
	added := slices.Clone(c.findings[before:])
	c.findings = c.findings[:before]
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
