package schema_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A knownFact is a kind of fact, and of what each mark is the mark.
type knownFact struct {
	name  string
	marks [tags.Documented + 1][]string
}

// knownFacts returns how well each kind of fact is known of each tag, place and
// codec.
func knownFacts() []knownFact {
	var list []knownFact
	fact := func(name string) *knownFact {
		list = append(list, knownFact{name: name})
		return &list[len(list)-1]
	}
	each := func(name string, of func(t tags.Tag) (tags.Fact, bool)) {
		f := fact(name)
		for t := range tags.Default().All() {
			if known, ok := of(t); ok {
				f.marks[known.Mark] = append(f.marks[known.Mark], t.Name)
			}
		}
	}
	each("names of custom tags", func(t tags.Tag) (tags.Fact, bool) { return t.Known.Name, !t.System })
	each("names of system tags", func(t tags.Tag) (tags.Fact, bool) { return t.Known.Name, t.System })
	for _, p := range tags.Platforms() {
		each("custom tags of "+p.String(), func(t tags.Tag) (tags.Fact, bool) {
			return t.Known.Platforms[p], !t.System && t.Platforms.Has(p)
		})
	}
	each("defaults", func(t tags.Tag) (tags.Fact, bool) { return t.Known.Default, !t.System })
	each("types", func(t tags.Tag) (tags.Fact, bool) { return t.Known.Type, !t.System })
	each("lists of values and limits", func(t tags.Tag) (tags.Fact, bool) { return t.Known.Values, t.Known.Values.Source != "" })
	each("what a tag does", func(t tags.Tag) (tags.Fact, bool) { return t.Known.Text, true })
	for _, kind := range []string{"places of tags", "places of settings"} {
		f := fact(kind)
		for _, p := range schema.Paths() {
			if (p.Setting != "") == (kind == "places of settings") {
				f.marks[p.Known.Mark] = append(f.marks[p.Known.Mark], p.Path)
			}
		}
	}
	codecs := fact("codecs")
	for _, c := range schema.Codecs() {
		codecs.marks[c.Known.Mark] = append(codecs.marks[c.Known.Mark], c.Name)
	}
	return list
}

// marks are the marks, best first.
var marks = []tags.Mark{tags.Documented, tags.Observed, tags.Inherited, tags.Reconstructed}

// knownCounts returns the table of counts.
func knownCounts() string {
	var b strings.Builder
	b.WriteString("| fact | documented | observed | inherited | reconstructed |\n| --- | --: | --: | --: | --: |\n")
	for _, f := range knownFacts() {
		fmt.Fprintf(&b, "| %s |", f.name)
		for _, m := range marks {
			fmt.Fprintf(&b, " %d |", len(f.marks[m]))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestKnown compares docs/known.md, and the counts in README.md, with the tables of
// facts. With -update it writes them.
func TestKnown(t *testing.T) {
	var b strings.Builder
	b.WriteString(`# What is known, and how well

Each fact has a mark of its own, and a source that ` + "`dtafgen tags NAME`" + ` shows. This page is made of the
tables of facts: ` + "`go test ./schema -update`" + ` writes it.

| mark | meaning |
| --- | --- |
| documented | stands in Cisco's public guides or in the OCI schema: no project can change it |
| observed | read off a real archive or a real system |
| inherited | observed in the file of the app's predecessor, whose format config-wxt.xml continues |
| reconstructed | the best understanding of a document that is not at hand |

A place is only as well known as its least known part: where the guide shows an element and
its attributes, and not where they stand, the place is known as well as its parent.

## How many

`)
	b.WriteString(knownCounts())
	for _, m := range marks {
		fmt.Fprintf(&b, "\n## %s%s\n\n| fact | count | which |\n| --- | --: | --- |\n", strings.ToUpper(m.String()[:1]), m.String()[1:])
		for _, f := range knownFacts() {
			if len(f.marks[m]) > 0 {
				list := slices.Sorted(slices.Values(f.marks[m]))
				fmt.Fprintf(&b, "| %s | %d | `%s` |\n", f.name, len(list), strings.Join(list, "`, `"))
			}
		}
	}
	compareFile(t, "../docs/known.md", func(string) string { return b.String() })
	compareFile(t, "../README.md", func(text string) string {
		const begin, end = "<!-- the counts of docs/known.md -->\n\n", "\n<!-- end of the counts -->"
		before, rest, ok := strings.Cut(text, begin)
		_, after, ok2 := strings.Cut(rest, end)
		require.True(t, ok && ok2, "README.md has no block for the counts")
		return before + begin + knownCounts() + end + after
	})
}

// compareFile compares a file with what is made of it, or writes that with -update.
func compareFile(t *testing.T, name string, want func(text string) string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil && !(testkit.Updating() && os.IsNotExist(err)) {
		require.NoError(t, err)
	}
	text := want(string(data))
	if testkit.Updating() {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
		return
	}
	if diff := cmp.Diff(text, string(data)); diff != "" {
		t.Errorf("go test ./schema -update writes %s (-want +got):\n%s", name, diff)
	}
}
