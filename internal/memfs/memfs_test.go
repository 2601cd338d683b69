package memfs

import (
	"io/fs"
	"maps"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFS(t *testing.T) {
	fsys := New(maps.All(map[string][]byte{"a/b/c": []byte("1"), "a/d": nil, "e": []byte("22"), "a/b/f": []byte("3")}))
	require.NoError(t, fstest.TestFS(fsys, "a/b/c", "a/d", "e", "a/b/f"))
	entries, err := fs.ReadDir(fsys, "a")
	require.NoError(t, err)
	assert.Len(t, entries, 2)
	for _, name := range []string{"x", "../e", "a/b/c/d"} {
		_, err := fs.Stat(fsys, name)
		assert.Error(t, err, name)
	}
	require.NoError(t, fstest.TestFS(New(maps.All(map[string][]byte{}))))
}
