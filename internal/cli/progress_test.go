package cli

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dtafgen/wxt"
)

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	none := newProgress(&out, 10)
	assert.Nil(t, none, "a buffer is no terminal")
	none.update(wxt.BulkStats{})
	none.clear()
	assert.Empty(t, out.String())

	for _, total := range []int64{100, -1} {
		out.Reset()
		p := startProgress(&out, total)
		p.update(wxt.BulkStats{Subscribers: 3, Bytes: 50})
		assert.Contains(t, out.String(), "3 subscribers, ")
		if total > 0 {
			assert.Contains(t, out.String(), " 50% ")
		}
		p.clear()
	}
}
