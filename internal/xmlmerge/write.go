package xmlmerge

import (
	"strings"

	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
)

// An elem is an element or a processing instruction of the result.
type elem struct {
	src *xmltext.Document // the document that it is taken from: the new one, or mine
	x   *xmltext.Node     // its node there; nil for the document

	name    string
	attrs   []attrEdit
	text    *string       // another text
	content *xmltext.Node // the node of mine whose content it takes

	arrivals *arrivals // nil before they are asked for

	parent, first, last, prev, next *elem

	whole bool // all of it is as in its document
	taken bool // it has been told what of mine it is
	twin  bool // mine added what says the same, so that their nodes are in the same order
}

type attrEdit struct {
	name  string
	value *string // nil removes it
}

func (e *elem) raw() bool { return e.whole }

// within reports whether e is x or below it.
func (e *elem) within(x *elem) bool {
	for ; e != nil; e = e.parent {
		if e == x {
			return true
		}
	}
	return false
}

func (e *elem) detach() {
	p := e.parent
	if p == nil {
		return
	}
	if e.prev != nil {
		e.prev.next = e.next
	} else {
		p.first = e.next
	}
	if e.next != nil {
		e.next.prev = e.prev
	} else {
		p.last = e.prev
	}
	e.parent, e.prev, e.next = nil, nil, nil
}

// insertAfter puts c into e, behind prev, or first if prev is nil.
func (e *elem) insertAfter(c, prev *elem) {
	c.parent, c.prev = e, prev
	if prev != nil {
		c.next, prev.next = prev.next, c
	} else {
		c.next, e.first = e.first, c
	}
	if c.next != nil {
		c.next.prev = c
	} else {
		e.last = c
	}
}

// permute puts the elements of to at the places of those of from, which are the
// same.
func (e *elem) permute(from, to []*elem) {
	place := make(map[*elem]*elem, len(from))
	for i, x := range from {
		place[x] = to[i]
	}
	var list []*elem
	for c := e.first; c != nil; c = c.next {
		if by := place[c]; by != nil {
			list = append(list, by)
		} else {
			list = append(list, c)
		}
	}
	e.first, e.last = nil, nil
	for _, c := range list {
		e.insertAfter(c, e.last)
	}
}

// copyNew makes the result what the new document is.
func (g *merger) copyNew() {
	g.doc = &elem{src: g.on.New}
	var fill func(at *elem, list []*xmltext.Node)
	fill = func(at *elem, list []*xmltext.Node) {
		for _, n := range nodes(list) {
			e := &elem{src: g.on.New, x: n, name: n.Name}
			g.elems[n] = e
			at.insertAfter(e, at.last)
			if !g.opaque[n] {
				fill(e, n.Children)
			}
		}
	}
	fill(g.doc, g.on.New.Nodes)
}

// newElem makes an element of a node that mine adds.
func (g *merger) newElem(c *xmltext.Node) *elem {
	return &elem{src: g.om.New, x: c, name: c.Name, whole: !g.mated[c] || g.opaque[c]}
}

// write returns the text of the result, and an error if it does not say what is
// meant.
func (g *merger) write() (string, error) {
	text, err := text.Apply(g.on.New.Src, g.splices(g.doc))
	if err != nil {
		return "", errUnsound
	}
	got, err := xmltext.Parse(text)
	if err != nil {
		return "", errUnsound
	}
	var b strings.Builder
	for c := g.doc.first; c != nil; c = c.next {
		g.plain(&b, c)
	}
	want, err := xmltext.Parse(b.String())
	if err != nil || !same(want, got) {
		return "", errUnsound
	}
	return text, nil
}

// plain writes what an element is meant to say, without regard to form.
func (g *merger) plain(b *strings.Builder, e *elem) {
	src := e.src.Src
	if e.whole {
		b.WriteString(src[e.x.Start:e.x.End])
		return
	}
	if e.x.Kind == xmltext.ProcInst {
		text := e.x.Value
		if e.text != nil {
			text = *e.text
		}
		b.WriteString("<?" + e.name + " " + text + "?>")
		return
	}
	b.WriteString("<" + e.name)
	changed := make(map[string]bool)
	for _, a := range e.attrs {
		changed[a.name] = true
		if a.value != nil {
			b.WriteString(" " + a.name + `="` + xmltext.EscapeAttr(*a.value, '"') + `"`)
		}
	}
	for _, a := range e.x.Attrs {
		if !changed[a.Name] {
			b.WriteString(" " + a.Name + `="` + xmltext.EscapeAttr(a.Value, '"') + `"`)
		}
	}
	b.WriteString(">")
	switch {
	case e.content != nil:
		b.WriteString(g.om.New.Src[e.content.OpenEnd:e.content.CloseStart])
	case e.text != nil:
		b.WriteString(xmltext.EscapeText(*e.text))
	case g.opaque[e.x] || e.first == nil && len(nodes(e.x.Children)) == 0:
		b.WriteString(src[e.x.OpenEnd:e.x.CloseStart])
	}
	for c := e.first; c != nil; c = c.next {
		g.plain(b, c)
	}
	b.WriteString("</" + e.name + ">")
}

// splices returns what makes the node of e, in its document, what e is.
func (g *merger) splices(e *elem) []text.Splice {
	if e.whole {
		return nil
	}
	src := e.src.Src
	var list []text.Splice
	if e.x != nil {
		if e.x.Kind == xmltext.ProcInst {
			if e.text != nil {
				list = append(list, text.Splice{Start: e.x.Start, End: e.x.End, Text: "<?" + e.name + " " + *e.text + "?>"})
			}
			return list
		}
		for _, a := range e.attrs {
			if a.value == nil {
				list = append(list, xmltext.RemoveAttr(e.x, a.name)...)
			} else {
				list = append(list, g.encoded(xmltext.SetAttr(src, e.x, a.name, *a.value))...)
			}
		}
		switch {
		case e.content != nil:
			xml := g.om.New.Src[e.content.OpenEnd:e.content.CloseStart]
			list = append(list, g.encoded([]text.Splice{xmltext.SetContent(src, e.x, xml)})...)
		case e.text != nil:
			text, err := xmltext.SetText(src, e.x, *e.text)
			if err == nil {
				list = append(list, g.encoded(text)...)
			}
		}
	}
	if e.content == nil && e.text == nil && (e.x == nil || !g.opaque[e.x]) {
		list = append(list, g.contents(e)...)
	}
	if e.x != nil && e.name != e.x.Name {
		for i, s := range list {
			if rest, ok := strings.CutSuffix(s.Text, "</"+e.x.Name+">"); ok && e.x.SelfClosing && s.End == e.x.End {
				list[i].Text = rest + "</" + e.name + ">"
			}
		}
		list = append(list, xmltext.Rename(e.x, e.name)...)
	}
	return list
}

// encoded writes characters that the encoding lacks as references.
func (g *merger) encoded(list []text.Splice) []text.Splice {
	if g.options.Encode != nil {
		for i := range list {
			list[i].Text = g.options.Encode(list[i].Text)
		}
	}
	return list
}

// contents returns the splices of what is in an element.
func (g *merger) contents(e *elem) []text.Splice {
	src := e.src.Src
	was := e.src.Nodes
	if e.x != nil {
		was = e.x.Children
	}
	index := make(map[*xmltext.Node]int)
	for i, n := range nodes(was) {
		index[n] = i
	}
	var own []*elem // those that stand there in the document
	for c := e.first; c != nil; c = c.next {
		if _, ok := index[c.x]; ok && c.src == e.src {
			own = append(own, c)
		}
	}
	indexes := make([]int, len(own))
	for i, c := range own {
		indexes[i] = index[c.x]
	}
	stay := make(map[*elem]bool, len(own)) // as many as can, the others are put between them
	kept := make(map[*xmltext.Node]bool, len(own))
	for i, rising := range text.Rising(indexes) {
		if rising {
			stay[own[i]] = true
			kept[own[i].x] = true
		}
	}
	var list []text.Splice
	for _, n := range nodes(was) {
		if !kept[n] {
			list = append(list, xmltext.Remove(src, n))
		}
	}
	var prev *xmltext.Node
	var waiting []xmltext.Fragment
	flush := func(next *xmltext.Node) {
		if len(waiting) > 0 {
			list = append(list, xmltext.InsertAll(src, e.x, prev, next, waiting)...)
			waiting = nil
		}
	}
	for c := e.first; c != nil; c = c.next {
		if !stay[c] {
			f, err := xmltext.Cut(c.src.Src, c.x, g.splices(c))
			if err != nil {
				f = xmltext.Fragment{} // which the result then lacks, and write tells
			}
			if g.options.Encode != nil {
				f.Text = g.options.Encode(f.Text)
			}
			waiting = append(waiting, f)
			continue
		}
		flush(c.x)
		prev = c.x
		list = append(list, g.splices(c)...)
	}
	flush(nil)
	return list
}
