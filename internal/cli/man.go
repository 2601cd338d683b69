package cli

import (
	"bytes"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/dtafgen/wxt/internal/atomicfile"
)

func newMan() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "man [COMMAND...]",
		Short: "Print a manual page, or write all of them",
		Long: `Man prints the manual page of dtafgen or of the command named, in the format that man
reads. With -o it writes the pages of all commands to a folder, such as share/man/man1.`,
		Example: `  dtafgen man build | man -l -
  dtafgen man -o /usr/local/share/man/man1`,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			if c, rest, err := cmd.Root().Find(args); err == nil && len(rest) == 0 {
				for _, sub := range c.Commands() {
					if sub.IsAvailableCommand() {
						names = append(names, sub.Name()+"\t"+sub.Short)
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir == "" {
				c, rest, err := cmd.Root().Find(args)
				if err != nil {
					return unknownCommand(cmd.Root(), args[0])
				}
				if len(rest) > 0 {
					return unknownCommand(c, rest[0])
				}
				_, page, err := manPage(c)
				if err == nil {
					_, err = cmd.OutOrStdout().Write(page)
				}
				return err
			}
			if len(args) > 0 {
				return fmt.Errorf("-o writes the pages of all commands: leave out %q", strings.Join(args, " "))
			}
			var pages []atomicfile.Content
			for _, c := range commands(cmd.Root()) {
				name, page, err := manPage(c)
				if err != nil {
					return err
				}
				pages = append(pages, atomicfile.Content{Name: name, Data: page})
			}
			if err := atomicfile.WriteAll(dir, pages, 0o666); err != nil {
				return err
			}
			for _, p := range pages {
				fmt.Fprintln(cmd.OutOrStdout(), filepath.Join(dir, p.Name))
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&dir, "output", "o", "", "folder to write the pages of all commands to")
	cobra.CheckErr(cmd.MarkFlagDirname("output"))
	return cmd
}

// commands returns a command and all that it has below it, but for hidden ones and
// help.
func commands(c *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			list = append(list, commands(sub)...)
		}
	}
	return list
}

// manPage returns the manual page of a command, and its file's name. Its date is
// that of the commit that the program was built from.
func manPage(c *cobra.Command) (name string, page []byte, err error) {
	title := strings.ReplaceAll(c.CommandPath(), " ", "-")
	header := &doc.GenManHeader{Title: strings.ToUpper(title), Section: "1", Source: "dtafgen", Manual: "dtafgen"}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if t, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
				header.Date = &t
			}
		}
	}
	c.DisableAutoGenTag = true
	long := c.Long
	c.Long = markdown(long)
	defer func() { c.Long = long }()
	var b bytes.Buffer
	if err := doc.GenMan(c, header, &b); err != nil {
		return "", nil, err
	}
	return title + ".1", b.Bytes(), nil
}

// markdown returns the long text of a command as Markdown: indented lines are
// taken as they are.
func markdown(long string) string {
	escape := strings.NewReplacer("<", `\<`, "*", `\*`, "_", `\_`)
	lines := strings.Split(long, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "  ") {
			lines[i] = "  " + line
		} else {
			lines[i] = escape.Replace(line)
		}
	}
	return strings.Join(lines, "\n")
}
