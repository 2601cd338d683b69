package cli

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/schema"
)

func newRequirements() *cobra.Command {
	var projects projectFlags
	var format string
	var list bool
	var flags optionFlags
	var query schema.RequirementQuery
	cmd := &cobra.Command{
		Use:   "requirements",
		Short: "List what the servers need for the features of a project",
		Long: `Requirements lists the patches, applications, activations, settings, DNS records and
services that a BroadWorks system needs for the features that the project switches on,
for the release of the project or of --broadworks, or for every release. --all adds what
any deployment of the app needs. --feature adds features that no tag switches on; --list
names all features.

The apps are served by an XSP or an ADP: say which with edge = "adp" in the project file
or with --edge, or you get what either needs. If several versions of an application are
asked for, the list has the newest.

With --format markdown it is a checklist for a change request. With --format json it is
one document: "release" (empty for all), "edge", the list "features" (name, text,
settings, and its reasons: platform, setting, value, file, line, column), the list
"requirements" (release, server, kind, item, commands, note, source, features), and
"undocumented", features about which nothing is documented for the release. A kind is
patch, app, activate, cli, namedef, dns, partner-hub, user-service or note; commands are
the item with values of the project filled in, such as the names of its device types.
Several projects, or a folder of them (-f), get a list each; in JSON they are the list
"projects", each with its "file" and "name".

The exit status is 1 if a part of the project can't be resolved, such as a base that
can't be read: standard error says what it is, and the list is that of the rest.`,
		Example: `  dtafgen requirements --broadworks R23
  dtafgen requirements --feature dnd-sync,push-notifications --edge adp
  dtafgen requirements -f acme.toml --all --format markdown > change.md`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if list {
				return listFeatures(cmd.OutOrStdout(), format)
			}
			options, err := flags.of(&projects)
			if err != nil {
				return err
			}
			chosen, err := projects.choose(cmd)
			if err != nil {
				return err
			}
			all := []projectRequirements{}
			worst := chosen.each(cmd, func(i int, file string) error {
				project, err := load(file, options)
				if err != nil {
					return err
				}
				c, findings := wxt.Compile(project, options.compile()...)
				r, err := c.Requirements(query)
				if err != nil {
					return err
				}
				all = append(all, projectRequirements{filepath.ToSlash(file), cmp.Or(project.Name, file), r})
				if findings.Err() != nil {
					printFindings(cmd, findings, "")
					return errFound
				}
				return nil
			})
			if worst != nil && len(all) == 0 {
				return worst
			}
			if err := printRequirements(cmd.OutOrStdout(), all, chosen.several, format); err != nil {
				return err
			}
			return worst
		},
	}
	projects.addSeveral(cmd)
	flags.addTargets(cmd)
	formatFlag(cmd, &format, "text", "json", "markdown")
	cmd.Flags().BoolVar(&query.Base, "all", false, "also list what any deployment needs")
	cmd.Flags().StringSliceVar(&query.Features, "feature", nil, "also list what these features need, separated by commas")
	cmd.Flags().StringVar(&query.Edge, "edge", "", "what serves the apps: xsp or adp (default: the project's)")
	cmd.Flags().BoolVar(&list, "list", false, "list the features, and what switches them on")
	var names []string
	for _, f := range schema.Features() {
		names = append(names, f.Name+"\t"+f.Text)
	}
	complete(cmd, "feature", names...)
	complete(cmd, "edge", "xsp", "adp")
	return cmd
}

// projectRequirements are what the servers need for one of several projects.
type projectRequirements struct {
	File string `json:"file"`
	Name string `json:"name"`
	*schema.Requirements
}

// printRequirements prints what the servers need, by project if there may be several.
func printRequirements(w io.Writer, all []projectRequirements, several bool, format string) error {
	if format == "json" {
		if several {
			return writeJSON(w, struct {
				Projects []projectRequirements `json:"projects"`
			}{all})
		}
		return writeJSON(w, all[0].Requirements)
	}
	for i, p := range all {
		write, title := requirementsText, "%s\n\n"
		if format == "markdown" {
			write, title = requirementsMarkdown, "# %s\n\n"
		}
		if i > 0 {
			fmt.Fprintln(w)
		}
		if several {
			fmt.Fprintf(w, title, printable(p.Name))
		}
		if err := write(w, p.Requirements); err != nil {
			return err
		}
	}
	return nil
}

// listFeatures names the features, and what switches each on.
func listFeatures(w io.Writer, format string) error {
	features := schema.Features()
	if format == "json" {
		return writeJSON(w, struct {
			Features []schema.Feature `json:"features"`
		}{features})
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := "%s\t%s\t%s\n"
	if format == "markdown" {
		row = "| %s | %s | %s |\n"
		fmt.Fprint(tw, "| feature | what it is | switched on by |\n| --- | --- | --- |\n")
	} else {
		fmt.Fprint(tw, "FEATURE\tWHAT IT IS\tSWITCHED ON BY\n")
	}
	for _, f := range features {
		by := strings.Join(f.Settings, ", ")
		switch {
		case f.Name == baseFeature:
			by = "--all"
		case by == "":
			by = "--feature " + f.Name
		}
		fmt.Fprintf(tw, row, f.Name, f.Text, by)
	}
	return tw.Flush()
}

// A requirementGroup is the requirements of one server, of one release where
// there is more than one.
type requirementGroup struct {
	release, server string
	items           []schema.Requirement
}

func groupRequirements(r *schema.Requirements) []requirementGroup {
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

// baseFeature is the name of what any deployment needs.
const baseFeature = "base"

// why says what switches a feature on, a line for each value.
func why(f schema.Feature) []string {
	if f.Name == baseFeature {
		return []string{"any deployment"}
	}
	if len(f.Reasons) == 0 {
		return []string{"asked for by name"}
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

// requirementWords returns what is to be done, and what there is to know about it.
func requirementWords(q schema.Requirement) (items []string, about string) {
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

func requirementsText(w io.Writer, r *schema.Requirements) error {
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
				if _, err := fmt.Fprintf(w, "  %-12s  %s (%s)\n", q.Kind, item, about); err != nil {
					return err
				}
			}
		}
	}
	return undocumented(w, r)
}

// undocumented names the features of which the table has nothing for the release.
func undocumented(w io.Writer, r *schema.Requirements) error {
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
	"namedef":  "add to namedefs",
	"dns":      "add to the zone",
}

func requirementsMarkdown(w io.Writer, r *schema.Requirements) error {
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
