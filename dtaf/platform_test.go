package dtaf

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/tags"
)

// webex returns an archive of a platform with these files beside its manifest.
func webex(t testing.TB, p tags.Platform, files ...File) *Archive {
	t.Helper()
	a, err := New(files...)
	require.NoError(t, err)
	require.NoError(t, a.SetManifest(NewManifest(p, 0)))
	return a
}

func TestPlatformGuess(t *testing.T) {
	const template = "/config-wxt.xml.template"
	for name, tt := range map[string]struct {
		name, deviceType, tagSet, uri, text string
		want                                tags.Platform
	}{
		"package":     {"/x/ucone-tablet-ucaas-3.9.18-wxt-Nov2026_DTAF.zip", "Phone", "T", "u", "", tags.Tablet},
		"device type": {"a.zip", "Connect - Mobile", "T", "u", "", tags.Mobile},
		"tag set":     {"a.zip", "Phone", "ConnectTablet_Tags", "u", "", tags.Tablet},
		"URI":         {"a.zip", "Phone", "T", "bc/pc/", "", tags.Desktop},
		"words":       {"a.zip", "Acme Webex iPad", "T", "u", "", tags.Tablet},
		"tags":        {"a.zip", "Acme", "T", "u", "%ENABLE_FORCED_LOGOUT_WXT%", tags.Desktop},
		"nothing":     {"a.zip", "Acme", "T", "u", "%BWHOST-1%", 0},
	} {
		t.Run(name, func(t *testing.T) {
			a := webex(t, tags.Desktop, File{"type/Business Communicator - PC" + template, []byte(tt.text)})
			m, err := a.Manifest()
			require.NoError(t, err)
			require.NoError(t, manifest.DeviceTypeRequest(m).Set("tagSet", tt.tagSet))
			require.NoError(t, manifest.DeviceTypeRequest(m).Set("deviceAccessURI", tt.uri))
			require.NoError(t, a.SetManifest(m))
			require.NoError(t, a.SetDeviceType(tt.deviceType))
			a.name = tt.name
			got, ok := a.Platform()
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.want != 0, ok)
			assert.Equal(t, []string{"type/" + tt.deviceType + template}, a.WebexTemplates())
		})
	}
	a, err := New(File{"type/x/config-wxt.xml.template", []byte("%ENABLE_FORCED_LOGOUT_WXT%")})
	require.NoError(t, err)
	got, ok := a.Platform()
	assert.True(t, ok)
	assert.Equal(t, tags.Desktop, got)
	a, err = New(File{"doc/config-wxt.xml.template", nil}, File{"type/x/other.template", nil})
	require.NoError(t, err)
	assert.Empty(t, a.WebexTemplates(), "one is in another folder, and one has another name")
	a, err = New(File{"x", nil})
	require.NoError(t, err)
	_, ok = a.Platform()
	assert.False(t, ok)
}
