package tomlfile

import (
	"bytes"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// StringEnd returns the end of the string that begins at an offset of a TOML
// document, and whether there is one.
func StringEnd(src []byte, at int) (int, bool) {
	rest := string(src[min(at, len(src)):])
	for _, quote := range []string{`"""`, `'''`, `"`, `'`} {
		inner, ok := strings.CutPrefix(rest, quote)
		if !ok {
			continue
		}
		for i := 0; i < len(inner); i++ {
			switch {
			case inner[i] == '\\' && quote[0] == '"':
				i++
			case strings.HasPrefix(inner[i:], quote):
				end := i + len(quote)
				// Up to two more quotation marks belong to the text.
				for n := 0; len(quote) == 3 && n < 2 && end < len(inner) && inner[end] == quote[0]; n++ {
					end++
				}
				return at + len(quote) + end, true
			}
		}
		return 0, false
	}
	return 0, false
}

// Line returns the span of the lines that an offset and another, behind it, stand
// on, without the last line end.
func Line(src []byte, from, to int) (start, end int) {
	start = bytes.LastIndexByte(src[:from], '\n') + 1
	end = len(src)
	if i := bytes.IndexByte(src[to:], '\n'); i >= 0 {
		end = to + i
		if end > start && src[end-1] == '\r' {
			end--
		}
	}
	return start, end
}

// Table returns the span of the lines of a table whose header has a key at an
// offset: from the header to the last key, without the comments and empty lines
// behind it. It returns false if there is no header there.
func Table(src []byte, at int) (start, end int, ok bool) {
	start, _ = Line(src, at, at)
	if !strings.HasPrefix(strings.TrimLeft(string(src[start:at]), " \t"), "[") {
		return 0, 0, false
	}
	var p unstable.Parser
	p.Reset(src)
	inside, last := false, at
	for p.NextExpression() {
		e := p.Expression()
		it := e.Key()
		if !it.Next() {
			continue
		}
		key := it.Node()
		begin := int(key.Raw.Offset)
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			if inside {
				_, end = Line(src, last, last)
				return start, end, true
			}
			for {
				line, _ := Line(src, begin, begin)
				inside = inside || line == start
				if !it.Next() {
					break
				}
				begin = int(it.Node().Raw.Offset)
			}
		case unstable.KeyValue:
			if inside {
				last = valueEnd(src, begin, e.Value())
			}
		}
	}
	_, end = Line(src, last, last)
	return start, end, inside
}

// valueEnd returns an offset on the last line of a value of the kinds that are
// written on one line, and of a string.
func valueEnd(src []byte, at int, v *unstable.Node) int {
	if v.Kind == unstable.String {
		for i := at; i < len(src) && src[i] != '\n'; i++ {
			if src[i] == '=' {
				i++
				for i < len(src) && (src[i] == ' ' || src[i] == '\t') {
					i++
				}
				if end, ok := StringEnd(src, i); ok {
					return end
				}
				break
			}
		}
	}
	return at
}

// String writes a text as a TOML string: on one line if it has one, and between
// single quotation marks if it has double ones.
func String(s string) string {
	plain := !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 && r != '\t' && r != '\n' || r == 0x7F || r == 0xFFFD })
	switch {
	case plain && strings.ContainsRune(s, '\n') && !strings.Contains(s, "'''") && !strings.HasSuffix(s, "'"):
		return "'''\n" + s + "'''"
	case plain && strings.ContainsAny(s, `"\`) && !strings.ContainsAny(s, "'\n"):
		return "'" + s + "'"
	}
	return Basic(s)
}

// Basic writes a text as a basic string of TOML, on one line.
func Basic(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0x7F:
			const hex = "0123456789ABCDEF"
			b.WriteString(`\u00` + string(hex[r>>4]) + string(hex[r&15]))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
