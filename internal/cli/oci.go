package cli

import (
	"cmp"
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
		Long: `Oci writes the requests that bring a project to an Application Server, as messages
for a gateway that sends them: BroadsoftDocuments with a sessionId, in UTF-8, of
at most 15 commands, with names that are numbered in the order to send. Beside
them it writes runbook.md: the same as steps for a person, what is needed before,
and how to go back.

A system needs them in this order: tagset, import or files, overrides, rebuild.
Every request is one that the release knows (--broadworks, else the project's,
else one that every release knows). Nothing is sent, and no message logs in: that
is the gateway's job, which puts its own session in the place of the messages'.

Several kinds of messages can be in one folder; the runbook has a section for each.
If messages of the same kind are left there by an earlier run, and would be sent
with the new ones, nothing is written: --replace removes them.`,
		Example: `  dtafgen oci tagset -f acme.toml -o out
  dtafgen oci import -f acme.toml -o out --url http://files.example.com/dtaf
  dtafgen oci rebuild -f acme.toml -o out`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return fmt.Errorf("oci needs a command: expected tagset, import, files, overrides, rebuild or compare (see %q)", cmd.CommandPath()+" --help")
		},
	}
	cmd.AddCommand(newOCITagSet(), newOCIImport(), newOCIFiles(), newOCIOverrides(), newOCIRebuild(), newOCICompare())
	return cmd
}

// targetFlags are the flags that say for what messages are made.
type targetFlags struct {
	file       string
	platforms  []string
	broadworks string
}

func (f *targetFlags) add(cmd *cobra.Command) {
	projectFlag(cmd, &f.file)
	cmd.Flags().StringSliceVar(&f.platforms, "platform", nil, "platforms, separated by commas: desktop, mobile, tablet (default all that the project enables)")
	cmd.Flags().StringVar(&f.broadworks, "broadworks", "", "release of the Application Server: R21SP1, R22, R23, R24 or R25 (default the project's, else requests that every release knows)")
	complete(cmd, "platform", platformNames()...)
	complete(cmd, "broadworks", releaseNames()...)
}

// load returns the project and the options that the flags name.
func (f *targetFlags) load(mode string) (*wxt.Project, wxt.Options, error) {
	return (&optionFlags{platforms: f.platforms, mode: mode, broadworks: f.broadworks}).load(f.file)
}

// messageFlags are the flags that say how messages are made, and where they go.
type messageFlags struct {
	targetFlags
	session string
	batch   int
	dir     string
	replace bool
}

func (f *messageFlags) add(cmd *cobra.Command) {
	f.targetFlags.add(cmd)
	cmd.Flags().StringVar(&f.session, "session", provision.DefaultSession, "sessionId of the messages, which a gateway replaces")
	cmd.Flags().IntVar(&f.batch, "batch", oci.MaxCommands, "commands in a message, 1 to 15")
	cmd.Flags().StringVarP(&f.dir, "output", "o", filepath.Join("dist", "oci"), "folder to write to")
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
	options  wxt.Options
	findings schema.Findings // of the check
}

// source returns what messages are made of, for some platforms; none stands for
// all. The project has to be without errors.
func (p *provisioner) source(platforms tags.PlatformSet) (*provision.Source, error) {
	o := p.options
	o.Platforms = platforms
	c, _ := wxt.Compile(p.project, o)
	p.findings = c.Check()
	if err := p.findings.Err(); err != nil {
		return nil, err
	}
	s, err := c.Provision()
	if err != nil {
		return nil, err
	}
	if p.flags != nil {
		s.Session, s.Batch = p.flags.session, p.flags.batch
	}
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
	o.Platforms = p.options.Platforms
	if from != "" {
		earlier, err := wxt.Load(from)
		if err != nil {
			return nil, err
		}
		c, findings := wxt.Compile(earlier, wxt.WithRelease(p.options.Release))
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
	s, err := p.source(p.options.Platforms)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(o provision.Override) bool {
		return o.Platform != 0 && p.options.Platforms != 0 && !p.options.Platforms.Has(o.Platform)
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
	if p.project, p.options, err = f.load(mode); err != nil {
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
	printFindings(cmd.ErrOrStderr(), append(p.findings, made.Findings...).Sorted())
	for _, note := range made.Notes {
		fmt.Fprintf(cmd.ErrOrStderr(), "note: %s\n", note)
	}
	for _, name := range names {
		fmt.Fprintln(cmd.OutOrStdout(), filepath.Join(f.dir, name))
	}
	return nil
}

// scope reads a group as --group takes it.
func scope(group string) (oci.Scope, error) {
	if group == "" {
		return oci.Scope{}, nil
	}
	provider, name, ok := strings.Cut(group, "/")
	if !ok || provider == "" || name == "" || strings.Contains(name, "/") {
		return oci.Scope{}, fmt.Errorf("--group: %q: expected the service provider and the group with a slash between, such as acme/berlin", group)
	}
	return oci.Scope{ServiceProvider: provider, Group: name}, nil
}

func newOCITagSet() *cobra.Command {
	var flags messageFlags
	var o provision.TagSetOptions
	var from string
	cmd := &cobra.Command{
		Use:   "tagset",
		Short: "Write the messages that make or change the tag sets",
		Long: `Tagset writes the messages that make the tag sets of a project with all of their
tags: those that the project sets, and the catalogue's defaults for the others,
which --changed leaves out. A tag that nothing defines stays in the app's file as
it is.

With --modify the tag sets and their tags are there already, and get their values.
With --from the tag sets are as an earlier project file made them, and only what
has changed since is written: tags to add, to modify and to delete. A tag set that
the project does not have any more stays, but for --delete-sets. With --query the
messages ask what the tag sets hold: "dtafgen oci compare" reads the answer.

From R22 on a tag set says of each tag whether stronger places may override its
value. They may, but for the tags that --not-overridable names; with --from these
are taken to be so already.`,
		Example: `  dtafgen oci tagset
  dtafgen oci tagset --changed --broadworks R23 -o out
  dtafgen oci tagset --from last-year.toml --platform desktop`,
		Args: cobra.NoArgs,
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
	cmd.Flags().BoolVar(&o.Modify, "modify", false, "the tag sets are there: modify their tags")
	cmd.Flags().StringVar(&from, "from", "", "project file that the tag sets were made from: write what has changed since")
	cmd.Flags().BoolVar(&o.DeleteSets, "delete-sets", false, "with --from: delete tag sets that the project does not have any more")
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

func newOCIImport() *cobra.Command {
	var flags messageFlags
	var o provision.ImportOptions
	var mode string
	var renames []string
	cmd := &cobra.Command{
		Use:   "import --url BASE",
		Short: "Write the messages that import the archives",
		Long: `Import writes the messages that have an Application Server import the archives of
a project. The server fetches them itself, from http or file: --url names the
folder, and the archives' names are those that "dtafgen build" gives them.

For R25 there is a dry run ahead of the import: it imports nothing, and tells
whether the import would change something. The schema that is known is R25's: of
older releases it is known that the archive's URL is all that an import takes, so
that --update-files and --rename are for R25 alone. --update-files updates the
files of device types that are there, matched on their format; nothing else of the
types changes then.`,
		Example: `  dtafgen oci import --url http://files.example.com/dtaf
  dtafgen oci import --url file:///var/broadworks/dtaf --broadworks R25 --update-files
  dtafgen oci import --url http://files.example.com/ --broadworks R25 --rename "desktop=Webex Desktop (test)"`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.BaseURL == "" {
				return errors.New("--url is missing: expected where the Application Server finds the archives, such as http://files.example.com/dtaf")
			}
			o.Rename = make(map[string]string)
			for _, r := range renames {
				from, to, ok := strings.Cut(r, "=")
				if !ok || from == "" || to == "" {
					return fmt.Errorf("--rename: %q: expected a platform or a device type, an equals sign and the new name, such as desktop=Webex", r)
				}
				o.Rename[from] = to
			}
			return flags.provision(cmd, mode, func(p *provisioner) (*provision.Provisioning, error) {
				if release := cmp.Or(p.options.Release, p.project.BroadWorks); release < oci.R25 && (o.UpdateFiles || len(renames) > 0) {
					return nil, fmt.Errorf("--update-files and --rename: only the schema of %s is known to have them: the project is for %s", oci.R25, releaseText(release))
				}
				s, err := p.source(p.options.Platforms)
				if err != nil {
					return nil, err
				}
				return provision.Import(s, o)
			})
		},
	}
	flags.add(cmd)
	modeFlag(cmd, &mode)
	cmd.Flags().StringVar(&o.BaseURL, "url", "", "URL of the folder where the Application Server finds the archives: http or file")
	cmd.Flags().BoolVar(&o.UpdateFiles, "update-files", false, "the device types are there: update their files (R25)")
	cmd.Flags().StringArrayVar(&renames, "rename", nil, "PLATFORM=NAME or OLD=NEW: import a device type under another name (R25); can be repeated")
	complete(cmd, "url")
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc("rename", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for _, p := range platformNames() {
			names = append(names, p+"=")
		}
		return names, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}))
	return cmd
}

func releaseText(r oci.Release) string {
	if r == 0 {
		return "no release in particular"
	}
	return r.String()
}

func modeFlag(cmd *cobra.Command, mode *string) {
	cmd.Flags().StringVar(mode, "mode", "tags", "tags keeps every placeholder; inline writes the custom tags' values into the template")
	complete(cmd, "mode", "tags", "inline")
}

func newOCIFiles() *cobra.Command {
	var flags messageFlags
	var every bool
	var mode, group string
	cmd := &cobra.Command{
		Use:   "files",
		Short: "Write the messages that change the templates of device types",
		Long: `Files writes the messages that give the file config-wxt.xml of each device type the
template of the project, which stands in the message itself. It is the way to
change a template without importing a type again.

With --group the template is for one group alone: so a change is tried before all
get it. The runbook says how the group gets the system's template again. After
either, the files are rebuilt: see "dtafgen oci rebuild".`,
		Example: `  dtafgen oci files -f acme.toml --platform desktop
  dtafgen oci files -f acme.toml --group acme/pilot`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			where, err := scope(group)
			if err != nil {
				return err
			}
			return flags.provision(cmd, mode, func(p *provisioner) (*provision.Provisioning, error) {
				s, err := p.source(p.options.Platforms)
				if err != nil {
					return nil, err
				}
				return provision.Files(s, where, every)
			})
		},
	}
	flags.add(cmd)
	modeFlag(cmd, &mode)
	cmd.Flags().StringVar(&group, "group", "", "SP/GROUP: change the files of one group alone")
	cmd.Flags().BoolVar(&every, "all", false, "every file of the archives that has a template, not config-wxt.xml alone")
	complete(cmd, "group")
	return cmd
}

func newOCIOverrides() *cobra.Command {
	var flags messageFlags
	cmd := &cobra.Command{
		Use:   "overrides OVERRIDES.toml",
		Short: "Write the messages that override tags for some",
		Long: `Overrides writes the messages that give tags a value of their own for a service
provider, for a group, or for one device, from a file such as

  [[service_provider]]
  id       = "acme"
  platform = "desktop"             # left out: every platform that has the tag
  tags     = { ENABLE_CALL_PARK_WXT = false }

  [[group]]
  service_provider = "acme"
  id               = "berlin"
  [group.tags]
  SBC_ADDRESS_WXT  = "sbc.berlin.example.com"

  [[device]]
  name             = "alice-desktop"
  service_provider = "acme"        # left out: a device of the system
  group            = "berlin"      # left out: a device of the service provider
  [device.tags]
  SRTP_ENABLED_WXT = false

The values are checked like those of the project, which names the device types. A
service provider can override tags from R22 on.`,
		Example: `  dtafgen oci overrides berlin.toml -f acme.toml -o out`,
		Args:    cobra.ExactArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"toml"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return flags.provision(cmd, "tags", func(p *provisioner) (*provision.Provisioning, error) {
				return p.overrides(args[0])
			})
		},
	}
	flags.add(cmd)
	return cmd
}

func newOCIRebuild() *cobra.Command {
	var flags messageFlags
	var kind, group string
	kinds := map[string]string{"": "", "device-type": "Device Type", "device-profiles": "Device Profiles"}
	cmd := &cobra.Command{
		Use:   "rebuild",
		Short: "Write the message that has the files built anew",
		Long: `Rebuild writes the message that has an Application Server build the files of a
project's device types anew, for all of the system or for one group. The apps get
changed values and templates only from files that are built after the change.

--type says what is built, the files of the device type or those of each device's
profile. Left out, it is what the server does by itself.`,
		Example: `  dtafgen oci rebuild -f acme.toml
  dtafgen oci rebuild -f acme.toml --platform desktop --type device-profiles
  dtafgen oci rebuild -f acme.toml --group acme/pilot`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			where, err := scope(group)
			if err != nil {
				return err
			}
			rebuild, ok := kinds[kind]
			if !ok {
				return fmt.Errorf("--type: unknown type %q: expected device-type or device-profiles", kind)
			}
			if group != "" && rebuild != "" {
				return errors.New("--type is for all of the system: a group has no such choice")
			}
			return flags.provision(cmd, "tags", func(p *provisioner) (*provision.Provisioning, error) {
				s, err := p.source(p.options.Platforms)
				if err != nil {
					return nil, err
				}
				return provision.Rebuild(s, where, rebuild)
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&group, "group", "", "SP/GROUP: rebuild for one group alone")
	cmd.Flags().StringVar(&kind, "type", "", "what is built: device-type or device-profiles (default left to the server)")
	complete(cmd, "group")
	complete(cmd, "type", "device-type", "device-profiles")
	return cmd
}
