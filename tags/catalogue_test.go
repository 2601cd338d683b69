package tags_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
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
			case tag.System:
				v = "(system)"
			case !ok:
				v = "-"
			default:
				v = fmt.Sprintf("%q", v)
			}
			fmt.Fprintf(&b, "%-10s", v)
		}
		fmt.Fprintf(&b, "%s\n", tag.Known.Default.Mark)
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
	assert.Len(t, rows, 67)
	inTable := 0
	for _, row := range rows {
		tag, ok := c.Lookup(row["tag"])
		if !assert.True(t, ok, row["tag"]) {
			continue
		}
		assert.False(t, tag.System)
		assert.Equal(t, row["type"], string(tag.Type), tag.Name)
		assert.Equal(t, row["desktop"] == "yes", tag.Platforms.Has(tags.Desktop), tag.Name)
		assert.Equal(t, row["mobile_and_tablet"] == "yes", tag.Platforms.Has(tags.Mobile), tag.Name)
		assert.Equal(t, row["mobile_and_tablet"] == "yes", tag.Platforms.Has(tags.Tablet), tag.Name)
		for p := range tag.Platforms.All() {
			v, ok := tag.DefaultOn(p)
			assert.True(t, ok)
			assert.Equal(t, row["default"], v, tag.Name)
		}
		k := tag.Known
		assert.Equal(t, tags.Documented, k.Name.Mark, tag.Name)
		assert.Equal(t, tags.Reconstructed, k.Type.Mark, tag.Name)
		if strings.HasPrefix(row["known"], "name, platforms and default documented") {
			// The guide's table has columns for desktop and mobile.
			inTable++
			assert.Equal(t, tags.Documented, k.Platforms[tags.Desktop].Mark, tag.Name)
			assert.Equal(t, tags.Documented, k.Platforms[tags.Mobile].Mark, tag.Name)
			assert.Equal(t, tags.Reconstructed, k.Platforms[tags.Tablet].Mark, tag.Name)
			assert.Equal(t, tags.Documented, k.Default.Mark, tag.Name)
		} else {
			assert.Equal(t, strings.Contains(row["known"], "platforms documented"), k.Platforms[tags.Tablet].Mark == tags.Documented, tag.Name)
			assert.Equal(t, strings.HasPrefix(row["known"], "default documented"), k.Default.Mark == tags.Documented, tag.Name)
		}
		if tag.Type == tags.Enum {
			assert.Equal(t, row["values"], strings.Join(tag.Values, "|"))
			assert.Equal(t, tags.Reconstructed, k.Values.Mark)
		}
	}
	assert.Equal(t, 53, inTable)
	system := facts(t, "system-tags.csv")
	for _, row := range system {
		tag, ok := c.Lookup(row["tag"])
		if assert.True(t, ok, row["tag"]) {
			assert.True(t, tag.System)
			assert.Equal(t, strings.Contains(row["meaning"], "secret"), tag.Secret)
			assert.GreaterOrEqual(t, tag.Known.Name.Mark, tags.Observed)
		}
	}
	assert.Len(t, list(c), len(rows)+len(system))
}

// TestSources checks that the guides have the names that are documented.
func TestSources(t *testing.T) {
	var guides strings.Builder
	files, err := filepath.Glob(testkit.Shared(t, "seeds/*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		guides.Write(text)
	}
	for tag := range tags.Default().All() {
		if strings.Contains(tag.Known.Name.Source, "September 2026") {
			continue
		}
		assert.Equal(t, tag.Known.Name.Mark == tags.Documented, strings.Contains(guides.String(), "%"+tag.Name+"%"), tag.Name)
		for _, misprint := range tag.Misprints {
			assert.Contains(t, guides.String(), "%"+misprint+"%")
		}
	}
}

func TestCatalogueIsComplete(t *testing.T) {
	seenSystem := false
	for tag := range tags.Default().All() {
		seenSystem = seenSystem || tag.System
		assert.Equal(t, seenSystem, tag.System, "%s: custom tags come first", tag.Name)
		assert.NotEmpty(t, tag.Text, tag.Name)
		assert.True(t, strings.HasSuffix(tag.Text, "."), tag.Name)
		assert.NotContains(t, tag.Text, "\n", tag.Name)
		assert.Equal(t, !tag.System, tag.Feature != "", tag.Name)
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
		{"BWNETWORK-CONFERENCE-SIPURI-3", "BWNETWORK-CONFERENCE-SIPURI-3", 3},
		{"BWNETWORK-CONFERENCESIPURI-1", "", 0}, // a misprint
		{"BLF_NOTIFICATION_DELAY_TIME_WXT", "BLF_NOTIFICATON_DELAY_TIME_WXT", 0},
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
		"SBC_PROT_WXT":                 "SBC_PORT_WXT",
		"SBC_PORT":                     "SBC_PORT_WXT",
		"%USE_TSL_WXT%":                "USE_TLS_WXT",
		"BWLINPORT-1":                  "BWLINEPORT-1",
		"%BWAUTWAER-1%":                "BWAUTHUSER-1",
		"%BWE164\u20131%":              "BWE164-1",
		"BWNETWORK-CONFERENCESIPURI-1": "BWNETWORK-CONFERENCE-SIPURI-1",
		"NOTHING_LIKE_IT":              "",
	} {
		got, _ := tags.Default().Nearest(name)
		assert.Equal(t, want, got, name)
	}
}

func TestExtend(t *testing.T) {
	c := tags.Default()
	own := tags.Tag{Name: "%ENABLE_SCREEN_SHARE_WXT%", Type: tags.Bool, Default: "true", Platforms: tags.NewPlatformSet(tags.Desktop)}
	e, err := c.Extend(own)
	require.NoError(t, err)
	assert.Len(t, list(e), len(list(c))+1)
	_, ok := c.Lookup("ENABLE_SCREEN_SHARE_WXT")
	assert.False(t, ok)
	tag, ok := e.Lookup("ENABLE_SCREEN_SHARE_WXT")
	require.True(t, ok)
	assert.True(t, tag.Declared)
	assert.Equal(t, tags.Known{}, tag.Known)
	v, ok := tag.DefaultOn(tags.Desktop)
	assert.True(t, ok)
	assert.Equal(t, "true", v)
	_, ok = tag.DefaultOn(tags.Mobile)
	assert.False(t, ok)

	// What is not documented can be corrected, what is documented can't.
	settings, _ := c.Lookup("WEB_CALL_SETTINGS_TARGET_WXT")
	settings.Platforms, settings.Default = tags.NewPlatformSet(tags.Desktop), "csw"
	e, err = c.Extend(settings)
	require.NoError(t, err)
	tag, _ = e.Lookup(settings.Name)
	assert.Equal(t, "desktop", tag.Platforms.String())
	assert.Equal(t, "csw", tag.Default)
	assert.Len(t, list(e), len(list(c)))
	port, _ := c.Lookup("SBC_PORT_WXT")
	port.Min, port.Max = 0, 0
	port.Platforms, port.Type, port.Places = tags.NewPlatformSet(tags.Desktop, tags.Mobile), tags.Text, []string{"config/x/@port"}
	e, err = c.Extend(port)
	require.NoError(t, err)
	tag, _ = e.Lookup(port.Name)
	assert.Equal(t, "desktop, mobile", tag.Platforms.String())
	assert.Equal(t, tags.Text, tag.Type)
	assert.Zero(t, tag.Max)
	assert.Equal(t, []string{"config/x/@port"}, tag.Places)
	assert.Equal(t, tags.Documented, tag.Known.Default.Mark)
	assert.Equal(t, "the project's declaration", tag.Known.Type.Source)
	mode, _ := c.Lookup("SRTP_MODE_WXT")
	mode.Values = []string{"false", "forced"}
	e, err = c.Extend(mode)
	require.NoError(t, err)
	tag, _ = e.Lookup(mode.Name)
	assert.Equal(t, mode.Values, tag.Values)

	all := tags.NewPlatformSet(tags.Platforms()...)
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
		{tags.Tag{Name: "SBC_PORT_WXT", Type: tags.Port, Default: "5060", Platforms: tags.NewPlatformSet(tags.Desktop)}, "it is documented for mobile"},
		{tags.Tag{Name: "ENABLE_EMERGENCY_DIALING_WXT", Type: tags.Bool, Default: "false", Platforms: all}, "it is not documented for desktop"},
		{tags.Tag{Name: "SBC_PORT_WXT", Type: tags.Port, Default: "5061", Platforms: all}, `documented as "5060"`},
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
		Name: "A", Type: tags.Enum, Values: []string{"x", "y"}, Default: "x", Platforms: tags.NewPlatformSet(tags.Platforms()...),
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
		for tag := range tags.Default().All(p) {
			assert.False(t, tag.System)
			count[p]++
		}
	}
	assert.Equal(t, map[tags.Platform]int{tags.Desktop: 63, tags.Mobile: 61, tags.Tablet: 61}, count)
}

func TestLearn(t *testing.T) {
	c, learnt := tags.Default().Learn(tags.Desktop, "SBC_PORT_WXT", "ENABLE_NEW_WXT", "%MEDIA_PORT_WXT%", "OTHER", "ENABLE_EMERGENCY_DIALING_WXT", "BWX-1", "a b", "OTHER")
	assert.Equal(t, []string{"ENABLE_NEW_WXT", "MEDIA_PORT_WXT", "OTHER"}, learnt)
	assert.Len(t, list(c), len(list(tags.Default()))+3)
	for name, want := range map[string]tags.Type{"ENABLE_NEW_WXT": tags.Bool, "MEDIA_PORT_WXT": tags.Port, "OTHER": tags.Text} {
		tag, ok := c.Lookup(name)
		assert.True(t, ok)
		assert.Equal(t, want, tag.Type)
		assert.Equal(t, "desktop", tag.Platforms.String())
	}
	tag, _ := c.Lookup("ENABLE_EMERGENCY_DIALING_WXT")
	assert.Equal(t, tags.NewPlatformSet(tags.Platforms()...), tag.Platforms)
	assert.Equal(t, tags.Observed, tag.Known.Platforms[tags.Desktop].Mark)
	tag, _ = tags.Default().Lookup("ENABLE_EMERGENCY_DIALING_WXT")
	assert.Equal(t, "mobile, tablet", tag.Platforms.String(), "the catalogue itself has not changed")

	// A template may spell a tag in another way, or in both.
	c, _ = tags.Default().Learn(tags.Desktop, "BLF_NOTIFICATION_DELAY_TIME_WXT")
	for _, name := range []string{"BLF_NOTIFICATION_DELAY_TIME_WXT", "BLF_NOTIFICATON_DELAY_TIME_WXT"} {
		tag, ok := c.Lookup(name)
		require.True(t, ok)
		assert.Equal(t, "BLF_NOTIFICATION_DELAY_TIME_WXT", tag.Name)
		assert.Equal(t, []string{"BLF_NOTIFICATON_DELAY_TIME_WXT"}, tag.Aliases)
	}
	c, _ = tags.Default().Learn(tags.Desktop, "BLF_NOTIFICATION_DELAY_TIME_WXT", "BLF_NOTIFICATON_DELAY_TIME_WXT")
	for _, name := range []string{"BLF_NOTIFICATION_DELAY_TIME_WXT", "BLF_NOTIFICATON_DELAY_TIME_WXT"} {
		tag, _ := c.Lookup(name)
		assert.Equal(t, name, tag.Name)
	}
}
