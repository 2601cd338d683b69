package cli

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

func newTags() *cobra.Command {
	var platform, format, from string
	var facts bool
	cmd := &cobra.Command{
		Use:   "tags [TAG|WORD...]",
		Short: "List the catalogue of tags, explain some of them, or search it",
		Long: `Tags lists the tags of the catalogue. Words that aren't tags search it: you get the tags
that have all of the words in their names, their features or their descriptions. Names
explain tags: what they do, which values they take, their default, where they stand in
config-wxt.xml, how well each of these facts is known and where it comes from, which tags
go with them, which checks look at them, and which of their features need something on
the servers. A name may have its percent signs or not; the misprints of the guides are
understood.

With --format csv the columns are tag, kind, desktop, mobile, tablet, default, type and
known, which is the worst mark of name, platforms and default. --facts adds the mark of
each fact: known_name, known_desktop, known_mobile, known_tablet, known_default,
known_type, known_values, known_place and known_text. A mark is documented, observed,
inherited or reconstructed. With --format json each tag has "facts", a list of the same
with each fact's source.

With --from it lists the tags of an archive's templates instead, with their places; of a
container, the newest archive of each device type, or that of --platform. Words then
search names and places.`,
		Example: `  dtafgen tags
  dtafgen tags emergency
  dtafgen tags SBC_ADDRESS_WXT
  dtafgen tags --platform mobile --format csv
  dtafgen tags --from vendor/ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip call-park`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for t := range tags.Default().All() {
				names = append(names, t.Name+"\t"+t.Text)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if from != "" {
				if facts {
					return errors.New("--facts is about the catalogue: leave out --from or --facts")
				}
				return tagsFrom(cmd, from, platform, format, args)
			}
			list, named, err := selectTags(args, platform)
			if err != nil {
				return err
			}
			return printTags(cmd.OutOrStdout(), list, format, named, facts)
		},
	}
	cmd.Flags().StringVar(&platform, "platform", "", "only tags of this platform: desktop, mobile or tablet")
	complete(cmd, "platform", platformNames()...)
	cmd.Flags().BoolVar(&facts, "facts", false, "with --format csv: add the mark of each fact")
	cmd.Flags().StringVar(&from, "from", "", "list the tags of this archive's templates with their places")
	cobra.CheckErr(cmd.MarkFlagFilename("from", "zip"))
	formatFlag(cmd, &format, "text", "csv", "json", "markdown")
	return cmd
}

// selectTags returns the tags with the given names, or those that have the given words,
// or all, as far as they are on the platform; and whether they were named.
func selectTags(names []string, platform string) (list []tags.Tag, named bool, err error) {
	set := tags.NewPlatformSet(tags.Platforms()...)
	if platform != "" {
		p, err := parsePlatform(platform)
		if err != nil {
			return nil, false, err
		}
		set = tags.NewPlatformSet(p)
	}
	catalogue := tags.Default()
	for _, name := range names {
		t, ok := findTag(catalogue, name)
		if !ok {
			list, err = searchTags(catalogue, names)
			break
		}
		if t.Platforms&set == 0 && platform != "" {
			return nil, false, fmt.Errorf("%s is not used on %s: it is a tag of %s", t.Name, platform, t.Platforms)
		}
		list, named = append(list, t), true
		if len(list) == len(names) {
			return list, true, nil
		}
	}
	if len(names) == 0 {
		list = slices.Collect(catalogue.All())
	}
	if platform != "" {
		list = slices.DeleteFunc(list, func(t tags.Tag) bool { return t.Platforms&set == 0 })
	}
	return list, false, err
}

// findTag returns the tag with a name, which may be a misprint of the guides: where a
// person asks, it is understood.
func findTag(catalogue *tags.Catalogue, name string) (tags.Tag, bool) {
	t, ok := catalogue.Lookup(name)
	if !ok {
		t, ok = catalogue.Lookup(strings.ToUpper(name))
	}
	if near, found := catalogue.Nearest(name); !ok && found {
		if meant, _ := catalogue.Lookup(near); slices.Contains(meant.Misprints, tagname.Bare(name)) {
			return meant, true
		}
	}
	return t, ok
}

// searchTags returns the tags that have all of some words in their names, features or
// texts.
func searchTags(catalogue *tags.Catalogue, words []string) ([]tags.Tag, error) {
	var list []tags.Tag
	for t := range catalogue.All() {
		about := strings.ToLower(t.Name + "\n" + t.Feature + "\n" + t.Text + "\n" + t.Note)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(about, strings.ToLower(w)) }) {
			list = append(list, t)
		}
	}
	if len(list) > 0 {
		return list, nil
	}
	for _, w := range words {
		if _, ok := findTag(catalogue, w); ok {
			continue
		}
		if near, ok := catalogue.Nearest(w); ok {
			return nil, fmt.Errorf("unknown tag %s: did you mean %s?", tagname.Bare(w), near)
		}
	}
	return nil, fmt.Errorf("no tag has %s in its name or its description: \"dtafgen tags\" lists them all", strings.Join(words, " and "))
}

func printTags(w io.Writer, list []tags.Tag, format string, explain, facts bool) error {
	switch {
	case format == "csv":
		return tagsCSV(w, list, facts)
	case format == "json":
		return tagsJSON(w, list)
	case format == "markdown":
		if err := tagsMarkdown(w, list); err != nil || !explain {
			return err
		}
		for _, t := range list {
			explainMarkdown(w, t)
		}
		return nil
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

// known sums up how well a tag's name, platforms and default are known: as well as
// its least known fact.
func known(t tags.Tag) tags.Mark {
	mark := min(t.Known.Name.Mark, platformsMark(t))
	if !t.System {
		mark = min(mark, t.Known.Default.Mark)
	}
	return mark
}

// platformsMark sums up how well it is known that a tag's platforms have it.
func platformsMark(t tags.Tag) tags.Mark {
	mark := tags.Documented
	for p := range t.Platforms.All() {
		mark = min(mark, t.Known.Platforms[p].Mark)
	}
	return mark
}

// A factLine is one fact about a tag, and where it comes from.
type factLine struct {
	What  string `json:"fact"` // name, a platform, default, type, values, place or text
	Value string `json:"value"`
	tags.Fact
}

// factsOf returns the facts about a tag, each with its mark and its source.
func factsOf(t tags.Tag) []factLine {
	k := t.Known
	lines := []factLine{{"name", t.Name, k.Name}}
	for _, p := range tags.Platforms() {
		lines = append(lines, factLine{p.String(), yesNo(t.Platforms.Has(p)), k.Platforms[p]})
	}
	if !t.System {
		values := make([]string, 0, 3)
		for p := range t.Platforms.All() {
			v, _ := t.DefaultOn(p)
			if len(t.Defaults) == 0 {
				values = append(values, strconv.Quote(v))
				break
			}
			values = append(values, fmt.Sprintf("%q on %s", v, p))
		}
		lines = append(lines, factLine{"default", strings.Join(values, ", "), k.Default})
	}
	typ, values, _ := strings.Cut(strings.TrimSuffix(t.DescribeValues(), " ("+k.Values.Mark.String()+")"), ": ")
	if k.Values.Source == "" {
		lines = append(lines, factLine{"type", strings.TrimSuffix(typ+": "+values, ": "), k.Type})
	} else {
		lines = append(lines, factLine{"type", typ, k.Type}, factLine{"values", cmp.Or(values, "any"), k.Values})
	}
	for _, p := range schema.PathsOf(t) {
		lines = append(lines, factLine{"place", p.Path, p.Known})
		if p.Part.Source != "" {
			lines = append(lines, factLine{"part", p.Path, p.Part})
		}
	}
	return append(lines, factLine{"text", t.Text, k.Text})
}

// placesMark sums up how well a tag's places are known, in a word; it is empty for
// a tag without a place.
func placesMark(t tags.Tag) string {
	paths := schema.PathsOf(t)
	if len(paths) == 0 {
		return ""
	}
	mark := tags.Documented
	for _, p := range paths {
		mark = min(mark, p.Known.Mark)
	}
	return mark.String()
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func tagsCSV(w io.Writer, list []tags.Tag, facts bool) error {
	c := csv.NewWriter(w)
	header := []string{"tag", "kind", "desktop", "mobile", "tablet", "default", "type", "known"}
	if facts {
		header = append(header, "known_name", "known_desktop", "known_mobile", "known_tablet", "known_default", "known_type", "known_values", "known_place", "known_text")
	}
	rows := [][]string{header}
	for _, t := range list {
		row := []string{t.Name, kind(t.System)}
		for _, p := range tags.Platforms() {
			row = append(row, yesNo(t.Platforms.Has(p)))
		}
		k := t.Known
		row = append(row, t.Default, string(t.Type), known(t).String())
		if !facts {
			rows = append(rows, row)
			continue
		}
		row = append(row, k.Name.Mark.String())
		for _, p := range tags.Platforms() {
			row = append(row, k.Platforms[p].Mark.String())
		}
		def, values := k.Default.Mark.String(), k.Values.Mark.String()
		if t.System {
			def = ""
		}
		if k.Values.Source == "" {
			values = ""
		}
		rows = append(rows, append(row, def, k.Type.Mark.String(), values, placesMark(t), k.Text.Mark.String()))
	}
	return c.WriteAll(rows)
}

func kind(system bool) string {
	if system {
		return "system"
	}
	return "custom"
}

// tagJSON is a tag in the JSON of tags.
type tagJSON struct {
	Tag       string            `json:"tag"`
	Kind      string            `json:"kind"`
	Feature   string            `json:"feature,omitempty"`
	Text      string            `json:"text"`
	Note      string            `json:"note,omitempty"`
	Platforms []tags.Platform   `json:"platforms"`
	Type      tags.Type         `json:"type"`
	Values    []string          `json:"values,omitempty"`
	Defaults  map[string]string `json:"defaults,omitempty"`
	Paths     []pathJSON        `json:"paths"`
	Known     knownJSON         `json:"known"`
	Facts     []factLine        `json:"facts"`
	Secret    bool              `json:"secret,omitempty"`
	Checks    []string          `json:"checks"`
}

// knownJSON has the marks of a tag's facts; facts has their sources.
type knownJSON struct {
	Name      tags.Mark `json:"name"`
	Platforms tags.Mark `json:"platforms"`
	Default   tags.Mark `json:"default"`
	Type      tags.Mark `json:"type"`
	Values    tags.Mark `json:"values"`
	Text      tags.Mark `json:"text"`
}

type pathJSON struct {
	Path string `json:"path"`
	tags.Fact
	Part *tags.Fact `json:"part,omitempty"`
}

func tagsJSON(w io.Writer, list []tags.Tag) error {
	out := struct {
		Tags []tagJSON `json:"tags"`
	}{[]tagJSON{}}
	for _, t := range list {
		j := tagJSON{
			Tag: t.Name, Kind: kind(t.System), Feature: t.Feature, Text: t.Text, Note: t.Note, Type: t.Type,
			Values: t.Values, Secret: t.Secret, Paths: []pathJSON{}, Checks: []string{}, Facts: factsOf(t), Platforms: []tags.Platform{},
			Known: knownJSON{t.Known.Name.Mark, platformsMark(t), t.Known.Default.Mark, t.Known.Type.Mark, t.Known.Values.Mark, t.Known.Text.Mark},
		}
		for _, r := range schema.Rules() {
			if about(r, t) {
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
		for _, p := range schema.PathsOf(t) {
			path := pathJSON{Path: p.Path, Fact: p.Known}
			if p.Part.Source != "" {
				path.Part = &p.Part
			}
			j.Paths = append(j.Paths, path)
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
			t.Name, cmp.Or(t.Platforms.String(), "none"), def, t.Type, escape.Replace(t.Text), known(t))
		if err != nil {
			return err
		}
	}
	return nil
}

func tagsText(w io.Writer, list []tags.Tag) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "TAG\tPLATFORMS\tTYPE\tDEFAULT\tKNOWN\tWHAT IT DOES")
	for _, t := range list {
		platforms := cmp.Or(t.Platforms.String(), "none")
		if t.Platforms == tags.NewPlatformSet(tags.Platforms()...) {
			platforms = "all"
		}
		def := strconv.Quote(t.Default)
		if t.System {
			def = "(system)"
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\n", t.Name, platforms, t.Type, def, known(t), t.Text)
	}
	return tw.Flush()
}
