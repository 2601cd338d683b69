package dtaf

import (
	"regexp"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/tags"
)

// Masked is what stands in place of a secret, whatever its length.
const Masked = "********"

// secretWords are what the names of elements and attributes with secrets have in
// them.
var secretWords = []string{"password", "passwd", "passphrase", "secret", "privatekey", "private-key"}

func isSecretName(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) })
}

// tells reports whether a value would tell a secret: it is more than tags, and
// more than a choice.
func tells(value string) bool {
	value = strings.TrimSpace(value)
	switch strings.ToLower(value) {
	case "", "true", "false", Masked, "xsi:nil":
		return false
	}
	rest := value
	for {
		before, _, after, ok := tags.CutPlaceholder(rest)
		if !ok {
			return strings.TrimSpace(rest) != ""
		}
		if strings.TrimSpace(before) != "" {
			return true
		}
		rest = after
	}
}

// hasSecretTag reports whether a tag whose value is a secret stands in a text.
func hasSecretTag(text string) bool {
	for {
		_, name, after, ok := tags.CutPlaceholder(text)
		if !ok {
			return false
		}
		if t, ok := tags.Default().Lookup(name); ok && t.Secret {
			return true
		}
		text = after
	}
}

// mask returns the two values of something with this name, without the secrets
// in them. A value that stood where the tag of a secret stands is one too.
func mask(name, old, new string) (string, string) {
	if !isSecretName(name) && !hasSecretTag(old) && !hasSecretTag(new) {
		return maskURLs(old), maskURLs(new)
	}
	if tells(old) {
		old = Masked
	}
	if tells(new) {
		new = Masked
	}
	return old, new
}

// A span is a half-open range of bytes.
type span struct{ start, end int }

// secretsOf returns the spans of a document's source that hold secrets, in order.
func secretsOf(d *xmltext.Document) []span {
	var list []span
	var visit func(n *xmltext.Node)
	visit = func(n *xmltext.Node) {
		secret := secretElement(n)
		for _, a := range n.Attrs {
			if tells(a.Value) && (isSecretName(a.Name) || secret && !isIdentity(a.Name)) {
				list = append(list, span{a.ValueStart, a.ValueEnd})
			}
		}
		for _, c := range n.Children {
			switch {
			case c.Kind == xmltext.Element:
				visit(c)
			case secret && (c.Kind == xmltext.Text || c.Kind == xmltext.CDATA) && tells(c.Value):
				list = append(list, span{c.Start, c.End})
			}
		}
	}
	visit(d.Root)
	return list
}

// secretElement reports whether an element is named after a secret, by its own
// name or as in <param name="password">.
func secretElement(n *xmltext.Node) bool {
	if n.Kind != xmltext.Element {
		return false
	}
	if isSecretName(n.Name) {
		return true
	}
	return slices.ContainsFunc(n.Attrs, func(a xmltext.Attr) bool { return isIdentity(a.Name) && isSecretName(a.Value) })
}

func isIdentity(attr string) bool {
	return attr == "name" || attr == "id" || attr == "key" || attr == "type"
}

// secretPattern finds what reads like a secret in a line of text that is not
// XML, or not well-formed: password = "x", "sipPassword": "x", <password>x<.
var secretPattern = regexp.MustCompile(`(?i)([\w.-]*(?:` + strings.Join(secretWords, "|") + `)[\w.-]*["']?\s*(?:[:=>]|\s+value\s*=)\s*)("[^"]*"|'[^']*'|[^\s,;<>"']+)`)

// secretsIn returns the spans of a text that hold what reads like a secret.
func secretsIn(text string) []span {
	var list []span
	for _, m := range secretPattern.FindAllStringSubmatchIndex(text, -1) {
		s := span{m[4], m[5]}
		if s.end-s.start >= 2 && (text[s.start] == '"' || text[s.start] == '\'') {
			s.start, s.end = s.start+1, s.end-1
		}
		if tells(text[s.start:s.end]) {
			list = append(list, s)
		}
	}
	return list
}

// urlPassword finds a password in a URL, as in https://user:password@host/.
var urlPassword = regexp.MustCompile(`://[^/?#@\s:<>"']*:([^/?#@\s<>"']+)@`)

// withURLs returns the spans of a text, in order, with those of the passwords in
// its URLs that none of them covers.
func withURLs(text string, spans []span) []span {
	list := slices.Clone(spans)
	for _, m := range urlPassword.FindAllStringSubmatchIndex(text, -1) {
		s := span{m[2], m[3]}
		i, _ := slices.BinarySearchFunc(spans, s.start, func(o span, start int) int {
			if o.end <= start {
				return -1
			}
			return 1
		})
		covered := i < len(spans) && spans[i].start < s.end
		if !covered && tells(text[s.start:s.end]) {
			list = append(list, s)
		}
	}
	if len(list) > len(spans) {
		slices.SortFunc(list, func(a, b span) int { return a.start - b.start })
	}
	return list
}

// maskURLs returns a text without the passwords in its URLs.
func maskURLs(text string) string {
	return redact(text, 0, len(text), withURLs(text, nil))
}

// redact returns text[start:end] without the secrets in it. The lines stay as
// many as they are.
func redact(text string, start, end int, secrets []span) string {
	i, _ := slices.BinarySearchFunc(secrets, start, func(s span, start int) int {
		if s.end <= start {
			return -1
		}
		return 1
	})
	var b strings.Builder
	for _, s := range secrets[i:] {
		if s.start >= end {
			break
		}
		if s.start > start {
			b.WriteString(text[start:s.start])
		}
		b.WriteString(Masked)
		hidden := text[max(start, s.start):min(end, s.end)]
		hidden = strings.ReplaceAll(hidden, "\r\n", "\n")
		b.WriteString(strings.Repeat("\n", strings.Count(hidden, "\n")+strings.Count(hidden, "\r")))
		start = min(end, s.end)
	}
	b.WriteString(text[start:end])
	return b.String()
}

// FindSecrets returns where a text holds what reads like a secret, such as the
// content of an element named password, or the password in a URL: half-open ranges
// of bytes, in order.
// The text is XML, or else anything that has names and values, such as TOML. A
// placeholder is no secret; what stands in its place may be one.
func FindSecrets(text string) [][2]int {
	spans := secretsIn(text)
	if d, err := xmltext.Parse(text); err == nil {
		spans = secretsOf(d)
	}
	var list [][2]int
	for _, s := range withURLs(text, spans) {
		list = append(list, [2]int{s.start, s.end})
	}
	return list
}
