package wxt

import (
	"strings"

	"github.com/dtafgen/wxt/tags"
)

// checkReservedPlaceholders looks for custom tags that begin as system tags do.
func checkReservedPlaceholders(p *Pass) {
	for place := range p.placeholders() {
		if p.isReserved(place.Name) {
			p.Report(place.Position, "choose a name that does not begin with BW", "%%%s%% begins with %%BW, and is no system tag: no tag set can define it", place.Name)
		}
	}
}

// isReserved reports whether a name begins as a system tag's, and goes on as a
// custom tag's: system tags have no underscores.
func (p *Pass) isReserved(name string) bool {
	if !tags.IsSystem(name) {
		return false
	}
	if _, ok := p.Catalogue.Lookup(name); ok {
		return false
	}
	return strings.Contains(name, "_")
}
