package cli

import (
	"bytes"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A screen is a terminal that the bar may draw on at any time.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func TestProgress(t *testing.T) {
	var out screen
	none := newProgress(&out, 10)
	assert.Nil(t, none, "a buffer is no terminal")
	none.update(renderStats{}, 0)
	none.clear()
	assert.Empty(t, out.String())

	for _, total := range []int64{100, -1} {
		var out screen
		p := startProgress(&out, total)
		p.update(renderStats{subscribers: 3}, 50)
		assert.Contains(t, out.String(), "3 subscribers, ")
		if total > 0 {
			assert.Contains(t, out.String(), " 50% ")
		}
		p.clear()
	}
}
