package schema

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/tags"
)

// TestRequirementsTable checks that the table is sound.
func TestRequirementsTable(t *testing.T) {
	var used []string
	seen := make(map[[4]string]bool)
	for _, q := range requirements() {
		key := [4]string{q.Release, q.Server, q.Kind, q.Item}
		assert.False(t, seen[key], "%s stands twice", key)
		seen[key] = true
		assert.Contains(t, serverOrder, q.Server, q.Item)
		assert.Contains(t, kindOrder, q.Kind, q.Item)
		assert.NotEmpty(t, q.Source, q.Item)
		assert.NotEmpty(t, q.Features, q.Item)
		used = append(used, q.Features...)
		if q.Release != everyRelease {
			for _, r := range strings.Split(q.Release, "-") {
				assert.True(t, r == "" || slices.Contains(releases, r), q.Release)
			}
		}
	}
	for _, f := range Features() {
		assert.Contains(t, used, f.Name)
		assert.NotEmpty(t, f.Text)
	}
	for _, name := range used {
		assert.True(t, slices.ContainsFunc(Features(), func(f Feature) bool { return f.Name == name }), name)
	}
}

// squeeze returns a text without white space, so that it can be found however it
// is wrapped.
func squeeze(text string) string { return strings.Join(strings.Fields(text), "") }

// TestRequirementsFacts looks for every patch, application, feature number and
// command of the facts in the table.
func TestRequirementsFacts(t *testing.T) {
	var table strings.Builder
	for _, q := range requirements() {
		table.WriteString(q.Item + "\n")
	}
	f, err := os.Open(testkit.Shared(t, "facts/requirements.csv"))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	for _, row := range rows[1:] {
		release, kind, item := row[1], row[3], row[4]
		if kind == "note" || item == "AP.xsp.22.0.1123.ap378585" && row[0] == "base" && strings.Contains(row[5], "Hook Status") {
			continue // corrections.md has other words for the notes, and calls this one a misprint
		}
		assert.True(t, slices.ContainsFunc(requirements(), func(q Requirement) bool {
			feature := slices.Contains(q.Features, row[0]) || slices.Contains(q.Features, baseFeature)
			return feature && (release == everyRelease || inRange(release, q.Release)) && q.Kind == kind && q.Item == item
		}), "%s", row)
	}

	corrections, err := os.ReadFile(testkit.Shared(t, "facts/corrections.md"))
	require.NoError(t, err)
	_, text, ok := strings.Cut(string(corrections), "## Requirements")
	require.True(t, ok)
	n := 0
	for _, pattern := range []string{`\bap\d{6}\b`, "`activate (\\d+)", `activate (\d+)[;,]`, `\b\d{4}\.\d\d_\d\.\d{3}\b`, "`(?:AS|MS|XSP|ADP)_CLI/[^`]*> (set [^`]*)`", `com\.cisco\.[a-z0-9.]+`, `_[a-z-]+\._tcp`, `bw\.[a-z.A-Z]+ true`} {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			n++
			assert.Contains(t, table.String(), m[len(m)-1], "of corrections.md")
		}
	}
	assert.Greater(t, n, 25)
}

// TestRequirementsSources looks for every patch, application, feature number and
// command of the table in the guides, but for those of a later edition.
func TestRequirementsSources(t *testing.T) {
	files, err := filepath.Glob(testkit.Shared(t, "seeds/*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var all strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		all.Write(text)
	}
	guides := squeeze(all.String())
	for _, q := range requirements() {
		if strings.Contains(q.Source, "September 2026") {
			continue
		}
		var words []string
		switch q.Kind {
		case "patch", "activate":
			words = []string{q.Item}
		case "app":
			words = strings.Split(strings.TrimSuffix(q.Item, ".bwar"), " > ")
		case "cli":
			context, command, _ := strings.Cut(q.Item, "> ")
			fields := strings.Fields(strings.ReplaceAll(command, "<context_path>", "/callsettings"))
			words = []string{strings.TrimPrefix(context, "/"), strings.Join(fields[len(fields)-2:], "")}
			if strings.HasPrefix(fields[len(fields)-2], "bw.msg") {
				words[1] = fields[len(fields)-2] // the guide says it in words
			}
		case "dns", "namedef":
			words = []string{regexp.MustCompile(`^_[a-z-]+\._tcp`).FindString(q.Item)}
		}
		for _, w := range words {
			if q.Item == "AP.as.22.0.1123.ap378585" {
				continue // the guide has it elsewhere, too
			}
			assert.Contains(t, guides, squeeze(w), "%s", q.Item)
		}
	}
}

func requirementsFor(t *testing.T, q RequirementQuery) *Requirements {
	t.Helper()
	r, err := RequirementsFor(q)
	require.NoError(t, err)
	return r
}

func (r *Requirements) find(part string) *Requirement {
	for i, q := range r.Requirements {
		if strings.Contains(q.Item, part) {
			return &r.Requirements[i]
		}
	}
	return nil
}

func TestRequirementsFor(t *testing.T) {
	given := func(setting, value string, p tags.Platform) Given {
		return Given{Platform: p, DeviceType: "Type of " + p.String(), Setting: setting, Value: value}
	}
	names := func(r *Requirements) []string {
		var list []string
		for _, f := range r.Features {
			list = append(list, f.Name)
		}
		return list
	}
	// Values switch features on, each on its own platforms.
	for _, tt := range []struct {
		given Given
		want  []string
	}{
		{given("ENABLE_CALL_PARK_WXT", "true", tags.Mobile), []string{"call-park"}},
		{given("ENABLE_CALL_PARK_WXT", "false", tags.Mobile), nil},
		{given("ENABLE_AUTO_ANSWER_WXT", "true", tags.Mobile), nil},
		{given("lines", "1", tags.Desktop), nil},
		{given("lines", "2", tags.Desktop), []string{"shared-lines"}},
		{given("supportRemotePartyInfo", "true", tags.Desktop), nil},
		{given("supportRemotePartyInfo", "false", tags.Desktop), []string{"desktop-sharing"}},
		{given("supportRemotePartyInfo", "false", tags.Tablet), []string{"remote-party-info"}},
		{given("XSI_ROOT_WXT", "", tags.Desktop), nil},
		{given("ENABLE_CLID_OUTGOING_CALLS_WXT", "true", tags.Tablet), []string{"caller-id"}},
	} {
		r := requirementsFor(t, RequirementQuery{Given: []Given{tt.given}})
		assert.Equal(t, tt.want, names(r), "%v", tt.given)
		assert.Empty(t, r.Undocumented)
	}

	// What a project says is filled in.
	r := requirementsFor(t, RequirementQuery{Given: []Given{
		given("supportRemotePartyInfo", "false", tags.Desktop), given("supportRemotePartyInfo", "true", tags.Mobile), given("supportRemotePartyInfo", "false", tags.Tablet),
		given("XSI_ROOT_WXT", "https://app.example.com:8443/", tags.Desktop), given("XSI_ROOT_WXT", "https://app.example.com:8443/", tags.Mobile),
		given("WEB_CALL_SETTINGS_URL_WXT", "https://xsp.example.com/settings/", tags.Desktop),
	}})
	assert.Equal(t, []string{
		`AS_CLI/System/DeviceType/SIP> set "Type of desktop" supportRemotePartyInfo true`,
		`AS_CLI/System/DeviceType/SIP> set "Type of tablet" supportRemotePartyInfo true`,
	}, r.find("supportRemotePartyInfo").Commands)
	assert.Equal(t, []string{"_xsi-client._tcp.app.example.com. IN SRV 0 0 8443 app.example.com."}, r.find("_xsi-client").Commands)
	assert.Equal(t, []string{"XSP|ADP_CLI/Maintenance/ManagedObjects> deploy application /settings"}, r.find("deploy application").Commands)
	r = requirementsFor(t, RequirementQuery{Given: []Given{given("XSI_ROOT_WXT", "https://%BWHOST-1%/", tags.Desktop)}})
	assert.Empty(t, r.find("_xsi-client").Commands)

	// One edge, the newest version of each application, and each thing once.
	q := RequirementQuery{Base: true, Features: []string{"dnd-sync", "busy-lamp-field"}, Release: "R23"}
	either := requirementsFor(t, q)
	q.Edge = "adp"
	adp := requirementsFor(t, q)
	q.Edge = "XSP"
	xsp := requirementsFor(t, q)
	assert.Equal(t, "ADP", adp.Edge)
	assert.NotNil(t, either.find("AP.xsp.23.0.1075.ap382615"))
	assert.Nil(t, adp.find("AP.xsp.23.0.1075.ap382615"))
	assert.Nil(t, xsp.find("Xsi-Events-23"))
	for _, r := range []*Requirements{either, adp} {
		assert.Nil(t, r.find("Xsi-Events-23_2021.05"))
		assert.Nil(t, r.find("Xsi-Events-23_2022.01"))
		events := r.find("Xsi-Events-23_2022.03_1.220")
		assert.ElementsMatch(t, []string{"base", "dnd-sync", "busy-lamp-field"}, events.Features)
		assert.Contains(t, events.Note, "in place of Xsi-Events-23_2022.01_1.201.bwar")
	}
	seen := make(map[[3]string]bool)
	for _, q := range either.Requirements {
		key := [3]string{q.Server, q.Kind, q.Item}
		assert.False(t, seen[key], q.Item)
		seen[key] = true
		assert.Equal(t, "R23", q.Release)
	}

	// Not documented is what the guides are silent about.
	q = RequirementQuery{Features: []string{"call-recording", "busy-lamp-field", "auto-answer", "shared-lines"}, Release: "R26"}
	assert.Equal(t, []string{"busy-lamp-field", "shared-lines"}, requirementsFor(t, q).Undocumented)

	_, err := RequirementsFor(RequirementQuery{Features: []string{"dnd-snyc"}})
	assert.ErrorContains(t, err, "did you mean dnd-sync?")
	_, err = RequirementsFor(RequirementQuery{Features: []string{"nothing like any"}})
	assert.ErrorContains(t, err, "--list")
	_, err = RequirementsFor(RequirementQuery{Edge: "nfm"})
	assert.ErrorContains(t, err, "expected xsp or adp")
}
