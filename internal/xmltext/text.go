package xmltext

import (
	"strings"
	"unicode"
)

// text reads the text up to the next "<".
func (p *parser) text() *fault {
	src, start := p.src, p.pos
	if len(p.open) == 0 {
		p.pos = skipSpace(src, start)
		if p.pos < len(src) && src[p.pos] != '<' {
			where := "before"
			if p.doc.Root != nil {
				where = "after"
			}
			return faultf(p.pos, "%s %s the root element: only comments, processing instructions and white space can stand there", p.found(p.pos), where)
		}
		return nil
	}
	end, plain := start, true
loop:
	for ; end < len(src); end++ {
		switch src[end] {
		case '<':
			break loop
		case '&', '\r':
			plain = false
		case '>':
			if end-start >= 2 && src[end-1] == ']' && src[end-2] == ']' {
				if _, f := p.decode(start, end, false); f != nil {
					return f
				}
				return faultf(end-2, `"]]>" in text: write it as "]]&gt;"`)
			}
		}
	}
	value := src[start:end]
	if !plain {
		var f *fault
		if value, f = p.decode(start, end, false); f != nil {
			return f
		}
	}
	p.add(Text, start, end).Value = value
	return nil
}

// decode resolves the references in src[start:end] and normalizes its line
// ends: to line feeds in text, to spaces, like tabs, in an attribute value.
func (p *parser) decode(start, end int, attr bool) (string, *fault) {
	b := p.values
	if b == nil || b.Cap()-b.Len() < end-start {
		b = new(strings.Builder)
		b.Grow(max(2*p.chunk, end-start))
		p.values = b
	}
	first := b.Len()
	line := byte('\n')
	if attr {
		line = ' '
	}
	done := start // src[start:done] is in b
	for i := start; i < end; i++ {
		c := p.src[i]
		if c > '&' || c != '&' && c != '\r' && (!attr || c != '\n' && c != '\t') {
			continue
		}
		b.WriteString(p.src[done:i])
		if c == '&' {
			r, next, f := p.reference(i, end)
			if f != nil {
				return "", f
			}
			b.WriteRune(r)
			i = next - 1
		} else {
			b.WriteByte(line)
			if c == '\r' && i+1 < end && p.src[i+1] == '\n' {
				i++
			}
		}
		done = i + 1
	}
	b.WriteString(p.src[done:end])
	return b.String()[first:], nil
}

// reference reads the reference whose "&" is at i and which has to end before
// end. It returns its character and the offset past its ";".
func (p *parser) reference(i, end int) (r rune, next int, f *fault) {
	s := p.src[:end]
	if strings.HasPrefix(s[i:], "&#") {
		return p.charRef(i, end)
	}
	j := ncName(s, i+1)
	switch {
	case j == i+1:
		return 0, 0, faultf(i, `"&" begins no reference: write & as &amp;`)
	case j == end || s[j] != ';':
		return 0, 0, faultf(i, `reference %s has no ";" at its end: write & as &amp; if none is meant`, excerpt(s[i:j]))
	}
	switch s[i+1 : j] {
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "amp":
		r = '&'
	case "quot":
		r = '"'
	case "apos":
		r = '\''
	default:
		return 0, 0, faultf(i, "entity %s is not declared: expected &lt; &gt; &amp; &quot; &apos; or a character reference (&#160;); write & as &amp; if no reference is meant", excerpt(s[i:j+1]))
	}
	return r, j + 1, nil
}

// charRef reads a character reference for reference.
func (p *parser) charRef(i, end int) (r rune, next int, f *fault) {
	s := p.src[:end]
	j, base, digits := i+2, rune(10), "decimal digits"
	if j < end && s[j] == 'x' {
		j, base, digits = j+1, 16, "hexadecimal digits"
	}
	first := j
	for ; j < end; j++ {
		d, c := rune(99), s[j]
		switch {
		case '0' <= c && c <= '9':
			d = rune(c - '0')
		case 'a' <= c && c <= 'f':
			d = rune(c-'a') + 10
		case 'A' <= c && c <= 'F':
			d = rune(c-'A') + 10
		}
		if d >= base {
			break
		}
		r = min(r*base+d, unicode.MaxRune+1)
	}
	if j == first || j == end || s[j] != ';' {
		return 0, 0, faultf(i, `character reference %s is not complete: expected %s and ";"; write & as &amp; if none is meant`, excerpt(s[i:j]), digits)
	}
	if !isChar(r) {
		return 0, 0, faultf(i, "character reference %s is for no character that XML allows: remove it", excerpt(s[i:j+1]))
	}
	return r, j + 1, nil
}

// normal returns s with all line ends as line feeds.
func normal(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
