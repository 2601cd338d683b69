package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/atomicfile"
)

// schemaName is the name of the JSON Schema beside a project file.
const schemaName = "dtafgen.schema.json"

func newInit() *cobra.Command {
	var from []string
	var ci string
	var full bool
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Start a project: a project file to fill in, and what goes with it",
		Long: `Init writes the files of a new project to a folder, by default the current one:

    dtafgen.toml         what most projects set, commented out at its default, with an
                         explanation; with --full every key, every tag and every
                         element of the device types
    dtafgen.schema.json  the JSON Schema of the project file, for editors
    .gitignore           leaves out what is built

With --from the project starts from a vendor's archive, with its device type, its tag
set and the tags of its templates. Tags without a known default are grouped by the
elements they stand in, with what the template's comments say about them. A container
has an archive for each platform; otherwise repeat --from for each.

With --ci github it also writes a workflow for GitHub Actions that checks and builds the
project (.github/workflows/dtafgen.yml).

Init never overwrites a file: if one is already there, it writes nothing. Only a
.gitignore may be there, and stays as it is. The names of the files go to standard
output.`,
		Example: `  dtafgen init
  dtafgen init acme --ci github
  dtafgen init --from vendor/ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip`,
		Args: optional("a folder"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			files, err := starterFiles(cmd.Root(), dir, from, ci, full)
			if err != nil {
				return err
			}
			files, err = refuseOverwriting(cmd, files)
			if err != nil {
				return err
			}
			if err := atomicfile.WriteAll("", files, 0o666); err != nil {
				return err
			}
			for _, f := range files {
				fmt.Fprintln(cmd.OutOrStdout(), f.Name)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "Edit %s, then run \"dtafgen check\" and \"dtafgen build\" beside it.\n", filepath.Join(dir, wxt.FileName))
			return nil
		},
	}
	cmd.Flags().StringArrayVar(&from, "from", nil, "vendor's archive to start from, once for each platform")
	cobra.CheckErr(cmd.MarkFlagFilename("from", "zip"))
	cmd.Flags().BoolVar(&full, "full", false, "write everything that can be set, not just what most projects set")
	cmd.Flags().StringVar(&ci, "ci", "", "write a workflow that checks and builds the project, for: github")
	complete(cmd, "ci", "github")
	return cmd
}

// ignoreName is the name of the file that tells git what to ignore.
const ignoreName = ".gitignore"

// starterFiles returns the files of a new project, the project file first.
func starterFiles(root *cobra.Command, dir string, from []string, ci string, full bool) ([]atomicfile.Content, error) {
	text, err := wxt.Starter(dir, "./"+schemaName, full, from...)
	if err != nil {
		return nil, err
	}
	files := []atomicfile.Content{
		{Name: filepath.Join(dir, wxt.FileName), Data: text},
		{Name: filepath.Join(dir, schemaName), Data: wxt.JSONSchema()},
		{Name: filepath.Join(dir, ignoreName), Data: []byte("# What dtafgen builds.\n/dist/\n*" + atomicfile.Suffix + "\n")},
	}
	switch ci {
	case "":
	case "github":
		files = append(files, atomicfile.Content{Name: filepath.Join(dir, ".github", "workflows", "dtafgen.yml"), Data: []byte(githubWorkflow(root))})
	default:
		return nil, fmt.Errorf("--ci: unknown service %q: expected github", ci)
	}
	return files, nil
}

// refuseOverwriting returns the files that are to be written, or an error if one
// of them is there already.
func refuseOverwriting(cmd *cobra.Command, files []atomicfile.Content) ([]atomicfile.Content, error) {
	var list []atomicfile.Content
	for _, f := range files {
		_, err := os.Lstat(f.Name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			list = append(list, f)
		case err != nil:
			return nil, err
		case filepath.Base(f.Name) == ignoreName:
			fmt.Fprintf(cmd.ErrOrStderr(), "%s is there already, and stays as it is.\n", f.Name)
		default:
			return nil, fmt.Errorf("%s is there already, and init overwrites nothing: move it away, or name another folder", f.Name)
		}
	}
	return list, nil
}

// githubWorkflow returns a workflow for GitHub Actions. Where check can tell its
// findings to GitHub it does so.
func githubWorkflow(root *cobra.Command) string {
	check := "dtafgen check"
	if c, _, err := root.Find([]string{"check"}); err == nil && slices.Contains(flagValues(c, "format"), "github") {
		check += " --format github"
	}
	info, _ := debug.ReadBuildInfo()
	return strings.NewReplacer("{check}", check, "{version}", releaseVersion(info)).Replace(`# Checks the project at every change, and keeps what is built from it.
name: dtafgen
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-go@v5
        with:
          go-version: stable
          cache: false
      - run: go install github.com/dtafgen/wxt/cmd/dtafgen@{version}
      - run: {check}
      - run: dtafgen build
      - uses: actions/upload-artifact@v4
        with:
          name: dtaf
          path: dist/
          if-no-files-found: error
`)
}

// releaseVersion returns the version of a program as "go install" takes it: a release,
// or the commit that it was built from, or latest if neither is known.
func releaseVersion(info *debug.BuildInfo) string {
	if info == nil {
		return "latest"
	}
	if v := info.Main.Version; strings.HasPrefix(v, "v") && !strings.Contains(v, "+") {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && s.Value != "" {
			return s.Value
		}
	}
	return "latest"
}

// flagValues returns the values that a flag completes to.
func flagValues(cmd *cobra.Command, flag string) []string {
	values, ok := cmd.GetFlagCompletionFunc(flag)
	if !ok {
		return nil
	}
	list, _ := values(cmd, nil, "")
	return list
}
