package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/testkit"
)

var contribLine = regexp.MustCompile(`(?m)^ *- (?:run: )?(dtafgen .*)$`)

// TestContrib runs the commands of the recipes below contrib in a new project.
func TestContrib(t *testing.T) {
	testkit.Tool(t, "sh")
	dir := t.TempDir()
	shellIn := func(line string) {
		out, err := shell(t, dir, line)
		require.NoError(t, err, "%s\n%s", line, out)
	}
	shellIn("dtafgen init")
	for _, name := range []string{"github/action.yml", "gitlab/dtafgen.gitlab-ci.yml"} {
		data, err := os.ReadFile(filepath.Join("../../contrib", name))
		require.NoError(t, err)
		require.NotContains(t, string(data), "@latest", "a recipe names a version")
		lines := contribLine.FindAllStringSubmatch(string(data), -1)
		require.Len(t, lines, 2, name)
		for _, m := range lines {
			shellIn("export FILE=dtafgen.toml OUTPUT=out DTAFGEN_FILE=dtafgen.toml DTAFGEN_OUTPUT=out; " + m[1])
		}
		assert.FileExists(t, filepath.Join(dir, "out", "SHA256SUMS"))
		require.NoError(t, os.RemoveAll(filepath.Join(dir, "out")))
	}

	hooks, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	require.NoError(t, err)
	field := func(name string) string {
		_, rest, ok := strings.Cut(string(hooks), "\n  "+name+": ")
		require.True(t, ok, name)
		value, _, _ := strings.Cut(rest, "\n")
		return value
	}
	files := regexp.MustCompile(field("files"))
	assert.True(t, files.MatchString("dtafgen.toml") && files.MatchString("acme/dtafgen.toml") && !files.MatchString("mydtafgen.toml"))
	shellIn(field("entry") + " dtafgen.toml")

	data, err := os.ReadFile("../../contrib/container/Containerfile")
	require.NoError(t, err)
	assert.Contains(t, string(data), "github.com/dtafgen/wxt/cmd/dtafgen@$VERSION")
	assert.Contains(t, string(data), `ENTRYPOINT ["/dtafgen"]`)
}

// TestSchemaStore checks that the entry for the catalogue of schemas is that of the
// schema.
func TestSchemaStore(t *testing.T) {
	data, err := os.ReadFile("../../contrib/schemastore/catalog-entry.json")
	require.NoError(t, err)
	var entry struct {
		Name, Description, URL string
		FileMatch              []string
	}
	require.NoError(t, json.Unmarshal(data, &entry))
	assert.Equal(t, []string{wxt.FileName}, entry.FileMatch)
	var schema map[string]any
	require.NoError(t, json.Unmarshal(wxt.JSONSchema(), &schema))
	assert.Equal(t, entry.URL, schema["$id"])
	assert.NotEmpty(t, schema["title"])
	assert.NotEmpty(t, schema["$schema"])
}

// TestDocsIndex checks that docs/README.md lists every page.
func TestDocsIndex(t *testing.T) {
	index, err := os.ReadFile("../../docs/README.md")
	require.NoError(t, err)
	pages, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	require.Greater(t, len(pages), 10)
	for _, page := range append(pages, "commands/README.md") {
		if name := filepath.Base(page); page == "commands/README.md" || name != "README.md" {
			name = strings.TrimPrefix(page, "../../docs/")
			assert.Contains(t, string(index), "("+filepath.ToSlash(name)+")")
		}
	}
}
