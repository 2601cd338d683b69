package tags

import "github.com/dtafgen/wxt/internal/secret"

// Masked stands for the value of a secret tag where it is shown.
const Masked = "(secret)"

// Show returns value as it may be shown: that of a secret tag is [Masked], unless
// it is empty or nothing but placeholders of other tags.
func (t Tag) Show(value string) string {
	if !t.Secret || !HoldsSecret(value) {
		return value
	}
	return Masked
}

// HoldsSecret reports whether the value of something secret gives it away: whether
// it has text of its own, and not just placeholders, which the Application Server
// fills.
func HoldsSecret(value string) bool { return secret.Holds(value) }

// SoundsSecret reports whether a name, of a tag, an element or an attribute, says
// that its value is secret: SIP_PASSWORD_WXT, BWAUTHPASSWORD-1, authToken and
// private-key do.
func SoundsSecret(name string) bool { return secret.Named(name) }
