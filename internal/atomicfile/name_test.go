package atomicfile

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSafeName(t *testing.T) {
	assert.Equal(t, "a b+@,", SafeName("a b+@,"))
	assert.Equal(t, "%2Ehidden%2E", SafeName(".hidden."))
	assert.Equal(t, "a%2Fb%3Ac", SafeName("a/b:c"))
	assert.Equal(t, strings.Repeat("x", 120), SafeName(strings.Repeat("x", 120)))

	// What gets too long is cut, between characters, and is still a name of its own.
	names := make(map[string]bool)
	for _, long := range []string{strings.Repeat("x", 121), strings.Repeat("x", 122), strings.Repeat("漢", 30), "x" + strings.Repeat("漢", 30), "xx" + strings.Repeat("漢", 30)} {
		safe := SafeName(long)
		assert.LessOrEqual(t, len(safe), 120)
		assert.Greater(t, len(safe), 100)
		assert.Regexp(t, `^(x|%[0-9A-F]{2})+~[0-9a-f]{8}$`, safe)
		names[safe] = true
	}
	assert.Len(t, names, 5)
}
