package wxt

import "strings"

// checkUCOnePlaceholders looks for the UC-One clients' names of tags in a
// template of the Webex app.
func checkUCOnePlaceholders(p *Pass) {
	if !p.isWebex() {
		return
	}
	for place := range p.placeholders() {
		if p.isUCOne(place.Name) {
			p.Report(place.Position, "write %"+place.Name+"_WXT%", "%%%s%% is a tag of the UC-One clients", place.Name)
		}
	}
}

// isUCOne reports whether a name is that of a tag of the Webex app but for its
// ending.
func (p *Pass) isUCOne(name string) bool {
	if strings.HasSuffix(name, "_WXT") {
		return false
	}
	if _, ok := p.Catalogue.Lookup(name); ok {
		return false
	}
	_, ok := p.Catalogue.Lookup(name + "_WXT")
	return ok
}
