package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

func newExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain CODE|TAG|KEY|FEATURE",
		Short: "Explain a check, a tag, a key of the project file or a feature",
		Long: `Explain says what there is to know about a name that dtafgen uses:
    CODE     the code of a check, such as WXT101: what it protects from, with an example
    TAG      a tag, as "dtafgen tags TAG" does
    KEY      a key of the project file, such as access.host or just host
    FEATURE  a feature of "dtafgen requirements --list": what the servers need for it`,
		Example: `  dtafgen explain WXT101
  dtafgen explain USE_TLS_WXT
  dtafgen explain access.host
  dtafgen explain call-recording`,
		Args: wants("a code, a tag, a key or a feature"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return explainable(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error { return explain(cmd.OutOrStdout(), args[0]) },
	}
}

// explainable returns every name that explain knows.
func explainable() []string {
	var names []string
	for _, r := range schema.Rules() {
		names = append(names, r.Code)
	}
	return append(names, namesOf()...)
}

// namesOf returns those of them that are words, which a person may misspell.
func namesOf() []string {
	var names []string
	for t := range tags.Default().All() {
		names = append(names, t.Name)
	}
	for _, k := range projectKeys() {
		names = append(names, k.path)
	}
	for _, f := range schema.Features() {
		names = append(names, f.Name)
	}
	return names
}

func explain(w io.Writer, name string) error {
	if slices.ContainsFunc(schema.Rules(), func(r schema.Rule) bool { return strings.EqualFold(r.Code, name) }) {
		return listRules(w, []string{strings.ToUpper(name)}, "text")
	}
	if t, ok := findTag(tags.Default(), name); ok {
		explainTag(w, t)
		return nil
	}
	for _, f := range schema.Features() {
		if strings.EqualFold(f.Name, name) {
			return explainFeature(w, f)
		}
	}
	keys := projectKeys()
	found := slices.DeleteFunc(keys, func(k projectKey) bool { return !k.is(name) })
	if len(found) > 0 {
		return explainKeys(w, found)
	}
	if near, ok := text.Nearest(name, slices.Values(namesOf())); ok {
		return fmt.Errorf("nothing is called %s: did you mean %s?", name, near)
	}
	return fmt.Errorf("nothing is called %s: \"dtafgen check --list\", \"dtafgen tags\" and \"dtafgen requirements --list\" list what there is", name)
}

func explainFeature(w io.Writer, f schema.Feature) error {
	r, err := schema.RequirementsFor(schema.RequirementQuery{Features: []string{f.Name}, Base: f.Name == baseFeature})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s: %s\n", f.Name, f.Text)
	switch {
	case f.Name == baseFeature:
	case len(f.Settings) > 0:
		fmt.Fprintf(w, "  switched on by  %s\n", strings.Join(f.Settings, ", "))
	default:
		fmt.Fprintf(w, "  No setting switches it on: \"dtafgen requirements --feature %s\" asks for it.\n", f.Name)
	}
	fmt.Fprintln(w)
	return requirementsText(w, r)
}

// A projectKey is a key of the project file, as its JSON Schema has it.
type projectKey struct {
	path string
	keySchema
}

type keySchema struct {
	Description string               `json:"description"`
	Type        any                  `json:"type"`
	Enum        []any                `json:"enum"`
	AnyOf       []keySchema          `json:"anyOf"`
	Default     any                  `json:"default"`
	Examples    []any                `json:"examples"`
	Minimum     *int                 `json:"minimum"`
	Maximum     *int                 `json:"maximum"`
	MaxLength   int                  `json:"maxLength"`
	Properties  map[string]keySchema `json:"properties"`
	Items       *keySchema           `json:"items"`
}

// projectKeys returns the keys of the project file, in order. Tags and checks are
// explained by themselves.
func projectKeys() []projectKey {
	var root keySchema
	if err := json.Unmarshal(wxt.JSONSchema(), &root); err != nil {
		panic("cli: the JSON Schema can't be read: " + err.Error())
	}
	var list []projectKey
	var walk func(prefix string, s keySchema)
	walk = func(prefix string, s keySchema) {
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			k := s.Properties[name]
			list = append(list, projectKey{prefix + name, k})
			if name == "tags" || name == "checks" {
				continue
			}
			walk(prefix+name+".", k)
			if k.Items != nil {
				walk(prefix+name+".", *k.Items)
			}
		}
	}
	walk("", root)
	return list
}

// is reports whether a person may mean the key by a name: its path, or the end of it.
func (k projectKey) is(name string) bool {
	name = strings.Trim(name, "[]")
	return strings.EqualFold(k.path, name) || len(name) < len(k.path) && strings.EqualFold(k.path[len(k.path)-len(name)-1:], "."+name)
}

// explainKeys explains keys, those that only differ in their paths together.
func explainKeys(w io.Writer, keys []projectKey) error {
	var texts []string
	paths := make(map[string][]string)
	for _, k := range keys {
		t := k.describe()
		if paths[t] == nil {
			texts = append(texts, t)
		}
		paths[t] = append(paths[t], k.path)
	}
	var errs []error
	for i, t := range texts {
		if i > 0 {
			fmt.Fprintln(w)
		}
		_, err := fmt.Fprintf(w, "%s\n%s", strings.Join(paths[t], ", "), t)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (k projectKey) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s\n", k.Description)
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-9s%s\n", name, fmt.Sprintf(format, args...))
	}
	switch t := k.Type.(type) {
	case string:
		line("type", "%s", typeWord(t))
	case []any:
		var words []string
		for _, one := range t {
			words = append(words, typeWord(fmt.Sprint(one)))
		}
		line("type", "%s", strings.Join(words, " or "))
	}
	for _, s := range append([]keySchema{k.keySchema}, k.AnyOf...) {
		if len(s.Enum) > 0 {
			line("values", "%s", inTOML(s.Enum))
		}
	}
	switch {
	case k.Minimum != nil && k.Maximum != nil:
		line("range", "%d to %d", *k.Minimum, *k.Maximum)
	case k.Minimum != nil:
		line("range", "%d or more", *k.Minimum)
	}
	if k.MaxLength > 0 {
		line("length", "up to %d characters", k.MaxLength)
	}
	if k.Default != nil {
		line("default", "%s", inTOML([]any{k.Default}))
	}
	if len(k.Examples) > 0 && k.Type != "array" {
		line("example", "%s", inTOML(k.Examples[:1]))
	}
	if len(k.Properties) > 0 || k.Items != nil && len(k.Items.Properties) > 0 {
		of := k.Properties
		if k.Items != nil {
			of = k.Items.Properties
		}
		if names := slices.Sorted(maps.Keys(of)); len(names) <= 20 {
			line("keys", "%s", strings.Join(names, ", "))
		}
	}
	return b.String()
}

// inTOML returns values as JSON, which TOML writes alike.
func inTOML(list []any) string {
	var out []string
	for _, v := range list {
		b, _ := json.Marshal(v)
		out = append(out, string(b))
	}
	return strings.Join(out, ", ")
}

// typeWord returns the word of TOML for a type of JSON Schema.
func typeWord(t string) string {
	switch t {
	case "object":
		return "table"
	case "array":
		return "list"
	case "integer":
		return "whole number"
	}
	return t
}

func explainTag(w io.Writer, t tags.Tag) {
	fmt.Fprintf(w, "%s\n  %s\n\n", "%"+t.Name+"%", t.Text)
	line := func(name, format string, args ...any) {
		fmt.Fprintf(w, "  %-12s%s\n", name, fmt.Sprintf(format, args...))
	}
	switch {
	case t.System && t.Line > 0:
		line("kind", "system tag, line %d: the Application Server fills it", t.Line)
	case t.System:
		line("kind", "system tag: the Application Server fills it")
	default:
		line("kind", "custom tag")
		line("feature", "%s", t.Feature)
	}
	line("platforms", "%s", cmp.Or(t.Platforms.String(), "none that is known"))
	for _, name := range t.Aliases {
		line("also", "%s, which is the same tag", name)
	}
	for _, name := range t.Misprints {
		line("misprint", "%s in one edition of the guide: a mistake in a template", name)
	}
	for _, f := range factsOf(t) {
		switch f.What {
		case "name", "text":
			line(f.What, "%s: %s", f.Mark, f.Source)
		case "place":
			line("stands at", "%s (%s: %s)", f.Value, f.Mark, f.Source)
		case "part":
			line("", "%s: %s", f.Mark, f.Source)
		default:
			line(f.What, "%s (%s: %s)", f.Value, f.Mark, f.Source)
		}
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

// explainMarkdown writes what there is to say of a tag as a section of a page.
func explainMarkdown(w io.Writer, t tags.Tag) {
	fmt.Fprintf(w, "\n### %s\n\n%s\n\n", t.Name, markdownText(t.Text))
	for _, f := range factsOf(t) {
		switch f.What {
		case "name", "text":
			fmt.Fprintf(w, "- %s: %s (%s)\n", f.What, f.Mark, f.Source)
		case "place", "part":
			fmt.Fprintf(w, "- %s: `%s`, %s (%s)\n", f.What, f.Value, f.Mark, f.Source)
		default:
			fmt.Fprintf(w, "- %s: %s, %s (%s)\n", f.What, markdownText(f.Value), f.Mark, f.Source)
		}
	}
	for _, name := range t.Aliases {
		fmt.Fprintf(w, "- another spelling: `%s`\n", name)
	}
	for _, name := range t.Misprints {
		fmt.Fprintf(w, "- misprinted in one edition of the guide: `%s`\n", name)
	}
	for _, r := range schema.Rules() {
		if about(r, t) {
			fmt.Fprintf(w, "- checked by %s %s\n", r.Code, r.Name)
		}
	}
	if t.Note != "" {
		fmt.Fprintf(w, "- note: %s\n", markdownText(t.Note))
	}
}

// mentions are what else speaks of a tag: each returns a name for it, and a line
// for each thing that does.
var mentions = []func(tags.Tag) (name string, list []string){relatives, checks, needs}

// relatives returns the other tags of a tag's feature.
func relatives(t tags.Tag) (string, []string) {
	var names []string
	for other := range tags.Default().All() {
		if !t.System && !other.System && other.Feature == t.Feature && other.Name != t.Name {
			names = append(names, other.Name)
		}
	}
	return "goes with", names
}

// checks returns the rules that speak of a tag.
func checks(t tags.Tag) (string, []string) {
	var list []string
	for _, r := range schema.Rules() {
		if about(r, t) {
			list = append(list, fmt.Sprintf("%s %s: %s", r.Code, r.Name, r.Protects))
		}
	}
	return "checked by", list
}

// needs returns the features that a value of the tag switches on and that need
// something of the servers, with the servers.
func needs(t tags.Tag) (string, []string) {
	var query schema.RequirementQuery
	for _, f := range schema.Features() {
		if slices.Contains(f.Settings, t.Name) {
			query.Features = append(query.Features, f.Name)
		}
	}
	r, _ := schema.RequirementsFor(query) // it asks for features that there are
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

// about reports whether a rule speaks of a custom tag: by its name or by its type.
func about(r schema.Rule, t tags.Tag) bool {
	return !t.System && (slices.Contains(r.Tags, t.Name) || slices.Contains(r.Types, t.Type))
}
