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
	require.NoError(t, Write("g", nil, 0o666))
	info, err = os.Stat("g")
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode(), "nobody else may read it still")
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

func names(t *testing.T, dir string) []string {
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestCreate(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	f, err := Create(path, 0o600)
	require.NoError(t, err)
	_, err = f.WriteString("x")
	require.NoError(t, err)
	assert.NoFileExists(t, path)
	f.Abort()
	assert.Empty(t, names(t, dir))

	f, err = Create(path, 0o600)
	require.NoError(t, err)
	require.NoError(t, f.Commit())
	f.Abort()
	assert.Equal(t, []string{"f"}, names(t, dir))
}

func TestCreateDir(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a", "b")
	d, err := CreateDir(path + "/")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(d.Path, "f"), nil, 0o600))
	assert.NoDirExists(t, path)
	d.Abort()
	assert.Empty(t, names(t, filepath.Join(dir, "a")))

	require.NoError(t, os.Mkdir(path, 0o777))
	d, err = CreateDir(path)
	require.NoError(t, err, "an empty folder may be there")
	require.NoError(t, os.WriteFile(filepath.Join(d.Path, "f"), nil, 0o600))
	require.NoError(t, d.Commit())
	d.Abort()
	assert.Equal(t, []string{"b"}, names(t, filepath.Join(dir, "a")))
	assert.Equal(t, []string{"f"}, names(t, path))

	_, err = CreateDir(path)
	assert.ErrorContains(t, err, "is not empty")
	_, err = CreateDir(filepath.Join(path, "f"))
	assert.Error(t, err)
	_, err = CreateDir(filepath.Join(path, "f", "g"))
	assert.Error(t, err)
	_, err = CreateDir("..")
	assert.Error(t, err)
}
