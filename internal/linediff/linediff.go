// Package linediff compares texts line by line, and writes what differs as a unified
// diff.
package linediff

import (
	"fmt"
	"strings"

	"github.com/aymanbagabas/go-udiff/lcs"

	"github.com/dtafgen/wxt/internal/text"
)

// Split returns the lines of a text, without their ends, be they \n, \r\n or \r.
// A line end that the last line lacks is no difference.
func Split(text string) []string {
	if text = Newlines(text); text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// Newlines returns text with \n as its line ends.
func Newlines(text string) string {
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return text
}

// An Edit replaces lines [OldStart, OldEnd) of the old text, counted from 0, with
// lines [NewStart, NewEnd) of the new one.
type Edit struct {
	OldStart, OldEnd int
	NewStart, NewEnd int
}

// Diff returns the edits that make the new lines of the old ones, in order, with
// at least one line that stays between any two. The time is in proportion to
// n log n for n lines: the lines that stand once in each text are matched first, as
// many as keep their order, and what lies between two of them is compared with a
// bounded search.
func Diff(old, new []string) []Edit {
	var edits []Edit
	i, j := 0, 0
	for _, a := range append(anchors(old, new), [2]int{len(old), len(new)}) {
		for i < a[0] && j < a[1] && old[i] == new[j] {
			i, j = i+1, j+1 // so that of equal lines the last are those that came
		}
		for _, d := range lcs.DiffLines(old[i:a[0]], new[j:a[1]]) {
			edits = append(edits, Edit{i + d.Start, i + d.End, j + d.ReplStart, j + d.ReplEnd})
		}
		i, j = a[0]+1, a[1]+1
	}
	return edits
}

// anchors returns the indexes of lines that stand once in each text, as many as
// have the same order in both.
func anchors(old, new []string) [][2]int {
	const none, twice = 0, -1
	in := make(map[string][2]int32) // one more than the index of a line, in each text
	note := func(at *int32, i int) {
		if *at == none {
			*at = int32(i + 1)
		} else {
			*at = twice
		}
	}
	for i, line := range old {
		at := in[line]
		note(&at[0], i)
		in[line] = at
	}
	for i, line := range new {
		if at, ok := in[line]; ok {
			note(&at[1], i)
			in[line] = at
		}
	}
	var pairs [][2]int
	var order []int
	for i, line := range old {
		if at := in[line]; at[0] > 0 && at[1] > 0 {
			pairs = append(pairs, [2]int{i, int(at[1] - 1)})
			order = append(order, int(at[1]))
		}
	}
	n := 0
	for i, rising := range text.Rising(order) {
		if rising {
			pairs[n] = pairs[i]
			n++
		}
	}
	return pairs[:n]
}

// around is how many lines stand around those that differ.
const around = 3

// Unified returns the edits in the unified format, with the given names and
// without a line of its own for the time of files. The lines may be others than
// those that were compared, such as ones with secrets left out, if there are as
// many. It returns "" if there are no edits.
func Unified(oldName, newName string, old, new []string, edits []Edit) string {
	if len(edits) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", oldName, newName)
	for len(edits) > 0 {
		n := 1
		for n < len(edits) && edits[n].OldStart-edits[n-1].OldEnd <= 2*around {
			n++
		}
		hunk(&b, old, new, edits[:n])
		edits = edits[n:]
	}
	return b.String()
}

// hunk writes edits that are near each other.
func hunk(b *strings.Builder, old, new []string, edits []Edit) {
	first, last := edits[0], edits[len(edits)-1]
	start := max(0, first.OldStart-around)
	end := min(len(old), last.OldEnd+around)
	newStart, newEnd := first.NewStart-(first.OldStart-start), last.NewEnd+(end-last.OldEnd)
	fmt.Fprintf(b, "@@ -%s +%s @@\n", span(start, end), span(newStart, newEnd))
	lines := func(mark byte, list []string) {
		for _, line := range list {
			b.WriteByte(mark)
			b.WriteString(line)
			b.WriteByte('\n')
		}
	}
	for _, e := range edits {
		lines(' ', old[start:e.OldStart])
		lines('-', old[e.OldStart:e.OldEnd])
		lines('+', new[e.NewStart:e.NewEnd])
		start = e.OldEnd
	}
	lines(' ', old[start:end])
}

// span returns the numbers of lines as the header of a hunk has them.
func span(start, end int) string {
	switch end - start {
	case 0:
		return fmt.Sprintf("%d,0", start)
	case 1:
		return fmt.Sprint(start + 1)
	}
	return fmt.Sprintf("%d,%d", start+1, end-start)
}
