package xmlmerge

import (
	"slices"
	"strings"

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
