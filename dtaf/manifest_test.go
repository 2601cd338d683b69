package dtaf

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/tags"
)

func TestNewManifest(t *testing.T) {
	for _, p := range tags.Platforms() {
		for _, r := range append([]oci.Release{0}, oci.Releases()...) {
			d := NewManifest(p, r)
			assert.Empty(t, d.Check(), "%s %s", p, r)
			for _, q := range d.Requests {
				typ, ok := oci.Lookup(q.Type)
				require.True(t, ok)
				assert.True(t, typ.KnownIn(r), "%s is newer than %s", q.Type, r)
			}
			add := manifest.DeviceTypeRequest(d)
			require.NotNil(t, add)
			for element, want := range map[string]string{
				"deviceType": Spec(p).Name, "tagSet": Spec(p).TagSet, "deviceAccessURI": Spec(p).URI, "deviceAccessContext": "dms",
				"deviceAccessProtocol": "Https", "profile": "Intelligent Proxy Addressing", "isVideoCapable": "true",
				"supportRemotePartyInfo": "true", "defaultDeviceEncoding": "UTF-8", "tagMode": "System And Custom",
				"deviceTypeConfigurationOption": "Device Management",
			} {
				got, _ := add.Get(element)
				assert.Equal(t, want, got, element)
			}
			ports, _ := add.Get("numberOfPorts")
			assert.Equal(t, map[bool]string{true: "10", false: "1"}[p == tags.Desktop], ports)
			files := manifest.FileRequests(d)
			require.Len(t, files, 1)
			source, _ := files[0].Get("sourceFileName")
			assert.Equal(t, Spec(p).TemplateName(Spec(p).Name), source)
		}
	}
	assert.Empty(t, cmp.Diff(NewManifest(tags.Desktop, 0), NewManifest(tags.Desktop, oci.R21SP1)))
	assert.Empty(t, NewManifest(0, oci.R22).Requests)
	assert.Zero(t, Spec(99))
}

func TestManifestGolden(t *testing.T) {
	for _, r := range oci.Releases() {
		testkit.Golden(t, "manifest-desktop-"+r.String()+".oci", string(NewManifest(tags.Desktop, r).Bytes()))
	}
}

// TestManifestsAreValid has the schema look at all platforms and releases.
func TestManifestsAreValid(t *testing.T) {
	var documents [][]byte
	for _, r := range oci.Releases() {
		for _, p := range tags.Platforms() {
			documents = append(documents, NewManifest(p, r).Bytes())
		}
	}
	takes, why := testkit.OCISchema(t, documents)
	assert.NotContains(t, takes, false, why)
}

// TestValuesAreUsed finds lines of the table that no request of a manifest has
// an element for, and values of elements that come twice.
func TestValuesAreUsed(t *testing.T) {
	used := make(map[string]bool)
	var all []*oci.Type
	for _, request := range NewManifest(tags.Mobile, 0).Requests {
		typ, ok := oci.Lookup(request.Type)
		require.True(t, ok)
		all = append(all, typ.Versions...)
	}
	for _, typ := range all {
		for _, p := range tags.Platforms() {
			seen := make(map[string]bool)
			for _, v := range Spec(p).values(typ) {
				assert.False(t, seen[v.element], "%s %s", typ.Name, v.element)
				seen[v.element] = true
				used[typ.Family+v.element+v.value] = true
			}
		}
	}
	for family, entries := range map[string][]valueEntry{manifest.AddDeviceType: table().device, manifest.AddFile: table().file, manifest.ModifyServices: table().service} {
		for _, e := range entries {
			assert.True(t, used[family+e.Element+e.Value], "%s %s %s", family, e.Element, e.Value)
		}
	}
	other, ok := oci.Lookup("SystemDeviceTypeImportRequest")
	require.True(t, ok)
	assert.Empty(t, Spec(tags.Mobile).values(other))
}

func TestSetDeviceType(t *testing.T) {
	d := NewManifest(tags.Mobile, oci.R22)
	template := Spec(tags.Mobile).TemplateName(Spec(tags.Mobile).Name)
	a, err := New(File{template, []byte("x")}, File{"other", nil})
	require.NoError(t, err)
	require.NoError(t, a.SetManifest(d))
	assert.Equal(t, []string{"oci/Connect - Mobile.oci", "other", "type/Connect - Mobile/config-wxt.xml.template"}, fileNames(a))

	before, err := a.Bytes(november)
	require.NoError(t, err)
	require.NoError(t, a.SetDeviceType("Connect - Mobile"))
	after, err := a.Bytes(november)
	require.NoError(t, err)
	assert.Equal(t, before, after)

	require.NoError(t, a.SetDeviceType("Téléphone & Co"))
	assert.Equal(t, []string{"oci/Téléphone & Co.oci", "other", "type/Téléphone & Co/config-wxt.xml.template"}, fileNames(a))
	d, err = a.Manifest()
	require.NoError(t, err)
	assert.Empty(t, d.Check())
	for _, r := range d.Requests {
		name, ok := r.Get("deviceType")
		assert.True(t, ok)
		assert.Equal(t, "Téléphone & Co", name)
	}
	source, _ := manifest.FileRequests(d)[0].Get("sourceFileName")
	assert.Equal(t, "type/Téléphone & Co/config-wxt.xml.template", source)

	for name, want := range map[string]string{
		"":                      "the value is empty",
		strings.Repeat("x", 41): "expected text of 1 to 40 characters",
		" a":                    "white space",
		"a/b":                   "slash",
		`a\b`:                   "backslash",
		"..":                    "climbs",
		"C:a":                   "drive letter",
	} {
		assert.ErrorContains(t, a.SetDeviceType(name), want)
	}
	assert.Error(t, (&Archive{}).SetDeviceType("a"))
	assert.ErrorContains(t, a.SetManifest(&oci.Document{}), "names no device type")
	assert.Equal(t, "Téléphone & Co", a.DeviceType())
	assert.Empty(t, (&Archive{}).DeviceType())

	// Another manifest takes the place of one that can't be read, and of several.
	for _, files := range [][]File{{{"oci/x.oci", []byte("<")}}, {{"oci/x.oci", nil}, {"oci/y.oci", nil}}} {
		a, err := New(files...)
		require.NoError(t, err)
		require.NoError(t, a.SetManifest(NewManifest(tags.Mobile, 0)))
		assert.Equal(t, []string{"oci/Connect - Mobile.oci"}, fileNames(a))
	}
}
