package records

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFoldID(t *testing.T) {
	same := func(a, b string) { t.Helper(); assert.Equal(t, foldID(a), foldID(b)) }
	same("Alice", "ALICE")
	same("É", "e\u0301")
	same("ſ", "S")
	assert.NotEqual(t, foldID("a"), foldID("b"))
}

func TestNames(t *testing.T) {
	names := NewNames()
	require.NoError(t, names.Add("Alice", 2))
	require.NoError(t, names.Add("bob", 0))
	assert.ErrorContains(t, names.Add("aLICE", 4), "the same file name as that of line 2")
	assert.ErrorContains(t, names.Add("BOB", 5), "the same file name as that of another subscriber")
}
