package tomlfile

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dtafgen/wxt/internal/secret"
)

// A mistake is what a person did where a document stops being TOML.
type mistake struct {
	at              int // an offset
	message, remedy string
}

// A line is one in which a document stops being TOML.
type line struct {
	src        string
	start, end int    // without the line end
	text       string // src[start:end]
	at         int    // where the parser gave up
	said       string // what it said
	secret     bool   // what the line holds may be a secret, so that it is not repeated
	key, value string // what is before and after the sign between them, without white space
	sign       int    // the offset of that sign in text, or -1
	valueAt    int    // the offset of value in src
}

// explain says what the mistake is that made a parser give up at an offset. The TOML
// decoder gives -1 for a control character that begins a file.
func explain(src string, at int, said string) mistake {
	l := lineAt(src, min(max(at, 0), len(src)), said)
	for _, try := range []func(line) (mistake, bool){
		wholeFile, twice, controls, wrongList, header, comment, wrongKey, wrongString, wrongValue,
	} {
		if m, ok := try(l); ok {
			return m
		}
	}
	if l.secret {
		said = "it can't be read here"
	}
	return mistake{l.at, "not TOML: " + strings.TrimSuffix(said, "."), ""}
}

func lineAt(src string, at int, said string) line {
	start, end := Line([]byte(src), at, at)
	l := line{src: src, start: start, end: end, text: src[start:end], at: at, said: said, sign: -1}
	l.secret = MayTell(src, start, end)
	quote := byte(0)
	for i := 0; i < len(l.text) && l.sign < 0; i++ {
		switch c := l.text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '=', c == ':':
			l.sign = i
		}
	}
	l.key = strings.TrimSpace(l.text)
	if l.sign >= 0 {
		l.key = strings.TrimSpace(l.text[:l.sign])
		rest := l.text[l.sign+1:]
		l.valueAt = start + l.sign + 1 + len(rest) - len(strings.TrimLeft(rest, " \t"))
		l.value = strings.TrimSpace(rest)
	}
	return l
}

// declaresSecret finds a declaration of a tag with a secret, right or wrong.
var declaresSecret = regexp.MustCompile(`(?im)^[ \t]*["']?secret["']?[ \t]*[:=]`)

// MayTell reports whether a line of a document that is not TOML may hold a secret. It
// is not known there which tags are secret, nor where their values end.
func MayTell(src string, start, end int) bool {
	if declaresSecret.MatchString(src) || secret.Overlap(secret.Find(src), start, end) {
		return true
	}
	for word := range strings.FieldsFuncSeq(src[start:end], func(r rune) bool { return strings.ContainsRune(" \t%=:\"'.[]", r) }) {
		if secret.Named(word) {
			return true
		}
	}
	return false
}

// written returns how a line should be: its key with a value, unless that may be a
// secret.
func (l line) written(value string) string {
	if l.secret {
		return "..."
	}
	return fmt.Sprintf("%s = %s", bareKey(l.key), value)
}

// bareKey returns a key without the quotation and percent signs that it needs not
// have.
func bareKey(key string) string {
	bare := strings.TrimFunc(key, func(r rune) bool { return isCurly(r) || strings.ContainsRune("\"'%`", r) })
	if plainKey.MatchString(bare) {
		return bare
	}
	return String(bare)
}

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// wholeFile reports what is no TOML at all.
func wholeFile(l line) (mistake, bool) {
	const remedy = `"dtafgen init" writes a project file to start from`
	head := strings.TrimLeft(l.src[:l.at], " \t\r\n\uFEFF")
	switch {
	case head == "" && strings.HasPrefix(l.src[l.at:], "{"):
		return mistake{l.at, "this is JSON: expected TOML", remedy}, true
	case head == "" && strings.HasPrefix(l.src[l.at:], "<?xml"):
		return mistake{l.at, "this is XML: expected TOML", remedy}, true
	case mergeMark.MatchString(l.text):
		return mistake{l.start, "a merge conflict of git was left here", "keep one of the two sides, and delete the lines with the marks"}, true
	}
	return mistake{}, false
}

var mergeMark = regexp.MustCompile(`^(<<<<<<<|=======|>>>>>>>)( |$)`)

var definedTwice = regexp.MustCompile(`^Key '(.*)' has already been defined`)

// twice reports a key or a table that is there twice.
func twice(l line) (mistake, bool) {
	m := definedTwice.FindStringSubmatch(l.said)
	if m == nil {
		return mistake{}, false
	}
	names := strings.Split(m[1], ".")
	steps := make([]any, len(names))
	for i, n := range names {
		steps[i] = n
	}
	name, where := m[1], ""
	places, _ := Find([]byte(l.src))
	if first, ok := places[Path(steps...)]; ok && first.Key < l.start {
		where = fmt.Sprintf("; the first is in line %d", 1+strings.Count(l.src[:first.Key], "\n"))
	}
	if strings.HasPrefix(strings.TrimSpace(l.text), "[") {
		return mistake{l.at, fmt.Sprintf("the table [%s] is there twice%s", name, where), "put all of its keys below the first"}, true
	}
	return mistake{l.at, fmt.Sprintf("%s is set twice%s", name, where), "keep one of the two"}, true
}

// controls reports characters that no text has.
func controls(l line) (mistake, bool) {
	rest := l.src[l.at:]
	switch {
	case strings.Contains(l.said, "NULL bytes"):
		return mistake{0, "the file has NUL bytes: it may be UTF-16", saveAsUTF8}, true
	case !strings.Contains(l.said, "control characters"):
		return mistake{}, false
	}
	at := l.at
	if i := strings.IndexFunc(rest, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' || r == 0x7F }); i > 0 && i < 4 {
		at += i
	}
	if at < len(l.src) && l.src[at] == '\r' {
		return mistake{at, "a line ends with a lone carriage return, as on old Macs", "save the file with line ends of Unix or Windows"}, true
	}
	if at < len(l.src) {
		return mistake{at, fmt.Sprintf("the control character U+%04X can't stand here", l.src[at]), "delete it"}, true
	}
	return mistake{}, false
}

// header reports the line of a table that is wrong.
func header(l line) (mistake, bool) {
	trimmed := strings.TrimSpace(l.text)
	if !strings.HasPrefix(trimmed, "[") || l.at > l.start+strings.IndexAny(l.text+"=", "=") {
		return mistake{}, false
	}
	brackets := "["
	if strings.HasPrefix(trimmed, "[[") {
		brackets = "[["
	}
	name, _, _ := strings.Cut(strings.TrimLeft(trimmed, "["), "#")
	name = strings.TrimSpace(strings.Trim(strings.TrimSpace(name), "]"))
	if name == "" || !headerName.MatchString(name) {
		return mistake{}, false
	}
	dotted := strings.Join(strings.Fields(name), ".")
	right := brackets + dotted + strings.Repeat("]", len(brackets))
	what := "the header of a table is wrong"
	switch {
	case !strings.Contains(trimmed, strings.Repeat("]", len(brackets))):
		what = "the header of a table is not closed"
	case dotted != name:
		what = "the header of a table has a space"
	}
	return mistake{l.at, what, "write " + right}, true
}

var headerName = regexp.MustCompile(`^[A-Za-z0-9_.-]+([ \t]+[A-Za-z0-9_.-]+)*$`)

// comment reports comments of other languages.
func comment(l line) (mistake, bool) {
	trimmed := strings.TrimLeft(l.text, " \t")
	for _, mark := range []string{"//", ";", "/*", "--", "<!--"} {
		if strings.HasPrefix(trimmed, mark) {
			return mistake{l.end - len(trimmed), "a comment begins with #, not with " + mark, "write # instead"}, true
		}
	}
	return mistake{}, false
}

// wrongKey reports what is wrong ahead of the sign between key and value, or with that
// sign.
func wrongKey(l line) (mistake, bool) {
	if strings.HasPrefix(strings.TrimSpace(l.text), "[") || l.sign >= 0 && l.at > l.start+l.sign {
		return mistake{}, false
	}
	first := l.start + len(l.text) - len(strings.TrimLeft(l.text, " \t\uFEFF"))
	value := l.quoted()
	fault := func(at int, message, remedy string) (mistake, bool) { return mistake{at, message, remedy}, true }
	odd := strings.IndexFunc(l.text[:max(l.sign, 0)], isOddSpace)
	switch {
	case l.key == "":
		return fault(l.at, "a value without a key", `write KEY = value`)
	case odd >= 0:
		return fault(l.start+odd, "a space that is not a plain one, as texts copied from a page have", "write a plain space instead")
	case l.sign >= 0 && strings.HasPrefix(l.key, "%"):
		return fault(first, "a key with percent signs needs quotation marks", or(l, "leave the percent signs out: "+l.written(value), "leave the percent signs out"))
	case strings.ContainsFunc(l.key, isCurly):
		return fault(first, "curly quotation marks around a key", or(l, "leave them out: "+l.written(value), "leave them out"))
	case l.sign >= 0 && l.text[l.sign] == ':' && plainKey.MatchString(strings.Trim(l.key, `"'`)) && l.value == "":
		return fault(l.start+l.sign, "this looks like YAML: expected a table of TOML", "write ["+strings.Trim(l.key, `"'`)+"]")
	case l.sign >= 0 && l.text[l.sign] == ':' && plainKey.MatchString(strings.Trim(l.key, `"'`)):
		return fault(l.start+l.sign, "between a key and its value stands a colon: expected =", or(l, "write "+l.written(value), "write = instead"))
	case l.sign >= 0 && headerName.MatchString(l.key) && strings.ContainsAny(l.key, " \t"):
		return fault(l.at, "a key with a space", "write it as one word, as in "+strings.Join(strings.Fields(l.key), "_"))
	case l.sign < 0 && plainKey.MatchString(strings.Trim(l.key, `"'`)):
		return fault(l.at, bareKey(l.key)+" has no value", "write "+bareKey(l.key)+` = "..."`)
	case l.sign < 0:
		return fault(l.at, "there is no = between a key and its value", `write KEY = "value"`)
	}
	return mistake{}, false
}

// badEscape finds the first backslash that no escape begins with, at its end.
var badEscape = regexp.MustCompile(`^(?:[^\\]|\\[btnfre"\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*\\`)

// wrongString reports strings that do not end, and backslashes in them.
func wrongString(l line) (mistake, bool) {
	begin := strings.IndexAny(l.value, `"'`)
	switch {
	case strings.Contains(l.said, "escape") || strings.Contains(l.said, "hexadecimal"):
		at := l.at
		if i := badEscape.FindStringIndex(l.text); i != nil {
			at = l.start + i[1] - 1
		}
		remedy := "write the text between single quotation marks, or each backslash twice"
		if i := strings.IndexByte(l.value, '"'); i >= 0 && !l.secret && !strings.Contains(l.value, `"""`) {
			if j := strings.LastIndexByte(l.value, '"'); j > i && !strings.Contains(l.value[i+1:j], "'") && !strings.Contains(l.value[i+1:j], `"`) {
				remedy = "write it between single quotation marks: '" + l.value[i+1:j] + "'"
			}
		}
		return mistake{at, "between double quotation marks a backslash begins an escape", remedy}, true
	case !strings.Contains(l.said, "strings cannot contain newlines") && !strings.Contains(l.said, "unexpected EOF") || l.sign >= 0 && l.value == "":
	case strings.Contains(l.said, `"""`) || strings.Contains(l.said, `'''`) || begin < 0:
		return mistake{l.at, "the file ends in the middle of a text or a list", "close it"}, true
	case strings.HasSuffix(l.value, `\"`):
		return mistake{l.valueAt + begin, `the text is not closed: \" at its end is a quotation mark in it`, "write the text between single quotation marks"}, true
	default:
		return mistake{l.valueAt + begin, "the text is not closed", "put " + l.value[begin:begin+1] + " at its end"}, true
	}
	return mistake{}, false
}

// wrongList reports lists that are not closed, or lack a comma.
func wrongList(l line) (mistake, bool) {
	if !strings.Contains(l.said, "expected a comma") {
		return mistake{}, false
	}
	if strings.Contains(l.said, "inline table") {
		return mistake{l.at, "the inline table is not closed, or lacks a comma", "write it on one line: { a = 1, b = 2 }"}, true
	}
	inValue := l.sign >= 0 && strings.HasPrefix(l.value, "[") && l.at > l.valueAt
	if begins := strings.TrimLeft(l.text, " \t"); !inValue && (l.at >= len(l.src) || l.sign >= 0 || strings.HasPrefix(begins, "[")) {
		return mistake{l.at, "a list above is not closed", "write ] behind its last element"}, true
	}
	return mistake{l.at, "there is no comma between two elements of a list", "write a comma between them"}, true
}

// booleans are words that people write for true and false.
var booleans = map[string]string{
	"true": "true", "yes": "true", "on": "true", "y": "true", "t": "true", "enabled": "true",
	"false": "false", "no": "false", "off": "false", "n": "false", "f": "false", "disabled": "false",
}

var (
	thousands   = regexp.MustCompile(`^[0-9]{1,3}(,[0-9]{3})+$`)
	leadingZero = regexp.MustCompile(`^0[0-9]+$`)
)

// wrongValue reports what is wrong behind the sign between key and value.
func wrongValue(l line) (mistake, bool) {
	if l.sign < 0 || l.at < l.start+l.sign {
		return mistake{}, false
	}
	raw, _ := utf8.DecodeRuneInString(l.value)
	word := l.bareValue()
	lower := strings.ToLower(word)
	fault := func(message, remedy string) (mistake, bool) { return mistake{l.valueAt, message, remedy}, true }
	odd := strings.IndexFunc(l.text[l.sign:], isOddSpace)
	switch {
	case l.value == "" || l.value[0] == '#':
		return fault(bareKey(l.key)+" has no value", `write "" for an empty text, or leave the key out`)
	case odd >= 0:
		return mistake{l.start + l.sign + odd, "a space that is not a plain one, as texts copied from a page have", "write a plain space instead"}, true
	case isCurly(raw) || raw == '`':
		what := "curly quotation marks, as word processors make them: expected straight ones"
		if raw == '`' {
			what = "backquotes: expected quotation marks"
		}
		return fault(what, or(l, "write "+l.written(l.quoted()), `write "..."`))
	case raw == '"' || raw == '\'':
		if end, ok := StringEnd([]byte(l.src), l.valueAt); ok && end < l.end {
			return l.afterValue(end)
		}
	case raw == '=':
		return fault("there are two = between a key and its value", "write one")
	case booleans[lower] != "" && !l.secret:
		return fault(word+" is not a value of TOML: expected true or false", "write "+l.written(booleans[lower]))
	case lower == "null" || lower == "none" || lower == "nil":
		return fault(word+" is not a value of TOML", `leave the key out, or write "" for an empty text`)
	case thousands.MatchString(word):
		return fault("a number has no commas", or(l, "write "+l.written(strings.ReplaceAll(word, ",", "")), "leave them out"))
	case leadingZero.MatchString(word):
		return fault("a number can't begin with 0", or(l, fmt.Sprintf("write %s, or \"%s\" if it is a text", strings.TrimLeft(word, "0"), word), "write a text between quotation marks"))
	case strings.HasSuffix(word, ";") || strings.HasSuffix(word, ","):
		return l.afterValue(l.valueAt + len(word) - 1)
	case raw != '[' && raw != '{' && word != "":
		return fault("a text without quotation marks", or(l, "write "+l.written(l.quoted()), `write "..."`))
	}
	return mistake{}, false
}

// afterValue reports what stands behind a value that ends at an offset.
func (l line) afterValue(end int) (mistake, bool) {
	rest := strings.TrimLeft(l.src[end:l.end], " \t")
	at := l.end - len(rest)
	switch {
	case rest == "":
		return mistake{}, false
	case strings.Trim(rest, ";,") == "":
		return mistake{at, fmt.Sprintf("the line goes on behind the value with %q", rest), "end the line behind the value"}, true
	case strings.HasSuffix(rest, l.value[:1]):
		return mistake{at, "a quotation mark within the text ends it", "write the text between quotation marks of the other kind"}, true
	}
	return mistake{at, "the line goes on behind the value", "end the line behind the value, or put # before a comment"}, true
}

// bareValue returns the value of a line as somebody wrote it who thinks that a text
// needs no quotation marks: without the comment.
func (l line) bareValue() string {
	value := l.value
	if i := strings.Index(value, " #"); i >= 0 {
		value = value[:i]
	}
	return strings.TrimSpace(value)
}

// quoted returns the value of a line as TOML has it.
func (l line) quoted() string {
	word := l.bareValue()
	if b := booleans[strings.ToLower(word)]; b != "" {
		return b
	}
	if n := len(word); n > 1 && (word[0] == '"' || word[0] == '\'') && word[n-1] == word[0] || number.MatchString(word) {
		return word
	}
	return String(strings.TrimFunc(word, func(r rune) bool { return isCurly(r) || r == '`' || r == '"' }))
}

var number = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

// or returns one remedy, or another where the first would repeat a secret.
func or(l line, one, other string) string {
	if l.secret {
		return other
	}
	return one
}

func isCurly(r rune) bool {
	return strings.ContainsRune("“”„‟‘’‚‛«»‹›", r)
}

func isOddSpace(r rune) bool {
	return r != ' ' && r != '\t' && r != '\n' && r != '\r' && unicode.IsSpace(r)
}
