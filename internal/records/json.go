package records

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A Pair is a name of a JSON object and its value: a string, or a number or a
// boolean as it is written.
type Pair struct {
	Name, Value string
	At          int // where the name begins in the record, in bytes
}

// ParseJSON appends the names and values of a flat JSON object to dst. Values
// have to be strings, numbers or booleans; a name whose value is null is passed
// over. A name may come twice: that is for the caller to judge.
func ParseJSON(dst []Pair, text string) ([]Pair, error) {
	if !utf8.ValidString(text) {
		return dst, ErrUTF8
	}
	p := jsonParser{text: text}
	p.space()
	if !p.take('{') {
		return dst, p.expected("an object, such as {\"id\": \"alice\"}")
	}
	p.space()
	if p.take('}') {
		return dst, p.end()
	}
	for {
		p.space()
		if p.pos >= len(text) || text[p.pos] != '"' {
			return dst, p.expected("a name in quotation marks")
		}
		at := p.pos
		name, err := p.str()
		if err != nil {
			return dst, err
		}
		p.space()
		if !p.take(':') {
			return dst, p.expected("a colon after the name " + strconv.Quote(name))
		}
		p.space()
		if rest := text[p.pos:]; strings.HasPrefix(rest, "null") {
			p.pos += len("null")
		} else {
			value, err := p.value(name)
			if err != nil {
				return dst, err
			}
			dst = append(dst, Pair{name, value, at})
		}
		p.space()
		switch {
		case p.take(','):
		case p.take('}'):
			return dst, p.end()
		default:
			return dst, p.expected("a comma or a closing brace")
		}
	}
}

type jsonParser struct {
	text string
	pos  int
}

func (p *jsonParser) space() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

func (p *jsonParser) take(c byte) bool {
	if p.pos < len(p.text) && p.text[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

// expected is an error at the current place.
func (p *jsonParser) expected(what string) error {
	if p.pos >= len(p.text) {
		return &FieldError{p.pos, "it ends: expected " + what}
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.pos:])
	return &FieldError{p.pos, fmt.Sprintf("%q: expected %s", r, what)}
}

func (p *jsonParser) end() error {
	p.space()
	if p.pos < len(p.text) {
		return p.expected("nothing after the object")
	}
	return nil
}

// value reads the value of a name.
func (p *jsonParser) value(name string) (string, error) {
	const kinds = "a string, a number or a boolean"
	rest := p.text[p.pos:]
	switch {
	case rest == "":
	case rest[0] == '"':
		return p.str()
	case strings.HasPrefix(rest, "true"), strings.HasPrefix(rest, "false"):
		n := len("true")
		if rest[0] == 'f' {
			n = len("false")
		}
		p.pos += n
		return rest[:n], nil
	case rest[0] == '-' || '0' <= rest[0] && rest[0] <= '9':
		if n := numberLength(rest); n > 0 {
			p.pos += n
			return rest[:n], nil
		}
	case rest[0] == '[':
		return "", p.expected("for " + strconv.Quote(name) + " " + kinds + ", and this is a list")
	case rest[0] == '{':
		return "", p.expected("for " + strconv.Quote(name) + " " + kinds + ", and this is an object")
	}
	return "", p.expected("for " + strconv.Quote(name) + " " + kinds)
}

// numberLength returns the length of the JSON number at the start of s, or 0.
func numberLength(s string) int {
	i := 0
	digits := func() bool {
		start := i
		for i < len(s) && '0' <= s[i] && s[i] <= '9' {
			i++
		}
		return i > start
	}
	if i < len(s) && s[i] == '-' {
		i++
	}
	if i < len(s) && s[i] == '0' {
		i++
	} else if !digits() {
		return 0
	}
	if i < len(s) && s[i] == '.' {
		i++
		if !digits() {
			return 0
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if !digits() {
			return 0
		}
	}
	return i
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// str reads a string, which begins at the current place.
func (p *jsonParser) str() (string, error) {
	p.pos++
	start := p.pos
	var b []byte
	for p.pos < len(p.text) {
		switch c := p.text[p.pos]; {
		case c == '"':
			part := p.text[start:p.pos]
			p.pos++
			if b == nil {
				return part, nil
			}
			return string(append(b, part...)), nil
		case c < 0x20:
			return "", p.expected("no control character within a string, but \\n, \\t or such")
		case c == '\\':
			b = append(b, p.text[start:p.pos]...)
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			b = utf8.AppendRune(b, r)
			start = p.pos
		default:
			p.pos++
		}
	}
	return "", p.expected("a quotation mark at the string's end")
}

// escape reads what begins with a backslash.
func (p *jsonParser) escape() (rune, error) {
	p.pos++
	if p.pos < len(p.text) {
		if c := escapes[p.text[p.pos]]; c != 0 {
			p.pos++
			return rune(c), nil
		}
		if p.text[p.pos] == 'u' {
			r, ok := p.hex()
			if !ok {
				return 0, p.expected("four hexadecimal digits after \\u")
			}
			if !utf16.IsSurrogate(r) {
				return r, nil
			}
			if strings.HasPrefix(p.text[p.pos:], `\u`) {
				p.pos++
				if second, ok := p.hex(); ok {
					if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
						return r, nil
					}
				}
			}
			return 0, &FieldError{p.pos, "a string holds half of a surrogate pair"}
		}
	}
	return 0, p.expected("one of \"\\/bfnrtu after a backslash")
}

// hex reads four digits after a u.
func (p *jsonParser) hex() (rune, bool) {
	if len(p.text) < p.pos+5 {
		return 0, false
	}
	n, err := strconv.ParseUint(p.text[p.pos+1:p.pos+5], 16, 32)
	if err != nil {
		return 0, false
	}
	p.pos += 5
	return rune(n), true
}
