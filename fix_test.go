package wxt_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// TestFix checks that a fixed file is cleaner than it was, and that no other bytes
// of it changed.
func TestFix(t *testing.T) {
	const text = "\uFEFF# ä comment\r\n[tags]\r\n  \"%SBC_ADDRES_WXT%\"='sbc.example.com'  # mine\r\n" +
		"USE_TLS_WXTT = true\r\nWEB_CALL_SETTINGS_URL_WXT = \"https://xsi.example.com/ä\"\r\nWEB_CALL_SETTINGS_TARGET_WXT = \"csw\"\r\n" +
		"XSI_ROOT_WXT = \"https://xsi.example.com/\"\r\nXSI_EVENTS_PATH_WXT = '/e'\r\n\r\n[dekstop.tags]\r\nENABLE_CALL_PRK_WXT = false\r\n[dektop]\r\nenabld = true"
	want := strings.NewReplacer(
		"ADDRES_", "ADDRESS_", "WXTT", "WXT", "/ä\"", "/ä/\"", "'/e'", "'/e/'", "dekstop", "desktop", "dektop", "desktop", "PRK", "PARK", "enabld", "enabled",
	).Replace(text)
	fixed, done, left := wxt.Fix("f.toml", []byte(text))
	assert.Equal(t, want, string(fixed))
	assert.Len(t, done, 8)
	for _, f := range done {
		assert.True(t, f.Fix.Safe)
		assert.NotEqual(t, schema.Info, f.Severity)
	}
	assert.Zero(t, left.Count(schema.Error)+left.Count(schema.Warning), "%v", left)
	again, done, _ := wxt.Fix("f.toml", fixed)
	assert.Equal(t, fixed, again)
	assert.Empty(t, done)
}

// TestNoFix checks that nothing is fixed that might do harm, or is a guess.
func TestNoFix(t *testing.T) {
	for name, text := range map[string]string{
		"clean":            "[tags]\nUSE_TLS_WXT = true\n",
		"not TOML":         "[tags\nUSE_TLS_WX = true\n",
		"there already":    "[tags]\nUSE_TLS_WX = true\nUSE_TLS_WXT = false\n",
		"with percent":     "[tags]\nUSE_TLS_WX = true\n\"%USE_TLS_WXT%\" = false\n",
		"two letters":      "[tags]\nUSE_TL_WX = true\n",
		"without _WXT":     "[tags]\nUSE_TLS = true\n",
		"escaped":          "[tags]\n\"USE_T\\u004CS_WX\" = true\n",
		"two that are far": "[tags]\nUSE_XXX_FROM_DNS_WXT = true\n",
		"near two":         "[tags]\nACME_C_WXT = true\n[[declare]]\ntag = \"ACME_A_WXT\"\ntype = \"bool\"\n[[declare]]\ntag = \"ACME_B_WXT\"\ntype = \"bool\"\n",
		"default":          "[tags]\nENABLE_MWI_WXT = false\nMWI_MODE_WXT = \"\"\n",
		"query":            "[tags]\nWEB_CALL_SETTINGS_URL_WXT = \"https://xsi.example.com/a?b\"\n",
	} {
		fixed, done, _ := wxt.Fix("f.toml", []byte(text))
		assert.Equal(t, text, string(fixed), name)
		assert.Empty(t, done, name)
	}

	// Of two that want the same name one gets it, and the other keeps its own.
	const twice = "[tags]\nUSE_TLS_WX = true\nUSE_TLS_WXTT = true\n"
	fixed, done, left := wxt.Fix("f.toml", []byte(twice))
	assert.Len(t, done, 1)
	assert.Equal(t, 1, left.Count(schema.Error), "%v", left)
	assert.Equal(t, 1, strings.Count(string(fixed), "USE_TLS_WXT "))
}

// TestWhatFindingsAreAbout checks the end, the tag and the platform of findings.
func TestWhatFindingsAreAbout(t *testing.T) {
	const text = `
[tags]
USE_TLS_WXT = "maybe"
SBC_ADDRESS_WXT = "192.0.2.1"
[desktop.tags]
USE_TLS_WXT = true
[desktop.device]
nope = 1
[[declare]]
tag = "ACME_ÄXT"
type = "bool"
[codecs]
audio = ["OPOS"]
`
	found := map[string]schema.Finding{}
	fs, _ := wxt.Parse("f.toml", []byte(text))
	require.NotNil(t, fs)
	for _, f := range wxt.Check(fs) {
		if f.Line > 1 {
			found[f.Code+" "+f.Position.String()] = f
		}
	}
	for place, want := range map[string]schema.Finding{
		"WXT010 f.toml:3:15":  {EndLine: 3, EndColumn: 22, Tag: "USE_TLS_WXT"},
		"WXT101 f.toml:6:15":  {EndLine: 6, EndColumn: 19, Tag: "SBC_ADDRESS_WXT", Platform: tags.Desktop},
		"WXT007 f.toml:8:1":   {EndLine: 8, EndColumn: 5, Platform: tags.Desktop},
		"WXT006 f.toml:13:10": {EndLine: 13, EndColumn: 16},
	} {
		f, ok := found[place]
		assert.True(t, ok, "%s: %v", place, found)
		assert.Equal(t, want, schema.Finding{EndLine: f.EndLine, EndColumn: f.EndColumn, Tag: f.Tag, Platform: f.Platform}, place)
	}

	template := checkBytes(t, "type/Connect - Mobile/a.xml", []byte("<a>%SBC_ADDRES_WXT%</a>"))
	template = slices.DeleteFunc(template, func(f schema.Finding) bool { return f.Code != "WXT073" })
	require.Len(t, template, 1)
	assert.Equal(t, schema.Finding{EndLine: 1, EndColumn: 20, Tag: "SBC_ADDRES_WXT", Platform: tags.Mobile},
		schema.Finding{EndLine: template[0].EndLine, EndColumn: template[0].EndColumn, Tag: template[0].Tag, Platform: template[0].Platform})

	// What is found on several platforms is one finding, of none of them.
	one := schema.Finding{Code: "A", Platform: tags.Desktop}
	other := one
	other.Platform = tags.Tablet
	all := schema.Findings{one, other, {Code: "B", Platform: tags.Mobile}}
	before := slices.Clone(all)
	assert.Equal(t, schema.Findings{{Code: "A"}, {Code: "B", Platform: tags.Mobile}}, all.Sorted())
	assert.Equal(t, before, all, "a copy is sorted")
}
