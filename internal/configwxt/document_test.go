package configwxt

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

func parse(t testing.TB, text string) *render.Template {
	t.Helper()
	tmpl, err := render.Parse("t.xml", []byte(text))
	require.NoError(t, err)
	return tmpl
}

var settings = Settings{
	Encoding:         "UTF-8",
	AudioCodecs:      []string{"opus", "G722", "PCMA", "PCMU", "telephone-event"},
	VideoCodecs:      []string{"H264"},
	RegisterRefresh:  3600,
	SubscribeRefresh: 1800,
}

func document(t *testing.T, p tags.Platform) []byte {
	data, err := Document(schema.ShapeOf(p, tags.Default()), settings)
	require.NoError(t, err)
	return data
}

// TestDocument pins the bytes of the three templates, and checks that each
// place of the schema holds its tag.
func TestDocument(t *testing.T) {
	for _, p := range tags.Platforms() {
		data := document(t, p)
		testkit.Golden(t, p.String()+".xml", string(data))
		assert.Equal(t, data, document(t, p), "the same bytes every time")

		doc := etree.NewDocument()
		require.NoError(t, doc.ReadFromBytes(data))
		want := map[string]bool{}
		for _, path := range schema.Paths() {
			if path.Tag == "" {
				continue
			}
			tag, ok := tags.Default().Lookup(path.Tag)
			require.True(t, ok)
			if !tag.Platforms.Has(p) {
				continue
			}
			want[path.Tag] = true
			element, attr, isAttr := strings.Cut(path.Path, "/@")
			e := doc.FindElement(element)
			if !assert.NotNil(t, e, path.Path) {
				continue
			}
			got := e.Text()
			if isAttr {
				got = e.SelectAttrValue(attr, "")
			}
			assert.Equal(t, "%"+path.Tag+"%", got, path.Path)
		}
		tmpl := parse(t, string(data))
		assert.Len(t, tmpl.Tags(), len(want))
		for _, name := range tmpl.Tags() {
			assert.True(t, want[name], "%s has %s", p, name)
		}
		assert.Equal(t, "3600", doc.FindElement("config/protocols/sip/registration-refresh-interval-sec").Text())
		assert.Equal(t, "1800", doc.FindElement("config/protocols/sip/subscription-refresh-interval-sec").Text())
	}
}

// TestSettings checks that settings which a project need not have are left out, and
// stand where they should if it has them.
func TestSettings(t *testing.T) {
	assert.NotContains(t, string(document(t, tags.Desktop)), "use-sip-info")
	assert.Contains(t, string(document(t, tags.Desktop)), "<transports>")
	s := settings
	s.Transport, s.SIPInfo, s.SIPInfoPeriod = "tcp", "true", 30
	data, err := Document(schema.ShapeOf(tags.Desktop, tags.Default()), s)
	require.NoError(t, err)
	assert.Contains(t, string(data), `<use-sip-info enabled="true" period="30"/>`)
	assert.Contains(t, string(data), `<transports type="tcp">`)
}

func TestDocumentIsWellFormed(t *testing.T) {
	xmllint := testkit.Oracle(t, "xmllint")
	dir := t.TempDir()
	for _, p := range tags.Platforms() {
		file := filepath.Join(dir, p.String()+".xml")
		require.NoError(t, os.WriteFile(file, document(t, p), 0o600))
		out, err := exec.Command(xmllint, "--noout", "--nonet", file).CombinedOutput()
		assert.NoError(t, err, "%s", out)
	}
}

func TestCodecs(t *testing.T) {
	s := settings
	s.AudioCodecs = nil
	for i := range 12 {
		s.AudioCodecs = append(s.AudioCodecs, "codec"+strconv.Itoa(i))
	}
	s.VideoCodecs = []string{"telephone-event", "a", "b"}
	data, err := Document(schema.ShapeOf(tags.Desktop, tags.Default()), s)
	require.NoError(t, err)
	doc := etree.NewDocument()
	require.NoError(t, doc.ReadFromBytes(data))
	last := 2.0
	for _, c := range doc.FindElements("config/services/calls/audio/codecs/codec") {
		v, err := strconv.ParseFloat(c.SelectAttrValue("priority", ""), 64)
		require.NoError(t, err)
		assert.Less(t, v, last)
		assert.Positive(t, v)
		last = v
	}
	video := doc.FindElements("config/services/calls/video/codecs/codec")
	require.Len(t, video, 3)
	assert.Nil(t, video[0].SelectAttr("priority"), "it has no rank")
	assert.Equal(t, "1.0", video[1].SelectAttrValue("priority", ""))
	assert.Equal(t, "0.9", video[2].SelectAttrValue("priority", ""))
}

func TestDocumentUnknownSetting(t *testing.T) {
	_, err := Document(schema.Element{Name: "config", Setting: "other"}, settings)
	assert.ErrorContains(t, err, `the setting "other"`)
}
