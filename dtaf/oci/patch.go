package oci

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/xmledit"
	"github.com/dtafgen/wxt/internal/xmltext"
)

// Patch returns src, the bytes that d was read from, with what has been changed in
// the elements of d's requests since, and every other byte as it was: comments,
// line ends, indentation and encoding stay. It is an error if requests were
// added, removed or moved, or if src is not what d was read from.
func (d *Document) Patch(src []byte) ([]byte, error) {
	text, cs, err := charset.Decode(src)
	if err != nil {
		return nil, err
	}
	was, err := Parse("", src)
	if err != nil {
		return nil, err
	}
	doc, err := xmltext.Parse(text)
	if err != nil {
		return nil, err
	}
	if len(was.Requests) != len(d.Requests) {
		return nil, errors.New("requests were added or removed")
	}
	p := &patcher{src: text, nodes: make(map[spot]*xmltext.Node), was: make(map[spot]*Element)}
	lines := doc.Lines()
	var walk func(n *xmltext.Node)
	walk = func(n *xmltext.Node) {
		line, column := lines.Position(n.Start)
		p.nodes[spot{line, column}] = n
		for c := range n.Elements() {
			walk(c)
		}
	}
	walk(doc.Root)
	for i, r := range d.Requests {
		old := was.Requests[i]
		if old.Pos.Line != r.Pos.Line || old.Pos.Column != r.Pos.Column || old.Type != r.Type {
			return nil, fmt.Errorf("%s was not read from there", r.Type)
		}
		for _, e := range old.Elements {
			for x := range e.All() {
				p.was[spot{x.Pos.Line, x.Pos.Column}] = x
			}
		}
		p.children(p.nodes[spot{r.Pos.Line, r.Pos.Column}], r.Elements)
	}
	patched, err := xmledit.Apply(text, p.splices)
	if err != nil {
		return nil, err
	}
	data, err := cs.Encode(patched)
	if err != nil {
		return nil, err
	}
	// What is written has to be what was meant.
	now, err := Parse("", data)
	if err != nil {
		return nil, err
	}
	for i, r := range d.Requests {
		if !slices.EqualFunc(now.Requests[i].Elements, r.Elements, sameElement) {
			return nil, fmt.Errorf("%s can't be changed in place", r.Type)
		}
	}
	return data, nil
}

// sameElement reports whether two elements say the same, wherever they stand.
func sameElement(a, b *Element) bool {
	return a.Name == b.Name && a.Nil == b.Nil && collapse(a.Value) == collapse(b.Value) &&
		slices.EqualFunc(a.Children, b.Children, sameElement)
}

// spot is where an element stood.
type spot struct{ line, column int }

type patcher struct {
	src     string
	nodes   map[spot]*xmltext.Node
	was     map[spot]*Element
	splices []xmledit.Splice
}

// node returns the node that e was read from, if it stood in parent.
func (p *patcher) node(e *Element, parent *xmltext.Node) (*xmltext.Node, *Element) {
	at := spot{e.Pos.Line, e.Pos.Column}
	n, old := p.nodes[at], p.was[at]
	if n == nil || old == nil || n.Parent != parent || old.Name != e.Name {
		return nil, nil
	}
	return n, old
}

// children makes the elements in parent those of the list.
func (p *patcher) children(parent *xmltext.Node, list []*Element) {
	kept := make(map[*xmltext.Node]bool)
	for _, e := range list {
		if n, _ := p.node(e, parent); n != nil {
			kept[n] = true
		}
	}
	for n := range parent.Elements() {
		if !kept[n] {
			p.splices = append(p.splices, xmledit.Remove(p.src, n))
		}
	}
	var prev *xmltext.Node
	var added []string
	flush := func() {
		if len(kept) == 0 && len(added) > 0 {
			added = []string{strings.Join(added, "")}
		}
		for _, xml := range added {
			p.splices = append(p.splices, xmledit.InsertAfter(p.src, parent, prev, xml))
		}
		added = nil
	}
	for _, e := range list {
		n, old := p.node(e, parent)
		if n == nil {
			added = append(added, markup(e))
			continue
		}
		flush()
		prev = n
		p.element(n, old, e)
	}
	flush()
}

// element makes the node what e is.
func (p *patcher) element(n *xmltext.Node, old, e *Element) {
	if old.Nil != e.Nil || (len(old.Children) == 0) != (len(e.Children) == 0) {
		p.splices = append(p.splices, xmledit.Splice{Start: n.Start, End: n.End, Text: markup(e)})
		return
	}
	if len(e.Children) > 0 {
		p.children(n, e.Children)
		return
	}
	if collapse(old.Value) == collapse(e.Value) {
		return
	}
	splices, err := xmledit.SetText(p.src, n, e.Value)
	if err != nil {
		splices = []xmledit.Splice{{Start: n.Start, End: n.End, Text: markup(e)}}
	}
	p.splices = append(p.splices, splices...)
}

// markup returns an element as XML on one line.
func markup(e *Element) string {
	var b strings.Builder
	b.WriteString("<" + e.Name)
	if e.Nil {
		b.WriteString(` xsi:nil="true"`)
	}
	for _, a := range e.Attrs {
		b.WriteString(" " + a.Name + `="` + xmltext.EscapeAttr(a.Value, '"') + `"`)
	}
	if e.Value == "" && len(e.Children) == 0 {
		b.WriteString("/>")
		return b.String()
	}
	b.WriteString(">" + xmltext.EscapeText(e.Value))
	for _, c := range e.Children {
		b.WriteString(markup(c))
	}
	b.WriteString("</" + e.Name + ">")
	return b.String()
}
