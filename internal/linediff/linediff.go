// Package linediff compares texts line by line, and writes what differs as a unified
// diff.
package linediff

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"
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
	in := make(map[string][2]int, len(old)) // one more than the index of a line, in each text
	note := func(lines []string, side int) {
		for i, line := range lines {
			at := in[line]
			if at[side] == none {
				at[side] = i + 1
			} else {
				at[side] = twice
			}
			in[line] = at
		}
	}
	note(old, 0)
	note(new, 1)
	var pairs [][2]int
	var order []int
	for i, line := range old {
		if at := in[line]; at[0] > 0 && at[1] > 0 {
			pairs = append(pairs, [2]int{i, at[1] - 1})
			order = append(order, at[1])
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

// Unified returns the edits in the unified format, with the given names and
// without a line of its own for the time of files. The lines may be others than
// those that were compared, such as ones with secrets left out, if there are as
// many. It returns "" if there are no edits.
//
// Edits that are many for the length of the text are shown as fewer, each with the
// lines that stay between them: the library counts lines from the start for each.
func Unified(oldName, newName string, old, new []string, edits []Edit) string {
	source := join(old)
	offsets := make([]int, 1, len(old)+1)
	for _, line := range old {
		offsets = append(offsets, offsets[len(offsets)-1]+len(line)+1)
	}
	edits = fewer(edits, max(1, maxCounted/(len(source)+1)))
	list := make([]udiff.Edit, len(edits))
	for i, e := range edits {
		list[i] = udiff.Edit{Start: offsets[e.OldStart], End: offsets[e.OldEnd], New: join(new[e.NewStart:e.NewEnd])}
	}
	out, err := udiff.ToUnified(oldName, newName, source, list, udiff.DefaultContextLines)
	if err != nil {
		return "" // edits of another text
	}
	return out
}

// maxCounted is how many bytes the library may count the lines of, for all edits of
// a text: about a second.
const maxCounted = 4 << 30

// fewer returns the edits as at most most, if they are more: those that are nearest
// to each other become one.
func fewer(edits []Edit, most int) []Edit {
	for gap := 1; len(edits) > most; gap *= 2 {
		joined := edits[:0:0]
		for _, e := range edits {
			if n := len(joined); n > 0 && e.OldStart-joined[n-1].OldEnd <= gap {
				joined[n-1].OldEnd, joined[n-1].NewEnd = e.OldEnd, e.NewEnd
			} else {
				joined = append(joined, e)
			}
		}
		edits = joined
	}
	return edits
}

// join returns lines as a text whose last line has an end too.
func join(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}
