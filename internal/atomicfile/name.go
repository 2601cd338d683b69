package atomicfile

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"strings"
)

// safeLength is how many bytes a safe name has at most: systems take 255, and there
// is more to come around it.
const safeLength = 120

// SafeName returns name as the name of a file on any system: characters that one
// of them refuses are written as in a URL. What gets too long by that is cut, and
// ends with a sum of the whole, so that other names have other files.
func SafeName(name string) string {
	escaped := strings.NewReplacer("+", " ", "%2B", "+", "%40", "@", "%2C", ",").Replace(url.QueryEscape(name))
	if strings.HasPrefix(escaped, ".") {
		escaped = "%2E" + escaped[1:]
	}
	if strings.HasSuffix(escaped, ".") {
		escaped = escaped[:len(escaped)-1] + "%2E"
	}
	if len(escaped) > safeLength {
		sum := fmt.Sprintf("~%x", sha256.Sum256([]byte(name)))[:9]
		cut := escaped[:safeLength-len(sum)]
		if i := strings.LastIndexByte(cut, '%'); i > len(cut)-3 {
			cut = cut[:i]
		}
		escaped = cut + sum
	}
	return escaped
}
