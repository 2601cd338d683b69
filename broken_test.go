package wxt_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

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

// TestUnreadableEncodings checks that an archive tells of templates in encodings that
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
