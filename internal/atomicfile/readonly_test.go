//go:build unix

package atomicfile

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const readOnlyEnv = "DTAFGEN_READ_ONLY"

// TestReadOnly writes into a folder that can't be written to. No mode keeps root
// out, so that root does it in a process of nobody's.
func TestReadOnly(t *testing.T) {
	if dir := os.Getenv(readOnlyEnv); dir != "" {
		assert.ErrorIs(t, WriteAll(dir, set("2"), 0o666), fs.ErrPermission)
		return
	}
	dir, err := os.MkdirTemp("", "readonly")
	require.NoError(t, err)
	defer os.RemoveAll(dir)
	require.NoError(t, WriteAll(dir, set("1"), 0o666))
	require.NoError(t, os.Chmod(dir, 0o555))
	defer os.Chmod(dir, 0o755)
	if os.Geteuid() != 0 {
		assert.ErrorIs(t, WriteAll(dir, set("2"), 0o666), fs.ErrPermission)
	} else {
		binary, err := os.MkdirTemp("", "readonly-test")
		require.NoError(t, err)
		defer os.RemoveAll(binary)
		require.NoError(t, os.Chmod(binary, 0o755))
		data, err := os.ReadFile(os.Args[0])
		require.NoError(t, err)
		copied := filepath.Join(binary, "test")
		require.NoError(t, os.WriteFile(copied, data, 0o755))
		c := exec.Command(copied, "-test.run=^TestReadOnly$", "-test.v")
		c.Dir = binary
		c.Env = []string{readOnlyEnv + "=" + dir}
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Contains(t, string(out), "--- PASS: TestReadOnly")
	}
	versions, temps := inspect(t, dir)
	assert.Equal(t, "111", versions)
	assert.Empty(t, temps)
}
