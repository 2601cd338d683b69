package wxt_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

func build(t *testing.T, p *wxt.Project, opts ...wxt.CheckOption) *wxt.Bundle {
	t.Helper()
	b, err := wxt.Build(p, opts...)
	require.NoError(t, err)
	return b
}

func load(t *testing.T, path string) *wxt.Project {
	t.Helper()
	p, err := wxt.Load(path)
	require.NoError(t, err)
	return p
}

// TestDefaultBundle pins everything that the embedded default makes: the names
// of the packages, their manifests and templates, and the tag sets.
func TestDefaultBundle(t *testing.T) {
	b := build(t, &wxt.Project{})
	var names strings.Builder
	for f := range b.Files() {
		fmt.Fprintln(&names, f.Name)
	}
	testkit.Golden(t, "default/files.txt", names.String())
	files := b.FS()
	for f := range b.Files() {
		data, err := fs.ReadFile(files, f.Name)
		require.NoError(t, err)
		assert.Equal(t, f.Data, data, f.Name)
	}
	require.NoError(t, fstest.TestFS(files, strings.Fields(names.String())...))
	for _, a := range b.Archives {
		read, err := dtaf.Read(strings.NewReader(string(a.Data)), int64(len(a.Data)))
		require.NoError(t, err)
		for f := range read.Files() {
			testkit.Golden(t, "default/"+a.Platform.String()+"/"+filepath.Base(f.Name), string(f.Data))
		}
	}
	for _, s := range b.TagSets {
		testkit.Golden(t, "default/"+s.Name, string(s.Document.Bytes()))
	}
}

// TestManifestsByRelease pins the desktop's manifest for each release.
func TestManifestsByRelease(t *testing.T) {
	for _, r := range oci.Releases() {
		b := build(t, &wxt.Project{}, wxt.WithPlatforms(tags.Desktop), wxt.WithRelease(r))
		require.Len(t, b.Archives, 1)
		doc, err := b.Archives[0].Archive.Manifest()
		require.NoError(t, err)
		testkit.Golden(t, "releases/"+r.String()+".oci", string(doc.Bytes()))
	}
}

// TestOracle has the OCI schema judge what a project with many settings makes: the
// manifests, and the requests of the tag sets in messages of the size that the
// schema allows.
func TestOracle(t *testing.T) {
	p := load(t, "testdata/ok/full.toml")
	var documents [][]byte
	for _, r := range []oci.Release{oci.R21SP1, oci.R25} {
		for _, mode := range []wxt.Mode{wxt.Tags, wxt.Inline} {
			b := build(t, p, wxt.WithRelease(r), wxt.WithMode(mode))
			for _, a := range b.Archives {
				doc, err := a.Archive.Manifest()
				require.NoError(t, err)
				documents = append(documents, doc.Bytes())
			}
		}
		b := build(t, p, wxt.WithRelease(r), wxt.WithPlatforms(tags.Desktop))
		for _, message := range b.TagSets[0].Document.Split(oci.MaxCommands) {
			documents = append(documents, message.Bytes())
		}
	}
	takes, why := testkit.OCISchema(t, documents)
	assert.NotContains(t, takes, false, why)
}

// TestManifestFollowsProject checks that what the project says is in the
// manifest.
func TestManifestFollowsProject(t *testing.T) {
	p := load(t, "testdata/ok/full.toml")
	b := build(t, p)
	require.Len(t, b.Archives, 2, "the tablet is disabled")
	request := func(i int) *oci.Request {
		doc, err := b.Archives[i].Archive.Manifest()
		require.NoError(t, err)
		return manifest.DeviceTypeRequest(doc)
	}
	has := func(r *oci.Request, element, want string) {
		t.Helper()
		got, ok := r.Get(element)
		assert.True(t, ok, element)
		assert.Equal(t, want, got, element)
	}
	desktop, mobile := request(0), request(1)
	assert.Equal(t, "SystemSIPDeviceTypeAddRequest23", desktop.Type)
	has(desktop, "tagSet", "Acme_Desktop")
	has(desktop, "tagMode", "System And Custom")
	has(desktop, "numberOfPorts", "5")
	has(desktop, "deviceAccessNetAddress", "xsp.example.com")
	has(desktop, "deviceAccessPort", "443")
	has(desktop, "deviceAccessProtocol", "Https")
	has(desktop, "deviceAccessURI", "bc/pc/")
	has(desktop, "webBasedConfigURL", "https://phones.example.com")
	has(mobile, "numberOfPorts", "unlimited")
	has(mobile, "deviceAccessURI", "connect/")
	has(mobile, "tagSet", "Connect_Tags")

	b = build(t, p, wxt.WithMode(wxt.Inline), wxt.WithRelease(oci.R25))
	desktop = request(0)
	assert.Equal(t, "SystemSIPDeviceTypeAddRequest23V9", desktop.Type)
	has(desktop, "tagMode", "System")
	_, ok := desktop.Get("tagSet")
	assert.False(t, ok)
	assert.Empty(t, b.TagSets)
}

// TestTagSets checks that a tag set has the values of its platforms, each tag
// once.
func TestTagSets(t *testing.T) {
	p := &wxt.Project{Tags: map[string]string{"SBC_PORT_WXT": "5061"}}
	p.Desktop.Tags = map[string]string{"SBC_PORT_WXT": "5070"}
	p.Mobile.TagSet, p.Tablet.TagSet = "Connect", "Connect"
	p.Desktop.TagSet = "a/b: c"
	b := build(t, p)
	require.Len(t, b.TagSets, 2)
	assert.Equal(t, "tagsets/Connect.oci", b.TagSets[0].Name)
	assert.Equal(t, "tagsets/a%2Fb%3A c.oci", b.TagSets[1].Name)
	values := map[string]string{}
	for _, a := range b.TagSets[1].Set.Tags {
		assert.NotContains(t, values, a.Tag)
		values[a.Tag] = a.Value
	}
	assert.Len(t, values, 63)
	assert.Equal(t, "5070", values["SBC_PORT_WXT"])
	assert.Len(t, b.TagSets[0].Set.Tags, 61)
}

// TestInline checks that a template in mode inline is what an XML reader
// understands as the values, whatever they are.
func TestInline(t *testing.T) {
	const nasty = `https://portal.example.com/?a=1&b=é`
	for _, encoding := range []string{"UTF-8", "ISO-8859-1", "US-ASCII", "windows-1252"} {
		p := &wxt.Project{Tags: map[string]string{"SETTINGS_PORTAL_URL_WXT": nasty}}
		p.Desktop.Tags = map[string]string{"FORCED_LOGOUT_APPID_WXT": `<a href="x">&amp;'--]]>€`}
		p.Desktop.Encoding = encoding
		b := build(t, p, wxt.WithMode(wxt.Inline), wxt.WithPlatforms(tags.Desktop))
		data, ok := b.Archives[0].Archive.File("type/Business Communicator - PC/config-wxt.xml.template")
		require.True(t, ok)
		tmpl, err := render.Parse("t", data)
		require.NoError(t, err)
		for _, name := range tmpl.Tags() {
			assert.True(t, tagname.IsSystem(name), "%s is left", name)
		}
		assert.Len(t, tmpl.Tags(), 7)
		doc, err := xmltext.Parse(tmpl.Source())
		require.NoError(t, err)
		assert.Equal(t, encoding, doc.Encoding)
		text := map[string]string{}
		var walk func(n *xmltext.Node)
		walk = func(n *xmltext.Node) {
			text[n.Path()] = n.Text()
			for i := range n.Attrs {
				text[n.Path()+"/@"+n.Attrs[i].Name] = n.Attrs[i].Value
			}
			for c := range n.Elements() {
				walk(c)
			}
		}
		walk(doc.Root)
		assert.Equal(t, nasty, text["/config/services/settings-portal/url"])
		assert.Equal(t, `<a href="x">&amp;'--]]>€`, text["/config/services/forced-logout/@appid"])
		assert.Equal(t, "5060", text["/config/protocols/sip/proxy/@port"])
		assert.Equal(t, "%BWLINEPORT-1%", text["/config/protocols/sip/credentials/username"])
	}
}

func TestWriteDir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	b := build(t, &wxt.Project{})
	require.NoError(t, b.WriteDir(dir))
	require.NoError(t, b.WriteDir(dir), "again, over what is there")
	sums, err := os.ReadFile(filepath.Join(dir, "SHA256SUMS"))
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSuffix(string(sums), "\n"), "\n")
	assert.Len(t, lines, 9)
	for _, line := range lines {
		sum, name, ok := strings.Cut(line, "  ")
		require.True(t, ok)
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		require.NoError(t, err)
		assert.Equal(t, sum, fmt.Sprintf("%x", sha256.Sum256(data)))
	}
	assert.Error(t, b.WriteDir(filepath.Join(dir, "SHA256SUMS")), "a file is in the way")
}

func TestOnlySomePlatforms(t *testing.T) {
	p := &wxt.Project{}
	p.Tablet.Disabled = true
	b := build(t, p, wxt.WithPlatforms(tags.Tablet, tags.Mobile))
	require.Len(t, b.Archives, 1)
	assert.Equal(t, tags.Mobile, b.Archives[0].Platform)
	assert.Equal(t, "ucone-mobile-ucaas-3.9.18-wxt-Nov2026_DTAF.zip", b.Archives[0].Container.Name)
}

// TestResolve checks where values come from.
func TestResolve(t *testing.T) {
	p, err := wxt.Parse("f.toml", []byte("[tags]\nSBC_PORT_WXT = 5061\nUSE_TLS_WXT = true\n[mobile.tags]\nSBC_PORT_WXT = 5062\n"))
	require.NoError(t, err)
	r, fs := wxt.Compile(p)
	require.Empty(t, fs)
	require.Len(t, r.Targets, 3)
	for i, want := range []struct {
		value  string
		origin wxt.Origin
		place  string
	}{{"5061", wxt.FromProject, "f.toml:2:16"}, {"5062", wxt.FromPlatform, "f.toml:5:16"}, {"5061", wxt.FromProject, "f.toml:2:16"}} {
		v, ok := r.Targets[i].Value("%SBC_PORT_WXT%")
		require.True(t, ok)
		assert.Equal(t, want.value, v.Value)
		assert.Equal(t, want.origin, v.Origin)
		assert.Equal(t, want.place, v.Position.String())
	}
	v, _ := r.Targets[0].Value("SOURCE_PORT_WXT")
	assert.Equal(t, wxt.FromDefault, v.Origin)
	assert.Equal(t, "5060", v.Value)
	_, ok := r.Targets[0].Value("EMERGENCY_DIALING_NUMBERS_WXT")
	assert.False(t, ok)
}

// brokenArchive returns an archive for the desktop with this template.
func brokenArchive(t *testing.T, template string) *dtaf.Archive {
	t.Helper()
	d := dtaf.NewManifest(tags.Desktop, 0)
	name, ok := manifest.FileRequests(d)[0].Get("sourceFileName")
	require.True(t, ok)
	a, err := dtaf.New(dtaf.File{Name: name, Data: []byte(template)})
	require.NoError(t, err)
	require.NoError(t, a.SetManifest(d))
	return a
}

func findingOf(fs schema.Findings, code string) *schema.Finding {
	for _, f := range fs {
		if f.Code == code {
			return &f
		}
	}
	return nil
}

// TestBrokenIsNotBuilt checks that a template which is not XML is an error with its
// place on every path, and that a project can say otherwise.
func TestBrokenIsNotBuilt(t *testing.T) {
	for name, in := range map[string]string{
		"entity":            "&unknown;",
		"reference to NUL":  "&#0;",
		"reference":         "&#xFFFE;",
		"control character": "\x01",
		"NUL":               "\x00",
		"escape":            "\x1b[2J",
		"end of CDATA":      "]]>",
		"U+FFFE":            "\uFFFE",
		"less than":         "a < b",
		"ampersand":         "a & b",
		"end tag":           "</b>",
		"two roots":         "</a></config><config><a>",
	} {
		t.Run(name, func(t *testing.T) {
			text := "<config>\n<a>%SBC_ADDRESS_WXT%" + in + "</a></config>"
			a := brokenArchive(t, text)
			p := &wxt.Project{
				Tags:    map[string]string{"SBC_ADDRESS_WXT": "sbc.example.com"},
				Desktop: wxt.PlatformSettings{BaseArchive: a}, Mobile: wxt.PlatformSettings{Disabled: true}, Tablet: wxt.PlatformSettings{Disabled: true},
			}
			file, err := wxt.CheckBytes("config-wxt.xml.template", []byte(text))
			require.NoError(t, err)
			want := findingOf(file, "WXT071")
			require.NotNil(t, want, "%s", file)
			assert.Equal(t, 2, want.Position.Line)
			for path, fs := range map[string]schema.Findings{"archive": wxt.CheckArchive(a), "base": wxt.Check(p)} {
				got := findingOf(fs, "WXT071")
				require.NotNil(t, got, "%s: %s", path, fs)
				assert.Equal(t, schema.Error, got.Severity, path)
				assert.Equal(t, want.Position.Line, got.Position.Line, path)
				assert.Equal(t, want.Position.Column, got.Position.Column, path)
				assert.True(t, strings.HasSuffix(got.Message, want.Message), "%s: %s", path, got.Message)
			}
			_, err = wxt.Build(p)
			assert.Error(t, err)

			p.Checks = map[string]schema.Severity{"WXT071": schema.Warning}
			b, err := wxt.Build(p)
			require.NoError(t, err, "the project knows why")
			assert.NotNil(t, findingOf(b.Findings, "WXT071"))
		})
	}
}

// TestUnreadableEncodings checks that an archive reports templates in encodings that
// no device reads.
func TestUnreadableEncodings(t *testing.T) {
	wide := func(text string, width int, bigEndian bool) string {
		var b strings.Builder
		for _, c := range []byte(text) {
			cell := make([]byte, width)
			if bigEndian {
				cell[width-1] = c
			} else {
				cell[0] = c
			}
			b.Write(cell)
		}
		return b.String()
	}
	const text = `<?xml version="1.0"?><config/>`
	for name, in := range map[string]struct{ data, want string }{
		"UTF-16LE":             {wide(text, 2, false), "UTF-16 without a byte order mark"},
		"UTF-16BE":             {wide(text, 2, true), "UTF-16 without a byte order mark"},
		"UTF-16BE, no prolog":  {wide("<config/>", 2, true), "UTF-16 without a byte order mark"},
		"UTF-16LE, no prolog":  {wide("<config/>", 2, false), "UTF-16 without a byte order mark"},
		"UTF-32LE":             {wide(text, 4, false), "UTF-32"},
		"UTF-32BE":             {wide(text, 4, true), "UTF-32"},
		"UTF-32BE with a mark": {"\x00\x00\xFE\xFF" + wide(text, 4, true), "UTF-32"},
		"UTF-32LE with a mark": {"\xFF\xFE\x00\x00" + wide(text, 4, false), "UTF-32"},
		"EBCDIC":               {"\x4c\x6f\xa7\x94\x93\x40\xa5\x85\x99\xa2\x89\x96\x95\x7e\x7f\xf1\x4b\xf0\x7f\x6f\x6e", "EBCDIC"},
	} {
		t.Run(name, func(t *testing.T) {
			fs := wxt.CheckArchive(brokenArchive(t, in.data))
			f := findingOf(fs, "WXT091")
			require.NotNil(t, f, "%s", fs)
			assert.Equal(t, schema.Error, f.Severity)
			assert.Contains(t, f.Message, in.want)
			assert.Equal(t, 1, f.Position.Line)
		})
	}
}
