package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dtafgen/wxt/internal/ruledoc"
)

// listRules prints the rules with the given codes, or all of them.
func listRules(w io.Writer, codes []string, format string) error {
	docs := ruledoc.All()
	var all []string
	for _, d := range docs {
		all = append(all, d.Code)
	}
	for _, code := range codes {
		if !slices.Contains(all, code) {
			// Codes that are near by their digits have nothing in common.
			if meant := strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code)); slices.Contains(all, meant) {
				return fmt.Errorf("unknown rule %s: did you mean %s?", code, meant)
			}
			return fmt.Errorf("unknown rule %s: \"dtafgen check --list\" has them all", code)
		}
	}
	if len(codes) > 0 {
		docs = slices.DeleteFunc(docs, func(d ruledoc.Doc) bool { return !slices.Contains(codes, d.Code) })
	}
	switch format {
	case "text":
		return rulesText(w, docs)
	case "json":
		return writeJSON(w, struct {
			Rules []ruledoc.Doc `json:"rules"`
		}{docs})
	case "markdown":
		return rulesMarkdown(w, docs)
	}
	return fmt.Errorf("--format: --list has text, json and markdown, and not %s", format)
}

func rulesText(w io.Writer, docs []ruledoc.Doc) error {
	for i, d := range docs {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fixed := ""
		if d.Fixed {
			fixed = ", fixed"
		}
		bad, good := excerpts(d)
		fmt.Fprintf(w, "%s %s (%s%s)\n  %s\n  Source: %s.\n", d.Code, d.Name, d.Severity, fixed, d.Protects, d.Source)
		fmt.Fprintf(w, "  Bad (%s):\n%s", d.Bad.Name, indent(bad, "    "))
		fmt.Fprintf(w, "  says:\n%s", indent(d.Bad.Findings, "    "))
		if _, err := fmt.Fprintf(w, "  Good (%s):\n%s", d.Good.Name, indent(good, "    ")); err != nil {
			return err
		}
	}
	return nil
}

func indent(text, by string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight(by+line, " \n") + "\n")
	}
	return b.String()
}

func rulesMarkdown(w io.Writer, docs []ruledoc.Doc) error {
	fmt.Fprint(w, `# What dtafgen checks

This page is what `+"`dtafgen check --list --format markdown`"+` prints; a test keeps it so. The
examples are the rules' own test data, in `+"`internal/ruledoc/testdata/rules`"+`; of long ones the lines stand here that
make the difference.

A project file changes the severity of a rule, or turns it off:

`+"```toml"+`
[checks]
WXT107 = "off"                     # off, info, warning or error
WXT206 = "error"
`+"```"+`

Rules that are *fixed* guard what is built, or that it can be imported at all: they can't be changed.

An error will not work or will not import, and stops a build; a warning is likely to be a mistake; an
info is worth knowing.

| code | name | severity | protects from |
| --- | --- | --- | --- |
`)
	for _, d := range docs {
		fixed := ""
		if d.Fixed {
			fixed = ", fixed"
		}
		fmt.Fprintf(w, "| [%s](#%s) | %s | %s%s | %s |\n", d.Code, strings.ToLower(d.Code+"-"+d.Name), d.Name, d.Severity, fixed, markdownText(d.Protects))
	}
	for _, d := range docs {
		fixed := ""
		if d.Fixed {
			fixed = " It is fixed."
		}
		bad, good := excerpts(d)
		_, err := fmt.Fprintf(w, "\n## %s %s\n\n%s\n\nSeverity: %s.%s Source: %s.\n\nBad (`%s`):\n\n%s\n%s\nGood (`%s`):\n\n%s",
			d.Code, d.Name, markdownText(d.Protects), d.Severity, fixed, markdownText(d.Source),
			d.Bad.Name, fence(language(d.Bad.Name), bad), fence("", d.Bad.Findings), d.Good.Name, fence(language(d.Good.Name), good))
		if err != nil {
			return err
		}
	}
	return nil
}

var markdownText = strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`).Replace

func fence(language, text string) string {
	return "```" + language + "\n" + strings.TrimRight(text, "\n") + "\n```\n"
}

func language(name string) string {
	switch {
	case strings.HasSuffix(name, ".toml"):
		return "toml"
	case strings.HasSuffix(name, ".xml"), strings.HasSuffix(name, ".oci"):
		return "xml"
	}
	return ""
}

// The most lines that an example is shown with whole, and the lines around a
// difference that are shown of a longer one.
const (
	wholeExample  = 16
	exampleAround = 2
	mostDifferent = 12
)

// excerpts returns the texts of a rule's examples as they are shown.
func excerpts(d ruledoc.Doc) (bad, good string) {
	a, b := shownLines(d.Bad.Text), shownLines(d.Good.Text)
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return excerpt(a, start, len(a)-end), excerpt(b, start, len(b)-end)
}

// shownLines returns the lines of a text, in which bytes that are no text are
// written as \xEB.
func shownLines(text string) []string {
	var b strings.Builder
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, `\x%02X`, text[i])
		} else {
			b.WriteString(text[i : i+n])
		}
		i += n
	}
	return strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
}

// excerpt returns lines as they are, if they are few, and otherwise those from
// start to end with a few around them, below the names of the files that they
// stand in.
func excerpt(lines []string, start, end int) string {
	if len(lines) <= wholeExample {
		return strings.Join(lines, "\n") + "\n"
	}
	from, to := max(start-exampleAround, 0), min(max(end, start+1)+exampleAround, len(lines))
	to = min(to, from+mostDifferent)
	var out []string
	for i, line := range lines {
		isName := strings.HasPrefix(line, "-- ") && strings.HasSuffix(line, " --")
		switch {
		case isName || i >= from && i < to:
			out = append(out, line)
		case len(out) == 0 || out[len(out)-1] != "...":
			out = append(out, "...")
		}
	}
	return strings.Join(out, "\n") + "\n"
}
