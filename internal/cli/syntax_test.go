package cli

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSyntaxError has a project file that is not TOML: every command that reads one
// says so with the line, a caret and a remedy, and ends with the same status.
func TestSyntaxError(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("p.toml", []byte("[desktop]\nbase = \"C:\\Users\\me\\vendor.zip\"\n"), 0o600))
	const want = `p.toml:2:11: error: between double quotation marks a backslash begins an escape [WXT001]
  2 | base = "C:\Users\me\vendor.zip"
    |           ^~~~~~
	write it between single quotation marks: 'C:\Users\me\vendor.zip'
`
	for _, args := range [][]string{
		{"build"}, {"check"}, {"check", "p.toml"}, {"check", "--fix"}, {"preview", "--platform", "desktop"},
		{"render", "--platform", "desktop", "--subscribers", "none.csv", "-o", "x"}, {"requirements"}, {"report", "-o", "x.html"},
		{"upgrade", "--old", "a.zip", "--new", "b.zip"}, {"oci", "all", "--url", "https://x.example/"}, {"oci", "tagset"}, {"oci", "rebuild"},
	} {
		var stdout, stderr bytes.Buffer
		if args[len(args)-1] != "p.toml" {
			args = append(args, "-f", "p.toml")
		}
		assert.Equal(t, statusUsage, Run(args, &stdout, &stderr), args)
		assert.Contains(t, stdout.String()+stderr.String(), want, args)
	}
	var stdout, stderr bytes.Buffer
	assert.Equal(t, statusUsage, Run([]string{"check", "-f", "p.toml", "--format", "json"}, &stdout, &stderr))
	assert.Contains(t, stdout.String(), `"remedy": "write it between single quotation marks`)
}
