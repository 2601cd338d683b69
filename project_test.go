package wxt_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/schema"
)

// checkFile returns what is found in a project file of testdata, under its base
// name.
func checkFile(t *testing.T, path string, opts ...wxt.CheckOption) schema.Findings {
	fs, err := wxt.CheckFile(path, opts...)
	require.NoError(t, err)
	for i := range fs {
		fs[i].File = filepath.Base(fs[i].File)
	}
	return fs
}

// TestGoodProjects builds each project of testdata/ok, in which nothing is
// wrong.
func TestGoodProjects(t *testing.T) {
	files, err := filepath.Glob("testdata/ok/*.toml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		for _, mode := range []wxt.Mode{wxt.Tags, wxt.Inline} {
			fs := checkFile(t, file, wxt.WithMode(mode))
			assert.Zero(t, fs.Count(schema.Error), "%s: %s", file, fs)
			assert.Zero(t, fs.Count(schema.Warning), "%s: %v", file, fs)
			p, err := wxt.Load(file)
			require.NoError(t, err)
			_, err = wxt.Build(p, wxt.WithMode(mode))
			assert.NoError(t, err, file)
		}
	}
}

// TestBadProjects compares what is found in each project of testdata/err with
// the file beside it. Each finding has a place, and none of them builds.
func TestBadProjects(t *testing.T) {
	files, err := filepath.Glob("testdata/err/*.toml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		fs := checkFile(t, file)
		var out strings.Builder
		for _, f := range fs {
			if f.Severity == schema.Info {
				continue
			}
			fmt.Fprintln(&out, f)
			if f.Remedy != "" {
				fmt.Fprintf(&out, "\t%s\n", f.Remedy)
			}
			assert.NotZero(t, f.Line, f.String())
			assert.NotZero(t, f.Column, f.String())
			_, known := schema.LookupRule(f.Code)
			assert.True(t, known, f.Code)
		}
		assert.Error(t, fs.Err(), file)
		testkit.Golden(t, strings.TrimSuffix(strings.TrimPrefix(file, "testdata/"), ".toml")+".out", out.String())

		if p, err := wxt.Load(file); err == nil {
			b, err := wxt.Build(p)
			assert.Nil(t, b, file)
			var built schema.Findings
			assert.ErrorAs(t, err, &built, file)
		}
	}
}

func TestZeroProject(t *testing.T) {
	fs := wxt.Check(&wxt.Project{})
	assert.Zero(t, fs.Count(schema.Error)+fs.Count(schema.Warning), "%v", fs)
}

// TestLiteralProject checks that a project made in Go is held to the same rules.
func TestLiteralProject(t *testing.T) {
	p := &wxt.Project{
		BroadWorks: oci.R24,
		Package:    wxt.Package{Version: "1", Date: wxt.Month{Year: 1900, Month: 1}},
		SIP:        wxt.SIP{RegisterRefresh: -1},
		Codecs:     wxt.Codecs{Audio: []string{}},
		Access:     wxt.Access{Host: "a b"},
		Tags:       map[string]string{"SBC_PORT_WXT": "x", "NOPE": ""},
	}
	fs := wxt.Check(p)
	for _, want := range []string{"package.version", "package.date", "sip.register_refresh", "codecs.audio", "access.host", "SBC_PORT_WXT", "unknown tag NOPE"} {
		assert.ErrorContains(t, fs.Err(), want)
	}
	p = &wxt.Project{Tags: map[string]string{"SBC_ADDRESS_WXT": "sbc.example.com"}}
	p.Mobile.Disabled = true
	_, err := wxt.Build(p)
	assert.NoError(t, err)
}

func TestLoadErrors(t *testing.T) {
	dir := t.TempDir()
	_, err := wxt.Load(filepath.Join(dir, "none.toml"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = wxt.Load(dir)
	assert.ErrorContains(t, err, "it is a folder")
	_, err = wxt.Load(os.DevNull)
	assert.ErrorContains(t, err, "it is a device")
	big := filepath.Join(dir, "big.toml")
	require.NoError(t, os.WriteFile(big, []byte("# "+strings.Repeat("x", 1<<20)), 0o600))
	_, err = wxt.Load(big)
	assert.ErrorContains(t, err, "more than 1048576 bytes")
	var fs schema.Findings
	assert.False(t, errors.As(err, &fs))
}

func TestByteOrderMark(t *testing.T) {
	p, err := wxt.Parse("f.toml", []byte("\xEF\xBB\xBF[tags]\r\nSBC_PORT_WXT = 0\r\n"))
	require.NoError(t, err)
	fs := wxt.Check(p)
	assert.ErrorContains(t, fs.Err(), "f.toml:2:16: error: SBC_PORT_WXT")
}

func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/ok/*.toml", "testdata/err/*.toml"} {
		files, err := filepath.Glob(pattern)
		require.NoError(f, err)
		for _, file := range files {
			data, err := os.ReadFile(file)
			require.NoError(f, err)
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := wxt.Parse("f.toml", data)
		if err != nil {
			var fs schema.Findings
			require.ErrorAs(t, err, &fs)
			require.Error(t, fs.Err())
			return
		}
		for _, f := range wxt.Check(p) {
			require.NotZero(t, f.Line, "%s", f)
			_, known := schema.LookupRule(f.Code)
			require.True(t, known, f.Code)
		}
	})
}

// TestTablesOnly gives keys that are tables a value that is none.
func TestTablesOnly(t *testing.T) {
	for _, key := range []string{"checks", "desktop", "tags", "declare", "sip", "codecs", "access", "package"} {
		_, err := wxt.Parse("p.toml", []byte(key+" = 1\n"))
		assert.ErrorContains(t, err, "p.toml:1:", key)
		assert.ErrorContains(t, err, key, key)
	}
}

// TestNoRegularFile loads what is no file.
func TestNoRegularFile(t *testing.T) {
	dir := t.TempDir()
	want := map[string]string{dir: "a folder"}
	// A socket's name is short.
	short, err := os.MkdirTemp("", "s")
	require.NoError(t, err)
	defer os.RemoveAll(short)
	if l, err := net.Listen("unix", filepath.Join(short, "s")); err == nil {
		defer l.Close()
		want[filepath.Join(short, "s")] = "a socket"
	}
	if _, err := os.Stat("/dev/null"); err == nil {
		want["/dev/null"] = "a device"
	}
	for path, kind := range want {
		_, err := wxt.Load(path)
		assert.ErrorContains(t, err, path+": expected a file, and it is "+kind)
	}
}
