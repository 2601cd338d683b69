package wxt

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/dtaf/provision"
	"github.com/dtafgen/wxt/schema"
)

// TestOverrides reads devices with and without a group.
func TestOverrides(t *testing.T) {
	list, err := parseOverrides("o.toml", []byte(`
[[device]]
name = "d1"
[device.tags]
SBC_ADDRESS_WXT = "x.example"
[[device]]
name = "d2"
service_provider = "p"
group = "g"
[device.tags]
SBC_ADDRESS_WXT = "x.example"
`), dtaf.Limits{}.WithDefaults())
	require.NoError(t, err)
	require.Len(t, list, 2)
	assert.Equal(t, provision.Scope{Device: "d1"}, list[0].Scope)
	assert.Equal(t, provision.Scope{Device: "d2", ServiceProvider: "p", Group: "g"}, list[1].Scope)

	_, err = parseOverrides("o.toml", []byte("[[device]]\nname = 'd'\nplatform = 'desktp'\n[device.tags]\nSBC_ADDRESS_WXT = 'x.example'\n"), dtaf.Limits{}.WithDefaults())
	assert.ErrorContains(t, err, "o.toml:3:12")

	_, err = parseOverrides("o.toml", []byte("[[device]]\nname = 'd'\ngroup = 'g'\n[device.tags]\nSBC_ADDRESS_WXT = 'x.example'\n"), dtaf.Limits{}.WithDefaults())
	assert.ErrorContains(t, err, "[[device]] has a group, and not the service provider")
}

// FuzzOverrides reads anything as an overrides file.
func FuzzOverrides(f *testing.F) {
	for _, pattern := range []string{"dtaf/provision/testdata/overrides/ok/*.toml", "dtaf/provision/testdata/overrides/err/*.toml"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			data, err := os.ReadFile(file)
			require.NoError(f, err)
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := parseOverrides("o.toml", data, dtaf.Limits{}.WithDefaults())
		if err != nil {
			var fs schema.Findings
			require.ErrorAs(t, err, &fs)
			require.Error(t, fs.Err())
			return
		}
		c, _ := Compile(&Project{}, WithRelease(oci.R25))
		s, err := c.Provision()
		require.NoError(t, err)
		pr, err := provision.Overrides(s, list)
		if err == nil {
			for _, m := range pr.Messages {
				assert.NoError(t, m.Document.Check().Err())
			}
		}
	})
}
