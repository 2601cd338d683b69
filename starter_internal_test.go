package wxt

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dtafgen/wxt/internal/testkit"
)

// TestKeysAreExplained walks the table of keys: each has a text, and one that has
// no default has an example, so that the starter file, the JSON Schema and the
// reference can be made of it.
func TestKeysAreExplained(t *testing.T) {
	d, err := newDefaults(&Project{})
	assert.NoError(t, err)
	var walk func(keys []key, inArray bool, path ...string)
	walk = func(keys []key, inArray bool, path ...string) {
		for _, k := range keys {
			here := append(path[:len(path):len(path)], k.name)
			assert.Regexp(t, `^[A-Z].*\.$`, k.text, "%v: text in keys.go", here)
			assert.NotRegexp(t, `^\s*[\w"%.-]+\s*=`, k.text, "%v: the text looks like a setting", here)
			if _, ok := d.of(here...); !ok && !inArray && k.kind != kindTable && k.kind != kindValues && k.kind != kindLevels {
				assert.NotNil(t, k.example, "%v: there is no default, so there has to be an example in keys.go", here)
			}
			walk(k.keys, inArray || k.kind == kindTables, here...)
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

This page is made of the table of keys: ` + "`go test . -update`" + ` writes it. The tags that the tables
` + "`tags`" + ` take are in [the tag reference](tags.md), and ` + "`dtafgen init`" + ` writes a file with all of this in it,
commented out.

| key | takes | default | what it is for |
| --- | --- | --- | --- |
`)
	cell := strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`)
	var walk func(keys []key, path ...string)
	walk = func(keys []key, path ...string) {
		for _, k := range keys {
			here := append(path[:len(path):len(path)], k.name)
			name := strings.Join(here, ".")
			if k.kind == kindTables {
				name = "[[" + name + "]]"
			}
			takes := kindNames[k.kind]
			if allowed := k.allowed(); allowed != "" && k.kind != kindBool {
				takes += ": " + strings.TrimSuffix(strings.ToLower(allowed[:1])+allowed[1:], ".")
			}
			def := ""
			switch value, ok := d.of(here...); {
			case k.kind == kindTable || k.kind == kindValues || k.kind == kindTables:
			case k.name == "broadworks" || k.name == "base":
			case ok:
				def = "`" + tomlValue(value, nil) + "`"
			}
			text := k.text
			if k.required {
				text += " It has to be there."
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", name, cell.Replace(takes), def, cell.Replace(text))
			if k.name == "mobile" || k.name == "tablet" {
				fmt.Fprintf(&b, "| `%s.*` | the keys of `desktop` | its own | |\n", k.name)
				continue
			}
			walk(k.keys, here...)
		}
	}
	walk(projectKeys)
	testkit.Golden(t, "../docs/project-file.md", b.String())
}
