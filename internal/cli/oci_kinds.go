package cli

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/dtaf/provision"
)

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
  dtafgen oci import --url http://files.example.com/ --broadworks R25 --rename desktop=Webex`,
		Args: noArgs,
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
				if release := cmp.Or(p.options.release, p.project.BroadWorks); release < oci.R25 && (o.UpdateFiles || len(renames) > 0) {
					return nil, fmt.Errorf("--update-files and --rename: only the schema of %s is known to have them: the project is for %s", oci.R25, releaseText(release))
				}
				s, err := p.source(p.options.platforms)
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
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			where, err := scope(group)
			if err != nil {
				return err
			}
			return flags.provision(cmd, mode, func(p *provisioner) (*provision.Provisioning, error) {
				s, err := p.source(p.options.platforms)
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
		Args:    wants("a file of overrides"),
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
		Args: noArgs,
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
				s, err := p.source(p.options.platforms)
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
