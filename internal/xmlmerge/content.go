package xmlmerge

import (
	"slices"

	"github.com/dtafgen/wxt/internal/xmltext"
)

// Text returns the text of an element or a processing instruction of either
// document, without the white space that lays it out. In a text between elements
// these stand as <name/>.
func (m *Matching) Text(n *xmltext.Node) string {
	own := m.node(n)
	if own == nil || own.text == nil {
		return ""
	}
	return runs(own, func(*node) bool { return true }).String()
}

// HasText reports whether a node of either document has text of its own.
func (m *Matching) HasText(n *xmltext.Node) bool {
	own := m.node(n)
	return own != nil && own.text != nil
}

// Hash returns a number that is the same for nodes that say the same, whichever
// document they are of.
func (m *Matching) Hash(n *xmltext.Node) uint64 {
	if own := m.node(n); own != nil {
		return own.hash
	}
	return 0
}

// Same reports whether a, a node of either document, says just what b does, a
// node of either document of another matching.
func (m *Matching) Same(a *xmltext.Node, other *Matching, b *xmltext.Node) bool {
	x, y := m.node(a), other.node(b)
	return x != nil && y != nil && identical(x, y)
}

// SameContent is like Same for what is in the two nodes: their names and
// attributes do not count.
func (m *Matching) SameContent(a *xmltext.Node, other *Matching, b *xmltext.Node) bool {
	x, y := m.node(a), other.node(b)
	if x == nil || y == nil || len(x.children) != len(y.children) || !slices.Equal(x.text, y.text) {
		return false
	}
	for i, c := range x.children {
		if !identical(c, y.children[i]) {
			return false
		}
	}
	return true
}
