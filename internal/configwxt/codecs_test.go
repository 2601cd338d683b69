package configwxt

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/render"
)

func TestSetCodecs(t *testing.T) {
	vendor, err := os.ReadFile(filepath.Join("..", "..", "render", "testdata", "edit", "vendor.template"))
	require.NoError(t, err)
	for _, tt := range []struct {
		name, media string
		codecs      []string
		missing     []string
	}{
		{"codecs-audio", "audio", []string{"PCMA", "opus", "iLBC"}, []string{"iLBC"}},
		{"codecs-video", "video", []string{"H264"}, nil},
		{"codecs-none", "sound", []string{"opus"}, []string{"opus"}},
	} {
		tmpl, err := render.Parse("vendor.template", vendor)
		require.NoError(t, err)
		ordered, change, err := SetCodecs(tmpl, tt.media, tt.codecs, true)
		require.NoError(t, err)
		assert.Equal(t, tt.missing, change.Missing)
		testkit.Golden(t, tt.name+".diff", testkit.LineDiff(tmpl.Source(), ordered.Source()))
	}
	// Priorities that are of no use are replaced.
	tmpl := parse(t, `<audio><codec name="a" priority="x"/><codec name="b" priority="1"/><codec name="c"/></audio>`)
	ordered, change, err := SetCodecs(tmpl, "audio", []string{"c", "b"}, true)
	require.NoError(t, err)
	assert.Equal(t, CodecChange{Lists: 1}, change)
	assert.Equal(t, `<audio><codec name="c"/><codec name="b" priority="1.0"/><codec name="a" priority="0.9"/></audio>`, ordered.Source())
}

// TestCodecsListByList has codecs that stand twice, in lists of several kinds, some
// with comments beside them.
func TestCodecsListByList(t *testing.T) {
	tmpl := parse(t, `<calls>
	<audio><codecs>
		<codec name="G722" priority="1.0"/>
		<codec name="G729" priority="0.9"/> <!-- kbit -->
		<codec name="PCMU" priority="0.8"/>
	</codecs></audio>
	<level><audio-codecs>
		<codec name="G722" bitrate="" priority=".9"/>
		<codec name="PCMU" priority=".8"/>
		<codec name="G722" bitrate="48000" priority=".7"/>
	</audio-codecs><video-codecs>
		<codec name="H264"/>
	</video-codecs></level>
	<level><audio-codecs>
		<codec name="G729"/>
	</audio-codecs></level>
</calls>`)
	edited, change, err := SetCodecs(tmpl, "audio", []string{"PCMU", "G722", "opus"}, false)
	require.NoError(t, err)
	assert.Equal(t, CodecChange{Lists: 3, Removed: []string{"G729"}, Missing: []string{"opus"}, Repeated: []string{"G722"}, Left: []int{15}}, change)
	assert.Equal(t, `<calls>
	<audio><codecs>
		<codec name="PCMU" priority="1.0"/>
		 <!-- kbit -->
		<codec name="G722" priority="0.9"/>
	</codecs></audio>
	<level><audio-codecs>
		<codec name="PCMU" priority=".9"/>
		<codec name="G722" bitrate="" priority=".8"/>
		<codec name="G722" bitrate="48000" priority=".7"/>
	</audio-codecs><video-codecs>
		<codec name="H264"/>
	</video-codecs></level>
	<level><audio-codecs>
		<codec name="G729"/>
	</audio-codecs></level>
</calls>`, edited.Source())
}
