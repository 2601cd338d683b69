package wxt_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// TestIgnore suppresses a finding by its tag, its line and its file, and not where one
// of them is another.
func TestIgnore(t *testing.T) {
	const project = "[access]\nhost = \"xsp.example.com\"\n[tags]\nSBC_ADDRESS_WXT = \"192.0.2.1\"\nUSE_TLS_WXT = true\n"
	for _, c := range []struct {
		keys       string
		suppressed bool
	}{
		{"", true},
		{"tag = \"SBC_ADDRESS_WXT\"", true},
		{"tag = \"%SBC_ADDRESS_WXT%\"", true},
		{"tag = \"USE_TLS_WXT\"", false},
		{"line = 4", true},
		{"line = 5", false},
		{"file = \"acme.toml\"", true},
		{"file = \"projects/acme.toml\"", true},
		{"file = \"*.toml\"", true},
		{"file = \"cme.toml\"", false},
	} {
		text := project + "[[ignore]]\ncode = \"WXT101\"\nreason = \"it has its address\"\n" + c.keys + "\n"
		found := codesOf(t, "/partner/projects/acme.toml", text)
		assert.Equal(t, !c.suppressed, contains(found, "WXT101"), "%s: %v", c.keys, found)
		assert.Equal(t, !c.suppressed, contains(found, "WXT018"), "%s: %v", c.keys, found)
	}
	p, err := wxt.Parse("acme.toml", []byte(project+"[[ignore]]\ncode = \"WXT113\"\nreason = \"x\"\n"))
	require.NoError(t, err)
	for _, f := range wxt.Check(p, wxt.WithPlatforms(tags.Mobile)) {
		assert.NotEqual(t, "WXT018", f.Code, "another platform may have it")
	}
}

func codesOf(t *testing.T, file, text string) []string {
	t.Helper()
	p, err := wxt.Parse(file, []byte(text))
	require.NoError(t, err)
	var list []string
	for _, f := range wxt.Check(p) {
		list = append(list, f.Code)
	}
	return list
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

func TestIgnoreErrors(t *testing.T) {
	for text, want := range map[string]string{
		"[[ignore]]\nreason = \"x\"":                             "p.toml:1:3: error: [[ignore]] has no code",
		"[[ignore]]\ncode = \"WXT101\"":                          "p.toml:1:3: error: [[ignore]] has no reason",
		"[[ignore]]\ncode = \"WXT101\"\nreason = \"\"":           "has no reason",
		"[[ignore]]\ncode = \"WXT101\"\nreason = \"x\"\nlin = 1": "unknown key ignore[0].lin",
	} {
		_, err := wxt.Parse("p.toml", []byte(text))
		assert.ErrorContains(t, err, want, text)
	}
	p, err := wxt.Parse("p.toml", []byte("[[ignore]]\ncode = \"WXT040\"\nreason = \"x\"\n[[ignore]]\ncode = \"WXT999\"\nreason = \"x\"\n"))
	require.NoError(t, err)
	var said string
	for _, f := range wxt.Check(p) {
		said += f.String() + "\n"
	}
	assert.Contains(t, said, "p.toml:2:8: error: ignore: the check WXT040 base-archive guards what is built, and can't be suppressed")
	assert.Contains(t, said, "p.toml:5:8: info: ignore: there is no check WXT999")
}

// TestURIs checks the slashes of device access URIs.
func TestURIs(t *testing.T) {
	for uri, want := range map[string]string{
		"bc/pc/":           "",
		"bc/pc":            `p.toml:2:7: warning: mobile.access.uri: "bc/pc" does not end in a slash [WXT014]`,
		"/bc/pc/":          `warning: mobile.access.uri: "/bc/pc/" begins with a slash [WXT006]`,
		"bc//pc/":          `error: mobile.access.uri: "bc//pc/" has two slashes in a row`,
		`bc\pc/`:           `has a backslash`,
		"https://x/bc/pc/": `is a whole URL: the host has a key of its own`,
	} {
		p, err := wxt.Parse("p.toml", []byte("[mobile.access]\nuri = '"+uri+"'\n"))
		require.NoError(t, err)
		var said []string
		for _, f := range wxt.Check(p) {
			if f.Line == 2 {
				said = append(said, f.String())
			}
		}
		if want == "" {
			assert.Empty(t, said)
		} else if assert.Len(t, said, 1, "one mistake is one finding") {
			assert.Contains(t, said[0], want)
		}
	}
	fixed, done, _ := wxt.Fix("p.toml", []byte("[access]\nuri = \"bc/pc\"\n"))
	assert.Len(t, done, 1)
	assert.Contains(t, string(fixed), "uri = \"bc/pc/\"")
}

// TestDefaultsOnPurpose sets every tag to its default: that is no mistake.
func TestDefaultsOnPurpose(t *testing.T) {
	text := "[access]\nhost = \"xsp.example.com\"\n"
	for _, platform := range tags.Platforms() {
		text += "[" + platform.String() + ".tags]\n"
		for tag := range tags.Default().All(platform) {
			if v, ok := tag.DefaultOn(platform); ok && !tag.System {
				text += tag.Name + " = '" + v + "'\n"
			}
		}
	}
	p, err := wxt.Parse("p.toml", []byte(text))
	require.NoError(t, err)
	for _, f := range wxt.Check(p) {
		assert.Less(t, f.Severity, schema.Warning, f)
	}
}
