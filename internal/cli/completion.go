package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newCompletion() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print a script for completion in a shell",
		Long: `Completion prints a script for a shell. Once the shell has read it, it completes
commands, flags, the values of flags, and the names of tags.`,
		Example: `  source <(dtafgen completion bash)
  dtafgen completion zsh > "${fpath[1]}/_dtafgen"
  dtafgen completion fish > ~/.config/fish/completions/dtafgen.fish`,
		Args:      wants("the name of a shell: bash, zsh, fish or powershell"),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(cmd *cobra.Command, args []string) error {
			root, out := cmd.Root(), cmd.OutOrStdout()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(out, true)
			case "zsh":
				return root.GenZshCompletion(out)
			case "fish":
				return root.GenFishCompletion(out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(out)
			}
			return fmt.Errorf("unknown shell %q: expected bash, zsh, fish or powershell", args[0])
		},
	}
}
