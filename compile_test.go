package wxt_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/dtaf/provision"
	"github.com/dtafgen/wxt/internal/codes"
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
	assert.Equal(t, "p.toml:3:8: warning: desktop: no <proxy> has an attribute adress, neither in the template nor in what is known of config-wxt.xml: the app may ignore it [WXT042]", findings[0].String())
	assert.Equal(t, "did you mean address?", findings[0].Remedy)
}

// TestSecretValues checks that values of secret tags don't get into logs by
// accident.
func TestSecretValues(t *testing.T) {
	secret := wxt.Value{Tag: tags.Tag{Name: "CODE_WXT", Secret: true}, Value: "hunter2"}
	open := wxt.Value{Tag: tags.Tag{Name: "OPEN_WXT"}, Value: "x"}
	data, err := json.Marshal([]wxt.Value{secret, open})
	require.NoError(t, err)
	assert.JSONEq(t, `[{"tag":"CODE_WXT","value":"(secret)","origin":"default","position":{}},{"tag":"OPEN_WXT","value":"x","origin":"default","position":{}}]`, string(data))
	assert.Equal(t, `CODE_WXT = "(secret)" OPEN_WXT = "x"`, fmt.Sprintf("%v %s", secret, open))
	for value, want := range map[string]string{"": "", "%BWAUTHPASSWORD-1%": "%BWAUTHPASSWORD-1%", "%A%hunter2": "(secret)", "%A% %B%": "%A% %B%", "50%": "(secret)"} {
		secret.Value = value
		assert.Equal(t, fmt.Sprintf("CODE_WXT = %q", want), secret.String())
	}
}

// TestPrivateFiles checks that files with the value of a secret tag are for their
// owner alone, whatever the tag's name is, and others are not.
func TestPrivateFiles(t *testing.T) {
	for mode, private := range map[wxt.Mode][]string{
		wxt.Tags:   {"tagsets/BroadTouch_Tags.oci"},
		wxt.Inline: {"Business_Communicator_-_PC(R24.0).DTAF.zip", "ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip"},
	} {
		p := &wxt.Project{
			Declare: []tags.Tag{{Name: "NEUTRAL_WXT", Type: tags.Text, Secret: true, Platforms: tags.NewPlatformSet(tags.Desktop)}},
			Desktop: wxt.PlatformSettings{Tags: map[string]string{"NEUTRAL_WXT": "hunter2"}},
			Mobile:  wxt.PlatformSettings{TagSet: "Other"}, Tablet: wxt.PlatformSettings{Disabled: true},
		}
		b, err := wxt.Build(p, wxt.WithMode(mode))
		require.NoError(t, err)
		dir := t.TempDir()
		require.NoError(t, b.WriteDir(dir))
		for f := range b.Files() {
			info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(f.Name)))
			require.NoError(t, err)
			if slices.Contains(private, f.Name) {
				assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), f.Name)
			} else {
				assert.NotZero(t, info.Mode().Perm()&0o044, f.Name)
			}
		}
	}
}

// TestProvisionBase is about a project that is compiled from a vendor's archive.
func TestProvisionBase(t *testing.T) {
	dir := t.TempDir()
	writeZip(t, filepath.Join(dir, "vendor.zip"), "", vendorFiles(t))
	p := load(t, baseProject(t, dir, "[tags]\nLEGACY_TAG = \"1\"\nSBC_PORT = \"5060\"\n[desktop]\nbase = \"vendor.zip\"\n"))
	bundle, err := wxt.Build(p, wxt.WithPlatforms(tags.Desktop), wxt.WithRelease(oci.R25))
	require.NoError(t, err)
	archive := bundle.Archives[0].Archive
	c, fs := wxt.Compile(p, wxt.WithPlatforms(tags.Desktop), wxt.WithRelease(oci.R25))
	require.NoError(t, fs.Err())
	source, err := c.Provision()
	require.NoError(t, err)
	for _, all := range []bool{false, true} {
		pr, err := provision.Files(source, provision.Scope{}, all)
		require.NoError(t, err)
		files := make(map[string]string)
		for _, r := range pr.Messages[0].Document.Requests {
			format, _ := r.Get("fileFormat")
			content, _ := r.Get("fileContent")
			data, err := base64.StdEncoding.DecodeString(content)
			require.NoError(t, err)
			files[format] = string(data)
		}
		want, ok := archive.File(vendorFolder + "config-wxt.xml.template")
		require.True(t, ok)
		assert.Equal(t, string(want), files["config-wxt.xml"])
		if all {
			assert.Len(t, files, 3)
			assert.Contains(t, slices.Collect(maps.Values(files)), string(vendorFiles(t)[vendorFolder+"ring.wav"]))
		} else {
			assert.Len(t, files, 1)
		}
	}
	override := provision.Override{Scope: provision.Scope{Device: "a"}, Platform: tags.Desktop, Tags: map[string]string{"LEGACY_TAG": "2"}}
	pr, err := provision.Overrides(source, []provision.Override{override})
	require.NoError(t, err)
	require.Len(t, pr.Messages, 1)
	override.Tags["LEGACY_TAG"] = "'<"
	_, err = provision.Overrides(source, []provision.Override{override})
	assert.ErrorContains(t, err, codes.RawXML)

	// The tag set has the vendor's tags.
	sets, err := provision.TagSets(source, provision.TagSetOptions{})
	require.NoError(t, err)
	legacy := ""
	for _, m := range sets.Messages {
		for _, request := range m.Document.Requests {
			if name, _ := request.Get("tagName"); name == "%LEGACY_TAG%" {
				legacy, _ = request.Get("tagValue")
			}
		}
	}
	assert.Equal(t, "1", legacy)
}

// TestProvisionHub checks that what a feature needs in Partner Hub goes with it to the
// runbook, and what it does not need, does not.
func TestProvisionHub(t *testing.T) {
	hub := func(text string) (items []string) {
		p, err := wxt.Parse("p.toml", []byte(text))
		require.NoError(t, err)
		c, _ := wxt.Compile(p)
		source, err := c.Provision()
		require.NoError(t, err)
		for _, q := range source.Hub {
			items = append(items, q.Server+": "+q.Item)
		}
		pr, err := provision.Rebuild(source, provision.Scope{}, "")
		require.NoError(t, err)
		dir := t.TempDir()
		_, err = pr.WriteDir(dir, false)
		require.NoError(t, err)
		runbook, err := os.ReadFile(filepath.Join(dir, "runbook.md"))
		require.NoError(t, err)
		for _, item := range items {
			assert.Contains(t, string(runbook), "\n- "+item)
		}
		return items
	}
	const history = "Partner Hub: Enable call history for the cluster"
	assert.NotContains(t, hub(""), history)
	assert.Contains(t, hub("tags.ENABLE_UNIFIED_CALL_HISTORY_WXT = true\n"), history)
}

// TestProvisionWithoutRequirements has an edge that there is not: the source is there
// with the error.
func TestProvisionWithoutRequirements(t *testing.T) {
	c, _ := wxt.Compile(&wxt.Project{Edge: "abc"})
	source, err := c.Provision()
	require.ErrorContains(t, err, "abc")
	assert.Len(t, source.Targets, 3)
	assert.Empty(t, source.Hub)
}
