package wxt_test

import (
	"encoding/base64"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/dtaf/provision"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/tags"
)

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
