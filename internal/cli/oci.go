package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/dtaf/provision"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

func newOCI() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "oci",
		Short: "Write the OCI-P messages that provision a project",
		Long: `Oci writes the requests that bring a project to an Application Server, as messages for a
gateway that sends them: BroadsoftDocuments with a sessionId, in UTF-8, with at most 15
commands each. Their names are numbered in the order to send. Beside them it writes
runbook.md: the same as steps for a person, what is needed before, and how to go back.

A system needs them in this order: tagset, import or files, overrides, rebuild. "oci all"
writes them all to one folder, numbered in that order; each of the others writes its own
to a folder of its own.

Every request is one that the release knows (--broadworks, else the project's, else one
that every release knows). Nothing is sent, and no message logs in: that is the
gateway's job, which replaces the session of the messages with its own.

If an earlier run left messages of the same kind in the folder, which would be sent
together with the new ones, nothing is written: --replace removes them.`,
		Example: `  dtafgen oci all -f acme.toml -o out --url http://files.example.com/dtaf
  dtafgen oci tagset -f acme.toml --from acme-last-month.toml
  dtafgen oci rebuild -f acme.toml`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return fmt.Errorf("oci needs a command: expected tagset, import, files, overrides, rebuild, all or compare (see %q)", cmd.CommandPath()+" --help")
		},
	}
	cmd.AddCommand(newOCITagSet(), newOCIImport(), newOCIFiles(), newOCIOverrides(), newOCIRebuild(), newOCIAll(), newOCICompare())
	return cmd
}

// targetFlags are the flags that say for what messages are made.
type targetFlags struct {
	project    projectFlags
	platforms  []string
	broadworks string
}

func (f *targetFlags) add(cmd *cobra.Command) {
	f.project.add(cmd)
	cmd.Flags().StringSliceVar(&f.platforms, "platform", nil, "platforms, separated by commas: desktop, mobile, tablet (default all that the project enables)")
	cmd.Flags().StringVar(&f.broadworks, "broadworks", "", "release of the Application Server: R21SP1, R22, R23, R24, R25 or R26 (default the project's, else requests that every release knows)")
	complete(cmd, "platform", platformNames()...)
	complete(cmd, "broadworks", releaseNames()...)
}

// load returns the project and the options that the flags name.
func (f *targetFlags) load(cmd *cobra.Command, mode string) (*wxt.Project, options, error) {
	return (&optionFlags{platforms: f.platforms, mode: mode, broadworks: f.broadworks}).load(cmd, &f.project)
}

// defaultSession is the sessionId of messages of a project without a name.
const defaultSession = "dtafgen"

// messageFlags are the flags that say how messages are made, and where they go.
type messageFlags struct {
	targetFlags
	session string
	batch   int
	dir     string
	replace bool
}

// add adds the flags. Each command has a folder of its own to write to.
func (f *messageFlags) add(cmd *cobra.Command) {
	f.targetFlags.add(cmd)
	cmd.Flags().StringVar(&f.session, "session", defaultSession, "sessionId of the messages, which a gateway replaces; the default has the project's name too")
	cmd.Flags().IntVar(&f.batch, "batch", oci.MaxCommands, "commands in a message, 1 to 15")
	cmd.Flags().StringVarP(&f.dir, "output", "o", filepath.Join("dist", "oci", cmd.Name()), "folder to write to")
	cmd.Flags().BoolVar(&f.replace, "replace", false, "remove messages that an earlier run of the same command left in the folder")
	cobra.CheckErr(cmd.MarkFlagDirname("output"))
	complete(cmd, "session")
	complete(cmd, "batch")
}

// check returns an error about the flags that say how messages are made.
func (f *messageFlags) check() error {
	if f.batch < 1 || f.batch > oci.MaxCommands {
		return fmt.Errorf("--batch: a message can't have %d commands: expected 1 to %d", f.batch, oci.MaxCommands)
	}
	if f.session == "" {
		return errors.New("--session: the session is empty: expected a sessionId, or no --session at all")
	}
	return nil
}

// A provisioner is a project that messages are made of, with the flags' options.
type provisioner struct {
	flags    *messageFlags
	project  *wxt.Project
	options  options
	findings schema.Findings // of the check
	sources  map[tags.PlatformSet]*provision.Source
}

// source returns what messages are made of, for some platforms; none stands for
// all. The project has to be without errors.
func (p *provisioner) source(platforms tags.PlatformSet) (*provision.Source, error) {
	if s, ok := p.sources[platforms]; ok {
		return s, nil
	}
	o := p.options
	o.platforms = platforms
	c, _ := wxt.Compile(p.project, o.compile()...)
	p.findings = c.Check()
	if err := p.findings.Err(); err != nil {
		return nil, err
	}
	s, err := c.Provision()
	if err != nil {
		return nil, err
	}
	if p.flags != nil {
		s.Batch = p.flags.batch
		if p.flags.session != defaultSession {
			s.Session = p.flags.session
		}
	}
	if p.sources == nil {
		p.sources = make(map[tags.PlatformSet]*provision.Source)
	}
	p.sources[platforms] = s
	return s, nil
}

// tagSets makes the messages for the tag sets, which are as another project file
// makes them unless from is empty.
func (p *provisioner) tagSets(o provision.TagSetOptions, from string) (*provision.Provisioning, error) {
	// A tag set has what the other platforms that share it want in it, too.
	s, err := p.source(0)
	if err != nil {
		return nil, err
	}
	o.Platforms = p.options.platforms
	if from != "" {
		earlier, err := wxt.Load(from)
		if err != nil {
			return nil, err
		}
		c, findings := wxt.Compile(earlier, wxt.WithRelease(p.options.release))
		if err := findings.Err(); err != nil {
			return nil, err
		}
		o.From, _ = c.Provision() // whether its archives can be made makes no odds
	}
	return provision.TagSets(s, o)
}

// overrides makes the messages for an overrides file.
func (p *provisioner) overrides(path string) (*provision.Provisioning, error) {
	list, err := wxt.LoadOverrides(path)
	if err != nil {
		return nil, err
	}
	s, err := p.source(p.options.platforms)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(o provision.Override) bool {
		return o.Platform != 0 && p.options.platforms != 0 && !p.options.platforms.Has(o.Platform)
	})
	made, err := provision.Overrides(s, list)
	var wrong schema.Findings
	if errors.As(err, &wrong) {
		return nil, append(p.findings, wrong...).Sorted().Err()
	}
	return made, err
}

// provision writes the messages that a function makes of the project, and prints the
// names of their files.
func (f *messageFlags) provision(cmd *cobra.Command, mode string, messages func(*provisioner) (*provision.Provisioning, error)) error {
	if err := f.check(); err != nil {
		return err
	}
	p := &provisioner{flags: f}
	var err error
	if p.project, p.options, err = f.load(cmd, mode); err != nil {
		return err
	}
	if err := refuseAbstract(p.project); err != nil {
		return err
	}
	made, err := messages(p)
	if err != nil {
		return err
	}
	names, err := made.WriteDir(f.dir, f.replace)
	if err != nil {
		return err
	}
	printFindings(cmd, append(p.findings, made.Findings...).Sorted(), "")
	for _, note := range made.Notes {
		fmt.Fprintf(cmd.ErrOrStderr(), "note: %s\n", note)
	}
	for _, name := range names {
		fmt.Fprintln(cmd.OutOrStdout(), filepath.Join(f.dir, name))
	}
	return nil
}

// scope reads a group as --group takes it.
func scope(group string) (provision.Scope, error) {
	if group == "" {
		return provision.Scope{}, nil
	}
	provider, name, ok := strings.Cut(group, "/")
	if !ok || provider == "" || name == "" || strings.Contains(name, "/") {
		return provision.Scope{}, fmt.Errorf("--group: %q: expected the service provider and the group with a slash between, such as acme/berlin", group)
	}
	return provision.Scope{ServiceProvider: provider, Group: name}, nil
}

func newOCITagSet() *cobra.Command {
	var flags messageFlags
	var o provision.TagSetOptions
	var from string
	cmd := &cobra.Command{
		Use:   "tagset",
		Short: "Write the messages that create or change the tag sets",
		Long: `Tagset writes the messages that create the tag sets of a project with all of their tags:
those that the project sets, and the others at the catalogue's defaults, unless
--changed leaves them out. A tag that nothing defines stays in the app's file as it is.

With --modify the tag sets and their tags exist already, and get their values. With
--from they are as an earlier project file made them, and only the changes are written:
tags to add, to modify and to delete. A tag set that the project no longer has stays,
unless you say --delete-sets. With --query the messages ask what the tag sets hold:
"dtafgen oci compare" reads the answer.

From R22 on a tag set says for each tag whether a service provider, a group or a device
may override its value. They may, except for the tags that --not-overridable names; with
--from, these are assumed to be set that way already.`,
		Example: `  dtafgen oci tagset
  dtafgen oci tagset --changed --broadworks R23 -o out
  dtafgen oci tagset --from last-year.toml --platform desktop`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if only := []bool{o.Modify, from != "", o.Query}; countTrue(only) > 1 {
				return errors.New("--modify, --from and --query: expected one of them at most")
			}
			return flags.provision(cmd, "tags", func(p *provisioner) (*provision.Provisioning, error) {
				return p.tagSets(o, from)
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&o.Changed, "changed", false, "leave out tags that the project leaves at the catalogue's default")
	cmd.Flags().BoolVar(&o.Modify, "modify", false, "the tag sets exist: modify their tags")
	cmd.Flags().StringVar(&from, "from", "", "project file that the tag sets were made from: write what has changed since")
	cmd.Flags().BoolVar(&o.DeleteSets, "delete-sets", false, "with --from: delete tag sets that the project no longer has")
	cmd.Flags().BoolVar(&o.Query, "query", false, "ask what the tag sets hold, and change nothing")
	cmd.Flags().StringSliceVar(&o.NotOverridable, "not-overridable", nil, "tags, separated by commas, that no service provider, group or device may override (R22 or later)")
	cobra.CheckErr(cmd.MarkFlagFilename("from", "toml"))
	completeTags(cmd, "not-overridable")
	return cmd
}

func countTrue(list []bool) int {
	n := 0
	for _, b := range list {
		if b {
			n++
		}
	}
	return n
}

// completeTags has a shell complete a flag's value with the names of custom tags.
func completeTags(cmd *cobra.Command, flag string) {
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for t := range tags.Default().All() {
			if !t.System {
				names = append(names, t.Name+"\t"+t.Text)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}))
}
