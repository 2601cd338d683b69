package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
)

func newRequirements() *cobra.Command {
	var file, format string
	var all bool
	var flags optionFlags
	cmd := &cobra.Command{
		Use:   "requirements",
		Short: "List what the servers need for the features of a project",
		Long: `Requirements lists the patches, applications, activations and settings that the
servers of a BroadWorks system need for the features that the project switches
on, for the release that the project or --broadworks says, or for every release.
What any deployment of the app needs comes with --all.

With --format markdown it is a checklist for a change request. With --format json
it is one document: "release" (empty for all), the list "features" (name, and its
reasons: platform, setting, value, file, line, column), the list "requirements"
(release, server, kind, item, commands, note, features), and "undocumented",
features of which nothing is documented for the release. A kind is patch, app,
activate, cli or note; commands are the item with the names of the project's
device types.

The exit status is 1 if something is wrong with the project that keeps it from
being resolved, such as a base that can't be read: what that is goes to standard
error, and the list is that of the rest.`,
		Example: `  dtafgen requirements --broadworks R23
  dtafgen requirements -f acme.toml --all --format markdown > change.md`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			project, options, err := flags.load(file)
			if err != nil {
				return err
			}
			r, findings := wxt.RequirementsOf(project, options, all)
			switch format {
			case "json":
				err = writeJSON(cmd.OutOrStdout(), r)
			case "markdown":
				err = requirementsMarkdown(cmd.OutOrStdout(), r)
			default:
				err = requirementsText(cmd.OutOrStdout(), r)
			}
			if err == nil && findings.Err() != nil {
				printFindings(cmd.ErrOrStderr(), findings)
				err = errFound
			}
			return err
		},
	}
	projectFlag(cmd, &file)
	flags.addTargets(cmd)
	formatFlag(cmd, &format, "text", "json", "markdown")
	cmd.Flags().BoolVar(&all, "all", false, "list what any deployment needs too")
	return cmd
}

// A requirementGroup is the requirements of one server, of one release where
// there is more than one.
type requirementGroup struct {
	release, server string
	items           []wxt.Requirement
}

func groupRequirements(r *wxt.Requirements) []requirementGroup {
	var groups []requirementGroup
	for _, q := range r.Requirements {
		release := ""
		if r.Release == "" {
			release = q.Release
		}
		last := len(groups) - 1
		if last < 0 || groups[last].release != release || groups[last].server != q.Server {
			groups = append(groups, requirementGroup{release: release, server: q.Server})
			last++
		}
		groups[last].items = append(groups[last].items, q)
	}
	return groups
}

// title returns what stands above a group.
func (g requirementGroup) title() string {
	server := g.server
	if server == "-" {
		server = "to know"
	}
	switch g.release {
	case "":
		return server
	case "all":
		return server + ", every release"
	}
	return server + ", " + g.release
}

// why says what switches a feature on, a line for each value.
func why(f wxt.Feature) []string {
	if f.Name == wxt.BaseFeature {
		return []string{"any deployment"}
	}
	type cause struct{ setting, value, place string }
	var causes []cause
	platforms := make(map[cause][]string)
	for _, r := range f.Reasons {
		c := cause{r.Setting, r.Value, r.Position.String()}
		if !slices.Contains(causes, c) {
			causes = append(causes, c)
		}
		platforms[c] = append(platforms[c], r.Platform.String())
	}
	var lines []string
	for _, c := range causes {
		lines = append(lines, fmt.Sprintf("%s is %s on %s (%s)", c.setting, c.value, strings.Join(platforms[c], ", "), c.place))
	}
	return lines
}

// requirementWords returns what is to be done, and what there is to know of it.
func requirementWords(q wxt.Requirement) (items []string, about string) {
	items = q.Commands
	if len(items) == 0 {
		items = []string{q.Item}
	}
	about = strings.Join(q.Features, ", ")
	if q.Note != "" {
		about += ": " + q.Note
	}
	return items, about
}

func requirementsText(w io.Writer, r *wxt.Requirements) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "Features, for %s\n", cmp.Or(r.Release, "every release"))
	for _, f := range r.Features {
		name := f.Name
		for _, line := range why(f) {
			fmt.Fprintf(tw, "  %s\t%s\n", name, line)
			name = ""
		}
	}
	if len(r.Features) == 0 {
		fmt.Fprintln(tw, "  none that needs anything")
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	for _, g := range groupRequirements(r) {
		fmt.Fprintf(w, "\n%s\n", g.title())
		for _, q := range g.items {
			items, about := requirementWords(q)
			for _, item := range items {
				if _, err := fmt.Fprintf(w, "  %-8s  %s (%s)\n", q.Kind, item, about); err != nil {
					return err
				}
			}
		}
	}
	return undocumented(w, r)
}

// undocumented tells of what features the table has nothing for the release.
func undocumented(w io.Writer, r *wxt.Requirements) error {
	if len(r.Undocumented) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(w, "\nWhat %s needs is not documented for: %s.\n", r.Release, strings.Join(r.Undocumented, ", "))
	return err
}

// todo is how the checklist says what is to be done with a kind of thing.
var todo = map[string]string{
	"patch":    "install the patch",
	"app":      "deploy",
	"activate": "activate the feature",
	"cli":      "run",
}

func requirementsMarkdown(w io.Writer, r *wxt.Requirements) error {
	fmt.Fprintf(w, "# What BroadWorks needs for the Webex app, %s\n\n", cmp.Or(r.Release, "every release"))
	if len(r.Features) == 0 {
		fmt.Fprintln(w, "The project switches no feature on that needs anything.")
	} else {
		fmt.Fprint(w, "| feature | switched on by |\n| --- | --- |\n")
	}
	for _, f := range r.Features {
		fmt.Fprintf(w, "| %s | %s |\n", f.Name, markdownText(strings.Join(why(f), "; ")))
	}
	for _, g := range groupRequirements(r) {
		fmt.Fprintf(w, "\n## %s\n\n", g.title())
		for _, q := range g.items {
			items, about := requirementWords(q)
			for _, item := range items {
				if verb, ok := todo[q.Kind]; ok {
					item = verb + " `" + item + "`"
				} else {
					item = markdownText(item)
				}
				fmt.Fprintf(w, "- [ ] %s (%s)\n", item, markdownText(about))
			}
		}
	}
	return undocumented(w, r)
}
