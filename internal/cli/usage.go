package cli

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/dtafgen/wxt/internal/text"
)

// wants returns a check that a command has the arguments that it needs, one of each.
func wants(what ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(what):
			return usage(cmd, "%s needs %s", cmd.Name(), strings.Join(what[len(args):], " and "))
		case len(args) > len(what):
			return usage(cmd, "%s takes %s, and not %q too", cmd.Name(), strings.Join(what, " and "), args[len(what)])
		}
		return nil
	}
}

// optional returns a check that a command has one argument at the most.
func optional(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage(cmd, "%s takes %s, and not %q too", cmd.Name(), what, args[1])
		}
		return nil
	}
}

// noArgs checks that a command has no arguments, and says where a project file goes.
func noArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case cmd.HasSubCommands():
		return unknownCommand(cmd, args[0])
	case strings.EqualFold(filepath.Ext(args[0]), ".toml") && cmd.Flags().Lookup("file") != nil:
		return usage(cmd, "%s takes no arguments: name the project file with -f %s", cmd.Name(), args[0])
	}
	return usage(cmd, "%s takes no arguments, and there is %q", cmd.Name(), args[0])
}

// usage returns an error about how a command was called.
func usage(cmd *cobra.Command, format string, args ...any) error {
	return fmt.Errorf(format+" (see %q)", append(args, cmd.CommandPath()+" --help")...)
}

// unknownCommand returns the error about a command that there is not.
func unknownCommand(parent *cobra.Command, name string) error {
	near, ok := text.Nearest(name, func(yield func(string) bool) {
		for _, c := range parent.Commands() {
			if c.IsAvailableCommand() && !yield(c.Name()) {
				return
			}
		}
	})
	if ok {
		return fmt.Errorf("%s has no command %s: did you mean %s?", parent.CommandPath(), name, near)
	}
	return usage(parent, "%s has no command %s", parent.CommandPath(), name)
}

var (
	unknownName  = regexp.MustCompile(`^unknown command "(.*)" for "`)
	missingFlags = regexp.MustCompile(`^required flag\(s\) (.*) not set$`)
	exclusive    = regexp.MustCompile(`^if any flags in the group .* are set none of the others can be; \[(.*)\] were all set$`)
	unknownFlag  = regexp.MustCompile(`^unknown flag: --(.*)$`)
	unknownShort = regexp.MustCompile(`^unknown shorthand flag: '(.)'`)
	noValue      = regexp.MustCompile(`^flag needs an argument: (?:--(.*)|'(.)' in .*)$`)
	badValue     = regexp.MustCompile(`^invalid argument "(.*)" for "(?:-., )?(--.*)" flag: `)
)

// usageError says in dtafgen's words what the library for commands says of how one was
// called, and returns other errors as they are.
func usageError(cmd *cobra.Command, err error) error {
	said := err.Error()
	if m := unknownName.FindStringSubmatch(said); m != nil {
		return unknownCommand(cmd, m[1])
	}
	if m := missingFlags.FindStringSubmatch(said); m != nil {
		var missing []string
		for name := range strings.SplitSeq(m[1], ", ") {
			f := cmd.Flags().Lookup(strings.Trim(name, `"`))
			missing = append(missing, fmt.Sprintf("--%s, %s", f.Name, f.Usage))
		}
		return usage(cmd, "%s needs %s", cmd.Name(), strings.Join(missing, "; and "))
	}
	if m := exclusive.FindStringSubmatch(said); m != nil {
		return usage(cmd, "--%s can't go together", strings.Join(strings.Fields(m[1]), " and --"))
	}
	return err
}

// flagError says in dtafgen's words what is wrong with a flag.
func flagError(cmd *cobra.Command, err error) error {
	said := err.Error()
	if m := unknownFlag.FindStringSubmatch(said); m != nil {
		near, ok := text.Nearest(m[1], func(yield func(string) bool) {
			cmd.Flags().VisitAll(func(f *pflag.Flag) { _ = f.Hidden || yield(f.Name) })
		})
		if ok {
			return fmt.Errorf("%s has no flag --%s: did you mean --%s?", cmd.Name(), m[1], near)
		}
		return usage(cmd, "%s has no flag --%s", cmd.Name(), m[1])
	}
	if m := unknownShort.FindStringSubmatch(said); m != nil {
		return usage(cmd, "%s has no flag -%s", cmd.Name(), m[1])
	}
	if m := noValue.FindStringSubmatch(said); m != nil {
		f := cmd.Flags().Lookup(m[1])
		if m[2] != "" {
			f = cmd.Flags().ShorthandLookup(m[2])
		}
		if f != nil {
			return usage(cmd, "--%s needs a value: %s", f.Name, f.Usage)
		}
	}
	if m := badValue.FindStringSubmatch(said); m != nil {
		if f := cmd.Flags().Lookup(strings.TrimPrefix(m[2], "--")); f != nil {
			kind := map[string]string{"int": "a whole number", "bool": "true or false", "duration": "a time such as 30s"}[f.Value.Type()]
			if kind != "" {
				return usage(cmd, "%s: %q is not %s", m[2], m[1], kind)
			}
		}
	}
	return usage(cmd, "%s", said)
}
