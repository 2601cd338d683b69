package dtaf

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/tags"
)

func TestContents(t *testing.T) {
	d := NewManifest(tags.Desktop, 0)
	require.NoError(t, manifest.SetDeviceType(d, "Phone"))
	manifest := string(d.Bytes())
	const main, dtd = "type/Phone/config-wxt.xml.template", `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`
	for _, c := range []struct {
		name   string
		files  map[string]string
		limits Limits
		want   string // empty: nothing is wrong
	}{
		{"fine", map[string]string{main: "<a>%B%</a>", "type/Phone/ring.wav": "RIFF\x00\xff"}, Limits{}, ""},
		{"not well-formed", map[string]string{main: "<a>&b;"}, Limits{}, ""},
		{"not in its encoding", map[string]string{main: "<a>\xff</a>"}, Limits{}, ""},
		{"nothing named", map[string]string{"type/Phone/x": "y"}, Limits{}, ""},
		{"DTD in the template", map[string]string{main: dtd}, Limits{}, main + `": is not to be read: line 1, column 1: document type declaration`},
		{"DTD elsewhere", map[string]string{"type/Phone/x.txt": "\n" + dtd}, Limits{}, `"type/Phone/x.txt": is not to be read: line 2, column 1`},
		{"DTD in the manifest", map[string]string{"oci/Phone.oci": dtd}, Limits{}, "oci/Phone.oci:1:1: document type declaration"},
		{"depth", map[string]string{main: "<a><b/></a>"}, Limits{Depth: 1}, "stands too deep"},
		{"nodes", map[string]string{main: "<a>" + strings.Repeat("<b/>", 1000) + "</a>"}, Limits{Nodes: 500}, "more than 500 nodes"},
		{"bytes", map[string]string{main: "<a>" + strings.Repeat(" ", 20_000) + "</a>"}, Limits{Template: 10_000}, main + `": has more than 10000 bytes`},
		{"bytes of no template", map[string]string{"type/Phone/x": strings.Repeat(" ", 20_000)}, Limits{Template: 10_000}, ""},
		{"bytes together", map[string]string{main: "<a>%B%</a>"}, Limits{Templates: 5}, "more than 5 bytes together"},
		{"placeholders", map[string]string{main: "<a>%B%%C%</a>"}, Limits{Placeholders: 1}, "more than 1 placeholders"},
		{"requests", nil, Limits{Requests: 1}, "the document has more than 1 requests"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := New(File{"oci/Phone.oci", []byte(manifest)})
			require.NoError(t, err)
			for name, data := range c.files {
				require.NoError(t, a.Put(name, []byte(data)))
			}
			data, err := a.Bytes(time.Time{})
			require.NoError(t, err)
			_, err = Read(bytes.NewReader(data), int64(len(data)), WithLimits(c.limits))
			if c.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, c.want)
		})
	}
}
