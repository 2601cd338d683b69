package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
)

// vendorContainer writes a container of the vendor's for all platforms, whose templates
// are those built in, with one text in place of another.
func vendorContainer(t testing.TB, path string, pairs ...string) {
	t.Helper()
	b, err := wxt.Build(&wxt.Project{})
	require.NoError(t, err)
	var files []dtaf.File
	for _, built := range b.Archives {
		a := built.Archive.Clone()
		for _, f := range slices.Collect(a.Files()) {
			if strings.HasSuffix(f.Name, "config-wxt.xml.template") {
				text := strings.NewReplacer(pairs...).Replace(string(f.Data))
				require.NoError(t, a.Put(f.Name, []byte(text)))
			}
		}
		data, err := a.Bytes(wxt.Month{Year: 2026, Month: 11}.Time())
		require.NoError(t, err)
		files = append(files, dtaf.File{Name: built.Name, Data: data})
	}
	c, err := dtaf.New(files...)
	require.NoError(t, err)
	data, err := c.Bytes(wxt.Month{Year: 2026, Month: 11}.Time())
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, data, 0o600))
}

// onVendor puts the projects of the example into a folder, over a container of the
// vendor's, which the file that they share names.
func onVendor(t testing.TB) {
	t.Helper()
	files := make(map[string][]byte)
	list, err := filepath.Glob("../../examples/brands/*.toml")
	require.NoError(t, err)
	for _, path := range list {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		files[filepath.Base(path)] = data
	}
	require.Contains(t, files, "common.toml")
	const bases = "[desktop]\nbase = \"../vendor/old.zip\"\n\n[mobile]\nbase = \"../vendor/old.zip\"\n\n[tablet]\nbase = \"../vendor/old.zip\"\n\n[codecs]\n"
	files["common.toml"] = []byte(strings.Replace(string(files["common.toml"]), "[codecs]\n", bases, 1))
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("brands", 0o700))
	for name, data := range files {
		require.NoError(t, os.WriteFile(filepath.Join("brands", name), data, 0o600))
	}
	vendorContainer(t, "vendor/old.zip")
}

// TestUpgradeBrands upgrades the six projects of the example, on all platforms of a
// container, with one command and one report.
func TestUpgradeBrands(t *testing.T) {
	onVendor(t)
	const park = `<call-park enabled="%ENABLE_CALL_PARK_WXT%" timer="%CALL_PARK_AUTO_CLOSE_DIALOG_TIMER_WXT%"/>`
	vendorContainer(t, "vendor/new.zip", park, "<new-one/><parking>"+park+"</parking>")
	before := make(map[string]string)
	list, err := filepath.Glob("brands/*.toml")
	require.NoError(t, err)
	for _, path := range list {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		before[path] = string(data)
	}

	stdout, stderr, status := run("upgrade", "--old", "vendor/old.zip", "--new", "vendor/new.zip", "-f", "brands", "--write", "-o", "out")
	require.Equal(t, statusDone, status, stdout+stderr)
	assert.Equal(t, 16, strings.Count(stdout, "Carried ("), "three brands, of which one has no tablet, twice: %s", stdout)
	assert.Equal(t, 3, strings.Count(stdout, "The vendor changed ("), "what the vendor changed is told once for each platform")
	assert.Equal(t, 1, strings.Count(stdout, "Written: "+filepath.FromSlash("brands/common.toml")))
	assert.Contains(t, stdout, "its path is config/services/calls/parking/call-park now")
	for _, path := range slices.Sorted(maps.Keys(before)) {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		want := before[path]
		if filepath.Base(path) == "common.toml" {
			want = strings.ReplaceAll(want, "vendor/old.zip", "vendor/new.zip")
			want = strings.Replace(want, "calls/call-park", "calls/parking/call-park", 1)
		}
		assert.Equal(t, want, string(data), path)
	}
	for _, name := range []string{"acme-lab", "acme-production", "borealis-lab", "borealis-production", "cumulus-lab", "cumulus-production"} {
		archives, err := filepath.Glob("out/" + name + "/*_DTAF.zip")
		require.NoError(t, err)
		platforms := 3
		if strings.HasPrefix(name, "cumulus") {
			platforms = 2
		}
		assert.Len(t, archives, platforms, name)
	}
	stdout, stderr, status = run("check", "brands")
	assert.Equal(t, statusDone, status, stdout+stderr)

	// They are there now.
	_, stderr, status = run("upgrade", "--old", "vendor/old.zip", "--new", "vendor/new.zip", "-f", "brands")
	assert.Equal(t, statusUsage, status)
	assert.Equal(t, 6, strings.Count(stderr, "no platform has vendor/old.zip as its base"), stderr)
}

// TestUpgradeBrandsPartly has one project that can't be upgraded, which hides none of the
// others; and a conflict, with which nothing is written.
func TestUpgradeBrandsPartly(t *testing.T) {
	onVendor(t)
	vendorContainer(t, "vendor/new.zip", `timer="%CALL_PARK_AUTO_CLOSE_DIALOG_TIMER_WXT%"`, `timer="20"`)
	require.NoError(t, os.WriteFile("brands/broken.toml", []byte("extends = \"acme.toml\"\nnmae = \"x\"\n"), 0o600))
	args := []string{"upgrade", "--old", "vendor/old.zip", "--new", "vendor/new.zip", "-f", "brands", "--write", "-o", "out", "--format", "json"}
	stdout, stderr, status := run(args...)
	assert.Equal(t, statusUsage, status, "the worst")
	assert.Contains(t, stderr, "unknown key nmae")
	assert.Contains(t, stderr, "6 conflicts are open: nothing is written")
	assert.NoDirExists(t, "out")
	var report struct {
		Projects []struct {
			File, Platform string
			Open           int
		}
		Written []string
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &report))
	assert.Len(t, report.Projects, 16)
	assert.Empty(t, report.Written)
	for _, p := range report.Projects {
		assert.Equal(t, p.Platform == "mobile", p.Open == 1, p)
	}

	stdout, stderr, status = run(append(args, "--ours", "common.toml:config/services/calls/call-park/@timer")...)
	assert.Equal(t, statusUsage, status, stderr)
	require.NoError(t, json.Unmarshal([]byte(stdout), &report))
	assert.Contains(t, report.Written, filepath.FromSlash("brands/common.toml"))
	assert.DirExists(t, filepath.FromSlash("out/cumulus-lab"))
	assert.NoDirExists(t, filepath.FromSlash("out/broken"))
}

// BenchmarkCheckProjects checks a hundred projects that share a file and its bases.
func BenchmarkCheckProjects(b *testing.B) {
	onVendor(b)
	for i := range 100 {
		text := fmt.Sprintf("extends = [\"acme.toml\", \"lab.toml\"]\nname = \"Customer %d\"\n[tags]\nDOMAIN_OVERRIDE_WXT = \"customer-%[1]d.example\"\n", i)
		require.NoError(b, os.MkdirAll("customers", 0o700))
		require.NoError(b, os.WriteFile(fmt.Sprintf("customers/customer-%02d.toml", i), []byte(strings.NewReplacer(`"acme`, `"../brands/acme`, `"lab`, `"../brands/lab`).Replace(text)), 0o600))
	}
	for b.Loop() {
		if stdout, stderr, status := run("check", "customers"); status != statusDone {
			b.Fatal(stdout, stderr)
		}
	}
}
