package wxt

import "github.com/dtafgen/wxt/tags"

// checkOtherPlatform looks for tags that the template's platform does not use.
func checkOtherPlatform(p *Pass) {
	if p.Platform == 0 {
		return
	}
	told := make(map[string]bool)
	for place := range p.placeholders() {
		t, ok := p.Catalogue.Lookup(place.Name)
		if !ok || told[t.Name] || t.Kind != tags.Custom || t.Platforms.Has(p.Platform) {
			continue
		}
		told[t.Name] = true
		p.Report(place.Position, "remove it, or declare it for "+p.Platform.String(), "%%%s%% is a tag of %s, and this is the template for %s", t.Name, t.Platforms, p.Platform)
	}
}
