// Package secret finds what reads like a secret in templates, manifests and project
// files, so that it is not printed.
package secret

import (
	"regexp"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/tags"
)

// Masked is what stands in place of a secret, whatever its length.
const Masked = "********"

// A Span is a half-open range of bytes.
type Span struct{ Start, End int }

// Tells reports whether the value of something secret gives it away: whether it is
// more than placeholders, which the Application Server fills, and more than a
// choice.
func Tells(value string) bool {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "true", "false", Masked, "xsi:nil":
		return false
	}
	return tags.HoldsSecret(value)
}

// Value reports whether a value is secret by its name, or has a URL with a password
// in it.
func Value(name, value string) bool {
	return tags.SoundsSecret(name) && Tells(value) || len(InURLs(value)) > 0
}

// Element reports whether an element is named after a secret, by its own name or
// as in <param name="password">.
func Element(n *xmltext.Node) bool {
	if n.Kind != xmltext.Element {
		return false
	}
	if tags.SoundsSecret(n.Name) {
		return true
	}
	return slices.ContainsFunc(n.Attrs, func(a xmltext.Attr) bool { return IsIdentity(a.Name) && tags.SoundsSecret(a.Value) })
}

// IsIdentity reports whether an attribute tells which element it is, and no value.
func IsIdentity(attr string) bool {
	return attr == "name" || attr == "id" || attr == "key" || attr == "type"
}

// Find returns where a text holds what reads like a secret, such as the content of
// an element named password, or the password in a URL, in order and none inside of
// another. The text is XML, or else anything that has names and values, such as
// TOML. A placeholder is no secret; what stands in its place may be one.
func Find(text string) []Span {
	if d, err := xmltext.Parse(text); err == nil {
		return InDocument(d)
	}
	return InText(text)
}

// InDocument is Find for the source of an XML document.
func InDocument(d *xmltext.Document) []Span {
	var list []Span
	var visit func(n *xmltext.Node)
	visit = func(n *xmltext.Node) {
		secret := Element(n)
		for _, a := range n.Attrs {
			if Tells(a.Value) && (tags.SoundsSecret(a.Name) || secret && !IsIdentity(a.Name)) {
				list = append(list, Span{a.ValueStart, a.ValueEnd})
			}
		}
		for _, c := range n.Children {
			switch {
			case c.Kind == xmltext.Element:
				visit(c)
			case secret && (c.Kind == xmltext.Text || c.Kind == xmltext.CDATA) && Tells(c.Value):
				list = append(list, Span{c.Start, c.End})
			}
		}
	}
	visit(d.Root)
	return withURLs(d.Src, list)
}

const space = " \t\r\n"

// InText is Find for a text that is not XML, or not well-formed: it looks for
// names with values, as in password = "x", "sipPassword": "x", <password>x< and
// name="password" value="x".
func InText(text string) []Span {
	var list []Span
	behind := 0 // the mark before, or the value of the secret before
	for {
		i := strings.IndexAny(text[behind:], ":=>")
		if i < 0 {
			return withURLs(text, list)
		}
		mark := behind + i
		before := text[behind:mark]
		behind = mark + 1
		if !isSecretName(before, text[mark]) {
			continue
		}
		if s := valueAt(text, behind); Tells(text[s.Start:s.End]) {
			list = append(list, s)
			behind = s.End
		}
	}
}

// isSecretName reports whether what stands before a mark, which begins a value,
// ends with the name of a secret.
func isSecretName(before string, mark byte) bool {
	name := strings.TrimRight(before, space)
	if rest, ok := strings.CutSuffix(name, "value"); ok && mark == '=' && strings.TrimRight(rest, space) != rest {
		name = strings.TrimRight(rest, space)
	}
	if n := len(name); n > 0 && (name[n-1] == '"' || name[n-1] == '\'') {
		name = name[:n-1]
	}
	start := len(name)
	for start > 0 && isNameByte(name[start-1]) {
		start--
	}
	endTag := mark == '>' && strings.HasSuffix(name[:start], "</")
	return !endTag && tags.SoundsSecret(name[start:])
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '.' || c == '-'
}

// valueAt returns the value that stands behind a mark: what is quoted, or a word. A
// quotation that does not end ends with its line.
func valueAt(text string, start int) Span {
	start += len(text[start:]) - len(strings.TrimLeft(text[start:], space))
	if start < len(text) && (text[start] == '"' || text[start] == '\'') {
		quote := text[start : start+1]
		start++
		rest := text[start:]
		if end := strings.Index(rest, quote); end >= 0 {
			return Span{start, start + end}
		}
		if end := strings.IndexAny(rest, "\r\n"); end >= 0 {
			return Span{start, start + end}
		}
		return Span{start, len(text)}
	}
	if end := strings.IndexAny(text[start:], space+`,;<>"'`); end >= 0 {
		return Span{start, start + end}
	}
	return Span{start, len(text)}
}

// urlPassword finds a password in a URL, as in https://user:password@host/.
var urlPassword = regexp.MustCompile(`://[^/?#@\s:<>"']*:([^/?#@\s<>"']+)@`)

// InURLs returns the spans of the passwords in the URLs of a text.
func InURLs(text string) []Span {
	var list []Span
	for _, m := range urlPassword.FindAllStringSubmatchIndex(text, -1) {
		if s := (Span{m[2], m[3]}); Tells(text[s.Start:s.End]) {
			list = append(list, s)
		}
	}
	return list
}

// withURLs adds to the spans of a text, which are in order, those of the passwords
// in its URLs that none of them covers.
func withURLs(text string, spans []Span) []Span {
	list := slices.Clip(spans)
	for _, s := range InURLs(text) {
		if len(Overlapping(spans, s.Start, s.End)) == 0 {
			list = append(list, s)
		}
	}
	if len(list) > len(spans) {
		slices.SortFunc(list, func(a, b Span) int { return a.Start - b.Start })
	}
	return list
}

// Union returns the spans of both lists, in order, with those that overlap made one.
func Union(a, b []Span) []Span {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(a, b Span) int { return a.Start - b.Start })
	var list []Span
	for _, s := range all {
		if n := len(list); n > 0 && s.Start < list[n-1].End {
			list[n-1].End = max(list[n-1].End, s.End)
		} else {
			list = append(list, s)
		}
	}
	return list
}

// Overlapping returns those of the spans, which are in order, that share a byte
// with text[start:end].
func Overlapping(spans []Span, start, end int) []Span {
	i, _ := slices.BinarySearchFunc(spans, start, func(s Span, start int) int {
		if s.End <= start {
			return -1
		}
		return 1
	})
	spans = spans[i:]
	n, _ := slices.BinarySearchFunc(spans, end, func(s Span, end int) int {
		if s.Start < end {
			return -1
		}
		return 1
	})
	return spans[:n]
}

// Overlap reports whether one of the spans, which are in order, shares a byte with
// text[start:end].
func Overlap(spans []Span, start, end int) bool { return len(Overlapping(spans, start, end)) > 0 }

// Redact returns text[start:end] without the secrets in it, whose spans are in
// order. The lines stay as many as they are.
func Redact(text string, start, end int, secrets []Span) string {
	var b strings.Builder
	for _, s := range Overlapping(secrets, start, end) {
		if s.Start > start {
			b.WriteString(text[start:s.Start])
		}
		b.WriteString(Masked)
		hidden := text[max(start, s.Start):min(end, s.End)]
		hidden = strings.ReplaceAll(hidden, "\r\n", "\n")
		b.WriteString(strings.Repeat("\n", strings.Count(hidden, "\n")+strings.Count(hidden, "\r")))
		start = min(end, s.End)
	}
	b.WriteString(text[start:end])
	return b.String()
}

// Hide returns a text without the secrets that Find finds in it.
func Hide(text string) string { return Redact(text, 0, len(text), Find(text)) }

// HideURLs returns a text without the passwords in its URLs.
func HideURLs(text string) string { return Redact(text, 0, len(text), InURLs(text)) }
