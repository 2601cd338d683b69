// Package choice tells which of the places that a user names covers a conflict.
package choice

import (
	"path"
	"strings"
)

// Of returns the place that decides a conflict in a file, the longest one that
// covers it, and whether it is one of ours. The place is empty if none does.
func Of(ours, theirs []string, file, at string) (isOurs bool, place string) {
	for i, list := range [][]string{ours, theirs} {
		for _, p := range list {
			if Covers(p, file, at) && (place == "" || len(p) > len(place)) {
				isOurs, place = i == 0, p
			}
		}
	}
	return isOurs, place
}

// Covers reports whether a place is that of a conflict, or above it: at in a file.
func Covers(place, file, at string) bool {
	if place == file || place == path.Base(file) {
		return true
	}
	for _, name := range []string{file + ":", path.Base(file) + ":", ""} {
		rest, ok := strings.CutPrefix(place, name)
		if rest = strings.Trim(rest, "/"); ok && rest != "" && at != "" && (at == rest || strings.HasPrefix(at, rest+"/")) {
			return true
		}
	}
	return false
}
