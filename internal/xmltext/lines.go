package xmltext

import (
	"sort"
	"strings"
	"unicode/utf8"
)

const bom = "\uFEFF"

// Lines turns byte offsets of a text into lines and columns. It does not
// change once made, so it can be used concurrently.
type Lines struct {
	src    string
	starts []int // offset of the first byte of each line
	marks  []mark
}

// A mark is how many code points stand ahead of an offset. There are marks in
// texts with long lines alone, so that a column is not counted from afar.
type mark struct{ offset, runes int }

// markEvery is how many bytes there are between two marks, or a few more.
const markEvery = 1 << 10

// NewLines returns the line table of src. A line ends with \n, \r\n or a lone
// \r.
func NewLines(src string) *Lines {
	starts := make([]int, 1, strings.Count(src, "\n")+1)
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '\n':
			starts = append(starts, i+1)
		case '\r':
			if i+1 == len(src) || src[i+1] != '\n' {
				starts = append(starts, i+1)
			}
		}
	}
	l := &Lines{src: src, starts: starts}
	for i, start := range starts {
		end := len(src)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		if end-start > 4*markEvery {
			l.addMarks()
			break
		}
	}
	return l
}

func (l *Lines) addMarks() {
	runes, next := 0, 0
	for i := range l.src {
		if i >= next {
			l.marks = append(l.marks, mark{i, runes})
			next = i + markEvery
		}
		runes++
	}
}

// runesTo returns how many code points stand ahead of an offset, which is the
// start of one, counted from somewhere that is the same for all of a line.
func (l *Lines) runesTo(offset, start int) int {
	i := sort.Search(len(l.marks), func(i int) bool { return l.marks[i].offset > offset }) - 1
	if i < 0 {
		return utf8.RuneCountInString(l.src[start:offset])
	}
	m := l.marks[i]
	return m.runes + utf8.RuneCountInString(l.src[m.offset:offset])
}

// Position returns the line and the column of the byte at offset, both from 1.
// Columns count Unicode code points; a byte that is not part of valid UTF-8
// counts as one. A UTF-8 byte order mark at the start of the text counts as no
// column. An offset within a character gives the position of the character, one
// outside of the text that of the text's start or end.
func (l *Lines) Position(offset int) (line, column int) {
	offset = min(max(offset, 0), len(l.src))
	line = sort.SearchInts(l.starts, offset+1)
	start := l.starts[line-1]
	if line == 1 && strings.HasPrefix(l.src, bom) {
		start = len(bom)
		offset = max(offset, start)
	}
	// Step back to the first byte of the character that holds the offset.
	for back := 1; back < utf8.UTFMax && offset-back >= start && offset < len(l.src); back++ {
		if !utf8.RuneStart(l.src[offset-back]) {
			continue
		}
		if _, size := utf8.DecodeRuneInString(l.src[offset-back:]); size > back {
			offset -= back
		}
		break
	}
	return line, l.runesTo(offset, start) - l.runesTo(start, start) + 1
}
