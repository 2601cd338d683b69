package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/atomicfile"
	"github.com/dtafgen/wxt/internal/report"
)

func newReport() *cobra.Command {
	var projects projectFlags
	var against, output string
	var flags optionFlags
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Write the project as a page to read",
		Long: `Report writes the project as one HTML page for those who review a change before it goes
out: the settings and tags of each platform and how they differ from the defaults, the
findings of the check with their source lines, the template with its values filled in,
and what the servers need as a checklist. With --against it begins with what changed
since another project file, side by side, and what that does, as in "dtafgen plan".
Several projects, or a folder of them, get a page each.

The page is complete by itself, works without JavaScript, prints well, and follows the
reader's light or dark scheme. With JavaScript it can be filtered by tag. Secrets are
written as asterisks. The same project gives the same bytes.

Findings are part of the page, and the exit status is 0 all the same: it is "dtafgen
check" that fails. A project file that isn't TOML is an error, and nothing is written.`,
		Example: `  dtafgen report -o acme.html
  dtafgen report -f customers/ -o pages
  dtafgen report -f acme.toml --against acme-last-month.toml -o change.html`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if output == "" {
				return errors.New("--output is missing: expected the name of the page, such as -o report.html")
			}
			options, err := flags.of(&projects)
			if err != nil {
				return err
			}
			c, err := projects.choose(cmd)
			if err != nil {
				return err
			}
			pages := []string{output}
			if c.several {
				if against != "" {
					return errors.New("--against: expected one project to compare with it")
				}
				if pages, err = c.outputNames(); err != nil {
					return err
				}
				for i, name := range pages {
					pages[i] = filepath.Join(output, name+".html")
				}
			}
			return c.each(cmd, func(i int, file string) error {
				project, err := load(file, options)
				if err != nil {
					return err
				}
				tellProject(cmd, project)
				var old *wxt.Project
				if against != "" {
					if old, err = load(against, options.plain()); err != nil {
						return err
					}
				}
				if err := writeReport(pages[i], report.New(project, old, options.compile()...)); err != nil {
					return err
				}
				fmt.Fprintln(cmd.OutOrStdout(), pages[i])
				return nil
			})
		},
	}
	projects.addSeveral(cmd)
	flags.addTargets(cmd)
	cmd.Flags().StringVar(&against, "against", "", "project file to compare with")
	cobra.CheckErr(cmd.MarkFlagFilename("against", "toml"))
	cmd.Flags().StringVarP(&output, "output", "o", "", "the page to write; for several projects, the folder for their pages")
	cobra.CheckErr(cmd.MarkFlagFilename("output", "html"))
	return cmd
}

// writeReport writes the page of a report to a file.
func writeReport(path string, r *report.Report) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := atomicfile.Create(path, 0o666)
	if err != nil {
		return err
	}
	defer f.Abort()
	w := bufio.NewWriter(f)
	if err := report.Write(w, r); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Commit()
}
