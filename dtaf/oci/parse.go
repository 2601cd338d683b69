package oci

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/value"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/schema"
)

// An Error says why a file is not an OCI-P document, and where.
type Error struct {
	schema.Position
	Msg     string // what is wrong, and what was expected
	Refused bool   // the document is over a limit, or has a document type declaration
	Err     error  // what is behind it, such as a [*schema.LimitError], or nil
}

// Unwrap returns what is behind the error.
func (e *Error) Unwrap() error { return e.Err }

// Error returns file:line:column and the message.
func (e *Error) Error() string { return e.Position.String() + ": " + e.Msg }

// Parse reads a BroadsoftDocument. The file's name is only for positions and
// errors. Parse takes what is about: any prefix for the namespace of the root,
// commands with xmlns="" and without, documents with a session and manifests
// without one, and any encoding that a byte order mark or the XML declaration
// names.
//
// What the requests hold is not looked at: that is for [Document.Check]. A
// document over one of the default limits is refused; [Limits.Parse] reads one within
// others. Any error is an [*Error].
func Parse(file string, data []byte) (*Document, error) { return Limits{}.Parse(file, data) }

// Parse is the function Parse within these limits. That one of them is crossed is
// an [*Error] with a [*schema.LimitError] behind it.
func (l Limits) Parse(file string, data []byte) (*Document, error) {
	limits := l.withDefaults()
	if len(data) > limits.Size {
		return nil, over(schema.Position{File: file}, "bytes", limits.Size)
	}
	src, _, err := charset.Decode(data)
	if err != nil {
		e := &Error{Position: schema.Position{File: file}, Msg: err.Error()}
		var at *charset.ByteError
		if errors.As(err, &at) {
			e.Line, e.Column = at.Line, at.Column
			e.Msg += ", and the XML declaration names no other encoding"
		}
		return nil, e
	}
	x, err := xmltext.Parse(src, xmltext.MaxDepth(limits.Depth), xmltext.MaxNodes(limits.Nodes))
	if err != nil {
		e := &Error{Position: schema.Position{File: file}, Msg: err.Error()}
		var at *xmltext.SyntaxError
		if errors.As(err, &at) {
			e.Line, e.Column, e.Msg, e.Refused, e.Err = at.Line, at.Column, at.Msg, at.Refused, at
			if at.Over != "" {
				e.Err = &schema.LimitError{Of: "the document", What: at.Over, Limit: int64(at.Limit)}
			}
		}
		return nil, e
	}
	p := &reader{file: file, doc: x, requests: limits.Requests}
	d, perr := p.document()
	if perr != nil {
		return nil, perr
	}
	return d, nil
}

// A reader turns the nodes of XML into a document.
type reader struct {
	file     string
	doc      *xmltext.Document
	requests int // how many there may be
}

// pos returns the position of an offset.
func (p *reader) pos(offset int) schema.Position {
	line, column := p.doc.Lines().Position(offset)
	return schema.Position{File: p.file, Line: line, Column: column}
}

func (p *reader) errorf(offset int, format string, args ...any) *Error {
	return &Error{Position: p.pos(offset), Msg: fmt.Sprintf(format, args...)}
}

func (p *reader) document() (*Document, *Error) {
	root := p.doc.Root
	if name := local(root.Name); name != "BroadsoftDocument" {
		return nil, p.errorf(root.Start, "the root element is <%s>: expected <BroadsoftDocument>", root.Name)
	}
	scope := scopeOf(root, nil)
	d := &Document{Pos: p.pos(root.Start)}
	attrs, _ := p.attrs(root, scope)
	for _, a := range attrs {
		if a.Name != "protocol" {
			return nil, p.errorf(root.Start, "<%s> has an attribute %s: expected only protocol", root.Name, a.Name)
		}
		d.Protocol = collapse(a.Value)
	}
	if d.Protocol != "OCI" && d.Protocol != "NSOCI" {
		return nil, p.errorf(root.Start, `<%s> is of the protocol %q: expected protocol="OCI"`, root.Name, d.Protocol)
	}
	for _, n := range root.Children {
		switch n.Kind {
		case xmltext.Text, xmltext.CDATA:
			if collapse(n.Value) != "" {
				return nil, p.errorf(p.text(n), "text between the commands: expected only elements")
			}
		case xmltext.Element:
			if err := p.child(d, n, scope); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}

// child reads an element of the root.
func (p *reader) child(d *Document, n *xmltext.Node, outer scope) *Error {
	scope := scopeOf(n, outer)
	switch name := p.name(n, scope); {
	case name == "command" && len(d.Requests) == p.requests:
		return over(p.pos(n.Start), "requests", p.requests)
	case name == "command":
		r := &Request{Pos: p.pos(n.Start)}
		r.Attrs, _ = p.attrs(n, scope)
		for i, a := range r.Attrs {
			if a.Name == "xsi:type" {
				r.Type = typeName(a.Value, scope)
				r.Attrs = slices.Delete(r.Attrs, i, i+1)
				break
			}
		}
		if len(r.Attrs) == 0 {
			r.Attrs = nil
		}
		for _, c := range n.Children {
			switch c.Kind {
			case xmltext.Text, xmltext.CDATA:
				if collapse(c.Value) != "" {
					return p.errorf(p.text(c), "text between the elements of %s: expected only elements", nonEmpty(r.Type, "the command"))
				}
			case xmltext.Element:
				r.Elements = append(r.Elements, p.element(c, scope))
			}
		}
		d.Requests = append(d.Requests, r)
	case len(d.Requests) > 0:
		return p.errorf(n.Start, "<%s> comes after a command: expected it before the first one, or another command", n.Name)
	default:
		e := p.element(n, outer)
		plain := e.Value != "" && len(e.Children) == 0 && len(e.Attrs) == 0 && !e.Nil
		if name == "sessionId" && d.SessionID == "" && len(d.Header) == 0 && plain {
			d.SessionID = e.Value
		} else {
			d.Header = append(d.Header, e)
		}
	}
	return nil
}

// element reads an element of a request, and those inside it.
func (p *reader) element(n *xmltext.Node, outer scope) *Element {
	scope := scopeOf(n, outer)
	e := &Element{Name: p.name(n, scope), Pos: p.pos(n.Start)}
	e.ValuePos = e.Pos
	if len(n.Children) > 0 {
		start := p.text(n.Children[0])
		if start == n.CloseStart {
			start = n.OpenEnd
		}
		e.ValuePos = p.pos(start)
	}
	e.Attrs, e.Nil = p.attrs(n, scope)
	for c := range n.Elements() {
		e.Children = append(e.Children, p.element(c, scope))
	}
	e.Value = n.Text()
	if len(e.Children) > 0 {
		e.Value = strings.TrimFunc(e.Value, isSpace)
	}
	return e
}

// text returns the offset of a node, behind the white space that it begins
// with if it is text.
func (p *reader) text(n *xmltext.Node) int {
	if n.Kind != xmltext.Text {
		return n.Start
	}
	raw := p.doc.Src[n.Start:n.End]
	return n.End - len(strings.TrimLeftFunc(raw, isSpace))
}

// attrs returns the attributes of a node but for declarations of namespaces,
// hints at schemas, and a true xsi:nil, of which it reports whether there is
// one.
func (p *reader) attrs(n *xmltext.Node, scope scope) (list []Attr, isNil bool) {
	for _, a := range n.Attrs {
		if a.Name == "xmlns" || strings.HasPrefix(a.Name, "xmlns:") {
			continue
		}
		name := a.Name
		if prefix, rest, ok := strings.Cut(name, ":"); ok && scope[prefix] == xsiNamespace {
			name = "xsi:" + rest
		}
		switch name {
		case "xsi:schemaLocation", "xsi:noNamespaceSchemaLocation":
			continue
		case "xsi:nil":
			if v, _ := value.Truth(collapse(a.Value)); v {
				isNil = true
				continue
			}
		}
		list = append(list, Attr{name, a.Value})
	}
	return list, isNil
}

// name returns the name of an element without the prefix, if it is in the
// namespace of OCI-P or in none, and as it is written otherwise.
func (p *reader) name(n *xmltext.Node, scope scope) string {
	prefix, rest, ok := strings.Cut(n.Name, ":")
	if !ok {
		return n.Name
	}
	if ns, bound := scope[prefix]; bound && (ns == "C" || ns == "") {
		return rest
	}
	return n.Name
}

// typeName returns the value of xsi:type. The types of requests are in no
// namespace; those of SuccessResponse and ErrorResponse are in that of the
// root, so that their prefix is left out.
func typeName(value string, scope scope) string {
	prefix, rest, ok := strings.Cut(value, ":")
	if ok && scope[prefix] == "C" && strings.HasSuffix(rest, "Response") {
		return rest
	}
	return value
}

// A scope gives the namespaces of the prefixes that are declared.
type scope map[string]string

// maxPrefixes is how many prefixes can be declared at one place. More of them
// are taken for prefixes of no namespace.
const maxPrefixes = 32

func scopeOf(n *xmltext.Node, outer scope) scope {
	inner := outer
	for _, a := range n.Attrs {
		prefix, ok := strings.CutPrefix(a.Name, "xmlns:")
		if !ok || len(inner) == maxPrefixes {
			continue
		}
		if len(outer) == 0 && inner == nil {
			inner = make(scope)
		} else if _, known := inner[prefix]; !known || inner[prefix] != a.Value {
			inner = maps.Clone(inner)
		}
		inner[prefix] = a.Value
	}
	return inner
}

func local(name string) string {
	if _, rest, ok := strings.Cut(name, ":"); ok {
		return rest
	}
	return name
}

func nonEmpty(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
