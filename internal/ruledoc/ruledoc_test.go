package ruledoc_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/ruledoc"
	"github.com/dtafgen/wxt/schema"
)

// TestAll checks that each rule has an example of a mistake, with what is found in it,
// and one without.
func TestAll(t *testing.T) {
	docs := ruledoc.All()
	require.Len(t, docs, len(schema.Rules()))
	for _, d := range docs {
		assert.NotEmpty(t, d.Bad.Text, d.Code)
		assert.Contains(t, d.Bad.Findings, "["+d.Code+"]")
		assert.NotEmpty(t, d.Good.Text, d.Code)
		assert.Empty(t, d.Good.Findings)
	}
}
