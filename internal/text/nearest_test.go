package text

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNearest(t *testing.T) {
	names := []string{"USE_TLS_WXT", "USE_TCP_FROM_DNS_WXT", "USE_TLS_FROM_DNS_WXT", "SBC_PORT_WXT", "base", "edit"}
	for _, tt := range []struct {
		name, want string
		ok         bool
	}{
		{"USE_TLS_WXT", "USE_TLS_WXT", true},
		{"use_tls_wxt", "USE_TLS_WXT", true},
		{"USE_TSL_WXT", "USE_TLS_WXT", true},
		{"USE_TLSFROM_DNS_WXT", "USE_TLS_FROM_DNS_WXT", true},
		{"SBC_PROT_WXT", "SBC_PORT_WXT", true},
		{"bsae", "base", true},
		{"edits", "edit", true},
		{"é", "", false},
		{"", "", false},
		{"COMPLETELY_OTHER", "", false},
	} {
		got, ok := Nearest(tt.name, slices.Values(names))
		assert.Equal(t, tt.want, got, tt.name)
		assert.Equal(t, tt.ok, ok, tt.name)
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"abc", "acb", 1}, {"kitten", "sitting", 3}, {"ca", "abc", 3},
	} {
		var d distance
		assert.Equal(t, tt.want, d.between([]rune(tt.a), []rune(tt.b), 10), "%s %s", tt.a, tt.b)
		assert.Equal(t, tt.want, d.between([]rune(tt.b), []rune(tt.a), 10), "%s %s", tt.b, tt.a)
	}
}

// TestManyCandidates checks that a list which goes on and on is not read to its end.
func TestManyCandidates(t *testing.T) {
	read := 0
	got, ok := Nearest("needle", func(yield func(string) bool) {
		for read = 0; yield("haystack"); read++ {
		}
	})
	assert.Empty(t, got)
	assert.False(t, ok)
	assert.Equal(t, maxCandidates, read)
}
