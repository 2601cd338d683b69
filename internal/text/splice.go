// Package text has what texts of any kind need: lines and columns, changes of bytes
// in place, and the name that somebody meant. It knows nothing of XML or TOML.
package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Splice replaces the bytes from Start to End with Text.
type Splice struct {
	Start, End int
	Text       string
}

// Apply returns src with the splices, which may come in any order. Splices that
// overlap are an error; of two insertions at one place the first comes first.
func Apply(src string, splices []Splice) (string, error) {
	sorted := slices.Clone(splices)
	slices.SortStableFunc(sorted, func(a, b Splice) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	var b strings.Builder
	at := 0
	for _, s := range sorted {
		if s.Start < at || s.End < s.Start || s.End > len(src) {
			return "", fmt.Errorf("two changes of the bytes %d to %d get into each other's way", s.Start, s.End)
		}
		b.WriteString(src[at:s.Start])
		b.WriteString(s.Text)
		at = s.End
	}
	b.WriteString(src[at:])
	return b.String(), nil
}
