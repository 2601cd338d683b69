package tomlfile

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// treeDepth returns how deep tables and arrays nest.
func treeDepth(v any) int {
	deepest := 0
	switch v := v.(type) {
	case map[string]any:
		for _, child := range v {
			deepest = max(deepest, treeDepth(child))
		}
	case []map[string]any:
		for _, child := range v {
			deepest = max(deepest, treeDepth(child))
		}
	case []any:
		for _, child := range v {
			deepest = max(deepest, treeDepth(child))
		}
	default:
		return 0
	}
	return deepest + 1
}

func TestDepth(t *testing.T) {
	for src, want := range map[string]int{
		"":                                      0,
		"a = 1":                                 0,
		"a.b.c = 1":                             2,
		"[a.b.c]\nd = 1":                        3,
		"a = [[1.5, 2.5], [3.5]]":               3,
		"a = {b = [{c = 1}]}":                   3,
		"a = \"[[[\" # [[[\nb = '[['":           0,
		`a = "\"[[["`:                           0,
		"a = \"\"\"\n[[[\"[[\"\"\"\"\"\nb = []": 1,
		"a = '''[['[[''''\nb = [1]":             1,
		`a = ["""x"""", [[]]]`:                  3,
		"a = \"[[[\nb = [[":                     2,
		`a = """`:                               0,
		`"a.b".'c.d' = 1`:                       1,
		"]]]\n[":                                1,
	} {
		got, _ := Depth(src)
		assert.Equal(t, want, got, "%q", src)
	}
}
