package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/report"
	"github.com/dtafgen/wxt/internal/testkit"
)

func load(t *testing.T, name string) *wxt.Project {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	p, err := wxt.Parse(name, data)
	require.NoError(t, err)
	return p
}

func write(t *testing.T, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.Write(&b, r))
	return b.String()
}

// testPage is the page of a project with an earlier one, errors, hostile values
// and secrets.
func testPage(t *testing.T) string {
	return write(t, report.New(load(t, "now.toml"), load(t, "before.toml")))
}

func TestPage(t *testing.T) {
	page := testPage(t)
	testkit.Golden(t, "page.html", page)
	assert.Equal(t, page, testPage(t), "the same project gives the same bytes")
}

func TestSecretsAreMasked(t *testing.T) {
	page := testPage(t)
	assert.NotContains(t, page, "hunter2")
	assert.NotContains(t, page, "literal-secret")
	assert.Contains(t, page, `<span class="v changed" title="ACME_PASSWORD_WXT: ********">********</span>`)

	// The other way around the secrets are those of the earlier project.
	page = write(t, report.New(load(t, "before.toml"), load(t, "now.toml")))
	assert.NotContains(t, page, "hunter2")
	assert.NotContains(t, page, "literal-secret")
}

func TestHostileValuesAreText(t *testing.T) {
	page := testPage(t)
	assert.Contains(t, page, "&lt;script&gt;alert(")
	assert.Equal(t, 1, strings.Count(page, "<script"), "the page's own script alone")
	assert.Contains(t, page, `&#34; onmouseover=&#34;`, "TestWellFormed looks at the attributes")
}

// TestWellFormed reads the page as strictly as XML, but for the void elements and
// the attributes without values of HTML.
func TestWellFormed(t *testing.T) {
	text := scripts.ReplaceAllString(testPage(t), "")
	text = voids.ReplaceAllString(text, "<$1$2/>")
	text = bare.ReplaceAllString(text, ` $1=""$2`)
	d := xml.NewDecoder(strings.NewReader(text))
	ids := make(map[string]bool)
	level := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if token, ok := token.(xml.StartElement); ok {
			name := token.Name.Local
			if len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' {
				next := int(name[1] - '0')
				assert.LessOrEqual(t, next, level+1, "a level of headings is left out at %s", name)
				level = next
			}
			for _, a := range token.Attr {
				assert.NotEqual(t, "style", a.Name.Local)
				assert.False(t, strings.HasPrefix(a.Name.Local, "on"), a.Name.Local)
				if a.Name.Local == "id" {
					assert.False(t, ids[a.Value], "the id %s is there twice", a.Value)
					ids[a.Value] = true
				}
			}
		}
	}
	assert.Equal(t, 3, level, "headings were seen")
}

var (
	scripts = regexp.MustCompile(`(?s)<(script|style)>.*?</(script|style)>`)
	voids   = regexp.MustCompile(`<(meta|link|input|br|col)\b([^>]*)>`)
	bare    = regexp.MustCompile(` (data-row|hidden|open)([ >])`)
)

// TestReferences looks whether what the page points at is in it.
func TestReferences(t *testing.T) {
	page := testPage(t)
	for _, m := range regexp.MustCompile(`(?:href="#|aria-labelledby="|for=")([^"]+)"`).FindAllStringSubmatch(page, -1) {
		assert.Contains(t, page, ` id="`+m[1]+`"`)
	}
	assert.NotRegexp(t, regexp.MustCompile(`(?:src|href)="(?:https?:)?//`), page)
}

func TestNoPlatform(t *testing.T) {
	p := &wxt.Project{}
	p.Desktop.Disabled, p.Mobile.Disabled, p.Tablet.Disabled = true, true, true
	page := write(t, report.New(p, nil))
	assert.Contains(t, page, "No platform is enabled")
}

func TestNothingChanged(t *testing.T) {
	page := write(t, report.New(load(t, "before.toml"), load(t, "before.toml")))
	assert.Contains(t, page, "Nothing changed")
}

func TestWriteFails(t *testing.T) {
	assert.ErrorIs(t, report.Write(full{}, report.New(&wxt.Project{}, nil)), os.ErrClosed)
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }

// TestIgnored checks that the page lists what a project suppresses, and why.
func TestIgnored(t *testing.T) {
	p, err := wxt.Parse("p.toml", []byte("[tags]\nSBC_ADDRESS_WXT = \"192.0.2.1\"\nUSE_TLS_WXT = true\n[[ignore]]\ncode = \"WXT101\"\ntag = \"SBC_ADDRESS_WXT\"\nreason = \"it <has> its address\"\n"))
	require.NoError(t, err)
	assert.Contains(t, write(t, report.New(p, nil)), `<span class="code">WXT101</span> for SBC_ADDRESS_WXT: it &lt;has&gt; its address</li>`)
}
