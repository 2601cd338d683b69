package cli

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/sums"
)

func newBuild() *cobra.Command {
	var projects projectFlags
	var dir string
	var dryRun bool
	var flags optionFlags
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Build the archives and the tag sets of a project",
		Long: `Build checks the project and writes an archive for each platform, named as the
vendor's is, such as Business_Communicator_-_PC(R24.0).DTAF.zip. This is what an
Application Server imports. Beside it come a container with the archive in it, named
like the vendor's download (ucone-desktop-..._DTAF.zip), the requests that create the
tag set (tagsets/<tag set>.oci), and SHA256SUMS. If the check finds an error, nothing
is written. Files that an earlier build listed in SHA256SUMS and this one doesn't
write are removed; nothing else is.

Several projects, or a folder of them (-f), get a folder each, named after the file,
or after its folder if it is a dtafgen.toml. If one has errors, the others are still
built; the exit status is that of the worst.

The names of the files go to standard output, warnings to standard error. In mode
inline there are no tag sets: the values of the custom tags are in the template.`,
		Example: `  dtafgen build
  dtafgen build -f acme.toml -o out --platform desktop,mobile
  dtafgen build -f customers/ -o out --set access.host=xsp.lab.example.com
  dtafgen build --mode inline --broadworks R24`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			options, err := flags.of(&projects)
			if err != nil {
				return err
			}
			c, err := projects.choose(cmd)
			if err != nil {
				return err
			}
			if c.files[0] == "" {
				fmt.Fprintf(always(cmd), "dtafgen: there is no %s here or above: the embedded default is built\n", wxt.FileName)
			}
			folders := []string{""}
			if c.several {
				if folders, err = c.outputNames(); err != nil {
					return err
				}
			}
			return c.each(cmd, func(i int, file string) error {
				return buildProject(cmd, file, filepath.Join(dir, folders[i]), options, dryRun)
			})
		},
	}
	projects.addSeveral(cmd)
	flags.add(cmd)
	allFlag(cmd)
	cmd.Flags().StringVarP(&dir, "output", "o", "dist", "folder to write to; several projects get a folder each in it")
	cobra.CheckErr(cmd.MarkFlagDirname("output"))
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "write nothing, only show which files would be new, changed, the same or removed")
	return cmd
}

// buildProject builds a project, and writes it to a folder.
func buildProject(cmd *cobra.Command, file, dir string, o options, dryRun bool) error {
	project, err := load(file, o)
	if err != nil {
		return err
	}
	if err := refuseAbstract(project); err != nil {
		return err
	}
	tellProject(cmd, project)
	bundle, err := wxt.Build(project, o.check()...)
	if err != nil {
		return err
	}
	if len(bundle.Archives) == 0 {
		return fmt.Errorf("%s: there is nothing to build: no platform is enabled", cmp.Or(file, wxt.EmbeddedName))
	}
	printFindings(cmd, bundle.Findings, "")
	for _, a := range bundle.Archives {
		tell(cmd, "%s: device type %q, %d files, %d bytes", a.Platform, a.DeviceType, len(slices.Collect(a.Archive.Files())), len(a.Data))
	}
	for _, s := range bundle.TagSets {
		tell(cmd, "tag set %q: %d tags", s.Set.Name, len(s.Set.Tags))
	}
	path := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	var names []string
	for f := range bundle.Files() {
		names = append(names, f.Name)
	}
	stale, err := sums.Stale(dir, names)
	if err != nil {
		return err
	}
	if dryRun {
		for f := range bundle.Files() {
			what := "new"
			if same, exists := sums.Same(dir, f.Name, f.Data); same {
				what = "same"
			} else if exists {
				what = "changed"
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%-7s  %s\n", what, path(f.Name))
		}
		for _, name := range stale {
			fmt.Fprintf(cmd.OutOrStdout(), "removed  %s\n", path(name))
		}
		return nil
	}
	if err := bundle.WriteDir(dir); err != nil {
		return err
	}
	for _, name := range names {
		fmt.Fprintln(cmd.OutOrStdout(), path(name))
	}
	for _, name := range stale {
		fmt.Fprintf(cmd.ErrOrStderr(), "dtafgen: removed %s, which an earlier build wrote\n", path(name))
	}
	return nil
}
