package xmlmerge

import (
	"slices"

	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
)

// ownLost notes what was changed of an element that the new document lacks.
func (g *merger) ownLost(c, o *xmltext.Node, in *group) {
	if c.Name != o.Name {
		in.note("renamed " + g.path(g.om, c))
	}
	for _, name := range attrNames(o, c) {
		if !equal(attr(o, name), attr(c, name)) {
			in.note("changed " + g.path(g.om, c) + "/@" + name)
		}
	}
	if g.opaque[o] {
		if !g.om.SameContent(c, g.om, o) {
			in.note("changed what is in " + g.path(g.om, c))
		}
		return
	}
	if g.om.Text(o) != g.om.Text(c) {
		in.note("changed the text of " + g.path(g.om, c))
	}
	var was []*xmltext.Node
	for _, x := range nodes(o.Children) {
		if m := g.mineOf(x); m != nil && m.Parent == c {
			was = append(was, m)
		}
	}
	if !slices.IsSortedFunc(was, func(a, b *xmltext.Node) int { return a.Start - b.Start }) {
		in.note("reordered what is in " + g.path(g.om, c))
	}
}

// lost merges changes of c, which the new document lacks.
func (g *merger) lost(c, o *xmltext.Node, at, prev *elem, after []*xmltext.Node, in *group) *elem {
	ch := &Change{Kind: Lost, Outcome: Conflict, Path: g.path(g.om, c), Old: g.xml(g.om.Old, o), Mine: g.xml(g.om.New, c), Reason: "the new one lacks it, and you changed it"}
	if near := g.nearest(c, at); near != nil {
		ch.Reason += "; " + g.path(g.on, near.x) + " is new and has much the same name"
	}
	in.change = ch
	if !g.add(ch) {
		return nil
	}
	e := g.restore(c, at)
	g.put(e, at, prev, after)
	return e
}

// nearest returns the element that the new document has put into at and whose name
// comes nearest to that of c, or nil.
func (g *merger) nearest(c *xmltext.Node, at *elem) *elem {
	const longName = 100
	if len(c.Name) > longName {
		return nil
	}
	if at.arrivals == nil {
		at.arrivals = g.findArrivals(at)
	}
	name, ok := text.Nearest(c.Name, func(yield func(string) bool) {
		for _, e := range at.arrivals.list {
			if g.budget -= len(c.Name); g.budget < 0 {
				return
			}
			if len(e.x.Name) <= longName && !yield(e.x.Name) {
				return
			}
		}
	})
	if !ok {
		return nil
	}
	return at.arrivals.byName[name][0]
}

// restore makes an element of c and of what is in it, but for what the new
// document has elsewhere. What mine had moved into it is moved.
func (g *merger) restore(c *xmltext.Node, at *elem) *elem {
	e := &elem{src: g.om.New, x: c, name: c.Name}
	g.placed[c] = e
	if g.opaque[c] {
		return e
	}
	for _, m := range nodes(c.Children) {
		o := g.oldOf(g.om, m)
		if o != nil {
			if n := g.newOf(o); n != nil {
				if x := g.elems[n]; g.parentMoved(m, o) && !at.within(x) {
					x.detach()
					e.insertAfter(x, e.last)
				}
				continue
			}
		}
		e.insertAfter(g.restore(m, at), e.last)
	}
	return e
}

// remove merges the removal of r, a node of old.
func (g *merger) remove(r *xmltext.Node) {
	if g.err != nil {
		return
	}
	var gone []*xmltext.Node // all that mine lacks with r
	var list func(x *xmltext.Node)
	list = func(x *xmltext.Node) {
		gone = append(gone, x)
		if g.opaque[x] {
			return
		}
		for _, c := range nodes(x.Children) {
			if g.mineOf(c) == nil {
				list(c)
			}
		}
	}
	list(r)
	with := make(map[*elem]bool)
	var left []*elem
	for _, x := range gone {
		if n := g.newOf(x); n != nil {
			with[g.elems[n]] = true
			left = append(left, g.elems[n])
		}
	}
	ch := &Change{Kind: Removed, Outcome: Carried, Old: g.xml(g.om.Old, r)}
	if len(left) == 0 {
		ch.Outcome, ch.Path = Present, g.path(g.om, r)
		g.add(ch)
		return
	}
	top := left[0]
	ch.Path, ch.New = g.path(g.on, top.x), g.xml(g.on.New, top.x)
	clean := len(left) == len(gone)
	for i, x := range gone {
		if !clean {
			break
		}
		n := left[i].x
		clean = g.unchanged(x, n)
		for c := left[i].first; clean && c != nil; c = c.next {
			clean = with[c] || g.opaque[n]
		}
	}
	if !clean {
		ch.Outcome, ch.Reason = Conflict, "you removed it, and the new one has changed it"
	}
	if !g.add(ch) {
		return
	}
	// What else has come to be in it must not go along.
	for _, e := range left {
		if g.keeps(e, with) {
			ch.stuck("it has come to hold what you have elsewhere")
			return
		}
	}
	for _, e := range left {
		e.detach()
	}
}

// unchanged reports whether what a node of old said and where it stood is as it
// was in the new document.
func (g *merger) unchanged(o, n *xmltext.Node) bool {
	if o.Name != n.Name || (o.Parent == nil) != (n.Parent == nil) || o.Parent != nil && g.newOf(o.Parent) != n.Parent {
		return false
	}
	for _, name := range attrNames(o, n) {
		if !equal(attr(o, name), attr(n, name)) {
			return false
		}
	}
	if g.opaque[o] {
		return g.on.SameContent(o, g.on, n)
	}
	return g.on.Text(o) == g.on.Text(n)
}

// keeps reports whether something that mine has, or has put there, is below e.
func (g *merger) keeps(e *elem, with map[*elem]bool) bool {
	for c := e.first; c != nil; c = c.next {
		if with[c] {
			continue // it is looked at by itself
		}
		if c.src == g.om.New || g.oldOf(g.on, c.x) != nil || g.keeps(c, with) {
			return true
		}
	}
	return false
}
