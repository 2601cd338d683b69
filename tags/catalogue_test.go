package tags_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/tags"
)

// TestDefaults pins every tag's default on every platform.
func TestDefaults(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "%-55s%-10s%-10s%-10s%s\n", "tag", "desktop", "mobile", "tablet", "known")
	for tag := range tags.Default().All() {
		fmt.Fprintf(&b, "%-55s", tag.Name)
		for _, p := range tags.Platforms() {
			v, ok := tag.DefaultOn(p)
			switch {
			case tag.Kind == tags.System:
				v = "(system)"
			case !ok:
				v = "-"
			default:
				v = fmt.Sprintf("%q", v)
			}
			fmt.Fprintf(&b, "%-10s", v)
		}
		fmt.Fprintf(&b, "%s\n", tag.Known.Default)
	}
	testkit.Golden(t, "defaults.golden", b.String())
}

// facts reads a table of the facts, a map for each row.
func facts(t *testing.T, name string) []map[string]string {
	f, err := os.Open(testkit.Shared(t, "facts/"+name))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	var list []map[string]string
	for _, row := range rows[1:] {
		m := make(map[string]string)
		for i, column := range rows[0] {
			m[column] = row[i]
		}
		list = append(list, m)
	}
	return list
}

// TestFacts compares the catalogue with the facts that it was made from.
func TestFacts(t *testing.T) {
	c := tags.Default()
	rows := facts(t, "custom-tags.csv")
	assert.Len(t, rows, 65)
	for _, row := range rows {
		tag, ok := c.Lookup(row["tag"])
		if !assert.True(t, ok, row["tag"]) {
			continue
		}
		assert.Equal(t, tags.Custom, tag.Kind)
		assert.Equal(t, row["type"], string(tag.Type), tag.Name)
		assert.Equal(t, row["desktop"] == "yes", tag.Platforms.Has(tags.Desktop), tag.Name)
		assert.Equal(t, row["mobile_and_tablet"] == "yes", tag.Platforms.Has(tags.Mobile), tag.Name)
		assert.Equal(t, row["mobile_and_tablet"] == "yes", tag.Platforms.Has(tags.Tablet), tag.Name)
		for p := range tag.Platforms.All() {
			v, ok := tag.DefaultOn(p)
			assert.True(t, ok)
			assert.Equal(t, row["default"], v, tag.Name)
		}
		documented := strings.HasPrefix(row["known"], "name, platforms and default documented")
		assert.Equal(t, documented, tag.Known.Mark() == tags.Documented, tag.Name)
		if tag.Type == tags.Enum {
			assert.Equal(t, row["values"], strings.Join(tag.Values, "|"))
		}
	}
	rows = facts(t, "system-tags.csv")
	assert.Len(t, rows, 7)
	for _, row := range rows {
		tag, ok := c.Lookup(row["tag"])
		if assert.True(t, ok, row["tag"]) {
			assert.Equal(t, tags.System, tag.Kind)
			assert.Equal(t, strings.Contains(row["meaning"], "secret"), tag.Secret)
		}
	}
	assert.Equal(t, 72, c.Len())
}

func TestCatalogueIsComplete(t *testing.T) {
	seenSystem := false
	for tag := range tags.Default().All() {
		seenSystem = seenSystem || tag.Kind == tags.System
		assert.Equal(t, seenSystem, tag.Kind == tags.System, "%s: custom tags come first", tag.Name)
		assert.NotEmpty(t, tag.Text, tag.Name)
		assert.True(t, strings.HasSuffix(tag.Text, "."), tag.Name)
		assert.NotContains(t, tag.Text, "\n", tag.Name)
		assert.Equal(t, tag.Kind == tags.Custom, tag.Feature != "", tag.Name)
		assert.Equal(t, tag.Platforms.Has(tags.Mobile), tag.Platforms.Has(tags.Tablet), "%s: tablet follows mobile", tag.Name)
	}
}

func TestLookup(t *testing.T) {
	c := tags.Default()
	for _, tt := range []struct {
		name, want string
		line       int
	}{
		{"SBC_PORT_WXT", "SBC_PORT_WXT", 0},
		{"%SBC_PORT_WXT%", "SBC_PORT_WXT", 0},
		{"BWLINEPORT-1", "BWLINEPORT-1", 1},
		{"%BWLINEPORT-2%", "BWLINEPORT-2", 2},
		{"BWLINEPORT-10", "BWLINEPORT-10", 10},
		{"BWNETWORK-CONFERENCESIPURI-1", "BWNETWORK-CONFERENCE-SIPURI-1", 1},
		{"BWNETWORK-CONFERENCESIPURI-3", "BWNETWORK-CONFERENCE-SIPURI-3", 3},
		{"BWLINEPORT", "", 0},
		{"BWLINEPORT-0", "", 0},
		{"BWLINEPORT-02", "", 0},
		{"BWLINEPORT--1", "", 0},
		{"sbc_port_wxt", "", 0},
		{"%SBC_PORT_WXT", "", 0},
		{"SBC_PORT_WXT-2", "", 0},
		{"", "", 0},
		{"%", "", 0},
		{"%%", "", 0},
	} {
		tag, ok := c.Lookup(tt.name)
		assert.Equal(t, tt.want != "", ok, tt.name)
		assert.Equal(t, tt.want, tag.Name, tt.name)
		assert.Equal(t, tt.line, tag.Line, tt.name)
	}
}

func TestNearest(t *testing.T) {
	for name, want := range map[string]string{
		"SBC_PROT_WXT":                    "SBC_PORT_WXT",
		"SBC_PORT":                        "SBC_PORT_WXT",
		"%USE_TSL_WXT%":                   "USE_TLS_WXT",
		"BLF_NOTIFICATION_DELAY_TIME_WXT": "BLF_NOTIFICATON_DELAY_TIME_WXT",
		"BWLINPORT-1":                     "BWLINEPORT-1",
		"NOTHING_LIKE_IT":                 "",
	} {
		got, _ := tags.Default().Nearest(name)
		assert.Equal(t, want, got, name)
	}
}

func TestSplitLine(t *testing.T) {
	for name, want := range map[string]struct {
		base string
		line int
	}{
		"BWLINEPORT-2":                    {"BWLINEPORT", 2},
		"%BWNETWORK-CONFERENCE-SIPURI-1%": {"BWNETWORK-CONFERENCE-SIPURI", 1},
		"BWE164-12":                       {"BWE164", 12},
		"BWFQDEVICEID":                    {"BWFQDEVICEID", 0},
		"BWTIMESTAMP":                     {"BWTIMESTAMP", 0},
		"BWE164":                          {"BWE164", 0},
		"BWX--1":                          {"BWX-", 1},
		"BWX-+1":                          {"BWX-+1", 0},
		"BWX-99999999999999999999":        {"BWX-99999999999999999999", 0},
		"OTHER-1":                         {"OTHER-1", 0},
	} {
		base, line := tags.SplitLine(name)
		assert.Equal(t, want.base, base, name)
		assert.Equal(t, want.line, line, name)
	}
}

func TestExtend(t *testing.T) {
	c := tags.Default()
	own := tags.Tag{Name: "%ENABLE_SCREEN_SHARE_WXT%", Type: tags.Bool, Default: "true", Platforms: tags.NewPlatformSet(tags.Desktop)}
	e, err := c.Extend(own)
	require.NoError(t, err)
	assert.Equal(t, 73, e.Len())
	assert.Equal(t, 72, c.Len(), "the catalogue itself has not changed")
	_, ok := c.Lookup("ENABLE_SCREEN_SHARE_WXT")
	assert.False(t, ok)
	tag, ok := e.Lookup("ENABLE_SCREEN_SHARE_WXT")
	require.True(t, ok)
	assert.True(t, tag.Declared)
	assert.Equal(t, tags.Reconstructed, tag.Known.Mark())
	v, ok := tag.DefaultOn(tags.Desktop)
	assert.True(t, ok)
	assert.Equal(t, "true", v)
	_, ok = tag.DefaultOn(tags.Mobile)
	assert.False(t, ok)

	// Reconstructed facts can be corrected, documented ones can't.
	settings, _ := c.Lookup("WEB_CALL_SETTINGS_TARGET_WXT")
	settings.Platforms, settings.Default = tags.NewPlatformSet(tags.Desktop), "csw"
	e, err = c.Extend(settings)
	require.NoError(t, err)
	tag, _ = e.Lookup(settings.Name)
	assert.Equal(t, "desktop", tag.Platforms.String())
	assert.Equal(t, "csw", tag.Default)
	assert.Equal(t, 72, e.Len())

	all := tags.AllPlatforms
	for _, tt := range []struct {
		tag  tags.Tag
		want string
	}{
		{tags.Tag{Name: "BWMINE", Type: tags.Text, Platforms: all}, "begins with BW"},
		{tags.Tag{Name: "X Y", Type: tags.Text, Platforms: all}, `has ' ' in its name`},
		{tags.Tag{Name: "A%B", Type: tags.Text, Platforms: all}, "percent sign inside"},
		{tags.Tag{Name: "", Type: tags.Text, Platforms: all}, "empty"},
		{tags.Tag{Name: strings.Repeat("X", 63), Type: tags.Text, Platforms: all}, "at most 64"},
		{tags.Tag{Name: "A", Type: tags.Text}, "no platform"},
		{tags.Tag{Name: "A", Type: "boool", Platforms: all}, `did you mean "bool"`},
		{tags.Tag{Name: "A", Type: "thing", Platforms: all}, "expected one of bool, port"},
		{tags.Tag{Name: "A", Type: tags.Enum, Platforms: all}, "list of values"},
		{tags.Tag{Name: "A", Type: tags.Bool, Values: []string{"x"}, Platforms: all}, "list of values"},
		{tags.Tag{Name: "A", Type: tags.Bytes, Min: 5, Max: 4, Platforms: all}, "below its smallest"},
		{tags.Tag{Name: "A", Type: tags.Text, Default: " x", Platforms: all}, "begins or ends with a space"},
		{tags.Tag{Name: "A", Type: tags.Text, Defaults: map[tags.Platform]string{tags.Mobile: "x"}, Platforms: tags.NewPlatformSet(tags.Desktop)}, "where it is not used"},
		{tags.Tag{Name: "SBC_PORT_WXT", Type: tags.Port, Default: "5060", Platforms: tags.NewPlatformSet(tags.Desktop)}, "documented as desktop, mobile, tablet"},
		{tags.Tag{Name: "SBC_PORT_WXT", Type: tags.Port, Default: "5061", Platforms: all}, `documented as "5060"`},
		{tags.Tag{Name: "SBC_PORT_WXT", Type: tags.Text, Default: "5060", Platforms: all}, "of type port"},
	} {
		_, err := c.Extend(tt.tag)
		assert.ErrorContains(t, err, tt.want)
	}
	_, err = c.Extend(own, own)
	assert.ErrorContains(t, err, "declared twice")
}

// TestImmutable changes everything that a caller can reach, and looks whether
// the catalogue has changed.
func TestImmutable(t *testing.T) {
	c, err := tags.Default().Extend(tags.Tag{
		Name: "A", Type: tags.Enum, Values: []string{"x", "y"}, Default: "x", Platforms: tags.AllPlatforms,
		Defaults: map[tags.Platform]string{tags.Mobile: "y"},
	})
	require.NoError(t, err)
	before := list(c)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for tag := range c.All() {
				for i := range tag.Values {
					tag.Values[i] = "changed"
				}
				for i := range tag.Aliases {
					tag.Aliases[i] = "changed"
				}
				for p := range tag.Defaults {
					tag.Defaults[p] = "changed"
				}
				c.Lookup(tag.Name)
			}
		})
	}
	wg.Wait()
	assert.Empty(t, cmp.Diff(before, list(c)))
}

func list(c *tags.Catalogue) []tags.Tag {
	var l []tags.Tag
	for tag := range c.All() {
		l = append(l, tag)
	}
	return l
}

func TestOn(t *testing.T) {
	count := map[tags.Platform]int{}
	for _, p := range tags.Platforms() {
		for tag := range tags.Default().On(p) {
			assert.Equal(t, tags.Custom, tag.Kind)
			count[p]++
		}
	}
	assert.Equal(t, map[tags.Platform]int{tags.Desktop: 61, tags.Mobile: 59, tags.Tablet: 59}, count)
}

func TestLearn(t *testing.T) {
	c, learnt := tags.Default().Learn(tags.Desktop, "SBC_PORT_WXT", "ENABLE_NEW_WXT", "%MEDIA_PORT_WXT%", "OTHER", "ENABLE_EMERGENCY_DIALING_WXT", "BWX-1", "a b", "OTHER")
	assert.Equal(t, []string{"ENABLE_NEW_WXT", "MEDIA_PORT_WXT", "OTHER"}, learnt)
	assert.Equal(t, 75, c.Len())
	for name, want := range map[string]tags.Type{"ENABLE_NEW_WXT": tags.Bool, "MEDIA_PORT_WXT": tags.Port, "OTHER": tags.Text} {
		tag, ok := c.Lookup(name)
		assert.True(t, ok)
		assert.Equal(t, want, tag.Type)
		assert.Equal(t, "desktop", tag.Platforms.String())
	}
	tag, _ := c.Lookup("ENABLE_EMERGENCY_DIALING_WXT")
	assert.Equal(t, tags.AllPlatforms, tag.Platforms)
	assert.Equal(t, tags.Observed, tag.Known.Platforms)
	tag, _ = tags.Default().Lookup("ENABLE_EMERGENCY_DIALING_WXT")
	assert.Equal(t, "mobile, tablet", tag.Platforms.String(), "the catalogue itself has not changed")
	assert.Equal(t, 72, tags.Default().Len())
}
