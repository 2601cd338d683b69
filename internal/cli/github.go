package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/dtafgen/wxt/schema"
)

var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// writeGitHub writes findings as workflow commands, which GitHub Actions makes
// annotations of.
func writeGitHub(w io.Writer, findings schema.Findings) error {
	commands := map[schema.Severity]string{schema.Error: "error", schema.Warning: "warning", schema.Info: "notice"}
	for _, f := range findings {
		var properties []string
		add := func(name string, value any) {
			properties = append(properties, name+"="+githubProperty.Replace(fmt.Sprint(value)))
		}
		if hasFile(f) {
			add("file", printable(f.File))
			if f.Line > 0 {
				add("line", f.Line)
			}
			if f.Column > 0 {
				add("col", f.Column)
			}
			if f.EndLine > 0 {
				add("endLine", f.EndLine)
				add("endColumn", f.EndColumn)
			}
		}
		title := f.Code
		if r, ok := schema.LookupRule(f.Code); ok {
			title += " " + r.Name
		}
		add("title", title)
		message := printable(f.Message)
		if f.Remedy != "" {
			message += "\n" + printable(f.Remedy)
		}
		if _, err := fmt.Fprintf(w, "::%s %s::%s\n", commands[f.Severity], strings.Join(properties, ","), githubData.Replace(message)); err != nil {
			return err
		}
	}
	return nil
}
