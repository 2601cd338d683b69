package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable returns a text as it may go to a terminal or a log: on one line, with
// escapes, as in \x1b and \u202e, in place of controls, line ends, and characters
// that are not seen but change how others are, such as bidirectional controls. Tabs
// stay.
func Printable(s string) string {
	if !strings.ContainsFunc(s, isHidden) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !isHidden(r):
			b.WriteRune(r)
		case r == utf8.RuneError: // of a byte that is no UTF-8, too
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

// isHidden reports whether a character is not to be printed as it is.
func isHidden(r rune) bool {
	if ' ' <= r && r < 0x7F {
		return false
	}
	return r != '\t' && unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r == utf8.RuneError
}

// ClipPath cuts the path of an element as it is listed: to more characters than the path
// of any element that the app reads has.
func ClipPath(path string) string { return Clip(path, 1000) }

// Clip cuts a text that is longer than some number of characters, and marks it with
// three dots.
func Clip(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "..."
		}
		n++
	}
	return s
}
