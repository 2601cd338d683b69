package text

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPosition(t *testing.T) {
	for _, tt := range []struct {
		name, src    string
		offset       int
		line, column int
	}{
		{"empty", "", 0, 1, 1},
		{"before the start", "ab", -5, 1, 1},
		{"past the end", "a\nbc", 99, 2, 3},
		{"end", "a\nbc", 4, 2, 3},
		{"after a last line feed", "a\n", 2, 2, 1},
		{"the line feed itself", "ab\nc", 2, 1, 3},
		{"CRLF: at CR", "ab\r\nc", 2, 1, 3},
		{"CRLF: at LF", "ab\r\nc", 3, 1, 4},
		{"CRLF: next line", "ab\r\nc", 4, 2, 1},
		{"lone CR", "ab\rc", 3, 2, 1},
		{"two CRs", "\r\rx", 2, 3, 1},
		{"CR CRLF", "\r\r\nx", 3, 3, 1},
		{"CR at the end", "a\r", 2, 2, 1},
		{"LF CR", "\n\rx", 2, 3, 1},
		{"a tab is one column", "\t\tx", 2, 1, 3},
		{"multi-byte", "é€😀x", 9, 1, 4},
		{"within a character", "é€😀x", 7, 1, 3},
		{"last byte of a character", "é€😀x", 8, 1, 3},
		{"first byte of a character", "é€😀x", 5, 1, 3},
		{"invalid bytes count one each", "\xff\xfe\x80x", 3, 1, 4},
		{"a stray continuation byte", "a\x80\x80x", 2, 1, 3},
		{"BOM: before", BOM + "ab", 0, 1, 1},
		{"BOM: within", BOM + "ab", 2, 1, 1},
		{"BOM: after", BOM + "ab", 3, 1, 1},
		{"BOM: later", BOM + "ab", 4, 1, 2},
		{"BOM: second line", BOM + "a\nb", 5, 2, 1},
		{"BOM elsewhere is a column", "a\n" + BOM + "b", 5, 2, 2},
		{"only a BOM", BOM, 3, 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			line, column := NewLines(tt.src).Position(tt.offset)
			assert.Equal(t, [2]int{tt.line, tt.column}, [2]int{line, column})
		})
	}
}

func ExampleLines_Position() {
	lines := NewLines("naïve\r\ntext")
	fmt.Println(lines.Position(4))
	fmt.Println(lines.Position(8))
	// Output:
	// 1 4
	// 2 1
}

// TestLongLines compares the columns of long lines with those that are counted
// from the start of the line.
func TestLongLines(t *testing.T) {
	line := strings.Repeat("aé漢\xff𝄞\x80 ", 1500)
	src := "\uFEFFshort\n" + line + "\r\n" + line + "x"
	lines := NewLines(src)
	for offset := 0; offset < len(src); offset += 7 {
		if !utf8.RuneStart(src[offset]) {
			continue
		}
		n, column := lines.Position(offset)
		start := max(strings.LastIndexByte(src[:offset], '\n')+1, len("\uFEFF")*(2-min(n, 2)))
		want := utf8.RuneCountInString(src[min(start, max(offset, start)):max(offset, start)]) + 1
		if column != want {
			t.Fatalf("offset %d: column %d, want %d", offset, column, want)
		}
	}
}

func TestAround(t *testing.T) {
	long := strings.Repeat("aé漢\xff𝄞\x80 ", 1500)
	texts := []string{"\uFEFFshort", long, "", "é" + long, "x"}
	for _, end := range []string{"\n", "\r\n", "\r"} {
		lines := NewLines(strings.Join(texts, end))
		for i, text := range texts {
			text = strings.TrimPrefix(text, "\uFEFF")
			var starts []int // of the code points, and the end
			for offset := range text {
				starts = append(starts, offset)
			}
			starts = append(starts, len(text))
			for column := 1; column <= len(starts)+1; column += 1 + len(text)/100 {
				at := min(column, len(starts)) - 1
				from, to := max(at-7, 0), min(at+7, len(starts)-1)
				got, ok := lines.Around(i+1, column, 7)
				require.True(t, ok)
				require.Equal(t, Excerpt{text[starts[from]:starts[to]], starts[at] - starts[from], from > 0, to < len(starts)-1}, got, "%q %d:%d", end, i+1, column)
			}
		}
		for _, line := range []int{-1, 0, 6} {
			_, ok := lines.Around(line, 1, 7)
			assert.False(t, ok)
		}
	}
	got, _ := NewLines("ab\n").Around(1, -5, 1)
	assert.Equal(t, Excerpt{"a", 0, false, true}, got)
}

func TestOffset(t *testing.T) {
	for _, src := range []string{"", "a", "a\nbä日\r\n\nc", BOM + "ab\nc", strings.Repeat("ä", 5000) + "\nb"} {
		lines := NewLines(src)
		for offset := range src {
			if line, column := lines.Position(offset); !strings.HasPrefix(src, BOM) || offset > 0 {
				assert.Equal(t, offset, lines.Offset(line, column), "%d:%d", line, column)
			}
		}
		assert.Equal(t, len(src), lines.Offset(99, 1))
	}
	assert.Equal(t, 2, NewLines("a\nb").Offset(1, 99))
}
