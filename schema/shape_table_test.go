package schema

import (
	"fmt"
	"maps"
	"os"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/gen"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/tags"
)

// A shapeFile is shape.toml.
type shapeFile struct {
	Source map[string]struct {
		Mark tags.Mark `toml:"mark"`
		Text string    `toml:"text"`
	} `toml:"source"`
	Path []struct {
		Path    string  `toml:"path"`
		Tag     string  `toml:"tag"`
		Setting Setting `toml:"setting"`
		Known   string  `toml:"known"`
		Part    string  `toml:"part"`
	} `toml:"path"`
	Group []struct {
		Path string `toml:"path"`
		Text string `toml:"text"`
	} `toml:"group"`
	Codec []struct {
		Name       string      `toml:"name"`
		Media      string      `toml:"media"`
		Known      string      `toml:"known"`
		Ranked     *bool       `toml:"ranked"`
		Attributes [][2]string `toml:"attributes"`
	} `toml:"codec"`
}

// readShape reads the text of shape.toml.
func readShape(text string) (places []Path, comments map[string]string, codecs []Codec, err error) {
	var file shapeFile
	md, err := toml.Decode(text, &file)
	if err != nil {
		return nil, nil, nil, err
	}
	if keys := md.Undecoded(); len(keys) > 0 {
		return nil, nil, nil, fmt.Errorf("unknown key %s", keys[0])
	}
	used := make(map[string]bool)
	fact := func(name string) tags.Fact {
		s, ok := file.Source[name]
		if !ok && err == nil {
			err = fmt.Errorf("there is no source %q", name)
		}
		used[name] = true
		return tags.Fact{Mark: s.Mark, Source: s.Text}
	}
	comments = make(map[string]string)
	for _, g := range file.Group {
		comments[g.Path] = g.Text
	}
	var root Element
	left := maps.Clone(comments)
	for _, e := range file.Path {
		p := Path{Path: e.Path, Tag: e.Tag, Setting: e.Setting, Known: fact(e.Known)}
		if e.Part != "" {
			p.Part = fact(e.Part)
		}
		if err != nil {
			return nil, nil, nil, err
		}
		if (p.Tag == "") == (p.Setting == "") {
			return nil, nil, nil, fmt.Errorf("%s: expected a tag or a setting", e.Path)
		}
		if e.Part != "" && p.Part.Mark <= p.Known.Mark {
			return nil, nil, nil, fmt.Errorf("%s: its part is no better known than the whole", e.Path)
		}
		if err := root.insert(p, left); err != nil {
			return nil, nil, nil, err
		}
		places = append(places, p)
	}
	for path := range left {
		return nil, nil, nil, fmt.Errorf("the comment for %s has no element", path)
	}
	for _, c := range file.Codec {
		codecs = append(codecs, Codec{c.Name, c.Media, c.Ranked == nil || *c.Ranked, c.Attributes, fact(c.Known)})
	}
	for name := range file.Source {
		if !used[name] {
			return nil, nil, nil, fmt.Errorf("nothing comes from the source %s", name)
		}
	}
	return places, comments, codecs, err
}

// TestShapeTable compares shape_table.go with shape.toml, of which it is made.
func TestShapeTable(t *testing.T) {
	text, err := os.ReadFile("shape.toml")
	require.NoError(t, err)
	places, comments, codecs, err := readShape(string(text))
	require.NoError(t, err)
	source, err := gen.Source("schema", "shape.toml",
		gen.Table{Name: "places", Value: places}, gen.Table{Name: "comments", Value: comments}, gen.Table{Name: "codecs", Value: codecs})
	require.NoError(t, err)
	if testkit.Updating() {
		require.NoError(t, os.WriteFile("shape_table.go", []byte(source), 0o666))
	}
	got, err := os.ReadFile("shape_table.go")
	require.NoError(t, err)
	assert.Equal(t, source, string(got), "go generate ./schema writes it again")
}

func TestShapeRefuses(t *testing.T) {
	const source = "[source.a]\nmark = \"documented\"\n[source.b]\nmark = \"inherited\"\n"
	const path = source + "[[path]]\npath = \"config/a\"\nknown = \"b\"\n"
	for text, want := range map[string]string{
		path + "colour = 1\n":                "unknown key path.colour",
		path:                                 "expected a tag or a setting",
		path + "tag = \"A\"\n":               "nothing comes from the source a",
		path + "tag = \"A\"\npart = \"b\"\n": "no better known",
		path + "tag = \"A\"\npart = \"c\"\n": `there is no source "c"`,
		path + "tag = \"A\"\n[[path]]\npath = \"x/a\"\ntag = \"B\"\nknown = \"b\"\n":      "the root is config",
		path + "tag = \"A\"\n[[path]]\npath = \"config/a\"\ntag = \"B\"\nknown = \"b\"\n": "config/a is listed twice",
		path + "tag = \"A\"\npart = \"a\"\n[[group]]\npath = \"config/b\"\n":              "has no element",
	} {
		_, _, _, err := readShape(text)
		assert.ErrorContains(t, err, want)
	}
}
