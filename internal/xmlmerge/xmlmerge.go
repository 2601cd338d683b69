// Package xmlmerge tells what differs between two XML documents ([Match]), and
// carries the changes that somebody made to one to its next release ([Merge]).
//
// Documents are compared by meaning. In a merge each change from old to mine is made
// in the text of the new document, whose every other byte stays, if the new one has
// the old value still. A change that the new document has too is left alone, and one
// of what the new document changed otherwise is a conflict: no guess is made.
package xmlmerge

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dtafgen/wxt/internal/xmltext"
)

// A Kind says what a change is about.
type Kind uint8

// The kinds of change.
const (
	Attr     Kind = iota + 1 // an attribute: set, added or removed
	Text                     // the text of an element
	Content                  // all that is in an element that mixes text and elements
	Name                     // the name of an element
	Added                    // an element
	Removed                  // an element
	Moved                    // an element, below another one
	Order                    // the elements within one
	Lost                     // whatever was done to an element that the new document lacks
	Document                 // the root element
)

var kindNames = [...]string{
	Attr: "attribute", Text: "text", Content: "content", Name: "name", Added: "added", Removed: "removed",
	Moved: "moved", Order: "order", Lost: "gone", Document: "document",
}

// String returns the kind in a word, such as "attribute".
func (k Kind) String() string {
	if k < Attr || k > Document {
		return "none"
	}
	return kindNames[k]
}

// An Outcome says what became of a change.
type Outcome uint8

// The outcomes.
const (
	Carried  Outcome = iota + 1 // it was made in the new document
	Present                     // the new document has it already
	Conflict                    // the new document says otherwise
)

// A Choice decides a conflict.
type Choice uint8

// The choices. Without one the result has what the new document has, and the
// conflict is open.
const (
	Open   Choice = iota
	Ours          // make the change all the same
	Theirs        // leave what the new document has
)

// A Change is one change from old to mine, and what became of it.
type Change struct {
	Kind    Kind
	Outcome Outcome

	// Path is the place in the new document, or in mine where the new one lacks
	// it: a path as in "config/services/calls", with "/@name" behind it for an
	// attribute. A choice names it.
	Path string
	Old  *string // the value, or the XML, in each document; nil where there is none
	Mine *string
	New  *string

	Choice Choice   // what was chosen in a conflict
	Reason string   // why it is a conflict, or why there is nothing to do
	Within []string // what the changes are, if there are several in one
}

// IsOpen reports whether the change is a conflict that is not decided.
func (c *Change) IsOpen() bool { return c.Outcome == Conflict && c.Choice == Open }

// Options are what a merge can be told.
type Options struct {
	Choose func(path string) Choice // decides conflicts; nil leaves them open
	Encode func(text string) string // writes characters that the new document's encoding lacks as references
}

// ErrTooMuch says that documents have more changes than anybody made by hand.
var ErrTooMuch = errors.New("there are too many changes to tell one by one")

// errUnsound says that a result is not what was meant.
var errUnsound = errors.New("the changes can't be made in place")

// The limits of a merge.
const (
	maxChanges = 20000
	maxPaths   = 32 << 20 // bytes of the paths and values of all changes
	maxPairs   = 1 << 20  // pairs of added elements that are compared
	maxValue   = 4096     // bytes of a value that are shown
)

// Merge returns the text of the new document with the changes made that can be,
// and what became of each change. An error says that the documents can't be
// merged, and nothing else.
func Merge(old, new, mine *xmltext.Document, o Options) (text string, changes []*Change, err error) {
	g := &merger{
		options: o,
		om:      Match(old, mine),
		on:      Match(old, new),
		hidden:  make(map[*xmltext.Node]bool),
		opaque:  make(map[*xmltext.Node]bool),
		elems:   make(map[*xmltext.Node]*elem),
		placed:  make(map[*xmltext.Node]*elem),
		mated:   make(map[*xmltext.Node]bool),
		room:    maxPaths,
		budget:  maxPairs,
	}
	if g.on.Mate(old.Root) != new.Root || g.om.Mate(old.Root) != mine.Root {
		return g.otherRoot()
	}
	g.findOpaque()
	g.copyNew()
	g.findMated(mine.Nodes)
	g.top()
	for _, r := range g.removals {
		g.remove(r)
	}
	if g.err != nil {
		return "", nil, g.err
	}
	if text, err = g.write(); err != nil {
		return "", nil, err
	}
	return text, g.changes, nil
}

type merger struct {
	options Options
	om, on  *Matching

	// Nodes of all three documents: opaque ones are merged as a whole, and what is
	// in them is hidden.
	hidden, opaque map[*xmltext.Node]bool

	doc      *elem                   // the result's document
	elems    map[*xmltext.Node]*elem // the elements of the result by their node of the new document
	placed   map[*xmltext.Node]*elem // the same by their node of mine
	mated    map[*xmltext.Node]bool  // nodes of mine that have a mate in old at or below them
	removals []*xmltext.Node         // nodes of old that mine lacks, and whose parents it has

	changes []*Change
	room    int
	budget  int // pairs of added elements that may yet be compared
	err     error
}

// oldOf returns the node of old that a node of mine or new is, or nil.
func (g *merger) oldOf(m *Matching, n *xmltext.Node) *xmltext.Node {
	if n == nil || g.hidden[n] {
		return nil
	}
	o := m.Mate(n)
	if o == nil || g.hidden[o] {
		return nil
	}
	return o
}

// mineOf and newOf return what a node of old is in the other documents, or nil.
func (g *merger) mineOf(o *xmltext.Node) *xmltext.Node { return g.oldOf(g.om, o) }
func (g *merger) newOf(o *xmltext.Node) *xmltext.Node  { return g.oldOf(g.on, o) }

// nodes returns the elements and processing instructions of a list.
func nodes(list []*xmltext.Node) []*xmltext.Node {
	var kept []*xmltext.Node
	for _, n := range list {
		if n.Kind == xmltext.Element || n.Kind == xmltext.ProcInst && (n.Name != "xml" || n.Parent != nil) {
			kept = append(kept, n)
		}
	}
	return kept
}

func walk(list []*xmltext.Node, fn func(*xmltext.Node)) {
	for _, n := range nodes(list) {
		fn(n)
		walk(n.Children, fn)
	}
}

// findOpaque finds the elements that have text and elements in one of the
// documents, or white space with a meaning.
func (g *merger) findOpaque() {
	mixed := func(m *Matching, n *xmltext.Node) (text, elements, space bool) {
		if n == nil || n.Kind != xmltext.Element {
			return
		}
		_, space = n.Attr("xml:space")
		return m.HasText(n), len(nodes(n.Children)) > 0, space
	}
	mark := func(n *xmltext.Node) {
		if n != nil && !g.opaque[n] {
			g.opaque[n] = true
			walk(n.Children, func(c *xmltext.Node) { g.hidden[c] = true })
		}
	}
	look := func(o, m, n *xmltext.Node) {
		t1, e1, s1 := mixed(g.on, o)
		t2, e2, s2 := mixed(g.om, m)
		t3, e3, s3 := mixed(g.on, n)
		if (t1 || t2 || t3) && (e1 || e2 || e3) || s1 || s2 || s3 {
			mark(o)
			mark(m)
			mark(n)
		}
	}
	walk(g.on.Old.Nodes, func(o *xmltext.Node) { look(o, g.om.Mate(o), g.on.Mate(o)) })
	walk(g.om.New.Nodes, func(m *xmltext.Node) {
		if g.om.Mate(m) == nil {
			look(nil, m, nil)
		}
	})
	walk(g.on.New.Nodes, func(n *xmltext.Node) {
		if g.on.Mate(n) == nil {
			look(nil, nil, n)
		}
	})
}

// findMated notes which nodes of mine have something of old in them.
func (g *merger) findMated(list []*xmltext.Node) bool {
	found := false
	for _, n := range nodes(list) {
		below := g.findMated(n.Children)
		if below || g.oldOf(g.om, n) != nil {
			g.mated[n] = true
			found = true
		}
	}
	return found
}

// otherRoot is the merge of documents that are not releases of one.
func (g *merger) otherRoot() (string, []*Change, error) {
	old, new, mine := g.on.Old, g.on.New, g.om.New
	if same(old, mine) {
		return new.Src, nil, nil
	}
	c := &Change{Kind: Document, Path: g.path(g.on, new.Root)}
	c.Old, c.New, c.Mine = g.value(old.Src), g.value(new.Src), g.value(mine.Src)
	switch {
	case same(new, mine):
		c.Outcome = Present
	case same(old, new):
		c.Outcome = Carried
	default:
		c.Outcome, c.Reason = Conflict, "the root element is another one"
	}
	if g.add(c) {
		return mine.Src, g.changes, nil
	}
	return new.Src, g.changes, nil
}

// same reports whether two documents say the same.
func same(a, b *xmltext.Document) bool {
	for range Match(a, b).Differences() {
		return false
	}
	return true
}

// path returns the path of a node as people write it.
func (g *merger) path(m *Matching, n *xmltext.Node) string {
	if n == nil {
		return "."
	}
	p := strings.TrimPrefix(m.Path(n), "/")
	if g.room -= len(p); g.room < 0 {
		g.err = ErrTooMuch
	}
	return p
}

// value returns a value as it is shown.
func (g *merger) value(s string) *string {
	if len(s) > maxValue {
		s = strings.ToValidUTF8(s[:maxValue], "") + "..."
	}
	if g.room -= len(s); g.room < 0 {
		g.err = ErrTooMuch
	}
	return &s
}

// xml returns the XML of a node of a document.
func (g *merger) xml(m *xmltext.Document, n *xmltext.Node) *string {
	f, err := xmltext.Cut(m.Src, n, nil)
	if err != nil {
		return nil
	}
	return g.value(f.Text)
}

// add notes a change. A conflict is decided, if it can be: it returns whether the
// change is to be made.
func (g *merger) add(c *Change) (make bool) {
	if len(g.changes) >= maxChanges {
		g.err = ErrTooMuch
	}
	g.changes = append(g.changes, c)
	if c.Outcome == Conflict && g.options.Choose != nil {
		c.Choice = g.options.Choose(c.Path)
	}
	return c.Outcome == Carried || c.Outcome == Conflict && c.Choice == Ours
}

// three adds a change of one value, which each document has or, with nil, has
// not.
func (g *merger) three(kind Kind, path string, old, mine, new *string) (make bool) {
	c := &Change{Kind: kind, Path: path, Old: old, Mine: mine, New: new}
	switch {
	case equal(mine, new):
		c.Outcome = Present
	case equal(old, new):
		c.Outcome = Carried
	default:
		c.Outcome = Conflict
		c.Reason = "both changed it"
	}
	for _, v := range []**string{&c.Old, &c.Mine, &c.New} {
		if *v != nil {
			*v = g.value(**v)
		}
	}
	return g.add(c)
}

func equal(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

// stuck reopens a decision for ours that can't be made.
func (c *Change) stuck(format string, args ...any) {
	c.Choice = Open
	c.Reason += "; " + fmt.Sprintf(format, args...)
}
