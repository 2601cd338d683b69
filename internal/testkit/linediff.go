package testkit

import (
	"fmt"
	"strings"
)

// LineDiff returns the lines that differ between two texts, of which the lines
// before and behind are the same.
func LineDiff(old, new string) string {
	a, b := strings.SplitAfter(old, "\n"), strings.SplitAfter(new, "\n")
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	var out strings.Builder
	fmt.Fprintf(&out, "@@ line %d @@\n", start+1)
	for _, l := range a[start : len(a)-end] {
		fmt.Fprintf(&out, "-%q\n", l)
	}
	for _, l := range b[start : len(b)-end] {
		fmt.Fprintf(&out, "+%q\n", l)
	}
	return out.String()
}
