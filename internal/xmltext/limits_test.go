package xmltext

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMaxNodes(t *testing.T) {
	for src, n := range map[string]int{"<a/>": 1, "<a b='1' c='2'/>": 3, "<a>x<b/><!--y--></a>": 4} {
		_, err := Parse(src, MaxNodes(n))
		assert.NoError(t, err, src)
		if n > 1 {
			_, err = Parse(src, MaxNodes(n-1))
			assert.ErrorContains(t, err, fmt.Sprintf("more than %d nodes and attributes", n-1), src)
		}
	}
	// Reading ends where the limit is crossed.
	for _, src := range []string{"<a>" + strings.Repeat("<b/>", 1000) + "</a>", "<a" + strings.Repeat(" b=''", 1000) + "/>"} {
		_, err := Parse(src, MaxNodes(5))
		var se *SyntaxError
		require.ErrorAs(t, err, &se)
		assert.Less(t, se.Offset, 40)
	}
}
