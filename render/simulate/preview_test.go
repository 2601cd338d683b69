package simulate_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

func simulation(t testing.TB, project string, platform tags.Platform) *simulate.Simulation {
	t.Helper()
	p, err := wxt.Parse("dtafgen.toml", []byte(project))
	require.NoError(t, err)
	c, _ := wxt.Compile(p, wxt.WithPlatforms(platform))
	s, err := c.Simulation(platform)
	require.NoError(t, err)
	return s
}

func subscriber(t testing.TB, text string) *simulate.Subscriber {
	t.Helper()
	sub, err := simulate.ParseSubscriber("s.toml", []byte(text))
	require.NoError(t, err)
	return sub
}

func report(fs schema.Findings) string {
	var b strings.Builder
	for _, f := range fs {
		fmt.Fprintln(&b, f)
		if f.Remedy != "" {
			fmt.Fprintf(&b, "\t%s\n", f.Remedy)
		}
	}
	return b.String()
}

// TestDefaultPreview pins what an example subscriber downloads with the default
// project.
func TestDefaultPreview(t *testing.T) {
	for _, platform := range tags.Platforms() {
		s := simulation(t, "", platform)
		p := s.Preview(s.Example())
		assert.Empty(t, p.Findings)
		assert.Equal(t, "UTF-8", p.Encoding)
		testkit.Golden(t, platform.String()+".xml", string(p.Masked()))
		whole := string(p.File)
		assert.NotContains(t, whole, "%")
		assert.Contains(t, whole, "<password>example-password-1</password>")
		assert.NotContains(t, string(p.Masked()), "example-password")
		_, err := xmltext.Parse(whole)
		assert.NoError(t, err)
	}
}

// TestPreviewFindings has the example subscriber with changes: a project and a
// subscriber file in, findings out.
func TestPreviewFindings(t *testing.T) {
	const cycle = `tags = { SETTINGS_PORTAL_URL_WXT = "%WEB_CALL_SETTINGS_URL_WXT%", WEB_CALL_SETTINGS_URL_WXT = "%SETTINGS_PORTAL_URL_WXT%" }`
	const locked = "SBC_PORT_WXT = 1\n[group]\nSBC_PORT_WXT = { value = 2, overridable = false }"
	var all strings.Builder
	for _, tt := range []struct{ name, project, subscriber string }{
		{"nothing", "", ""},
		{"percent signs", "", `"%BWLINEPORT-1%" = "x"`},
		{"number and boolean", "", "SBC_PORT_WXT = 5061\nUSE_TLS_WXT = true"},
		{"alias", "", `BWNETWORK-CONFERENCESIPURI-1 = "sip:a@example.com"`},
		{"ampersand", "", `BWLINEPORT-1 = "a&b"`},
		{"ampersand in a custom tag", `tags.SETTINGS_PORTAL_URL_WXT = "https://example.com/?a=%BWLINEPORT-1%"`, `BWLINEPORT-1 = "a<"`},
		{"quotation mark", "", `FORCED_LOGOUT_APPID_WXT = "x\" y=\"z"`},
		{"control character", "", `BWLINEPORT-1 = "a\u0001b"`},
		{"secret control character", "", `BWAUTHPASSWORD-1 = "hush\u0001"`},
		{"subscriber's value", "", `USE_TLS_WXT = "yes"`},
		{"project's value", `tags.USE_TLS_WXT = "yes"`, ""},
		{"value with a tag inside", `tags.SETTINGS_PORTAL_URL_WXT = "https://%BWHOST-1%/"`, `BWHOST-1 = "a b"`},
		{"secret inside", `tags.SETTINGS_PORTAL_URL_WXT = "http://%BWAUTHPASSWORD-1%/"`, ""},
		{"cycle", cycle, ""},
		{"undefined inside", `tags.SETTINGS_PORTAL_URL_WXT = "%SBC_ADRESS_WXT%%BWNONE%"`, ""},
		{"unknown keys", "", "SBC_ADRESS_WXT = \"\"\nBWLINPORT-1 = \"\"\nPASSWORD = 1\nENABLE_EMERGENCY_WXT = true"},
		{"not overridable", "", locked},
		{"Latin-1 lacks", `desktop.encoding = "ISO-8859-1"`, `BWLINEPORT-1 = "é€"`},
		{"Latin-1 lacks, secret", `desktop.encoding = "ISO-8859-1"`, `BWAUTHPASSWORD-1 = "€"`},
		{"Latin-1 has", `desktop.encoding = "ISO-8859-1"`, `BWLINEPORT-1 = "é"`},
	} {
		s := simulation(t, tt.project, tags.Desktop)
		sub := subscriber(t, tt.subscriber)
		for name, v := range s.Example().Tags {
			_, has := sub.Tags[name]
			if name == "BWNETWORK-CONFERENCE-SIPURI-1" {
				_, has = sub.Tags["BWNETWORK-CONFERENCESIPURI-1"]
			}
			if !has && name != "BWNONE" {
				sub.Tags[name] = v
			}
		}
		fmt.Fprintf(&all, "== %s\n%s", tt.name, report(s.Preview(sub).Findings))
	}
	testkit.Golden(t, "findings.txt", all.String())
}

// TestPreviewEncoding checks the bytes of a file in another encoding.
func TestPreviewEncoding(t *testing.T) {
	s := simulation(t, `desktop.encoding = "ISO-8859-1"`, tags.Desktop)
	sub := s.Example()
	sub.Tags["BWLINEPORT-1"] = "é€x"
	assert.Contains(t, string(s.Preview(sub).File), "<username>\xE9?x</username>")
	s = simulation(t, "", tags.Desktop)
	assert.Contains(t, string(s.Preview(sub).File), "<username>é€x</username>")
}

// TestPlaces checks which place's value wins.
func TestPlaces(t *testing.T) {
	sub := subscriber(t, `
SBC_PORT_WXT = 5
[system_default]
SBC_PORT_WXT = 1
SOURCE_PORT_WXT = { value = 10, overridable = false }
UNKNOWN = "x"
[service_provider]
SBC_PORT_WXT = 3
TCP_SIZE_THRESHOLD_WXT = 30
[group]
SBC_PORT_WXT = 4
"%TCP_SIZE_THRESHOLD_WXT%" = 40
SOURCE_PORT_WXT = 44
`)
	s := simulation(t, `tags.SBC_PORT_WXT = 2`, tags.Mobile)
	file := string(s.Preview(sub).File)
	assert.Contains(t, file, ` port="5"/>`)
	assert.Contains(t, file, `<tcp-size-threshold-bytes>40<`)
	assert.Contains(t, file, `<preferred-port>10<`)

	delete(sub.Tags, "SBC_PORT_WXT")
	assert.Contains(t, string(s.Preview(sub).File), ` port="4"/>`)

	delete(sub.Group, "SBC_PORT_WXT")
	assert.Contains(t, string(s.Preview(sub).File), ` port="3"/>`)
	delete(sub.ServiceProvider, "SBC_PORT_WXT")
	assert.Contains(t, string(s.Preview(sub).File), ` port="2"/>`, "the device type's tag set beats the system's default one")
}

func TestSimulationErrors(t *testing.T) {
	for project, want := range map[string]string{
		`desktop.enabled = false`:      "disabled",
		`desktop.encoding = "EBCDIC"`:  "unknown encoding",
		`desktop.encoding = "UTF-16"`:  "does not hold ASCII",
		`tags.NONE = 1`:                "unknown tag NONE",
		`mobile.tags.USE_TLS_WX = "1"`: "unknown tag USE_TLS_WX",
	} {
		p, err := wxt.Parse("p.toml", []byte(project))
		require.NoError(t, err)
		c, _ := wxt.Compile(p)
		_, err = c.Simulation(tags.Desktop)
		assert.ErrorContains(t, err, want)
	}
}

func TestParseSubscriber(t *testing.T) {
	sub := subscriber(t, "\uFEFFid = 17\n\"%A%\" = true\r\nB = ''\n[group]\nC = 1\nD = {value = '', overridable = true}\n")
	assert.Equal(t, "17", sub.ID)
	assert.Equal(t, map[string]string{"A": "true", "B": ""}, sub.Tags)
	assert.Equal(t, map[string]string{"C": "1", "D": ""}, sub.Group)

	for text, want := range map[string]string{
		"x":                            "s.toml:1:1: error: x has no value",
		"a = 1.5":                      "s.toml:1:5: error: a is a number with a fraction",
		"id = []":                      "id is a list",
		"a = [1]":                      "a is a list",
		"[grop]":                       "unknown table grop",
		"[group]\na = {valu = 1}":      "unknown key group.a.valu",
		"[group]\na = {}":              "group.a has no value",
		"[group]\na = {value = []}":    "group.a is a list",
		"[group]\na = {overridable=1}": "group.a.overridable is a number",
		"[group]\n\nBWX-1 = 1":         "s.toml:3:1: error: BWX-1 is a system tag",
		"A = 1\n\"%A%\" = 2":           "A is set twice",
		"\xE9":                         "not valid UTF-8",
	} {
		_, err := simulate.ParseSubscriber("s.toml", []byte(text))
		assert.ErrorContains(t, err, want, text)
	}
}

func FuzzParseSubscriber(f *testing.F) {
	for _, s := range []string{"", "id = 'x'\nA = 1", "[group]\nA = {value = '%A%', overridable = false}", "\"%BWHOST-1%\" = '&'\nSBC_ADDRESS_WXT = '%SBC_ADDRESS_WXT%'", "[[group]]", "group.a = 1", "BWHOST-1 = \"\\u0000\uFFFE\""} {
		f.Add([]byte(s))
	}
	s := simulation(f, "", tags.Desktop)
	f.Fuzz(func(t *testing.T, data []byte) {
		sub, err := simulate.ParseSubscriber("s", data)
		if err != nil {
			return
		}
		before := maps.Clone(sub.Tags)
		p := s.Preview(sub)
		require.Equal(t, before, sub.Tags)
		if p.Findings.Err() == nil {
			_, err := xmltext.Parse(string(p.File))
			require.NoError(t, err)
			require.NotContains(t, string(p.File), "%BW")
		}
	})
}

// TestMasked looks for secrets in what is shown of a file, wherever they come from.
func TestMasked(t *testing.T) {
	template, err := render.Parse("t.xml", []byte(`<config><password>hunter2</password><a key="%SBC_ADDRESS_WXT%"/><u>%XSI_ROOT_WXT%</u><p>%BWSIPSECRET-1%</p></config>`))
	require.NoError(t, err)
	s, err := simulate.New(simulate.Config{Template: template, Values: map[string]string{"SBC_ADDRESS_WXT": "sbc.example.com", "%XSI_ROOT_WXT%": "https://me:hunter2@xsp.example.com/"}})
	require.NoError(t, err)
	preview := s.Preview(&simulate.Subscriber{Tags: map[string]string{"BWSIPSECRET-1": "hunter2"}})
	assert.Equal(t, `<config><password>********</password><a key="sbc.example.com"/><u>https://me:********@xsp.example.com/</u><p>********</p></config>`, string(preview.Masked()))
	assert.Equal(t, 3, strings.Count(string(preview.File), "hunter2"))
}
