package text

import "strings"

// MaxTagLength is how many characters the name of a tag may have, with its percent
// signs.
const MaxTagLength = 64

// IsTagByte reports whether c can stand in a tag's name, or begin one.
func IsTagByte(c byte, first bool) bool {
	switch {
	case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		return true
	case c == '_', c == '-', c == '.':
		return !first
	}
	return false
}

// CutPlaceholder finds the first placeholder in text, a tag's name between two
// percent signs, and returns the text before it, the name without its percent
// signs, and the text after it. A percent sign that begins no placeholder is
// text like any other.
func CutPlaceholder(text string) (before, name, after string, found bool) {
	for i := 0; i < len(text); {
		j := strings.IndexByte(text[i:], '%')
		if j < 0 {
			break
		}
		start := i + j + 1
		end := start
		for end < len(text) && end-start <= MaxTagLength && IsTagByte(text[end], end == start) {
			end++
		}
		i = start
		if end > start && end < len(text) && text[end] == '%' && end-start+2 <= MaxTagLength {
			if !isEscaped(text, start, end) {
				return text[:start-1], text[start:end], text[end+1:], true
			}
			if isEscape(text, end+1) {
				i = end + 1 // the percent sign begins no tag either
			}
		}
	}
	return text, "", "", false
}

// isEscaped reports whether the percent signs on either side of text[start:end] are
// no tag's: those of a URL's escapes, as in %3Aurn-7%3A, or a number between two
// percentages. A name that begins with a letter is one that a tag may well have
// (%BADGE%00), but for the two of %C3%A4.
func isEscaped(text string, start, end int) bool {
	two := end == start+2 && isEscape(text, start)
	if text[start] < '0' || text[start] > '9' {
		return two && isEscape(text, end+1)
	}
	return two || isEscape(text, start) && isEscape(text, end+1) || strings.Trim(text[start:end], "0123456789.-") == ""
}

// isEscape reports whether two digits stand there, as behind the percent sign of an
// escape.
func isEscape(text string, at int) bool {
	return at+2 <= len(text) && isHexDigit(text[at]) && isHexDigit(text[at+1])
}

func isHexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'F' || 'a' <= c && c <= 'f'
}
