package cli

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/dtaf/provision"
)

func newOCIAll() *cobra.Command {
	var flags messageFlags
	var o provision.ImportOptions
	var tagSets provision.TagSetOptions
	var mode, from, overrides string
	cmd := &cobra.Command{
		Use:   "all --url BASE",
		Short: "Write all messages of a project, in the order to send",
		Long: `All writes every message that brings a project to an Application Server into one folder,
numbered in the order to send: tag sets, import, files, overrides and rebuild, with one
runbook for all of them. --overrides names the file of overrides; without it there are
none. With --mode inline there are no tag sets.

The flags mean what they mean for the command of each kind. Use those commands if you
need only one kind, or only one group.`,
		Example: `  dtafgen oci all -f acme.toml --url http://files.example.com/dtaf
  dtafgen oci all --url http://files.example.com/dtaf --overrides berlin.toml --broadworks R25
  dtafgen oci all --url http://files.example.com/dtaf --from acme-last-month.toml -o out`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case o.BaseURL == "":
				return errors.New("--url is missing: expected where the Application Server finds the archives, such as http://files.example.com/dtaf")
			case mode == "inline" && overrides != "":
				return errors.New("--overrides: in mode inline the templates have no tags that could be overridden")
			case mode == "inline" && from != "":
				return errors.New("--from: in mode inline there are no tag sets")
			}
			return flags.provision(cmd, mode, func(p *provisioner) (*provision.Provisioning, error) {
				return p.all(o, tagSets, from, overrides)
			})
		},
	}
	flags.add(cmd)
	modeFlag(cmd, &mode)
	cmd.Flags().StringVar(&o.BaseURL, "url", "", "URL of the folder where the Application Server finds the archives: http or file")
	cmd.Flags().BoolVar(&o.UpdateFiles, "update-files", false, "the device types exist: update their files (R25)")
	cmd.Flags().BoolVar(&tagSets.Changed, "changed", false, "leave out tags that the project leaves at the catalogue's default")
	cmd.Flags().StringVar(&from, "from", "", "project file that the tag sets were made from: write what has changed since")
	cmd.Flags().StringVar(&overrides, "overrides", "", "file of overrides")
	complete(cmd, "url")
	cobra.CheckErr(cmd.MarkFlagFilename("from", "toml"))
	cobra.CheckErr(cmd.MarkFlagFilename("overrides", "toml"))
	return cmd
}

// all makes the messages of all kinds.
func (p *provisioner) all(o provision.ImportOptions, tagSets provision.TagSetOptions, from, overrides string) (*provision.Provisioning, error) {
	if release := cmp.Or(p.options.release, p.project.BroadWorks); release < oci.R25 && o.UpdateFiles {
		return nil, fmt.Errorf("--update-files: only the schema of %s is known to have it: the project is for %s", oci.R25, releaseText(release))
	}
	var list []*provision.Provisioning
	add := func(made *provision.Provisioning, err error) error {
		list = append(list, made)
		return err
	}
	if p.options.mode == wxt.Tags {
		if err := add(p.tagSets(tagSets, from)); err != nil {
			return nil, err
		}
	}
	s, err := p.source(p.options.platforms)
	if err != nil {
		return nil, err
	}
	if err := add(provision.Import(s, o)); err != nil {
		return nil, err
	}
	if err := add(provision.Files(s, provision.Scope{}, false)); err != nil {
		return nil, err
	}
	if overrides != "" {
		if err := add(p.overrides(overrides)); err != nil {
			return nil, err
		}
	}
	if err := add(provision.Rebuild(s, provision.Scope{}, "")); err != nil {
		return nil, err
	}
	return provision.Join(list...), nil
}
