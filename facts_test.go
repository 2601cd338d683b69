package wxt_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

func compiled(t *testing.T, text string) *wxt.Compilation {
	t.Helper()
	p, err := wxt.Parse("f.toml", []byte(text))
	require.NoError(t, err)
	c, findings := wxt.Compile(p)
	require.NoError(t, findings.Err())
	return c
}

// TestRequirements checks what a project switches on, and where it says so.
func TestRequirements(t *testing.T) {
	r, err := compiled(t, `
broadworks = "R24"
edge = "adp"
[tags]
ENABLE_CALL_PARK_WXT = true
ENABLE_AUTO_ANSWER_WXT = true
[desktop]
lines = 3
[desktop.device]
supportRemotePartyInfo = false
`).Requirements(schema.RequirementQuery{Features: []string{"dnd-sync"}})
	require.NoError(t, err)
	assert.Equal(t, "R24", r.Release)
	assert.Equal(t, "ADP", r.Edge)
	reasons := make(map[string]string)
	for _, f := range r.Features {
		reasons[f.Name] = ""
		for _, reason := range f.Reasons {
			reasons[f.Name] += reason.Platform.String() + " " + reason.Position.String() + "; "
		}
	}
	assert.Equal(t, map[string]string{
		"call-park":       "desktop f.toml:5:24; mobile f.toml:5:24; tablet f.toml:5:24; ",
		"auto-answer":     "desktop f.toml:6:26; ",
		"shared-lines":    "desktop f.toml:8:9; ",
		"desktop-sharing": "desktop f.toml:10:26; ",
		"dnd-sync":        "",
	}, reasons)
	none, err := compiled(t, "").Requirements(schema.RequirementQuery{})
	require.NoError(t, err)
	assert.Empty(t, none.Features)
	assert.Empty(t, none.Requirements)
	_, err = compiled(t, "").Requirements(schema.RequirementQuery{Features: []string{"x"}})
	assert.Error(t, err)
}

// TestLines checks that the built-in template has the credentials of each line.
func TestLines(t *testing.T) {
	c := compiled(t, "[desktop]\nlines = 3\n")
	text := c.Targets[0].Template.Source()
	for _, want := range []string{"%BWLINEPORT-1%", "%BWLINEPORT-2%", "%BWAUTHPASSWORD-3%", "%BWE164-3%"} {
		assert.Equal(t, 1, strings.Count(text, want), want)
	}
	assert.NotContains(t, text, "-4%")
	tag, _ := tags.Default().Lookup("BWLINEPORT-3")
	found := false
	for _, p := range schema.PathsOf(tag) {
		found = found || p.Path == "config/protocols/sip/lines/line/credentials/username"
	}
	assert.True(t, found)
	for _, wrong := range []string{"[desktop]\nlines = 0\n", "[desktop]\nlines = 11\n", "[mobile]\nlines = 2\n"} {
		_, err := wxt.Parse("f.toml", []byte(wrong))
		assert.Error(t, err, wrong)
	}
}

// TestSIPSettings checks that the settings of SIP which no tag has reach the template.
func TestSIPSettings(t *testing.T) {
	c := compiled(t, "[sip]\ntransport = \"tls\"\ninfo = true\ninfo_period = 30\n")
	text := c.Targets[0].Template.Source()
	assert.Contains(t, text, `<transports type="tls">`)
	assert.Contains(t, text, `<use-sip-info enabled="true" period="30"/>`)
	_, err := wxt.Parse("f.toml", []byte("[sip]\ntransport = \"sctp\"\n"))
	assert.ErrorContains(t, err, "none of udp, tcp and tls")
	_, err = wxt.Parse("f.toml", []byte("edge = \"nfm\"\n"))
	assert.ErrorContains(t, err, "neither xsp nor adp")
}

// TestCodecAttributes checks that the project sets attributes of codecs, in the built-in
// template and in a base, and where it can't.
func TestCodecAttributes(t *testing.T) {
	const project = "[codecs]\npayload = { telephone-event = 96 }\nin_band = { telephone-event = true }\n[codecs.packetization_mode]\nH264 = \"NonInterleaved\"\n"
	c := compiled(t, project)
	text := c.Targets[0].Template.Source()
	assert.Contains(t, text, `<codec name="telephone-event" payload="96" in-band="true"/>`)
	assert.Contains(t, text, `<codec name="H264" priority="1.0" packetization-mode="NonInterleaved" payload="109"`)
	b, err := c.Build()
	require.NoError(t, err)
	p, err := wxt.Parse("f.toml", []byte("[codecs]\npayload = { H264 = 99, H263 = 34 }\n"))
	require.NoError(t, err)
	p.Desktop.BaseArchive = b.Archives[0].Archive
	c, findings := wxt.Compile(p, wxt.WithPlatforms(tags.Desktop))
	require.NoError(t, findings.Err())
	assert.Contains(t, c.Targets[0].Template.Source(), `packetization-mode="NonInterleaved" payload="99"`)
	assert.Contains(t, told(c), "f.toml:2:31: warning: codecs.payload is not set: the template for desktop has no codec H263")
	assert.Contains(t, told(compiled(t, "[codecs]\nbitrate = { iLBC = 1 }\n")), "the app on desktop does not get the codec iLBC")
	assert.Contains(t, told(compiled(t, "[codecs]\nbitrate = { \"']\" = 1 }\n")), "is not a codec's name")
}

// TestLinesHavePorts checks that a device type has a port for each line.
func TestLinesHavePorts(t *testing.T) {
	ports := func(project string) string {
		c := compiled(t, project)
		n, ok := c.Targets[0].Manifest.Requests[0].Get("numberOfPorts")
		require.True(t, ok)
		return n
	}
	assert.Equal(t, "10", ports("[desktop]\nlines = 10\n"))
	assert.Equal(t, "1", ports("[desktop]\nlines = 5\n[desktop.device]\nnumberOfPorts = 1\n"), "as the project says, which a warning is about")
	p, err := wxt.Parse("f.toml", []byte("[desktop.device]\nnumberOfPorts = 2\n"))
	require.NoError(t, err)
	b, err := wxt.Build(p)
	require.NoError(t, err)
	p, err = wxt.Parse("f.toml", []byte("[desktop]\nlines = 3\n"))
	require.NoError(t, err)
	p.Desktop.BaseArchive = b.Archives[0].Archive
	c, findings := wxt.Compile(p)
	require.NoError(t, findings.Err())
	n, _ := c.Targets[0].Manifest.Requests[0].Get("numberOfPorts")
	assert.Equal(t, "3", n)
}

// TestDeclaredPlace checks that a declaration moves a tag, and gives one a place.
func TestDeclaredPlace(t *testing.T) {
	c := compiled(t, `
[[declare]]
tag = "TCP_SIZE_THRESHOLD_WXT"
type = "bytes"
default = "18000"
path = "config/protocols/sip/limit/@bytes"
[[declare]]
tag = "ENABLE_NEW_WXT"
type = "bool"
default = "true"
path = "config/services/new/@enabled"
`)
	text := c.Targets[0].Template.Source()
	assert.Contains(t, text, `<limit bytes="%TCP_SIZE_THRESHOLD_WXT%"/>`)
	assert.Contains(t, text, `<new enabled="%ENABLE_NEW_WXT%"/>`)
	assert.NotContains(t, text, "tcp-size-threshold-bytes")
	_, err := wxt.Parse("f.toml", []byte("[[declare]]\ntag = \"A_WXT\"\ntype = \"text\"\npath = \"services/a\"\n"))
	assert.ErrorContains(t, err, "not a place")
}

// TestSpellings checks that a tag with two spellings has its value under either, and
// that misprints of the guides are reported.
func TestSpellings(t *testing.T) {
	const guide, proper = "BLF_NOTIFICATON_DELAY_TIME_WXT", "BLF_NOTIFICATION_DELAY_TIME_WXT"
	for _, name := range []string{guide, proper} {
		c := compiled(t, "[tags]\n"+name+" = 7\n")
		for _, asked := range []string{guide, proper} {
			v, ok := c.Targets[0].Value(asked)
			assert.True(t, ok)
			assert.Equal(t, "7", v.Value, "%s by %s", asked, name)
			assert.Equal(t, 2, v.Position.Line)
		}
	}
	template := "<config><a>%BWNETWORK-CONFERENCESIPURI-1%</a><b>%BWAUTWAER-1%</b>\n<c>%BWE164\u20131%</c><!-- %BWE164\u20131% --><d>%" + proper + "%</d></config>"
	var told []string
	for _, f := range checkBytes(t, "config-wxt.xml.template", []byte(template)) {
		if f.Code == "WXT073" {
			told = append(told, f.Position.String()+" "+f.Remedy)
		}
	}
	assert.Equal(t, []string{
		"config-wxt.xml.template:1:12 did you mean %BWNETWORK-CONFERENCE-SIPURI-1%?",
		"config-wxt.xml.template:1:49 did you mean %BWAUTHUSER-1%?",
		"config-wxt.xml.template:2:4 did you mean %BWE164-1%?",
	}, told)
}

// told returns what a check says, a finding on each line.
func told(c *wxt.Compilation) string {
	var b strings.Builder
	for _, f := range c.Check() {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}
