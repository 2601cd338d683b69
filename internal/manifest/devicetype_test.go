package manifest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf/oci"
)

func request(name, deviceType string) *oci.Request {
	return &oci.Request{Type: name, Elements: []*oci.Element{{Name: "deviceType", Value: deviceType}}}
}

// TestSetDeviceType renames a device type: in a request that is not modelled too, and
// not in one of another device type.
func TestSetDeviceType(t *testing.T) {
	d := &oci.Document{Requests: []*oci.Request{request("SomeRequest", "B"), request("SystemSIPDeviceTypeAddRequest99", "A"), request("SystemSIPDeviceTypeFileAddRequest20", " A ")}}
	require.NoError(t, d.Requests[2].Set("sourceFileName", "type/A/x"))
	require.NoError(t, SetDeviceType(d, "C"))
	assert.Equal(t, "B", d.Requests[0].Elements[0].Value)
	assert.Equal(t, "C", d.Requests[1].Elements[0].Value)
	assert.Equal(t, "C", d.Requests[2].Elements[0].Value)
	source, _ := FileRequests(d)[0].Get("sourceFileName")
	assert.Equal(t, "type/C/x", source)

	for name, want := range map[string]string{
		"":                      "the value is empty",
		strings.Repeat("x", 41): "expected text of 1 to 40 characters",
		" a":                    "white space",
		"a/b":                   "slash",
		`a\b`:                   "backslash",
		"..":                    "climbs",
	} {
		assert.ErrorContains(t, SetDeviceType(d, name), want)
	}
	assert.ErrorIs(t, SetDeviceType(&oci.Document{}, "a"), ErrNoDeviceType)
}

// TestDeviceType finds the device type of a manifest: that of the request that adds
// one counts most, whatever its version.
func TestDeviceType(t *testing.T) {
	for want, types := range map[string][]string{
		"2": {"SystemSIPDeviceTypeServiceModifyRequest", "SystemSIPDeviceTypeAddRequest22V2"},
		"1": {"SystemSIPDeviceTypeServiceModifyRequest", "SystemSIPDeviceTypeAddRequester"},
	} {
		d := &oci.Document{Requests: []*oci.Request{request(types[0], "1"), request(types[1], "2")}}
		got, ok := DeviceType(d)
		assert.True(t, ok)
		assert.Equal(t, want, got)
	}
	_, ok := DeviceType(&oci.Document{Requests: []*oci.Request{{Type: AddDeviceType}}})
	assert.False(t, ok)
	assert.Nil(t, DeviceTypeRequest(&oci.Document{}))
	assert.Empty(t, FileRequests(&oci.Document{Requests: []*oci.Request{request(AddDeviceType, "A")}}))
}
