package atomicfile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	require.NoError(t, Write(path, []byte("one"), 0o644))
	require.NoError(t, Write(path, []byte("two"), 0o644))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "two", string(data))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "no temporary file is left")

	t.Chdir(dir)
	require.NoError(t, Write("g", nil, 0o600))
	info, err := os.Stat("g")
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
}

func TestInTheWay(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "folder")
	require.NoError(t, os.Mkdir(folder, 0o700))
	assert.ErrorContains(t, Write(folder, []byte("x"), 0o644), "in the way")
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink(folder, link))
	assert.ErrorContains(t, Write(link, []byte("x"), 0o644), "in the way")
	assert.ErrorIs(t, Write(filepath.Join(dir, "none", "f"), []byte("x"), 0o644), os.ErrNotExist)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 2)
}
