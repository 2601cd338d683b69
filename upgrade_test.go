package wxt_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/merge"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// release writes an archive of the vendor's, with the main template and the
// manifest changed as the pairs say, and returns it.
func release(t testing.TB, dir, name string, pairs ...string) *dtaf.Archive {
	t.Helper()
	files := vendorFiles(t)
	used := make([]bool, len(pairs)/2)
	for _, file := range []string{vendorFolder + "config-wxt.xml.template", "oci/Business Communicator - PC.oci"} {
		text := strings.ReplaceAll(string(files[file]), "\r\n", "\n")
		for i := 0; i < len(pairs); i += 2 {
			used[i/2] = used[i/2] || strings.Contains(text, pairs[i])
			text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
		}
		files[file] = []byte(text)
	}
	for i, ok := range used {
		require.True(t, ok, "the release has no %s", pairs[2*i])
	}
	path := filepath.Join(dir, name)
	writeZip(t, path, "", files)
	a, err := dtaf.Open(path)
	require.NoError(t, err)
	return a
}

const upgradable = `# Acme's settings, reviewed by hand.
[access]
host = "xsp.acme.example"

[tags]   # for all
SBC_ADDRESS_WXT = "sbc.acme.example"
LEGACY_TAG = "x" # of the vendor's other file

[mobile]
enabled = false
[tablet]
enabled = false

[desktop]
base = 'old.zip' # the vendor's
tag_set = "Acme_Desktop"

[desktop.tags]
"%ENABLE_NEW_FEATURE_WXT%" = true  # renamed
USE_TLS_WXT = false

[desktop.device]
# as many as we need
numberOfPorts = 9

# Call pull is not for us.
[[desktop.edit]]
path = "config/services/call-pull" # it moves
attr = "enabled"
value = "false"

[[desktop.edit]]
path = "config/services/label"
attr = "text"
value = "Acme" # as the vendor has it now

[[desktop.edit]] # goes
path = "//note"
text = '''
R&D
more'''

# A dialer.
[[desktop.edit]]
path = "config/services/calls"
insert = """<acme-dialer enabled="true"/>"""

[[desktop.edit]]
path = "config/protocols/sip/registration-refresh-interval-sec"
text = 600
# The end.
`

// upgradeProject upgrades a project whose vendor has changed a lot.
func upgradeProject(t testing.TB, text string, o merge.Options) (*wxt.UpgradeResult, string) {
	t.Helper()
	dir := t.TempDir()
	old := release(t, dir, "old.zip")
	new := release(t, dir, vendorName,
		"\t\t<call-pull enabled=\"%ENABLE_CALL_PULL_WXT%\"/> <!-- moved here in 4.0 -->\n", "",
		"\t\t\t<new-feature enabled=\"%ENABLE_NEW_FEATURE_WXT%\"/>\n", "\t\t\t<new-feature enabled=\"%ENABLE_NEWER_FEATURE_WXT%\"/>\n\t\t\t<call-pull enabled=\"%ENABLE_CALL_PULL_WXT%\"/>\n",
		`<label text="Z&#252;rich &amp; more"/>`, `<label text="Acme"/>`,
		"\t\t\t<note><![CDATA[AT&T <style>]]></note>\n", "",
		">7200</registration-refresh-interval-sec>", ">3600</registration-refresh-interval-sec>",
		"<quantity>10</quantity>", "<quantity>4</quantity>",
	)
	p, err := wxt.Load(baseProject(t, dir, text))
	require.NoError(t, err)
	r, files, err := wxt.Upgrade(o, wxt.UpgradeStep{Project: p, Platform: tags.Desktop, Old: old, New: new, Base: vendorName})
	require.NoError(t, err)
	require.Len(t, files, 1)
	return r[0], string(files[0].Data)
}

func describeUpgrade(r *wxt.UpgradeResult, source string) string {
	value := func(s *string) string {
		if s == nil {
			return "none"
		}
		return fmt.Sprintf("%q", *s)
	}
	var b strings.Builder
	for _, c := range r.Report.Changes {
		fmt.Fprintf(&b, "%s %s %s: %s -> %s, now %s", c.Outcome, c.Kind, c.Path, value(c.Old), value(c.Mine), value(c.New))
		if c.Reason != "" {
			fmt.Fprintf(&b, " (%s)", c.Reason)
		}
		if c.Choice != "" {
			fmt.Fprintf(&b, " [%s]", c.Choice)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "unused: %q\nbuilt: %t\n\n%s", r.Report.Unused, r.Built != nil, source)
	return b.String()
}

func TestUpgrade(t *testing.T) {
	for name, o := range map[string]merge.Options{
		"open":   {},
		"ours":   {Default: merge.Ours},
		"theirs": {Default: merge.Theirs},
		"places": {Ours: []string{"desktop.device.numberOfPorts", "dtafgen.toml:config/protocols"}, Theirs: []string{"desktop.tags.ENABLE_NEW_FEATURE_WXT", "nowhere"}},
	} {
		t.Run(name, func(t *testing.T) {
			r, source := upgradeProject(t, upgradable, o)
			testkit.Golden(t, "upgrade/"+name+".golden", describeUpgrade(r, source))
			crlf, crlfSource := upgradeProject(t, strings.ReplaceAll(upgradable, "\n", "\r\n"), o)
			assert.Equal(t, strings.ReplaceAll(source, "\n", "\r\n"), crlfSource)
			if r.Built != nil {
				require.NotNil(t, crlf.Built)
				assert.Equal(t, vendorName, r.Built.Container.Name)
			}
		})
	}
}

func TestUpgradeErrors(t *testing.T) {
	dir := t.TempDir()
	old := release(t, dir, "old.zip")
	upgrade := func(text string) error {
		p, err := wxt.Load(baseProject(t, dir, text))
		require.NoError(t, err)
		_, _, err = wxt.Upgrade(merge.Options{}, wxt.UpgradeStep{Project: p, Platform: tags.Desktop, Old: old, New: old, Base: "old.zip"})
		return err
	}
	require.NoError(t, upgrade("[desktop]\nbase = 'old.zip'\n"))
	require.NoError(t, upgrade("desktop.base = 'old.zip'\n"))
	assert.ErrorContains(t, upgrade("broadworks = 'R23'\n"), "desktop has no base")
	assert.ErrorContains(t, upgrade("[desktop]\nenabled = false\nbase = 'old.zip'\n"), "desktop is not enabled")
	var fs schema.Findings
	assert.ErrorAs(t, upgrade("[desktop]\nbase = 'old.zip'\n[[desktop.edit]]\npath = 'config/none'\nremove = true\n"), &fs)
	_, _, err := wxt.Upgrade(merge.Options{}, wxt.UpgradeStep{Project: &wxt.Project{}, Platform: tags.Desktop, Old: old, New: old, Base: "old.zip"})
	assert.ErrorContains(t, err, "no project file")
	// Edits that are not tables of their own can't be made comments.
	inline := "[desktop]\nbase = 'old.zip'\nedit = [{ path = 'config/services/label', attr = 'text', value = 'Acme' }]\n"
	p, err := wxt.Parse(filepath.Join(dir, "x.toml"), []byte(inline))
	require.NoError(t, err)
	new := release(t, dir, "new.zip", `<label text="Z&#252;rich &amp; more"/>`, `<label text="Acme"/>`)
	_, _, err = wxt.Upgrade(merge.Options{}, wxt.UpgradeStep{Project: p, Platform: tags.Desktop, Old: old, New: new, Base: "new.zip"})
	assert.ErrorContains(t, err, "can't be changed in place")
}

// TestDeriveEdits derives edits, writes them as TOML, and builds the project.
func TestDeriveEdits(t *testing.T) {
	dir := t.TempDir()
	old := release(t, dir, "old.zip")
	mine := release(t, dir, "mine.zip",
		"<quantity>10</quantity>", "<quantity>4</quantity>",
		`<label text="Z&#252;rich &amp; more"/>`, "<label text=\"it's &quot;ours&quot;\"/>\n\t\t<more>\n\t\t\t<x y='\"'/>\n\t\t</more>",
		`<codec name="G722" priority=".9" payload=""/>`, `<codec name="AV1"/>`,
		"%BWHOST-1%", "host.example.com",
		"\t\t\t<secure enabled=\"%USE_TLS_WXT%\"/>\n", "",
	)
	edits, rest, err := wxt.DeriveEdits(tags.Desktop, old, mine)
	require.NoError(t, err)
	require.Len(t, rest, 1)
	assert.Equal(t, "numberOfPorts", rest[0].Path)
	text := "[desktop]\nbase = 'old.zip'\n" + wxt.FormatEdits(tags.Desktop, edits)
	p, err := wxt.Load(baseProject(t, dir, text))
	require.NoError(t, err, text)
	assert.Equal(t, edits, p.Desktop.Edits)
	b := build(t, p, onlyDesktop)
	_, r, err := merge.Merge(merge.Input{Old: mine, New: mine, Mine: b.Archives[0].Archive}, merge.Options{})
	require.NoError(t, err)
	for _, c := range r.Changes {
		assert.Equal(t, "numberOfPorts", c.Path)
	}
	// All kinds of edit are written as they are read.
	all := []render.Edit{
		{Path: "a/b[@x='1']", All: true, Op: render.RemoveAttr, Attr: "x"},
		{Path: "a/b", Op: render.SetAttr, Attr: "x", Value: "\"'\n\t\\"},
		{Path: "a/b", Op: render.SetText, Value: "'''\n\"\"\""},
		{Path: "a/b", Op: render.Remove},
		{Path: "a/b", Op: render.InsertBefore, Value: "<x/>"},
		{Path: "a/b", Op: render.InsertAfter, Value: "<x>\n\t'\n</x>"},
	}
	p, err = wxt.Parse("p.toml", []byte(wxt.FormatEdits(tags.Tablet, all)))
	require.NoError(t, err)
	assert.Equal(t, all, p.Tablet.Edits)
	for _, wrong := range []string{"place = 'above'\ninsert = '<x/>'", "place = 'after'\nremove = true", "place = 1\ninsert = '<x/>'"} {
		_, err = wxt.Parse("p.toml", []byte("[[tablet.edit]]\npath = 'a'\n"+wrong))
		assert.Error(t, err, wrong)
	}
	_, _, err = wxt.DeriveEdits(tags.Mobile, old, &dtaf.Archive{})
	assert.Error(t, err)
}

// Edits as the tables of a project file.
func ExampleFormatEdits() {
	fmt.Print(wxt.FormatEdits(tags.Desktop, []render.Edit{
		{Path: "config/calls", Op: render.SetAttr, Attr: "pull", Value: "false"},
		{Path: "config", Op: render.Insert, Value: "<dialer/>"},
	}))
	// Output:
	// [[desktop.edit]]
	// path = "config/calls"
	// attr = "pull"
	// value = "false"
	//
	// [[desktop.edit]]
	// path = "config"
	// insert = "<dialer/>"
}
