package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/atomicfile"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/schema"
)

func newCheck() *cobra.Command {
	var projects projectFlags
	var format, color string
	var strict, list, fix bool
	var flags optionFlags
	cmd := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Check a project, or archives, templates and manifests",
		Long: `Check reports what is wrong with a project, or worth knowing about it, with the place
in the project file. Given paths, it checks project files, folders of them (without
those that others only extend), archives (.zip), templates (.template, .xml) and
manifests (.oci). If there is a project, its [checks] and [[declare]] apply to these
too. The exit status is 1 if there is an error (with --strict, also for a warning),
and 2 if a file can't be read or a project file isn't TOML; the other files are still
checked.

Formats:
    text    file:line:col: severity: message [code], the line with a caret under
            the place, and what to do, on a line of its own
    json    one document: the list "findings" (code, severity, file, line, column,
            end_line, end_column, tag, platform, message, remedy, fix) and the numbers
            "errors", "warnings" and "infos"
    sarif   SARIF 2.1.0
    github  annotations for GitHub Actions

A file in an archive has the place archive.zip/name:line:col.

--fix makes the safe fixes in project files and in those that they extend, and lists
them: a tag or key that is one letter away from exactly one known name, and a missing
slash at the end of a URL or path. Everything else is reported, and no other byte of a
file changes.

--list lists the rules, or those with the given codes: what each protects from, where
it comes from, a bad example and a good one. With --format json it is one document, the
list "rules" (code, name, severity, fixed, protects, source, and bad and good, with
name, text and findings); with --format markdown it is docs/checks.md. A project file
changes the severity of a rule, or turns it off, with [checks] WXT012 = "off"; the rules
that guard what is built can't be changed.`,
		Example: `  dtafgen check
  dtafgen check -f acme.toml --strict --format github
  dtafgen check vendor/*.zip
  dtafgen check acme-lab.toml customers/
  dtafgen check --fix
  dtafgen check --list WXT101`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if list {
				return listRules(cmd.OutOrStdout(), args, format)
			}
			options, err := flags.of(&projects)
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
			todo, err := projects.toCheck(cmd, args)
			if err != nil {
				return err
			}
			if fix {
				if err := fixProjects(cmd.ErrOrStderr(), todo, options); err != nil {
					return err
				}
				options.shelf = new(shelf) // the files are other ones now
			}
			findings, worst := checkAll(cmd, &projects, todo, options)
			if worst != nil && !errors.Is(worst, errUnreadable) {
				return worst
			}
			if err := printReport(cmd, findings, format, colored); err != nil {
				return err
			}
			if slices.ContainsFunc(findings, func(f schema.Finding) bool { return f.Code == codes.Syntax }) {
				worst = errUnreadable
			}
			if findings.Err() != nil || strict && findings.Count(schema.Warning) > 0 {
				worst = worse(worst, errFound)
			}
			return worst
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
	projects.addSeveral(cmd)
	flags.add(cmd)
	allFlag(cmd)
	formatFlag(cmd, &format, "text", "json", "sarif", "github", "markdown")
	cmd.Flags().BoolVar(&strict, "strict", false, "exit with status 1 for warnings too")
	cmd.Flags().BoolVar(&list, "list", false, "list the rules, or those with the given codes")
	cmd.Flags().BoolVar(&fix, "fix", false, "make the safe fixes, and report what is left")
	cmd.Flags().StringVar(&color, "color", "auto", "color the text: auto (on a terminal, unless NO_COLOR is set), always, never")
	complete(cmd, "color", "auto", "always", "never")
	return cmd
}

// A toCheck is a file to check: a project, or any other.
type toCheck struct {
	path      string // "" is the embedded default
	isProject bool
}

// toCheck returns what the flags and arguments name: files, the projects of folders, or
// the project of the flags.
func (f *projectFlags) toCheck(cmd *cobra.Command, paths []string) ([]toCheck, error) {
	var list []toCheck
	if len(paths) == 0 {
		c, err := f.choose(cmd)
		for _, file := range c.files {
			list = append(list, toCheck{file, true})
		}
		return list, err
	}
	for _, path := range paths {
		files, isFolder, err := projectsIn(path)
		if err != nil {
			return nil, err
		}
		if isFolder && files == nil {
			files = []string{path} // it may be that of an archive
		}
		for _, file := range files {
			list = append(list, toCheck{file, strings.EqualFold(filepath.Ext(file), ".toml")})
		}
	}
	return list, nil
}

// checkAll checks projects and other files, several at a time. A file that can't be
// read is told, and keeps no other from its turn: the second result is how bad it is.
func checkAll(cmd *cobra.Command, f *projectFlags, list []toCheck, o options) (schema.Findings, error) {
	opts := o.check()
	if slices.ContainsFunc(list, func(c toCheck) bool { return !c.isProject }) {
		project, err := f.forFiles(cmd, o)
		if err != nil {
			return nil, err
		}
		if project != nil {
			opts = append(opts, wxt.WithProject(project))
		}
	}
	found, errs := make([]schema.Findings, len(list)), make([]error, len(list))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(list)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(list); i = int(next.Add(1)) - 1 {
				if c := list[i]; c.isProject {
					found[i], errs[i] = checkProject(c.path, o)
				} else {
					found[i], errs[i] = wxt.CheckFile(c.path, opts...)
				}
			}
		})
	}
	workers.Wait()
	var all schema.Findings
	seen := make(map[string]bool)
	var worst error
	for i, findings := range found {
		if errs[i] != nil && len(list) == 1 {
			return nil, errs[i]
		}
		worst = worse(worst, complained(cmd, errs[i]))
		for _, finding := range findings {
			// What projects share is printed once.
			if key := finding.String() + "\x00" + finding.Remedy; !seen[key] {
				seen[key] = true
				all = append(all, finding)
			}
		}
	}
	return all.Sorted(), worst
}

// forFiles returns the project whose [checks] and [[declare]] hold for files that are
// checked by themselves. What is wrong with one that nobody named takes one line.
func (f *projectFlags) forFiles(cmd *cobra.Command, o options) (*wxt.Project, error) {
	if len(f.names) > 1 {
		return nil, errors.New("--file: files are checked by the rules of one project: expected it once")
	}
	file, err := f.file(cmd)
	if err != nil {
		return nil, err
	}
	project, err := load(file, o)
	if err != nil && len(f.names) == 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "dtafgen: %s has errors, and its [checks] and [[declare]] are not used\n", file)
		return nil, nil
	}
	return project, err
}

// checkProject checks a project file, or the embedded default if it is "".
func checkProject(file string, o options) (schema.Findings, error) {
	if file != "" {
		return wxt.CheckProjectFile(file, o.checkFile(file)...)
	}
	p, err := load(file, o)
	if fs := (schema.Findings)(nil); errors.As(err, &fs) {
		return fs, nil
	}
	return wxt.Check(p, o.check()...), nil
}

// withExtended returns the project files of a list, and ahead of them the files that they
// extend and that have something to fix.
func withExtended(list []toCheck, o options) []toCheck {
	var extended []toCheck
	has := func(path string) bool {
		return slices.ContainsFunc(slices.Concat(extended, list), func(c toCheck) bool { return c.path != "" && sameFile(c.path, path) })
	}
	for _, c := range list {
		if !c.isProject || c.path == "" {
			continue
		}
		findings, _ := checkProject(c.path, o) // what is wrong shows when it is fixed, and checked
		for _, f := range findings {
			if f.Fix.Safe && f.Fix.File != c.path && !has(f.Fix.File) {
				extended = append(extended, toCheck{f.Fix.File, true})
			}
		}
	}
	return append(extended, list...)
}

// fixProjects makes the safe fixes in project files, and tells what it did.
func fixProjects(stderr io.Writer, list []toCheck, o options) error {
	limits := dtaf.Limits{}.WithDefaults()
	list = withExtended(list, o)
	o.shelf = nil // which has the files as they were
	for _, c := range list {
		path := c.path
		if !c.isProject || path == "" {
			continue
		}
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() || info.Size() > limits.Project {
			continue // which the check tells
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fixed, done, _ := wxt.Fix(path, data, o.checkFile(path)...)
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
	p := newPrinter(cmd, w, colored, findings)
	p.findings(cmd, findings)
	if s := tally(findings); s != "" {
		p.printf("%s\n", s)
	} else if isTerminalWriter(w) {
		p.printf("no findings\n")
	}
	return p.err
}

// hasFile reports whether a finding is about a file, and not about the embedded
// default or a setting of the command line.
func hasFile(f schema.Finding) bool {
	return f.File != "" && f.File != wxt.EmbeddedName && !strings.HasPrefix(f.File, "--set ")
}

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
