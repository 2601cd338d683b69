package text

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// BOM is the byte order mark, which a text in UTF-8 may begin with.
const BOM = "\uFEFF"

// Lines turns byte offsets of a text into lines and columns. It does not
// change once made, so it can be used concurrently.
type Lines struct {
	src    string
	starts []int // offset of the first byte of each line
	marks  []mark
}

// A mark is how many code points stand ahead of an offset. Only texts with long
// lines have marks, so that a column is not counted from afar.
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
	if line == 1 && strings.HasPrefix(l.src, BOM) {
		start = len(BOM)
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

// An Excerpt is a part of a line.
type Excerpt struct {
	Text          string
	At            int  // where in Text the column is, in bytes
	Before, After bool // whether the line has more ahead of Text, or behind it
}

// Around returns what of a line stands around a column: at most n code points
// before it, and at most n from it on. A column behind the line's end is taken for
// its end. It returns false if there is no such line.
func (l *Lines) Around(line, column, n int) (Excerpt, bool) {
	if line < 1 || line > len(l.starts) {
		return Excerpt{}, false
	}
	start, end := l.starts[line-1], len(l.src)
	if line < len(l.starts) {
		end = l.starts[line]
		end -= len(l.src[start:end]) - len(strings.TrimRight(l.src[start:end], "\r\n"))
	}
	if line == 1 && strings.HasPrefix(l.src, BOM) {
		start = len(BOM)
	}
	at := l.offset(start, end, max(column, 1)-1)
	from, to := at, at
	for i := 0; i < n && from > start; i++ {
		_, size := utf8.DecodeLastRuneInString(l.src[start:from])
		from -= size
	}
	for i := 0; i < n && to < end; i++ {
		_, size := utf8.DecodeRuneInString(l.src[to:end])
		to += size
	}
	return Excerpt{l.src[from:to], at - from, from > start, to < end}, true
}

// offset returns the offset of the code point before which n others stand in
// src[start:end], or end if there are not as many.
func (l *Lines) offset(start, end, n int) int {
	at, have := start, l.runesTo(start, start)
	n += have
	i := sort.Search(len(l.marks), func(i int) bool { return l.marks[i].runes > n }) - 1
	if i >= 0 && l.marks[i].offset > start {
		at, have = l.marks[i].offset, l.marks[i].runes
	}
	for ; have < n && at < end; have++ {
		_, size := utf8.DecodeRuneInString(l.src[at:end])
		at += size
	}
	return min(at, end)
}

// Offset returns the offset of a line and column, as Position counts them. A place
// behind the end of its line is taken for that end, and one behind the text for the
// text's end.
func (l *Lines) Offset(line, column int) int {
	if line > len(l.starts) {
		return len(l.src)
	}
	start, end := l.starts[max(line, 1)-1], len(l.src)
	if line < len(l.starts) {
		end = l.starts[line]
	}
	if line <= 1 && strings.HasPrefix(l.src, BOM) {
		start = len(BOM)
	}
	return l.offset(start, end, max(column, 1)-1)
}
