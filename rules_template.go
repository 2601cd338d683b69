package wxt

import (
	"errors"
	"iter"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/content"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// checkWellFormed looks for templates that are not XML.
func checkWellFormed(p *Pass) {
	var e *xmltext.SyntaxError
	if errors.As(p.shared().notXML, &e) {
		p.Report(p.atOffset(e.Offset), "", "%s", e.Msg)
	}
}

// checkCutPlaceholders looks for placeholders that lack one of their percent
// signs. Percent signs in text are many; those count that have a tag's name
// beside them.
func checkCutPlaceholders(p *Pass) {
	if p.Template == nil {
		return
	}
	source := p.Template.Source()
	comment := inComment(source)
	literal := func(start, end int) {
		for i := start; i < end; i++ {
			if source[i] != '%' || comment(i) {
				continue
			}
			after, before := i+1, i
			for after < end && tagname.IsByte(source[after], after == i+1) {
				after++
			}
			for before > start && tagname.IsByte(source[before-1], false) {
				before--
			}
			if name := source[i+1 : after]; p.looksLikeTag(name) {
				p.Report(p.atOffset(i), "write %"+name+"%", "%%%s is cut: its last percent sign is missing", name)
			} else if name := source[before:i]; p.looksLikeTag(name) {
				p.Report(p.atOffset(before), "write %"+name+"%", "%s%% is cut: its first percent sign is missing", name)
			}
		}
	}
	at := 0
	for _, place := range p.Template.Placeholders() {
		literal(at, place.Offset)
		at = place.Offset + len(place.Name) + 2
	}
	literal(at, len(source))
}

// looksLikeTag reports whether a word is a tag's name, or looks like one.
func (p *Pass) looksLikeTag(name string) bool {
	if name == "" {
		return false
	}
	if _, ok := p.catalogue().Lookup(name); ok {
		return true
	}
	if _, ok := p.catalogue().Lookup(name + "_WXT"); ok {
		return true
	}
	_, line := tagname.SplitLine(name)
	return len(name) > len("_WXT") && strings.HasSuffix(name, "_WXT") || line > 0
}

// inComment returns a function that tells which bytes of a text stand in
// comments. Its offsets must not go down.
func inComment(text string) func(offset int) bool {
	type span struct{ start, end int }
	var comments []span
	if strings.Contains(text, "<!--") {
		xmltext.Scan(text, func(start, end int, ctx xmltext.Context, _ byte) {
			if ctx == xmltext.InComment {
				comments = append(comments, span{start, end})
			}
		})
	}
	return func(offset int) bool {
		for len(comments) > 0 && comments[0].end <= offset {
			comments = comments[1:]
		}
		return len(comments) > 0 && comments[0].start <= offset
	}
}

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
	meant := make(map[string]string)
	for t := range p.catalogue().All() {
		for _, misprint := range t.Misprints {
			meant[misprint] = t.Name
			if tags.CheckName("A"+misprint) != nil { // no placeholder, such as one with a dash that is no hyphen
				p.checkMisprint(misprint, t.Name)
			}
		}
	}
	for place := range p.placeholders() {
		near, seen := meant[place.Name]
		if !seen {
			if _, ok := p.catalogue().Lookup(place.Name); !ok && !p.isUCOne(place.Name) && !systemTags[place.Name] {
				near, _ = text.NearestWithin(place.Name, slips, p.names())
			}
			meant[place.Name] = near
		}
		if near != "" {
			p.reportAt(place, "did you mean %"+near+"%?", "%%%s%% is no known tag", place.Name)
		}
	}
}

// checkMisprint looks for a misprint of the guides that is not even a placeholder.
func (p *Pass) checkMisprint(misprint, name string) {
	if p.Template == nil {
		return
	}
	source := p.Template.Source()
	comment := inComment(source)
	for i := 0; ; {
		j := strings.Index(source[i:], "%"+misprint+"%")
		if j < 0 {
			return
		}
		if i += j; !comment(i) {
			p.Report(p.atOffset(i), "did you mean %"+name+"%?", "%%%s%% is no known tag", misprint)
		}
		i += len(misprint) + 2
	}
}

// names yields the names of the tags that are known.
func (p *Pass) names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for t := range p.catalogue().All() {
			if !yield(t.Name) {
				return
			}
		}
	}
}

// systemTags are system tags without a line, which the catalogue lacks.
var systemTags = map[string]bool{"BWFQDEVICEID": true, "BWTIMESTAMP": true}

// checkUnknownSystemTags looks for system tags that the catalogue lacks. There are
// many more than it has, so that one which is not near another is taken for one.
func checkUnknownSystemTags(p *Pass) {
	told := make(map[string]bool)
	for place := range p.placeholders() {
		if !tagname.IsSystem(place.Name) || systemTags[place.Name] || told[place.Name] {
			continue
		}
		told[place.Name] = true
		if _, ok := p.catalogue().Lookup(place.Name); ok {
			continue
		}
		if _, near := text.NearestWithin(place.Name, slips, p.names()); !near {
			p.reportAt(place, "", "%%%s%% is taken for a system tag, which the Application Server fills: the catalogue lacks it", place.Name)
		}
	}
}

// checkUCOnePlaceholders looks for the UC-One clients' names of tags in a
// template of the Webex app.
func checkUCOnePlaceholders(p *Pass) {
	if !p.isWebex() {
		return
	}
	for place := range p.placeholders() {
		if p.isUCOne(place.Name) {
			p.reportAt(place, "write %"+place.Name+"_WXT%", "%%%s%% is a tag of the UC-One clients", place.Name)
		}
	}
}

// isUCOne reports whether a name is that of a tag of the Webex app but for its
// ending.
func (p *Pass) isUCOne(name string) bool {
	if strings.HasSuffix(name, "_WXT") {
		return false
	}
	if _, ok := p.catalogue().Lookup(name); ok {
		return false
	}
	_, ok := p.catalogue().Lookup(name + "_WXT")
	return ok
}

// single are the paths of the elements that the app's file has once.
var single = sync.OnceValue(func() map[string]bool {
	paths := make(map[string]bool)
	for _, p := range schema.Paths() {
		path, _, _ := strings.Cut(p.Path, "/@")
		for path != "" {
			paths[path] = true
			path = path[:max(strings.LastIndexByte(path, '/'), 0)]
		}
	}
	return paths
})

// checkElementTwice looks for elements of which there are two: those that the
// app is known to have once, and others that have placeholders and are the same
// in every letter.
func checkElementTwice(p *Pass) {
	doc := p.shared().xml
	if doc == nil {
		return
	}
	webex := p.isWebex()
	var visit func(e *xmltext.Node, path string)
	visit = func(e *xmltext.Node, path string) {
		named := make(map[string]*xmltext.Node)
		alike := make(map[string]*xmltext.Node)
		source := func(n *xmltext.Node) string { return doc.Src[n.Start:n.End] }
		for c := range e.Elements() {
			here := path + "/" + c.Name
			first := named[c.Name]
			switch {
			case first == nil:
				named[c.Name] = c
			case !single()[here] || !webex:
				if alike[source(first)] == nil {
					alike[source(first)] = first
				}
				if first = alike[source(c)]; first == nil {
					alike[source(c)] = c
				} else if !strings.Contains(source(c), "%") {
					first = nil
				}
			}
			if first != nil {
				p.Report(p.atOffset(c.Start), "keep one of the two", "<%s> stands twice in <%s>, first in line %d", c.Name, e.Name, p.atOffset(first.Start).Line)
			}
			visit(c, here)
		}
	}
	visit(doc.Root, doc.Root.Name)
}

// checkOtherPlatform looks for tags that the template's platform does not use.
func checkOtherPlatform(p *Pass) {
	if p.Platform == 0 {
		return
	}
	told := make(map[string]bool)
	for place := range p.placeholders() {
		t, ok := p.catalogue().Lookup(place.Name)
		if !ok || told[t.Name] || t.System || t.Platforms.Has(p.Platform) {
			continue
		}
		told[t.Name] = true
		p.reportAt(place, "remove it, or declare it for "+p.Platform.String(), "%%%s%% is a tag of %s, and this is the template for %s", t.Name, t.Platforms, p.Platform)
	}
}

// checkLackingTags tells which tags of its platform a template has no place for.
// One without any custom tag has the values written into it. Of a project's base
// WXT045 tells the same.
func checkLackingTags(p *Pass) {
	if p.Project != nil || p.Platform == 0 || p.Template == nil || !p.isWebex() {
		return
	}
	has := make(map[string]bool)
	for _, name := range p.Template.Tags() {
		if !tagname.IsSystem(name) {
			has[name] = true
		}
	}
	if len(has) == 0 {
		return
	}
	var lacking []string
	for t := range p.catalogue().All(p.Platform) {
		if !has[t.Name] {
			lacking = append(lacking, t.Name)
		}
	}
	if len(lacking) > 0 {
		p.Report(schema.Position{File: p.shared().file, Line: 1, Column: 1}, "", "the template for %s lacks %d of its tags: %s", p.Platform, len(lacking), strings.Join(lacking, ", "))
	}
}

const rawXMLRemedy = "write it as a reference, such as &amp; for &, or build with --mode inline, which escapes values"

// checkRawXML looks for values that the Application Server would make broken
// XML of.
func checkRawXML(p *Pass) {
	if p.inlines() || p.Target == nil {
		return
	}
	var places []render.Placeholder
	for _, f := range p.Target.Templates() {
		places = append(places, f.Placeholders()...)
	}
	told := make(map[string]bool)
	for _, place := range places {
		v, ok := p.Value(place.Name)
		if !ok || told[place.Name] {
			continue
		}
		if mark := place.BreaksXML(v.Value); mark != "" {
			told[place.Name] = true
			p.reportTag(place.Name, v.Position, rawXMLRemedy,
				"%s: the value has %s, and the Application Server puts it into the template's %s as it is: the app could not parse its file", place.Name, mark, place.Context)
		}
	}
}

// checkRawXMLTemplate looks for values of the options' project that would break a
// template which is checked by itself.
func checkRawXMLTemplate(p *Pass) {
	for _, t := range p.targets() {
		if t.Platform != p.Platform {
			continue
		}
		for place := range p.placeholders() {
			v, ok := t.Value(place.Name)
			if mark := place.BreaksXML(v.Value); ok && mark != "" {
				p.reportAt(place, rawXMLRemedy,
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
	for _, r := range p.requests() {
		name, _ := r.Get("tagName")
		name = tagname.Bare(name)
		value := r.Find("tagValue")
		if name == "" || value == nil {
			continue
		}
		if mark := breaksXML(name, value); mark != "" {
			p.reportTag(name, value.ValuePos, "write it as a reference: &amp;amp; for & in this file",
				"%s: the value has %s, and the Application Server puts it into the template as it is: the app could not parse its file", name, mark)
		}
	}
}

// breaksXML tells what in a tag's value breaks the XML at one of the places
// where the tag is known to stand, or in the text of an element.
func breaksXML(name string, value *oci.Element) string {
	place := render.Placeholder{Context: render.Text}
	tag, _ := tags.Default().Lookup(name)
	for _, path := range schema.PathsOf(tag) {
		if strings.Contains(path.Path, "/@") {
			place = render.Placeholder{Context: render.Attribute, Quote: '"'}
		}
	}
	return place.BreaksXML(value.Value)
}

// isXML reports whether a template is meant to be XML.
func (p *Pass) isXML() bool {
	return content.IsXML(p.shared().file, p.shared().data)
}

// isWebex reports whether the template is one of the Webex app's.
func (p *Pass) isWebex() bool {
	if strings.HasPrefix(path.Base(filepath.ToSlash(p.shared().file)), "config-wxt") {
		return true
	}
	return p.Template != nil && slices.ContainsFunc(p.Template.Tags(), func(name string) bool { return strings.HasSuffix(name, "_WXT") })
}

// lines returns the line table of the template.
func (p *Pass) lines() *text.Lines {
	s := p.shared()
	if s.lineTable == nil {
		s.lineTable = text.NewLines(p.Template.Source())
	}
	return s.lineTable
}

// atOffset returns the place of a byte of the template's text.
func (p *Pass) atOffset(offset int) schema.Position {
	line, column := p.lines().Position(offset)
	return schema.Position{File: p.shared().file, Line: line, Column: column}
}
