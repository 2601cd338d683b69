package render

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A Context is the kind of text that a placeholder stands in.
type Context uint8

// The contexts. A template that is not XML is Plain throughout.
const (
	Plain       Context = iota // outside of the root element, or not XML
	Text                       // text of an element
	Attribute                  // an attribute's value
	Comment                    // a comment
	CDATA                      // a CDATA section
	Instruction                // a processing instruction or the XML declaration
	Markup                     // a tag's or an attribute's name
)

var contexts = [...]Context{
	xmltext.Outside:    Plain,
	xmltext.InText:     Text,
	xmltext.InAttr:     Attribute,
	xmltext.InComment:  Comment,
	xmltext.InCDATA:    CDATA,
	xmltext.InProcInst: Instruction,
	xmltext.InMarkup:   Markup,
}

var contextNames = [...]string{"plain text", "text", "attribute", "comment", "CDATA section", "processing instruction", "markup"}

// String returns the context in words.
func (c Context) String() string {
	if int(c) >= len(contextNames) {
		return "none"
	}
	return contextNames[c]
}

// A Placeholder is one occurrence of a tag in a template.
type Placeholder struct {
	Name     string          // the tag, without percent signs
	Offset   int             // of the first percent sign, in bytes of the template's text
	Position schema.Position // of the same
	Context  Context
	Quote    byte // the quotation mark around an attribute's value, or 0
}

// A Template is a template that has been parsed. It never changes.
type Template struct {
	file    string // its name, for positions
	text    string
	charset charset.Charset
	names   []string      // distinct tags, in order of their first place
	pieces  []piece       // literals, each with the placeholder after it
	places  []Placeholder // one for each piece but the last
}

// A piece is a literal of the template and the placeholder that follows it.
type piece struct {
	literal string
	slot    int // index into names, -1 after the last literal
}

// Parse reads a template. File is its name for positions. The bytes may be in
// UTF-8, in UTF-16 with a byte order mark, or in an encoding that their XML
// declaration names; it is an error if they are not in the encoding that they
// are said to be in. The text may be anything: XML, which need not be
// well-formed, or not XML at all.
func Parse(file string, data []byte) (*Template, error) {
	text, cs, err := charset.Decode(data)
	if err != nil {
		e := &Error{Position: schema.Position{File: file}, Err: err}
		var be *charset.ByteError
		if errors.As(err, &be) {
			e.Line, e.Column = be.Line, be.Column
		}
		return nil, e
	}
	t := parseText(file, text)
	t.charset = cs
	return t, nil
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

func parseText(file, text string) *Template {
	t := &Template{file: file, text: text}
	var runs []run
	if strings.IndexByte(text, '<') >= 0 {
		xmltext.Scan(text, func(start, end int, ctx xmltext.Context, quote byte) {
			runs = append(runs, run{end, contexts[ctx], quote})
		})
	}
	at := &cursor{text: text}
	slots := make(map[string]int)
	rest, offset := text, 0
	for {
		before, name, after, ok := tags.CutPlaceholder(rest)
		if !ok {
			t.pieces = append(t.pieces, piece{rest, -1})
			return t
		}
		offset += len(before)
		slot, seen := slots[name]
		if !seen {
			slot = len(t.names)
			slots[name] = slot
			t.names = append(t.names, name)
		}
		for len(runs) > 0 && runs[0].end <= offset {
			runs = runs[1:]
		}
		p := Placeholder{Name: name, Offset: offset}
		if len(runs) > 0 {
			p.Context, p.Quote = runs[0].context, runs[0].quote
		}
		line, column := at.position(offset)
		p.Position = schema.Position{File: file, Line: line, Column: column}
		t.places = append(t.places, p)
		t.pieces = append(t.pieces, piece{before, slot})
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

// Append executes the template and appends the result to dst, in UTF-8. Each
// tag is looked up once.
func (t *Template) Append(dst []byte, r Resolver, s Substitution) []byte {
	values := make([]string, len(t.names))
	have := make([]bool, len(t.names))
	for i, name := range t.names {
		values[i], have[i] = r(name)
	}
	for i, p := range t.pieces {
		dst = append(dst, p.literal...)
		switch {
		case p.slot < 0:
		case !have[p.slot]:
			dst = append(dst, '%')
			dst = append(dst, t.names[p.slot]...)
			dst = append(dst, '%')
		case s == Raw:
			dst = append(dst, values[p.slot]...)
		default:
			dst = append(dst, escape(values[p.slot], t.places[i], s)...)
		}
	}
	return dst
}

// Execute executes the template and writes the result to w in one call, in
// UTF-8. It returns the writer's error.
func (t *Template) Execute(w io.Writer, r Resolver, s Substitution) error {
	_, err := w.Write(t.Append(make([]byte, 0, len(t.text)), r, s))
	return err
}

// Bind returns a template in which the values that r has are part of the text,
// and only the tags that it lacks are placeholders. These keep their places
// and contexts in t. Executing what Bind returns gives what executing t with
// both resolvers, r first, would have given.
func (t *Template) Bind(r Resolver, s Substitution) *Template {
	b := &Template{file: t.file, charset: t.charset}
	slots := make(map[string]int)
	values := make(map[string]*string, len(t.names))
	for _, name := range t.names {
		if v, ok := r(name); ok {
			values[name] = &v
		}
	}
	var text, literal strings.Builder
	flush := func(slot int) {
		text.WriteString(literal.String())
		b.pieces = append(b.pieces, piece{literal.String(), slot})
		literal.Reset()
	}
	for i, p := range t.pieces {
		literal.WriteString(p.literal)
		if p.slot < 0 {
			continue
		}
		place := t.places[i]
		if v := values[place.Name]; v != nil {
			literal.WriteString(escape(*v, place, s))
			continue
		}
		slot, seen := slots[place.Name]
		if !seen {
			slot = len(b.names)
			slots[place.Name] = slot
			b.names = append(b.names, place.Name)
		}
		flush(slot)
		place.Offset = text.Len()
		b.places = append(b.places, place)
		text.WriteString("%" + place.Name + "%")
	}
	flush(-1)
	b.text = text.String()
	return b
}
