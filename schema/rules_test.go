package schema_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/gen"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// TestRuleTable compares the rules with rules.toml, which they are generated from.
func TestRuleTable(t *testing.T) {
	text, err := os.ReadFile("rules.toml")
	require.NoError(t, err)
	var file struct {
		Rule []schema.Rule
	}
	md, err := toml.Decode(string(text), &file)
	require.NoError(t, err)
	require.Empty(t, md.Undecoded())
	for i := range file.Rule {
		r := &file.Rule[i]
		for _, row := range r.Rows {
			for _, names := range [][]string{row.When, row.Unless, row.Idle, row.At} {
				for _, name := range names {
					if name, _, _ = strings.Cut(name, " is "); !slices.Contains(r.Tags, name) {
						r.Tags = append(r.Tags, name)
					}
				}
			}
		}
	}
	source, err := gen.Source("schema", "rules.toml", gen.Table{Name: "rules", Value: file.Rule})
	require.NoError(t, err)
	testkit.Golden(t, "../rules_table.go", source)
}

// TestFixedRules checks that no error that a project can't change rests on what is not
// documented.
func TestFixedRules(t *testing.T) {
	undocumented := regexp.MustCompile(`(?i)reconstructed|inherited|observed|a real archive|common sense|guess|how Device Management`)
	fixed := 0
	for _, r := range schema.Rules() {
		if r.Fixed && r.Severity == schema.Error {
			fixed++
			assert.NotRegexp(t, undocumented, r.Source, r.Code)
		}
	}
	assert.Greater(t, fixed, 10)
}

func TestRules(t *testing.T) {
	code := regexp.MustCompile(`^WXT[0-9]{3}$`)
	condition := regexp.MustCompile(`^([A-Z0-9_]+) is (true|false|empty|set)$`)
	seen := map[string]bool{}
	last := ""
	for _, r := range schema.Rules() {
		assert.Regexp(t, code, r.Code)
		assert.Greater(t, r.Code, last, "by code")
		assert.False(t, seen[r.Name], r.Name)
		assert.NotEmpty(t, r.Protects, r.Code)
		assert.NotEmpty(t, r.Source, r.Code)
		assert.NotEqual(t, schema.Off, r.Severity, r.Code)
		seen[r.Name], last = true, r.Code
		for _, name := range r.Tags {
			_, known := tags.Default().Lookup(name)
			assert.True(t, known, "%s: %s", r.Code, name)
		}
		for _, row := range r.Rows {
			assert.NotEmpty(t, row.When, r.Code)
			assert.NotEmpty(t, row.Remedy, r.Code)
			assert.False(t, len(row.Idle) > 0 && len(row.At) > 0, "%s: idle tags are told where they are set", r.Code)
			for _, c := range slices.Concat(row.When, row.Unless) {
				assert.Regexp(t, condition, c, r.Code)
			}
		}
		found, ok := schema.LookupRule(r.Code)
		assert.True(t, ok)
		assert.Equal(t, r, found)
	}
	for _, code := range []string{"", "WXT000", "WXT999", "WXT1015"} {
		_, ok := schema.LookupRule(code)
		assert.False(t, ok, code)
	}
}
