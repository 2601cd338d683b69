package secret

import "github.com/dtafgen/wxt/tags"

// HasTag reports whether a tag whose value is a secret stands in a text.
func HasTag(text string) bool {
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
