package tags

import (
	"bytes"
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

// secretWords are the words of names that say that a value is secret, and
// secretParts are so in whatever word they stand. (common sense)
var (
	secretWords = []string{"SECRET", "PWD", "CREDENTIAL", "CREDENTIALS", "TOKEN", "PIN"}
	secretParts = [][]byte{[]byte("PASSWORD"), []byte("PASSWD"), []byte("PASSPHRASE"), []byte("PASSCODE"), []byte("PRIVATEKEY"), []byte("APIKEY"), []byte("SECRETKEY")}
)

// SoundsSecret reports whether a name, of a tag, an element or an attribute, says
// that its value is secret: SIP_PASSWORD_WXT, BWAUTHPASSWORD-1, authToken and
// private-key do.
func SoundsSecret(name string) bool {
	// Words end where the case changes, and at anything but letters. Letters has
	// those of the name in upper case.
	letters := make([]byte, 0, 128)
	last, word := 0, 0 // where the word before begins in letters, and the current one
	lower := false
	for i := 0; i <= len(name); i++ {
		var c byte
		if i < len(name) {
			c = name[i]
		}
		isUpper := 'A' <= c && c <= 'Z'
		isLower := 'a' <= c && c <= 'z'
		if !isUpper && !isLower || isUpper && lower {
			if secretWord(letters[word:]) || string(letters[word:]) == "KEY" && secretWord(letters[last:]) {
				return true
			}
			if word < len(letters) {
				last, word = word, len(letters)
			}
		}
		if isLower {
			letters = append(letters, c-'a'+'A')
		} else if isUpper {
			letters = append(letters, c)
		}
		lower = isLower
	}
	return false
}

// secretWord reports whether a word in upper case says that something is secret.
func secretWord(word []byte) bool {
	return slices.Contains(secretWords, string(word)) || bytes.HasSuffix(word, []byte("SECRET")) ||
		slices.ContainsFunc(secretParts, func(part []byte) bool { return bytes.Contains(word, part) })
}
