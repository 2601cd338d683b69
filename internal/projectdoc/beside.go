package projectdoc

import (
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
)

// A Place is where a tag first stands in a template.
type Place struct {
	Element string // its path below the root, such as "services/calls/record", or the root
	Attr    string // the attribute's name; empty: in the element's text
	Says    string // what the template's comments behind it, on its line, say
}

// Places returns where the tags of templates stand, by their names: nothing of one
// that is not XML.
func Places(templates ...*render.Template) map[string]Place {
	places := make(map[string]Place)
	for _, t := range templates {
		addPlaces(places, t)
	}
	return places
}

// addPlaces adds the places of tags in a template that have none yet.
func addPlaces(places map[string]Place, t *render.Template) {
	found, err := t.Places()
	if err != nil {
		return
	}
	doc, err := xmltext.Parse(t.Source())
	if err != nil {
		return
	}
	comments := make(map[int][]*xmltext.Node) // by line, in order
	var collect func(n *xmltext.Node)
	collect = func(n *xmltext.Node) {
		for _, c := range n.Children {
			if c.Kind == xmltext.Comment {
				line, _ := doc.Lines().Position(c.Start)
				comments[line] = append(comments[line], c)
			}
			collect(c)
		}
	}
	collect(doc.Root)
	for _, p := range found {
		if _, ok := places[p.Name]; ok {
			continue
		}
		path, attr, _ := strings.Cut(p.Path, "/@")
		_, element, below := strings.Cut(path, "/")
		if !below {
			element = path // the root itself
		}
		var says []string
		for _, c := range comments[p.Position.Line] {
			if s := said(c.Value); c.Start > p.Offset && s != "" && !slices.Contains(says, s) {
				says = append(says, s)
			}
		}
		places[p.Name] = Place{element, attr, strings.Join(says, "; ")}
	}
}

// said returns what a comment says, as a comment of a project file may have it: on one
// line that a person reads, and without secrets. Markup that is commented out says
// nothing.
func said(comment string) string {
	const most = 400
	s := strings.Join(strings.Fields(comment), " ")
	if strings.Contains(s, "<") || !strings.ContainsFunc(s, isLetterOrDigit) {
		return ""
	}
	s = text.Printable(secret.Hide(s))
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "..."
	}
	return s
}

func isLetterOrDigit(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z'
}
