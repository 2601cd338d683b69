package wxt

import (
	"cmp"
	"strconv"

	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/schema"
)

// Requirements returns what the servers need for the features that a compilation
// switches on, and for those that the query asks for. The query's release and edge
// are those of the compilation where it has none. The error is about a feature or
// an edge that there is not.
func (c *Compilation) Requirements(q schema.RequirementQuery) (*schema.Requirements, error) {
	if q.Release == "" && c.Release != 0 {
		q.Release = c.Release.String()
	}
	q.Edge = cmp.Or(q.Edge, c.Project.Edge)
	for _, t := range c.Targets {
		q.Given = append(q.Given, c.given(t)...)
	}
	return schema.RequirementsFor(q)
}

// given returns the values of a target that may switch a feature on.
func (c *Compilation) given(t *Target) []schema.Given {
	var list []schema.Given
	add := func(setting, value string, pos schema.Position) {
		list = append(list, schema.Given{Platform: t.Platform, DeviceType: t.DeviceType, Setting: setting, Value: value, Position: pos})
	}
	for _, f := range schema.Features() {
		for _, setting := range f.Settings {
			if v, ok := t.Value(setting); ok {
				add(setting, v.Value, v.Position)
			}
		}
	}
	if r := manifest.DeviceTypeRequest(t.Manifest); r != nil {
		const element = "supportRemotePartyInfo"
		if v, ok := r.Get(element); ok {
			pos, _ := c.Project.atElement(t.Platform, nil, element)
			add(element, v, pos)
		}
	}
	if lines := t.lines(); lines > 1 {
		pos := c.Project.top()
		if pl, ok := c.Project.lookup(t.Platform.String(), "lines"); ok {
			pos = pl.value
		}
		add("lines", strconv.Itoa(lines), pos)
	}
	return list
}

// lines returns how many lines the target has: those that the project sets, or the
// last one that a template has a system tag of.
func (t *Target) lines() int {
	n := t.Lines
	for _, f := range t.Templates() {
		for _, name := range f.Tags() {
			_, line := tagname.SplitLine(name)
			n = max(n, line)
		}
	}
	return n
}
