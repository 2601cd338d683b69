package cli

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
)

const october, november = "ucone-desktop-ucaas-3.9.17-wxt-Oct2026_DTAF.zip", "ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip"

// inspectGolden inspects an archive in a folder as text and as JSON.
func inspectGolden(t *testing.T, dir, archive, golden string, want int) {
	t.Helper()
	status, text, stderr := runIn(t, dir, "inspect", archive)
	require.Equal(t, want, status, stderr)
	assert.Empty(t, stderr)
	testkit.Golden(t, golden+".txt", text)
	status, doc, stderr := runIn(t, dir, "inspect", archive, "--format", "json")
	require.Equal(t, want, status, stderr)
	assert.True(t, json.Valid([]byte(doc)))
	testkit.Golden(t, golden+".json", doc)
}

func TestInspectSample(t *testing.T) {
	samples, err := filepath.Glob(filepath.Join(testkit.Shared(t, "samples"), "*.zip"))
	require.NoError(t, err)
	require.NotEmpty(t, samples)
	for _, name := range samples {
		dir := t.TempDir()
		copyFile(t, name, filepath.Join(dir, filepath.Base(name)))
		inspectGolden(t, dir, filepath.Base(name), "inspect-"+filepath.Base(name), statusDone)
	}
}

func TestInspectVendor(t *testing.T) {
	dir := t.TempDir()
	vendor(t).write(t, filepath.Join(dir, october), "ucone desktop 3.9.17/")
	inspectGolden(t, dir, october, "inspect-vendor", statusFound)
}

// TestInspectBroken has an archive with much that is wrong.
func TestInspectBroken(t *testing.T) {
	dir := t.TempDir()
	m := vendor(t)
	manifest := "oci/Business Communicator - PC.oci"
	m.edit(t, manifest, "<numberOfPorts>", "<numberOfPort>")
	m.edit(t, manifest, "</numberOfPorts>", "</numberOfPort>")
	m.edit(t, manifest, "SystemSIPDeviceTypeServiceModifyRequest", "SystemFutureRequest26")
	m.edit(t, folder+"config-wxt.xml.template", "</calls>", "</call>")
	m[folder+"config.xml.template"] = []byte("<?xml version=\"1.0\"?>\n<a>T\xE9l</a>")
	delete(m, folder+"strings.xml.template")
	m.write(t, filepath.Join(dir, "broken.zip"), "")
	inspectGolden(t, dir, "broken.zip", "inspect-broken", statusFound)

	made{"oci/x.oci": []byte("no XML"), "x.bin": {0}}.write(t, filepath.Join(dir, "none.zip"), "")
	inspectGolden(t, dir, "none.zip", "inspect-none", statusFound)

	for _, args := range [][]string{{"inspect"}, {"inspect", "missing.zip"}, {"inspect", "none.zip", "--format", "xml"}, {"inspect", "none.zip", "none.zip"}} {
		status, stdout, stderr := runIn(t, dir, args...)
		assert.Equal(t, statusUsage, status, args)
		assert.Empty(t, stdout)
		assert.Contains(t, stderr, "dtafgen: ")
	}
}
