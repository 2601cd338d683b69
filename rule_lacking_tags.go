package wxt

import (
	"strings"

	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// checkLackingTags tells which tags of its platform a template has no place for.
// One without any custom tag has the values written into it. Of a project's base
// WXT045 tells the same.
func checkLackingTags(p *Pass) {
	if p.Project != nil || p.Platform == 0 || p.Template == nil || !p.isWebex() {
		return
	}
	has := make(map[string]bool)
	for _, name := range p.Template.Tags() {
		if !tags.IsSystem(name) {
			has[name] = true
		}
	}
	if len(has) == 0 {
		return
	}
	var lacking []string
	for t := range p.Catalogue.On(p.Platform) {
		if !has[t.Name] {
			lacking = append(lacking, t.Name)
		}
	}
	if len(lacking) > 0 {
		p.Report(schema.Position{File: p.file, Line: 1, Column: 1}, "", "the template for %s lacks %d of its tags: %s", p.Platform, len(lacking), strings.Join(lacking, ", "))
	}
}
