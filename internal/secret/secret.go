// Package secret knows what is secret in templates, manifests, project files and what
// is printed of them, by names and by shape, and masks it. It is the one place for
// that, and needs nothing but the standard library.
package secret

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/tagname"
)

// Masked is what stands in place of a secret, whatever its length.
const Masked = "********"

// A Span is a half-open range of bytes.
type Span struct{ Start, End int }

// Holds reports whether a value has text of its own, and not just placeholders,
// which the Application Server fills.
func Holds(value string) bool {
	for {
		before, _, after, ok := tagname.CutPlaceholder(value)
		if strings.TrimSpace(before) != "" {
			return true
		}
		if !ok {
			return false
		}
		value = after
	}
}

// Tells reports whether the value of something secret gives it away: whether it is
// more than placeholders, and more than a choice.
func Tells(value string) bool {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "true", "false", Masked, "xsi:nil":
		return false
	}
	return Holds(value)
}

// Value reports whether a value is secret by its name, or has a URL with a password
// in it.
func Value(name, value string) bool {
	return Named(name) && Tells(value) || len(InURLs(value)) > 0
}

// HasTag reports whether the placeholder of a tag whose value is a secret stands in
// a text.
func HasTag(s string) bool {
	for {
		_, name, after, ok := tagname.CutPlaceholder(s)
		if !ok {
			return false
		}
		if Named(name) {
			return true
		}
		s = after
	}
}

// Union returns the spans of both lists, in order, with those that overlap made one.
func Union(a, b []Span) []Span {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(a, b Span) int { return a.Start - b.Start })
	list := all[:0]
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

// Replacer returns what masks the values of secrets wherever they stand. A short one
// may be a part of any word, and is masked only between quotation marks.
func Replacer(values map[string]bool) *strings.Replacer {
	// Of two that begin alike the longer one is looked for first.
	list := slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	var pairs []string
	for _, s := range list {
		switch s = strings.TrimSpace(s); {
		case !Tells(s):
		case len(s) >= 4:
			pairs = append(pairs, s, Masked)
		default:
			for _, quote := range []string{`"`, `'`} {
				pairs = append(pairs, quote+s+quote, quote+Masked+quote)
			}
		}
	}
	return strings.NewReplacer(pairs...)
}
