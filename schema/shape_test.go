package schema_test

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// TestPathFacts compares the places with the facts that they were made from.
func TestPathFacts(t *testing.T) {
	f, err := os.Open(testkit.Shared(t, "facts/config-wxt-paths.csv"))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"path", "tag", "platforms", "known"}, rows[0])
	var want, got [][2]string
	for _, row := range rows[1:] {
		want = append(want, [2]string{row[0], row[1]})
		tag, ok := tags.Default().Lookup(row[1])
		require.True(t, ok, row[1])
		platforms := row[2]
		if platforms == "all" {
			platforms = "desktop,mobile,tablet"
		}
		assert.Equal(t, platforms, strings.ReplaceAll(tag.Platforms.String(), ", ", ","), row[1])
	}
	for _, p := range schema.Paths() {
		if p.Tag == "" {
			continue
		}
		got = append(got, [2]string{p.Path, p.Tag})
		row := rows[1+len(got)-1]
		switch {
		case p.KnownElement:
			assert.Equal(t, "element and attributes documented, parent reconstructed", row[3], p.Path)
			assert.Equal(t, tags.Reconstructed, p.Known)
		default:
			assert.Equal(t, row[3], p.Known.String(), p.Path)
		}
	}
	assert.Equal(t, want, got)
}

// walk calls fn for every tag in e, with its path.
func walk(e schema.Element, above string, fn func(path, tag string)) {
	path := strings.TrimPrefix(above+"/"+e.Name, "/")
	if e.Tag != "" {
		fn(path, e.Tag)
	}
	for _, a := range e.Attrs {
		fn(path+"/@"+a.Name, a.Tag)
	}
	for _, c := range e.Children {
		walk(c, path, fn)
	}
}

// TestShape checks that a platform's document has each of its custom tags and
// nothing of another platform's.
func TestShape(t *testing.T) {
	for _, p := range tags.Platforms() {
		have := map[string]int{}
		root := schema.ShapeOf(p, tags.Default())
		assert.Equal(t, "config", root.Name)
		walk(root, "", func(path, name string) {
			have[name]++
			tag, ok := tags.Default().Lookup(name)
			require.True(t, ok, name)
			assert.True(t, tag.Platforms.Has(p), "%s: %s", p, name)
			assert.Contains(t, paths(name), path)
		})
		for tag := range tags.Default().On(p) {
			assert.Equal(t, len(schema.PathsOf(tag.Name)), have[tag.Name], "%s: %s", p, tag.Name)
			assert.NotZero(t, have[tag.Name], tag.Name)
		}
	}
	mobile, tablet := schema.ShapeOf(tags.Mobile, tags.Default()), schema.ShapeOf(tags.Tablet, tags.Default())
	assert.Equal(t, mobile, tablet, "tablet follows mobile")
}

func paths(tag string) (list []string) {
	for _, p := range schema.PathsOf(tag) {
		list = append(list, p.Path)
	}
	return list
}

func TestCodecs(t *testing.T) {
	codecs := schema.Codecs()
	assert.NotEmpty(t, codecs)
	for _, c := range codecs {
		assert.Contains(t, []string{"audio", "video"}, c.Media)
		assert.Equal(t, c.Name != "telephone-event", c.Ranked, c.Name)
	}
	codecs[0].Name = "changed"
	assert.NotEqual(t, "changed", schema.Codecs()[0].Name)
}
