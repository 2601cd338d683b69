package configwxt

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// builtin returns the template that the schema makes for a platform.
func builtin(t testing.TB, p tags.Platform) string {
	t.Helper()
	data, err := Document(schema.ShapeOf(p, tags.Default()), Settings{
		Encoding: "UTF-8", AudioCodecs: []string{"opus", "PCMA"}, VideoCodecs: []string{"H264"}, RegisterRefresh: 1, SubscribeRefresh: 2,
	})
	require.NoError(t, err)
	return string(data)
}

func compare(t testing.TB, p tags.Platform, text string) *Comparison {
	t.Helper()
	c, err := Compare(parse(t, text), p, tags.Default())
	require.NoError(t, err)
	return c
}

func TestBuiltinTemplatesAreAsExpected(t *testing.T) {
	for _, p := range tags.Platforms() {
		c := compare(t, p, builtin(t, p))
		assert.True(t, c.AsExpected(), "%+v", c)
		assert.Greater(t, c.Tags, 40)
	}
}

func TestCompare(t *testing.T) {
	text := builtin(t, tags.Mobile)
	replace := func(old, new string) {
		require.Contains(t, text, old)
		text = strings.Replace(text, old, new, 1)
	}
	replace(`<call-history enable-unified-history="%ENABLE_UNIFIED_CALL_HISTORY_WXT%"/>`, `<call-history/><!-- %ENABLE_UNIFIED_CALL_HISTORY_WXT% -->`)
	replace(`<username>%BWLINEPORT-1%</username>`, `<username>%BWLINEPORT-1%</username><username>%BWLINEPORT-2%</username><new flag="%ENABLE_NEW_WXT%"/>`)
	replace(`<proxy address="%SBC_ADDRESS_WXT%" port="%SBC_PORT_WXT%"/>`, `<proxy address="%SBC_ADDRESS_WXT%"/><outbound port="%SBC_PORT_WXT%"/>`)
	replace(`</config>`, `<desktop>%ENABLE_FORCED_LOGOUT_WXT%</desktop></config>`)
	replace(`<codecs>`, `<codec-list>`)
	replace(`</codecs>`, `</codec-list>`)
	replace(`<subscription-refresh-interval-sec>`, `<subscription expires="3600"/><subscription-refresh-interval-sec>`)
	c := compare(t, tags.Mobile, text)
	assert.False(t, c.AsExpected())
	history, _ := tags.Default().Lookup("ENABLE_UNIFIED_CALL_HISTORY_WXT")
	require.Len(t, c.Missing, 1)
	assert.Equal(t, MissingTag{"ENABLE_UNIFIED_CALL_HISTORY_WXT", expected(history), c.Missing[0].Known}, c.Missing[0])
	require.Len(t, c.Unknown, 1)
	assert.Equal(t, "ENABLE_NEW_WXT", c.Unknown[0].Tag)
	assert.Equal(t, "config/protocols/sip/credentials/new/@flag", c.Unknown[0].Found[0].Path)
	require.Len(t, c.Foreign, 1)
	assert.Equal(t, "ENABLE_FORCED_LOGOUT_WXT", c.Foreign[0].Tag)
	assert.Equal(t, []string{"desktop"}, c.Foreign[0].Names)
	var misplaced []string
	for _, m := range c.Misplaced {
		misplaced = append(misplaced, m.Tag)
	}
	assert.Equal(t, []string{"SBC_PORT_WXT", "ENABLE_FORCED_LOGOUT_WXT"}, misplaced)
	assert.Equal(t, []string{"config/protocols/sip/proxy/@port"}, c.Misplaced[0].Expected)
	assert.Equal(t, "config/protocols/sip/outbound/@port", c.Misplaced[0].Found[0].Path)

	require.Len(t, c.Settings, 4)
	bySetting := make(map[schema.Setting]SettingPlace)
	for _, s := range c.Settings {
		bySetting[s.Setting] = s
	}
	audio := bySetting[AudioCodecs]
	assert.Equal(t, []string{"config/services/calls/audio/codec-list"}, audio.Found)
	assert.Equal(t, []string{"opus", "PCMA"}, audio.Codecs)
	assert.True(t, bySetting[VideoCodecs].AsExpected())
	assert.True(t, bySetting[RegisterRefresh].AsExpected())
	assert.Equal(t, []string{"config/protocols/sip/subscription/@expires", "config/protocols/sip/subscription-refresh-interval-sec"}, bySetting[SubscribeRefresh].Found)

	empty := compare(t, tags.Desktop, "<config/>")
	assert.Zero(t, empty.Tags)
	for _, s := range empty.Settings {
		assert.Empty(t, s.Found)
	}
	all := 0
	for tag := range tags.Default().All() {
		if tag.Platforms.Has(tags.Desktop) {
			all++
		}
	}
	assert.Len(t, empty.Missing, all)
}

func FuzzCompare(f *testing.F) {
	f.Add(builtin(f, tags.Desktop))
	f.Add(`<config a="%X%"><codec name="opus"/>%SBC_PORT_WXT%<?p %B%?></config>`)
	f.Fuzz(func(t *testing.T, text string) {
		tmpl, err := render.Parse("t.xml", []byte(text))
		if err != nil {
			return
		}
		places, err := tmpl.Places()
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(places), len(tmpl.Placeholders()))
		c, err := Compare(tmpl, tags.Tablet, tags.Default())
		require.NoError(t, err)
		require.LessOrEqual(t, len(c.Unknown)+c.Tags, len(tmpl.Tags()))
	})
}
