package oci

import (
	"slices"

	"github.com/dtafgen/wxt/internal/text"
)

// likely returns the name that is the likeliest meaning of a misspelt one, or
// nothing if none is near.
func likely(name string, names []string) string {
	match, _ := text.Nearest(name, slices.Values(names))
	return match
}

// oneSlip returns the name that differs from a misspelt one by a single letter
// left out, put in, replaced or swapped with its neighbor, or nothing.
func oneSlip(name string, names []string) string {
	for _, n := range names {
		a, b := name, n
		for a != "" && b != "" && a[0] == b[0] {
			a, b = a[1:], b[1:]
		}
		for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
			a, b = a[:len(a)-1], b[:len(b)-1]
		}
		if max(len(a), len(b)) == 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0] {
			return n
		}
	}
	return ""
}
