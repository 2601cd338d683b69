package cli

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
)

func newBuild() *cobra.Command {
	var file, dir string
	var flags optionFlags
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Build the archives and the tag sets of a project",
		Long: `Build checks the project, and then writes the archive of each platform under the
name that the vendor's has, such as Business_Communicator_-_PC(R24.0).DTAF.zip: it is
what an Application Server imports. Beside it stands a container that holds it, named
as the vendor's download (ucone-desktop-..._DTAF.zip), and with them the requests that
make the tag set (tagsets/<tag set>.oci), and SHA256SUMS. If the check finds an error,
nothing is written.

The names of the files that were written go to standard output, warnings to
standard error. In mode inline there are no tag sets: the values of the custom
tags stand in the template itself.`,
		Example: `  dtafgen build
  dtafgen build -f acme.toml -o out --platform desktop,mobile
  dtafgen build --mode inline --broadworks R24`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			project, options, err := flags.load(file)
			if err != nil {
				return err
			}
			tellProject(cmd, project)
			bundle, err := wxt.Build(project, options.check()...)
			if err != nil {
				return err
			}
			if len(bundle.Archives) == 0 {
				return fmt.Errorf("there is nothing to build: no platform is enabled")
			}
			printFindings(cmd, bundle.Findings, "")
			for _, a := range bundle.Archives {
				tell(cmd, "%s: device type %q, %d files, %d bytes", a.Platform, a.DeviceType, len(slices.Collect(a.Archive.Files())), len(a.Data))
			}
			for _, s := range bundle.TagSets {
				tell(cmd, "tag set %q: %d tags", s.Set.Name, len(s.Set.Tags))
			}
			if err := bundle.WriteDir(dir); err != nil {
				return err
			}
			for f := range bundle.Files() {
				fmt.Fprintln(cmd.OutOrStdout(), filepath.Join(dir, filepath.FromSlash(f.Name)))
			}
			return nil
		},
	}
	projectFlag(cmd, &file)
	flags.add(cmd)
	allFlag(cmd)
	cmd.Flags().StringVarP(&dir, "output", "o", "dist", "folder to write to")
	cobra.CheckErr(cmd.MarkFlagDirname("output"))
	return cmd
}
