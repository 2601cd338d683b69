package wxt_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/hostile"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// TestDefaultIsClean checks what is built without a project file: nothing is
// wrong with the project, its archives or its tag sets.
func TestDefaultIsClean(t *testing.T) {
	fs := wxt.Check(&wxt.Project{})
	assert.Zero(t, fs.Count(schema.Error)+fs.Count(schema.Warning), "%v", fs)
	bundle, err := wxt.Build(&wxt.Project{})
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, bundle.WriteDir(dir))
	for f := range bundle.Files() {
		if f.Name == "SHA256SUMS" {
			continue
		}
		fs, err := wxt.CheckFile(filepath.Join(dir, f.Name))
		require.NoError(t, err)
		assert.Empty(t, fs, f.Name)
	}
	bundle, err = wxt.Build(&wxt.Project{}, wxt.WithMode(wxt.Inline))
	require.NoError(t, err)
	for _, a := range bundle.Archives {
		assert.Empty(t, wxt.CheckArchive(a.Archive), a.Name)
		data, ok := a.Archive.File(dtaf.Spec(a.Platform).TemplateName(a.DeviceType))
		require.True(t, ok)
		assert.Empty(t, checkBytes(t, "config-wxt.xml", data, wxt.WithPlatforms(a.Platform)))
	}
}

// TestRealArchive checks one that was made for a phone.
func TestRealArchive(t *testing.T) {
	fs, err := wxt.CheckFile(testkit.Shared(t, "samples/Chrome-Phone.DTAF-R21.SP1.zip"))
	require.NoError(t, err)
	assert.Zero(t, fs.Count(schema.Error), "%v", fs)
	for _, f := range fs {
		assert.Contains(t, []string{"WXT074", "WXT093"}, f.Code, f.String())
	}
}

// TestEveryValueSet sets every tag to its default: that may be worth an info, and
// no more.
func TestEveryValueSet(t *testing.T) {
	p := &wxt.Project{Tags: map[string]string{}}
	for tag := range tags.Default().All() {
		if !tag.System && len(tag.Defaults) == 0 {
			p.Tags[tag.Name] = tag.Default
		}
	}
	fs := wxt.Check(p)
	assert.Zero(t, fs.Count(schema.Error)+fs.Count(schema.Warning), "%v", fs)
}

// TestUnknownValues checks that what the Application Server fills in is not
// taken for wrong.
func TestUnknownValues(t *testing.T) {
	p := &wxt.Project{Tags: map[string]string{
		"SBC_ADDRESS_WXT": "%BWHOST-1%", "USE_TLS_WXT": "%ACME_TLS%", "SRTP_ENABLED_WXT": "%ACME_TLS%", "USE_PROXY_DISCOVERY_WXT": "%ACME_DISCOVERY%",
		"USE_TCP_FROM_DNS_WXT": "%ACME_TCP%", "WEB_CALL_SETTINGS_TARGET_WXT": "csw", "WEB_CALL_SETTINGS_URL_WXT": "https://%BWHOST-1%/callsettings/",
		"XSI_ROOT_WXT": "https://xsi.example.com/", "XSI_ACTIONS_PATH_WXT": "/%ACME_PATH%", "SOURCE_PORT_WXT": "%ACME_PORT%",
	}}
	fs := wxt.Check(p)
	assert.Zero(t, fs.Count(schema.Error), "%v", fs)
	for _, f := range fs {
		assert.True(t, f.Severity == schema.Info || f.Code == "WXT012", f.String())
	}
}

func TestLevels(t *testing.T) {
	const text = `
[checks]
WXT030 = "off"
WXT031 = "error"
WXT107 = "error"
WXT101 = "info"
[tags]
USE_UDP_FROM_DNS_WXT = false
SBC_ADDRESS_WXT = "192.0.2.1"
USE_TLS_WXT = true
`
	p, err := wxt.Parse("f.toml", []byte(text))
	require.NoError(t, err)
	got := map[string]schema.Severity{}
	for _, f := range wxt.Check(p) {
		got[f.Code] = f.Severity
	}
	assert.Equal(t, map[string]schema.Severity{"WXT031": schema.Error, "WXT107": schema.Error, "WXT101": schema.Info}, got)
	_, err = wxt.Build(p)
	assert.ErrorContains(t, err, "[WXT107]")

	// They hold for files too, and so do declarations.
	template := []byte("<a>%SBC_ADDRES_WXT%</a>")
	assert.Len(t, checkBytes(t, "a.xml", template), 1)
	off := &wxt.Project{Checks: map[string]schema.Severity{"WXT073": schema.Off}}
	assert.Empty(t, checkBytes(t, "a.xml", template, wxt.WithProject(off)))
	declares := &wxt.Project{Declare: []tags.Tag{{Name: "SBC_ADDRES_WXT", Type: tags.Text, Platforms: tags.NewPlatformSet(tags.Platforms()...)}}}
	assert.Empty(t, checkBytes(t, "a.xml", template, wxt.WithProject(declares)))

	// A project's values are looked at in the templates that they go into.
	values := &wxt.Project{Tags: map[string]string{"SETTINGS_PORTAL_URL_WXT": "https://a.example.com/?a&b"}}
	fs := checkBytes(t, "type/Connect - Mobile/a.xml", []byte("<a>%SETTINGS_PORTAL_URL_WXT%</a>"), wxt.WithProject(values))
	assert.ErrorContains(t, fs.Err(), "a.xml:1:4: error: SETTINGS_PORTAL_URL_WXT: the project's value")

	// Fixed rules can't be turned off, in Go either.
	fixed := &wxt.Project{Tags: map[string]string{"NOPE": ""}, Checks: map[string]schema.Severity{"WXT003": schema.Off, "WXT9": schema.Off}}
	assert.ErrorContains(t, wxt.Check(fixed).Err(), "unknown tag NOPE")
	assert.ErrorContains(t, wxt.Check(fixed).Err(), "checks.WXT003")
	unknown := func(f schema.Finding) bool { return strings.Contains(f.Message, "checks.WXT9: there is no such check") }
	fs = slices.DeleteFunc(wxt.Check(fixed), func(f schema.Finding) bool { return !unknown(f) })
	require.Len(t, fs, 1)
	assert.Equal(t, schema.Info, fs[0].Severity, "a rule of somebody else's fails no build")
	_, err = wxt.Build(&wxt.Project{Checks: map[string]schema.Severity{"ACME001": schema.Error}})
	assert.NoError(t, err)
	own := wxt.Rule{Rule: schema.Rule{Code: "WXT9", Severity: schema.Error}}
	assert.NotContains(t, wxt.Check(fixed, wxt.WithRules(own)).Error(), "WXT9")
}

// TestOwnRules checks that each function of a caller's rule is called.
func TestOwnRules(t *testing.T) {
	report := func(what string) func(*wxt.Pass) {
		return func(p *wxt.Pass) { p.Report(p.At("tags", "USE_TLS_WXT"), "", "%s %s", what, p.Platform) }
	}
	o := wxt.WithRules(wxt.Rule{
		Rule:    schema.Rule{Code: "ACME001", Severity: schema.Warning},
		Project: report("project"), Target: report("target"), Template: report("template"), Manifest: report("manifest"),
	})
	messages := func(fs schema.Findings) (list []string) {
		for _, f := range fs {
			if f.Code == "ACME001" {
				assert.Equal(t, schema.Warning, f.Severity)
				list = append(list, f.Position.String()+" "+f.Message)
			}
		}
		return list
	}
	p, err := wxt.Parse("f.toml", []byte("[tags]\nUSE_TLS_WXT = false\n[tablet]\nenabled = false\n"))
	require.NoError(t, err)
	assert.Equal(t, []string{
		"f.toml:2:15 manifest desktop", "f.toml:2:15 manifest mobile", "f.toml:2:15 project none", "f.toml:2:15 target desktop", "f.toml:2:15 target mobile",
	}, messages(wxt.Check(p, o)))
	bundle, err := wxt.Build(p)
	require.NoError(t, err)
	a, err := dtaf.Read(bytes.NewReader(bundle.Archives[0].Data), int64(len(bundle.Archives[0].Data)), dtaf.WithName("a.zip"))
	require.NoError(t, err)
	assert.Equal(t, []string{
		"a.zip/oci/Business Communicator - PC.oci:1:1 manifest desktop",
		"a.zip/type/Business Communicator - PC/config-wxt.xml.template:1:1 template desktop",
	}, messages(wxt.CheckArchive(a, o)))
}

func TestCheckFileKinds(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	const document = `<?xml version="1.0"?><!-- c --><x:BroadsoftDocument protocol="OCI" xmlns:x="C"></x:BroadsoftDocument>`
	for name, test := range map[string]struct{ text, code string }{
		"oci":              {document, "WXT203"},
		"a.xml":            {document, "WXT203"},
		"a.oci":            {"text", "WXT080"},
		"b.xml":            {"<a>", "WXT071"},
		"c.template":       {"{\"a\": \"%SBC_ADDRESS_WXT\"}", "WXT072"},
		"d.xml.template":   {"text", "WXT071"},
		"no-ending":        {"\n <BroadsoftDocuments>", "WXT071"},
		"utf-16.xml":       {"\xFF\xFE<\x00a\x00>\x00", "WXT071"},
		"zip":              {"PK\x03\x04", "WXT070"},
		"e.TOML":           {"[tags", "WXT001"},
		"unknown-name.xml": {`<?xml version="1.0" encoding="latin-99"?><a/>`, "WXT091"},
	} {
		fs, err := wxt.CheckFile(write(name, test.text))
		require.NoError(t, err, name)
		require.NotEmpty(t, fs, name)
		assert.Equal(t, test.code, fs[0].Code, "%s: %v", name, fs)
		assert.Equal(t, fs, checkBytes(t, filepath.Join(dir, name), []byte(test.text)), name)
	}
	_, err := wxt.CheckFile(write("text.txt", "text"))
	assert.ErrorContains(t, err, "can't tell what it is")
	_, err = wxt.CheckFile(write("empty", ""))
	assert.ErrorContains(t, err, "can't tell what it is")
	_, err = wxt.CheckFile(filepath.Join(dir, "none.zip"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	fs, err := wxt.CheckFile(t.TempDir())
	require.NoError(t, err)
	assert.ErrorContains(t, fs.Err(), "there is no manifest", "a folder is taken for an archive's")
}

// BenchmarkCheckThousandTags checks a project that declares a thousand tags and
// sets every second of them.
func BenchmarkCheckThousandTags(b *testing.B) {
	var declares, values strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&declares, "[[declare]]\ntag = \"ACME_%d_WXT\"\ntype = \"bool\"\ndefault = \"true\"\n", i)
		if i%2 == 0 {
			fmt.Fprintf(&values, "ACME_%d_WXT = false\n", i)
		}
	}
	p, err := wxt.Parse("f.toml", []byte(declares.String()+"[tags]\n"+values.String()))
	require.NoError(b, err)
	for b.Loop() {
		wxt.Check(p)
	}
}

// checkAll holds findings to what is said of them everywhere.
func checkAll(t *testing.T, fs schema.Findings) {
	for i, f := range fs {
		_, known := schema.LookupRule(f.Code)
		require.True(t, known, f.Code)
		require.NotEmpty(t, f.Message)
		require.NotEqual(t, schema.Off, f.Severity)
		if i > 0 {
			require.NotEqual(t, fs[i-1], f, "twice")
		}
	}
}

func addExamples(f *testing.F, ext string) {
	files, err := filepath.Glob("internal/ruledoc/testdata/rules/*/*" + ext)
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(data)
	}
}

// checkBytes returns what is found in a file's bytes.
func checkBytes(t testing.TB, name string, data []byte, opts ...wxt.CheckOption) schema.Findings {
	t.Helper()
	fs, err := wxt.CheckBytes(name, data, opts...)
	require.NoError(t, err)
	return fs
}

func FuzzCheckBytes(f *testing.F) {
	addExamples(f, ".xml")
	f.Fuzz(func(t *testing.T, data []byte) {
		fs := checkBytes(t, "type/Connect - Mobile/config-wxt.xml.template", data)
		checkAll(t, fs)
		for _, f := range fs {
			require.True(t, f.Line > 0 || bytes.HasPrefix(data, []byte("PK")), f.String())
		}
	})
}

func FuzzCheckManifest(f *testing.F) {
	addExamples(f, ".oci")
	f.Fuzz(func(t *testing.T, data []byte) {
		checkAll(t, checkBytes(t, "a.oci", data))
	})
}

func FuzzCheckArchive(f *testing.F) {
	template, err := os.ReadFile("internal/ruledoc/testdata/rules/WXT071-not-well-formed/good.xml")
	require.NoError(f, err)
	for _, name := range []string{"WXT205-mac-cert", "WXT207-tag-mode"} {
		if data, err := os.ReadFile("internal/ruledoc/testdata/rules/" + name + "/bad.oci"); err == nil {
			f.Add(data, template, "type/Connect - Mobile/config-wxt.xml.template")
		}
	}
	f.Fuzz(func(t *testing.T, manifest, template []byte, name string) {
		a, err := dtaf.New(dtaf.File{Name: "oci/Connect - Mobile.oci", Data: manifest}, dtaf.File{Name: name, Data: template})
		if err != nil {
			return
		}
		checkAll(t, wxt.CheckArchive(a))
	})
}

// TestCheckBase checks that the template of a base is looked at as one by itself is,
// and that what is wrong with it keeps nobody from taking it as it is, unless it is no
// XML.
func TestCheckBase(t *testing.T) {
	p := plainProject(t, "<config>\n<a>%SBC_ADDRES_WXT%</a>\n<b>%SBC_PORT_WXT</b>\n")
	var got []string
	for _, f := range wxt.Check(p, wxt.WithPlatforms(tags.Desktop)) {
		if f.File == hostile.TemplateName {
			got = append(got, f.String())
		}
	}
	const file = hostile.TemplateName
	assert.Equal(t, []string{
		file + ":2:4: warning: desktop: %SBC_ADDRES_WXT% is no known tag [WXT073]",
		file + ":3:4: warning: desktop: %SBC_PORT_WXT is cut: its last percent sign is missing [WXT072]",
		file + ":4:1: error: desktop: the document ends inside element <config>, which begins in line 1: expected </config> [WXT071]",
	}, got)
	_, err := wxt.Build(p, wxt.WithPlatforms(tags.Desktop))
	assert.ErrorContains(t, err, "WXT071")
	p.Checks = map[string]schema.Severity{"WXT071": schema.Warning}
	_, err = wxt.Build(p, wxt.WithPlatforms(tags.Desktop))
	assert.NoError(t, err)

	// With an edit that mends it, nothing is wrong.
	p = plainProject(t, "<config><a>%SBC_ADDRES_WXT%</a></config>")
	p.Desktop.Edits = []render.Edit{{Path: "config/a", Op: render.SetText, Value: "%SBC_ADDRESS_WXT%"}}
	for _, f := range wxt.Check(p, wxt.WithPlatforms(tags.Desktop)) {
		assert.NotEqual(t, hostile.TemplateName, f.File, f.String())
	}
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
