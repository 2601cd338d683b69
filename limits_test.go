package wxt_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/hostile"
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
	for field, c := range map[string]struct {
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
	} {
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
	for want, c := range map[string]struct {
		limits dtaf.Limits
		data   []byte
	}{
		"more than 2 placeholders":              {dtaf.Limits{Placeholders: 2}, pack(t, hostile.Manifest(""), "<config>%A%%B%%C%</config>")},
		"makes more than 10 bytes of each comp": {dtaf.Limits{Ratio: 10}, pack(t, hostile.Manifest(""), "<config>"+strings.Repeat(strings.Map(notMarkup, hostile.Manifest("")), 1000)+"</config>")},
	} {
		require.NoError(t, os.WriteFile(archive, c.data, 0o600))
		findings, err := wxt.CheckFile(project, wxt.WithLimits(c.limits))
		require.NoError(t, err)
		assert.ErrorContains(t, findings.Err(), want)
		assert.ErrorContains(t, findings.Err(), "archive.zip")
	}
	_, err := wxt.Load(project, wxt.WithLimits(dtaf.Limits{Project: 10}))
	assert.ErrorContains(t, err, "p.toml: the file has more than 10 bytes")
	_, err = wxt.Parse("p.toml", bytes.Repeat([]byte("#"), 11), wxt.WithLimits(dtaf.Limits{Project: 10}))
	assert.ErrorContains(t, err, "p.toml:1:1: error: the file has more than 10 bytes")
	assert.Equal(t, int64(1<<20), dtaf.Limits{}.WithDefaults().Project)
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
