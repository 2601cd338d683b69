package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/hostile"
	"github.com/dtafgen/wxt/internal/report"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

func mustParse(t *testing.T, file, text string) *wxt.Project {
	t.Helper()
	p, err := wxt.Parse(file, []byte(text))
	require.NoError(t, err)
	return p
}

func reportValue(t *testing.T, list []report.Value, name string) report.Value {
	t.Helper()
	for _, v := range list {
		if v.Name == name {
			return v
		}
	}
	require.Fail(t, "no value", name)
	return report.Value{}
}

func TestReportValues(t *testing.T) {
	p := mustParse(t, "p.toml", `
[access]
host = "xsp.example.com"
[codecs]
audio = ["PCMA"]
[tags]
SBC_PORT_WXT = 5060
USE_TLS_WXT = true
[desktop.device]
numberOfPorts = 10
`)
	r := report.New(p, nil, wxt.WithPlatforms(tags.Desktop), wxt.WithRelease(oci.R24))
	assert.Equal(t, "p.toml", r.Name)
	assert.Equal(t, "R24", r.Release)
	require.Len(t, r.Platforms, 1)
	d := r.Platforms[0]

	port := reportValue(t, d.Values, "SBC_PORT_WXT")
	assert.False(t, port.Changed, "it is set to its default")
	assert.Equal(t, schema.Position{File: "p.toml", Line: 7, Column: 16}, port.Position)
	tls := reportValue(t, d.Values, "USE_TLS_WXT")
	assert.True(t, tls.Changed)
	assert.Equal(t, "false", tls.Default)
	assert.Equal(t, map[string]bool{"USE_TLS_WXT": true}, d.Changed)

	assert.True(t, reportValue(t, d.Settings, "codecs.audio").Changed)
	assert.False(t, reportValue(t, d.Settings, "codecs.video").Changed)
	host := reportValue(t, d.Settings, "access.host")
	assert.True(t, host.Changed)
	assert.Equal(t, 3, host.Position.Line)
	ports := reportValue(t, d.Settings, "device.numberOfPorts")
	assert.Equal(t, "10", ports.Value)
	assert.Equal(t, 10, ports.Position.Line)
}

// The lines of a report are those that the tags' values make of the template, but
// for escapes.
func TestReportLines(t *testing.T) {
	p := mustParse(t, "p.toml", "[tags]\nSBC_ADDRESS_WXT = \"sbc.example.com\"\n")
	r := report.New(p, nil)
	require.Len(t, r.Platforms, 3)
	for _, platform := range r.Platforms {
		var text strings.Builder
		tagged := 0
		for i, l := range platform.Lines {
			assert.Equal(t, i+1, l.Number)
			for _, s := range l.Segments {
				text.WriteString(s.Text)
				if s.Tag == "SBC_ADDRESS_WXT" {
					tagged++
					assert.Equal(t, report.Segment{Text: "sbc.example.com", Tag: "SBC_ADDRESS_WXT", Changed: true}, s)
				}
				assert.Equal(t, s.Unfilled, tagname.IsSystem(s.Tag))
			}
			text.WriteString("\n")
		}
		assert.Positive(t, tagged)
		bundle, err := wxt.Build(p, wxt.WithMode(wxt.Inline), wxt.WithPlatforms(platform.Platform))
		require.NoError(t, err)
		data, ok := bundle.Archives[0].Archive.File(platform.File)
		require.True(t, ok, platform.File)
		assert.Equal(t, string(data), text.String())
	}
}

func TestReportFindings(t *testing.T) {
	p := mustParse(t, "p.toml", "[tags]\nUSE_TLS_WXT = \"maybe\"  # a comment\n")
	r := report.New(p, nil)
	for _, f := range r.Findings {
		if f.Code == codes.Type {
			assert.True(t, f.HasSource)
			assert.Equal(t, `USE_TLS_WXT = "maybe"  # a comment`, f.Source)
			return
		}
	}
	assert.Fail(t, "the wrong value is no finding")
}

func TestReportChanges(t *testing.T) {
	old := mustParse(t, "old.toml", `
[tags]
SBC_ADDRESS_WXT = "sbc.example.com"
SBC_PORT_WXT = 5060
[mobile]
enabled = false
`)
	now := mustParse(t, "now.toml", `
[access]
uri = "dm/"
[tags]
SBC_ADDRESS_WXT = "sbc.example.com"
SBC_PORT_WXT = 5061
[tablet]
enabled = false
`)
	r := report.New(now, old)
	assert.Equal(t, "old.toml", r.Against)
	require.Len(t, r.Changes, 3)
	d := r.Changes[0]
	var names []string
	for _, c := range d.Values {
		names = append(names, c.Name)
	}
	assert.Equal(t, []string{"access.uri", "SBC_PORT_WXT"}, names)
	assert.Equal(t, report.Change{
		Name: "SBC_PORT_WXT", Old: "5060", New: "5061", HasOld: true, HasNew: true,
		Position: schema.Position{File: "now.toml", Line: 6, Column: 16},
	}, d.Values[1])
	changed := 0
	for _, pair := range d.Lines {
		if pair.Changed {
			changed++
			require.NotNil(t, pair.Old)
			require.NotNil(t, pair.New)
			assert.Equal(t, pair.Old.Number, pair.New.Number)
		}
	}
	assert.Equal(t, 1, changed)
	assert.True(t, r.Changes[1].Added, "mobile")
	assert.True(t, r.Changes[2].Removed, "tablet")

	assert.Empty(t, report.New(now, now).Changes)
}

// The lines around a change come once, and every line that changed comes.
func TestReportSideBySide(t *testing.T) {
	edit := func(text string) *wxt.Project {
		return mustParse(t, "p.toml", "[mobile]\nenabled = false\n[tablet]\nenabled = false\n"+text)
	}
	now := edit(`[[desktop.edit]]
path = "config"
insert = "<one/>"
[[desktop.edit]]
path = "config/protocols"
attr = "acme"
value = "1"
`)
	r := report.New(now, edit(""))
	var last, lastOld int
	added := ""
	for _, pair := range r.Changes[0].Lines {
		if pair.New != nil {
			assert.Greater(t, pair.New.Number, last)
			last = pair.New.Number
		}
		if pair.Old != nil {
			assert.Greater(t, pair.Old.Number, lastOld)
			lastOld = pair.Old.Number
		}
		if pair.Changed && pair.New != nil {
			for _, s := range pair.New.Segments {
				added += s.Text
			}
		}
	}
	assert.Contains(t, added, "<one/>")
	assert.Contains(t, added, `acme="1"`)
}

// A platform whose base is missing is no reason to have no report.
func TestReportWithoutBase(t *testing.T) {
	p := mustParse(t, "p.toml", "[desktop]\nbase = \"nowhere.zip\"\n")
	r := report.New(p, nil)
	assert.Len(t, r.Platforms, 2)
	for _, f := range r.Findings {
		if f.Code == codes.Base {
			assert.Equal(t, `base = "nowhere.zip"`, f.Source)
			return
		}
	}
	assert.Fail(t, "the missing base is no finding")
}

// A report shows what a base has where the project sets nothing, and as the default
// where it does.
func TestReportBaseValues(t *testing.T) {
	const template = `<?xml version="1.0" encoding="UTF-8"?>
<config><protocols><sip><transports type="udp"/><registration-refresh-interval-sec> 900 </registration-refresh-interval-sec></sip></protocols>
<services><calls><audio><codecs><codec name="opus" priority="1.0"/><codec name="PCMU" priority="0.5"/></codecs></audio></calls></services></config>`
	p := plainProject(t, template)
	d := report.New(p, nil).Platforms[0]
	for key, want := range map[string]string{"codecs.audio": "opus, PCMU", "sip.transport": "udp", "sip.register_refresh": "900", "sip.info": ""} {
		v := reportValue(t, d.Settings, key)
		assert.Equal(t, []string{want, want}, []string{v.Value, v.Default}, key)
		assert.False(t, v.Changed, key)
	}
	p.SIP.Transport, p.Codecs.Audio = "tls", []string{"PCMU"}
	d = report.New(p, nil).Platforms[0]
	for key, want := range map[string][]string{"codecs.audio": {"PCMU", "opus, PCMU"}, "sip.transport": {"tls", "udp"}} {
		v := reportValue(t, d.Settings, key)
		assert.Equal(t, want, []string{v.Value, v.Default}, key)
		assert.True(t, v.Changed, key)
	}
}

// Marks stand beside what is not documented. What a base shows has none.
func TestReportMarks(t *testing.T) {
	p := &wxt.Project{}
	marks := func(platform int, name string) string {
		d := report.New(p, nil).Platforms[platform]
		return reportValue(t, slices.Concat(d.Settings, d.Values), name).Marks
	}
	assert.Equal(t, "values reconstructed, place inherited", marks(0, "SBC_ADDRESS_WXT"))
	assert.Equal(t, "platform reconstructed, place reconstructed", marks(2, "USE_TLS_WXT"))
	assert.Equal(t, "default "+dtaf.Spec(tags.Mobile).Known.URI.String(), marks(1, "access.uri"))
	assert.Empty(t, marks(0, "access.port"))
	assert.Contains(t, write(t, report.New(p, nil)), `<span class="about marks">platform reconstructed, place reconstructed</span>`)
	p = plainProject(t, `<config><sip tls="%USE_TLS_WXT%"/></config>`)
	assert.Empty(t, marks(0, "USE_TLS_WXT"))
	assert.Empty(t, marks(0, "access.uri"))
}

// A tag that only a vendor's template knows has no default that is known, and no
// value unless the project gives it one.
func TestReportLearntTags(t *testing.T) {
	vendor := mustParse(t, "vendor.toml", `
[[desktop.edit]]
path = "config"
insert = "<acme one='%ACME_ONE_WXT%' two='%ACME_TWO_WXT%'/>"
[[declare]]
tag = "ACME_ONE_WXT"
type = "text"
default = "1"
platforms = ["desktop"]
[[declare]]
tag = "ACME_TWO_WXT"
type = "text"
default = "2"
platforms = ["desktop"]
`)
	bundle, err := wxt.Build(vendor)
	require.NoError(t, err)
	p := mustParse(t, "p.toml", "[desktop.tags]\nACME_ONE_WXT = \"x\"\n")
	p.Desktop.BaseArchive = bundle.Archives[0].Archive
	d := report.New(p, nil).Platforms[0]
	one, two := reportValue(t, d.Values, "ACME_ONE_WXT"), reportValue(t, d.Values, "ACME_TWO_WXT")
	assert.Equal(t, "x", one.Value)
	assert.True(t, one.Changed && one.HasValue && !one.HasDefault)
	assert.Equal(t, report.Value{Name: "ACME_TWO_WXT", Text: two.Text}, two)
	var unfilled []string
	for _, l := range d.Lines {
		for _, s := range l.Segments {
			if s.Unfilled && !tagname.IsSystem(s.Tag) {
				unfilled = append(unfilled, s.Text)
			}
		}
	}
	assert.Equal(t, []string{"%ACME_TWO_WXT%"}, unfilled)
	assert.True(t, reportValue(t, d.Settings, "base").Changed)
	assert.False(t, reportValue(t, d.Settings, "encoding").Changed)
}

// What is secret by its name, or in a URL, is nowhere in a report, even where it
// is wrong.
func TestReportSecrets(t *testing.T) {
	const file = `
[tags]
ACME_PASSWORD_WXT = "swordfish-1"
ACME_WORD_WXT = "swordfish-2"
WEB_CALL_SETTINGS_URL_WXT = "https://me:swordfish-7@acme.example/"
[mobile.tags]
ACME_PASSWORD_WXT = "swordfish-3"
[tablet]
enabled = false
[[declare]]
tag = "ACME_PASSWORD_WXT"
type = "port"
default = "1"
platforms = ["desktop", "mobile"]
[[declare]]
tag = "ACME_WORD_WXT"
type = "port"
default = "1"
platforms = ["desktop"]
[[desktop.edit]]
path = "config"
insert = "<acme><password>swordfish-4%ACME_WORD_WXT%</password><key secret='swordfish-5'/></acme>"
[[desktop.edit]]
path = "config/acme/password"
text = "swordfish-6%ACME_WORD_WXT%"
`
	now := mustParse(t, "now.toml", file)
	r := report.New(now, &wxt.Project{})
	wrong := 0
	for _, f := range r.Findings {
		if f.Code == codes.Type || f.Code == codes.Range {
			wrong++
			assert.Contains(t, f.Source, secret.Masked)
		}
	}
	assert.Positive(t, wrong)
	for _, r := range []*report.Report{r, report.New(&wxt.Project{}, now)} {
		printed := fmt.Sprintf("%+v", *r)
		for _, platform := range r.Changes {
			for _, pair := range platform.Lines {
				for _, line := range []*report.Line{pair.Old, pair.New} {
					if line != nil {
						printed += fmt.Sprintf("%+v", *line)
					}
				}
			}
		}
		assert.NotContains(t, printed, "swordfish")
		assert.Contains(t, printed, secret.Masked)
	}
}

// TestReportOmits checks that a template with very many lines or segments is cut, and
// that a line which is very long is shown around the place.
func TestReportOmits(t *testing.T) {
	lines := strings.Repeat("<a/>\n", report.MaxLines)
	make := func(more string) *report.Report {
		p := plainProject(t, "<config>\n"+lines+more+"</config>\n")
		return report.New(p, plainProject(t, "<config/>\n"), wxt.WithPlatforms(tags.Desktop))
	}
	r := make("<b/>\n")
	require.Len(t, r.Platforms, 1)
	assert.Len(t, r.Platforms[0].Lines, report.MaxLines)
	assert.Equal(t, 3, r.Platforms[0].Omitted)
	require.Len(t, r.Changes, 1)
	assert.LessOrEqual(t, len(r.Changes[0].Lines), report.MaxLines+1)

	r = report.New(plainProject(t, strings.Repeat("password=hunter2;", report.MaxSegments)+"\nlast"), nil, wxt.WithPlatforms(tags.Desktop))
	require.Len(t, r.Platforms[0].Lines, 1)
	segments := r.Platforms[0].Lines[0].Segments
	require.Len(t, segments, report.MaxSegments+1)
	assert.Equal(t, report.Segment{Text: "..."}, segments[report.MaxSegments])
	assert.Equal(t, 1, r.Platforms[0].Omitted)

	space := strings.Repeat(" ", 1000)
	p, err := wxt.Parse("p.toml", []byte("tags = {"+space+`USE_TLS_WXT = "maybe"`+space+"}\n"))
	require.NoError(t, err)
	found := false
	for _, f := range report.New(p, nil).Findings {
		if f.HasSource {
			found = true
			assert.Contains(t, f.Source, `"maybe"`)
			assert.Less(t, len(f.Source), 500)
			assert.True(t, strings.HasPrefix(f.Source, "... ") && strings.HasSuffix(f.Source, " ..."), f.Source)
		}
	}
	assert.True(t, found)
}

// plainProject returns a project whose desktop is compiled from an archive with this
// template.
func plainProject(t *testing.T, template string) *wxt.Project {
	t.Helper()
	a, err := dtaf.New(dtaf.File{Name: hostile.ManifestName, Data: []byte(hostile.Manifest(""))}, dtaf.File{Name: hostile.TemplateName, Data: []byte(template)})
	require.NoError(t, err)
	p := &wxt.Project{}
	p.Desktop.BaseArchive = a
	return p
}
