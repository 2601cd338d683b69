package configwxt

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dtafgen/wxt/schema"
)

func TestCheckPlace(t *testing.T) {
	for _, path := range []string{"config/a", "config/a/@b", "config/a-b/c.d/@e"} {
		assert.NoError(t, CheckPlace(path), path)
	}
	for _, path := range []string{"", "config", "a/b", "config/", "config//a", "config/@", "config/@a/b", "config/a b", "/config/a", "config/1"} {
		assert.Error(t, CheckPlace(path), path)
	}
	for _, p := range schema.Paths() {
		assert.NoError(t, CheckPlace(p.Path))
	}
}
