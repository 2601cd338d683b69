package render

import (
	"errors"
	"strings"

	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/schema"
)

// maxPaths is how many bytes the paths of a template's places may have in all.
const maxPaths = 64 << 20

// Places returns the placeholders of a template that is XML, in order, with their
// paths. Those in comments are left out, since nothing reads them. The error is an
// [*Error], if the template is not well-formed XML.
func (t *Template) Places() ([]Placeholder, error) {
	doc, err := t.parseXML(t.text)
	if err != nil {
		return nil, err
	}
	p := &placer{left: t.places, room: maxPaths}
	if !p.node(doc.Root, doc.Root.Name) {
		return nil, &Error{schema.Position{File: t.file}, errors.New("the template's paths are too long: expected names as people write them")}
	}
	return p.found, nil
}

// A placer goes through a document and the placeholders in it.
type placer struct {
	left  []Placeholder
	found []Placeholder
	room  int
}

// node takes the placeholders of an element. It returns false if there is no
// room for their paths.
func (p *placer) node(n *xmltext.Node, path string) bool {
	for i := range n.Attrs {
		a := &n.Attrs[i]
		if !p.take(a.ValueStart, a.ValueEnd, path, "/@", a.Name) {
			return false
		}
	}
	for _, c := range n.Children {
		ok := true
		switch c.Kind {
		case xmltext.Element:
			if p.room -= len(c.Name); p.room < 0 {
				return false
			}
			ok = len(p.left) == 0 || p.left[0].Offset >= c.End || p.node(c, path+"/"+c.Name)
		case xmltext.Text, xmltext.CDATA:
			ok = p.take(c.Start, c.End, path)
		case xmltext.ProcInst:
			ok = p.take(c.Start, c.End, path, "/?", c.Name)
		}
		if !ok {
			return false
		}
	}
	return true
}

// take takes the placeholders between two offsets, and leaves those before out.
func (p *placer) take(start, end int, path ...string) bool {
	joined := ""
	for len(p.left) > 0 && p.left[0].Offset < end {
		h := p.left[0]
		p.left = p.left[1:]
		if h.Offset < start {
			continue
		}
		if joined == "" {
			joined = strings.Join(path, "")
			if p.room -= len(joined); p.room < 0 {
				return false
			}
		}
		h.Path = joined
		p.found = append(p.found, h)
	}
	return true
}
