package text

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestApply(t *testing.T) {
	got, err := Apply("0123456789", []Splice{{8, 9, "x"}, {2, 4, ""}, {4, 4, "a"}, {4, 4, "b"}})
	require.NoError(t, err)
	assert.Equal(t, "01ab4567x9", got)
	for _, bad := range [][]Splice{{{2, 5, ""}, {4, 6, ""}}, {{5, 4, ""}}, {{0, 11, ""}}, {{-1, 0, ""}}} {
		_, err := Apply("0123456789", bad)
		assert.Error(t, err)
	}
}
