package render

import "unicode/utf8"

// A cursor turns the offsets of a text into lines and columns, as xmltext.Lines
// does. Offsets have to rise: each is counted from the one before, since a text
// may be one long line.
type cursor struct {
	text         string
	offset       int
	line, column int // one less than they are told
}

func (c *cursor) position(offset int) (line, column int) {
	for c.offset < offset {
		r, size := utf8.DecodeRuneInString(c.text[c.offset:])
		c.offset += size
		c.column++
		if r == '\n' || r == '\r' && (c.offset == len(c.text) || c.text[c.offset] != '\n') {
			c.line, c.column = c.line+1, 0
		}
	}
	return c.line + 1, c.column + 1
}
