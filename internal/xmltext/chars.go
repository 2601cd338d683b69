package xmltext

import "unicode/utf8"

// isChar reports whether XML 1.0 lets r stand in a document (production 2).
func isChar(r rune) bool {
	switch {
	case r < 0x20:
		return r == '\t' || r == '\n' || r == '\r'
	case r < 0xD800:
		return true
	case r < 0x10000:
		return 0xE000 <= r && r <= 0xFFFD
	}
	return r <= utf8.MaxRune
}

// illegal returns the offset of the first character of s that XML does not
// let stand in a document, or of the first byte that is not UTF-8, or len(s).
func illegal(s string) int {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || !isChar(r) {
			return i
		}
		i += size
	}
	return len(s)
}

// isSpace reports whether c is white space (production 3).
func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// skipSpace returns the offset of the first byte of s from i on that is not
// white space.
func skipSpace(s string, i int) int {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	return i
}

const (
	nameStart = 1 << iota
	nameChar
)

// asciiName classes the ASCII characters of names; the colon is none of them.
var asciiName = func() (t [utf8.RuneSelf]uint8) {
	for c := range t {
		switch c := byte(c); {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
			t[c] = nameStart | nameChar
		case '0' <= c && c <= '9', c == '-', c == '.':
			t[c] = nameChar
		}
	}
	return t
}()

// isNameStart reports whether r can begin a name (production 4, no colon).
func isNameStart(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r >= 0 && asciiName[r]&nameStart != 0
	case r <= 0x2FF:
		return r >= 0xC0 && r != 0xD7 && r != 0xF7
	case r <= 0x1FFF:
		return 0x370 <= r && r != 0x37E
	case r <= 0x218F:
		return r == 0x200C || r == 0x200D || r >= 0x2070
	case r <= 0x2FEF:
		return r >= 0x2C00
	case r <= 0xD7FF:
		return r >= 0x3001
	case r <= 0xFDCF:
		return r >= 0xF900
	case r <= 0xFFFD:
		return r >= 0xFDF0
	}
	return 0x10000 <= r && r <= 0xEFFFF
}

// isNameChar reports whether r can stand within a name (production 4a, no
// colon).
func isNameChar(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 0 && asciiName[r]&nameChar != 0
	}
	return isNameStart(r) || r == 0xB7 || 0x300 <= r && r <= 0x36F || r == 0x203F || r == 0x2040
}

// ncName returns the end of the name without a colon that begins at i, or i if
// none does.
func ncName(s string, i int) int {
	class, is := uint8(nameStart), isNameStart
	for i < len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			if asciiName[c]&class == 0 {
				return i
			}
			i++
		} else {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 || !is(r) {
				return i
			}
			i += size
		}
		class, is = nameChar, isNameChar
	}
	return i
}
