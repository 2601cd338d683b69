package cli

import (
	"html"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/merge"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/render"
)

// A masker masks the secrets in what is printed about archives: what its place names, what
// reads like one, and what reads like one where it stands in an archive, so that a
// value by itself is known too.
type masker struct {
	known   map[string]bool
	replace *strings.Replacer // of those known, in a longer text
	off     bool              // they are asked for
}

// newMasker returns a masker for what is printed about these archives.
func newMasker(show bool, archives ...*dtaf.Archive) *masker {
	m := &masker{known: make(map[string]bool), off: show}
	if show {
		return m
	}
	for _, a := range archives {
		for f := range a.Files() {
			if len(f.Data) > a.Limits().Template {
				continue // no text that anything is printed about
			}
			text, _, err := charset.Decode(f.Data)
			if err != nil {
				text = string(f.Data)
			}
			for _, s := range secret.Find(text) {
				raw := strings.TrimSpace(text[s.Start:s.End])
				m.known[raw] = true
				m.known[html.UnescapeString(raw)] = true
			}
		}
	}
	m.replace = secret.Replacer(m.known)
	return m
}

// isSecret reports whether a value is one, at a place with these names.
func (m *masker) isSecret(value string, names ...string) bool {
	if m.off || !secret.Tells(value) {
		return false
	}
	for _, name := range names {
		if secret.Named(name) {
			return true
		}
	}
	return m.known[strings.TrimSpace(value)]
}

// text returns a value without the secrets in it.
func (m *masker) text(value string, names ...string) string {
	switch {
	case m.off:
		return value
	case m.isSecret(value, names...):
		return secret.Masked
	}
	return m.replace.Replace(secret.Hide(value))
}

// values masks values in place.
func (m *masker) values(names []string, values ...**string) {
	for _, v := range values {
		if *v != nil {
			masked := m.text(**v, names...)
			*v = &masked
		}
	}
}

// lastNames returns the names that a place ends with: an element's, or an attribute's
// and that of its element.
func lastNames(path string) []string {
	step := func() string {
		i := strings.LastIndexByte(path, '/')
		name, _, _ := strings.Cut(path[i+1:], "[")
		path = path[:max(i, 0)]
		return name
	}
	last := step()
	if attr, ok := strings.CutPrefix(last, "@"); ok {
		return []string{attr, step()}
	}
	return []string{last}
}

// report masks what an upgrade tells.
func (m *masker) report(r *merge.Report) {
	for i := range r.Vendor {
		v := &r.Vendor[i]
		m.values(append(lastNames(v.Path), v.Tag), &v.Old, &v.New)
	}
	for i := range r.Changes {
		m.change(&r.Changes[i])
	}
	for i, n := range r.Notes {
		r.Notes[i] = m.text(n)
	}
}

// change masks one change.
func (m *masker) change(c *merge.Change) {
	m.values(lastNames(c.Path), &c.Old, &c.Mine, &c.New)
	c.Reason = m.text(c.Reason)
	for i, w := range c.Within {
		c.Within[i] = m.text(w)
	}
}

// edit reports whether an edit writes a secret.
func (m *masker) edit(e render.Edit) bool {
	if m.off {
		return false
	}
	names := lastNames(e.Path)
	if e.Attr != "" {
		names = append(names, e.Attr)
	}
	return m.isSecret(e.Value, names...) || secret.Hide(e.Value) != e.Value
}
