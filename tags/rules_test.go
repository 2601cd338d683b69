package tags_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/tags"
)

func TestCheckValue(t *testing.T) {
	for _, v := range []string{"", "a", "a b", "é", strings.Repeat("é", 256), `<&>"'`} {
		assert.NoError(t, tags.CheckValue(v), "%q", v)
	}
	for v, want := range map[string]string{
		strings.Repeat("é", 257): "has 257 characters",
		" a":                     "begins or ends",
		"a ":                     "begins or ends",
		" ":                      "begins or ends",
		"a  b":                   "two spaces",
		"a\tb":                   "white space",
		"a\nb":                   "white space",
		"a\rb":                   "white space",
		"a\x00b":                 "XML does not allow",
		"a\uFFFEb":               "XML does not allow",
		"\xff":                   "not valid UTF-8",
	} {
		assert.ErrorContains(t, tags.CheckValue(v), want, "%q", v)
	}
	assert.NoError(t, tags.CheckSetName(strings.Repeat("x", 30)))
	assert.ErrorContains(t, tags.CheckSetName(strings.Repeat("x", 31)), "expected 1 to 30")
	assert.ErrorContains(t, tags.CheckSetName(""), "expected 1 to 30")
}

func TestCheckName(t *testing.T) {
	for _, name := range []string{"A", "%A%", "1A", "a-b.c_D1", strings.Repeat("X", 62)} {
		assert.NoError(t, tags.CheckName(name), name)
	}
	for _, name := range []string{"", "%%", "%", "%A", "-A", "_A", "A B", "A&B", "é", "BWA", "%BWA%", strings.Repeat("X", 63)} {
		assert.Error(t, tags.CheckName(name), name)
	}
}

func TestNewSet(t *testing.T) {
	set, err := tags.NewSet("BroadTouch_Tags", tags.Assignment{Tag: "%A%", Value: "1"}, tags.Assignment{Tag: "B"})
	require.NoError(t, err)
	assert.Equal(t, tags.Set{Name: "BroadTouch_Tags", Tags: []tags.Assignment{{Tag: "A", Value: "1"}, {Tag: "B"}}}, set)
	for _, tt := range []struct {
		name   string
		values []tags.Assignment
		want   string
	}{
		{"", nil, "tag set name"},
		{"x", []tags.Assignment{{Tag: "A"}, {Tag: "%A%"}}, "twice"},
		{"x", []tags.Assignment{{Tag: "BWHOST-1"}}, "begins with BW"},
		{"x", []tags.Assignment{{Tag: "A", Value: " "}}, "tag A: the value"},
	} {
		_, err := tags.NewSet(tt.name, tt.values...)
		assert.ErrorContains(t, err, tt.want)
	}
}

func TestEffective(t *testing.T) {
	type d = tags.Definition
	for _, tt := range []struct {
		name string
		defs []d
		want d
		ok   bool
	}{
		{"nothing", nil, d{}, false},
		{"strongest wins", []d{{tags.AccessDevice, "dev", false}, {tags.SystemDefaultSet, "sys", false}, {tags.Group, "grp", false}}, d{tags.AccessDevice, "dev", false}, true},
		{"weaker stands when not overridable", []d{{tags.DeviceTypeSet, "set", true}, {tags.AccessDevice, "dev", false}}, d{tags.DeviceTypeSet, "set", true}, true},
		{"the weakest of two not overridable", []d{{tags.ServiceProvider, "sp", true}, {tags.SystemDefaultSet, "sys", true}}, d{tags.SystemDefaultSet, "sys", true}, true},
		{"weaker than the fixed one is beaten", []d{{tags.SystemDefaultSet, "sys", false}, {tags.DeviceTypeSet, "set", true}}, d{tags.DeviceTypeSet, "set", true}, true},
		{"later of the same place", []d{{tags.Group, "a", false}, {tags.Group, "b", false}}, d{tags.Group, "b", false}, true},
		{"no place", []d{{0, "a", false}, {99, "b", false}}, d{}, false},
	} {
		got, ok := tags.Effective(tt.defs...)
		assert.Equal(t, tt.want, got, tt.name)
		assert.Equal(t, tt.ok, ok, tt.name)
	}
}

func TestPlatforms(t *testing.T) {
	for _, p := range tags.Platforms() {
		text, err := p.MarshalText()
		require.NoError(t, err)
		var q tags.Platform
		require.NoError(t, q.UnmarshalText(text))
		assert.Equal(t, p, q)
	}
	_, err := tags.ParsePlatform("Desktop")
	assert.ErrorContains(t, err, "expected desktop, mobile or tablet")
	assert.Equal(t, "none", tags.Platform(0).String())
	assert.Equal(t, "mobile, tablet", tags.NewPlatformSet(tags.Tablet, tags.Mobile).String())
	assert.False(t, tags.AllPlatforms.Has(0))
	assert.False(t, tags.NewPlatformSet(0).Has(0))
}

func TestCutPlaceholder(t *testing.T) {
	for _, tt := range []struct{ text, before, name, after string }{
		{"%A%", "", "A", ""},
		{"x%A%y%B%", "x", "A", "y%B%"},
		{"50% of %A%", "50% of ", "A", ""},
		{"50%,%A%", "50%,", "A", ""},
		{"100%%A%", "100%", "A", ""},
		{"%20%A%", "%20", "A", ""},
		{"%100_REL_ENABLED_MOBILE%", "", "100_REL_ENABLED_MOBILE", ""},
		{"%Keepalive_timeout%", "", "Keepalive_timeout", ""},
		{"%BADGE%00", "", "BADGE", "00"},
		{"5%100%A%", "5%100", "A", ""},
		{"urn%3Aurn-7%3A3gpp%A%", "urn%3Aurn-7%3A3gpp", "A", ""},
		{"%BWLINEPORT-1%@%BWHOST-1%", "", "BWLINEPORT-1", "@%BWHOST-1%"},
		{"%" + strings.Repeat("X", 62) + "%", "", strings.Repeat("X", 62), ""},
	} {
		before, name, after, ok := tags.CutPlaceholder(tt.text)
		assert.True(t, ok, tt.text)
		assert.Equal(t, []string{tt.before, tt.name, tt.after}, []string{before, name, after}, tt.text)
	}
	for _, text := range []string{"", "%", "%%", "% A%", "%A", "A%", "%A B%", "%A\nB%", "%\"A\"%", "%<a>%", "urn%3Aurn-7%3A3gpp-service", "a%20and%20b", "%C3%A4%C3", "5%-10%", "%" + strings.Repeat("X", 63) + "%"} {
		before, _, _, ok := tags.CutPlaceholder(text)
		assert.False(t, ok, text)
		assert.Equal(t, text, before)
	}
}
