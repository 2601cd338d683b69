package wxt_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

const (
	vendorFolder = "type/Business Communicator - PC/"
	vendorName   = "ucone-desktop-ucaas-4.1.0-wxt-Mar2027_DTAF.zip"
)

// vendorFiles returns the files of an archive of the Webex shape: three requests
// for files, one of them binary, and a file that no request names.
func vendorFiles(t testing.TB) map[string][]byte {
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join("testdata", "base", name))
		require.NoError(t, err)
		return data
	}
	return map[string][]byte{
		"oci/Business Communicator - PC.oci":     read("manifest.oci"),
		vendorFolder + "config-wxt.xml.template": read("config-wxt.xml.template"),
		vendorFolder + "config.xml.template":     []byte("<uc-one tag='%LEGACY_TAG%' port=\"%SBC_PORT%\"/>\n"),
		vendorFolder + "ring.wav":                {0xFF, 0x00, 'R', 'I', 'F', 'F', 0x80, '%', 'A', '%'},
		vendorFolder + "notes.txt":               []byte("no request names me\r\n"),
	}
}

// writeZip writes an archive, with a folder around everything if prefix is one.
func writeZip(t testing.TB, path, prefix string, files map[string][]byte) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	if prefix != "" {
		_, err := w.Create(prefix)
		require.NoError(t, err)
	}
	for name, data := range files {
		f, err := w.Create(prefix + name)
		require.NoError(t, err)
		_, err = f.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
}

// project writes a project file beside the vendor's archive and returns its path.
func baseProject(t testing.TB, dir, text string) string {
	path := filepath.Join(dir, "dtafgen.toml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

var onlyDesktop = wxt.WithPlatforms(tags.Desktop)

// TestBaseUnchanged compiles archives of several shapes without any change: every
// file comes out as it was.
func TestBaseUnchanged(t *testing.T) {
	main := vendorFolder + "config-wxt.xml.template"
	utf8 := vendorFiles(t)[main]
	recode := func(name string, bytes func(string) ([]byte, error)) []byte {
		data, err := bytes(strings.Replace(string(utf8), `encoding="UTF-8"`, `encoding="`+name+`"`, 1))
		require.NoError(t, err)
		return data
	}
	latin1 := recode("ISO-8859-1", func(s string) ([]byte, error) {
		return charmap.ISO8859_1.NewEncoder().Bytes([]byte(strings.Replace(s, "Vendor", "Vendör", 1)))
	})
	utf16 := recode("UTF-16", func(s string) ([]byte, error) {
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(s))
	})
	for name, template := range map[string][]byte{
		"CRLF, tabs, quotes, comments, CDATA, references": utf8,
		"LF":              bytes.ReplaceAll(utf8, []byte("\r\n"), []byte("\n")),
		"lone CR":         bytes.ReplaceAll(utf8, []byte("\r\n"), []byte("\r")),
		"one line":        bytes.ReplaceAll(utf8, []byte("\r\n"), nil),
		"BOM":             append([]byte("\xEF\xBB\xBF"), utf8...),
		"UTF-16":          utf16,
		"ISO-8859-1":      latin1,
		"no declaration":  utf8[bytes.Index(utf8, []byte("<!--")):],
		"not well-formed": bytes.Replace(utf8, []byte("</config>"), nil, 1),
	} {
		for _, prefix := range []string{"", "Vendor 4.1/", "a/b/"} {
			dir := t.TempDir()
			files := vendorFiles(t)
			files[main] = template
			writeZip(t, filepath.Join(dir, vendorName), prefix, files)
			p := load(t, baseProject(t, dir, fmt.Sprintf("[desktop]\nbase = %q\n[checks]\nWXT071 = \"warning\"\n", vendorName)))
			b := build(t, p, onlyDesktop)
			require.Len(t, b.Archives, 1, name)
			assert.Equal(t, vendorName, b.Archives[0].Container.Name, "the vendor's version and month")
			read, err := dtaf.Read(bytes.NewReader(b.Archives[0].Data), int64(len(b.Archives[0].Data)))
			require.NoError(t, err)
			assert.Equal(t, len(files), len(slices.Collect(read.Files())), name)
			for f := range read.Files() {
				assert.Equal(t, string(files[f.Name]), string(f.Data), "%s: %s", name, f.Name)
			}
		}
	}
}

// TestBaseChanges pins the lines that differ when a project makes changes of
// every kind, in both modes.
func TestBaseChanges(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "base", "changes.toml"))
	require.NoError(t, err)
	for _, mode := range []wxt.Mode{wxt.Tags, wxt.Inline} {
		dir := t.TempDir()
		files := vendorFiles(t)
		writeZip(t, filepath.Join(dir, "vendor.zip"), "", files)
		p := load(t, baseProject(t, dir, strings.Replace(string(text), "[desktop]\n", "[desktop]\nbase = \"vendor.zip\"\n", 1)))
		b := build(t, p, onlyDesktop, wxt.WithMode(mode))
		archive := b.Archives[0].Archive
		var out strings.Builder
		for f := range archive.Files() {
			was := strings.ReplaceAll(f.Name, "Acme - PC", "Business Communicator - PC")
			require.Contains(t, files, was)
			fmt.Fprintf(&out, "%s\n%s", f.Name, changedLines(string(files[was]), string(f.Data)))
			delete(files, was)
		}
		assert.Empty(t, files)
		for _, f := range b.Findings {
			f.File = filepath.Base(f.File)
			fmt.Fprintln(&out, f)
		}
		testkit.Golden(t, "base/"+mode.String()+".diff", out.String())
		doc, err := archive.Manifest()
		require.NoError(t, err)
		assert.Empty(t, doc.Check())
		if mode == wxt.Tags {
			values := map[string]string{}
			for _, a := range b.TagSets[0].Set.Tags {
				values[a.Tag] = a.Value
			}
			assert.Equal(t, "Acme_Desktop", b.TagSets[0].Set.Name)
			assert.Equal(t, map[string]string{
				"SBC_ADDRESS_WXT": "sbc.example.com", "SBC_PORT_WXT": "5060", "USE_TLS_WXT": "false",
				"RTP_AUDIO_PORT_RANGE_START_WXT": "8000", "RTP_AUDIO_PORT_RANGE_END_WXT": "8099",
				"ENABLE_NEW_FEATURE_WXT": "true", "LEGACY_TAG": "x",
			}, values)
		}
	}
}

// changedLines lists the lines that are not in both texts, as far as the same
// lines come in the same order.
func changedLines(old, new string) string {
	a, b := strings.SplitAfter(old, "\n"), strings.SplitAfter(new, "\n")
	// The lengths of the longest common runs of lines.
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out strings.Builder
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			fmt.Fprintf(&out, "-%q\n", a[i])
			i++
		default:
			fmt.Fprintf(&out, "+%q\n", b[j])
			j++
		}
	}
	return out.String()
}

func TestBaseFindings(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		files      func(map[string][]byte)
		want       []string
	}{
		{"backslashes", "[desktop]\nbase = 'vendor\\none.zip'\n", nil, []string{"there is no file", "write / between folders"}},
		{"escapes", "[desktop]\nbase = \"vendor\\none.zip\"\n", nil, []string{"there is no file", "write the path between single quotation marks"}},
		{"no file", "[desktop]\nbase = \"none.zip\"\n", nil, []string{":2:8: error: desktop.base: there is no file"}},
		{"no archive", "[desktop]\nbase = \"dtafgen.toml\"\n", nil, []string{":2:8: error: desktop.base: "}},
		{"no manifest", "", func(f map[string][]byte) { delete(f, "oci/Business Communicator - PC.oci") }, []string{"there is no manifest"}},
		{"no template", "", func(f map[string][]byte) { delete(f, vendorFolder+"config-wxt.xml.template") }, []string{"the template " + vendorFolder + "config-wxt.xml.template of config-wxt.xml is not in it"}},
		{"other files alone", "", func(f map[string][]byte) {
			m := "oci/Business Communicator - PC.oci"
			f[m] = bytes.ReplaceAll(f[m], []byte("<fileFormat>config-wxt.xml<"), []byte("<fileFormat>other.xml<"))
		}, []string{"no request adds the file config-wxt.xml: it has config.xml, other.xml, ring.wav"}},
		{"not in its encoding", "", func(f map[string][]byte) { f[vendorFolder+"config-wxt.xml.template"] = []byte("<a>\n\xE9</a>") }, []string{"config-wxt.xml.template:2:1: the byte 0xE9 is not valid UTF-8"}},
		{"tags without a value", "[tags]\nLEGACY_TAG = 1\n", nil, []string{
			"warning: desktop: the template has the tag ENABLE_NEW_FEATURE_WXT, whose default is not known",
			"config.xml.template, which the Webex app does not read, has tags without a value: SBC_PORT",
		}},
		{"wrong type of a tag that the vendor has", "[tags]\nENABLE_NEW_FEATURE_WXT = \"yes\"\n", nil, []string{":2:26: error: ENABLE_NEW_FEATURE_WXT: \"yes\" is not true or false"}},
		{"unknown tag", "[tags]\nENABLE_NEW_FAETURE_WXT = true\n", nil, []string{":2:1: error: unknown tag ENABLE_NEW_FAETURE_WXT"}},
		{"a tag that the vendor lacks", "[tags]\nSOURCE_PORT_WXT = 5061\n", nil, []string{":2:19: warning: SOURCE_PORT_WXT stands nowhere in the template for desktop"}},
		{"release", "broadworks = \"R21SP1\"\n", nil, []string{"error: desktop.base: it has a SystemSIPDeviceTypeAddRequest22, which R21SP1 does not know"}},
		{"edit", "[[desktop.edit]]\npath = \"config/services/call-pul\"\nremove = true\n", nil, []string{":2:8: error: desktop: the template has no config/services/call-pul"}},
		{"edits", "[[desktop.edit]]\npath = \"//codec\"\nremove = true\n[[desktop.edit]]\npath = \"//call-pull\"\nattr = \"x\"\nremove = true\n", nil,
			[]string{":2:8: error: desktop: //codec matches 5 elements", ":6:8: error: desktop: <call-pull> has no attribute x"}},
		{"settings without a place", "sip.subscribe_refresh = 1\ncodecs.video = [\"H264\"]\n", nil, []string{
			":1:25: warning: sip.subscribe_refresh is not set", ":2:17: warning: the template for desktop has no video codec H264"}},
		{"not well-formed", "codecs.audio = [\"opus\"]\n", func(f map[string][]byte) { f[vendorFolder+"config-wxt.xml.template"] = []byte("<a>\n<b></a>") },
			[]string{"config-wxt.xml.template:2:4: not well-formed XML"}},
		{"raw value in another file", "[tags]\nLEGACY_TAG = \"a'b\"\n", nil, []string{":2:14: error: LEGACY_TAG: the value has '"}},
		{"option of a newer release", "[desktop.device]\nmacInCert = true\nbearerFileAuthentication = true\n", nil, []string{
			":3:1: error: desktop.device.bearerFileAuthentication: SystemSIPDeviceTypeAddRequest22 has no such element"}},
	} {
		dir := t.TempDir()
		files := vendorFiles(t)
		if tt.files != nil {
			tt.files(files)
		}
		writeZip(t, filepath.Join(dir, "vendor.zip"), "", files)
		if !strings.Contains(tt.text, "base =") {
			tt.text += "[desktop]\nbase = \"vendor.zip\"\n"
		}
		fs, err := wxt.CheckFile(baseProject(t, dir, tt.text), onlyDesktop)
		require.NoError(t, err)
		for _, want := range tt.want {
			found := false
			for _, f := range fs {
				assert.NotZero(t, f.Line)
				found = found || strings.Contains(f.String()+"\n"+f.Remedy, want)
			}
			assert.True(t, found, "%s: %q in %v", tt.name, want, fs)
		}
	}
}

// TestBaseInMemory compiles from an archive that a program has read itself.
func TestBaseInMemory(t *testing.T) {
	dir := t.TempDir()
	writeZip(t, filepath.Join(dir, "v.zip"), "", vendorFiles(t))
	archive, err := dtaf.Open(filepath.Join(dir, "v.zip"))
	require.NoError(t, err)
	p := &wxt.Project{Tags: map[string]string{"LEGACY_TAG": "1", "ENABLE_NEW_FEATURE_WXT": "true", "SBC_PORT": "5060"}}
	p.Desktop.BaseArchive = archive
	b := build(t, p, onlyDesktop)
	assert.Zero(t, b.Findings.Count(schema.Warning), "%v", b.Findings)
	p.Desktop.DeviceType = "Other"
	build(t, p, onlyDesktop)
	name, err := archive.ManifestName()
	require.NoError(t, err)
	assert.Equal(t, "oci/Business Communicator - PC.oci", name, "the archive is not changed")
}

// TestBaseOtherPlatform checks that a tag is known from the base of a platform
// that is not built now.
func TestBaseOtherPlatform(t *testing.T) {
	dir := t.TempDir()
	writeZip(t, filepath.Join(dir, "vendor.zip"), "", vendorFiles(t))
	path := baseProject(t, dir, "[tags]\nENABLE_NEW_FEATURE_WXT = true\n[desktop]\nbase = \"vendor.zip\"\n")
	fs, err := wxt.CheckFile(path, wxt.WithPlatforms(tags.Mobile))
	require.NoError(t, err)
	assert.NoError(t, fs.Err())
	fs, err = wxt.CheckFile(path, wxt.WithRelease(oci.R25))
	require.NoError(t, err)
	assert.NoError(t, fs.Err())
}

// plainVendor writes a vendor's archive whose file may be fetched in the clear, and whose
// template has a misspelt tag.
func plainVendor(t *testing.T, dir string) {
	t.Helper()
	files := vendorFiles(t)
	m := "oci/Business Communicator - PC.oci"
	files[m] = bytes.ReplaceAll(files[m], []byte("<allowHttp>false<"), []byte("<allowHttp>true<"))
	require.Contains(t, string(files[m]), "<allowHttp>true<")
	name := vendorFolder + "config-wxt.xml.template"
	files[name] = bytes.ReplaceAll(files[name], []byte("%SBC_ADDRESS_WXT%"), []byte("%SBC_ADDRES_WXT%"))
	require.Contains(t, string(files[name]), "%SBC_ADDRES_WXT%")
	writeZip(t, filepath.Join(dir, "vendor.zip"), "", files)
}

// TestPlacesInBase checks that what is wrong in a base is reported at its place in the base,
// once, and that a project can mend the request of a file.
func TestPlacesInBase(t *testing.T) {
	dir := t.TempDir()
	plainVendor(t, dir)
	check := func(text string) []string {
		fs, err := wxt.CheckFile(baseProject(t, dir, "[desktop]\nbase = \"vendor.zip\"\n"+text), onlyDesktop)
		require.NoError(t, err)
		var list []string
		for _, f := range fs {
			list = append(list, strings.ReplaceAll(f.String()+": "+f.Remedy, dir, "."))
		}
		return list
	}
	about := func(list []string, words string) (found []string) {
		for _, s := range list {
			if strings.Contains(s, words) {
				found = append(found, s)
			}
		}
		return found
	}
	found := check("")
	plain := about(found, "WXT208")
	require.NotEmpty(t, plain)
	for _, s := range plain {
		assert.Regexp(t, `^\./vendor\.zip/oci/Business Communicator - PC\.oci:[0-9]+:[0-9]+: warning: allowHttp is true.*: write allowHttp = false below \[desktop\.file\."`, s)
	}
	misspelt := about(found, "SBC_ADDRES_WXT")
	require.Len(t, misspelt, 1, "one mistake is one finding")
	assert.Regexp(t, `^\./vendor\.zip/type/.*/config-wxt\.xml\.template:[0-9]+:[0-9]+: warning: desktop: %SBC_ADDRES_WXT% is no known tag.*did you mean %SBC_ADDRESS_WXT%`, misspelt[0])
	unset := about(found, "ENABLE_NEW_FEATURE_WXT")
	require.Len(t, unset, 1)
	assert.Regexp(t, `^\./vendor\.zip/type/.*:[0-9]+:[0-9]+: warning: .* \[WXT044\]`, unset[0])

	mended := check("[desktop.file.\"config-wxt.xml\"]\nallowHttp = false\n")
	assert.Less(t, len(about(mended, "WXT208")), len(plain))
	for text, want := range map[string]string{
		"[desktop.file.\"config-wxt.xml\"]\nallowHtp = false":    `:4:12: error: desktop.file."config-wxt.xml".allowHtp`,
		"[desktop.file.\"config-wxt.xml\"]\nfileFormat = \"x\"":  `says which file it is, and can't be set`,
		"[desktop.file.\"config-wxt.xml\"]\nallowHttp = []":      `is a list: expected a boolean`,
		"[desktop.file.\"none.xml\"]\nallowHttp = false":         `no request of the manifest adds a file none.xml`,
		"[desktop.file.\"config-wxt.xml\"]\nallowHttp = \"yes\"": `:4:13: error: desktop.file."config-wxt.xml".allowHttp`,
	} {
		assert.NotEmpty(t, about(check(text+"\n"), want), "%s: %v", text, check(text+"\n"))
	}
}
