package wxt

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dtafgen/wxt/internal/projectdoc"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/tags"
)

// TestKeysAreExplained walks the table of keys: each has a text, and one that has
// no default has an example, so that the starter file, the JSON Schema and the
// reference can be made of it.
func TestKeysAreExplained(t *testing.T) {
	d, err := newDefaults(&Project{})
	assert.NoError(t, err)
	var walk func(keys []projectdoc.Key, inArray bool, path ...string)
	walk = func(keys []projectdoc.Key, inArray bool, path ...string) {
		for _, k := range keys {
			here := append(path[:len(path):len(path)], k.Name)
			assert.Regexp(t, `^[A-Z].*\.$`, k.Text, "%v: text in keys.go", here)
			assert.NotRegexp(t, `^\s*[\w"%.-]+\s*=`, k.Text, "%v: the text looks like a setting", here)
			if _, ok := d.of(here...); !ok && !inArray && k.Kind != projectdoc.Table && k.Kind != projectdoc.Values && k.Kind != projectdoc.Levels {
				assert.NotNil(t, k.Example, "%v: there is no default, so there has to be an example in keys.go", here)
			}
			walk(k.Keys, inArray || k.Kind == projectdoc.Tables, here...)
		}
	}
	walk(projectKeys, false)
}

// TestProjectFilePage compares docs/project-file.md with the table of keys.
func TestProjectFilePage(t *testing.T) {
	d, err := newDefaults(&Project{})
	assert.NoError(t, err)
	var b strings.Builder
	b.WriteString(`# The project file

` + "`dtafgen.toml`" + ` is a file in TOML. Every key is optional, and without a file the embedded default is
compiled. A key that is misspelt, or has a value of another kind, is an error that names its place.

A file may extend others: [One source, many customers](many-customers.md) tells how they are put together.

This page is made of the table of keys: ` + "`go test . -update`" + ` writes it. The tags that the tables
` + "`tags`" + ` take are in [the tag reference](tags.md), and ` + "`dtafgen init --full`" + ` writes a file with all of this in it,
commented out.

| key | takes | default | what it is for |
| --- | --- | --- | --- |
`)
	cell := strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`)
	var walk func(keys []projectdoc.Key, path ...string)
	walk = func(keys []projectdoc.Key, path ...string) {
		for _, k := range keys {
			here := append(path[:len(path):len(path)], k.Name)
			name := strings.Join(here, ".")
			if k.Kind == projectdoc.Tables {
				name = "[[" + name + "]]"
			}
			takes := k.Kind.String()
			if allowed := k.Allowed(); allowed != "" && k.Kind != projectdoc.Bool {
				takes += ": " + strings.TrimSuffix(strings.ToLower(allowed[:1])+allowed[1:], ".")
			}
			def := ""
			switch value, ok := d.of(here...); {
			case k.Kind == projectdoc.Table || k.Kind == projectdoc.Values || k.Kind == projectdoc.Tables:
			case k.Name == "base":
			case ok:
				def = "`" + projectdoc.TOML(value) + "`"
			}
			text := k.Text
			if k.Required {
				text += " It has to be there."
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", name, cell.Replace(takes), def, cell.Replace(text))
			if k.Name == "mobile" || k.Name == "tablet" {
				fmt.Fprintf(&b, "| `%s.*` | the keys of `desktop` | its own | |\n", k.Name)
				continue
			}
			walk(k.Keys, here...)
		}
	}
	walk(projectKeys)
	testkit.Golden(t, "../docs/project-file.md", b.String())
}

// TestTypeNames checks that the types of the keys are those of the catalogue.
func TestTypeNames(t *testing.T) {
	_, err := tags.Default().Extend(tags.Tag{Name: "X", Type: "none-like-it", Platforms: tags.NewPlatformSet(tags.Desktop)})
	assert.ErrorContains(t, err, "expected one of "+strings.Join(typeNames(), ", "))
}
