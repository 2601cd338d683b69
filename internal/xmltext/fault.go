package xmltext

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

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
