package xmltext

import (
	"strings"
	"unicode/utf8"
)

// A Context says what a byte of a text is part of.
type Context uint8

// The contexts. The marks around a comment, a CDATA section and a processing
// instruction belong to them; the quotation marks around an attribute value
// are InMarkup.
const (
	Outside    Context = iota // before or after the root element, or in no XML at all
	InText                    // text of an element
	InAttr                    // an attribute's value
	InComment                 // a comment
	InCDATA                   // a CDATA section
	InProcInst                // a processing instruction or the XML declaration
	InMarkup                  // a tag, but not a value in it; or a document type declaration
)

var contextNames = [...]string{"outside", "text", "attribute value", "comment", "CDATA section", "processing instruction", "markup"}

// String returns the context in words, such as "attribute value".
func (c Context) String() string {
	if int(c) >= len(contextNames) {
		return "none"
	}
	return contextNames[c]
}

// Scan walks src once and calls fn for each run [start, end) of bytes of one
// context, in order. The runs cover src without gap or overlap; no run is empty
// and no two neighbors are alike. quote is the quotation mark around an
// attribute value, a double or a single one, and 0 in any other context.
//
// Scan takes any text. In a well-formed document the contexts are those that
// [Parse] sees. In any other text they are the best guess: a tag or a value
// that is not closed ends where the next tag begins, a "<" that cannot begin a
// tag is text, and a comment, CDATA section or processing instruction that is
// not closed takes the rest of the text.
func Scan(src string, fn func(start, end int, ctx Context, quote byte)) {
	s := scanner{src: src, fn: fn}
	for s.pos < len(src) {
		i := s.pos
		if !beginsMarkup(src, i) {
			end := i + 1
			for end < len(src) && !(src[end] == '<' && beginsMarkup(src, end)) {
				if next := strings.IndexByte(src[end+1:], '<'); next >= 0 {
					end += 1 + next
				} else {
					end = len(src)
				}
			}
			ctx := Outside
			if s.depth > 0 {
				ctx = InText
			}
			s.emit(end, ctx, 0)
			continue
		}
		switch {
		case strings.HasPrefix(src[i:], "<!--"):
			s.until(i+4, "-->", InComment)
		case strings.HasPrefix(src[i:], "<![CDATA["):
			s.until(i+9, "]]>", InCDATA)
		case src[i+1] == '?':
			s.until(i+2, "?>", InProcInst)
		case src[i+1] == '!':
			s.declaration()
		default:
			s.tag()
		}
	}
	s.flush()
}

type scanner struct {
	src   string
	fn    func(start, end int, ctx Context, quote byte)
	pos   int // src[:pos] has been classed
	depth int // number of open elements

	start int // the run that is being gathered: src[start:pos]
	ctx   Context
	quote byte
}

// emit classes src[pos:end].
func (s *scanner) emit(end int, ctx Context, quote byte) {
	if end == s.pos {
		return
	}
	if ctx != s.ctx || quote != s.quote {
		s.flush()
		s.start, s.ctx, s.quote = s.pos, ctx, quote
	}
	s.pos = end
}

func (s *scanner) flush() {
	if s.start < s.pos {
		s.fn(s.start, s.pos, s.ctx, s.quote)
	}
}

// until classes everything to past the first mark at or after from.
func (s *scanner) until(from int, mark string, ctx Context) {
	end := len(s.src)
	if i := strings.Index(s.src[from:], mark); i >= 0 {
		end = from + i + len(mark)
	}
	s.emit(end, ctx, 0)
}

// declaration classes a document type declaration: to the first ">", or, if a
// "[" comes first, to a "]" and ">".
func (s *scanner) declaration() {
	i := s.pos
	for i < len(s.src) && s.src[i] != '>' && s.src[i] != '[' {
		i++
	}
	for i < len(s.src) && s.src[i] != '>' {
		i++
		for i < len(s.src) && s.src[i] != ']' {
			i++
		}
		if i < len(s.src) {
			i = skipSpace(s.src, i+1)
			if i < len(s.src) && s.src[i] != '>' {
				i-- // may be a "]" again
			}
		}
	}
	s.emit(min(i+1, len(s.src)), InMarkup, 0)
}

// tag classes a start tag or an end tag.
func (s *scanner) tag() {
	src, i := s.src, s.pos+1
	closing := src[i] == '/'
	equals := false // a value may begin here
	empty := false  // the last byte was "/"
	ended := false
	for i < len(src) && !ended {
		c := src[i]
		switch {
		case c == '>':
			ended = true
		case c == '<' && beginsMarkup(src, i):
			ended = true
			i-- // not part of the tag
		case (c == '"' || c == '\'') && equals:
			s.emit(i+1, InMarkup, 0)
			for i++; i < len(src) && src[i] != c && !(src[i] == '<' && beginsMarkup(src, i)); i++ {
			}
			s.emit(i, InAttr, c)
			if i == len(src) || src[i] != c {
				i-- // the value is not closed
			}
			equals, empty = false, false
		case c == '=':
			equals, empty = !closing, false
		case isSpace(c):
			empty = false
		default:
			equals, empty = false, c == '/'
		}
		i++
	}
	s.emit(i, InMarkup, 0)
	switch {
	case closing:
		s.depth = max(s.depth-1, 0)
	case !empty:
		s.depth++
	}
}

// beginsMarkup reports whether the byte at i is a "<" with which a tag, a
// comment, a CDATA section, a processing instruction or a document type
// declaration begins.
func beginsMarkup(src string, i int) bool {
	if src[i] != '<' || i+1 == len(src) {
		return false
	}
	switch c := src[i+1]; {
	case c == '/' || c == '?' || c == ':':
		return true
	case c == '!':
		rest := src[i+2:]
		return strings.HasPrefix(rest, "--") || strings.HasPrefix(rest, "[CDATA[") ||
			rest != "" && (rest[0]|0x20) >= 'a' && (rest[0]|0x20) <= 'z'
	case c < utf8.RuneSelf:
		return asciiName[c]&nameStart != 0
	}
	r, size := utf8.DecodeRuneInString(src[i+1:])
	return size > 1 && isNameStart(r)
}
