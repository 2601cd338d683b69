package xmltext

import (
	"strings"

	"github.com/dtafgen/wxt/internal/text"
)

// DefaultMaxDepth is how deep elements may nest if [MaxDepth] says nothing
// else; the root element is at depth 1.
const DefaultMaxDepth = 256

// DefaultMaxNodes is how many nodes and attributes a document may have if
// [MaxNodes] says nothing else.
const DefaultMaxNodes = 100_000

// An Option changes how [Parse] works.
type Option func(*parser)

// MaxDepth sets how deep elements may nest; the root element is at depth 1. A
// number below 1 means [DefaultMaxDepth].
func MaxDepth(n int) Option {
	return func(p *parser) {
		if n < 1 {
			n = DefaultMaxDepth
		}
		p.maxDepth = n
	}
}

// MaxNodes sets how many nodes and attributes a document may have. A number below
// 1 means [DefaultMaxNodes].
func MaxNodes(n int) Option {
	return func(p *parser) {
		if n < 1 {
			n = DefaultMaxNodes
		}
		p.maxNodes = n
	}
}

// Parse reads src, which has to be a well-formed XML 1.0 document in UTF-8,
// with or without a byte order mark. Any error is a [*SyntaxError] and is about
// the first thing that is wrong.
//
// Parse is stricter than XML in four things. A document type declaration is
// refused, so the only entities are lt, gt, amp, quot and apos. Elements that
// nest deeper than the limit are refused, and so are documents of more nodes than
// the limit. A name has at most one colon, with
// something on both sides, as XML Namespaces ask for; a prefix need not be
// declared.
//
// Parse does not convert encodings. The encoding that the XML declaration names
// is in [Document.Encoding]; src has to be UTF-8 whatever it is.
func Parse(src string, opts ...Option) (*Document, error) {
	p := parser{maxDepth: DefaultMaxDepth, maxNodes: DefaultMaxNodes, doc: &Document{Src: src}}
	for _, opt := range opts {
		opt(&p)
	}
	// What comes before the first illegal character is parsed first. The
	// character is to blame if the document is fine up to there.
	bad := illegal(src)
	p.src = src[:bad]
	tags := strings.Count(p.src, "<")
	p.chunk = min(tags/2+8, 1024)
	f := p.document()
	if bad < len(src) && (f == nil || f.cut) {
		f = p.illegal(bad)
	}
	if f != nil {
		line, column := p.doc.Lines().Position(f.offset)
		return nil, &SyntaxError{f.offset, line, column, f.msg, f.refused, f.over, f.limit}
	}
	return p.doc, nil
}

type parser struct {
	src      string // the source up to its first illegal character
	pos      int
	maxDepth int
	maxNodes int
	count    int // nodes and attributes so far
	doc      *Document

	open    []opened // the open elements, outermost first
	pending []*Node  // nodes whose parent is still open, or that are at the top level
	scratch []Attr   // attributes of the tag that is being read

	// Memory is taken in chunks.
	chunk  int
	nodes  []Node
	lists  []*Node
	attrs  []Attr
	values *strings.Builder // decoded values, one after the other
}

type opened struct {
	*Node
	first int // index in pending of its first child
}

// document reads the whole source.
func (p *parser) document() *fault {
	if strings.HasPrefix(p.src, text.BOM) {
		p.pos = len(text.BOM)
	}
	if strings.HasPrefix(p.src[p.pos:], "<?xml") && ncName(p.src, p.pos+2) == p.pos+5 {
		if f := p.declaration(); f != nil {
			return f
		}
	}
	for p.pos < len(p.src) {
		if p.count > p.maxNodes {
			return p.tooMany(p.pos)
		}
		var f *fault
		if p.src[p.pos] == '<' {
			f = p.markup()
		} else {
			f = p.text()
		}
		if f != nil {
			return f
		}
	}
	if p.count > p.maxNodes {
		return p.tooMany(p.pos)
	}
	if n := len(p.open); n > 0 {
		e := p.open[n-1]
		return cutf(p.pos, "the document ends inside element <%s>, which begins in line %d: expected </%s>", e.Name, p.line(e.Start), e.Name)
	}
	if p.doc.Root == nil {
		return cutf(p.pos, "the document has no root element: expected a start tag")
	}
	p.doc.Nodes = p.keep(p.pending)
	p.doc.Count = p.count
	return nil
}

func (p *parser) tooMany(offset int) *fault {
	return overf(offset, "nodes", p.maxNodes, "the document has more than %d nodes and attributes: expected at most that many", p.maxNodes)
}

// add makes a node that spans start to end and moves past it.
func (p *parser) add(kind Kind, start, end int) *Node {
	if len(p.nodes) == cap(p.nodes) {
		p.nodes = make([]Node, 0, p.chunk)
	}
	p.count++
	p.nodes = append(p.nodes, Node{Kind: kind, Start: start, End: end})
	n := &p.nodes[len(p.nodes)-1]
	if kind == Element || kind == ProcInst {
		n.Number = int32(p.doc.Numbered)
		p.doc.Numbered++
	}
	if k := len(p.open); k > 0 {
		n.Parent = p.open[k-1].Node
	}
	p.pending = append(p.pending, n)
	p.pos = end
	return n
}

// keep returns a copy of list that nothing else will be appended to.
func (p *parser) keep(list []*Node) []*Node {
	if len(list) == 0 {
		return nil
	}
	if len(list) > cap(p.lists)-len(p.lists) {
		p.lists = make([]*Node, 0, max(p.chunk, len(list)))
	}
	k := len(p.lists)
	p.lists = append(p.lists, list...)
	return p.lists[k:len(p.lists):len(p.lists)]
}

// keepAttrs does for attributes what keep does for nodes.
func (p *parser) keepAttrs(list []Attr) []Attr {
	if len(list) == 0 {
		return nil
	}
	if len(list) > cap(p.attrs)-len(p.attrs) {
		p.attrs = make([]Attr, 0, max(p.chunk/2, len(list)))
	}
	k := len(p.attrs)
	p.attrs = append(p.attrs, list...)
	return p.attrs[k:len(p.attrs):len(p.attrs)]
}

// markup reads whatever begins with the "<" at pos.
func (p *parser) markup() *fault {
	rest := p.src[p.pos:]
	if len(rest) == 1 {
		return cutf(p.pos, `the document ends after "<"`)
	}
	switch rest[1] {
	case '/':
		return p.endTag()
	case '?':
		return p.procInst()
	case '!':
		switch {
		case strings.HasPrefix(rest, "<!--"):
			return p.comment()
		case strings.HasPrefix(rest, "<![CDATA["):
			return p.cdata()
		case len(rest) >= 9 && strings.EqualFold(rest[:9], "<!DOCTYPE"):
			return refusef(p.pos, "document type declaration: documents with a DTD are not accepted, as its entities can be used for attacks: remove the declaration")
		case strings.HasPrefix("<!--", rest), strings.HasPrefix("<![CDATA[", rest), strings.HasPrefix("<!DOCTYPE", rest):
			return cutf(p.pos, "the document ends inside %q", rest)
		}
		return faultf(p.pos, `"<!" begins nothing here: expected a comment <!-- --> or, in an element, a CDATA section <![CDATA[ ]]>`)
	}
	return p.startTag()
}

func (p *parser) comment() *fault {
	start := p.pos
	i := strings.Index(p.src[start+4:], "--")
	if i < 0 || start+4+i+2 == len(p.src) {
		return cutf(start, "comment is not closed: expected -->")
	}
	end := start + 4 + i
	if p.src[end+2] != '>' {
		return faultf(end, `"--" in a comment: expected --> or a single "-"; put a space between the two`)
	}
	p.add(Comment, start, end+3).Value = normal(p.src[start+4 : end])
	return nil
}

func (p *parser) cdata() *fault {
	start := p.pos
	if len(p.open) == 0 {
		return faultf(start, "CDATA section outside of the root element: move it into an element")
	}
	i := strings.Index(p.src[start+9:], "]]>")
	if i < 0 {
		return cutf(start, "CDATA section is not closed: expected ]]>")
	}
	end := start + 9 + i
	p.add(CDATA, start, end+3).Value = normal(p.src[start+9 : end])
	return nil
}

func (p *parser) procInst() *fault {
	src, start := p.src, p.pos
	nameEnd := ncName(src, start+2)
	name := src[start+2 : nameEnd]
	switch {
	case nameEnd == len(src):
		return cutf(start, "processing instruction is not closed: expected ?>")
	case name == "":
		return faultf(start+2, `expected the name of a processing instruction after "<?", found %s`, p.found(start+2))
	case src[nameEnd] == ':':
		return faultf(nameEnd, `":" in the name of a processing instruction: expected a name without one`)
	case name == "xml":
		return faultf(start, "the XML declaration can only stand at the very start of the document: move it there or remove it")
	case strings.EqualFold(name, "xml"):
		return faultf(start+2, `the name %q is reserved: write "xml" for an XML declaration, or take another name`, name)
	}
	i := strings.Index(src[nameEnd:], "?>")
	if i < 0 {
		return cutf(start, "processing instruction <?%s is not closed: expected ?>", name)
	}
	if i > 0 && !isSpace(src[nameEnd]) {
		return faultf(nameEnd, `expected white space or "?>" after <?%s, found %s`, name, p.found(nameEnd))
	}
	end := nameEnd + i
	n := p.add(ProcInst, start, end+2)
	n.Name = name
	n.Value = normal(src[skipSpace(src[:end], nameEnd):end])
	return nil
}

// declaration reads the XML declaration.
func (p *parser) declaration() *fault {
	start := p.pos
	i := strings.Index(p.src[start:], "?>")
	if i < 0 {
		return cutf(start, "the XML declaration is not closed: expected ?>")
	}
	src := p.src[:start+i]
	names := [...]string{"version", "encoding", "standalone"}
	wants := [...]string{`"1.0"`, `the name of an encoding, such as "UTF-8"`, `"yes" or "no"`}
	k := 0
	p.scratch = p.scratch[:0]
	for i = start + 5; ; {
		at := skipSpace(src, i)
		if at == len(src) {
			break
		}
		if at == i {
			return faultf(at, "expected white space in the XML declaration, found %s", p.found(at))
		}
		nameEnd := ncName(src, at)
		name := src[at:nameEnd]
		switch {
		case k == 0 && name != "version":
			return faultf(at, `expected version="1.0" first in the XML declaration, found %s`, p.foundName(at, nameEnd))
		case k == len(names):
			return faultf(at, `expected "?>" at the end of the XML declaration, found %s`, p.foundName(at, nameEnd))
		case k == 1 && name == names[2]:
			k = 2
		case name != names[k]:
			return faultf(at, `expected %s or "?>" in the XML declaration, found %s; its order is version, encoding, standalone`, strings.Join(names[k:], ", "), p.foundName(at, nameEnd))
		}
		q := skipSpace(src, nameEnd)
		if q == len(src) || src[q] != '=' {
			return faultf(q, `expected "=" after %s in the XML declaration, found %s`, name, p.found(q))
		}
		q = skipSpace(src, q+1)
		if q == len(src) || src[q] != '"' && src[q] != '\'' {
			return faultf(q, "expected a quotation mark before the %s of the XML declaration, found %s", name, p.found(q))
		}
		length := strings.IndexByte(src[q+1:], src[q])
		if length < 0 {
			return faultf(q, "the %s of the XML declaration has no closing quotation mark: expected %c", name, src[q])
		}
		end := q + 1 + length
		value := src[q+1 : end]
		if !declared(k, value) {
			return faultf(q+1, "the %s of the XML declaration is %q: expected %s", name, excerpt(value), wants[k])
		}
		p.scratch = append(p.scratch, Attr{Name: name, Value: value, Start: at, End: end + 1, NameEnd: nameEnd, ValueStart: q + 1, ValueEnd: end, Quote: src[q]})
		if k == 1 {
			p.doc.Encoding = value
		}
		k++
		i = end + 1
	}
	if k == 0 {
		return faultf(len(src), `expected version="1.0" in the XML declaration`)
	}
	n := p.add(ProcInst, start, len(src)+2)
	n.Name = "xml"
	n.Value = normal(src[skipSpace(src, start+5):])
	n.Attrs = p.keepAttrs(p.scratch)
	return nil
}

// declared reports whether value can be the version (k 0), the encoding (1) or
// the standalone (2) of an XML declaration. As in the fifth edition of XML 1.0,
// any version 1.x is read as 1.0.
func declared(k int, value string) bool {
	all := func(s string, ok func(c byte) bool) bool {
		for i := range len(s) {
			if !ok(s[i]) {
				return false
			}
		}
		return s != ""
	}
	digit := func(c byte) bool { return '0' <= c && c <= '9' }
	letter := func(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
	switch k {
	case 0:
		minor, ok := strings.CutPrefix(value, "1.")
		return ok && all(minor, digit)
	case 1:
		return value != "" && letter(value[0]) && all(value, func(c byte) bool {
			return letter(c) || digit(c) || c == '.' || c == '_' || c == '-'
		})
	}
	return value == "yes" || value == "no"
}
