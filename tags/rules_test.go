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
	_, err = tags.NewSet(strings.Repeat("x", 30))
	require.NoError(t, err)
	for _, tt := range []struct {
		name   string
		values []tags.Assignment
		want   string
	}{
		{"", nil, "the tag set name has 0 characters: expected 1 to 30"},
		{strings.Repeat("x", 31), nil, "expected 1 to 30"},
		{"x", []tags.Assignment{{Tag: "A"}, {Tag: "%A%"}}, "twice"},
		{"x", []tags.Assignment{{Tag: "BWHOST-1"}}, "begins with BW"},
		{"x", []tags.Assignment{{Tag: "A", Value: " "}}, "tag A: the value"},
	} {
		_, err := tags.NewSet(tt.name, tt.values...)
		assert.ErrorContains(t, err, tt.want)
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
	assert.False(t, tags.NewPlatformSet(tags.Platforms()...).Has(0))
	assert.False(t, tags.NewPlatformSet(0).Has(0))
}
