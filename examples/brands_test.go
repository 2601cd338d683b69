package examples_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/schema"
)

// brands are the projects of the example.
func brands() []string {
	var list []string
	for _, brand := range []string{"acme", "borealis", "cumulus"} {
		list = append(list, "brands/"+brand+"-lab.toml", "brands/"+brand+"-production.toml")
	}
	return list
}

// TestBrands builds the projects of the example, in which nothing is wrong. The other
// files are abstract.
func TestBrands(t *testing.T) {
	names := make(map[string]bool)
	for _, path := range brands() {
		p, err := wxt.Load(path)
		require.NoError(t, err)
		assert.False(t, p.Abstract)
		assert.NotEmpty(t, p.Name)
		names[p.Name] = true
		b, err := wxt.Build(p)
		require.NoError(t, err, path)
		assert.Zero(t, b.Findings.Count(schema.Warning), "%s: %v", path, b.Findings)
		assert.GreaterOrEqual(t, len(b.Archives), 2, path)
	}
	assert.Len(t, names, 6)
	files, err := filepath.Glob("brands/*.toml")
	require.NoError(t, err)
	abstract := 0
	for _, path := range files {
		p, err := wxt.Load(path)
		require.NoError(t, err)
		if p.Abstract {
			abstract++
		}
	}
	assert.Equal(t, len(files)-6, abstract)
}

// TestBrandsSayNothingTwice looks for a value that stands in two places of the example:
// a text anywhere, and another value under the same key.
func TestBrandsSayNothingTwice(t *testing.T) {
	files, err := filepath.Glob("brands/*.toml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	seen := make(map[string]string)
	var walk func(place, key string, value any)
	walk = func(place, key string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for name, v := range value {
				if key == "" && (name == "extends" || name == "abstract") {
					continue
				}
				walk(place, key+"."+name, v)
			}
			return
		case []any, []map[string]any:
			key += fmt.Sprint(value)
		case string:
			key = value
		default:
			key += fmt.Sprint(" ", value)
		}
		if other, twice := seen[key]; twice {
			t.Errorf("%s and %s both have %s", other, place, key)
		}
		seen[key] = place
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		var tree map[string]any
		require.NoError(t, toml.Unmarshal(data, &tree))
		walk(path, "", tree)
	}
	assert.Greater(t, len(seen), 40)
}
