package wxt_test

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/tags"
)

// allFeatures switches every feature of the table on.
const allFeatures = `
[tags]
ENABLE_UNIFIED_CALL_HISTORY_WXT = true
ENABLE_CALL_RECORDING_WXT = true
ENABLE_CALL_PARK_WXT = true
ENABLE_BUSY_LAMP_FIELD_WXT = true
ENABLE_AUTO_ANSWER_WXT = true
WEB_CALL_SETTINGS_TARGET_WXT = "csw"
`

func featureNames(r *wxt.Requirements) []string {
	var names []string
	for _, f := range r.Features {
		names = append(names, f.Name)
	}
	return names
}

// TestRequirementsTable compares the table with the facts, and what comes of a
// project that switches everything on with the table.
func TestRequirementsTable(t *testing.T) {
	facts, err := os.ReadFile(testkit.Shared(t, "facts/requirements.csv"))
	require.NoError(t, err)
	table, err := os.ReadFile("requirements.csv")
	require.NoError(t, err)
	read := func(data []byte) [][]string {
		rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
		require.NoError(t, err)
		return rows
	}
	rows := read(table)
	assert.Equal(t, read(facts), rows)

	p, err := wxt.Parse("f.toml", []byte(allFeatures))
	require.NoError(t, err)
	r, _ := wxt.RequirementsOf(p, wxt.Options{}, true)
	for _, row := range rows[1:] {
		assert.True(t, slices.ContainsFunc(r.Requirements, func(q wxt.Requirement) bool {
			return slices.Contains(q.Features, row[0]) && q.Release == row[1] && q.Server == row[2] && q.Kind == row[3] && q.Item == row[4] && strings.Contains(q.Note, row[5])
		}), "%s", row)
	}
	for _, release := range oci.Releases() {
		r, _ := wxt.RequirementsOf(p, wxt.Options{Release: release}, true)
		assert.Equal(t, release.String(), r.Release)
		for _, row := range rows[1:] {
			want := row[1] == release.String() || row[1] == "all"
			got := slices.ContainsFunc(r.Requirements, func(q wxt.Requirement) bool {
				return slices.Contains(q.Features, row[0]) && q.Server == row[2] && q.Kind == row[3] && q.Item == row[4]
			})
			assert.True(t, got || !want, "%s for %s", row, release)
		}
		for i, q := range r.Requirements {
			assert.Equal(t, release.String(), q.Release)
			for _, other := range r.Requirements[:i] {
				assert.False(t, other.Server == q.Server && other.Kind == q.Kind && other.Item == q.Item, "%s comes twice", q.Item)
			}
		}
	}
}

func TestRequirementsOf(t *testing.T) {
	p, err := wxt.Parse("f.toml", []byte(allFeatures))
	require.NoError(t, err)
	// The busy lamp field, automatic answer, shared lines and desktop sharing are
	// the desktop's.
	mobile, _ := wxt.RequirementsOf(p, wxt.Options{Platforms: tags.NewPlatformSet(tags.Mobile)}, false)
	assert.Equal(t, []string{"unified-call-history", "unified-call-history-redirection", "call-recording", "call-park", "call-settings-webview"}, featureNames(mobile))
	park := mobile.Features[3].Reasons
	require.Len(t, park, 1)
	assert.Equal(t, "f.toml:5:24", park[0].Position.String())
	assert.Equal(t, tags.Mobile, park[0].Platform)

	// What several features need comes once.
	r23, _ := wxt.RequirementsOf(p, wxt.Options{Release: oci.R23}, false)
	i := slices.IndexFunc(r23.Requirements, func(q wxt.Requirement) bool { return strings.HasSuffix(q.Item, "sendCallCorrelationIDAccess true") })
	require.GreaterOrEqual(t, i, 0)
	assert.Equal(t, []string{"call-recording", "call-park"}, r23.Requirements[i].Features)
	i = slices.IndexFunc(r23.Requirements, func(q wxt.Requirement) bool { return strings.Contains(q.Item, "supportRemotePartyInfo") })
	assert.Equal(t, []string{`AS_CLI/System/DeviceType/SIP> set "Business Communicator - PC" supportRemotePartyInfo true`}, r23.Requirements[i].Commands)
	assert.Empty(t, r23.Undocumented)
	r25, _ := wxt.RequirementsOf(p, wxt.Options{Release: oci.R25}, true)
	assert.Contains(t, r25.Undocumented, "base")
	assert.Contains(t, r25.Undocumented, "call-park")
	assert.NotContains(t, r25.Undocumented, "shared-lines")
	assert.NotContains(t, r25.Undocumented, "auto-answer")

	p, err = wxt.Parse("f.toml", []byte("broadworks = \"R24\"\n[desktop.device]\nnumberOfPorts = 1\nsupportRemotePartyInfo = false\n"))
	require.NoError(t, err)
	none, _ := wxt.RequirementsOf(p, wxt.Options{}, false)
	assert.Equal(t, &wxt.Requirements{Release: "R24", Features: []wxt.Feature{}, Requirements: []wxt.Requirement{}}, none)
	p.Desktop.Device["numberOfPorts"] = "unlimited"
	shared, _ := wxt.RequirementsOf(p, wxt.Options{}, false)
	assert.Equal(t, []string{"shared-lines"}, featureNames(shared))
	assert.Equal(t, "f.toml:3:17", shared.Features[0].Reasons[0].Position.String())
	p.Desktop.Device = map[string]string{"supportRemotePartyInfo": "1"}
	sharing, _ := wxt.RequirementsOf(p, wxt.Options{}, false)
	assert.Contains(t, featureNames(sharing), "desktop-sharing", "1 is true, as everywhere")
}
