package text

import (
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
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
// at least one line that stays between any two. No line may have a line end in
// it. The time is in proportion to n log n for n lines.
func Diff(old, new []string) []Edit {
	out := diff.Diff("old", []byte(join(old)), "new", []byte(join(new)))
	var edits []Edit
	var i, j int
	open := false
	header := true
	for line := range strings.SplitSeq(string(out), "\n") {
		if strings.HasPrefix(line, "@@ ") {
			header, open = false, false
			var a, b, n, m int
			// A range of no lines names the line before it.
			if _, err := fmt.Sscanf(line, "@@ -%d,%d +%d,%d @@", &a, &n, &b, &m); err != nil {
				continue
			}
			i, j = a, b
			if n > 0 {
				i--
			}
			if m > 0 {
				j--
			}
			continue
		}
		if header || line == "" {
			continue
		}
		if (line[0] == '-' || line[0] == '+') && !open {
			edits = append(edits, Edit{i, i, j, j})
			open = true
		}
		switch line[0] {
		case ' ':
			i, j, open = i+1, j+1, false
		case '-':
			i++
			edits[len(edits)-1].OldEnd = i
		case '+':
			j++
			edits[len(edits)-1].NewEnd = j
		}
	}
	return edits
}

func join(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// context is how many lines that stay are shown around an edit.
const context = 3

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
		for n < len(edits) && edits[n].OldStart-edits[n-1].OldEnd <= 2*context {
			n++
		}
		hunk := edits[:n]
		edits = edits[n:]
		before := min(context, hunk[0].OldStart)
		last := hunk[n-1]
		after := min(context, len(old)-last.OldEnd)
		fmt.Fprintf(&b, "@@ -%s +%s @@\n", span(hunk[0].OldStart-before, last.OldEnd+after), span(hunk[0].NewStart-before, last.NewEnd+after))
		at := hunk[0].OldStart - before
		for _, e := range hunk {
			write(&b, " ", old[at:e.OldStart])
			write(&b, "-", old[e.OldStart:e.OldEnd])
			write(&b, "+", new[e.NewStart:e.NewEnd])
			at = e.OldEnd
		}
		write(&b, " ", old[at:at+after])
	}
	return b.String()
}

// span writes a range of lines as the unified format does.
func span(start, end int) string {
	switch n := end - start; n {
	case 0:
		return fmt.Sprintf("%d,0", start)
	case 1:
		return fmt.Sprint(start + 1)
	default:
		return fmt.Sprintf("%d,%d", start+1, n)
	}
}

func write(b *strings.Builder, mark string, lines []string) {
	for _, line := range lines {
		b.WriteString(mark)
		b.WriteString(line)
		b.WriteByte('\n')
	}
}
