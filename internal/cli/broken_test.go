package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBrokenIsNotUpgraded checks that upgrade writes nothing that check refuses.
func TestBrokenIsNotUpgraded(t *testing.T) {
	broken := vendor(t)
	broken.edit(t, folder+"config-wxt.xml.template", "</config>", "")
	for name, tt := range map[string]struct {
		m    made
		want string
	}{
		"empty":       {made{}, "WXT080"},
		"no manifest": {made{"readme.txt": []byte("x")}, "WXT080"},
		"no XML":      {broken, "WXT071"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			tt.m.write(t, filepath.Join(dir, "a.zip"), "")
			args := []string{"upgrade", "--old", "a.zip", "--new", "a.zip", "--mine", "a.zip", "-o", "out"}
			status, _, stderr := runIn(t, dir, args...)
			assert.Equal(t, statusUsage, status)
			assert.Contains(t, stderr, tt.want)
			assert.NoDirExists(t, filepath.Join(dir, "out"))

			status, stdout, stderr := runIn(t, dir, append(args, "--force")...)
			assert.Equal(t, statusFound, status, "something is written")
			assert.Contains(t, stdout, "Written: ")
			assert.Contains(t, stderr, tt.want)

			status, _, _ = runIn(t, dir, "inspect", "a.zip")
			assert.Equal(t, statusFound, status)
		})
	}
}

// TestLongTagSetName checks that a tag set whose name is long gets a file.
func TestLongTagSetName(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "dtafgen.toml"), []byte("[desktop]\ntag_set = \""+strings.Repeat("漢", 30)+"\"\n"), 0o600))
	status, _, stderr := runIn(t, dir, "build", "--platform", "desktop", "-o", "out")
	require.Equal(t, statusDone, status, stderr)
	files, err := os.ReadDir(filepath.Join(dir, "out", "tagsets"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	assert.Less(t, len(files[0].Name()), 200)
}
