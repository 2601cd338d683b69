package cli

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dtafgen/wxt/internal/testkit"
)

// TestTagsCSV shows each tag with the marks of its facts.
func TestTagsCSV(t *testing.T) {
	for name, args := range map[string][]string{
		"tags.csv":       {"tags", "--format", "csv"},
		"tags-facts.csv": {"tags", "--format", "csv", "--facts"},
	} {
		status, out, _ := dtafgen(args...)
		assert.Equal(t, statusDone, status)
		testkit.Golden(t, name, out)
	}
}
