package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"
	"golang.org/x/text/width"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/schema"
)

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// isTerminalWriter reports whether what is written goes to a terminal.
func isTerminalWriter(w io.Writer) bool { return terminal(w) != nil }

// The styles of a terminal, as parameters of SGR.
const (
	styleBold  = "1"
	styleDim   = "2"
	styleCaret = "1;32"
)

var severityStyles = map[schema.Severity]string{schema.Error: "1;31", schema.Warning: "1;33", schema.Info: "1;36"}

// A printer prints findings as text, with the lines that they are about.
type printer struct {
	w       io.Writer
	colored bool
	sources sources
	private string        // a file whose lines are not shown
	secret  map[spot]bool // lines that hold a secret, which are not shown either
	err     error         // the first
}

// A spot is a line of a file.
type spot struct {
	file string
	line int
}

// newPrinter returns a printer for findings of a command, of which those about secrets keep
// their lines from being shown.
func newPrinter(cmd *cobra.Command, w io.Writer, colored bool, findings schema.Findings) *printer {
	p := &printer{w: w, colored: colored, sources: newSources(), private: cmd.Annotations[privateFile], secret: make(map[spot]bool)}
	for _, f := range findings {
		if f.Code == codes.Secret {
			p.secret[spot{f.File, f.Line}] = true
		}
	}
	return p
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) style(style, text string) string {
	if !p.colored || text == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// finding prints one finding, its line and its remedy.
func (p *printer) finding(f schema.Finding) {
	p.printf("%s: %s: %s %s\n", p.style(styleBold, printable(f.Position.String())), p.style(severityStyles[f.Severity], f.Severity.String()),
		printable(f.Message), p.style(styleDim, "["+f.Code+"]"))
	// What an info is about is no mistake to point at. Of a file that can't be read it is
	// not known which tags are secret.
	if f.Severity != schema.Info && (f.Code != codes.Syntax || !p.sources.mayTell(f.Position)) {
		p.snippet(f.Position)
	}
	if f.Remedy != "" {
		p.printf("\t%s\n", printable(f.Remedy))
	}
}

// snippet prints the line of a place, and a caret under the column.
func (p *printer) snippet(pos schema.Position) {
	if pos.Line == 0 || pos.Column == 0 {
		return
	}
	if pos.File == p.private || p.secret[spot{pos.File, pos.Line}] {
		return
	}
	line, ok := p.sources.around(pos, mostRunes)
	if !ok {
		return
	}
	text, pad, mark := caret(line)
	if text == "" {
		return
	}
	number := fmt.Sprint(pos.Line)
	p.printf("%s %s\n", p.style(styleDim, "  "+number+" |"), text)
	p.printf("%s %s%s\n", p.style(styleDim, strings.Repeat(" ", 2+len(number))+" |"), pad, p.style(styleCaret, mark))
}

// A line is shown with at most so many runes before its column, and after it. One
// with more is cut to fewer, since there is a reason to cut it.
const (
	mostRunes = 90
	cutRunes  = 60
)

// caret returns a line as it can be shown, of which it gets mostRunes around the
// column, and what stands under it: the padding up to the column and the mark. A
// tab is padded with a tab, and a rune that takes two cells of a terminal with two
// spaces.
func caret(line text.Excerpt) (text, pad, mark string) {
	shortened := line.Text
	if !line.After {
		shortened = strings.TrimRight(line.Text, " \t")
	}
	runes := []rune(shortened)
	at := min(utf8.RuneCountInString(line.Text[:line.At]), len(runes))
	from, to := 0, len(runes)
	if line.Before {
		from = max(at-cutRunes, 0)
	}
	if line.After {
		to = min(at+cutRunes, to)
	}
	token := min(tokenLength(runes[at:]), to-at)
	var shown, padding strings.Builder
	if line.Before {
		shown.WriteString("...")
		padding.WriteString("   ")
	}
	cells := 0
	for i, r := range runes[from:to] {
		i += from
		if r != '\t' && !unicode.IsPrint(r) && !unicode.Is(unicode.Mn, r) {
			r = utf8.RuneError
		}
		shown.WriteRune(r)
		switch {
		case i < at && r == '\t':
			padding.WriteByte('\t')
		case i < at:
			padding.WriteString(strings.Repeat(" ", cellsOf(r)))
		case i < at+token:
			cells += cellsOf(r)
		}
	}
	if line.After {
		shown.WriteString("...")
	}
	return shown.String(), padding.String(), "^" + strings.Repeat("~", max(cells-1, 0))
}

// cellsOf returns how many cells of a terminal a rune takes.
func cellsOf(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// tokenLength returns how many runes belong to the word, the number, the
// placeholder or the quoted text that runes begin with.
func tokenLength(runes []rune) int {
	if len(runes) == 0 {
		return 0
	}
	q := runes[0]
	for i, r := range runes[1:] {
		if r == q && (q == '"' || q == '\'' || q == '%') {
			return i + 2
		}
		if q == '%' && (r > unicode.MaxASCII || !tagname.IsByte(byte(r), i == 0)) {
			return i + 1
		}
	}
	for i, r := range runes {
		if i > 0 && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_-.:", r) {
			return i
		}
	}
	return len(runes)
}

// printable returns text as it may go to a terminal.
func printable(s string) string { return text.Printable(s) }
