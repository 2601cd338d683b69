package tags

import (
	"fmt"
	"os"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/gen"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/testkit"
)

// An entry is a tag as catalogue.toml has it.
type entry struct {
	Name          string            `toml:"name"`
	Aliases       []string          `toml:"aliases"`
	Misprints     []string          `toml:"misprints"`
	Feature       string            `toml:"feature"`
	Text          string            `toml:"text"`
	Note          string            `toml:"note"`
	Platforms     []Platform        `toml:"platforms"`
	Type          Type              `toml:"type"`
	Values        []string          `toml:"values"`
	Min           int               `toml:"min"`
	Max           int               `toml:"max"`
	TrailingSlash bool              `toml:"trailing_slash"`
	Default       string            `toml:"default"`
	Secret        bool              `toml:"secret"`
	Known         map[string]string `toml:"known"`
}

// readTable reads the text of catalogue.toml.
func readTable(text string) ([]Tag, error) {
	var file struct {
		Source map[string]struct {
			Mark Mark   `toml:"mark"`
			Text string `toml:"text"`
		} `toml:"source"`
		Tag    []entry `toml:"tag"`
		System []entry `toml:"system"`
	}
	md, err := toml.Decode(text, &file)
	if err != nil {
		return nil, err
	}
	if keys := md.Undecoded(); len(keys) > 0 {
		return nil, fmt.Errorf("unknown key %s", keys[0])
	}
	used := make(map[string]bool)
	var list []Tag
	for i, e := range append(file.Tag, file.System...) {
		t := Tag{
			Name: e.Name, System: i >= len(file.Tag), Aliases: e.Aliases, Misprints: e.Misprints, Feature: e.Feature, Text: e.Text, Note: e.Note,
			Platforms: NewPlatformSet(e.Platforms...), Type: e.Type, Values: e.Values, Min: e.Min, Max: e.Max, TrailingSlash: e.TrailingSlash,
			Default: e.Default, Secret: e.Secret,
		}
		if t.System {
			_, t.Line = tagname.SplitLine(t.Name)
		}
		facts := map[string]*Fact{
			"name": &t.Known.Name, "default": &t.Known.Default, "type": &t.Known.Type, "values": &t.Known.Values, "text": &t.Known.Text,
		}
		for _, p := range Platforms() {
			facts[p.String()] = &t.Known.Platforms[p]
		}
		for fact, name := range e.Known {
			source, ok := file.Source[name]
			if !ok || facts[fact] == nil {
				return nil, fmt.Errorf("tag %s: there is no fact %s or no source %s", e.Name, fact, name)
			}
			*facts[fact] = Fact{source.Mark, source.Text}
			used[name] = true
		}
		for fact, f := range facts {
			optional := fact == "values" || fact == "default" && t.System
			if f.Source == "" && !optional {
				return nil, fmt.Errorf("tag %s: no source for its %s", e.Name, fact)
			}
		}
		list = append(list, t)
	}
	for name := range file.Source {
		if !used[name] {
			return nil, fmt.Errorf("no fact comes from the source %s", name)
		}
	}
	return list, nil
}

// TestTable compares catalogue_table.go with catalogue.toml, of which it is made.
func TestTable(t *testing.T) {
	text, err := os.ReadFile("catalogue.toml")
	require.NoError(t, err)
	list, err := readTable(string(text))
	require.NoError(t, err)
	source, err := gen.Source("tags", "catalogue.toml", gen.Table{Name: "table", Value: list})
	require.NoError(t, err)
	if testkit.Updating() {
		require.NoError(t, os.WriteFile("catalogue_table.go", []byte(source), 0o666))
	}
	got, err := os.ReadFile("catalogue_table.go")
	require.NoError(t, err)
	assert.Equal(t, source, string(got), "go generate ./tags writes it anew")
}

func TestTableRefuses(t *testing.T) {
	const tag = "[[tag]]\nname = \"A_WXT\"\nplatforms = [\"desktop\"]\ntype = \"bool\"\n"
	const source = "[source.a]\nmark = \"documented\"\ntext = \"a\"\n"
	for text, want := range map[string]string{
		tag + "colour = 1\n":                          "unknown key tag.colour",
		tag + "known = { name = \"b\" }\n":            "there is no fact name or no source b",
		source + tag + "known = { colour = \"a\" }\n": "there is no fact colour or no source a",
		source + tag + "known = { name = \"a\" }\n":   "no source for its",
		source:                              "no fact comes from the source a",
		"[source.a]\nmark = \"rumoured\"\n": `unknown mark "rumoured"`,
		"[[tag]]\nname = \"A_WXT\"\nplatforms = [\"fridge\"]\n": `unknown platform "fridge"`,
	} {
		_, err := readTable(text)
		assert.ErrorContains(t, err, want)
	}
}
