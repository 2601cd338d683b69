package xmlmerge

import (
	"github.com/dtafgen/wxt/internal/xmltext"
)

// moved merges the move of c below m's element.
func (g *merger) moved(c, o, n *xmltext.Node, at, prev *elem, after []*xmltext.Node) {
	e := g.elems[n]
	old, mine, now := g.path(g.om, o), g.path(g.om, c), g.path(g.on, n)
	ch := &Change{Kind: Moved, Path: now, Old: &old, Mine: &mine, New: &now}
	vendorMoved := (n.Parent == nil) != (o.Parent == nil) || n.Parent != nil && g.oldOf(g.on, n.Parent) != o.Parent
	switch {
	case e.parent == at:
		ch.Outcome = Present
	case vendorMoved:
		ch.Outcome, ch.Reason = Conflict, "both moved it"
	case at.within(e):
		ch.Outcome, ch.Reason = Conflict, "it has come to hold the place that it was moved to"
	default:
		ch.Outcome = Carried
	}
	if !g.add(ch) {
		return
	}
	if at.within(e) {
		ch.stuck("that can't be")
		return
	}
	g.put(e, at, prev, after)
}

// put puts e into at: behind prev, or ahead of the first of the nodes of mine that
// are there, or at the end.
func (g *merger) put(e, at, prev *elem, after []*xmltext.Node) {
	e.detach()
	if prev != nil {
		at.insertAfter(e, prev)
		return
	}
	for _, m := range after {
		o := g.oldOf(g.om, m)
		if o == nil || g.parentMoved(m, o) {
			continue
		}
		if n := g.newOf(o); n != nil && g.elems[n].parent == at {
			at.insertAfter(e, g.elems[n].prev)
			return
		}
	}
	at.insertAfter(e, at.last)
}

// added merges an element that mine adds.
func (g *merger) added(c *xmltext.Node, at, prev *elem, after []*xmltext.Node) (*elem, *group) {
	if at.x != nil && at.src == g.om.New {
		// Its parent is added, and so it is no change of its own.
		e := g.newElem(c)
		g.put(e, at, prev, after)
		return e, nil
	}
	ch := &Change{Kind: Added, Path: g.path(g.om, c), Mine: g.xml(g.om.New, c), Outcome: Carried}
	if at.arrivals == nil {
		at.arrivals = g.findArrivals(at)
	}
	for _, e := range at.arrivals.byHash[g.om.Hash(c)] {
		if !e.taken && g.om.Same(c, g.on, e.x) {
			e.taken, e.twin = true, true
			ch.Outcome, ch.Path = Present, g.path(g.on, e.x)
			ch.New = ch.Mine
			g.add(ch)
			return e, nil
		}
	}
	other := g.rival(c, at)
	if other != nil {
		ch.Outcome, ch.Path, ch.New = Conflict, g.path(g.on, other.x), g.xml(g.on.New, other.x)
		ch.Reason = "both added one"
		other.taken = true
	}
	if !g.add(ch) {
		return nil, &group{change: ch}
	}
	if other != nil {
		if g.holds(other) {
			ch.stuck("the new one holds what you have elsewhere")
			return nil, &group{change: ch}
		}
		if prev == nil || prev.parent != at {
			prev = other.prev
		}
		if prev == other {
			prev = nil
		}
		other.detach()
	}
	e := g.newElem(c)
	g.put(e, at, prev, after)
	return e, nil
}

// arrivals are the elements that the new document has put into an element.
type arrivals struct {
	byHash map[uint64][]*elem
	byName map[string][]*elem
	list   []*elem
}

func (g *merger) findArrivals(at *elem) *arrivals {
	a := &arrivals{byHash: make(map[uint64][]*elem), byName: make(map[string][]*elem)}
	for e := at.first; e != nil; e = e.next {
		if e.src == g.on.New && g.arrived(e.x, at) {
			hash := g.on.Hash(e.x)
			a.byHash[hash] = append(a.byHash[hash], e)
			a.byName[e.x.Name] = append(a.byName[e.x.Name], e)
			a.list = append(a.list, e)
		}
	}
	return a
}

// rival returns what the new document has put into at and is likely meant to be
// what c is, or nil.
func (g *merger) rival(c *xmltext.Node, at *elem) *elem {
	for _, e := range at.arrivals.byName[c.Name] {
		if e.taken || e.parent != at {
			continue
		}
		if g.budget--; g.budget < 0 || rivals(c, e.x) {
			return e
		}
	}
	return nil
}

// arrived reports whether a node of the new document was not in at's element
// before.
func (g *merger) arrived(n *xmltext.Node, at *elem) bool {
	o := g.oldOf(g.on, n)
	if o == nil {
		return true
	}
	var was *xmltext.Node
	if at.x != nil {
		was = g.oldOf(g.on, at.x)
	}
	return o.Parent != was
}

// rivals reports whether two elements that were added are likely meant to be the
// same.
func rivals(a, b *xmltext.Node) bool {
	if a.Kind != b.Kind || a.Name != b.Name {
		return false
	}
	for _, name := range []string{"id", "xml:id", "name", "key"} {
		x, y := attr(a, name), attr(b, name)
		if x != nil && y != nil && *x != *y {
			return false
		}
	}
	return true
}

// holds reports whether something that was in old is at or below e.
func (g *merger) holds(e *elem) bool {
	if e.x != nil && e.src == g.on.New && g.oldOf(g.on, e.x) != nil {
		return true
	}
	for c := e.first; c != nil; c = c.next {
		if g.holds(c) {
			return true
		}
	}
	return false
}
