package dtaf

import (
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/tags"
)

// Masked is what stands in place of a secret, whatever its length.
const Masked = secret.Masked

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

// mask returns the two values of something that is secret or not, without the
// secrets in them. A value that stood where the tag of a secret stands is one too.
func mask(isSecret bool, old, new string) (string, string) {
	if !isSecret && !hasSecretTag(old) && !hasSecretTag(new) {
		return secret.HideURLs(old), secret.HideURLs(new)
	}
	if secret.Tells(old) {
		old = Masked
	}
	if secret.Tells(new) {
		new = Masked
	}
	return old, new
}
