package wxt_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/hostile"
	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// TestEveryLimit crosses each limit with an honest archive and project, for which
// it is set just too low: the finding names the file and the limit. With the limit
// just high enough nothing is said.
func TestEveryLimit(t *testing.T) {
	dir := t.TempDir()
	archive := filepath.Join(dir, "archive.zip")
	require.NoError(t, os.WriteFile(archive, hostile.Honest(), 0o600))
	project := filepath.Join(dir, "p.toml")
	text := `[desktop]
base = "archive.zip"
[mobile]
enabled = false
[tablet]
enabled = false
[[desktop.edit]]
path = "config/a"
attr = "x"
value = "four"
[[desktop.edit]]
path = "config/a"
attr = "y"
value = "4"
`
	require.NoError(t, os.WriteFile(project, []byte(text), 0o600))
	zip, template, manifest := len(hostile.Honest()), len(hostile.Template), len(hostile.Manifest(""))
	cases := map[string]struct {
		enough int    // the limit with which nothing is wrong
		want   string // of the message with one less: LOW is the limit, HAS one more
		file   string
	}{
		"Archive":      {zip, "has HAS bytes: expected at most LOW", "archive.zip"},
		"Entries":      {2, "has 2 entries: expected at most LOW", "archive.zip"},
		"Entry":        {max(manifest, template), "has more than LOW bytes", "archive.zip"},
		"Total":        {manifest + template, "makes more than LOW bytes of all files together", "archive.zip"},
		"NameLength":   {len(hostile.TemplateName), "has a name of HAS bytes: expected at most LOW", "archive.zip"},
		"Requests":     {2, "more than LOW requests", "archive.zip"},
		"Template":     {max(manifest, template), "more than LOW bytes", "archive.zip"},
		"Templates":    {template, "more than LOW bytes together", "archive.zip"},
		"Placeholders": {1, "", "archive.zip"},
		"Depth":        {2, "elements can nest LOW deep", "archive.zip"},
		"Nodes":        {2, "more than LOW nodes and attributes", "archive.zip"},
		"Project":      {len(text), "more than LOW bytes", "p.toml"},
		"Keys":         {2, "expected at most LOW", "p.toml"},
		"Nesting":      {3, "expected at most LOW levels", "p.toml"},
		"Edits":        {2, "desktop has 2 edits: expected at most LOW", "p.toml"},
		"Steps":        {1, "look at more than LOW elements: expected at most", "p.toml"},
		"Value":        {4, "the value has HAS bytes: expected at most LOW", "p.toml"},
	}
	for field, c := range cases {
		check := func(n int) (string, bool) {
			var l dtaf.Limits
			reflect.ValueOf(&l).Elem().FieldByName(field).SetInt(int64(n))
			findings, err := wxt.CheckFile(project, wxt.WithLimits(l))
			if err != nil {
				return err.Error(), true // of the file
			}
			for line := range strings.Lines(findings.Error()) {
				if strings.Contains(line, "expected at most") || strings.Contains(line, "can nest") {
					return line, true
				}
			}
			return "", false
		}
		for c.enough < 1000 { // where it depends on how things are counted
			if _, wrong := check(c.enough); !wrong {
				break
			}
			c.enough++
		}
		got, wrong := check(c.enough)
		assert.False(t, wrong, "%s of %d: %s", field, c.enough, got)
		low := c.enough - 1
		if low == 0 {
			continue // which is the default; see below
		}
		got, wrong = check(low)
		want := strings.NewReplacer("LOW", strconv.Itoa(low), "HAS", strconv.Itoa(c.enough)).Replace(c.want)
		assert.True(t, wrong, "%s of %d", field, low)
		assert.Contains(t, got, want, field)
		assert.Contains(t, got, c.file, field)
	}
	// Those that take another archive.
	others := map[string]struct {
		limits dtaf.Limits
		want   string
		data   []byte
	}{
		"Placeholders": {dtaf.Limits{Placeholders: 2}, "more than 2 placeholders", pack(t, hostile.Manifest(""), "<config>%A%%B%%C%</config>")},
		"Ratio": {dtaf.Limits{Ratio: 10}, "makes more than 10 bytes of each comp",
			pack(t, hostile.Manifest(""), "<config>"+strings.Repeat(strings.Map(notMarkup, hostile.Manifest("")), 1000)+"</config>")},
	}
	for field, c := range others {
		require.NoError(t, os.WriteFile(archive, c.data, 0o600))
		findings, err := wxt.CheckFile(project, wxt.WithLimits(c.limits))
		require.NoError(t, err)
		assert.ErrorContains(t, findings.Err(), c.want, field)
		assert.ErrorContains(t, findings.Err(), "archive.zip", field)
	}
	// Every field has a case; that of Result is TestResult.
	for _, field := range reflect.VisibleFields(reflect.TypeFor[dtaf.Limits]()) {
		_, one := cases[field.Name]
		_, other := others[field.Name]
		assert.True(t, one || other || field.Name == "Result", "%s has no case", field.Name)
	}
	_, err := wxt.Load(project, wxt.WithLimits(dtaf.Limits{Project: 10}))
	assert.ErrorContains(t, err, "p.toml: the file has more than 10 bytes")
	_, err = wxt.Parse("p.toml", bytes.Repeat([]byte("#"), 11), wxt.WithLimits(dtaf.Limits{Project: 10}))
	assert.ErrorContains(t, err, "p.toml:1:1: error: the file has more than 10 bytes")
	assert.Equal(t, int64(1<<20), dtaf.Limits{}.WithDefaults().Project)
}

// TestResult crosses the limit of what a template becomes with the values put in.
func TestResult(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "archive.zip"), hostile.Honest(), 0o600))
	size := len(hostile.Template) - len("%SBC_ADDRESS_WXT%") + 20
	simulation := func(limit int) *simulate.Simulation {
		p, err := wxt.Parse(filepath.Join(dir, "p.toml"), []byte("[desktop]\nbase = \"archive.zip\"\n"), wxt.WithLimits(dtaf.Limits{Result: limit}))
		require.NoError(t, err)
		c, findings := wxt.Compile(p, wxt.WithPlatforms(tags.Desktop))
		require.NoError(t, findings.Err())
		s, err := c.Simulation(tags.Desktop)
		require.NoError(t, err)
		return s
	}
	subscriber, err := simulate.ParseSubscriber("s.toml", []byte("id = \"a\"\nSBC_ADDRESS_WXT = \"01234567890123456789\"\n"))
	require.NoError(t, err)
	one := func(yield func(*simulate.Subscriber, error) bool) { yield(subscriber, nil) }
	for limit, want := range map[int]string{size: "", size - 1: fmt.Sprintf("more than %d bytes with the values put in", size-1)} {
		s := simulation(limit)
		preview := fmt.Sprint(s.Preview(subscriber).Findings)
		rendered := ""
		for r, err := range s.Render(t.Context(), one) {
			rendered += fmt.Sprint(r.Findings, err)
		}
		for reader, said := range map[string]string{"preview": preview, "render": rendered} {
			if want == "" {
				assert.NotContains(t, said, "more than", reader)
			} else {
				assert.Contains(t, said, want, reader)
			}
		}
	}
}

// TestLimitsReachReaders lowers the limits of archives and of project files for
// everything that reads one: each fails with the limit.
func TestLimitsReachReaders(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	write := func(name string, data []byte) {
		require.NoError(t, os.MkdirAll(filepath.Dir(path(name)), 0o700))
		require.NoError(t, os.WriteFile(path(name), data, 0o600))
	}
	zip := hostile.Honest()
	project := []byte("[desktop]\nbase = \"archive.zip\"\n[desktop.tags]\nSBC_ADDRESS_WXT = \"sbc.example.com\"\n[mobile]\nenabled = false\n[tablet]\nenabled = false\n")
	container, err := dtaf.New(dtaf.File{Name: "archive.zip", Data: zip})
	require.NoError(t, err)
	outer, err := container.Bytes(wxt.Month{Year: 2026, Month: 11}.Time())
	require.NoError(t, err)
	write("archive.zip", zip)
	write("container.zip", outer)
	write("p.toml", project)
	write("child.toml", []byte("extends = \"p.toml\"\n"))
	write("folder/"+hostile.ManifestName, []byte(hostile.Manifest("")))
	write("folder/"+hostile.TemplateName, []byte(hostile.Template))

	found := func(f schema.Findings, err error) error {
		if err != nil {
			return err
		}
		return f.Err()
	}
	second := func(_ any, err error) error { return err }
	type reader func(l dtaf.Limits) error
	archives := map[string]reader{
		"Open":             func(l dtaf.Limits) error { return second(dtaf.Open(path("archive.zip"), dtaf.WithLimits(l))) },
		"Open a container": func(l dtaf.Limits) error { return second(dtaf.Open(path("container.zip"), dtaf.WithLimits(l))) },
		"Open in a path": func(l dtaf.Limits) error {
			return second(dtaf.Open(path("container.zip/archive.zip"), dtaf.WithLimits(l)))
		},
		"Open a folder": func(l dtaf.Limits) error { return second(dtaf.Open(path("folder"), dtaf.WithLimits(l))) },
		"OpenAll":       func(l dtaf.Limits) error { return second(dtaf.OpenAll(path("container.zip"), dtaf.WithLimits(l))) },
		"OpenFS": func(l dtaf.Limits) error {
			return second(dtaf.OpenFS(os.DirFS(dir), "archive.zip", dtaf.WithLimits(l)))
		},
		"Read": func(l dtaf.Limits) error {
			return second(dtaf.Read(bytes.NewReader(zip), int64(len(zip)), dtaf.WithLimits(l)))
		},
		"CheckFile":         func(l dtaf.Limits) error { return found(wxt.CheckFile(path("archive.zip"), wxt.WithLimits(l))) },
		"CheckFile, folder": func(l dtaf.Limits) error { return found(wxt.CheckFile(path("folder"), wxt.WithLimits(l))) },
		"CheckBytes":        func(l dtaf.Limits) error { return found(wxt.CheckBytes("archive.zip", zip, wxt.WithLimits(l))) },
		"CheckProjectFile":  func(l dtaf.Limits) error { return found(wxt.CheckProjectFile(path("p.toml"), wxt.WithLimits(l))) },
		"Build": func(l dtaf.Limits) error {
			p, err := wxt.Load(path("p.toml"), wxt.WithLimits(l))
			require.NoError(t, err)
			return second(wxt.Build(p))
		},
		"LoadFS and Check": func(l dtaf.Limits) error {
			p, err := wxt.LoadFS(os.DirFS(dir), "p.toml", wxt.WithLimits(l))
			require.NoError(t, err)
			return wxt.Check(p).Err()
		},
	}
	projects := map[string]reader{
		"Load":              func(l dtaf.Limits) error { return second(wxt.Load(path("p.toml"), wxt.WithLimits(l))) },
		"Load what extends": func(l dtaf.Limits) error { return second(wxt.Load(path("child.toml"), wxt.WithLimits(l))) },
		"LoadFS":            func(l dtaf.Limits) error { return second(wxt.LoadFS(os.DirFS(dir), "p.toml", wxt.WithLimits(l))) },
		"Parse":             func(l dtaf.Limits) error { return second(wxt.Parse("p.toml", project, wxt.WithLimits(l))) },
		"CheckFile":         func(l dtaf.Limits) error { return found(wxt.CheckFile(path("p.toml"), wxt.WithLimits(l))) },
		"CheckBytes":        func(l dtaf.Limits) error { return found(wxt.CheckBytes(path("p.toml"), project, wxt.WithLimits(l))) },
		"CheckProjectFile":  func(l dtaf.Limits) error { return found(wxt.CheckProjectFile(path("p.toml"), wxt.WithLimits(l))) },
		"Fix": func(l dtaf.Limits) error {
			_, _, left := wxt.Fix(path("p.toml"), project, wxt.WithLimits(l))
			return left.Err()
		},
	}
	said := regexp.MustCompile(`expected at most|at most that many|can nest`)
	for _, kind := range []struct {
		readers map[string]reader
		fields  []string
	}{
		{archives, []string{"Archive", "Entries", "Entry", "Total", "NameLength", "Requests", "Template", "Templates", "Depth", "Nodes"}},
		{projects, []string{"Project", "Keys", "Nesting"}},
	} {
		for name, read := range kind.readers {
			require.NoError(t, read(dtaf.Limits{}), name)
			for _, field := range kind.fields {
				if field == "Archive" && strings.Contains(name, "folder") {
					continue // which is no archive
				}
				var l dtaf.Limits
				reflect.ValueOf(&l).Elem().FieldByName(field).SetInt(1)
				err := read(l)
				require.Error(t, err, "%s with %s", name, field)
				assert.Regexp(t, said, err.Error(), "%s with %s", name, field)
			}
		}
	}
}

func notMarkup(r rune) rune {
	if strings.ContainsRune("<>&", r) {
		return -1
	}
	return r
}

func pack(t *testing.T, manifest, template string) []byte {
	t.Helper()
	a, err := dtaf.New(dtaf.File{Name: hostile.ManifestName, Data: []byte(manifest)}, dtaf.File{Name: hostile.TemplateName, Data: []byte(template)})
	require.NoError(t, err)
	data, err := a.Bytes(wxt.Month{Year: 2026, Month: 11}.Time())
	require.NoError(t, err)
	return data
}
