package xmlmerge

import (
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
)

// A group is the changes within something that can't be changed: an element that
// the new document lacks, or one that it has its own of.
type group struct {
	change *Change
	within []string
}

func (p *group) note(what string) {
	const most = 100
	switch {
	case len(p.within) < most:
		p.within = append(p.within, what)
	case len(p.within) == most:
		p.within = append(p.within, "and more")
	}
}

// top visits the top level of mine.
func (g *merger) top() {
	g.children(nil, g.doc, nil)
	for _, o := range nodes(g.om.Old.Nodes) {
		if g.mineOf(o) == nil {
			g.removals = append(g.removals, o)
		}
	}
}

// children visits the nodes in m, which is at in the result, or nowhere for a
// group. A nil m is the document.
func (g *merger) children(m *xmltext.Node, at *elem, in *group) {
	list := g.om.New.Nodes
	if m != nil {
		list = m.Children
	}
	mine := nodes(list)
	if at != nil {
		g.order(m, at, mine)
	}
	var prev *elem
	for i, c := range mine {
		if g.err != nil {
			return
		}
		o := g.oldOf(g.om, c)
		var n *xmltext.Node
		if o != nil {
			n = g.newOf(o)
		}
		var where *elem
		var next *group
		switch {
		case o == nil && in == nil && at.twin:
			where = g.elems[nodes(at.x.Children)[i]]
			where.twin = true
		case o == nil && in == nil:
			where, next = g.added(c, at, prev, mine[i+1:])
		case o == nil:
			in.note("added " + g.path(g.om, c))
			next = in
		case n == nil:
			next = in
			if next == nil {
				next = &group{}
			}
			if g.parentMoved(c, o) {
				next.note("moved to " + g.path(g.om, c))
			}
		default:
			where = g.elems[n]
			if g.parentMoved(c, o) {
				if in != nil {
					in.note("moved here " + g.path(g.on, n))
				} else {
					g.moved(c, o, n, at, prev, mine[i+1:])
				}
			}
		}
		g.placed[c] = where
		if where == nil || !where.raw() {
			g.visit(c, o, n, where, next)
		}
		if o != nil && n == nil && in == nil && len(next.within) > 0 {
			where = g.lost(c, o, at, prev, mine[i+1:], next)
			g.placed[c] = where
		}
		if next != nil && next != in && next.change != nil {
			next.change.Within = next.within
		}
		if where != nil && where.parent == at {
			prev = where
		}
	}
}

// parentMoved reports whether c stands below another element than it did.
func (g *merger) parentMoved(c, o *xmltext.Node) bool {
	if c.Parent == nil || o.Parent == nil {
		return c.Parent != o.Parent
	}
	return g.oldOf(g.om, c.Parent) != o.Parent
}

// visit compares what c says with what it was, and goes on to what is in it.
func (g *merger) visit(c, o, n *xmltext.Node, at *elem, in *group) {
	if o != nil {
		if at != nil {
			g.own(c, o, n, at)
		} else {
			g.ownLost(c, o, in)
		}
		if g.opaque[o] {
			return
		}
		for _, x := range nodes(o.Children) {
			if g.mineOf(x) == nil {
				g.removals = append(g.removals, x)
			}
		}
	}
	if g.opaque[c] || at != nil && g.opaque[at.x] {
		return
	}
	g.children(c, at, in)
}

// own merges what an element says itself.
func (g *merger) own(c, o, n *xmltext.Node, at *elem) {
	path := ""
	where := func() string {
		if path == "" {
			path = g.path(g.on, n)
		}
		return path
	}
	if c.Name != o.Name && g.three(Name, where(), &o.Name, &c.Name, &n.Name) {
		at.name = c.Name
	}
	for _, name := range attrNames(o, c) {
		was, is, now := attr(o, name), attr(c, name), attr(n, name)
		if !equal(was, is) && g.three(Attr, where()+"/@"+name, was, is, now) {
			at.attrs = append(at.attrs, attrEdit{name, is})
		}
	}
	if g.opaque[o] {
		if g.om.SameContent(c, g.on, o) {
			return
		}
		ch := &Change{Kind: Content, Path: where(), Old: g.content(g.om.Old, o), Mine: g.content(g.om.New, c), New: g.content(g.on.New, n)}
		switch {
		case g.om.SameContent(c, g.on, n):
			ch.Outcome = Present
		case g.on.SameContent(n, g.on, o):
			ch.Outcome = Carried
		default:
			ch.Outcome, ch.Reason = Conflict, "both changed what is in it"
		}
		if g.add(ch) {
			at.content = c
		}
		return
	}
	was, is := g.om.Text(o), g.om.Text(c)
	if was == is {
		return
	}
	now := g.on.Text(n)
	if g.three(Text, where(), &was, &is, &now) {
		text := strings.Trim(c.Text(), " \t\r\n")
		if c.Kind == xmltext.ProcInst {
			text = c.Value
		}
		at.text = &text
	}
}

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

// content returns the XML of what is in a node.
func (g *merger) content(d *xmltext.Document, n *xmltext.Node) *string {
	return g.value(d.Src[n.OpenEnd:n.CloseStart])
}

func attr(n *xmltext.Node, name string) *string {
	if a, ok := n.Attr(name); ok {
		return &a.Value
	}
	return nil
}

// attrNames returns the names of the attributes of two elements, in order.
func attrNames(o, c *xmltext.Node) []string {
	var names []string
	seen := make(map[string]bool)
	for _, n := range []*xmltext.Node{o, c} {
		for _, a := range n.Attrs {
			if !seen[a.Name] {
				seen[a.Name] = true
				names = append(names, a.Name)
			}
		}
	}
	return names
}

// order merges the order of the elements that m had and has.
func (g *merger) order(m *xmltext.Node, at *elem, mine []*xmltext.Node) {
	var o *xmltext.Node
	if m != nil {
		if o = g.oldOf(g.om, m); o == nil {
			return
		}
	}
	var is []*elem   // the elements that stay, as mine has them
	var was []int    // their places in old
	changed := false // mine has another order, whatever the new document has
	last := -1
	var names [3][]string
	for _, c := range mine {
		x := g.oldOf(g.om, c)
		if x == nil || x.Parent != o {
			continue
		}
		changed = changed || x.Start < last
		last = x.Start
		if n := g.newOf(x); n != nil && g.elems[n].parent == at {
			is = append(is, g.elems[n])
			was = append(was, x.Start)
		}
	}
	if !changed {
		return
	}
	rank := make(map[*elem]int, len(is))
	for i, e := range is {
		rank[e] = i
	}
	var now []*elem
	for e := at.first; e != nil; e = e.next {
		if _, ok := rank[e]; ok {
			now = append(now, e)
		}
	}
	before := slices.Clone(is)
	slices.SortFunc(before, func(a, b *elem) int { return was[rank[a]] - was[rank[b]] })
	for i, list := range [][]*elem{before, is, now} {
		for _, e := range list {
			names[i] = append(names[i], label(e.x))
		}
	}
	path := "."
	if at.x != nil {
		path = g.path(g.on, at.x)
	}
	c := &Change{Kind: Order, Path: path}
	c.Old, c.Mine, c.New = g.value(strings.Join(names[0], ", ")), g.value(strings.Join(names[1], ", ")), g.value(strings.Join(names[2], ", "))
	switch {
	case slices.Equal(now, is):
		c.Outcome = Present
		if slices.Equal(before, is) {
			c.Reason = "what was moved is not there any more"
		}
	case slices.Equal(now, before):
		c.Outcome = Carried
	default:
		c.Outcome, c.Reason = Conflict, "both put it in another order"
	}
	if g.add(c) {
		at.permute(now, is)
	}
}

// label returns what a person knows an element by.
func label(n *xmltext.Node) string {
	for _, name := range []string{"name", "id", "key"} {
		if a, ok := n.Attr(name); ok {
			return a.Value
		}
	}
	return n.Name
}

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
