package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/atomicfile"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/schema"
)

func newCheck() *cobra.Command {
	var file, format, color string
	var strict, list, fix bool
	var flags optionFlags
	cmd := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Check a project, or archives, templates and manifests",
		Long: `Check tells what is wrong with a project, or worth knowing about it, with the
place in the project file. With paths it checks these files: other project files,
archives (.zip), templates (.template, .xml) and manifests (.oci). The [checks]
and [[declare]] of the project file hold for them, if there is one. The exit
status is 1 if a finding is an error, and with --strict if one is a warning; it is 2
if a project file is not TOML.

Formats:

  text    file:line:col: severity: message [code], the line with a caret under
          the place, and what to do, on a line of its own
  json    one document: the list "findings" (code, severity, file, line, column,
          end_line, end_column, tag, platform, message, remedy, fix) and the numbers
          "errors", "warnings" and "infos"
  sarif   SARIF 2.1.0
  github  commands that GitHub Actions makes annotations of

The place of a file in an archive is archive.zip/name:line:col.

--fix makes the fixes that are safe in project files, and tells of each: the name of
a tag or a key that is a letter away from one that is known, and from no other, and a
slash that is missing at the end of a URL or path. What is left is reported. No other
byte of the file changes.

--list lists the rules, or those with the given codes, each with what it protects
from, where it comes from, a bad example and a good one. With --format json it is
one document, the list "rules" (code, name, severity, fixed, protects, source, and
bad and good, with name, text and findings); with --format markdown it is
docs/checks.md. A project file changes a rule's severity, or turns it off, with
[checks] WXT012 = "off"; the rules that guard what is built are fixed.`,
		Example: `  dtafgen check
  dtafgen check -f acme.toml --strict --format github
  dtafgen check vendor/*.zip
  dtafgen check --fix
  dtafgen check --list WXT101`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if list {
				return listRules(cmd.OutOrStdout(), args, format)
			}
			options, err := flags.options()
			if err != nil {
				return err
			}
			if format == "markdown" {
				return errors.New(`--format: markdown goes with --list`)
			}
			colored, err := useColor(color, cmd.OutOrStdout())
			if err != nil {
				return err
			}
			if fix {
				if err := fixPaths(cmd.ErrOrStderr(), file, args, options); err != nil {
					return err
				}
			}
			findings, err := checkPaths(cmd.ErrOrStderr(), file, args, options)
			if err != nil {
				return err
			}
			if err := printReport(cmd, findings, format, colored); err != nil {
				return err
			}
			if slices.ContainsFunc(findings, func(f schema.Finding) bool { return f.Code == codes.Syntax }) {
				return errUnreadable
			}
			if findings.Err() != nil || strict && findings.Count(schema.Warning) > 0 {
				return errFound
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			if !list {
				return []string{"toml", "zip", "template", "xml", "oci"}, cobra.ShellCompDirectiveFilterFileExt
			}
			var codes []string
			for _, r := range schema.Rules() {
				codes = append(codes, r.Code+"\t"+r.Name)
			}
			return codes, cobra.ShellCompDirectiveNoFileComp
		},
	}
	projectFlag(cmd, &file)
	flags.add(cmd)
	allFlag(cmd)
	formatFlag(cmd, &format, "text", "json", "sarif", "github", "markdown")
	cmd.Flags().BoolVar(&strict, "strict", false, "exit with status 1 for a warning too")
	cmd.Flags().BoolVar(&list, "list", false, "list the rules, or those with the given codes")
	cmd.Flags().BoolVar(&fix, "fix", false, "make the fixes that are safe, and report what is left")
	cmd.Flags().StringVar(&color, "color", "auto", "color the text: auto (on a terminal, unless NO_COLOR is set), always, never")
	complete(cmd, "color", "auto", "always", "never")
	return cmd
}

// checkPaths checks the project that the flag names, or the files at paths. What
// is wrong with a project file that nobody named is told in one line.
func checkPaths(stderr io.Writer, file string, paths []string, o options) (schema.Findings, error) {
	if len(paths) == 0 {
		return checkProject(file, o)
	}
	opts := o.check()
	project, err := load(file, o)
	switch {
	case err == nil:
		opts = append(opts, wxt.WithProject(project))
	case file != "":
		return nil, err
	default:
		fmt.Fprintf(stderr, "dtafgen: %s has errors, and its [checks] and [[declare]] are not used\n", wxt.FileName)
	}
	var all schema.Findings
	for _, path := range paths {
		findings, err := wxt.CheckFile(path, opts...)
		if err != nil {
			return nil, err
		}
		all = append(all, findings...)
	}
	return all.Sorted(), nil
}

// checkProject checks the project that the flag names.
func checkProject(file string, o options) (schema.Findings, error) {
	if file == "" {
		findings, err := wxt.CheckProjectFile(wxt.FileName, o.check()...)
		if errors.Is(err, fs.ErrNotExist) {
			return wxt.Check(&wxt.Project{}, o.check()...), nil
		}
		return findings, err
	}
	return wxt.CheckProjectFile(file, o.check()...)
}

// fixPaths makes the safe fixes in the project files among paths, or in the project
// that the flag names, and tells what it did.
func fixPaths(stderr io.Writer, file string, paths []string, o options) error {
	if len(paths) == 0 {
		if file == "" {
			if _, err := os.Stat(wxt.FileName); errors.Is(err, fs.ErrNotExist) {
				return nil // it is the embedded default that is checked
			}
			file = wxt.FileName
		}
		paths = []string{file}
	}
	limits := dtaf.Limits{}.WithDefaults()
	for _, path := range paths {
		if !strings.EqualFold(filepath.Ext(path), ".toml") && path != file {
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() || info.Size() > limits.Project {
			continue // which the check tells
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fixed, done, _ := wxt.Fix(path, data, o.check()...)
		if len(done) == 0 {
			continue
		}
		if err := rewrite(path, fixed); err != nil {
			return err
		}
		for _, f := range done {
			fmt.Fprintf(stderr, "dtafgen: %s: fixed: %s: wrote %s\n", f.Position, f.Message, f.Fix.Text)
		}
	}
	return nil
}

// rewrite replaces the text of a file, of one that a link leads to too.
func rewrite(path string, data []byte) error {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(target)
	if err != nil {
		return err
	}
	return atomicfile.Write(target, data, info.Mode().Perm())
}

func printReport(cmd *cobra.Command, findings schema.Findings, format string, colored bool) error {
	w := cmd.OutOrStdout()
	switch format {
	case "json":
		return writeJSON(w, struct {
			Findings schema.Findings `json:"findings"`
			Errors   int             `json:"errors"`
			Warnings int             `json:"warnings"`
			Infos    int             `json:"infos"`
		}{append(schema.Findings{}, findings...), findings.Count(schema.Error), findings.Count(schema.Warning), findings.Count(schema.Info)})
	case "sarif":
		return writeSARIF(w, findings)
	case "github":
		return writeGitHub(w, findings)
	}
	p := newPrinter(w, colored, findings)
	p.findings(cmd, findings)
	if s := tally(findings); s != "" {
		p.printf("%s\n", s)
	} else if isTerminalWriter(w) {
		p.printf("nothing is wrong\n")
	}
	return p.err
}

// hasFile reports whether a finding is about a file, and not about the embedded
// default.
func hasFile(f schema.Finding) bool { return f.File != "" && f.File != wxt.EmbeddedName }

// writeJSON writes v as one document, indented.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// useColor tells whether text for w is colored.
func useColor(mode string, w io.Writer) (bool, error) {
	switch mode {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		return isTerminalWriter(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", nil
	}
	return false, fmt.Errorf("--color: unknown mode %q: expected auto, always or never", mode)
}
