package atomicfile

import (
	"net/url"
	"strings"
)

// SafeName returns name as the name of a file on any system: characters that one
// of them refuses are written as in a URL.
func SafeName(name string) string {
	escaped := strings.NewReplacer("+", " ", "%2B", "+", "%40", "@", "%2C", ",").Replace(url.QueryEscape(name))
	if strings.HasPrefix(escaped, ".") {
		escaped = "%2E" + escaped[1:]
	}
	if strings.HasSuffix(escaped, ".") {
		escaped = escaped[:len(escaped)-1] + "%2E"
	}
	return escaped
}
