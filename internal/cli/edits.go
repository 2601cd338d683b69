package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/tags"
)

func newEdits() *cobra.Command {
	var name string
	var secrets bool
	cmd := &cobra.Command{
		Use:   "edits OLD MINE",
		Short: "Print the edits that somebody made to an archive by hand",
		Long: `Edits compares the vendor's archive with one that somebody edited by hand, and prints
the [[platform.edit]] tables that turn the config-wxt.xml template of OLD into that of
MINE. Put them into a project whose base is OLD instead of editing by hand; "upgrade"
then carries them to the vendor's next release.

Other differences, in the manifest or in other files, go to standard error: the project
has its own keys for options of the device type, and a project can't change other files.
Edits that write a password or another secret are commented out and masked, unless you
ask for them with --secrets.`,
		Example: `  dtafgen edits vendor/ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip acme.zip >> dtafgen.toml
  dtafgen edits --platform mobile old.zip mine.zip`,
		Args: wants("an old archive", "a new archive"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var deviceTypes []string
			if platform, err := tags.ParsePlatform(name); err == nil {
				deviceTypes = []string{dtaf.Spec(platform).Name}
			}
			archives, err := openArchives(cmd, 0, deviceTypes, args...)
			if err != nil {
				return err
			}
			platform, err := archivePlatform(name, archives[0])
			if err != nil {
				return err
			}
			edits, rest, err := wxt.DeriveEdits(platform, archives[0], archives[1])
			if err != nil {
				return err
			}
			masker := newMasker(secrets, archives...)
			printEdits(cmd.OutOrStdout(), platform, edits, masker)
			for _, c := range rest {
				masker.change(&c)
				fmt.Fprintf(cmd.ErrOrStderr(), "dtafgen: no edit can say: ")
				printChange(cmd.ErrOrStderr(), c)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&name, "platform", "", "desktop, mobile or tablet (default that of the archive)")
	complete(cmd, "platform", platformNames()...)
	cmd.Flags().BoolVar(&secrets, "secrets", false, "print edits that write a secret as they are")
	return cmd
}

// printEdits prints edits. Those that write a secret are comments without it: a secret
// is better in a tag than in a project file.
func printEdits(w io.Writer, platform tags.Platform, edits []render.Edit, m *masker) {
	for i, e := range edits {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if !m.edit(e) {
			fmt.Fprint(w, wxt.FormatEdits(platform, []render.Edit{e}))
			continue
		}
		e.Value = secret.Masked
		fmt.Fprintln(w, "# This edit writes a secret: use a tag for it, or print it with --secrets.")
		for line := range strings.Lines(wxt.FormatEdits(platform, []render.Edit{e})) {
			fmt.Fprint(w, "# ", line)
		}
	}
}

// archivePlatform returns the platform with a name, or that of an archive.
func archivePlatform(name string, a *dtaf.Archive) (tags.Platform, error) {
	if name != "" {
		return parsePlatform(name)
	}
	if platform, ok := a.Platform(); ok {
		return platform, nil
	}
	return 0, fmt.Errorf("%s: nothing in it tells the platform: name it with --platform", a.Name())
}
