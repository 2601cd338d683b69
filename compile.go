package wxt

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/dtaf/provision"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A Compilation is a project with everything decided: the bases are read, each
// platform has its values, its template and its manifest. What is done with a
// project after that reads a compilation: [Compilation.Check],
// [Compilation.Build] and the rest.
//
// A compilation does not change, and several goroutines may use it at a time.
type Compilation struct {
	Project   *Project        // as it was compiled: names of tags without percent signs
	Mode      Mode            //
	Release   oci.Release     // that requests are made for; zero: requests that every release knows
	Catalogue *tags.Catalogue // with the project's declarations, and without what bases add
	Targets   []*Target       // the platforms asked for, desktop first; one whose base can't be used is left out

	config   config
	archives map[string]openedBase // by the name that the project has
	contents map[source]*contents
	findings schema.Findings // with the severities of the rules
}

// Compile makes everything of a project that can be made: it opens the bases,
// fills in the defaults, and makes the template and the manifest of each platform
// asked for. Each is made once. The findings tell what could not be made, with the
// severities that the project's [checks] give them; [Compilation.Check] has them
// too, and more.
func Compile(p *Project, opts ...CompileOption) (*Compilation, schema.Findings) {
	var c config
	for _, o := range opts {
		o.forCompile(&c)
	}
	compilation := compile(p, c)
	all := compilation.all()
	p.annotate(all)
	findings, _ := p.judge(all)
	return compilation, findings.Sorted()
}

// compile is Compile for options that are known.
func compile(p *Project, o config) *Compilation {
	if !o.limited {
		o.limits = p.limits
	}
	o.limits = o.limits.WithDefaults()
	c := &Compilation{
		Project: p.bare(), Mode: o.mode, Release: p.BroadWorks,
		config: o, archives: make(map[string]openedBase), contents: make(map[source]*contents),
	}
	if o.release != 0 {
		c.Release = o.release
	}
	c.declare()
	others := make(map[tags.Platform]*tags.Catalogue)
	for _, platform := range tags.Platforms() {
		if c.Project.Platform(platform).Disabled || o.platforms != 0 && !o.platforms.Has(platform) {
			continue
		}
		t, fs := c.target(platform)
		c.findings = append(c.findings, fs...)
		others[platform] = nil // it might know any tag
		if t != nil {
			t.Manifest, t.unfit = c.manifest(t)
			c.Targets = append(c.Targets, t)
			others[platform] = t.Catalogue
		}
	}
	c.checkNames(others)
	return c
}

// checkNames checks the names in the project's tables of tags. Catalogues are
// those of the platforms that are compiled; nil is one that is not known. What
// another platform knows is found out only if it matters.
func (c *Compilation) checkNames(catalogues map[tags.Platform]*tags.Catalogue) {
	p := c.Project
	of := func(platform tags.Platform) *tags.Catalogue {
		known, ok := catalogues[platform]
		if !ok {
			if t, _ := c.target(platform); t != nil {
				known = t.Catalogue
			}
			catalogues[platform] = known
		}
		return known
	}
	for _, platform := range tags.Platforms() {
		values := p.Platform(platform).Tags
		if len(values) == 0 {
			continue
		}
		if known := of(platform); known != nil {
			c.findings = append(c.findings, checkTags(p, []*tags.Catalogue{known}, platform, values, platform.String(), "tags")...)
		}
	}
	known := []*tags.Catalogue{c.Catalogue}
	if len(checkTags(p, known, 0, p.Tags, "tags")) == 0 {
		return
	}
	for _, platform := range tags.Platforms() {
		other := of(platform)
		if other == nil {
			return // it might have known any tag
		}
		known = append(known, other)
	}
	c.findings = append(c.findings, checkTags(p, known, 0, p.Tags, "tags")...)
}

// declare extends the catalogue with the declarations of the project.
func (c *Compilation) declare() {
	p := c.Project
	report := func(i int, remedy, format string, args ...any) {
		c.findings = append(c.findings, schema.NewFinding(codes.Declare, p.atDeclare(i, "tag"), remedy, format, args...))
	}
	catalogue, err := tags.Default().Extend(p.Declare...)
	if err != nil {
		// One by one, to tell of each that can't be.
		catalogue = tags.Default()
		for i, d := range p.Declare {
			extended, err := catalogue.Extend(d)
			if err != nil {
				report(i, "", "%s", err)
				continue
			}
			catalogue = extended
		}
	}
	declared := make(map[string]bool, len(p.Declare))
	for i, d := range p.Declare {
		if declared[d.Name] {
			report(i, "keep one of the two", "tag %s is declared twice", d.Name)
		}
		declared[d.Name] = true
	}
	c.Catalogue = catalogue
}

// bare returns the project with the names of its tags without percent signs, so
// that they mean the same wherever they come from.
func (p *Project) bare() *Project {
	q := *p
	q.Tags = bareNames(p.Tags)
	q.Declare = slices.Clone(p.Declare)
	for i := range q.Declare {
		q.Declare[i].Name = tagname.Bare(q.Declare[i].Name)
	}
	for _, platform := range tags.Platforms() {
		s := q.Platform(platform)
		s.Tags = bareNames(s.Tags)
	}
	return &q
}

// bareNames returns values by the bare names of their tags. Of a tag that is there
// with percent signs and without, the value without holds.
func bareNames(values map[string]string) map[string]string {
	if !slices.ContainsFunc(slices.Collect(maps.Keys(values)), func(name string) bool { return strings.Contains(name, "%") }) {
		return values
	}
	bare := make(map[string]string, len(values))
	for name, value := range values {
		short := tagname.Bare(name)
		if _, twice := values[short]; !twice || short == name {
			bare[short] = value
		}
	}
	return bare
}

// Target returns the target of a platform, or nil.
func (c *Compilation) Target(platform tags.Platform) *Target {
	for _, t := range c.Targets {
		if t.Platform == platform {
			return t
		}
	}
	return nil
}

// all returns what was found while compiling.
func (c *Compilation) all() schema.Findings {
	fs := slices.Clone(c.findings)
	for _, t := range c.Targets {
		fs = append(fs, t.unfit...)
	}
	c.Project.annotate(fs)
	// Platforms that share a container share what is to be said about it.
	seen := make(map[string]bool, len(fs))
	return slices.DeleteFunc(fs, func(f schema.Finding) bool {
		key := f.String()
		twice := seen[key]
		seen[key] = true
		return twice
	})
}

// An openedBase is the archives of a base that was opened, or why it could not be.
type openedBase struct {
	archives []*dtaf.Archive
	err      error
}

// Simulation returns a simulation of a platform of the compilation. Values that
// are wrong are no error here: they are findings of the previews. An error that is
// about the project's text is a [schema.Findings].
func (c *Compilation) Simulation(platform tags.Platform) (*simulate.Simulation, error) {
	if err := c.findings.Err(); err != nil {
		return nil, err
	}
	t := c.Target(platform)
	if t == nil {
		return nil, fmt.Errorf("the project has %s disabled", platform)
	}
	config := simulate.Config{
		Template: t.Template, Catalogue: t.Catalogue, Platform: platform, Encoding: t.Encoding,
		Date: t.Package.Date.Time(), Values: make(map[string]string),
	}
	for _, v := range t.Values {
		config.Values[v.Tag.Name] = v.Value
	}
	s, err := simulate.New(config)
	if err != nil {
		return nil, schema.Findings{schema.NewFinding(codes.Encoding, c.Project.at(platform.String(), "encoding"), "use UTF-8", "%s.encoding: %s", platform, err)}
	}
	return s, nil
}

// Provision returns what messages to an Application Server are made of: the targets
// with what is in the archives that [Build] makes, the tag sets' values and where things
// are set. Whether the project is well is for [Compilation.Check] to say. The source
// is there with an error too, without the archives that can't be made.
func (c *Compilation) Provision() (*provision.Source, error) {
	s := &provision.Source{Name: c.Project.file, Title: c.Project.Name, Release: c.Release, Inline: c.Mode == Inline}
	needs, wrong := c.Requirements(schema.RequirementQuery{Base: true})
	if wrong == nil {
		for _, q := range needs.Requirements {
			if strings.HasSuffix(q.Server, " Hub") {
				s.Hub = append(s.Hub, q)
			}
		}
	}
	for _, t := range c.Targets {
		to := provision.Target{
			Platform: t.Platform, DeviceType: t.DeviceType, TagSet: t.TagSet, Encoding: t.Encoding,
			Catalogue: t.Catalogue, Templates: t.Templates(), ArchiveName: t.archiveName(),
			Where: func(key ...any) schema.Position {
				return c.Project.at(append([]any{t.Platform.String()}, key...)...)
			},
		}
		for _, v := range t.Values {
			to.Values = append(to.Values, provision.Value{Tag: v.Tag, Value: v.Value, Default: v.Origin == FromDefault})
		}
		if a, err := t.archive(c.Mode); err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("%s: %w", t.Platform, err))
		} else {
			to.Archive = a
		}
		s.Targets = append(s.Targets, to)
	}
	return s, wrong
}
