package provision

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMergeRunbook(t *testing.T) {
	merge := func(old, kind, text string) string {
		return mergeRunbook(old, runbookHead, map[string]string{kind: text})
	}
	one := merge("", kindRebuild, "1. Rebuild.\n")
	assert.True(t, strings.HasPrefix(one, runbookTitle))
	two := merge(one, kindTagSet, "1. Tags.\n\n### Going back\n\n1. Back.\n")
	assert.Equal(t, one[:len(runbookHead)]+"\n## Tag sets\n\n1. Tags.\n\n### Going back\n\n1. Back.\n\n## Rebuild\n\n1. Rebuild.\n", two)
	assert.Equal(t, two, merge(two, kindRebuild, "1. Rebuild.\n"))
	assert.NotContains(t, merge(two+"\n## Others\n\nx\n", kindTagSet, "New.\n"), "Others")
	assert.Contains(t, merge(strings.ReplaceAll(two, "\n", "\r\n"), kindTagSet, "New.\n"), "1. Rebuild.")
}

func TestCode(t *testing.T) {
	for text, want := range map[string]string{"": "(empty)", "a": "`a`", "a`b": "``a`b``", "`": "`` ` ``", "``x": "``` ``x ```"} {
		assert.Equal(t, want, code(text))
	}
	assert.Equal(t, "'it'\\''s'", shellQuote("it's"))
	assert.Equal(t, "a/b-1.toml", shellQuote("a/b-1.toml"))
	assert.Equal(t, "''", shellQuote(""))
}
