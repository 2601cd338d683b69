package render

import (
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/schema"
)

// A Context is the kind of text that a placeholder stands in. Outside of the root
// element it is empty, and in a template that is not XML.
type Context string

// The contexts.
const (
	Text        Context = "text"                   // text of an element
	Attribute   Context = "attribute"              // an attribute's value
	Comment     Context = "comment"                // a comment
	CDATA       Context = "CDATA section"          // a CDATA section
	Instruction Context = "processing instruction" // a processing instruction or the XML declaration
	Markup      Context = "markup"                 // a tag's or an attribute's name
)

var contexts = [...]Context{
	xmltext.InText:     Text,
	xmltext.InAttr:     Attribute,
	xmltext.InComment:  Comment,
	xmltext.InCDATA:    CDATA,
	xmltext.InProcInst: Instruction,
	xmltext.InMarkup:   Markup,
}

// A Placeholder is one occurrence of a tag in a template.
type Placeholder struct {
	Name     string          // the tag, without percent signs
	Offset   int             // of the first percent sign, in bytes of the template's text
	Position schema.Position // of the same
	Context  Context
	Quote    byte // the quotation mark around an attribute's value, or 0
	// Path is the place in the notation of [schema.Path]: element names separated
	// by slashes, with @attribute at the end for an attribute's value. It takes
	// [Template.Places] to know it.
	Path string
}

// A Template is a template that has been parsed. It never changes, and any
// number of goroutines may use it.
type Template struct {
	origin
	text    string
	names   []string      // distinct tags, in order of their first place
	marks   []string      // each of names with its percent signs
	pieces  []piece       // literals, each with the placeholder after it
	places  []Placeholder // one for each piece but the last
	scratch sync.Pool     // of *[]value
}

// An origin is what a template has of the bytes that it was parsed from, and
// keeps when it is changed.
type origin struct {
	file    string // its name, for positions
	charset charset.Charset
	limits  Limits
	steps   int // that edits have taken
}

// A piece is a literal of the template and the placeholder that follows it.
type piece struct {
	literal string
	slot    int // index into names; len(names) after the last literal
}

// A builder puts a template together, piece by piece.
type builder struct {
	t     *Template
	slots map[string]int
}

func newBuilder(o origin) builder {
	return builder{&Template{origin: o}, make(map[string]int)}
}

// add appends a literal and the placeholder after it.
func (b *builder) add(literal string, p Placeholder) {
	slot, seen := b.slots[p.Name]
	if !seen {
		slot = len(b.t.names)
		b.slots[p.Name] = slot
		b.t.names = append(b.t.names, p.Name)
		b.t.marks = append(b.t.marks, "%"+p.Name+"%")
	}
	b.t.pieces = append(b.t.pieces, piece{literal, slot})
	b.t.places = append(b.t.places, p)
}

// end appends the last literal and returns the template, whose text is text, or
// is put together of its pieces if that is empty.
func (b *builder) end(literal, text string) *Template {
	t := b.t
	t.pieces = append(t.pieces, piece{literal, len(t.names)})
	if text == "" {
		var s strings.Builder
		for i, p := range t.pieces {
			s.WriteString(p.literal)
			if i < len(t.places) {
				t.places[i].Offset = s.Len()
				s.WriteString(t.marks[p.slot])
			}
		}
		text = s.String()
	}
	t.text = text
	return t
}

// Parse reads a template. File is its name for positions. The bytes may be in
// UTF-8, in UTF-16 with a byte order mark, or in an encoding that their XML
// declaration names; it is an error if they are not in the encoding that they
// are said to be in. The text may be anything: XML, which need not be
// well-formed, or not XML at all. A template over a limit is refused; the error
// wraps a [*schema.LimitError].
func Parse(file string, data []byte, opts ...Option) (*Template, error) {
	var limits Limits
	for _, opt := range opts {
		opt(&limits)
	}
	limits = limits.withDefaults()
	text, cs, err := charset.Decode(data)
	if err != nil {
		e := &Error{Position: schema.Position{File: file}, Err: err}
		var be *charset.ByteError
		if errors.As(err, &be) {
			e.Line, e.Column = be.Line, be.Column
		}
		return nil, e
	}
	if err := limits.check(file, text); err != nil {
		return nil, err
	}
	return parseText(origin{file: file, charset: cs, limits: limits}, text), nil
}

// An Error is a template that can't be read.
type Error struct {
	schema.Position
	Err error
}

// Error implements the error interface.
func (e *Error) Error() string { return e.Position.String() + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func parseText(o origin, src string) *Template {
	b := newBuilder(o)
	var runs []run
	if strings.IndexByte(src, '<') >= 0 {
		xmltext.Scan(src, func(start, end int, ctx xmltext.Context, quote byte) {
			runs = append(runs, run{end, contexts[ctx], quote})
		})
	}
	lines := text.NewLines(src)
	rest, offset := src, 0
	for {
		before, name, after, ok := tagname.CutPlaceholder(rest)
		if !ok {
			return b.end(rest, src)
		}
		offset += len(before)
		for len(runs) > 0 && runs[0].end <= offset {
			runs = runs[1:]
		}
		p := Placeholder{Name: name, Offset: offset}
		if len(runs) > 0 {
			p.Context, p.Quote = runs[0].context, runs[0].quote
		}
		line, column := lines.Position(offset)
		p.Position = schema.Position{File: o.file, Line: line, Column: column}
		b.add(before, p)
		offset += len(name) + 2
		rest = after
	}
}

type run struct {
	end     int
	context Context
	quote   byte
}

// File returns the name that the template was parsed under.
func (t *Template) File() string { return t.file }

// Limits returns the limits that the template was parsed with.
func (t *Template) Limits() Limits { return t.limits }

// Source returns the template's text, in UTF-8 and without a byte order mark.
func (t *Template) Source() string { return t.text }

// Encoding returns the name of the encoding of the bytes that were parsed.
func (t *Template) Encoding() string { return t.charset.Name() }

// Encode returns text in the encoding of the bytes that were parsed, with
// their byte order mark if they had one. It is an error if the encoding lacks
// a character.
func (t *Template) Encode(text string) ([]byte, error) { return t.charset.Encode(text) }

// Placeholders returns every placeholder, in order.
func (t *Template) Placeholders() []Placeholder { return slices.Clone(t.places) }

// Tags returns the names of the tags in the template, without percent signs,
// each once, in order of their first place.
func (t *Template) Tags() []string { return slices.Clone(t.names) }

// A Resolver gives the value of a tag, by its name without percent signs, and
// whether the tag has one. A tag without one stays in the file as it is.
type Resolver func(name string) (value string, ok bool)

// Map returns a resolver that looks names up in m.
func Map(m map[string]string) Resolver {
	return func(name string) (string, bool) {
		v, ok := m[name]
		return v, ok
	}
}

// A Substitution is a way to put values into a template.
type Substitution uint8

const (
	// Raw puts values in as they are, as the Application Server does.
	Raw Substitution = iota
	// Escaped escapes values for the text that they stand in, so that XML stays
	// well-formed. In a comment, where nothing can be escaped, "--" becomes
	// "- -"; where no escaping helps (a name, a processing instruction) and
	// where the template is not XML, values go in as they are.
	Escaped
	// EscapedASCII is Escaped, and writes characters outside of ASCII as
	// references, which are the same in every encoding of XML.
	EscapedASCII
)

// A value is what a resolver gives for a tag.
type value struct {
	text string
	ok   bool
}

// values looks every tag up once, by slot. At last there is one of none.
func (t *Template) values(r Resolver) *[]value {
	list, _ := t.scratch.Get().(*[]value)
	if list == nil {
		v := make([]value, len(t.names)+1)
		list = &v
	}
	for i, name := range t.names {
		if r != nil {
			(*list)[i].text, (*list)[i].ok = r(name)
		}
	}
	return list
}

// release gives values back, to be used once more.
func (t *Template) release(list *[]value) {
	clear(*list)
	t.scratch.Put(list)
}

// Append executes the template and appends the result to dst, in UTF-8. Each
// tag is looked up once. It allocates nothing where dst has room and no value
// needs escaping, but for what r does.
func (t *Template) Append(dst []byte, r Resolver, s Substitution) []byte {
	values := t.values(r)
	for i, p := range t.pieces {
		dst = append(dst, p.literal...)
		switch v := &(*values)[p.slot]; {
		case v.ok:
			dst = append(dst, escape(v.text, t.places[i], s)...)
		case i < len(t.places):
			dst = append(dst, t.marks[p.slot]...)
		}
	}
	t.release(values)
	return dst
}

// Bind returns a template in which the values that r has are part of the text,
// and only the tags that it lacks are placeholders. These keep their places
// and contexts in t. Executing what Bind returns gives what executing t with
// both resolvers, r first, would have given.
func (t *Template) Bind(r Resolver, s Substitution) *Template {
	b := newBuilder(t.origin)
	values := t.values(r)
	var literal strings.Builder
	for i, p := range t.pieces {
		literal.WriteString(p.literal)
		if i == len(t.places) {
			break
		}
		if v := (*values)[p.slot]; v.ok {
			literal.WriteString(escape(v.text, t.places[i], s))
		} else {
			b.add(literal.String(), t.places[i])
			literal.Reset()
		}
	}
	t.release(values)
	return b.end(literal.String(), "")
}
