package cli

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
)

// inFolder goes to an empty folder that has some files.
func inFolder(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.FromSlash(name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.FromSlash(name), []byte(text), 0o600))
	}
}

// customers are two projects over one base, beside files that are no projects.
var customers = map[string]string{
	"customers/common.toml":    "abstract = true\n\n[tags]\nSBC_ADDRESS_WXT = \"sbc.example.com\"\n\n[access]\nhost = \"xsp.example.com\"\n\n[checks]\nWXT030 = \"off\"\n",
	"customers/acme.toml":      "extends = \"common.toml\"\nname = \"Acme\"\n",
	"customers/beta.toml":      "extends = \"common.toml\"\nname = \"Beta\"\n",
	"customers/overrides.toml": "[[group]]\nservice_provider = \"a\"\nid = \"b\"\ntags = { SBC_ADDRESS_WXT = \"x\" }\n",
	"customers/notes.txt":      "nothing",
}

// TestProjectKeys compares the keys that tell a project from another file with those
// that a project has.
func TestProjectKeys(t *testing.T) {
	var schema struct{ Properties map[string]any }
	require.NoError(t, json.Unmarshal(wxt.JSONSchema(), &schema))
	assert.ElementsMatch(t, slices.Collect(maps.Keys(schema.Properties)), topKeys)
}

func TestCheckSeveral(t *testing.T) {
	inFolder(t, customers)
	stdout, stderr, status := run("check", "customers", "--format", "json")
	assert.Equal(t, statusDone, status, stderr)
	assert.NotContains(t, stdout, "overrides.toml")

	// What is wrong in a file that both extend is told once; one that can't be read
	// hides nothing.
	broken := strings.Replace(customers["customers/common.toml"], "SBC_ADDRESS_WXT", "SBC_ADRESS_WXT", 1)
	require.NoError(t, os.WriteFile("customers/common.toml", []byte(broken), 0o600))
	stdout, stderr, status = run("check", "customers/none.toml", "customers")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "dtafgen: stat customers/none.toml: no such file")
	assert.Equal(t, 1, strings.Count(stdout, "error: unknown tag SBC_ADRESS_WXT"), stdout)
	assert.Contains(t, stdout, filepath.FromSlash("customers/common.toml:4:1"))
	assert.Contains(t, stdout, "  4 | SBC_ADRESS_WXT = ", "the line of the file that has it is shown")
	_, _, status = run("check", "customers/acme.toml", "customers/beta.toml")
	assert.Equal(t, statusFound, status)

	_, stderr, status = run("check", "customers", "--fix")
	assert.Equal(t, statusDone, status, stderr)
	assert.Equal(t, 1, strings.Count(stderr, "fixed: unknown tag SBC_ADRESS_WXT"), "in the file that they share")
	data, err := os.ReadFile("customers/common.toml")
	require.NoError(t, err)
	assert.Equal(t, customers["customers/common.toml"], string(data))
}

func TestBuildSeveral(t *testing.T) {
	inFolder(t, customers)
	require.NoError(t, os.MkdirAll("gamma", 0o700))
	require.NoError(t, os.WriteFile("gamma/dtafgen.toml", []byte("[tags]\nNO_SUCH_TAG = 1\n"), 0o600))
	stdout, stderr, status := run("build", "-f", "gamma/dtafgen.toml", "-f", "customers", "-f", "customers/acme.toml", "-o", "out")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "unknown tag NO_SUCH_TAG")
	assert.NoDirExists(t, "out/gamma")
	assert.FileExists(t, filepath.FromSlash("out/acme/SHA256SUMS"))
	assert.FileExists(t, filepath.FromSlash("out/beta/SHA256SUMS"))
	assert.Equal(t, 2, strings.Count(stdout, "SHA256SUMS"))

	_, stderr, status = run("build", "-f", "customers/common.toml", "-o", "out")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "common.toml is abstract")
	_, stderr, status = run("oci", "tagset", "-f", "customers/common.toml")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "common.toml is abstract")
	_, stderr, status = run("build", "-f", "customers/acme.toml", "-f", "other/acme.toml")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "would both be written as acme")
	require.NoError(t, os.Mkdir("empty", 0o700))
	_, stderr, status = run("build", "-f", "empty")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "empty: there is no project in the folder")
	_, stderr, status = run("preview", "--platform", "desktop", "-f", "a", "-f", "b")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "takes one project")
}

func TestReportsOfSeveral(t *testing.T) {
	inFolder(t, customers)
	stdout, stderr, status := run("report", "-f", "customers", "-o", "pages")
	assert.Equal(t, statusDone, status, stderr)
	assert.Equal(t, filepath.FromSlash("pages/acme.html\npages/beta.html\n"), stdout)
	page, err := os.ReadFile("pages/acme.html")
	require.NoError(t, err)
	assert.Contains(t, string(page), "<h1>Acme</h1>")
	assert.Contains(t, string(page), "customers/common.toml", "the place of what it shares")
	_, stderr, status = run("report", "-f", "customers", "-o", "pages", "--against", "customers/acme.toml")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "expected one project")

	stdout, stderr, status = run("requirements", "-f", "customers", "--feature", "call-park", "--broadworks", "R24")
	assert.Equal(t, statusDone, status, stderr)
	assert.True(t, strings.HasPrefix(stdout, "Acme\n\nFeatures, for R24\n"), stdout)
	assert.Contains(t, stdout, "\n\nBeta\n\nFeatures, for R24\n")
	stdout, _, _ = run("requirements", "-f", "customers", "--format", "json")
	var document struct {
		Projects []struct{ File, Name string }
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &document))
	require.Len(t, document.Projects, 2)
	assert.Equal(t, "customers/beta.toml", document.Projects[1].File)
}

// TestBuildRemoves builds less than before: what is not built any more is gone, and
// nothing else.
func TestBuildRemoves(t *testing.T) {
	inFolder(t, map[string]string{"dtafgen.toml": "", "dist/notes.txt": "mine"})
	stdout, _, status := run("build", "-q")
	require.Equal(t, statusDone, status)
	before := strings.Fields(stdout)
	require.Len(t, before, 10)

	stdout, stderr, status := run("build", "--platform", "desktop", "--dry-run")
	require.Equal(t, statusDone, status)
	assert.NotContains(t, stderr, "removed")
	assert.Equal(t, 3, strings.Count(stdout, "same     "), stdout)
	assert.Equal(t, 6, strings.Count(stdout, "removed  "), stdout)
	assert.Equal(t, 1, strings.Count(stdout, "changed  "), "the sums: "+stdout)
	for _, name := range before {
		assert.FileExists(t, name)
	}
	_, stderr, status = run("build", "--platform", "desktop")
	require.Equal(t, statusDone, status)
	assert.Equal(t, 6, strings.Count(stderr, "dtafgen: removed "))
	left, err := filepath.Glob("dist/*")
	require.NoError(t, err)
	assert.Len(t, left, 5, left) // an archive, its container, the sums, the tag sets' folder, the notes
	stdout, _, _ = run("build", "--dry-run", "-o", "elsewhere")
	assert.Equal(t, 10, strings.Count(stdout, "new      "))
	assert.NoDirExists(t, "elsewhere")
}

func TestFindProject(t *testing.T) {
	inFolder(t, map[string]string{"repo/.git/HEAD": "", "repo/dtafgen.toml": "[tags]\nSBC_ADDRESS_WXT = 'a'\n", "repo/a/b/x": "", "dtafgen.toml": "nonsense"})
	t.Chdir("repo/a/b")
	stdout, stderr, status := run("check", "--format", "json")
	assert.Equal(t, statusDone, status, stderr)
	assert.Contains(t, stderr, "dtafgen: the project is "+filepath.FromSlash("../../dtafgen.toml"))
	assert.Contains(t, stdout, "../../dtafgen.toml")
	_, stderr, _ = run("check", "-q", "--format", "json")
	assert.Empty(t, stderr)

	// At the root of the repository it ends, and without one it does not begin.
	require.NoError(t, os.Remove("../../dtafgen.toml"))
	_, stderr, status = run("build", "-q")
	assert.Equal(t, statusDone, status)
	assert.Equal(t, "dtafgen: there is no dtafgen.toml here or above: the embedded default is built\n", stderr)
	require.NoError(t, os.RemoveAll("../../.git"))
	_, stderr, status = run("check", "-q", "--format", "json")
	assert.Equal(t, statusDone, status, stderr)

	for _, command := range []string{"check", "build", "requirements"} {
		_, stderr, status = run(command, "-f", "")
		assert.Equal(t, statusUsage, status)
		assert.Contains(t, stderr, "--file: the name is empty")
	}
}

func TestSetFlag(t *testing.T) {
	inFolder(t, map[string]string{"dtafgen.toml": "[tags]\nSBC_ADDRESS_WXT = 'a.example.com'\n"})
	stdout, stderr, status := run("check", "--set", "access.host=x y", "--set", "tags.SBC_ADRESS_WXT=b")
	assert.Equal(t, statusFound, status, stderr)
	assert.Contains(t, stdout, "--set tags.SBC_ADRESS_WXT: error: unknown tag SBC_ADRESS_WXT")
	assert.Contains(t, stdout, "--set access.host: error: ")
	stdout, _, status = run("check", "--set", "tags.SBC_ADRESS_WXT=b", "--format", "sarif")
	assert.Equal(t, statusFound, status)
	assert.NotContains(t, stdout, `"uri": "--set`)
	stdout, _, status = run("requirements", "--set", "desktop.lines=3", "--set", "name=Acme, lab")
	assert.Equal(t, statusDone, status)
	assert.Contains(t, stdout, "(--set desktop.lines)")
	_, stderr, status = run("build", "--set", "access.port=many")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "--set access.port: error: access.port is a string: expected a whole number")
}
