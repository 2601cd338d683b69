package render

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dtafgen/wxt/internal/xmltext"
)

func TestCursor(t *testing.T) {
	text := "a\nb\r\nç\rd\r\r\n\n€x\xFFy"
	lines := xmltext.NewLines(text)
	c := &cursor{text: text}
	for offset := range text + " " {
		line, column := lines.Position(offset)
		gotLine, gotColumn := c.position(offset)
		assert.Equal(t, [2]int{line, column}, [2]int{gotLine, gotColumn}, offset)
	}
}
