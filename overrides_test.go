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
