package wxt_test

import (
	"errors"
	"io/fs"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// archives returns the built archives of the embedded default, by platform.
func archives(t testing.TB) map[tags.Platform]wxt.BuiltArchive {
	t.Helper()
	b, err := wxt.Build(&wxt.Project{})
	require.NoError(t, err)
	all := make(map[tags.Platform]wxt.BuiltArchive)
	for _, a := range b.Archives {
		all[a.Platform] = a
	}
	return all
}

// TestPercentSigns has names of tags with percent signs and without, in a project
// made by a program: they mean the same.
func TestPercentSigns(t *testing.T) {
	p := &wxt.Project{
		Tags:    map[string]string{"%USE_TLS_WXT%": "true", "SBC_PORT_WXT": "1", "%SBC_PORT_WXT%": "2", "%OWN_WXT%": "x"},
		Declare: []tags.Tag{{Name: "%OWN_WXT%", Type: tags.Text, Platforms: tags.NewPlatformSet(tags.Platforms()...)}},
		Desktop: wxt.PlatformSettings{Tags: map[string]string{"%SBC_ADDRESS_WXT%": "sbc.example"}},
	}
	c, findings := wxt.Compile(p, wxt.WithPlatforms(tags.Desktop))
	require.NoError(t, findings.Err())
	for tag, want := range map[string]string{"USE_TLS_WXT": "true", "SBC_PORT_WXT": "1", "OWN_WXT": "x", "SBC_ADDRESS_WXT": "sbc.example"} {
		v, ok := c.Targets[0].Value(tag)
		assert.True(t, ok, tag)
		assert.Equal(t, want, v.Value, tag)
	}
	assert.Contains(t, p.Tags, "%USE_TLS_WXT%", "the caller's project stays as it is")

	require.NoError(t, p.Set("%SBC_PORT_WXT%", "3"))
	require.NoError(t, p.Set("USE_TLS_WXT", "false"))
	c, _ = wxt.Compile(p, wxt.WithPlatforms(tags.Tablet))
	for tag, want := range map[string]string{"USE_TLS_WXT": "true", "SBC_PORT_WXT": "3"} {
		v, _ := c.Targets[0].Value(tag)
		if tag == "USE_TLS_WXT" {
			want = "false"
		}
		assert.Equal(t, want, v.Value, tag)
	}
	assert.Error(t, (&wxt.Project{}).Set("BWHOST-1", "x"), "a system tag")
	assert.Error(t, (&wxt.Project{}).Set("A B", "x"), "no tag")
	zero := &wxt.Project{}
	require.NoError(t, zero.Set("USE_TLS_WXT", "true"))
	assert.Equal(t, map[string]string{"USE_TLS_WXT": "true"}, zero.Tags)
}

// TestLoadFS loads a project and its base from a file system that is none of the
// disk.
func TestLoadFS(t *testing.T) {
	fsys := fstest.MapFS{
		"acme/dtafgen.toml": {Data: []byte("[desktop]\nbase = \"../vendor/d.zip\"\n[mobile]\nenabled = false\n[tablet]\nenabled = false\n")},
		"vendor/d.zip":      {Data: archives(t)[tags.Desktop].Data},
	}
	p, err := wxt.LoadFS(fsys, "acme/dtafgen.toml")
	require.NoError(t, err)
	b, err := wxt.Build(p)
	require.NoError(t, err)
	require.Len(t, b.Archives, 1)

	delete(fsys, "vendor/d.zip")
	_, findings := wxt.Compile(p)
	assert.ErrorContains(t, findings.Err(), "acme/dtafgen.toml:2:8: error: desktop.base: there is no file")
	_, err = wxt.LoadFS(fsys, "none.toml")
	assert.ErrorIs(t, err, fs.ErrNotExist)

	fsys["vendor/d.zip"] = &fstest.MapFile{Data: archives(t)[tags.Desktop].Data}
	p, err = wxt.LoadFS(fsys, "acme/dtafgen.toml", wxt.WithLimits(dtaf.Limits{Archive: 1000}))
	require.NoError(t, err)
	_, findings = wxt.Compile(p)
	assert.ErrorContains(t, findings.Err(), "expected at most 1000")
	_, err = wxt.LoadFS(fsys, "acme/dtafgen.toml", wxt.WithLimits(dtaf.Limits{Project: 10}))
	assert.ErrorContains(t, err, "more than 10 bytes")
}

// TestBasesOpenedOnce counts how often bases are opened: once each, and only for
// the platforms asked for.
func TestBasesOpenedOnce(t *testing.T) {
	all := archives(t)
	var opened []string
	open := func(name string) ([]*dtaf.Archive, error) {
		opened = append(opened, name)
		for platform, a := range all {
			if name == platform.String()+".zip" {
				return []*dtaf.Archive{a.Archive}, nil
			}
		}
		return nil, errors.New("no such base")
	}
	p, err := wxt.Parse("p.toml", []byte("[tags]\nUSE_TLS_WXT = true\n[desktop]\nbase = \"desktop.zip\"\n[mobile]\nbase = \"mobile.zip\"\n[tablet]\nbase = \"none.zip\"\n"), wxt.WithOpener(open))
	require.NoError(t, err)
	c, findings := wxt.Compile(p, wxt.WithPlatforms(tags.Desktop))
	require.NoError(t, findings.Err())
	c.Check()
	_, err = c.Build()
	require.NoError(t, err)
	assert.Equal(t, []string{"desktop.zip"}, opened)

	opened = nil
	c, findings = wxt.Compile(p)
	assert.EqualError(t, findings.Err(), "p.toml:8:8: error: tablet.base: no such base [WXT040]")
	assert.Len(t, c.Targets, 2)
	assert.Equal(t, []string{"desktop.zip", "mobile.zip", "none.zip"}, opened)
}

// TestSharedCompilation has several goroutines use one compilation at a time.
func TestSharedCompilation(t *testing.T) {
	p := &wxt.Project{Desktop: wxt.PlatformSettings{BaseArchive: archives(t)[tags.Desktop].Archive}}
	c, findings := wxt.Compile(p)
	require.NoError(t, findings.Err())
	want := c.Check()
	first, err := c.Build()
	require.NoError(t, err)
	var group sync.WaitGroup
	results := make([]schema.Findings, 4)
	for i := range results {
		group.Go(func() {
			results[i] = c.Check()
			b, err := c.Build()
			if assert.NoError(t, err) {
				assert.Equal(t, first.Archives[0].Data, b.Archives[0].Data)
			}
		})
	}
	group.Wait()
	for _, fs := range results {
		assert.Equal(t, want, fs)
	}
}

// TestNewAttribute has an edit that gives an element an attribute which no element
// of its name has, and some that don't.
func TestNewAttribute(t *testing.T) {
	p, err := wxt.Parse("p.toml", []byte(`[[desktop.edit]]
path = "config/protocols/sip/proxy"
attr = "adress"
value = "sbc.example"
[[desktop.edit]]
path = "config/protocols/sip/proxy"
attr = "port"
value = "5061"
[[desktop.edit]]
path = "config"
insert = "<own port='1'/>"
`))
	require.NoError(t, err)
	_, findings := wxt.Compile(p, wxt.WithPlatforms(tags.Desktop))
	require.Len(t, findings, 1)
	assert.Equal(t, "p.toml:3:8: warning: desktop: no <proxy> has an attribute adress, in the template or in what is known of it: the app may not look at it [WXT042]", findings[0].String())
	assert.Equal(t, "did you mean address?", findings[0].Remedy)
}
