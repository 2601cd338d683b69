package cli

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/dtafgen/wxt/internal/text"
)

// A safeWriter writes text to where people and CI systems read it: whatever files and
// servers put into a message, it moves no cursor, hides nothing and gives no command.
// Colors pass.
type safeWriter struct {
	w      io.Writer
	inLine bool
}

// color is what the printer colors with.
var color = regexp.MustCompile(`\x1b\[[0-9;]*m`)

func (s *safeWriter) Write(p []byte) (int, error) {
	var b strings.Builder
	for line := range bytes.Lines(p) {
		line, ended := bytes.CutSuffix(line, []byte("\n"))
		// A log of GitHub takes a line for a command that begins so.
		if trimmed := bytes.TrimLeft(line, " \t"); !s.inLine && bytes.HasPrefix(trimmed, []byte("::")) {
			b.Write(line[:len(line)-len(trimmed)])
			b.WriteString(`\x3a`)
			line = trimmed[1:]
		}
		at := 0
		for _, c := range color.FindAllIndex(line, -1) {
			b.WriteString(text.Printable(string(line[at:c[0]])))
			b.Write(line[c[0]:c[1]])
			at = c[1]
		}
		b.WriteString(text.Printable(string(line[at:])))
		if ended {
			b.WriteByte('\n')
		}
		s.inLine = !ended
	}
	if _, err := io.WriteString(s.w, b.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// terminal returns the terminal that a writer of the command writes to, or nil.
func terminal(w io.Writer) *os.File {
	switch w := w.(type) {
	case *checkedWriter:
		return terminal(w.w)
	case *safeWriter:
		return terminal(w.w)
	case *os.File:
		if isTerminal(w) {
			return w
		}
	}
	return nil
}
