package secret

import (
	"bytes"
	"slices"
)

// The words of names that say that a value is secret: words, parts of whatever word
// they stand in, and words that say so ahead of KEY. A PASS says so at the end of a
// name: PASS_THROUGH is none. (common sense)
var (
	words    = []string{"SECRET", "PWD", "CREDENTIAL", "CREDENTIALS", "TOKEN", "PIN", "PSK"}
	parts    = [][]byte{[]byte("PASSWORD"), []byte("PASSWD"), []byte("PASSPHRASE"), []byte("PASSCODE"), []byte("PRIVATEKEY"), []byte("APIKEY"), []byte("SECRETKEY"), []byte("ACCESSKEY"), []byte("AESKEY"), []byte("SHAREDKEY")}
	keyWords = []string{"PRIVATE", "API", "ACCESS", "AES", "ENCRYPTION", "SHARED", "SIGNING", "MASTER", "SRTP", "HMAC"}
)

// Named reports whether a name, of a tag, an element or an attribute, says that its
// value is secret: SIP_PASSWORD_WXT, BWAUTHPASSWORD-1, authToken and private-key do.
func Named(name string) bool {
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
			current, before := letters[word:], letters[last:word]
			if isSecretWord(current) || string(current) == "KEY" && (isSecretWord(before) || slices.Contains(keyWords, string(before))) {
				return true
			}
			if len(current) > 0 {
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
	return string(letters[last:]) == "PASS" // the last word
}

// isSecretWord reports whether a word in upper case says that something is secret.
func isSecretWord(word []byte) bool {
	return slices.Contains(words, string(word)) || bytes.HasSuffix(word, []byte("SECRET")) ||
		slices.ContainsFunc(parts, func(part []byte) bool { return bytes.Contains(word, part) })
}

// IsIdentity reports whether an attribute tells which element it is, and no value.
func IsIdentity(attr string) bool {
	return attr == "name" || attr == "id" || attr == "key" || attr == "type"
}
