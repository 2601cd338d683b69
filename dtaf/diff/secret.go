package diff

import "github.com/dtafgen/wxt/internal/secret"

// mask returns the two values of something that is secret or not, without the
// secrets in them. A value that stood where the tag of a secret stands is one too.
func mask(isSecret bool, old, new string) (string, string) {
	if !isSecret && !secret.HasTag(old) && !secret.HasTag(new) {
		return secret.HideURLs(old), secret.HideURLs(new)
	}
	if secret.Tells(old) {
		old = secret.Masked
	}
	if secret.Tells(new) {
		new = secret.Masked
	}
	return old, new
}
