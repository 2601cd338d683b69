package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// run builds an example and runs it as a process.
func run(t *testing.T, example string, args ...string) (stdout string, err error) {
	t.Helper()
	bin := filepath.Join(t.TempDir(), example)
	out, err := exec.Command("go", "build", "-o", bin, "./"+example).CombinedOutput()
	require.NoError(t, err, "%s", out)
	data, err := exec.Command(bin, args...).Output()
	return string(data), err
}

func TestCustomers(t *testing.T) {
	dir := t.TempDir()
	out, err := run(t, "customers", "-o", dir)
	require.NoError(t, err)
	assert.Len(t, strings.Fields(out), 3)
	for _, name := range []string{"Acme", "Globex", "Initech"} {
		archives, err := filepath.Glob(filepath.Join(dir, name, "*_DTAF.zip"))
		require.NoError(t, err)
		assert.Len(t, archives, 3)
		set, err := os.ReadFile(filepath.Join(dir, name, "tagsets", name+"_desktop.oci"))
		require.NoError(t, err)
		assert.Contains(t, string(set), "<tagValue>sbc."+strings.ToLower(name)+".example</tagValue>")
	}
}

func TestExplain(t *testing.T) {
	out, err := run(t, "explain", "%SBC_PORT_WXT%")
	require.NoError(t, err)
	assert.Equal(t, `%SBC_PORT_WXT%: Port of the SBC.
default on desktop: "5060" (documented)
default on mobile: "5060" (documented)
default on tablet: "5060" (documented)
stands at config/protocols/sip/proxy/@port (inherited)
`, out)
	_, err = run(t, "explain", "SBC_PROT_WXT")
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	assert.Contains(t, string(exit.Stderr), "SBC_PORT_WXT")
}

// TestPartner builds the partner's project with the command.
func TestPartner(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "dtafgen")
	out, err := exec.Command("go", "build", "-o", bin, "../cmd/dtafgen").CombinedOutput()
	require.NoError(t, err, "%s", out)
	cmd := exec.Command(bin, "build", "-o", t.TempDir())
	cmd.Dir = "partner"
	out, err = cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Equal(t, 3, strings.Count(string(out), "_DTAF.zip"))
	assert.NotContains(t, string(out), "warning")
}
