package cli

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// realBase writes an archive for mobile around a template of the vendor's, and a
// project that does nothing but name it. It returns the project file.
func realBase(t *testing.T) string {
	t.Helper()
	template, err := os.ReadFile(testkit.Shared(t, "samples/communicator-mobile.xml.template"))
	require.NoError(t, err)
	b, err := wxt.Build(&wxt.Project{}, wxt.WithPlatforms(tags.Mobile))
	require.NoError(t, err)
	a := b.Archives[0].Archive.Clone()
	for f := range a.Files() {
		if strings.HasSuffix(f.Name, ".template") {
			require.NoError(t, a.Put(f.Name, template))
		}
	}
	data, err := a.Bytes(wxt.Month{Year: 2026, Month: 11}.Time())
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "vendor.zip"), data, 0o600))
	project := filepath.Join(dir, "dtafgen.toml")
	require.NoError(t, os.WriteFile(project, []byte("[mobile]\nbase = \"vendor.zip\"\n[desktop]\nenabled = false\n[tablet]\nenabled = false\n"), 0o600))
	return project
}

// TestScreenful has a real template as the base of a project that sets nothing: a
// person reads what is wrong with it on a screen.
func TestScreenful(t *testing.T) {
	project := realBase(t)
	for _, args := range [][]string{
		{"build", "-f", project, "-o", filepath.Join(t.TempDir(), "dist")},
		{"check", "-f", project},
		{"preview", "-f", project, "--platform", "mobile"},
	} {
		var stdout, stderr bytes.Buffer
		Run(args, &stdout, &stderr)
		said := stderr.String()
		if args[0] == "check" {
			said += stdout.String()
		}
		assert.LessOrEqual(t, strings.Count(said, "\n"), 25, "%s says:\n%s", args[0], said)
		assert.Contains(t, said, "more like it: ")
		assert.Regexp(t, `[0-9]+ (errors|warnings)`, said)

		var all bytes.Buffer
		Run(append(args, "--all"), io.Discard, &all)
		if args[0] == "check" {
			Run(append(args, "--all"), &all, io.Discard)
		}
		assert.Greater(t, strings.Count(all.String(), "\n"), 200, args[0])
		assert.NotContains(t, all.String(), "more like it")
	}
	var stdout, stderr bytes.Buffer
	assert.Equal(t, statusDone, Run([]string{"check", "-f", project}, &stdout, &stderr), "no error: %s", stdout.String())
}

// TestRoundTrip builds a real template: without changes byte for byte, and with
// codecs, intervals and an edit only their lines differ.
func TestRoundTrip(t *testing.T) {
	project := realBase(t)
	built := func() string {
		out := t.TempDir()
		var stderr bytes.Buffer
		require.Equal(t, statusDone, Run([]string{"build", "-q", "-f", project, "-o", out}, io.Discard, &stderr), stderr.String())
		return templateIn(t, out)
	}
	original, err := os.ReadFile(testkit.Shared(t, "samples/communicator-mobile.xml.template"))
	require.NoError(t, err)
	assert.Equal(t, string(original), built())

	f, err := os.OpenFile(project, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString("[codecs]\nvideo = [\"H263\", \"H264\"]\n[sip]\nregister_refresh = 1234\n[[mobile.edit]]\npath = \"//call-participants\"\nattr = \"enabled\"\nvalue = \"false\"\n")
	require.NoError(t, err)
	require.NoError(t, f.Close())
	old, now := strings.SplitAfter(string(original), "\n"), strings.SplitAfter(built(), "\n")
	require.Len(t, now, len(old))
	changed := 0
	for i := range old {
		if old[i] == now[i] {
			continue
		}
		changed++
		assert.True(t, strings.Contains(now[i], "<codec ") && strings.Contains(now[i], "H26") || strings.Contains(now[i], "1234") || strings.Contains(now[i], "call-participants"),
			"line %d: %q became %q", i+1, old[i], now[i])
	}
	assert.Greater(t, changed, 3)
}

// templateIn returns the template of config-wxt.xml in the archive that was built
// to a folder, in whichever archive it lies.
func templateIn(t *testing.T, dir string) string {
	t.Helper()
	var found string
	var look func(data []byte)
	look = func(data []byte) {
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		require.NoError(t, err)
		for _, f := range z.File {
			r, err := f.Open()
			require.NoError(t, err)
			content, err := io.ReadAll(r)
			require.NoError(t, err)
			switch {
			case strings.HasSuffix(f.Name, ".zip"):
				look(content)
			case strings.HasSuffix(f.Name, "config-wxt.xml.template"):
				found = string(content)
			}
		}
	}
	names, err := filepath.Glob(filepath.Join(dir, "*_DTAF.zip"))
	require.NoError(t, err)
	require.Len(t, names, 1)
	data, err := os.ReadFile(names[0])
	require.NoError(t, err)
	look(data)
	require.NotEmpty(t, found)
	return found
}

func TestGrouped(t *testing.T) {
	finding := func(line int, tag, message string) schema.Finding {
		return schema.Finding{Code: "WXT044", Severity: schema.Warning, Position: schema.Position{File: "f", Line: line}, Tag: tag, Message: message, Remedy: "set " + tag}
	}
	groups := grouped(schema.Findings{
		finding(1, "A", "A has no value"), finding(1, "B", "B has no value"), finding(1, "C", "C has no value"),
		finding(2, "", "broken"), finding(3, "", "broken"),
		finding(4, "A", "A is odd"), finding(5, "A", "A is odd"), finding(7, "A", "A is odd"),
	})
	require.Len(t, groups, 4)
	assert.Equal(t, "and 2 more like it: B, C", groups[0].alike())
	assert.Equal(t, "", groups[1].alike(), "two are printed each")
	assert.Equal(t, "and 2 more like it: in lines 5, 7", groups[3].alike())
	in := func(file string, s schema.Severity) schema.Finding {
		return schema.Finding{Code: "WXT031", Severity: s, Position: schema.Position{File: file, Line: 1}, Message: "no host"}
	}
	groups = grouped(schema.Findings{in("a", schema.Info), in("b", schema.Info), in("c", schema.Info)})
	require.Len(t, groups, 1)
	assert.Equal(t, "and 2 more like it: in b, c", groups[0].alike())
	assert.Len(t, grouped(schema.Findings{in("a", schema.Error), in("b", schema.Error), in("c", schema.Error)}), 3, "a mistake in each file")
	assert.Equal(t, "8 warnings", tally(schema.Findings{finding(1, "", ""), finding(1, "", ""), finding(1, "", ""), finding(1, "", ""), finding(1, "", ""), finding(1, "", ""), finding(1, "", ""), finding(1, "", "")}))
	one := finding(1, "", "")
	one.Severity = schema.Error
	assert.Equal(t, "1 error, 1 warning", tally(schema.Findings{one, finding(1, "", "")}))
}

// TestUpgradeOtherDevice refuses to carry changes to the archive of another device type.
func TestUpgradeOtherDevice(t *testing.T) {
	t.Chdir(t.TempDir())
	b, err := wxt.Build(&wxt.Project{}, wxt.WithPlatforms(tags.Desktop, tags.Mobile))
	require.NoError(t, err)
	for i, name := range []string{"old.zip", "new.zip"} {
		data, err := b.Archives[i].Archive.Bytes(wxt.Month{Year: 2026, Month: 11}.Time())
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(name, data, 0o600))
	}
	require.NoError(t, os.WriteFile("dtafgen.toml", []byte("[desktop]\nbase = \"old.zip\"\n"), 0o600))
	for _, by := range [][]string{{"-f", "dtafgen.toml"}, {"--mine", "old.zip"}} {
		var stdout, stderr bytes.Buffer
		assert.Equal(t, statusUsage, Run(append([]string{"upgrade", "--old", "old.zip", "--new", "new.zip", "-o", "out"}, by...), &stdout, &stderr))
		assert.Contains(t, stderr.String(), `the new archive is for the device type "Connect - Mobile", and the old one for "Business Communicator - PC"`)
		assert.NoDirExists(t, "out")
	}
}
