package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/ruledoc"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// run runs dtafgen, and returns what it prints and its exit status.
func run(args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	status = Run(args, &out, &errs)
	return out.String(), errs.String(), status
}

// TestChecksDoc compares docs/checks.md with the rules.
func TestChecksDoc(t *testing.T) {
	out, _, status := run("check", "--list", "--format", "markdown")
	require.Equal(t, statusDone, status)
	testkit.Golden(t, "../../../docs/checks.md", out)
}

func TestListRules(t *testing.T) {
	text, _, status := run("check", "--list")
	require.Equal(t, statusDone, status)
	out, _, status := run("check", "--list", "--format", "json")
	require.Equal(t, statusDone, status)
	var doc struct{ Rules []ruledoc.Doc }
	require.NoError(t, json.Unmarshal([]byte(out), &doc))
	assert.Len(t, doc.Rules, len(schema.Rules()))
	for _, r := range doc.Rules {
		assert.Contains(t, text, r.Code+" "+r.Name)
		assert.Contains(t, text, r.Protects)
	}
	one, _, _ := run("check", "--list", "WXT091")
	assert.Contains(t, one, `Zo\xEB`)
	assert.NotContains(t, one, "WXT090")
	_, errs, status := run("check", "--list", "WXT1O1")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, errs, "did you mean WXT101?")
}

func caretAt(line string, column int) (shown, pad, mark string) {
	excerpt, _ := text.NewLines(line).Around(1, column, mostRunes)
	return caret(excerpt)
}

func TestCaret(t *testing.T) {
	for _, test := range []struct {
		name, line        string
		column            int
		text, pad, marker string
	}{
		{"word", "SBC_PORT = 1", 1, "SBC_PORT = 1", "", "^~~~~~~~"},
		{"quoted", `A = "b c" # d`, 5, `A = "b c" # d`, "    ", "^~~~~"},
		{"tabs", "\ta\t= 'x'", 6, "\ta\t= 'x'", "\t \t  ", "^~~"},
		{"wide", `a = "日本" # 語 x`, 14, `a = "日本" # 語 x`, strings.Repeat(" ", 16), "^"},
		{"wide token", `a = "日本"`, 5, `a = "日本"`, "    ", "^~~~~~"},
		{"combining", "e\u0301e\u0301 x", 6, "e\u0301e\u0301 x", "   ", "^"},
		{"past the end", "ab", 9, "ab", "  ", "^"},
		{"empty", "", 1, "", "", "^"},
		{"control", "a\x1b[31mb", 7, "a\uFFFD[31mb", "      ", "^"},
		{"placeholder", "<a>%B_WXT%</a>", 4, "<a>%B_WXT%</a>", "   ", "^~~~~~~"},
		{"cut placeholder", `<a b="%B_WXT" c="%D%"/>`, 7, `<a b="%B_WXT" c="%D%"/>`, "      ", "^~~~~~"},
		{"not UTF-8", "Zo\xeb x", 5, "Zo\uFFFD x", "    ", "^"},
	} {
		text, pad, mark := caretAt(test.line, test.column)
		assert.Equal(t, test.text, text, test.name)
		assert.Equal(t, test.pad, pad, test.name)
		assert.Equal(t, test.marker, mark, test.name)
	}
	long := strings.Repeat("x ", 500) + "here" + strings.Repeat(" y", 500)
	text, pad, mark := caretAt(long, 1001)
	assert.Less(t, len(text), 200)
	assert.Equal(t, "here", text[len(pad):len(pad)+len(mark)])
}

// findings are some of each kind.
var findings = schema.Findings{
	{Code: "WXT030", Severity: schema.Info, Position: schema.Position{File: wxt.EmbeddedName}, Message: "all"},
	{Code: "WXT101", Severity: schema.Warning, Position: schema.Position{File: "a b,c:d.toml", Line: 3, Column: 7}, Message: "100% of\nit", Remedy: "do, this: now"},
	{
		Code: "WXT003", Severity: schema.Error, Position: schema.Position{File: "a.toml", Line: 2, Column: 1}, EndLine: 2, EndColumn: 4, Tag: "ABX", Platform: tags.Mobile,
		Message: "unknown tag ABX", Remedy: "did you mean ABC?", Fix: schema.Fix{Position: schema.Position{File: "a.toml", Line: 2, Column: 1}, EndLine: 2, EndColumn: 4, Text: "ABC", Safe: true},
	},
	{Code: "WXT203", Severity: schema.Error, Position: schema.Position{File: "/x/archive.zip/oci/A - B.oci", Line: 3}, Message: "ä"},
	{Code: "ACME001", Severity: schema.Error, Position: schema.Position{File: "a.toml", Line: 1, Column: 1}, Message: "a rule of somebody else"},
}

func TestGitHub(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, writeGitHub(&b, findings))
	assert.Equal(t, `::notice title=WXT030 reconstructed::all
::warning file=a b%2Cc%3Ad.toml,line=3,col=7,title=WXT101 tls-to-address::100%25 of\nit%0Ado, this: now
::error file=a.toml,line=2,col=1,endLine=2,endColumn=4,title=WXT003 unknown-tag::unknown tag ABX%0Adid you mean ABC?
::error file=/x/archive.zip/oci/A - B.oci,line=3,title=WXT203 element-order::ä
::error file=a.toml,line=1,col=1,title=ACME001::a rule of somebody else
`, b.String())
}

// TestSARIF checks the log against the published schema, which the library
// holds, and then its fields.
func TestSARIF(t *testing.T) {
	for _, fs := range []schema.Findings{findings, nil} {
		var b bytes.Buffer
		require.NoError(t, writeSARIF(&b, fs))
		log, err := sarif.FromBytes(b.Bytes(), sarif.WithStrictValidation())
		require.NoError(t, err)
		require.NoError(t, log.Validate())
	}
	var b bytes.Buffer
	require.NoError(t, writeSARIF(&b, findings))
	var log struct {
		Schema  string `json:"$schema"`
		Version string
		Runs    []struct {
			ColumnKind string
			Tool       struct {
				Driver struct {
					Name  string
					Rules []struct {
						ID                   string
						ShortDescription     struct{ Text string }
						DefaultConfiguration struct{ Level string }
					}
				}
			}
			Results []struct {
				RuleID    string
				RuleIndex *int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           *struct{ StartLine, StartColumn, EndLine, EndColumn int }
					}
				}
				Fixes []struct {
					ArtifactChanges []struct {
						ArtifactLocation struct{ URI string }
						Replacements     []struct {
							DeletedRegion   struct{ StartLine, StartColumn, EndLine, EndColumn int }
							InsertedContent struct{ Text string }
						}
					}
					Properties struct{ Tags []string }
				}
				Properties struct{ Tags []string }
			}
		}
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &log))
	assert.Equal(t, "2.1.0", log.Version)
	assert.Contains(t, log.Schema, "sarif-schema-2.1.0.json")
	require.Len(t, log.Runs, 1)
	r := log.Runs[0]
	assert.Equal(t, "unicodeCodePoints", r.ColumnKind)
	assert.Equal(t, "dtafgen", r.Tool.Driver.Name)
	require.Len(t, r.Tool.Driver.Rules, len(schema.Rules()))
	require.Len(t, r.Results, len(findings))
	assert.Empty(t, r.Results[0].Locations)
	assert.Equal(t, "note", r.Results[0].Level)
	second := r.Results[1]
	assert.Equal(t, "warning", second.Level)
	assert.Equal(t, "100% of\nit\ndo, this: now", second.Message.Text)
	require.NotNil(t, second.RuleIndex)
	assert.Equal(t, "WXT101", r.Tool.Driver.Rules[*second.RuleIndex].ID)
	place := second.Locations[0].PhysicalLocation
	assert.Equal(t, "a%20b,c:d.toml", strings.TrimPrefix(place.ArtifactLocation.URI, "./"))
	assert.Equal(t, 3, place.Region.StartLine)
	assert.Equal(t, 7, place.Region.StartColumn)
	fixed := r.Results[2]
	assert.Equal(t, []string{"ABX", "mobile"}, fixed.Properties.Tags)
	assert.Equal(t, 4, fixed.Locations[0].PhysicalLocation.Region.EndColumn)
	require.Len(t, fixed.Fixes, 1)
	assert.Equal(t, []string{"safe"}, fixed.Fixes[0].Properties.Tags)
	change := fixed.Fixes[0].ArtifactChanges[0]
	assert.Equal(t, "a.toml", strings.TrimPrefix(change.ArtifactLocation.URI, "./"))
	assert.Equal(t, struct{ StartLine, StartColumn, EndLine, EndColumn int }{2, 1, 2, 4}, change.Replacements[0].DeletedRegion)
	assert.Equal(t, "ABC", change.Replacements[0].InsertedContent.Text)
	third := r.Results[3].Locations[0].PhysicalLocation
	assert.Equal(t, "file:///x/archive.zip/oci/A%20-%20B.oci", third.ArtifactLocation.URI)
	assert.Zero(t, third.Region.StartColumn)
}

// TestSourcesInArchives checks that the line of a file in an archive is shown.
func TestSourcesInArchives(t *testing.T) {
	dir := t.TempDir()
	bundle, err := wxt.Build(&wxt.Project{})
	require.NoError(t, err)
	path := filepath.Join(dir, "a.zip")
	require.NoError(t, os.WriteFile(path, bundle.Archives[0].Data, 0o600))
	s := newSources()
	line, ok := s.around(schema.Position{File: path + "/oci/Business Communicator - PC.oci", Line: 2, Column: 1}, 30)
	assert.True(t, ok)
	assert.Contains(t, line.Text, "<BroadsoftDocument")
	for _, name := range []string{path + "/none", path, dir, filepath.Join(dir, "none"), wxt.EmbeddedName} {
		_, ok := s.around(schema.Position{File: name, Line: 1000, Column: 1}, 30)
		assert.False(t, ok, name)
	}
}

func FuzzCaret(f *testing.F) {
	f.Add("a = \"b\"", 5)
	f.Add("\t日本\xff", 3)
	f.Fuzz(func(t *testing.T, line string, column int) {
		if column < 1 {
			return
		}
		text, pad, mark := caretAt(line, column)
		assert.NotEmpty(t, mark)
		assert.NotContains(t, pad+mark, "\x1b")
		assert.NotContains(t, text, "\x1b")
	})
}

// TestCheckFix checks that --fix changes the project file and says so, and that what
// is reported then is what is left.
func TestCheckFix(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "a.toml"), filepath.Join(dir, "b.toml")
	require.NoError(t, os.WriteFile(path, []byte("[tags]\nUSE_TLS_WXTT = true\nSBC_PORT_WXT = \"x\"\n"), 0o640))
	require.NoError(t, os.Symlink("a.toml", link))
	out, errs, status := run("check", "--fix", "--format", "json", "-f", link)
	assert.Equal(t, statusFound, status)
	assert.Equal(t, "dtafgen: "+link+":2:1: fixed: unknown tag USE_TLS_WXTT: wrote USE_TLS_WXT\n", errs)
	assert.NotContains(t, out, "WXT003")
	assert.Contains(t, out, "WXT010")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "[tags]\nUSE_TLS_WXT = true\nSBC_PORT_WXT = \"x\"\n", string(text))
	info, err := os.Lstat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o640), info.Mode())
	info, err = os.Lstat(link)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink, "the link stays")

	_, errs, status = run("check", "--fix", link)
	assert.Equal(t, statusFound, status)
	assert.Empty(t, errs)
	_, _, status = run("check", "--fix", filepath.Join(dir, "none.toml"))
	assert.Equal(t, statusUsage, status)
}
