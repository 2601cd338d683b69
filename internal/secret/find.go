package secret

import (
	"regexp"
	"slices"
	"strings"
)

// Find returns where a text holds what reads like a secret, in order and none inside
// of another. The text is XML, well-formed or not, or anything that has names and
// values, such as TOML or JSON. A placeholder is no secret; what stands in its place
// may be one. The time is in proportion to the text.
func Find(text string) []Span {
	f := finder{src: text}
	return f.find()
}

type finder struct {
	src    string
	list   []Span
	looked int // how many bytes were looked at, some more than once
}

func (f *finder) find() []Span {
	f.markup(0, len(f.src), false)
	if !strings.HasPrefix(strings.TrimLeft(f.src, "\uFEFF"+space), "<") {
		f.pairs(0, len(f.src), false)
	}
	f.looked += 2 * len(f.src)
	return Union(f.list, InURLs(f.src))
}

// add notes the span of a value, without the white space around it, if it tells
// something.
func (f *finder) add(start, end int) bool {
	value := f.src[start:end]
	f.looked += len(value)
	if !Tells(value) {
		return false
	}
	start += len(value) - len(strings.TrimLeft(value, space))
	end -= len(value) - len(strings.TrimRight(value, space))
	f.list = append(f.list, Span{start, end})
	return true
}

const space = " \t\r\n"

// index returns the offset of the first of some bytes from an offset on, or the end.
func (f *finder) index(at, end int, chars string) int {
	i := at
	if len(chars) == 2 {
		for one, two := chars[0], chars[1]; i < end && f.src[i] != one && f.src[i] != two; i++ {
		}
	} else if n := strings.IndexAny(f.src[at:end], chars); n >= 0 {
		i += n
	} else {
		i = end
	}
	f.looked += i - at + 1
	return i
}

// skip returns the offset of the first byte that is none of some.
func (f *finder) skip(at, end int, chars string) int {
	for at < end && strings.IndexByte(chars, f.src[at]) >= 0 {
		at++
		f.looked++
	}
	return at
}

// An element is one that is open.
type element struct {
	name     string
	isSecret bool // its text is secret
	isKey    bool // its text is the name of what comes next
	named    bool // the name that is its text is that of a secret
	armed    bool // the next element in it has the value of a secret
}

// keys are the names of elements, attributes and keys whose text is the name of what
// comes next, and values those that have the value of what they stand in.
var (
	keys   = []string{"key", "name", "id", "tagname", "param", "parameter", "property", "option", "field", "attr", "attribute", "tag", "path", "label"}
	values = []string{"value", "tagvalue", "string", "text", "data", "content", "default"}
)

func isOneOf(list []string, name string) bool {
	return len(name) <= 16 && slices.Contains(list, strings.ToLower(name))
}

// markup looks for elements and attributes with secrets. In a comment there is no
// other.
func (f *finder) markup(at, end int, inComment bool) {
	open := make([]element, 1) // the first stands for what no element is around
	commentEnds := !inComment  // whether a comment that begins may end
	for at < end {
		next := f.index(at, end, "<")
		f.content(at, next, end, open)
		at = next
		rest := f.src[at:end]
		switch {
		case at == end:
		case commentEnds && strings.HasPrefix(rest, "<!--"):
			n := strings.Index(rest, "-->")
			if commentEnds = n >= 0; commentEnds {
				f.looked += n
				f.markup(at+4, max(at+4, at+n), true)
				f.pairs(at+4, max(at+4, at+n), false)
				at += max(n, 4)
			} else {
				f.looked += len(rest)
				at += 4
			}
		case strings.HasPrefix(rest, "<![CDATA["):
			at += len("<![CDATA[")
		case strings.HasPrefix(rest, "</"):
			name := at + 2
			at = f.index(name, end, space+"<>")
			open = shut(open, f.src[name:at])
			if at < end && f.src[at] == '>' {
				at++
			}
		default:
			at, open = f.tag(at+1, end, open)
		}
	}
}

// content looks at text between tags.
func (f *finder) content(at, to, end int, open []element) {
	if at == to {
		return
	}
	e := &open[len(open)-1]
	switch {
	case e.isSecret:
		if to == end { // The element has no end: who knows what comes next.
			to = f.index(f.skip(at, to, space), to, "\r\n")
		}
		stop := to
		if s := f.src[at:to]; strings.HasSuffix(s, "]]>") {
			stop -= len("]]>")
		}
		f.add(at, stop)
	case e.isKey:
		f.looked += to - at
		e.named = e.named || to-at < 200 && Named(lastStep(f.src[at:to]))
	default:
		f.pairs(at, to, true)
	}
}

// lastStep returns what of a path its value is that of.
func lastStep(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// shut closes the innermost element of a name, and those in it.
func shut(open []element, name string) []element {
	for i := len(open) - 1; i > 0 && i >= len(open)-16; i-- {
		if open[i].name != name {
			continue
		}
		open[i-1].armed = open[i-1].armed || open[i].named
		return open[:i]
	}
	return open
}

// An attribute is a name, and where its value is.
type attribute struct {
	name       string
	start, end int
}

// tag reads a start tag behind its < and returns the offset behind it.
func (f *finder) tag(at, end int, open []element) (int, []element) {
	start := at
	at = f.index(at, end, space+"<>/=\"'")
	name := f.src[start:at]
	if name == "" || !isLetter(name[0]) && name[0] != '_' && name[0] != '?' {
		return at, open
	}
	local := name[strings.LastIndexByte(name, ':')+1:]
	e := element{name: name, isSecret: Named(local), isKey: isOneOf(keys, local)}
	if parent := &open[len(open)-1]; !e.isKey {
		e.isSecret = e.isSecret || parent.armed || parent.isSecret && isOneOf(values, local)
		parent.armed = false
	}
	var attrs []attribute
	selfClosing := false
	for at < end && f.src[at] != '<' {
		c := f.src[at]
		if c == '>' {
			at++
			break
		}
		if selfClosing = c == '/'; selfClosing || strings.IndexByte(space+"=\"'", c) >= 0 {
			at++
			f.looked++
			continue
		}
		var a attribute
		if a, at = f.attribute(at, end); a.name != "" {
			attrs = append(attrs, a)
		}
	}
	for _, a := range attrs {
		f.looked += len(a.name)
		if IsIdentity(a.name) && a.end-a.start < 200 && Named(f.src[a.start:a.end]) {
			e.isSecret = true
		}
	}
	for _, a := range attrs {
		if Named(a.name) || e.isSecret && !IsIdentity(a.name) && !strings.HasPrefix(a.name, "xml") && !strings.HasPrefix(a.name, "xsi:") {
			f.add(a.start, a.end)
		} else {
			f.pairs(a.start, a.end, true)
		}
	}
	if selfClosing || name[0] == '?' {
		return at, open
	}
	return at, append(open, e)
}

func (f *finder) attribute(at, end int) (attribute, int) {
	start := at
	at = f.index(at, end, space+"<>/=\"'")
	a := attribute{name: f.src[start:at]}
	value := f.skip(at, end, space)
	if value == end || f.src[value] != '=' {
		return attribute{}, at
	}
	value = f.skip(value+1, end, space)
	if value < end && (f.src[value] == '"' || f.src[value] == '\'') {
		a.start = value + 1
		a.end = f.index(a.start, end, f.src[value:value+1]+"<")
		if a.end < end && f.src[a.end] != '<' {
			return a, a.end + 1
		}
		return a, a.end
	}
	a.start = value
	a.end = f.index(value, end, space+"<>")
	return a, a.end
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80 }

// pairs looks for names with values, as in password = "x", "sipPassword": "x", and
// name="password" value="x". If it is strict it takes only those as in password=x,
// as they stand in XML.
func (f *finder) pairs(at, end int, strict bool) {
	marks := ":="
	if strict {
		marks = "="
	}
	begin := at    // the end of the pair before
	named := false // the value before names a secret
	for at < end {
		mark := f.index(at, end, marks)
		if mark == end {
			return
		}
		name, spaced := f.nameBefore(begin, mark)
		at, begin = mark+1, mark+1
		if name == "" || strict && spaced {
			continue
		}
		isSecret := Named(name) || named && isOneOf(values, name)
		if !isSecret && !isOneOf(keys, name) {
			continue
		}
		s, ok := f.valueAt(at, end, strict)
		if !ok {
			continue
		}
		if !isSecret {
			named = s.End-s.Start < 200 && Named(lastStep(f.src[s.Start:s.End]))
			continue
		}
		if f.add(s.Start, s.End) {
			at, begin, named = s.End, s.End, false
		}
	}
}

// nameBefore returns the name that stands ahead of a mark, in quotation marks or not,
// and whether white space is between them.
func (f *finder) nameBefore(begin, mark int) (name string, spaced bool) {
	end := mark
	for end > begin && strings.IndexByte(space, f.src[end-1]) >= 0 {
		end--
	}
	spaced = end < mark
	if end > begin && (f.src[end-1] == '"' || f.src[end-1] == '\'') {
		end--
	}
	start := end
	for start > begin && isNameByte(f.src[start-1]) {
		start--
	}
	f.looked += 3 * (mark - start)
	return f.src[start:end], spaced
}

func isNameByte(c byte) bool {
	return isLetter(c) && c < 0x80 || '0' <= c && c <= '9' || c == '_' || c == '.' || c == '-'
}

// valueAt returns the value that stands behind a mark: what is quoted, or a word on
// the same line. A quotation that does not end ends with its line.
func (f *finder) valueAt(at, end int, strict bool) (Span, bool) {
	word := at
	if !strict {
		if at < end && f.src[at] == '>' { // as in "password" => "x"
			at++
		}
		word = f.skip(at, end, " \t")
		at = f.skip(word, end, space)
	}
	if at < end && (f.src[at] == '"' || f.src[at] == '\'') {
		return f.quoted(at, end), true
	}
	return Span{word, f.index(word, end, space+",;<>\"'}&")}, at == word
}

// quoted returns what is in the quotation marks that begin at an offset.
func (f *finder) quoted(at, end int) Span {
	quote := f.src[at : at+1]
	if long := strings.Repeat(quote, 3); strings.HasPrefix(f.src[at:end], long) {
		if n := strings.Index(f.src[at+3:end], long); n >= 0 {
			f.looked += n
			return Span{at + 3, at + 3 + n}
		}
		return Span{at + 3, end}
	}
	i := at + 1
	for ; i < end && f.src[i] != quote[0] && f.src[i] != '\r' && f.src[i] != '\n'; i++ {
		if f.src[i] == '\\' && quote == `"` && i+1 < end && f.src[i+1] != '\r' && f.src[i+1] != '\n' {
			i++
		}
	}
	f.looked += i - at
	return Span{at + 1, i}
}

// inURL finds a password in a URL, as in https://user:password@host/ and
// sip:user:password@host.
var inURL = regexp.MustCompile(`(?i)(?:://|\bsips?:|\bxmpp:)[^/?#@\s:<>"']*:([^/?#\s<>"']+)@`)

// InURLs returns the spans of the passwords in the URLs of a text, and of what is
// secret in their queries.
func InURLs(text string) []Span {
	var list []Span
	for start := 0; start < len(text); {
		// Most of a template is no URL, and the expression takes its time.
		var at, colon, equals, parameter bool
		end := start
	word:
		for ; end < len(text); end++ {
			switch text[end] {
			case '\t', '\n', '\f', '\r', ' ', '<', '>', '"', '\'': // which no URL has in it
				break word
			case '@':
				at = true
			case ':':
				colon = true
			case '=':
				equals = true
			case '?', '&', ';':
				parameter = true
			}
		}
		queried := start // up to where it was looked for queries
		if at && colon {
			for _, m := range inURL.FindAllStringSubmatchIndex(text[start:end], -1) {
				list = inQuery(list, text, queried, start+m[0])
				list = telling(list, text, start+m[2], start+m[3])
				queried = start + m[1]
			}
		}
		if equals && parameter {
			list = inQuery(list, text, queried, end)
		}
		start = end + 1
	}
	return list
}

// inQuery adds the values of parameters whose names say that they are secret, as in
// ?token=x and &amp;pin=1.
func inQuery(list []Span, text string, start, end int) []Span {
	for i := start; i < end; i++ {
		if c := text[i]; c != '?' && c != '&' && c != ';' {
			continue
		}
		mark := i + 1
		for mark < end && isNameByte(text[mark]) {
			mark++
		}
		if mark == i+1 || mark == end || text[mark] != '=' {
			continue
		}
		name, value := text[i+1:mark], mark+1
		for i = value; i < end && text[i] != '&' && text[i] != '#' && text[i] != ';'; i++ {
		}
		if Named(name) {
			list = telling(list, text, value, i)
		}
		i-- // which may begin the next
	}
	return list
}

// telling adds a span if it holds a secret.
func telling(list []Span, text string, start, end int) []Span {
	if Tells(text[start:end]) {
		list = append(list, Span{start, end})
	}
	return list
}
