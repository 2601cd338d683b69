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
		Long: `Report writes the project as one HTML page for those who look at a change before
it goes out: the settings and tags of each platform with what differs from the
defaults, the findings of the check with their source lines, the template with
its values filled in, and what the servers need as a checklist. With --against
it begins with what changed since another project file, side by side.

The page needs nothing from elsewhere, reads without JavaScript, prints, and
follows the reader's light or dark scheme. With JavaScript it can be filtered by
tag. Secrets are written as asterisks. The same project gives the same bytes.

The findings are part of the page and no reason for another exit status than 0;
what "dtafgen check" is for is to fail. A project file that can't be read as one
is an error, and nothing is written.`,
		Example: `  dtafgen report -o acme.html
  dtafgen report -f acme.toml --against acme-last-month.toml -o change.html`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if output == "" {
				return errors.New("--output is missing: expected the name of the page, such as -o report.html")
			}
			project, options, err := flags.load(cmd, &projects)
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
			if err := writeReport(output, report.New(project, old, options.compile()...)); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), output)
			return nil
		},
	}
	projects.add(cmd)
	flags.addTargets(cmd)
	cmd.Flags().StringVar(&against, "against", "", "project file to compare with")
	cobra.CheckErr(cmd.MarkFlagFilename("against", "toml"))
	cmd.Flags().StringVarP(&output, "output", "o", "", "the page to write")
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
