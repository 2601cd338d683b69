package xmlmerge

import (
	"iter"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
)

// A DiffKind says what a change is.
type DiffKind uint8

// The kinds of change. Those of a whole element are about a processing
// instruction too.
const (
	NodeAdded   DiffKind = iota + 1 // an element, with all that is in it
	NodeRemoved                     // an element, with all that is in it but for what moved elsewhere
	NodeMoved                       // an element, below another parent
	Reordered                       // an element, among its siblings
	Renamed                         // an element
	AttrAdded                       //
	AttrRemoved                     //
	AttrChanged                     //
	TextChanged                     // the text of an element, or of a processing instruction
)

var diffNames = [...]string{
	NodeAdded: "added", NodeRemoved: "removed", NodeMoved: "moved", Reordered: "reordered", Renamed: "renamed",
	AttrAdded: "attribute added", AttrRemoved: "attribute removed", AttrChanged: "attribute changed", TextChanged: "text changed",
}

// String returns the kind in words, such as "attribute changed".
func (k DiffKind) String() string {
	if k < NodeAdded || k > TextChanged {
		return "none"
	}
	return diffNames[k]
}

// A Span is a half-open range of bytes of a document's source.
type Span struct{ Start, End int }

// A Difference is one change between two documents.
type Difference struct {
	Kind     DiffKind
	Old, New *xmltext.Node // the element in each document; nil where it is not there

	// Attr is the name of the attribute that the change is about, or empty.
	Attr string

	// OldValue and NewValue are the values of the attribute, or the texts
	// without the white space that lays them out. In a text between elements
	// these stand as <name/>.
	OldValue, NewValue string

	// OldSpan and NewSpan are the bytes of each source that the change is
	// about: the element, the attribute with its quotation marks, or the content
	// of the element whose text it is. A span is zero where there is nothing.
	OldSpan, NewSpan Span
}

// Differences yields every change, in the order of the new document. What is gone
// comes behind what is said of its parent.
func (m *Matching) Differences() iter.Seq[Difference] {
	return func(yield func(Difference) bool) {
		w := &walker{yield: yield}
		w.node(m.new)
	}
}

// A walker goes through the new document.
type walker struct {
	yield   func(Difference) bool
	stopped bool
}

func (w *walker) emit(c Difference) {
	if !w.stopped && !w.yield(c) {
		w.stopped = true
	}
}

func spanOf(x *xmltext.Node) Span { return Span{x.Start, x.End} }

func attrSpan(a *xmltext.Attr) Span { return Span{a.Start, a.End} }

// content returns the span that holds the text of a node.
func content(x *xmltext.Node) Span {
	if x.Kind != xmltext.Element {
		return spanOf(x)
	}
	return Span{x.OpenEnd, x.CloseStart}
}

func (w *walker) node(n *node) {
	if w.stopped {
		return
	}
	o := n.mate
	if o == nil {
		if n.parent.mate != nil {
			w.emit(Difference{Kind: NodeAdded, New: n.x, NewSpan: spanOf(n.x)})
		}
		for _, c := range n.children {
			w.node(c)
		}
		return
	}
	if n.parent != nil && n.parent.mate != o.parent {
		w.emit(Difference{Kind: NodeMoved, Old: o.x, New: n.x, OldSpan: spanOf(o.x), NewSpan: spanOf(n.x)})
	}
	if n.same {
		return
	}
	stable := steady(n)
	if n.x != nil {
		w.own(o, n, stable)
	}
	for _, c := range o.children {
		if c.mate == nil {
			w.emit(Difference{Kind: NodeRemoved, Old: c.x, OldSpan: spanOf(c.x)})
		}
	}
	for _, c := range n.children {
		if c.mate != nil && c.mate.parent == o && !stable[c] {
			w.emit(Difference{Kind: Reordered, Old: c.mate.x, New: c.x, OldSpan: spanOf(c.mate.x), NewSpan: spanOf(c.x)})
		}
		w.node(c)
	}
}

// own compares what two mates say themselves.
func (w *walker) own(o, n *node, stable map[*node]bool) {
	if o.name != n.name {
		w.emit(Difference{Kind: Renamed, Old: o.x, New: n.x, OldValue: o.x.Name, NewValue: n.x.Name, OldSpan: spanOf(o.x), NewSpan: spanOf(n.x)})
	}
	for i := range o.x.Attrs {
		a := &o.x.Attrs[i]
		if _, ok := n.attr(a.Name); !ok {
			w.emit(Difference{Kind: AttrRemoved, Old: o.x, New: n.x, Attr: a.Name, OldValue: a.Value, OldSpan: attrSpan(a)})
		}
	}
	for i := range n.x.Attrs {
		a := &n.x.Attrs[i]
		k, ok := slices.BinarySearchFunc(o.attrs, a.Name, func(a *xmltext.Attr, name string) int { return strings.Compare(a.Name, name) })
		switch {
		case !ok:
			w.emit(Difference{Kind: AttrAdded, Old: o.x, New: n.x, Attr: a.Name, NewValue: a.Value, NewSpan: attrSpan(a)})
		case o.attrs[k].Value != a.Value:
			old := o.attrs[k]
			w.emit(Difference{Kind: AttrChanged, Old: o.x, New: n.x, Attr: a.Name, OldValue: old.Value, NewValue: a.Value, OldSpan: attrSpan(old), NewSpan: attrSpan(a)})
		}
	}
	if o.text == nil && n.text == nil {
		return
	}
	before := runs(o, func(c *node) bool { return c.mate != nil && stable[c.mate] })
	after := runs(n, func(c *node) bool { return stable[c] })
	if !slices.Equal(before.text, after.text) {
		w.emit(Difference{Kind: TextChanged, Old: o.x, New: n.x, OldValue: before.String(), NewValue: after.String(), OldSpan: content(o.x), NewSpan: content(n.x)})
	}
}

// mixed is text with elements between.
type mixed struct {
	text     []string
	elements []string // one fewer
}

// runs returns the text of n between those of its children that keep their
// places.
func runs(n *node, keep func(*node) bool) mixed {
	var m mixed
	run := ""
	for i := range n.children {
		if n.text != nil {
			run = join(run, n.text[i])
		}
		if keep(n.children[i]) {
			m.text = append(m.text, run)
			m.elements = append(m.elements, n.children[i].name)
			run = ""
		}
	}
	if n.text != nil {
		run = join(run, n.text[len(n.children)])
	}
	m.text = append(m.text, run)
	return m
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

// String returns the text, with the elements between it as <name/>.
func (m mixed) String() string {
	var b strings.Builder
	for i := range m.text {
		b.WriteString(m.text[i])
		if i < len(m.elements) {
			b.WriteString("<" + m.elements[i] + "/>")
		}
	}
	return b.String()
}

// steady returns the children of n that were children of its mate too, and that
// keep their order: as many of them as can be.
func steady(n *node) map[*node]bool {
	var kept []*node
	for _, c := range n.children {
		if c.mate != nil && c.mate.parent == n.mate {
			kept = append(kept, c)
		}
	}
	indexes := make([]int, len(kept))
	for i, c := range kept {
		indexes[i] = int(c.mate.index)
	}
	stable := make(map[*node]bool, len(kept))
	for i, rising := range text.Rising(indexes) {
		if rising {
			stable[kept[i]] = true
		}
	}
	return stable
}
