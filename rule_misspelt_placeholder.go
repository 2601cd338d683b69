package wxt

import (
	"iter"
	"slices"

	"github.com/dtafgen/wxt/internal/nearest"
	"github.com/dtafgen/wxt/render"
)

// placeholders yields the placeholders of a template that do not stand in
// comments.
func (p *Pass) placeholders() iter.Seq[render.Placeholder] {
	return func(yield func(render.Placeholder) bool) {
		if p.Template == nil {
			return
		}
		for _, place := range p.Template.Placeholders() {
			if place.Context != render.Comment && !yield(place) {
				return
			}
		}
	}
}

// slips is how many letters of a placeholder may be wrong for it to be taken for
// a misspelt one. A template may have tags that the catalogue lacks.
const slips = 2

// checkMisspeltPlaceholders looks for placeholders that are almost a known tag.
func checkMisspeltPlaceholders(p *Pass) {
	var names []string
	for t := range p.Catalogue.All() {
		names = append(names, t.Name)
	}
	meant := make(map[string]string)
	for place := range p.placeholders() {
		near, seen := meant[place.Name]
		if !seen {
			if _, ok := p.Catalogue.Lookup(place.Name); !ok && !p.isUCOne(place.Name) && !p.isReserved(place.Name) && !systemTags[place.Name] {
				near, _ = nearest.Within(place.Name, slips, slices.Values(names))
			}
			meant[place.Name] = near
		}
		if near != "" {
			p.Report(place.Position, "did you mean %"+near+"%?", "%%%s%% is no known tag", place.Name)
		}
	}
}

// systemTags are system tags without a line, which the catalogue lacks.
var systemTags = map[string]bool{"BWFQDEVICEID": true, "BWTIMESTAMP": true}
