// Package cli holds the commands of dtafgen, a file for each.
package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// The exit statuses.
const (
	statusDone  = 0 // all is well
	statusFound = 1 // done, and it found something
	statusUsage = 2 // wrong usage, or an input that can't be used: nothing is written
)

// helpWidth is how many columns the help of a command takes.
const helpWidth = 100

// errFound makes a command that is done end with statusFound.
var errFound = errors.New("found something")

// errUnreadable makes a command that has said why an input can't be used end with
// statusUsage.
var errUnreadable = errors.New("an input can't be used")

// memoryGoal is how many bytes the program is to stay below: from there on the
// garbage collector takes more time and leaves less. GOMEMLIMIT says otherwise.
const memoryGoal = 192 << 20

// Main runs dtafgen as a program, and returns its exit status.
func Main() int {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryGoal)
	}
	return Run(os.Args[1:], os.Stdout, os.Stderr)
}

// Run runs dtafgen with the given arguments, without the program's name, and
// returns its exit status.
func Run(args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	stderr = &safeWriter{w: stderr}
	if isTerminalWriter(stdout) {
		stdout = &safeWriter{w: stdout}
	}
	out := &checkedWriter{w: stdout}
	root.SetOut(out)
	root.SetErr(stderr)
	cmd, err := root.ExecuteC()
	if out.err != nil && (err == nil || errors.Is(err, errFound) || errors.Is(err, errUnreadable)) {
		err = fmt.Errorf("standard output: %w", out.err)
	}
	switch {
	case err == nil:
		return statusDone
	case errors.Is(err, errFound):
		return statusFound
	case errors.Is(err, errUnreadable):
		return statusUsage
	}
	var fs schema.Findings
	if errors.As(err, &fs) {
		printFindings(cmd, fs, ": nothing written")
	} else {
		fmt.Fprintf(stderr, "dtafgen: %s\n", strings.TrimSpace(usageError(cmd, err).Error()))
	}
	return statusUsage
}

// A checkedWriter remembers the first error of its writer, so that no result gets
// lost without a word.
type checkedWriter struct {
	w   io.Writer
	err error
}

func (c *checkedWriter) Write(b []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.w.Write(b)
	c.err = err
	return n, err
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use: "dtafgen",
		Example: `  dtafgen init acme
  dtafgen check -f acme/dtafgen.toml
  dtafgen build -f acme/dtafgen.toml -o acme/dist`,
		Short: "Compile the configuration of the Webex app for Cisco BroadWorks",
		Long: `Dtafgen compiles the configuration of the Webex app for Cisco BroadWorks.

From a project file, dtafgen.toml, it makes the Device Type Archive Files for
desktop, mobile and tablet that an Application Server imports, and the tag sets
that go with them. Without a project file it compiles the embedded default.

Exit status: 0 done; 1 done, and it found something; 2 wrong usage, or an input
that can't be used.`,
		SilenceUsage:       true,
		SilenceErrors:      true,
		DisableAutoGenTag:  true,
		DisableSuggestions: true,
		Version:            version(),
		CompletionOptions:  cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetFlagErrorFunc(flagError)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", fmt.Sprintf(".FlagUsagesWrapped %d", helpWidth)))
	root.SetVersionTemplate("dtafgen {{.Version}}\n")
	globalFlags(root)
	root.AddCommand(
		newInit(),
		newBuild(),
		newCheck(),
		newPreview(),
		newRender(),
		newRequirements(),
		newReport(),
		newInspect(),
		newDiff(),
		newPlan(),
		newUpgrade(),
		newEdits(),
		newTags(),
		newExplain(),
		newOCI(),
		newJSONSchema(),
		newCompletion(),
		newMan(),
		newVersion(),
	)
	return root
}

// globalFlags adds the flags that every command has. What a command tells on
// standard error apart from its result (findings that are no error, what it is
// doing) is less with --quiet and more with --verbose; errors are always told.
func globalFlags(root *cobra.Command) {
	var quiet, verbose bool
	root.PersistentFlags().BoolVarP(&quiet, "quiet", "q", false, "print only results and errors")
	root.PersistentFlags().BoolVarP(&verbose, "verbose", "v", false, "say on standard error what is being done")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if quiet && verbose {
			return errors.New("--quiet and --verbose can't go together")
		}
		if quiet {
			cmd.Root().SetErr(quietWriter{cmd.ErrOrStderr()})
		}
		return nil
	}
}

// A quietWriter takes the place of standard error with --quiet: what is written to
// it is gone, and printFindings writes errors past it.
type quietWriter struct{ errors io.Writer }

func (quietWriter) Write(p []byte) (int, error) { return len(p), nil }

// tell says on standard error what is being done, only with --verbose.
func tell(cmd *cobra.Command, format string, args ...any) {
	if verbose, _ := cmd.Flags().GetBool("verbose"); verbose {
		fmt.Fprintf(cmd.ErrOrStderr(), format+"\n", args...)
	}
}

// tellProject tells which project a command works on.
func tellProject(cmd *cobra.Command, p *wxt.Project) {
	if p.File() == "" {
		tell(cmd, "project: the embedded default, for there is no %s here or above", wxt.FileName)
		return
	}
	tell(cmd, "project: %s", p.File())
}

// load reads a project, or the embedded default if its file is "". If its text is
// wrong, the error has all that a check finds.
func load(file string, o options) (*wxt.Project, error) {
	if file == "" {
		return wxt.Parse("", nil, wxt.WithSettings(o.settings...))
	}
	project, err := wxt.Load(file, o.load(file)...)
	if fs := (schema.Findings)(nil); errors.As(err, &fs) {
		if all, err := checkProject(file, o); err == nil {
			return nil, all
		}
	}
	return project, err
}

// options are what the flags say is to be built.
type options struct {
	platforms tags.PlatformSet // none: all that the project enables
	mode      wxt.Mode
	release   oci.Release // zero: the project's
	settings  []string    // keys of the project
	shelf     *shelf
}

// reading returns the options that say how a project file is read.
func (o options) reading(file string) []readingOption {
	opts := []readingOption{wxt.WithSettings(o.settings...)}
	if o.shelf != nil {
		opts = append(opts, o.shelf.options(file)...)
	}
	return opts
}

func (o options) load(file string) []wxt.LoadOption {
	var opts []wxt.LoadOption
	for _, r := range o.reading(file) {
		opts = append(opts, r)
	}
	return opts
}

// checkFile returns the options to check a project file.
func (o options) checkFile(file string) []wxt.CheckOption {
	opts := o.check()
	for _, r := range o.reading(file) {
		opts = append(opts, r)
	}
	return opts
}

// plain returns the options for another project than the one that the flags are about.
func (o options) plain() options {
	o.settings = nil
	return o
}

func (o options) compile() []wxt.CompileOption {
	return []wxt.CompileOption{
		wxt.WithPlatforms(slices.Collect(o.platforms.All())...), wxt.WithMode(o.mode), wxt.WithRelease(o.release),
	}
}

func (o options) check() []wxt.CheckOption {
	var opts []wxt.CheckOption
	for _, c := range o.compile() {
		opts = append(opts, c)
	}
	return opts
}

// optionFlags are the flags that say what is to be built.
type optionFlags struct {
	platforms  []string
	mode       string
	broadworks string
}

func (f *optionFlags) add(cmd *cobra.Command) {
	f.addTargets(cmd)
	cmd.Flags().StringVar(&f.mode, "mode", "tags", "tags keeps every placeholder; inline writes the custom tags' values into the template")
	complete(cmd, "mode", "tags", "inline")
}

// addTargets adds the flags that say what it is for, and not how it is built.
func (f *optionFlags) addTargets(cmd *cobra.Command) {
	f.mode = "tags"
	cmd.Flags().StringSliceVar(&f.platforms, "platform", nil, "platforms, separated by commas: desktop, mobile, tablet (default all that the project enables)")
	cmd.Flags().StringVar(&f.broadworks, "broadworks", "", "release of the Application Server: R21SP1, R22, R23, R24, R25 or R26 (default the project's, else requests that every release imports)")
	complete(cmd, "platform", platformNames()...)
	complete(cmd, "broadworks", releaseNames()...)
}

func (f *optionFlags) options() (options, error) {
	var o options
	for _, name := range f.platforms {
		p, err := parsePlatform(strings.TrimSpace(name))
		if err != nil {
			return o, err
		}
		o.platforms |= tags.NewPlatformSet(p)
	}
	switch f.mode {
	case "tags":
	case "inline":
		o.mode = wxt.Inline
	default:
		return o, fmt.Errorf("--mode: unknown mode %q: expected tags or inline", f.mode)
	}
	if f.broadworks != "" {
		r, err := oci.ParseRelease(f.broadworks)
		if err != nil {
			return o, fmt.Errorf("--broadworks: %w", err)
		}
		o.release = r
	}
	return o, nil
}

// load returns the one project that the flags name, and the options that they ask for.
func (f *optionFlags) load(cmd *cobra.Command, project *projectFlags) (*wxt.Project, options, error) {
	o, err := f.of(project)
	if err != nil {
		return nil, o, err
	}
	file, err := project.file(cmd)
	if err != nil {
		return nil, o, err
	}
	p, err := load(file, o)
	return p, o, err
}

// of returns the options that the flags ask for, to read projects with.
func (f *optionFlags) of(project *projectFlags) (options, error) {
	o, err := f.options()
	o.settings, o.shelf = project.set, new(shelf)
	return o, err
}

// formatFlag adds --format with the formats that a command has, the first of
// which is the default.
func formatFlag(cmd *cobra.Command, format *string, formats ...string) {
	cmd.Flags().StringVar(format, "format", formats[0], "output format: "+strings.Join(formats, ", "))
	complete(cmd, "format", formats...)
	pre := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		for _, f := range formats {
			if *format == f {
				if pre != nil {
					return pre(cmd, args)
				}
				return nil
			}
		}
		return fmt.Errorf("--format: unknown format %q: expected one of %s", *format, strings.Join(formats, ", "))
	}
}

// complete has a shell complete a flag's value.
func complete(cmd *cobra.Command, flag string, values ...string) {
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)))
}

// parsePlatform returns the platform that --platform names.
func parsePlatform(name string) (tags.Platform, error) {
	p, err := tags.ParsePlatform(name)
	if err != nil {
		return 0, fmt.Errorf("--platform: %w", err)
	}
	return p, nil
}

// platformTypes returns the device types of the platform that --platform names; none
// if it is not given.
func platformTypes(name string) ([]string, error) {
	if name == "" {
		return nil, nil
	}
	p, err := parsePlatform(name)
	if err != nil {
		return nil, err
	}
	return []string{dtaf.Spec(p).Name}, nil
}

func platformNames() []string {
	var names []string
	for _, p := range tags.Platforms() {
		names = append(names, p.String())
	}
	return names
}

func releaseNames() []string {
	var names []string
	for _, r := range oci.Releases() {
		names = append(names, r.String())
	}
	return names
}
