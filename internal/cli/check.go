package cli

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/schema"
)

func newCheck() *cobra.Command {
	var file, format string
	var flags optionFlags
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check a project",
		Long: `Check tells what is wrong with a project, or worth knowing about it, with the
place in the project file. The exit status is 1 if a finding is an error.

A finding is printed as file:line:col: severity: message [code], and what to do
on a line of its own. With --format json it is one document: the list "findings"
(code, severity, file, line, column, message, remedy) and the numbers "errors",
"warnings" and "infos".`,
		Example: `  dtafgen check
  dtafgen check -f acme.toml --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			options, err := flags.options()
			if err != nil {
				return err
			}
			findings, err := checkProject(file, options)
			if err != nil {
				return err
			}
			if format == "json" {
				err = writeJSON(cmd.OutOrStdout(), newFindingsReport(findings))
			} else {
				printFindings(cmd.OutOrStdout(), findings)
				err = nil
			}
			if err == nil && findings.Err() != nil {
				err = errFound
			}
			return err
		},
	}
	projectFlag(cmd, &file)
	flags.add(cmd)
	formatFlag(cmd, &format, "text", "json")
	return cmd
}

// checkProject checks the project that the flag names.
func checkProject(file string, o wxt.Options) (schema.Findings, error) {
	if file == "" {
		findings, err := wxt.CheckProjectFile(wxt.FileName, o)
		if errors.Is(err, fs.ErrNotExist) {
			return wxt.Check(&wxt.Project{}, o), nil
		}
		return findings, err
	}
	return wxt.CheckProjectFile(file, o)
}

// findingsReport is the JSON of check.
type findingsReport struct {
	Findings schema.Findings `json:"findings"`
	Errors   int             `json:"errors"`
	Warnings int             `json:"warnings"`
	Infos    int             `json:"infos"`
}

func newFindingsReport(fs schema.Findings) findingsReport {
	if fs == nil {
		fs = schema.Findings{}
	}
	return findingsReport{fs, fs.Count(schema.Error), fs.Count(schema.Warning), fs.Count(schema.Info)}
}

// writeJSON writes v as one document, indented.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
