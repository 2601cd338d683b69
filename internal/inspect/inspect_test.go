package inspect

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/tags"
)

// webex returns an archive of a platform with these files beside its manifest.
func webex(t testing.TB, p tags.Platform, files ...dtaf.File) *dtaf.Archive {
	t.Helper()
	a, err := dtaf.New(files...)
	require.NoError(t, err)
	require.NoError(t, a.SetManifest(dtaf.NewManifest(p, 0)))
	return a
}

func TestArchive(t *testing.T) {
	a := webex(t, tags.Desktop, dtaf.File{Name: "type/Business Communicator - PC/config-wxt.xml.template", Data: []byte("<config>%BWHOST-1%<!-- %A% --></config>")})
	i := Archive(a, nil)
	assert.Equal(t, tags.Desktop, i.Platform)
	assert.Empty(t, i.Findings)
	require.Len(t, i.Comparisons, 1)
	assert.Equal(t, 1, i.Comparisons[0].Tags)
	assert.Equal(t, []string{"BWHOST-1"}, i.Files[1].Tags)
	assert.Equal(t, []string{"A"}, i.Files[1].TagsInComments)
	assert.Equal(t, "https://<XSP|ADP farm>:443/dms/bc/pc/", i.Access())
	for r, want := range map[oci.Release]oci.Release{0: 0, oci.R21SP1: 0, oci.R22: oci.R22, oci.R23: oci.R23, oci.R25: oci.R25} {
		require.NoError(t, a.SetManifest(dtaf.NewManifest(tags.Desktop, r)))
		got := Archive(a, nil).Release
		assert.LessOrEqual(t, got, max(want, r))
		for _, request := range dtaf.NewManifest(tags.Desktop, r).Requests {
			model, _ := oci.Lookup(request.Type)
			assert.LessOrEqual(t, model.Since, got)
		}
	}
	assert.Empty(t, (&Inspection{}).Access())
}
