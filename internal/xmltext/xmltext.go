// Package xmltext reads XML 1.0 strictly and remembers where everything
// stands, so that a message can name a line and a column and an edit can
// replace exactly the bytes that it means.
//
// The package never writes a document out again. [Parse] gives a tree whose
// nodes and attributes carry their byte spans in the source; who wants to
// change a document splices the source at these spans and leaves every other
// byte as it was. [EscapeText] and [EscapeAttr] prepare what is put in.
//
// [Scan] is for text that need not be well-formed: it tells which parts of it
// are text, attribute values, comments and so on, and hence how a value put
// there has to be escaped.
//
// Offsets are byte offsets into the source, from 0; spans are half-open.
// [text.Lines] turns an offset into a line and a column.
package xmltext

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/dtafgen/wxt/internal/text"
)

// A Kind says what a node is.
type Kind uint8

// The kinds of node. The XML declaration is a ProcInst with the name "xml".
const (
	Element Kind = iota + 1
	Text
	CDATA
	Comment
	ProcInst
)

var kindNames = [...]string{Element: "element", Text: "text", CDATA: "CDATA section", Comment: "comment", ProcInst: "processing instruction"}

// String returns the kind in words, such as "CDATA section".
func (k Kind) String() string {
	if k < Element || k > ProcInst {
		return "none"
	}
	return kindNames[k]
}

// A Node is an element, a run of text, a CDATA section, a comment or a
// processing instruction. A run of text is as long as it can be: two Text
// nodes are never neighbors.
type Node struct {
	Kind Kind

	// SelfClosing reports whether an element is written as <name/>.
	SelfClosing bool

	// Number counts the elements and processing instructions of a document from 0,
	// in its order.
	Number int32

	// Name is the qualified name of an element as it is written, with its
	// prefix, or the target of a processing instruction.
	Name string

	// Value is the text of a Text node with its references resolved, or the
	// content of a CDATA section, comment or processing instruction. Line ends
	// in it are \n, whatever they are in the source.
	Value string

	// Attrs are the attributes of an element in the order of the source. Those
	// of the XML declaration are its version, encoding and standalone.
	Attrs []Attr
	attrs map[string]int // places in Attrs, if there are many

	// Start and End are the span of the whole node. That of an element runs
	// from the "<" of its start tag to past the ">" of its end tag.
	Start, End int

	// OpenEnd is the offset past the ">" of an element's start tag, and
	// CloseStart the offset of the "</" of its end tag. What lies between them
	// is the element's content. An element that closes itself has both at End.
	OpenEnd, CloseStart int

	// Parent is the element that the node stands in, nil at the top level.
	Parent *Node

	// Children are the nodes of an element's content. Their spans follow one
	// another without a gap, from OpenEnd to CloseStart.
	Children []*Node
}

// An Attr is an attribute of an element.
type Attr struct {
	Name string // qualified name, as it is written

	// Value is the value with its references resolved; a line end or a tab in
	// the source is a space in it, as XML asks for.
	Value string

	Start, End           int  // span of the whole attribute, with its quotation marks
	NameEnd              int  // the name spans Start to NameEnd
	ValueStart, ValueEnd int  // span of the raw value, without its quotation marks
	Quote                byte // the quotation mark, '"' or '\''
}

// A Document is a well-formed document. It must not be copied.
type Document struct {
	Src      string  // the source that all offsets refer to, with its byte order mark if it has one
	Nodes    []*Node // top level: the XML declaration, comments, processing instructions, the root; no white space
	Root     *Node   // the root element
	Encoding string  // the encoding that the XML declaration names, "" if it names none
	Count    int     // nodes and attributes, as [MaxNodes] counts them
	Numbered int     // elements and processing instructions

	once  sync.Once
	lines *text.Lines
}

// Lines returns the line table of the source. It is made at the first call;
// calls may run concurrently.
func (d *Document) Lines() *text.Lines {
	d.once.Do(func() { d.lines = text.NewLines(d.Src) })
	return d.lines
}

// A SyntaxError is the first place at which a text is not a well-formed XML
// document. Offset counts bytes from 0, Line and Column as [Lines] does.
type SyntaxError struct {
	Offset, Line, Column int
	Msg                  string // what is wrong, what was expected, and what to do
	Refused              bool   // the document is over a limit, or has a document type declaration, and may be XML for all that
	Over                 string // what there is too much of, such as "nodes", if it is over a limit
	Limit                int    // that limit
}

// Error returns "line L, column C: " and the message.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Msg)
}

// Attr returns the attribute with the qualified name name, as it is written in
// the source, and whether there is one.
func (n *Node) Attr(name string) (*Attr, bool) {
	if n.attrs != nil {
		if i, ok := n.attrs[name]; ok {
			return &n.Attrs[i], true
		}
		return nil, false
	}
	for i := range n.Attrs {
		if n.Attrs[i].Name == name {
			return &n.Attrs[i], true
		}
	}
	return nil, false
}

// Elements returns the child elements of n, in order.
func (n *Node) Elements() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for _, c := range n.Children {
			if c.Kind == Element && !yield(c) {
				return
			}
		}
	}
}

// Text returns the text and the CDATA sections that stand directly in n,
// joined. Text in child elements is not part of it.
func (n *Node) Text() string {
	first, several := "", false
	for _, c := range n.Children {
		if c.Kind != Text && c.Kind != CDATA || c.Value == "" {
			continue
		}
		if first != "" {
			several = true
			break
		}
		first = c.Value
	}
	if !several {
		return first
	}
	var b strings.Builder
	for _, c := range n.Children {
		if c.Kind == Text || c.Kind == CDATA {
			b.WriteString(c.Value)
		}
	}
	return b.String()
}

// Path returns the absolute path of an element in the notation of etree, such
// as "/config/protocols/sip". Where an element has siblings of its name, its
// step has its number among them, from 1: "/config/codec[2]". The path of a
// node that is no element is that of the element it stands in, "/" at the top
// level.
func (n *Node) Path() string {
	if n.Kind != Element {
		n = n.Parent
	}
	if n == nil {
		return "/"
	}
	var steps []string
	for ; n != nil; n = n.Parent {
		step := n.Name
		if k, several := n.ordinal(); several {
			step += "[" + strconv.Itoa(k) + "]"
		}
		steps = append(steps, step)
	}
	slices.Reverse(steps)
	return "/" + strings.Join(steps, "/")
}

// ordinal returns the number of n among the siblings of its name, from 1, and
// whether there are any others.
func (n *Node) ordinal() (k int, several bool) {
	if n.Parent == nil {
		return 1, false
	}
	total := 0
	for s := range n.Parent.Elements() {
		if s.Name != n.Name {
			continue
		}
		total++
		if s == n {
			k = total
		}
		if k > 0 && total > 1 {
			return k, true
		}
	}
	return k, false
}
