package gen_test

import (
	"go/ast"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/gen"
)

type row struct {
	Name  string
	Dir   ast.ChanDir
	List  []string
	Pairs [][2]string
	Next  *row
	Empty []string
}

func TestSource(t *testing.T) {
	got, err := gen.Source("gen_test", "rows.toml",
		gen.Table{Name: "rows", Value: []row{
			{Name: "a\n\"b\"", Dir: ast.SEND, List: []string{"x", "y"}},
			{Pairs: [][2]string{{"k", "v"}}, Next: &row{Name: "c"}},
		}},
		gen.Table{Name: "sizes", Value: map[string]int{"z": 1, "a": -2}},
		gen.Table{Name: "dirs", Value: []ast.ChanDir{ast.RECV}},
	)
	require.NoError(t, err)
	assert.Equal(t, `// Code generated from rows.toml by go generate; DO NOT EDIT.

package gen_test

import (
	"go/ast"
)

var rows = []row{
	{Name: "a\n\"b\"", Dir: 1, List: []string{"x", "y"}},
	{Pairs: [][2]string{{"k", "v"}}, Next: &row{Name: "c"}},
}

var sizes = map[string]int{
	"a": -2,
	"z": 1,
}

var dirs = []ast.ChanDir{2}
`, got)
	_, err = gen.Source("p", "f", gen.Table{Name: "n", Value: []any{func() {}}})
	assert.ErrorContains(t, err, "n: can't write a")
}
