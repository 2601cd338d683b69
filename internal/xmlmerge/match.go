package xmlmerge

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/xmltext"
)

// A Matching says which node of one document is which of another. It does not
// change.
type Matching struct {
	Old, New *xmltext.Document

	old, new *node
	nodes    [2][]node // of the documents, by their numbers
	budget   int       // comparisons that may yet be made
}

// The limits that keep the time of matching in proportion to the documents.
const (
	maxBudget = 1 << 20 // comparisons of likeness in all, weighted by their work
	maxGroup  = 1 << 12 // pairs among elements of one name below one parent
	maxShown  = 64      // attributes and children of an element that are looked at for likeness
)

// seed is that of all hashes, so that those of several matchings can be compared.
var seed = maphash.MakeSeed()

// Match finds out which elements and processing instructions of two documents
// are the same.
//
// Elements of a document have no ids. What says the same below the same parent is
// the same element, then what has the same identifying attributes there (id, name,
// key, type), what has no namesake, and what is most alike; then come elements
// that moved to another parent or got another name. Match does not guess: elements
// that have too little in common are one that is gone and another that is new.
//
// Only what documents say counts: comments, the order of attributes, quotation marks,
// references, CDATA sections and the white space that lays a document out are no
// differences. White space counts where xml:space is "preserve".
func Match(old, new *xmltext.Document) *Matching {
	m := &Matching{Old: old, New: new, budget: maxBudget}
	m.old, m.nodes[0] = build(old)
	m.new, m.nodes[1] = build(new)
	m.pair(m.old, m.new)
	m.moved()
	return m
}

// node returns the node that stands for n, of either document, or nil.
func (m *Matching) node(n *xmltext.Node) *node {
	if n == nil {
		return nil
	}
	for _, nodes := range m.nodes {
		if i := int(n.Number); i < len(nodes) && nodes[i].x == n {
			return &nodes[i]
		}
	}
	return nil
}

// Mate returns the node of the other document that is the same as n, or nil. It
// takes elements and processing instructions of either document.
func (m *Matching) Mate(n *xmltext.Node) *xmltext.Node {
	if own := m.node(n); own != nil && own.mate != nil {
		return own.mate.x
	}
	return nil
}

// Path returns the path of a node of either document, as xmltext.Node.Path
// writes it. A processing instruction is a step such as "?target".
func (m *Matching) Path(n *xmltext.Node) string {
	if own := m.node(n); own != nil {
		return own.path()
	}
	return n.Path()
}

// pair makes o and n mates, and matches what is below them.
func (m *Matching) pair(o, n *node) {
	if o.hash == n.hash && identical(o, n) {
		o.same = pairAll(o, n)
		n.same = o.same
		return
	}
	o.mate, n.mate = n, o
	m.children(o, n)
}

// pairAll makes mates of the nodes of two subtrees that say the same. A node
// that has a mate elsewhere keeps it: then it returns false.
func pairAll(o, n *node) bool {
	all := o.mate == nil && n.mate == nil
	if all {
		o.mate, n.mate = n, o
	}
	for i, c := range o.children {
		all = pairAll(c, n.children[i]) && all
	}
	return all
}

// free returns the nodes that have no mate.
func free(list []*node) []*node {
	var without []*node
	for _, n := range list {
		if n.mate == nil {
			without = append(without, n)
		}
	}
	return without
}

// children matches the children of two mates.
func (m *Matching) children(o, n *node) {
	a, b := free(o.children), free(n.children)
	for len(a) > 0 && len(b) > 0 && a[0].hash == b[0].hash {
		m.pair(a[0], b[0])
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1].hash == b[len(b)-1].hash {
		m.pair(a[len(a)-1], b[len(b)-1])
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	for _, key := range []func(*node) (any, bool){
		func(n *node) (any, bool) { return n.hash, true },
		func(n *node) (any, bool) { return identity(n, "id", "xml:id", "name", "key", "type") },
		func(n *node) (any, bool) { return identity(n, "id", "xml:id", "name", "key") },
	} {
		if len(a) == 0 || len(b) == 0 {
			return
		}
		m.inOrder(a, b, key)
		a, b = free(a), free(b)
	}
	if len(a) == 0 || len(b) == 0 {
		return
	}
	for _, g := range byName(a, b) {
		m.namesakes(g[0], g[1])
	}
}

// byName returns the nodes of both sides in groups of one name, in the order in
// which the names come first.
func byName(a, b []*node) [][2][]*node {
	index := make(map[string]int)
	var groups [][2][]*node
	for side, list := range [2][]*node{a, b} {
		for _, n := range list {
			i, seen := index[n.name]
			if !seen {
				i = len(groups)
				index[n.name] = i
				groups = append(groups, [2][]*node{})
			}
			groups[i][side] = append(groups[i][side], n)
		}
	}
	return groups
}

// inOrder makes mates of the nodes that have the same key, the first with the
// first and so on.
func (m *Matching) inOrder(a, b []*node, key func(*node) (any, bool)) {
	waiting := make(map[any][]*node)
	for _, n := range b {
		if k, ok := key(n); ok {
			waiting[k] = append(waiting[k], n)
		}
	}
	for _, o := range a {
		if k, ok := key(o); ok {
			if list := waiting[k]; len(list) > 0 {
				waiting[k] = list[1:]
				m.pair(o, list[0])
			}
		}
	}
}

// identity returns the name of an element together with its identifying
// attributes, and whether it has any.
func identity(n *node, names ...string) (any, bool) {
	var b strings.Builder
	b.WriteString(n.name)
	found := false
	for _, name := range names {
		if v, ok := n.attr(name); ok {
			b.WriteString("\x00" + name + "\x00" + v)
			found = true
		}
	}
	return b.String(), found
}

func (n *node) attr(name string) (string, bool) {
	i, ok := slices.BinarySearchFunc(n.attrs, name, func(a *xmltext.Attr, name string) int { return strings.Compare(a.Name, name) })
	if !ok {
		return "", false
	}
	return n.attrs[i].Value, true
}

// differ reports whether the identifying attributes of two elements say that
// they are not the same.
func differ(a, b *node) bool {
	if a.parent.parent == nil && b.parent.parent == nil {
		return false // the root is the root
	}
	for _, name := range []string{"id", "xml:id", "name", "key"} {
		x, okX := a.attr(name)
		y, okY := b.attr(name)
		if okX && okY && x != y {
			return true
		}
	}
	return false
}

// How much two elements have to have in common, from 0 to 1, to be taken for the
// same.
const (
	alike     = 0.5 // those of one name below one parent
	veryAlike = 0.6 // those whose parents, names or identifying attributes differ
)

// namesakes matches elements of one name below one parent.
func (m *Matching) namesakes(a, b []*node) {
	if len(a) == 0 || len(b) == 0 {
		return
	}
	if len(a) > 1 || len(b) > 1 || differ(a[0], b[0]) {
		m.likest(a, b, alike)
		a, b = free(a), free(b)
	}
	if len(a) != len(b) {
		return
	}
	for i, o := range a {
		if !differ(o, b[i]) {
			m.pair(o, b[i])
		}
	}
}

// likest makes mates of the nodes that are most alike, if they are at least as
// alike as asked for. Where there are too many to compare it leaves them.
func (m *Matching) likest(a, b []*node, least float64) {
	if m.budget <= 0 || len(a) > maxGroup || len(b) > maxGroup || len(a)*len(b) > maxGroup {
		return
	}
	type candidate struct {
		o, n  *node
		score float64
	}
	var list []candidate
	for _, o := range a {
		features := m.features(o)
		for _, n := range b {
			want := least
			if differ(o, n) {
				if len(o.children) == 0 || len(n.children) == 0 {
					continue
				}
				want = veryAlike
			}
			if score := m.likeness(features, n); score >= want {
				list = append(list, candidate{o, n, score})
			}
		}
	}
	slices.SortStableFunc(list, func(x, y candidate) int { return cmp.Compare(y.score, x.score) })
	for _, c := range list {
		if c.o.mate == nil && c.n.mate == nil {
			m.pair(c.o, c.n)
		}
	}
}

// A feature is something that an element says.
type feature struct {
	kind  byte
	name  string
	value string
	hash  uint64
}

// features returns what an element says, and how much each of it counts.
func (m *Matching) features(n *node) map[feature]int {
	f := make(map[feature]int)
	for _, a := range n.attrs[:min(len(n.attrs), maxShown)] {
		f[feature{kind: '@', name: a.Name}]++
		f[feature{kind: '=', name: a.Name, value: a.Value}] += 2
	}
	for _, s := range n.text[:min(len(n.text), maxShown)] {
		if s != "" {
			f[feature{kind: 't', value: s}] += 3
		}
	}
	for _, c := range n.children[:min(len(n.children), maxShown)] {
		f[feature{kind: '/', name: c.name}]++
		weight := min(int(c.size), 8)
		if c.hasValue() {
			weight++
		}
		f[feature{kind: '#', hash: c.hash}] += weight
	}
	m.budget -= len(f)
	return f
}

// likeness returns how much an element has in common with one that has these
// features, from 0 to 1. It is 0 once the budget is used up.
func (m *Matching) likeness(features map[feature]int, n *node) float64 {
	if m.budget <= 0 {
		return 0
	}
	others := m.features(n)
	total, common := 0, 0
	for f, weight := range others {
		total += weight
		common += min(weight, features[f])
	}
	for _, weight := range features {
		total += weight
	}
	if total == 0 {
		return 0
	}
	return 2 * float64(common) / float64(total)
}

// moved matches elements that are below another parent, or have another name,
// than they had.
func (m *Matching) moved() {
	a, b := unmatched(m.old), unmatched(m.new)
	if len(a) == 0 || len(b) == 0 {
		return
	}
	// What says the same, and is said once in each document.
	counts := [2]map[uint64]int{count(m.old), count(m.new)}
	places := make(map[uint64]*node)
	for _, n := range b {
		places[n.hash] = n
	}
	for _, o := range a {
		n := places[o.hash]
		if n != nil && o.mate == nil && n.mate == nil && counts[0][o.hash] == 1 && counts[1][o.hash] == 1 && o.says() {
			m.pair(o, n)
		}
	}
	// What got another name where it stands.
	byParent := make(map[*node][]*node)
	for _, n := range free(b) {
		byParent[n.parent] = append(byParent[n.parent], n)
	}
	done := make(map[*node]bool)
	for _, o := range a {
		p := o.parent
		if o.mate != nil || p.mate == nil || done[p] {
			continue
		}
		done[p] = true
		m.likest(elements(free(p.children)), elements(free(byParent[p.mate])), veryAlike)
	}
	// What changed and moved.
	for _, g := range byName(free(a), free(b)) {
		m.likest(free(g[0]), free(g[1]), veryAlike)
	}
}

// says reports whether the subtree says something beyond the names of its
// elements.
func (n *node) says() bool {
	found := false
	n.walk(func(c *node) bool {
		found = found || c.hasValue()
		return !found
	})
	return found
}

func elements(list []*node) []*node {
	return slices.DeleteFunc(list, func(n *node) bool { return n.x.Kind != xmltext.Element })
}

// unmatched returns the nodes of a document that have no mate, in order.
func unmatched(top *node) []*node {
	var list []*node
	top.walk(func(n *node) bool {
		if n.mate == nil {
			list = append(list, n)
		}
		return !n.same
	})
	return list
}

// count returns how often each subtree is in a document.
func count(top *node) map[uint64]int {
	counts := make(map[uint64]int)
	top.walk(func(n *node) bool {
		counts[n.hash]++
		return true
	})
	return counts
}
