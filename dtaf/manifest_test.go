package dtaf

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf/oci"
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
			add := DeviceTypeRequest(d)
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
			files := FileRequests(d)
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

// TestManifestsAreValid has the schema look at all platforms and releases. As
// reading it takes longer than all else, the requests of a release's three
// manifests, 12 of them, stand in one document.
func TestManifestsAreValid(t *testing.T) {
	tool := testkit.Shared(t, "tools/oci-validate")
	python := testkit.Oracle(t, "python3")
	testkit.Oracle(t, "xmllint")
	dir := t.TempDir()
	args := []string{tool}
	for _, r := range oci.Releases() {
		all := &oci.Document{}
		for _, p := range tags.Platforms() {
			all.Requests = append(all.Requests, NewManifest(p, r).Requests...)
		}
		name := filepath.Join(dir, r.String()+".oci")
		require.NoError(t, os.WriteFile(name, all.Bytes(), 0o600))
		args = append(args, name)
	}
	out, err := exec.Command(python, args...).CombinedOutput()
	assert.NoError(t, err, "%s", out)
	assert.Equal(t, len(oci.Releases()), strings.Count(string(out), ": valid\n"), "%s", out)
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
			for _, v := range Spec(p).Values(typ) {
				assert.False(t, seen[v.Element], "%s %s", typ.Name, v.Element)
				seen[v.Element] = true
				used[typ.Family+v.Element+v.Value] = true
			}
		}
	}
	for family, entries := range map[string][]valueEntry{familyDeviceType: table().device, familyFile: table().file, familyService: table().service} {
		for _, e := range entries {
			assert.True(t, used[family+e.Element+e.Value], "%s %s %s", family, e.Element, e.Value)
		}
	}
	other, ok := oci.Lookup("SystemDeviceTypeImportRequest")
	require.True(t, ok)
	assert.Empty(t, Spec(tags.Mobile).Values(other))
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
	source, _ := FileRequests(d)[0].Get("sourceFileName")
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
		assert.ErrorContains(t, SetDeviceType(d, name), want)
	}
	assert.ErrorContains(t, SetDeviceType(&oci.Document{}, "a"), "names no device type")
	assert.Error(t, (&Archive{}).SetDeviceType("a"))
	assert.ErrorContains(t, a.SetManifest(&oci.Document{}), "names no device type")
	assert.Nil(t, DeviceTypeRequest(&oci.Document{}))

	// A request that is not modelled is renamed too, and one of another device
	// type is not.
	d = &oci.Document{Requests: []*oci.Request{
		{Type: "SystemSIPDeviceTypeAddRequest99", Elements: []*oci.Element{{Name: "deviceType", Value: "A"}}},
		{Type: "SomeRequest", Elements: []*oci.Element{{Name: "deviceType", Value: "B"}}},
	}}
	require.NoError(t, SetDeviceType(d, "C"))
	assert.Equal(t, "C", d.Requests[0].Elements[0].Value)
	assert.Equal(t, "B", d.Requests[1].Elements[0].Value)
}

func TestPackageNames(t *testing.T) {
	var got strings.Builder
	for _, p := range tags.Platforms() {
		for month := time.January; month <= time.December; month++ {
			name := PackageName(p, "3.9.18", month, 2026)
			got.WriteString(name + "\n")
			parsed, err := ParsePackageName(name)
			require.NoError(t, err)
			assert.Equal(t, Package{p, "3.9.18", month, 2026}, parsed)
		}
	}
	testkit.Golden(t, "package-names.txt", got.String())
	for _, name := range []string{
		"", "x.zip", "ucone-phone-ucaas-3.9.18-wxt-Nov2026_DTAF.zip", "ucone-mobile-ucaas-3.9-wxt-Nov2026_DTAF.zip",
		"ucone-mobile-ucaas-3.9.18-wxt-Nox2026_DTAF.zip", "a/ucone-mobile-ucaas-3.9.18-wxt-Nov2026_DTAF.zip",
	} {
		_, err := ParsePackageName(name)
		assert.Error(t, err, name)
	}
	assert.NoError(t, CheckVersion("3.9.18"))
	for _, v := range []string{"", "3.9", "3.9.18.1", "v3.9.18", "3.9.x", "3.9.18\n"} {
		assert.Error(t, CheckVersion(v), v)
	}
}
