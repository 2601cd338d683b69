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
}

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
	return &Lines{src, starts}
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
	return line, utf8.RuneCountInString(l.src[start:offset]) + 1
}
