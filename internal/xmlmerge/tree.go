package xmlmerge

import (
	"hash/maphash"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/internal/xmltext"
)

// A node is an element or a processing instruction, as far as it has a meaning:
// without comments and the white space that only lays the document out. The
// topmost node stands for the document itself.
type node struct {
	x        *xmltext.Node // nil for the document
	name     string        // that of a processing instruction begins with "?"
	parent   *node
	children []*node
	attrs    []*xmltext.Attr // sorted by name
	text     []string        // before each child and behind the last one; nil if there is none
	hash     uint64          // of all that the subtree says
	mate     *node           // in the other document, or nil
	index    int32           // among the parent's children
	ordinal  int32           // among the siblings of its name, from 1; 0 if it is the only one
	size     int32           // nodes of the subtree
	same     bool            // the subtree says just what that of its mate says
}

// document is the name of the topmost node.
const document = "#document"

// A builder makes the nodes of a document.
type builder struct {
	hash  maphash.Hash
	nodes []node // of the document, by their numbers
}

// build returns the node of a document, and those of what is in it.
func build(d *xmltext.Document) (top *node, nodes []node) {
	b := &builder{nodes: make([]node, d.Numbered)}
	b.hash.SetSeed(seed)
	top = &node{name: document}
	for _, x := range d.Nodes {
		if x.Kind == xmltext.Element || x.Kind == xmltext.ProcInst && x.Name != "xml" {
			b.child(top, x, false)
		}
	}
	b.finish(top)
	return top, b.nodes
}

// child adds the node of x to its parent.
func (b *builder) child(parent *node, x *xmltext.Node, preserve bool) {
	n := &b.nodes[x.Number]
	*n = node{x: x, name: x.Name, parent: parent, index: int32(len(parent.children))}
	parent.children = append(parent.children, n)
	if x.Kind == xmltext.ProcInst {
		n.name = "?" + x.Name
		n.text = textOf(layout(x.Value, false))
		b.finish(n)
		return
	}
	n.attrs = make([]*xmltext.Attr, len(x.Attrs))
	for i := range x.Attrs {
		n.attrs[i] = &x.Attrs[i]
	}
	slices.SortFunc(n.attrs, func(a, b *xmltext.Attr) int { return strings.Compare(a.Name, b.Name) })
	if a, ok := x.Attr("xml:space"); ok {
		preserve = a.Value == "preserve"
	}
	children := 0
	for _, c := range x.Children {
		if c.Kind == xmltext.Element || c.Kind == xmltext.ProcInst {
			children++
		}
	}
	n.children = make([]*node, 0, children)
	text := make([]string, 0, children+1)
	var run strings.Builder
	for _, c := range x.Children {
		switch c.Kind {
		case xmltext.Text, xmltext.CDATA:
			run.WriteString(c.Value)
		case xmltext.Element, xmltext.ProcInst:
			text = append(text, layout(run.String(), preserve))
			run.Reset()
			b.child(n, c, preserve)
		}
	}
	n.text = textOf(append(text, layout(run.String(), preserve))...)
	b.finish(n)
}

// textOf returns the runs of text, or nil if all of them are empty.
func textOf(runs ...string) []string {
	for _, s := range runs {
		if s != "" {
			return runs
		}
	}
	return nil
}

// finish numbers the children of n and computes its hash.
func (b *builder) finish(n *node) {
	n.size = 1
	var seen map[string]*node
	if len(n.children) > 1 {
		seen = make(map[string]*node)
	}
	for _, c := range n.children {
		n.size += c.size
		if seen == nil {
			break
		}
		switch last := seen[c.name]; {
		case last == nil:
		case last.ordinal == 0:
			last.ordinal, c.ordinal = 1, 2
		default:
			c.ordinal = last.ordinal + 1
		}
		seen[c.name] = c
	}
	b.hash.Reset()
	b.write(n.name)
	for _, a := range n.attrs {
		b.write(a.Name)
		b.write(a.Value)
	}
	b.number(uint64(len(n.attrs)))
	for _, s := range n.text {
		b.write(s)
	}
	for _, c := range n.children {
		b.number(c.hash)
	}
	b.number(uint64(len(n.children)))
	n.hash = b.hash.Sum64()
}

func (b *builder) write(s string) {
	b.number(uint64(len(s)))
	b.hash.WriteString(s)
}

func (b *builder) number(v uint64) {
	var bytes [8]byte
	for i := range bytes {
		bytes[i] = byte(v >> (8 * i))
	}
	b.hash.Write(bytes[:])
}

// layout returns text without the white space that only lays it out: that at its
// ends, and line ends inside it with the white space around them, which count
// as one space.
func layout(s string, preserve bool) string {
	if preserve {
		return s
	}
	const space = " \t\r\n"
	s = strings.Trim(s, space)
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		i := strings.IndexAny(s, space)
		if i < 0 {
			b.WriteString(s)
			break
		}
		rest := strings.TrimLeft(s[i:], space)
		run := s[i : len(s)-len(rest)]
		b.WriteString(s[:i])
		if strings.ContainsAny(run, "\r\n") {
			run = " "
		}
		b.WriteString(run)
		s = rest
	}
	return b.String()
}

// identical reports whether two subtrees say the same.
func identical(a, b *node) bool {
	if a.hash != b.hash || a.size != b.size || a.name != b.name || len(a.children) != len(b.children) ||
		len(a.attrs) != len(b.attrs) || !slices.Equal(a.text, b.text) {
		return false
	}
	for i, x := range a.attrs {
		if y := b.attrs[i]; x.Name != y.Name || x.Value != y.Value {
			return false
		}
	}
	for i, c := range a.children {
		if !identical(c, b.children[i]) {
			return false
		}
	}
	return true
}

// hasValue reports whether the node itself says something beyond its name.
func (n *node) hasValue() bool {
	if n.text != nil {
		return true
	}
	for _, a := range n.attrs {
		if a.Value != "" {
			return true
		}
	}
	return false
}

// walk calls fn for the node and those below it, in the order of the document,
// for as long as fn returns true: those below a node are left out otherwise.
func (n *node) walk(fn func(*node) bool) {
	if !fn(n) {
		return
	}
	for _, c := range n.children {
		c.walk(fn)
	}
}

// maxStep is how many bytes of a name stand in a path. No name that anybody
// writes is longer.
const maxStep = 256

// path returns the path of a node as xmltext.Node.Path writes it, with
// processing instructions as steps such as "?target".
func (n *node) path() string {
	if n.parent == nil {
		return "/"
	}
	var steps []string
	for ; n.parent != nil; n = n.parent {
		step := n.name
		if len(step) > maxStep {
			step = strings.ToValidUTF8(step[:maxStep], "") + "..."
		}
		if n.ordinal > 0 {
			step += "[" + strconv.Itoa(int(n.ordinal)) + "]"
		}
		steps = append(steps, step)
	}
	slices.Reverse(steps)
	return "/" + strings.Join(steps, "/")
}
