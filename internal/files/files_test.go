package files_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/files"
	"github.com/dtafgen/wxt/schema"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	require.NoError(t, os.WriteFile(path, []byte("0123456789"), 0o600))
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink(path, link))
	for _, name := range []string{path, link} {
		data, err := files.Read(name, 10)
		require.NoError(t, err)
		assert.Equal(t, "0123456789", string(data))
		data, err = files.Head(name, 3)
		require.NoError(t, err)
		assert.Equal(t, "012", string(data))
	}
	data, err := files.ReadFS(os.DirFS(dir), "a", 10)
	require.NoError(t, err)
	assert.Len(t, data, 10)

	var limit *schema.LimitError
	_, err = files.Read(path, 9)
	require.ErrorAs(t, err, &limit)
	assert.EqualError(t, err, path+": the file has more than 9 bytes: expected at most that many")
	_, err = files.ReadFS(os.DirFS(dir), "a", 9)
	assert.ErrorAs(t, err, &limit)
	_, err = files.ReadAll("in", strings.NewReader("xx"), 1)
	assert.ErrorAs(t, err, &limit)

	_, err = files.Read(dir, 10)
	assert.EqualError(t, err, dir+": expected a file, and it is a folder")
	_, err = files.Read(os.DevNull, 10)
	assert.EqualError(t, err, os.DevNull+": expected a file, and it is a device")
	_, err = files.Read(filepath.Join(dir, "none"), 10)
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = files.ReadFS(os.DirFS(dir), "none", 10)
	assert.ErrorIs(t, err, os.ErrNotExist)
}
