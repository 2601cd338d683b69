package sums

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStale finds what an earlier run wrote, and nothing else: whatever SHA256SUMS says.
func TestStale(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "dist")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "tagsets"), 0o700))
	sums := ""
	put := func(name, text, listed string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text), 0o600))
		if listed != "" {
			sums += fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(text)), listed)
		}
	}
	put("stays.zip", "stays", "stays.zip")
	put("case.ZIP", "case", "case.ZIP")
	put("gone.zip", "gone", "gone.zip")
	put("tagsets/gone.oci", "gone too", "tagsets/gone.oci")
	put("theirs.zip", "somebody's", "")
	put("changed.zip", "changed", "changed.zip")
	put("changed.zip", "since", "")
	put("../outside.zip", "outside", "../outside.zip")
	put("../absolute.zip", "absolute", filepath.Join(top, "absolute.zip"))
	sums += fmt.Sprintf("%x  link.zip\n%x  linked/outside.zip\n%x  not-there.zip\nnonsense\n", sha256.Sum256([]byte("outside")), sha256.Sum256([]byte("outside")), sha256.Sum256(nil))
	require.NoError(t, os.Symlink("../outside.zip", filepath.Join(dir, "link.zip")))
	require.NoError(t, os.Symlink("..", filepath.Join(dir, "linked")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, Name), []byte(sums), 0o600))

	stale, err := Stale(dir, []string{"stays.zip", "CASE.zip", "new.zip"})
	require.NoError(t, err)
	assert.Equal(t, []string{"gone.zip", "tagsets/gone.oci"}, stale)
	require.NoError(t, Remove(dir, append(stale, "not-there.zip")))
	assert.NoDirExists(t, filepath.Join(dir, "tagsets"), "it is empty")
	assert.NoFileExists(t, filepath.Join(dir, "gone.zip"))
	for _, name := range []string{"stays.zip", "theirs.zip", "changed.zip", "../outside.zip", "../absolute.zip", Name} {
		assert.FileExists(t, filepath.Join(dir, name))
	}
	assert.Error(t, Remove(dir, []string{"../outside.zip"}))
	assert.FileExists(t, filepath.Join(top, "outside.zip"))

	stale, err = Stale(filepath.Join(top, "none"), nil)
	require.NoError(t, err)
	assert.Empty(t, stale)
}
