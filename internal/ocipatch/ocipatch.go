// Package ocipatch changes OCI-P documents in place: what has been changed in the
// elements of a document that was read goes into the bytes that it was read from.
package ocipatch

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
)

// Apply returns src, the bytes that d was read from, with what has been changed in
// the elements of d's requests since, with the requests that were added or
// removed, and every other byte as it was: comments, line ends, indentation and
// encoding stay. What was added has no position (see [Copy]). It is an error if
// requests were moved, or if src is not what d was read from.
func Apply(src []byte, d *oci.Document) ([]byte, error) {
	source, cs, err := charset.Decode(src)
	if err != nil {
		return nil, err
	}
	was, err := oci.Parse("", src)
	if err != nil {
		return nil, err
	}
	doc, err := xmltext.Parse(source)
	if err != nil {
		return nil, err
	}
	p := &patcher{src: source, nodes: make(map[spot]*xmltext.Node), was: make(map[spot]*oci.Element)}
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
	if err := p.requests(doc.Root, was.Requests, d.Requests); err != nil {
		return nil, err
	}
	patched, err := text.Apply(source, p.splices)
	if err != nil {
		return nil, err
	}
	data, err := cs.Encode(patched)
	if err != nil {
		return nil, err
	}
	// What is written has to be what was meant.
	now, err := oci.Parse("", data)
	if err != nil {
		return nil, err
	}
	if len(now.Requests) != len(d.Requests) {
		return nil, errors.New("requests can't be added or removed in place")
	}
	for i, r := range d.Requests {
		if now.Requests[i].Type != r.Type || !slices.EqualFunc(now.Requests[i].Elements, r.Elements, sameElement) {
			return nil, fmt.Errorf("%s can't be changed in place", r.Type)
		}
	}
	return data, nil
}

// sameElement reports whether two elements say the same, wherever they stand.
func sameElement(a, b *oci.Element) bool {
	return a.Name == b.Name && a.Nil == b.Nil && collapse(a.Value) == collapse(b.Value) &&
		slices.EqualFunc(a.Children, b.Children, sameElement)
}

// spot is where an element stood.
type spot struct{ line, column int }

type patcher struct {
	src     string
	nodes   map[spot]*xmltext.Node
	was     map[spot]*oci.Element
	splices []text.Splice
}

// requests makes the commands of the document those of the list.
func (p *patcher) requests(root *xmltext.Node, was, list []*oci.Request) error {
	left := was
	var prev *xmltext.Node
	var added []xmltext.Fragment
	flush := func(next *xmltext.Node) {
		p.splices = append(p.splices, xmltext.InsertAll(p.src, root, prev, next, added)...)
		added = nil
	}
	for _, r := range list {
		if r.Pos.Line == 0 {
			added = append(added, xmltext.Fragment{Text: command(r)})
			continue
		}
		i := slices.IndexFunc(left, func(o *oci.Request) bool { return o.Pos.Line == r.Pos.Line && o.Pos.Column == r.Pos.Column })
		if i < 0 {
			return fmt.Errorf("%s was not read from there", r.Type)
		}
		for _, o := range left[:i] {
			p.splices = append(p.splices, xmltext.Remove(p.src, p.nodes[spot{o.Pos.Line, o.Pos.Column}]))
		}
		old := left[i]
		left = left[i+1:]
		n := p.nodes[spot{r.Pos.Line, r.Pos.Column}]
		flush(n)
		prev = n
		if old.Type != r.Type {
			for _, a := range n.Attrs {
				if strings.HasSuffix(a.Name, ":type") && collapse(a.Value) == old.Type {
					p.splices = append(p.splices, xmltext.SetAttr(p.src, n, a.Name, r.Type)...)
				}
			}
		}
		for _, e := range old.Elements {
			for x := range e.All() {
				p.was[spot{x.Pos.Line, x.Pos.Column}] = x
			}
		}
		p.children(n, r.Elements)
	}
	for _, o := range left {
		p.splices = append(p.splices, xmltext.Remove(p.src, p.nodes[spot{o.Pos.Line, o.Pos.Column}]))
	}
	flush(nil)
	return nil
}

// command returns a request as XML, an element on each line.
func command(r *oci.Request) string {
	var b strings.Builder
	b.WriteString(`<command xsi:type="` + xmltext.EscapeAttr(r.Type, '"') + `" xmlns="" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`)
	for _, a := range r.Attrs {
		b.WriteString(" " + a.Name + `="` + xmltext.EscapeAttr(a.Value, '"') + `"`)
	}
	b.WriteString(">")
	for _, e := range r.Elements {
		b.WriteString("\n  " + XML(e))
	}
	b.WriteString("\n</command>")
	return b.String()
}

// Copy returns a copy of a request without positions: one that was
// not read from a file.
func Copy(r *oci.Request) *oci.Request {
	return &oci.Request{Type: r.Type, Attrs: slices.Clone(r.Attrs), Elements: CopyElements(r.Elements)}
}

// CopyElements returns a copy of elements, and of what is in them, without positions.
func CopyElements(list []*oci.Element) []*oci.Element {
	var copies []*oci.Element
	for _, e := range list {
		copies = append(copies, &oci.Element{
			Name: e.Name, Value: e.Value, Nil: e.Nil, Attrs: slices.Clone(e.Attrs), Children: CopyElements(e.Children),
		})
	}
	return copies
}

// node returns the node that e was read from, if it stood in parent.
func (p *patcher) node(e *oci.Element, parent *xmltext.Node) (*xmltext.Node, *oci.Element) {
	at := spot{e.Pos.Line, e.Pos.Column}
	n, old := p.nodes[at], p.was[at]
	if n == nil || old == nil || n.Parent != parent || old.Name != e.Name {
		return nil, nil
	}
	return n, old
}

// children makes the elements in parent those of the list.
func (p *patcher) children(parent *xmltext.Node, list []*oci.Element) {
	kept := make(map[*xmltext.Node]bool)
	for _, e := range list {
		if n, _ := p.node(e, parent); n != nil {
			kept[n] = true
		}
	}
	for n := range parent.Elements() {
		if !kept[n] {
			p.splices = append(p.splices, xmltext.Remove(p.src, n))
		}
	}
	var prev *xmltext.Node
	var added []string
	flush := func() {
		if len(kept) == 0 && len(added) > 0 {
			added = []string{strings.Join(added, "")}
		}
		for _, xml := range added {
			p.splices = append(p.splices, xmltext.InsertAfter(p.src, parent, prev, xml))
		}
		added = nil
	}
	for _, e := range list {
		n, old := p.node(e, parent)
		if n == nil {
			added = append(added, XML(e))
			continue
		}
		flush()
		prev = n
		p.element(n, old, e)
	}
	flush()
}

// element makes the node what e is.
func (p *patcher) element(n *xmltext.Node, old, e *oci.Element) {
	if old.Nil != e.Nil || (len(old.Children) == 0) != (len(e.Children) == 0) {
		p.splices = append(p.splices, text.Splice{Start: n.Start, End: n.End, Text: XML(e)})
		return
	}
	if len(e.Children) > 0 {
		p.children(n, e.Children)
		return
	}
	if collapse(old.Value) == collapse(e.Value) {
		return
	}
	splices, err := xmltext.SetText(p.src, n, e.Value)
	if err != nil {
		splices = []text.Splice{{Start: n.Start, End: n.End, Text: XML(e)}}
	}
	p.splices = append(p.splices, splices...)
}

// XML returns an element as XML on one line.
func XML(e *oci.Element) string {
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
		b.WriteString(XML(c))
	}
	b.WriteString("</" + e.Name + ">")
	return b.String()
}

// collapse returns a value as a reader takes it: white space around it is left out,
// and is a single space inside.
func collapse(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n", r) }), " ")
}
