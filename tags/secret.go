package tags

import (
	"slices"
	"strings"
)

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
func HoldsSecret(value string) bool {
	for {
		before, _, after, ok := CutPlaceholder(value)
		if strings.TrimSpace(before) != "" {
			return true
		}
		if !ok {
			return false
		}
		value = after
	}
}

// secretWords are the words of names that say that a value is secret. (common
// sense)
var secretWords = []string{"PASSWORD", "PASSWD", "PASSPHRASE", "PASSCODE", "SECRET", "CREDENTIAL", "CREDENTIALS", "TOKEN", "APIKEY", "PIN"}

// SoundsSecret reports whether a name, of a tag, an element or an attribute, says
// that its value is secret: SIP_PASSWORD_WXT, BWAUTHPASSWORD-1 and authToken do.
func SoundsSecret(name string) bool {
	// Words end where the case changes, and at anything but letters.
	var words []string
	word := ""
	lower := false
	for _, r := range name + "_" {
		isUpper := 'A' <= r && r <= 'Z'
		isLower := 'a' <= r && r <= 'z'
		if !isUpper && !isLower || isUpper && lower {
			words = append(words, strings.ToUpper(word))
			word = ""
		}
		if isUpper || isLower {
			word += string(r)
		}
		lower = isLower
	}
	return slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains(secretWords, w) || strings.HasSuffix(w, "PASSWORD") || strings.HasSuffix(w, "SECRET")
	})
}
