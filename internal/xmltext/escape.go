package xmltext

import (
	"strings"
	"unicode/utf8"
)

// EscapeText returns s as it has to be written as the text of an element: with
// references for &, < and >, and for a carriage return, which would be read as
// a line feed. Characters that no XML document can hold, such as most control
// characters, and bytes that are not UTF-8 become U+FFFD.
func EscapeText(s string) string {
	return escape(s, func(c byte) string {
		switch c {
		case '&':
			return "&amp;"
		case '<':
			return "&lt;"
		case '>':
			return "&gt;"
		case '\r':
			return "&#13;"
		}
		return ""
	})
}

// EscapeAttr returns s as it has to be written as the value of an attribute
// that stands between two of the quotation mark quote, a double or a single
// one; any other quote escapes both. Besides what [EscapeText] escapes it writes
// references for tabs and line ends, which would be read as spaces.
func EscapeAttr(s string, quote byte) string {
	return escape(s, func(c byte) string {
		switch c {
		case '&':
			return "&amp;"
		case '<':
			return "&lt;"
		case '>':
			return "&gt;"
		case '"':
			if quote != '\'' {
				return "&quot;"
			}
		case '\'':
			if quote != '"' {
				return "&apos;"
			}
		case '\t':
			return "&#9;"
		case '\n':
			return "&#10;"
		case '\r':
			return "&#13;"
		}
		return ""
	})
}

// escape replaces each ASCII character of s for which ref gives something, and
// what XML cannot hold by U+FFFD.
func escape(s string, ref func(c byte) string) string {
	var b strings.Builder
	done := 0 // s[:done] is in b
	for i := 0; i < len(s); {
		size, by := 1, ""
		if c := s[i]; c < utf8.RuneSelf {
			by = ref(c)
		}
		if by == "" {
			var r rune
			r, size = utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 || !isChar(r) {
				by = string(utf8.RuneError)
			}
		}
		if by != "" {
			b.WriteString(s[done:i])
			b.WriteString(by)
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}
