package cli

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

func newTags() *cobra.Command {
	var platform, format string
	cmd := &cobra.Command{
		Use:   "tags [TAG...]",
		Short: "List the catalogue of tags, or explain some of them",
		Long: `Tags lists the tags of the catalogue: 65 custom tags and 7 system tags. With
names it explains these tags: what they do, which values they take, their default
on each platform, where they stand in config-wxt.xml, how well that is known, which
tags go with them, which checks speak of them, and which features of theirs need
something of the servers. A name may have its percent signs or not.

With --format csv the columns are tag, kind, desktop, mobile, tablet, default,
type and known.`,
		Example: `  dtafgen tags
  dtafgen tags SBC_ADDRESS_WXT
  dtafgen tags --platform mobile --format csv`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for t := range tags.Default().All() {
				names = append(names, t.Name+"\t"+t.Text)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := selectTags(args, platform)
			if err != nil {
				return err
			}
			return printTags(cmd.OutOrStdout(), list, format, len(args) > 0)
		},
	}
	cmd.Flags().StringVar(&platform, "platform", "", "only tags of this platform: desktop, mobile or tablet")
	complete(cmd, "platform", platformNames()...)
	formatFlag(cmd, &format, "text", "csv", "json", "markdown")
	return cmd
}

// selectTags returns the tags with the given names, or all, as far as they are
// on the platform.
func selectTags(names []string, platform string) ([]tags.Tag, error) {
	set := tags.AllPlatforms
	if platform != "" {
		p, err := tags.ParsePlatform(platform)
		if err != nil {
			return nil, fmt.Errorf("--platform: %w", err)
		}
		set = tags.NewPlatformSet(p)
	}
	catalogue := tags.Default()
	var list []tags.Tag
	if len(names) == 0 {
		for t := range catalogue.All() {
			if t.Platforms&set != 0 {
				list = append(list, t)
			}
		}
		return list, nil
	}
	for _, name := range names {
		t, ok := catalogue.Lookup(name)
		if !ok {
			if near, ok := catalogue.Nearest(name); ok {
				return nil, fmt.Errorf("unknown tag %s: did you mean %s?", tags.Bare(name), near)
			}
			return nil, fmt.Errorf("unknown tag %s: \"dtafgen tags\" lists them all", tags.Bare(name))
		}
		if t.Platforms&set == 0 {
			return nil, fmt.Errorf("%s is not used on %s: it is a tag of %s", t.Name, platform, t.Platforms)
		}
		list = append(list, t)
	}
	return list, nil
}

func printTags(w io.Writer, list []tags.Tag, format string, explain bool) error {
	switch {
	case format == "csv":
		return tagsCSV(w, list)
	case format == "json":
		return tagsJSON(w, list)
	case format == "markdown":
		return tagsMarkdown(w, list)
	case explain:
		for i, t := range list {
			if i > 0 {
				fmt.Fprintln(w)
			}
			explainTag(w, t)
		}
		return nil
	}
	return tagsText(w, list)
}

// known sums up how well a tag is known, in the two words that the table has.
func known(t tags.Tag) string {
	if t.Known.Mark() == tags.Reconstructed {
		return "reconstructed"
	}
	return "documented"
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func tagsCSV(w io.Writer, list []tags.Tag) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"tag", "kind", "desktop", "mobile", "tablet", "default", "type", "known"}}
	for _, t := range list {
		row := []string{t.Name, t.Kind.String()}
		for _, p := range tags.Platforms() {
			row = append(row, yesNo(t.Platforms.Has(p)))
		}
		rows = append(rows, append(row, t.Default, string(t.Type), known(t)))
	}
	return c.WriteAll(rows)
}

// tagJSON is a tag in the JSON of tags.
type tagJSON struct {
	Tag       string            `json:"tag"`
	Kind      tags.Kind         `json:"kind"`
	Feature   string            `json:"feature,omitempty"`
	Text      string            `json:"text"`
	Note      string            `json:"note,omitempty"`
	Platforms []tags.Platform   `json:"platforms"`
	Type      tags.Type         `json:"type"`
	Values    []string          `json:"values,omitempty"`
	Defaults  map[string]string `json:"defaults,omitempty"`
	Paths     []pathJSON        `json:"paths"`
	Known     tags.Known        `json:"known"`
	Secret    bool              `json:"secret,omitempty"`
	Checks    []string          `json:"checks"`
}

type pathJSON struct {
	Path  string    `json:"path"`
	Known tags.Mark `json:"known"`
}

func tagsJSON(w io.Writer, list []tags.Tag) error {
	out := struct {
		Tags []tagJSON `json:"tags"`
	}{[]tagJSON{}}
	for _, t := range list {
		j := tagJSON{
			Tag: t.Name, Kind: t.Kind, Feature: t.Feature, Text: t.Text, Note: t.Note, Type: t.Type,
			Values: t.Values, Known: t.Known, Secret: t.Secret, Paths: []pathJSON{}, Checks: []string{},
		}
		for _, r := range schema.Rules() {
			if r.About(t) {
				j.Checks = append(j.Checks, r.Code)
			}
		}
		for p := range t.Platforms.All() {
			j.Platforms = append(j.Platforms, p)
			if v, ok := t.DefaultOn(p); ok {
				if j.Defaults == nil {
					j.Defaults = make(map[string]string)
				}
				j.Defaults[p.String()] = v
			}
		}
		for _, p := range schema.PathsOf(t.Name) {
			j.Paths = append(j.Paths, pathJSON{p.Path, p.Known})
		}
		out.Tags = append(out.Tags, j)
	}
	return writeJSON(w, out)
}

func tagsMarkdown(w io.Writer, list []tags.Tag) error {
	fmt.Fprintln(w, "| tag | platforms | default | type | what it does | known |")
	fmt.Fprintln(w, "| --- | --- | --- | --- | --- | --- |")
	escape := strings.NewReplacer("|", `\|`, "<", "&lt;")
	for _, t := range list {
		def := ""
		if t.Default != "" {
			def = "`" + t.Default + "`"
		}
		_, err := fmt.Fprintf(w, "| `%s` | %s | %s | %s | %s | %s |\n",
			t.Name, t.Platforms, def, t.Type, escape.Replace(t.Text), known(t))
		if err != nil {
			return err
		}
	}
	return nil
}

func tagsText(w io.Writer, list []tags.Tag) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "TAG\tPLATFORMS\tTYPE\tDEFAULT\tKNOWN")
	for _, t := range list {
		platforms := "all"
		if t.Platforms != tags.AllPlatforms {
			platforms = t.Platforms.String()
		}
		def := strconv.Quote(t.Default)
		if t.Kind == tags.System {
			def = "(system)"
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\n", t.Name, platforms, t.Type, def, known(t))
	}
	return tw.Flush()
}

func explainTag(w io.Writer, t tags.Tag) {
	fmt.Fprintf(w, "%s\n  %s\n\n", t.Placeholder(), t.Text)
	line := func(name, format string, args ...any) {
		fmt.Fprintf(w, "  %-12s%s\n", name, fmt.Sprintf(format, args...))
	}
	switch {
	case t.Kind == tags.System && t.Line > 0:
		line("kind", "system tag, line %d: the Application Server fills it", t.Line)
	case t.Kind == tags.System:
		line("kind", "system tag: the Application Server fills it")
	default:
		line("kind", "custom tag")
		line("feature", "%s", t.Feature)
	}
	line("platforms", "%s (%s)", t.Platforms, t.Known.Platforms)
	line("values", "%s", t.DescribeValues())
	if t.Kind == tags.Custom {
		for p := range t.Platforms.All() {
			v, _ := t.DefaultOn(p)
			if len(t.Defaults) == 0 {
				line("default", "%q (%s)", v, t.Known.Default)
				break
			}
			line("default", "%q on %s (%s)", v, p, t.Known.Default)
		}
	}
	for _, p := range schema.PathsOf(t.Name) {
		mark := p.Known.String()
		if p.KnownElement {
			mark = "element documented, its parent reconstructed"
		}
		line("stands at", "%s (%s)", p.Path, mark)
	}
	if t.Secret {
		line("secret", "its value is never printed")
	}
	if t.Note != "" {
		line("note", "%s", t.Note)
	}
	for _, mention := range mentions {
		name, list := mention(t)
		for _, text := range list {
			line(name, "%s", text)
		}
	}
}

// mentions are what else speaks of a tag: each returns a name for it, and a line
// for each thing that does.
var mentions = []func(tags.Tag) (name string, list []string){relatives, checks, needs}

// relatives returns the other tags of a tag's feature.
func relatives(t tags.Tag) (string, []string) {
	var names []string
	for other := range tags.Default().All() {
		if t.Kind == tags.Custom && other.Kind == tags.Custom && other.Feature == t.Feature && other.Name != t.Name {
			names = append(names, other.Name)
		}
	}
	return "goes with", names
}

// checks returns the rules that speak of a tag.
func checks(t tags.Tag) (string, []string) {
	var list []string
	for _, r := range schema.Rules() {
		if r.About(t) {
			list = append(list, fmt.Sprintf("%s %s: %s", r.Code, r.Name, r.Protects))
		}
	}
	return "checked by", list
}

// needs returns the features that a value of the tag switches on and that need
// something of the servers, with the servers.
func needs(t tags.Tag) (string, []string) {
	r := wxt.RequirementsOfTag(t.Name)
	var list []string
	for _, f := range r.Features {
		var servers []string
		for _, q := range r.Requirements {
			if slices.Contains(q.Features, f.Name) && !slices.Contains(servers, q.Server) {
				servers = append(servers, q.Server)
			}
		}
		list = append(list, fmt.Sprintf("%s: something of %s; \"dtafgen requirements\" lists what", f.Name, strings.Join(servers, ", ")))
	}
	return "needs", list
}
