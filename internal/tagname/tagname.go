// Package tagname knows the names of tags, and finds them in texts.
package tagname

import (
	"strconv"
	"strings"
)

// The lengths that the OCI schema sets, in characters. (documented)
const (
	MaxLength      = 64  // a tag's name, with its percent signs
	MaxValueLength = 256 // a tag's value
	MaxSetLength   = 30  // a tag set's name
)

// Bare returns name without the percent signs around it, if it has both.
func Bare(name string) string {
	if len(name) >= 2 && name[0] == '%' && name[len(name)-1] == '%' {
		return name[1 : len(name)-1]
	}
	return name
}

// IsSystem reports whether name is a system tag's: whether it begins with BW.
func IsSystem(name string) bool { return strings.HasPrefix(Bare(name), "BW") }

// SplitLine splits a system tag's name into its base and its line number, 1 or
// more: "BWLINEPORT-2" is line 2 of "BWLINEPORT". A name without a line, or
// not a system tag's, comes back as it is, with line 0.
func SplitLine(name string) (base string, line int) {
	name = Bare(name)
	i := strings.LastIndexByte(name, '-')
	if i < 0 || !IsSystem(name) {
		return name, 0
	}
	digits := name[i+1:]
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || strconv.Itoa(n) != digits {
		return name, 0
	}
	return name[:i], n
}

// IsByte reports whether c can stand in a tag's name, or begin one.
func IsByte(c byte, first bool) bool {
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
		for end < len(text) && end-start <= MaxLength && IsByte(text[end], end == start) {
			end++
		}
		i = start
		if end > start && end < len(text) && text[end] == '%' && end-start+2 <= MaxLength {
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
