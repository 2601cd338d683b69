package wxt_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/archivename"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// always are the infos that any project gets, and any template that is not
// whole: no example of another rule can do without them.
var always = []string{"WXT030", "WXT031", "WXT032", "WXT078"}

// checkExample checks an example of a rule. A .txtar is the files of an archive, or
// a project, dtafgen.toml, beside a vendor's archive, vendor.zip, which is built
// from vendor.toml and has the other templates; with subscriber.toml beside it, it is the preview that is
// checked.
func checkExample(t testing.TB, path string) schema.Findings {
	t.Helper()
	if filepath.Ext(path) == ".txtar" {
		parsed, err := txtar.ParseFile(path)
		require.NoError(t, err)
		if i := slices.IndexFunc(parsed.Files, func(f txtar.File) bool { return f.Name == wxt.FileName }); i >= 0 {
			return checkProjectExample(t, filepath.Base(path), parsed.Files)
		}
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, f := range parsed.Files {
			w, err := z.Create(f.Name)
			require.NoError(t, err)
			_, err = w.Write(f.Data)
			require.NoError(t, err)
		}
		require.NoError(t, z.Close())
		a, err := dtaf.Read(bytes.NewReader(b.Bytes()), int64(b.Len()), dtaf.WithName(filepath.Base(path)))
		require.NoError(t, err, path)
		return wxt.CheckArchive(a)
	}
	fs, err := wxt.CheckFile(path)
	require.NoError(t, err)
	for i := range fs {
		fs[i].File = filepath.Base(fs[i].File)
	}
	return fs
}

// checkProjectExample checks a project with a base.
func checkProjectExample(t testing.TB, name string, files []txtar.File) schema.Findings {
	dir := t.TempDir()
	for _, f := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600))
		if f.Name == "vendor.toml" {
			vendor, err := wxt.Parse(f.Name, f.Data)
			require.NoError(t, err)
			b, err := wxt.Build(vendor, wxt.WithPlatforms(tags.Desktop))
			require.NoError(t, err)
			a := b.Archives[0].Archive
			for _, f := range files {
				if name := "type/" + b.Archives[0].DeviceType + "/" + f.Name; strings.HasSuffix(name, ".template") {
					require.NoError(t, a.Put(name, f.Data))
				}
			}
			data, err := a.Bytes(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "vendor.zip"), data, 0o600))
			container, err := dtaf.New(
				dtaf.File{Name: archivename.Archive(b.Archives[0].DeviceType, archivename.LabelFor(oci.R23), 0), Data: data},
				dtaf.File{Name: archivename.Archive(b.Archives[0].DeviceType, archivename.LabelFor(oci.R24), 0), Data: data})
			require.NoError(t, err)
			data, err = container.Bytes(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "container.zip"), data, 0o600))
		}
	}
	fs, err := wxt.CheckFile(filepath.Join(dir, wxt.FileName))
	require.NoError(t, err)
	if _, err := os.Stat(filepath.Join(dir, "subscriber.toml")); err == nil {
		fs = previewExample(t, dir)
	}
	for i := range fs {
		fs[i].File = name + "/" + filepath.Base(fs[i].File)
		fs[i].Message = strings.ReplaceAll(fs[i].Message, dir+string(filepath.Separator), "")
	}
	return fs
}

// previewExample previews what the subscriber of a folder would download.
func previewExample(t testing.TB, dir string) schema.Findings {
	p, err := wxt.Load(filepath.Join(dir, wxt.FileName))
	if errors.Is(err, os.ErrNotExist) {
		p, err = &wxt.Project{}, nil
	}
	require.NoError(t, err)
	data, err := os.ReadFile(filepath.Join(dir, "subscriber.toml"))
	require.NoError(t, err)
	sub, err := simulate.ParseSubscriber(filepath.Join(dir, "subscriber.toml"), data)
	if err != nil {
		var fs schema.Findings
		require.ErrorAs(t, err, &fs)
		return fs
	}
	c, _ := wxt.Compile(p)
	s, err := c.Simulation(tags.Desktop)
	require.NoError(t, err)
	return s.Preview(sub).Findings
}

// TestRuleExamples checks the examples of each rule: a bad one gives its finding,
// a good one none, and neither gives another. The findings stand in the file
// beside the examples.
func TestRuleExamples(t *testing.T) {
	for _, r := range wxt.Rules() {
		t.Run(r.Code, func(t *testing.T) {
			dir := filepath.Join("internal", "ruledoc", "testdata", "rules", r.Code+"-"+r.Name)
			entries, err := os.ReadDir(dir)
			require.NoError(t, err)
			var out strings.Builder
			count := map[string]int{}
			for _, e := range entries {
				if e.Name() == "findings.out" {
					continue
				}
				kind := regexp.MustCompile(`^(bad|good)(-[a-z0-9-]+)?\.(toml|xml|oci|txtar|zip)$`).FindStringSubmatch(e.Name())
				require.NotNil(t, kind, e.Name())
				count[kind[1]]++
				fs := slices.DeleteFunc(checkExample(t, filepath.Join(dir, e.Name())), func(f schema.Finding) bool {
					return f.Code != r.Code && slices.Contains(always, f.Code)
				})
				if kind[1] == "good" {
					assert.Empty(t, fs, e.Name())
					continue
				}
				// Some rules tell of each platform by itself.
				assert.NotEmpty(t, fs, e.Name())
				for _, f := range fs {
					assert.Equal(t, r.Code, f.Code, "%s: %s", e.Name(), f)
					assert.NotEmpty(t, f.File)
					if filepath.Ext(e.Name()) != ".zip" && e.Name() != "bad.txtar" && e.Name() != "bad-two.txtar" {
						assert.NotZero(t, f.Line, f.String())
						assert.NotZero(t, f.Column, f.String())
					}
					fmt.Fprintln(&out, f)
					if f.Remedy != "" {
						fmt.Fprintf(&out, "\t%s\n", f.Remedy)
					}
				}
				if kind[2] == "" {
					assert.Len(t, fs, 1, e.Name())
				}
			}
			assert.NotZero(t, count["bad"])
			assert.NotZero(t, count["good"])
			testkit.Golden(t, "../internal/ruledoc/testdata/rules/"+r.Code+"-"+r.Name+"/findings.out", out.String())
		})
	}
	dirs, err := os.ReadDir(filepath.Join("internal", "ruledoc", "testdata", "rules"))
	require.NoError(t, err)
	assert.Len(t, dirs, len(wxt.Rules()), "a folder for each rule, and for nothing else")
}

// TestRuleTable checks that each rule of the table has its rows or its place among
// the functions, and that no function is of another rule.
func TestRuleTable(t *testing.T) {
	functions := wxt.RuleFunctions()
	for _, r := range schema.Rules() {
		_, ok := functions[r.Code]
		assert.NotEqual(t, ok, len(r.Rows) > 0, "%s has rows, or an entry in functions", r.Code)
		delete(functions, r.Code)
	}
	assert.Empty(t, functions)
}

// TestOneRule has each rule check its own example alone: it finds what stands there,
// and in a project with nothing set, nothing of another rule.
func TestOneRule(t *testing.T) {
	tried := 0
	for _, r := range wxt.Rules() {
		p, err := wxt.Load(filepath.Join("internal", "ruledoc", "testdata", "rules", r.Code+"-"+r.Name, "bad.toml"))
		if err != nil || len(r.Rows) == 0 && r.Project == nil && r.Target == nil && r.Manifest == nil {
			continue // a file of another kind, or a mistake that the reader finds
		}
		tried++
		fs := r.Check(p)
		if assert.Len(t, fs, 1, r.Code) {
			assert.Equal(t, r.Code, fs[0].Code)
			assert.NotZero(t, fs[0].Line, fs[0])
		}
	}
	assert.Greater(t, tried, 40)
}

// TestRuleBoundaries has values on both sides of where rules begin to find something.
func TestRuleBoundaries(t *testing.T) {
	rules := make(map[string]wxt.Rule)
	for _, r := range wxt.Rules() {
		rules[r.Code] = r
	}
	const (
		audio = "RTP_AUDIO_PORT_RANGE_START_WXT = %v\nRTP_AUDIO_PORT_RANGE_END_WXT = %v\n"
		video = "RTP_VIDEO_PORT_RANGE_START_WXT = %v\nRTP_VIDEO_PORT_RANGE_END_WXT = %v\n"
		sbc   = "SBC_ADDRESS_WXT = %q\nUSE_TLS_WXT = %t\nUSE_PROXY_DISCOVERY_WXT = %t\n"
		web   = "WEB_CALL_SETTINGS_TARGET_WXT = %q\nWEB_CALL_SETTINGS_URL_WXT = %q\nXSI_ROOT_WXT = %q\n"
	)
	for _, tt := range []struct {
		code string
		want int
		tags string
	}{
		{"WXT015", 0, fmt.Sprintf(audio, 8000, 8000)},
		{"WXT015", 1, fmt.Sprintf(audio, 8001, 8000)},
		{"WXT015", 0, fmt.Sprintf(audio, 8001, `"x"`)},
		{"WXT015", 0, fmt.Sprintf(audio, `"x"`, 8000)},
		{"WXT016", 0, fmt.Sprintf(audio+video, 8000, 8099, 8100, 8199)},
		{"WXT016", 1, fmt.Sprintf(audio+video, 8000, 8100, 8100, 8199)},
		{"WXT016", 0, fmt.Sprintf(audio+video, 8100, 8199, 8000, 8099)},
		{"WXT016", 1, fmt.Sprintf(audio+video, 8099, 8199, 8000, 8099)},
		{"WXT016", 0, fmt.Sprintf(audio+video, 8199, 8000, 8000, 8199)}, // WXT015's
		{"WXT016", 0, fmt.Sprintf(audio+video, 8000, 8199, 8199, 8000)},
		{"WXT108", 0, fmt.Sprintf("SOURCE_PORT_WXT = 6999\n"+audio, 7000, 7099)},
		{"WXT108", 1, fmt.Sprintf("SOURCE_PORT_WXT = 7000\n"+audio, 7000, 7099)},
		{"WXT108", 1, fmt.Sprintf("SOURCE_PORT_WXT = 7099\n"+audio, 7000, 7099)},
		{"WXT108", 0, fmt.Sprintf("SOURCE_PORT_WXT = 7100\n"+audio, 7000, 7099)},
		{"WXT109", 1, fmt.Sprintf(audio, 8000, 8000)},
		{"WXT109", 0, fmt.Sprintf(audio, 8000, 8001)},
		{"WXT110", 0, fmt.Sprintf(audio, 8000, 8099)},
		{"WXT110", 1, fmt.Sprintf(audio, 8001, 8099)},
		{"WXT101", 1, fmt.Sprintf(sbc, "192.0.2.1", true, false)},
		{"WXT101", 0, fmt.Sprintf(sbc, "192.0.2.1", false, false)},
		{"WXT101", 0, fmt.Sprintf(sbc, "sbc.example.com", true, false)},
		{"WXT106", 1, fmt.Sprintf(sbc, "192.0.2.1", true, true)},
		{"WXT106", 0, fmt.Sprintf(sbc, "192.0.2.1", true, false)},
		{"WXT106", 0, fmt.Sprintf(sbc, "sbc.example.com", true, true)},
		{"WXT123", 0, `EMERGENCY_DIALING_NUMBERS_WXT = "112,+49112"` + "\n"},
		{"WXT123", 1, `EMERGENCY_DIALING_NUMBERS_WXT = "112,*#"` + "\n"},
		{"WXT123", 1, `EMERGENCY_DIALING_NUMBERS_WXT = "112,911,112"` + "\n"},
		{"WXT123", 0, `EMERGENCY_DIALING_NUMBERS_WXT = "` + strings.Repeat("1", 15) + `"` + "\n"},
		{"WXT123", 1, `EMERGENCY_DIALING_NUMBERS_WXT = "` + strings.Repeat("1", 16) + `"` + "\n"},
		{"WXT129", 0, fmt.Sprintf(web, "csw", "https://x.example.com/", "https://X.example.com:443/")},
		{"WXT129", 1, fmt.Sprintf(web, "csw", "https://x.example.com/", "https://x.example.com:8443/")},
		{"WXT129", 1, fmt.Sprintf(web, "csw", "https://x.example.com/", "https://y.example.com/")},
		{"WXT129", 0, fmt.Sprintf(web, "external", "https://x.example.com/", "https://y.example.com/")},
		{"WXT129", 0, fmt.Sprintf(web, "csw", "https://x.example.com/", "")},
	} {
		p, err := wxt.Parse("p.toml", []byte("[tags]\n"+tt.tags))
		require.NoError(t, err)
		assert.Len(t, rules[tt.code].Check(p, wxt.WithPlatforms(tags.Mobile)), tt.want, "%s\n%s", tt.code, tt.tags)
	}
}

// TestRulesWithoutAnything checks that a rule that is given nothing to look at, or
// a project without anything, finds nothing and does not panic.
func TestRulesWithoutAnything(t *testing.T) {
	for _, r := range wxt.Rules() {
		for _, f := range []func(*wxt.Pass){r.Project, r.Target, r.Template, r.Manifest} {
			if f == nil {
				continue
			}
			for _, p := range []wxt.Pass{{}, {Rule: r.Rule}, {Project: &wxt.Project{}}, {Target: &wxt.Target{}}, {Manifest: &oci.Document{}}} {
				assert.NotPanics(t, func() { f(&p) }, r.Code)
			}
		}
	}
}
