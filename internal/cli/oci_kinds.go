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
		Long: `Import writes the messages that have an Application Server import the archives of a
project. The server fetches them itself, by http or file: --url names the folder, and the
archives have the names that "dtafgen build" gives them.

For R25 there is a dry run before the import: it imports nothing, and reports whether the
import would change something. The known schema is R25's. Of older releases it is only
known that an import takes the archive's URL, so --update-files and --rename need R25.
--update-files updates the files of existing device types, matched by their format, and
changes nothing else.`,
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
	cmd.Flags().BoolVar(&o.UpdateFiles, "update-files", false, "the device types exist: update their files (R25)")
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
		Long: `Files writes the messages that give each device type the project's template of
config-wxt.xml, which is inside the message. This is how you change a template without
importing the device type again.

With --group only one group gets the template, to try a change before everybody gets it.
The runbook says how the group gets the system's template back. After either, rebuild the
files: see "dtafgen oci rebuild".`,
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
	cmd.Flags().StringVar(&group, "group", "", "SP/GROUP: change the files of only one group")
	cmd.Flags().BoolVar(&every, "all", false, "every file of the archives with a template, not only config-wxt.xml")
	complete(cmd, "group")
	return cmd
}

func newOCIOverrides() *cobra.Command {
	var flags messageFlags
	cmd := &cobra.Command{
		Use:   "overrides OVERRIDES.toml",
		Short: "Write the messages that override tags for a group or a device",
		Long: `Overrides writes the messages that give tags another value for a service provider, a
group or a single device, from a file such as

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

The values are checked like those of the project, which names the device types. A service
provider can override tags from R22 on.`,
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
		Short: "Write the message that rebuilds the files",
		Long: `Rebuild writes the message that has an Application Server rebuild the files of a
project's device types, for the whole system or for one group. Apps get changed values
and templates only after the files have been rebuilt. --type says whose files: those of
the device type or those of each device profile. By default the server decides.`,
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
	cmd.Flags().StringVar(&group, "group", "", "SP/GROUP: rebuild for only one group")
	cmd.Flags().StringVar(&kind, "type", "", "what to rebuild: device-type or device-profiles (default: the server decides)")
	complete(cmd, "group")
	complete(cmd, "type", "device-type", "device-profiles")
	return cmd
}
