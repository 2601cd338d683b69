package cli

import (
	"bytes"
	"io"
	"strings"
)

// colorChanges has write print differences to w: on a terminal what is added, removed
// and changed has colors.
func colorChanges(w io.Writer, write func(io.Writer) error) error {
	if colored, _ := useColor("auto", w); !colored {
		return write(w)
	}
	var b bytes.Buffer
	err := write(&b)
	var out strings.Builder
	for line := range strings.Lines(b.String()) {
		text := strings.TrimRight(line, "\n")
		if style := changeStyle(text); style != "" {
			text = "\x1b[" + style + "m" + text + "\x1b[0m"
		}
		out.WriteString(text + line[len(strings.TrimRight(line, "\n")):])
	}
	if _, failed := io.WriteString(w, out.String()); err == nil {
		err = failed
	}
	return err
}

// changeStyle returns the color of a line that reports a change, or "".
func changeStyle(line string) string {
	mark := strings.TrimLeft(line, " ")
	switch {
	case strings.HasPrefix(line, "@@"):
		return "36"
	case strings.HasPrefix(line, "+") || strings.HasPrefix(mark, "+ "):
		return "32"
	case strings.HasPrefix(line, "-") || strings.HasPrefix(mark, "- "):
		return "31"
	case strings.HasPrefix(mark, "~ ") || strings.HasPrefix(mark, "> "):
		return "33"
	}
	return ""
}
