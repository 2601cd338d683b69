package xmltext

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

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

// A fault is a syntax error without its line and column.
type fault struct {
	offset int
	msg    string
	cut    bool // nothing is wrong but that the source ends here

	refused bool // see SyntaxError
	over    string
	limit   int
}

func faultf(offset int, format string, args ...any) *fault {
	return &fault{offset: offset, msg: fmt.Sprintf(format, args...)}
}

func refusef(offset int, format string, args ...any) *fault {
	return &fault{offset: offset, msg: fmt.Sprintf(format, args...), refused: true}
}

// overf is refusef for a document that is over a limit.
func overf(offset int, over string, limit int, format string, args ...any) *fault {
	f := refusef(offset, format, args...)
	f.over, f.limit = over, limit
	return f
}

func cutf(offset int, format string, args ...any) *fault {
	return &fault{offset: offset, msg: fmt.Sprintf(format, args...), cut: true}
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

// text reads the text up to the next "<".
func (p *parser) text() *fault {
	src, start := p.src, p.pos
	if len(p.open) == 0 {
		p.pos = skipSpace(src, start)
		if p.pos < len(src) && src[p.pos] != '<' {
			where := "before"
			if p.doc.Root != nil {
				where = "after"
			}
			return faultf(p.pos, "%s %s the root element: only comments, processing instructions and white space can stand there", p.found(p.pos), where)
		}
		return nil
	}
	end, plain := start, true
loop:
	for ; end < len(src); end++ {
		switch src[end] {
		case '<':
			break loop
		case '&', '\r':
			plain = false
		case '>':
			if end-start >= 2 && src[end-1] == ']' && src[end-2] == ']' {
				if _, f := p.decode(start, end, false); f != nil {
					return f
				}
				return faultf(end-2, `"]]>" in text: write it as "]]&gt;"`)
			}
		}
	}
	value := src[start:end]
	if !plain {
		var f *fault
		if value, f = p.decode(start, end, false); f != nil {
			return f
		}
	}
	p.add(Text, start, end).Value = value
	return nil
}

// decode resolves the references in src[start:end] and normalizes its line
// ends: to line feeds in text, to spaces, like tabs, in an attribute value.
func (p *parser) decode(start, end int, attr bool) (string, *fault) {
	b := p.values
	if b == nil || b.Cap()-b.Len() < end-start {
		b = new(strings.Builder)
		b.Grow(max(2*p.chunk, end-start))
		p.values = b
	}
	first := b.Len()
	line := byte('\n')
	if attr {
		line = ' '
	}
	done := start // src[start:done] is in b
	for i := start; i < end; i++ {
		c := p.src[i]
		if c > '&' || c != '&' && c != '\r' && (!attr || c != '\n' && c != '\t') {
			continue
		}
		b.WriteString(p.src[done:i])
		if c == '&' {
			r, next, f := p.reference(i, end)
			if f != nil {
				return "", f
			}
			b.WriteRune(r)
			i = next - 1
		} else {
			b.WriteByte(line)
			if c == '\r' && i+1 < end && p.src[i+1] == '\n' {
				i++
			}
		}
		done = i + 1
	}
	b.WriteString(p.src[done:end])
	return b.String()[first:], nil
}

// reference reads the reference whose "&" is at i and which has to end before
// end. It returns its character and the offset past its ";".
func (p *parser) reference(i, end int) (r rune, next int, f *fault) {
	s := p.src[:end]
	if strings.HasPrefix(s[i:], "&#") {
		return p.charRef(i, end)
	}
	j := ncName(s, i+1)
	switch {
	case j == i+1:
		return 0, 0, faultf(i, `"&" begins no reference: write & as &amp;`)
	case j == end || s[j] != ';':
		return 0, 0, faultf(i, `reference %s has no ";" at its end: write & as &amp; if none is meant`, excerpt(s[i:j]))
	}
	switch s[i+1 : j] {
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "amp":
		r = '&'
	case "quot":
		r = '"'
	case "apos":
		r = '\''
	default:
		return 0, 0, faultf(i, "entity %s is not declared: expected &lt; &gt; &amp; &quot; &apos; or a character reference (&#160;); write & as &amp; if no reference is meant", excerpt(s[i:j+1]))
	}
	return r, j + 1, nil
}

// charRef reads a character reference for reference.
func (p *parser) charRef(i, end int) (r rune, next int, f *fault) {
	s := p.src[:end]
	j, base, digits := i+2, rune(10), "decimal digits"
	if j < end && s[j] == 'x' {
		j, base, digits = j+1, 16, "hexadecimal digits"
	}
	first := j
	for ; j < end; j++ {
		d, c := rune(99), s[j]
		switch {
		case '0' <= c && c <= '9':
			d = rune(c - '0')
		case 'a' <= c && c <= 'f':
			d = rune(c-'a') + 10
		case 'A' <= c && c <= 'F':
			d = rune(c-'A') + 10
		}
		if d >= base {
			break
		}
		r = min(r*base+d, unicode.MaxRune+1)
	}
	if j == first || j == end || s[j] != ';' {
		return 0, 0, faultf(i, `character reference %s is not complete: expected %s and ";"; write & as &amp; if none is meant`, excerpt(s[i:j]), digits)
	}
	if !isChar(r) {
		return 0, 0, faultf(i, "character reference %s is for no character that XML allows: remove it", excerpt(s[i:j+1]))
	}
	return r, j + 1, nil
}

// normal returns s with all line ends as line feeds.
func normal(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
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

// name reads the name at i, which may have one colon, and returns its end.
func (p *parser) name(i int, expected string) (int, *fault) {
	src := p.src
	end := ncName(src, i)
	switch {
	case i == len(src):
		return 0, cutf(i, "the document ends inside a tag: expected %s", expected)
	case end == i && src[i] == ':':
		return 0, faultf(i, `a name begins with ":": expected a prefix before it`)
	case end == i:
		return 0, faultf(i, "expected %s, found %s", expected, p.found(i))
	case end == len(src) || src[end] != ':':
		return end, nil
	}
	local := end + 1
	end = ncName(src, local)
	switch {
	case local == len(src):
		return 0, cutf(local, "the document ends inside a name")
	case end == local:
		return 0, faultf(local, "expected a name after %s, found %s", excerpt(src[i:local]), p.found(local))
	case end < len(src) && src[end] == ':':
		return 0, faultf(end, `second ":" in a name: expected at most one`)
	}
	return end, nil
}

func (p *parser) startTag() *fault {
	src, start := p.src, p.pos
	if ncName(src, start+1) == start+1 && src[start+1] != ':' {
		return faultf(start+1, `expected a name after "<", found %s: write < as &lt; if no tag is meant`, p.found(start+1))
	}
	i, f := p.name(start+1, "the name of an element")
	if f != nil {
		return f
	}
	name := src[start+1 : i]
	if len(p.open) == 0 && p.doc.Root != nil {
		return faultf(start, "second root element <%s>: expected nothing more after the root element <%s>, which begins in line %d", excerpt(name), excerpt(p.doc.Root.Name), p.line(p.doc.Root.Start))
	}
	if len(p.open) == p.maxDepth {
		return overf(start, "levels", p.maxDepth, "element <%s> stands too deep: elements can nest %d deep", excerpt(name), p.maxDepth)
	}
	p.scratch = p.scratch[:0]
	selfClosing := false
	for {
		before := i
		i = skipSpace(src, i)
		if i == len(src) {
			return cutf(i, `the document ends inside the start tag <%s>, which begins in line %d: expected ">" or "/>"`, excerpt(name), p.line(start))
		}
		if src[i] == '>' {
			i++
			break
		}
		if src[i] == '/' {
			if i+1 == len(src) {
				return cutf(i+1, `the document ends inside the start tag <%s>: expected ">" after "/"`, excerpt(name))
			}
			if src[i+1] != '>' {
				return faultf(i+1, `expected ">" after "/" in the start tag <%s>, found %s`, excerpt(name), p.found(i+1))
			}
			i += 2
			selfClosing = true
			break
		}
		if i == before {
			return faultf(i, `expected white space, ">" or "/>" in the start tag <%s>, found %s`, excerpt(name), p.found(i))
		}
		if i, f = p.attribute(i, start, name); f != nil {
			return f
		}
		if p.count > p.maxNodes {
			return p.tooMany(i)
		}
	}
	places, f := p.unique(name)
	if f != nil {
		return f
	}
	n := p.add(Element, start, i)
	n.Name = name
	n.Attrs, n.attrs = p.keepAttrs(p.scratch), places
	n.OpenEnd, n.CloseStart = i, i
	n.SelfClosing = selfClosing
	if n.Parent == nil {
		p.doc.Root = n
	}
	if !selfClosing {
		p.open = append(p.open, opened{n, len(p.pending)})
	}
	return nil
}

// attribute reads the attribute at i of the tag of element that begins at tag,
// into scratch, and returns its end.
func (p *parser) attribute(i, tag int, element string) (int, *fault) {
	src, start := p.src, i
	nameEnd, f := p.name(start, `the name of an attribute, ">" or "/>"`)
	if f != nil {
		if src[start:] != "" && src[start] == '<' {
			return 0, faultf(start, `"<" inside the start tag <%s>, which begins in line %d: expected ">" or "/>" before it`, excerpt(element), p.line(tag))
		}
		return 0, f
	}
	name := src[start:nameEnd]
	i = skipSpace(src, nameEnd)
	if i < len(src) && src[i] != '=' {
		return 0, faultf(i, `expected "=" after the attribute %s of element <%s>, found %s: write %s="..."`, excerpt(name), excerpt(element), p.found(i), excerpt(name))
	}
	if i < len(src) {
		i = skipSpace(src, i+1)
	}
	if i == len(src) {
		return 0, cutf(i, "the document ends inside the start tag <%s>: expected the value of the attribute %s", excerpt(element), excerpt(name))
	}
	quote := src[i]
	if quote != '"' && quote != '\'' {
		return 0, faultf(i, "expected a quotation mark before the value of the attribute %s, found %s: write %s=\"%s\"", excerpt(name), p.found(i), excerpt(name), p.unquoted(i))
	}
	open := i
	plain := true
	for i++; i < len(src) && src[i] != quote; i++ {
		switch src[i] {
		case '&', '\t', '\n', '\r':
			plain = false
		case '<':
			if _, f := p.decode(open+1, i, true); f != nil {
				return 0, f
			}
			return 0, faultf(i, `"<" in the value of the attribute %s, which begins in line %d: write < as &lt;, or put the missing %c before it`, excerpt(name), p.line(open), quote)
		}
	}
	if i == len(src) {
		return 0, cutf(open, "the value of the attribute %s has no closing quotation mark: expected %c", excerpt(name), quote)
	}
	value := src[open+1 : i]
	if !plain {
		if value, f = p.decode(open+1, i, true); f != nil {
			return 0, f
		}
	}
	p.count++
	p.scratch = append(p.scratch, Attr{
		Name: name, Value: value, Start: start, End: i + 1, NameEnd: nameEnd,
		ValueStart: open + 1, ValueEnd: i, Quote: quote,
	})
	return i + 1, nil
}

// unique checks that no two attributes in scratch have one name. If they are many, it
// returns the place of each.
func (p *parser) unique(element string) (map[string]int, *fault) {
	twice := func(a *Attr) *fault {
		return faultf(a.Start, "the attribute %s of element <%s> stands there twice: remove one", excerpt(a.Name), excerpt(element))
	}
	if len(p.scratch) > 16 {
		places := make(map[string]int, len(p.scratch))
		for i := range p.scratch {
			a := &p.scratch[i]
			if _, ok := places[a.Name]; ok {
				return nil, twice(a)
			}
			places[a.Name] = i
		}
		return places, nil
	}
	for i := range p.scratch {
		for j := range i {
			if p.scratch[i].Name == p.scratch[j].Name {
				return nil, twice(&p.scratch[i])
			}
		}
	}
	return nil, nil
}

func (p *parser) endTag() *fault {
	src, start := p.src, p.pos
	if start+2 == len(src) {
		return cutf(start, `the document ends after "</"`)
	}
	end, f := p.name(start+2, `the name of an element after "</"`)
	if f != nil {
		return f
	}
	name := src[start+2 : end]
	// A name at the very end may be cut short: whether it matches can't be told.
	if end == len(src) {
		return cutf(start, `end tag </%s is not closed: expected ">"`, excerpt(name))
	}
	if len(p.open) == 0 {
		return faultf(start, "end tag </%s> has no start tag: remove it, or write <%s> before it", excerpt(name), excerpt(name))
	}
	e := p.open[len(p.open)-1]
	if name != e.Name {
		return faultf(start, "end tag </%s> does not match the start tag <%s> in line %d: expected </%s>", excerpt(name), excerpt(e.Name), p.line(e.Start), excerpt(e.Name))
	}
	end = skipSpace(src, end)
	if end == len(src) {
		return cutf(start, `end tag </%s is not closed: expected ">"`, excerpt(name))
	}
	if src[end] != '>' {
		return faultf(end, `expected ">" at the end of the end tag </%s>, found %s`, excerpt(name), p.found(end))
	}
	e.CloseStart, e.End = start, end+1
	e.Children = p.keep(p.pending[e.first:])
	p.pending = p.pending[:e.first]
	p.open = p.open[:len(p.open)-1]
	p.pos = end + 1
	return nil
}

// illegal returns the fault for the illegal character at i.
func (p *parser) illegal(i int) *fault {
	src := p.doc.Src
	if i <= 1 {
		for _, start := range []string{"\xFE\xFF", "\xFF\xFE", "<\x00", "\x00<"} {
			if strings.HasPrefix(src, start) {
				return faultf(0, "the document is in UTF-16: convert it to UTF-8")
			}
		}
	}
	r, size := utf8.DecodeRuneInString(src[i:])
	switch {
	case r != utf8.RuneError || size != 1:
		return faultf(i, "%U is a character that XML does not allow: remove it", r)
	case p.doc.Encoding != "" && !strings.EqualFold(p.doc.Encoding, "UTF-8"):
		return faultf(i, "byte 0x%02X is not valid UTF-8, and the XML declaration names the encoding %s: convert the document to UTF-8", src[i], p.doc.Encoding)
	}
	return faultf(i, "byte 0x%02X is not valid UTF-8: convert the document to UTF-8", src[i])
}

func (p *parser) line(offset int) int {
	line, _ := p.doc.Lines().Position(offset)
	return line
}

// found describes the character at i for a message.
func (p *parser) found(i int) string {
	if i >= len(p.src) {
		return "the end of the document"
	}
	r, _ := utf8.DecodeRuneInString(p.src[i:])
	switch {
	case r == '\n' || r == '\r':
		return "the end of the line"
	case r == ' ' || r == '\t':
		return "white space"
	case r == '"':
		return `'"'`
	case unicode.IsPrint(r):
		return `"` + string(r) + `"`
	}
	return fmt.Sprintf("%U", r)
}

// foundName describes the name that spans i to end, or the character at i if it
// is empty.
func (p *parser) foundName(i, end int) string {
	if i == end {
		return p.found(i)
	}
	return excerpt(p.src[i:end])
}

// unquoted returns the value that begins at i and should be in quotation marks.
func (p *parser) unquoted(i int) string {
	s := p.src[i:]
	s = s[:min(len(s), 80)]
	if end := strings.IndexAny(s, " \t\r\n<>\"'&"); end >= 0 {
		s = s[:end]
	}
	if s = strings.TrimSuffix(s, "/"); s == "" {
		return "..."
	}
	return excerpt(s)
}

// excerpt returns s, cut if it is too long for a message.
func excerpt(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	end := most
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "..."
}
