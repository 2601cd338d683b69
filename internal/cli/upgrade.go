package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
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
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// upgradeFlags are the flags of upgrade.
type upgradeFlags struct {
	old, new, mine string
	file, dir      string
	platform       string
	write          bool
	ours, theirs   []string
	oursAll, force bool
	format         string
}

func newUpgrade() *cobra.Command {
	var f upgradeFlags
	cmd := &cobra.Command{
		Use:   "upgrade --old VENDOR --new VENDOR",
		Short: "Carry a partner's changes to the vendor's next release",
		Long: `Upgrade compares three archives: the vendor's old one, the vendor's new one, and
what the partner made of the old one. That is a project whose platform has the
old archive as its base, or an archive that was edited by hand (--mine). The
result is the new archive with the partner's changes in place, and a report of
what the vendor changed, what was carried, what the new archive has already, and
what is in conflict: the vendor changed the same otherwise, or took it away.

A conflict is decided with --ours PLACE (the partner's) or --theirs PLACE (the
vendor's); PLACE is what the report calls it, a file, or a path above. --ours-all
decides all that is left for the partner. The archive is written, below the
folder of -o, if no conflict is left; with --force it is written all the same,
and what is open is as the vendor has it. Nothing that exists is lost: the
inputs are never written to.

Of a project, each [[platform.edit]] is followed to where its element is in the
new template. With --write the project file gets the new base, the new paths, and
comments in place of what is not needed any more; all else in it stays.

With --format json the report is one document: "platform" (of a project),
"written" (the files), the lists "vendor" (file, kind, tag, path, oldPath, old,
new), "changes" (file, kind, path, outcome, old, mine, new, choice, reason,
within), "notes" and "unused" (choices that no conflict asked for), and the
numbers "carried", "present", "conflicts" and "open".

The exit status is 1 if conflicts are open, and 2 if an input can't be used.`,
		Example: `  dtafgen upgrade --old vendor/3.9.18.zip --new vendor/4.1.0.zip --mine acme.zip
  dtafgen upgrade --old vendor/3.9.18.zip --new vendor/4.1.0.zip -f acme.toml --write
  dtafgen upgrade --old a.zip --new b.zip --ours config/services --theirs ring.wav`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.old, "old", "", "the vendor's archive that the changes were made to")
	flags.StringVar(&f.new, "new", "", "the vendor's archive to carry them to")
	flags.StringVar(&f.mine, "mine", "", "the partner's archive, instead of a project")
	projectFlag(cmd, &f.file)
	flags.StringVarP(&f.dir, "output", "o", "dist", "folder to write to")
	flags.StringVar(&f.platform, "platform", "", "the project's platform: desktop, mobile or tablet (default the one whose base is the old archive)")
	flags.BoolVar(&f.write, "write", false, "bring the project file up to date too")
	flags.StringArrayVar(&f.ours, "ours", nil, "decide the conflict at this place for the partner")
	flags.StringArrayVar(&f.theirs, "theirs", nil, "decide the conflict at this place for the vendor")
	for _, flag := range []string{"ours", "theirs"} {
		cobra.CheckErr(cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions))
	}
	flags.BoolVar(&f.oursAll, "ours-all", false, "decide all conflicts that are left for the partner")
	flags.BoolVar(&f.force, "force", false, "write with conflicts open, as the vendor has it there")
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
	Platform string   `json:"platform,omitempty"`
	Written  []string `json:"written"`
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

func (f *upgradeFlags) run(cmd *cobra.Command) error {
	if f.mine != "" {
		archives, err := openArchives(cmd, 0, nil, f.old, f.new, f.mine)
		if err != nil {
			return err
		}
		return f.upgrade(cmd, archives, nil, 0)
	}
	p, err := f.load()
	if err != nil {
		return err
	}
	platform, err := f.platformOf(p)
	if err != nil {
		return err
	}
	archives, err := openArchives(cmd, p.BroadWorks, deviceTypes(p, platform), f.old, f.new)
	if err != nil {
		return err
	}
	return f.upgrade(cmd, archives, p, platform)
}

// upgrade carries the changes of a project, or else those of the third archive, from
// the first archive to the second.
func (f *upgradeFlags) upgrade(cmd *cobra.Command, archives []*dtaf.Archive, p *wxt.Project, platform tags.Platform) error {
	old, new := archives[0], archives[1]
	options := merge.Options{Ours: f.ours, Theirs: f.theirs}
	if f.oursAll {
		options.Default = merge.Ours
	}
	report := upgradeReport{Written: []string{}}
	var files []outputFile
	var broken error
	var findings schema.Findings
	if p == nil {
		mine := archives[2]
		merged, told, err := merge.Merge(merge.Input{Old: old, New: new, Mine: mine}, options)
		if err != nil {
			return err
		}
		report.Report = told
		data, err := merged.Bytes(archiveTime(new))
		if err != nil {
			return err
		}
		name := archiveFile(new)
		files = append(files, outputFile{filepath.Join(f.dir, name), data})
		if outer := filepath.Base(f.new); outer != name && strings.EqualFold(filepath.Ext(outer), ".zip") {
			// The new archive came in a container, and so does the result.
			c, err := dtaf.New(dtaf.File{Name: name, Data: data})
			if err != nil {
				return err
			}
			if data, err = c.Bytes(archiveTime(new)); err != nil {
				return err
			}
			files = append(files, outputFile{filepath.Join(f.dir, outer), data})
		}
	} else {
		result, changed, err := f.project(p, platform, old, new, options)
		if err != nil {
			return err
		}
		report.Platform, report.Report = result.Platform.String(), result.Report
		findings = result.Findings
		if result.Built != nil {
			built := result.Built
			files = append(files, outputFile{filepath.Join(f.dir, built.Name), built.Data}, outputFile{filepath.Join(f.dir, built.Container.Name), built.Container.Data})
		} else {
			broken = errors.New("the project can't be built on the new archive")
		}
		if f.write {
			for _, c := range changed {
				files = append(files, outputFile{c.Name, c.Data})
			}
		}
	}
	if len(report.Unused) > 0 {
		return fmt.Errorf("no conflict is at %s: expected a place that the report names", strings.Join(report.Unused, ", "))
	}
	report.Carried, report.Present = report.count(merge.Carried), report.count(merge.Present)
	report.Conflicts, report.Open = report.count(merge.Conflict), report.open()
	if broken != nil || report.Open == 0 || f.force {
		printFindings(cmd, findings, "")
	}
	if broken == nil && (report.Open == 0 || f.force) {
		written, err := f.writeAll(files)
		if err != nil {
			return err
		}
		report.Written = written
	}
	var err error
	if f.format == "json" {
		err = writeJSON(cmd.OutOrStdout(), report)
	} else {
		printUpgrade(cmd.OutOrStdout(), report)
	}
	switch {
	case err != nil:
		return err
	case report.Open > 0 && f.force:
		fmt.Fprintf(cmd.ErrOrStderr(), "dtafgen: %d conflicts are open: written with what the vendor has there\n", report.Open)
		return errFound
	case report.Open > 0:
		fmt.Fprintf(cmd.ErrOrStderr(), "dtafgen: %d conflicts are open: nothing is written\n", report.Open)
		return errFound
	}
	return broken
}

// outputFile is a file to write.
type outputFile struct {
	path string
	data []byte
}

// writeAll writes the files, none of which may be an input but for the project
// file.
func (f *upgradeFlags) writeAll(files []outputFile) ([]string, error) {
	names := []string{}
	for _, file := range files {
		for _, input := range []string{f.old, f.new, f.mine} {
			if sameFile(file.path, input) {
				return nil, fmt.Errorf("%s would be written over: choose another folder with -o", input)
			}
		}
	}
	for _, file := range files {
		if err := os.MkdirAll(filepath.Dir(file.path), 0o777); err != nil {
			return nil, err
		}
		if err := atomicfile.Write(file.path, file.data, 0o666); err != nil {
			return nil, err
		}
		names = append(names, file.path)
	}
	return names, nil
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

// projectFile returns the path of the project file.
func (f *upgradeFlags) projectFile() string { return cmp.Or(f.file, wxt.FileName) }

func (f *upgradeFlags) load() (*wxt.Project, error) {
	p, err := wxt.Load(f.projectFile())
	if errors.Is(err, fs.ErrNotExist) && f.file == "" {
		return nil, fmt.Errorf("there is no %s: name a project with -f, or an archive with --mine", f.projectFile())
	}
	return p, err
}

// project upgrades a project.
func (f *upgradeFlags) project(p *wxt.Project, platform tags.Platform, old, new *dtaf.Archive, o merge.Options) (*wxt.UpgradeResult, []wxt.File, error) {
	base, err := f.baseName(p, f.projectFile(), platform)
	if err != nil {
		return nil, nil, err
	}
	results, changed, err := wxt.Upgrade(o, wxt.UpgradeStep{Project: p, Platform: platform, Old: old, New: new, Base: base})
	if err != nil {
		var findings schema.Findings
		if errors.As(err, &findings) {
			return nil, nil, findings
		}
		return nil, nil, err
	}
	return results[0], changed, nil
}

// deviceTypes returns the device types that the archive of a platform may have.
func deviceTypes(p *wxt.Project, platform tags.Platform) []string {
	return []string{p.Platform(platform).DeviceType, dtaf.Spec(platform).Name}
}

// platformOf returns the platform whose base is the old archive.
func (f *upgradeFlags) platformOf(p *wxt.Project) (tags.Platform, error) {
	path := f.projectFile()
	old, err := dtaf.OpenAll(f.old)
	if err != nil {
		return 0, err
	}
	isOld := func(platform tags.Platform) (same, exists bool) {
		base := p.Platform(platform).Base
		if !filepath.IsAbs(base) {
			base = filepath.Join(filepath.Dir(path), base)
		}
		all, err := dtaf.OpenAll(base)
		if err != nil {
			return false, false
		}
		a, err := dtaf.Select(all, p.BroadWorks, deviceTypes(p, platform)...)
		if err != nil {
			return false, false
		}
		b, err := dtaf.Select(old, p.BroadWorks, deviceTypes(p, platform)...)
		return err == nil && slices.EqualFunc(slices.Collect(a.Files()), slices.Collect(b.Files()), func(x, y dtaf.File) bool {
			return x.Name == y.Name && string(x.Data) == string(y.Data)
		}), true
	}
	if f.platform != "" {
		platform, err := tags.ParsePlatform(f.platform)
		if err != nil {
			return 0, fmt.Errorf("--platform: %w", err)
		}
		if p.Platform(platform).Base == "" {
			return 0, fmt.Errorf("%s: %s has no base: to carry an archive, name it with --mine", path, platform)
		}
		if same, exists := isOld(platform); exists && !same {
			return 0, fmt.Errorf("%s: the base of %s, %s, is another archive than %s", path, platform, p.Platform(platform).Base, f.old)
		}
		return platform, nil
	}
	var bases []string
	for _, platform := range tags.Platforms() {
		if base := p.Platform(platform).Base; base != "" {
			if same, _ := isOld(platform); same {
				return platform, nil
			}
			bases = append(bases, platform.String()+" "+base)
		}
	}
	if bases == nil {
		return 0, fmt.Errorf("%s: no platform has a base: to carry an archive, name it with --mine", path)
	}
	return 0, fmt.Errorf("%s: no platform has %s as its base: it has %s", path, f.old, strings.Join(bases, ", "))
}

// baseName returns the name of the new archive for the project file: from its
// folder, unless the base had an absolute name.
func (f *upgradeFlags) baseName(p *wxt.Project, path string, platform tags.Platform) (string, error) {
	target, err := filepath.Abs(f.new)
	if err != nil {
		return "", err
	}
	if filepath.IsAbs(p.Platform(platform).Base) {
		return target, nil
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(dir, target)
	if err != nil {
		return target, nil
	}
	return filepath.ToSlash(rel), nil
}

// printUpgrade prints a report for people.
func printUpgrade(w io.Writer, r upgradeReport) {
	section := func(title string, n int) { fmt.Fprintf(w, "%s (%d)\n", title, n) }
	section("The vendor changed", len(r.Vendor))
	for _, v := range r.Vendor {
		what := string(v.Kind)
		if v.Tag != "" {
			what += " " + v.Tag
		}
		fmt.Fprintf(w, "  %s: %s: %s", filepath.Base(v.File), what, v.Path)
		if v.OldPath != "" {
			fmt.Fprintf(w, ", from %s", v.OldPath)
		}
		switch {
		case v.Old != nil && v.New != nil:
			fmt.Fprintf(w, ": %s, was %s", brief(v.New), brief(v.Old))
		case v.New != nil:
			fmt.Fprintf(w, ": %s", brief(v.New))
		case v.Old != nil:
			fmt.Fprintf(w, ": was %s", brief(v.Old))
		}
		fmt.Fprintln(w)
	}
	for _, s := range []struct {
		title   string
		outcome merge.Outcome
	}{{"Carried", merge.Carried}, {"There already", merge.Present}, {"In conflict", merge.Conflict}} {
		n := r.count(s.outcome)
		if n == 0 {
			continue
		}
		section(s.title, n)
		for _, c := range r.Changes {
			if c.Outcome == s.outcome {
				printChange(w, c)
			}
		}
	}
	if len(r.Notes) > 0 {
		section("Notes", len(r.Notes))
		for _, n := range r.Notes {
			fmt.Fprintf(w, "  %s\n", n)
		}
	}
	for _, name := range r.Written {
		fmt.Fprintf(w, "Written: %s\n", name)
	}
}

func printChange(w io.Writer, c merge.Change) {
	place := filepath.Base(c.File)
	if c.Path != "" {
		place += ":" + c.Path
	}
	fmt.Fprintf(w, "  %s (%s)", place, c.Kind)
	if c.Outcome != merge.Conflict {
		switch {
		case c.Mine != nil && c.Old != nil:
			fmt.Fprintf(w, ": %s, was %s", brief(c.Mine), brief(c.Old))
		case c.Mine != nil:
			fmt.Fprintf(w, ": %s", brief(c.Mine))
		case c.Old != nil:
			fmt.Fprintf(w, ": removed %s", brief(c.Old))
		}
		if c.Reason != "" {
			fmt.Fprintf(w, "; %s", c.Reason)
		}
		fmt.Fprintln(w)
		return
	}
	fmt.Fprintf(w, ": %s\n", c.Reason)
	fmt.Fprintf(w, "    old:    %s\n    ours:   %s\n    theirs: %s\n", brief(c.Old), brief(c.Mine), brief(c.New))
	for _, what := range c.Within {
		fmt.Fprintf(w, "    you %s\n", what)
	}
	if c.Choice != "" {
		fmt.Fprintf(w, "    decided for %s\n", c.Choice)
	} else {
		fmt.Fprintf(w, "    decide with --ours '%s' or --theirs '%s'\n", place, place)
	}
}

// brief returns a value on one line.
func brief(s *string) string {
	if s == nil {
		return "(none)"
	}
	text := strings.Join(strings.Fields(*s), " ")
	if r := []rune(text); len(r) > 120 {
		text = string(r[:120]) + "..."
	}
	return fmt.Sprintf("%q", text)
}
