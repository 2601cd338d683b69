package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/merge"
	"github.com/dtafgen/wxt/internal/archivename"
	"github.com/dtafgen/wxt/internal/atomicfile"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/schema"
)

// upgradeFlags are the flags of upgrade.
type upgradeFlags struct {
	old, new, mine string
	projects       projectFlags
	chosen         chosen
	dir            string
	platform       string
	write          bool
	ours, theirs   []string
	oursAll, force bool
	secrets        bool
	format         string
}

func newUpgrade() *cobra.Command {
	var f upgradeFlags
	cmd := &cobra.Command{
		Use:   "upgrade --old VENDOR --new VENDOR",
		Short: "Carry a partner's changes to the vendor's next release",
		Long: `Upgrade compares three archives: the vendor's old one, the vendor's new one, and what the
partner made from the old one. The last is a project that has the old archive as the base
of a platform, or an archive that was edited by hand (--mine). The result is the new
archive with the partner's changes, and a report: what the vendor changed, what was
carried over, what the new archive already has, and which changes conflict because the
vendor changed the same thing otherwise, or removed it.

Decide a conflict with --ours PLACE (the partner's) or --theirs PLACE (the vendor's); PLACE
is its name in the report, a file, or a path above it. --ours-all decides all remaining
conflicts for the partner. The archive is written below the folder of -o if no conflict is
left. With --force it is written anyway, with the vendor's side of each open conflict, and
even if "check" would refuse it: without a manifest, or with a template that isn't XML. The
inputs are never written to.

In a project, each [[platform.edit]] follows its element to the new template. With --write
the project file gets the new base and the new paths, and comments in place of what is no
longer needed; the rest of it stays as it is.

Several projects, or a folder of them (-f), and all platforms whose bases are in the old
container go in one run, with one report; each project is written to its own folder. A file
that several extend is rewritten once. While any conflict is open, nothing is written. If a
project can't be upgraded, the others still are.

Passwords and other secrets are masked in what is printed, unless you say --secrets.

With --format json the report is one document: "platform" (of a project), "written" (the
files), the lists "vendor" (file, kind, tag, path, oldPath, old, new), "changes" (file,
kind, path, outcome, old, mine, new, choice, reason, within), "notes" and "unused" (choices
without a conflict), and the numbers "carried", "present", "conflicts" and "open". Several
reports are the list "projects", each with its "file", and "written" beside it.

The exit status is 1 if conflicts are open, and 2 if an input can't be used.`,
		Example: `  dtafgen upgrade --old vendor/3.9.18.zip --new vendor/4.1.0.zip --mine acme.zip
  dtafgen upgrade --old vendor/3.9.18.zip --new vendor/4.1.0.zip -f acme.toml --write
  dtafgen upgrade --old vendor/3.9.18.zip --new vendor/4.1.0.zip --ours-all -f acme.toml`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.old, "old", "", "the vendor's archive that the changes were made in")
	flags.StringVar(&f.new, "new", "", "the vendor's archive to carry them to")
	flags.StringVar(&f.mine, "mine", "", "the partner's archive, instead of a project")
	f.projects.several = true
	f.projects.addFile(cmd)
	flags.StringVarP(&f.dir, "output", "o", "dist", "folder to write to")
	flags.StringVar(&f.platform, "platform", "", "the project's platform: desktop, mobile or tablet (default those whose base is the old archive)")
	flags.BoolVar(&f.write, "write", false, "also update the project file")
	flags.StringArrayVar(&f.ours, "ours", nil, "decide the conflict at this place for the partner")
	flags.StringArrayVar(&f.theirs, "theirs", nil, "decide the conflict at this place for the vendor")
	for _, flag := range []string{"ours", "theirs"} {
		cobra.CheckErr(cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions))
	}
	flags.BoolVar(&f.oursAll, "ours-all", false, "decide all remaining conflicts for the partner")
	flags.BoolVar(&f.secrets, "secrets", false, "print secrets as they are")
	flags.BoolVar(&f.force, "force", false, "write even with open conflicts, with the vendor's side of each")
	complete(cmd, "platform", platformNames()...)
	for _, name := range []string{"old", "new", "mine"} {
		cobra.CheckErr(cmd.MarkFlagFilename(name, "zip"))
	}
	for _, name := range []string{"old", "new"} {
		cobra.CheckErr(cmd.MarkFlagRequired(name))
	}
	cobra.CheckErr(cmd.MarkFlagDirname("output"))
	cmd.MarkFlagsMutuallyExclusive("mine", "file")
	cmd.MarkFlagsMutuallyExclusive("mine", "write")
	cmd.MarkFlagsMutuallyExclusive("mine", "platform")
	formatFlag(cmd, &f.format, "text", "json")
	return cmd
}

// upgradeReport is the JSON of upgrade.
type upgradeReport struct {
	File     string    `json:"file,omitempty"` // of the project, if there are several reports
	Platform string    `json:"platform,omitempty"`
	Written  *[]string `json:"written,omitempty"` // if there is one report
	*merge.Report
	Carried   int `json:"carried"`
	Present   int `json:"present"`
	Conflicts int `json:"conflicts"`
	Open      int `json:"open"`
}

// open returns how many conflicts are not decided.
func (r *upgradeReport) open() int {
	n := 0
	for _, c := range r.Changes {
		if c.Outcome == merge.Conflict && c.Choice == "" {
			n++
		}
	}
	return n
}

// count returns how many of the changes had an outcome.
func (r *upgradeReport) count(o merge.Outcome) int {
	n := 0
	for _, c := range r.Changes {
		if c.Outcome == o {
			n++
		}
	}
	return n
}

// choices returns how conflicts are decided.
func (f *upgradeFlags) choices() merge.Options {
	o := merge.Options{Ours: f.ours, Theirs: f.theirs}
	if f.oursAll {
		o.Default = merge.Ours
	}
	return o
}

func (f *upgradeFlags) run(cmd *cobra.Command) error {
	if f.mine == "" {
		return f.upgradeProjects(cmd)
	}
	archives, err := openArchives(cmd, 0, nil, f.old, f.new, f.mine)
	if err != nil {
		return err
	}
	return f.upgradeArchive(cmd, archives[0], archives[1], archives[2])
}

// upgradeArchive carries the changes of an archive that was edited by hand.
func (f *upgradeFlags) upgradeArchive(cmd *cobra.Command, old, new, mine *dtaf.Archive) error {
	merged, told, err := merge.Merge(merge.Input{Old: old, New: new, Mine: mine}, f.choices())
	if err != nil {
		return err
	}
	newMasker(f.secrets, old, new, mine).report(told)
	data, err := merged.Bytes(archiveTime(new))
	if err != nil {
		return err
	}
	name := archiveFile(new)
	findings, err := unusable(name, data)
	if err != nil {
		return err
	}
	printFindings(cmd, findings, "")
	files := []atomicfile.Content{{Name: filepath.Join(f.dir, name), Data: data}}
	if outer := filepath.Base(f.new); outer != name && strings.EqualFold(filepath.Ext(outer), ".zip") {
		// The new archive came in a container, and so does the result.
		c, err := dtaf.New(dtaf.File{Name: name, Data: data})
		if err != nil {
			return err
		}
		if data, err = c.Bytes(archiveTime(new)); err != nil {
			return err
		}
		files = append(files, atomicfile.Content{Name: filepath.Join(f.dir, outer), Data: data})
	}
	var broken error
	if findings.Err() != nil && !f.force {
		broken = errors.New("the result can't be used: nothing is written")
	}
	if err := f.finish(cmd, []*upgradeReport{{Report: told}}, files, broken); err != nil {
		return err
	}
	if findings.Err() != nil {
		return errFound
	}
	return nil
}

// unusable returns what keeps everybody from using an archive: it can't be opened, has
// no manifest, or has a template that is no XML.
func unusable(name string, data []byte) (schema.Findings, error) {
	all, err := wxt.CheckBytes(name, data)
	return slices.DeleteFunc(all, func(f schema.Finding) bool {
		return f.Code != codes.Archive && f.Code != codes.NoManifest && f.Code != codes.NotWellFormed
	}), err
}

// finish writes the files if no conflict is open and the projects can be built, and
// prints the reports.
func (f *upgradeFlags) finish(cmd *cobra.Command, reports []*upgradeReport, files []atomicfile.Content, broken error) error {
	unused := reports[0].Unused
	open := 0
	for _, r := range reports {
		unused = slices.DeleteFunc(slices.Clone(unused), func(place string) bool { return !slices.Contains(r.Unused, place) })
		r.Carried, r.Present = r.count(merge.Carried), r.count(merge.Present)
		r.Conflicts, r.Open = r.count(merge.Conflict), r.open()
		open += r.Open
	}
	if len(unused) > 0 {
		return fmt.Errorf("no conflict is at %s: expected a place that the report names", strings.Join(unused, ", "))
	}
	written := []string{}
	if broken == nil && (open == 0 || f.force) {
		var err error
		if written, err = f.writeAll(files); err != nil {
			return err
		}
	}
	var err error
	switch {
	case f.format != "json":
		printUpgrades(cmd.OutOrStdout(), reports, written)
	case len(reports) == 1 && !f.chosen.several:
		reports[0].Written = &written
		err = writeJSON(cmd.OutOrStdout(), reports[0])
	default:
		err = writeJSON(cmd.OutOrStdout(), struct {
			Projects []*upgradeReport `json:"projects"`
			Written  []string         `json:"written"`
		}{reports, written})
	}
	switch {
	case err != nil:
		return err
	case open > 0 && f.force:
		fmt.Fprintf(cmd.ErrOrStderr(), "dtafgen: %d conflicts are open: written with what the vendor has there\n", open)
		return errFound
	case open > 0:
		fmt.Fprintf(cmd.ErrOrStderr(), "dtafgen: %d conflicts are open: nothing is written\n", open)
		return errFound
	}
	return broken
}

// writeAll writes the files, none of which may be an input but for the project
// file.
func (f *upgradeFlags) writeAll(files []atomicfile.Content) ([]string, error) {
	names := []string{}
	for _, file := range files {
		for _, input := range []string{f.old, f.new, f.mine} {
			if sameFile(file.Name, input) {
				return nil, fmt.Errorf("%s would be written over: choose another folder with -o", input)
			}
		}
		names = append(names, file.Name)
	}
	return names, atomicfile.WriteAll("", files, 0o666)
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// archiveFile returns the name of the file that an archive is written to: that of the
// one that it was read from.
func archiveFile(a *dtaf.Archive) string {
	name := filepath.Base(a.Name())
	if !strings.EqualFold(filepath.Ext(name), ".zip") {
		name += ".zip"
	}
	return name
}

// archiveTime returns the time of the files in an archive: that of its name's
// month, so that the same inputs give the same bytes.
func archiveTime(a *dtaf.Archive) time.Time {
	if name, ok := archivename.PackageOf(a.Name(), a.Root()); ok {
		return time.Date(name.Year, name.Month, 1, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
}
