package tagname

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

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
		base, line := SplitLine(name)
		assert.Equal(t, want.base, base, name)
		assert.Equal(t, want.line, line, name)
	}
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
		before, name, after, ok := CutPlaceholder(tt.text)
		assert.True(t, ok, tt.text)
		assert.Equal(t, []string{tt.before, tt.name, tt.after}, []string{before, name, after}, tt.text)
	}
	for _, text := range []string{"", "%", "%%", "% A%", "%A", "A%", "%A B%", "%A\nB%", "%\"A\"%", "%<a>%", "urn%3Aurn-7%3A3gpp-service", "a%20and%20b", "%C3%A4%C3", "5%-10%", "%" + strings.Repeat("X", 63) + "%"} {
		before, _, _, ok := CutPlaceholder(text)
		assert.False(t, ok, text)
		assert.Equal(t, text, before)
	}
}
