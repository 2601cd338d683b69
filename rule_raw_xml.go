package wxt

import (
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

const rawXMLRemedy = "write it as a reference, such as &amp; for &, or build with --mode inline, which escapes values"

// checkRawXML looks for values that the Application Server would make broken
// XML of.
func checkRawXML(p *Pass) {
	if p.Options.Mode == Inline {
		return
	}
	var places []render.Placeholder
	for _, f := range p.Target.templates() {
		places = append(places, f.template.Placeholders()...)
	}
	told := make(map[string]bool)
	for _, place := range places {
		v, ok := p.Value(place.Name)
		if !ok || told[place.Name] {
			continue
		}
		if mark := place.BreaksXML(v.Value); mark != "" {
			told[place.Name] = true
			p.Report(v.Position, rawXMLRemedy,
				"%s: the value has %s, and the Application Server puts it into the template's %s as it is: the app could not parse its file", place.Name, mark, place.Context)
		}
	}
}

// checkRawXMLTemplate looks for values of the options' project that would break a
// template which is checked by itself.
func checkRawXMLTemplate(p *Pass) {
	if p.Resolution == nil {
		return
	}
	for _, t := range p.Resolution.Targets {
		if t.Platform != p.Platform {
			continue
		}
		for place := range p.placeholders() {
			v, ok := t.Value(place.Name)
			if mark := place.BreaksXML(v.Value); ok && mark != "" {
				p.Report(place.Position, rawXMLRemedy,
					"%s: the project's value (%s) has %s, and the Application Server puts it into the template's %s as it is: the app could not parse its file", place.Name, v.Position, mark, place.Context)
			}
		}
	}
}

// checkRawXMLRequests looks for the same in the requests of a tag set.
func checkRawXMLRequests(p *Pass) {
	if p.Target != nil {
		return
	}
	for _, r := range p.Manifest.Requests {
		name, _ := r.Get("tagName")
		name = tags.Bare(name)
		value := r.Find("tagValue")
		if name == "" || value == nil {
			continue
		}
		if mark := breaksXML(name, value); mark != "" {
			p.Report(value.ValuePos, "write it as a reference: &amp;amp; for & in this file",
				"%s: the value has %s, and the Application Server puts it into the template as it is: the app could not parse its file", name, mark)
		}
	}
}

// breaksXML tells what in a tag's value breaks the XML at one of the places
// where the tag is known to stand, or in the text of an element.
func breaksXML(name string, value *oci.Element) string {
	place := render.Placeholder{Context: render.Text}
	for _, path := range schema.PathsOf(name) {
		if path.IsAttr() {
			place = render.Placeholder{Context: render.Attribute, Quote: '"'}
		}
	}
	return place.BreaksXML(value.Value)
}
