package cli

import (
	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
)

func newJSONSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "jsonschema",
		Short: "Print the JSON Schema of the project file",
		Long: `Jsonschema prints the JSON Schema (2020-12) of the project file: what each key and each
tag means, its values and its default. An editor with it completes and explains the
project file as you write. "dtafgen init" puts it beside the project file, whose first
line names it for Taplo and Even Better TOML.`,
		Example: `  dtafgen jsonschema > dtafgen.schema.json`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(wxt.JSONSchema())
			return err
		},
	}
}
