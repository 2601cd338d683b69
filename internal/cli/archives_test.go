package cli

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/tags"
)

// A made is the files of an archive that a test makes up.
type made map[string][]byte

// template is a made-up template of a vendor, with the forms that they have: a
// declaration in single quotes, comments, CDATA, references, tabs.
const template = `<?xml version='1.0' encoding='UTF-8'?>
<!-- Vendor template 3.9.17 -->
<config>
	<protocols>
		<sip>
			<domain>%BWHOST-1%</domain>
			<proxy address='%SBC_ADDRESS_WXT%' port='%SBC_PORT_WXT%'/>
			<credentials>
				<username>%BWLINEPORT-1%</username>
				<password>%BWAUTHPASSWORD-1%</password>
			</credentials>
			<registration><refresh-interval>3600</refresh-interval></registration>
			<subscription expires="600"/>
		</sip>
	</protocols>
	<services>
		<calls>
			<call-park enabled="%ENABLE_CALL_PARK_WXT%" timer="%CALL_PARK_AUTO_CLOSE_DIALOG_TIMER_WXT%"/>
			<!-- <hold-reminder enabled="%ENABLE_HOLD_REMINDER_WXT%"/> -->
			<note><![CDATA[a < b]]> &amp; c</note>
			<audio>
				<codecs>
					<codec name="opus" priority="1.0"/>
					<codec name="G722" priority="0.9"/>
					<codec name="PCMU" priority="0.8"/>
				</codecs>
			</audio>
			<video>
				<codec-list><codec name="H264" priority="1.0"/></codec-list>
			</video>
		</calls>
		<call-history enable-unified-history="%ENABLE_UNIFIED_CALL_HISTORY_WXT%"/>
		<screen-share enabled="%ENABLE_SCREEN_SHARE_WXT%"/>
	</services>
</config>
`

const folder = "type/Business Communicator - PC/"

// vendor returns a made-up archive of the desktop app, with three files that the
// device gets and two that no request names.
func vendor(t testing.TB) made {
	t.Helper()
	d := dtaf.NewManifest(tags.Desktop, 0)
	for _, file := range []struct{ format, category string }{{"config.xml", "Dynamic Profile"}, {"strings.xml", "Static"}} {
		r := *manifest.FileRequests(d)[0]
		r.Elements = nil
		for _, e := range manifest.FileRequests(d)[0].Elements {
			c := *e
			r.Elements = append(r.Elements, &c)
		}
		require.NoError(t, r.Set("fileFormat", file.format))
		require.NoError(t, r.Set("remoteFileFormat", "remote-"+file.format))
		require.NoError(t, r.Set("fileCategory", file.category))
		r.Find("uploadFile").Children = []*oci.Element{{Name: "sourceFileName", Value: folder + file.format + ".template"}}
		d.Requests = append(d.Requests, &r)
	}
	require.NoError(t, manifest.DeviceTypeRequest(d).Set("deviceAccessNetAddress", "xsp.example.com"))
	require.Empty(t, d.Check())

	latin, err := charmap.ISO8859_1.NewEncoder().String("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<config><title>Téléphone</title><host>%BWHOST-1%</host></config>\n")
	require.NoError(t, err)
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<strings><s id=\"hold\">Hold</s><s id=\"park\">Park</s></strings>\n")
	require.NoError(t, err)
	return made{
		"oci/Business Communicator - PC.oci": d.Bytes(),
		folder + "config-wxt.xml.template":   []byte(strings.ReplaceAll(template, "\n", "\r\n")),
		folder + "config.xml.template":       []byte(latin),
		folder + "strings.xml.template":      []byte(utf16),
		folder + "logo.png":                  {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 1, 2, 3},
		"readme.txt":                         []byte("Release 3.9.17\nsip_password = hunter2\nEnd\n"),
	}
}

// edit replaces a part of a file, which has to be there.
func (m made) edit(t testing.TB, name, old, new string) {
	t.Helper()
	require.Contains(t, string(m[name]), old)
	m[name] = []byte(strings.Replace(string(m[name]), old, new, 1))
}

// write writes the archive, wrapped into a folder if root is not empty.
func (m made) write(t testing.TB, name, root string) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for file, data := range m {
		w, err := z.Create(root + file)
		require.NoError(t, err)
		_, err = w.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	require.NoError(t, os.WriteFile(name, b.Bytes(), 0o600))
}

// run runs dtafgen in a folder.
func runIn(t testing.TB, dir string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	back, err := os.Getwd()
	require.NoError(t, err)
	require.NoError(t, os.Chdir(dir))
	defer func() { require.NoError(t, os.Chdir(back)) }()
	var out, errs bytes.Buffer
	status = Run(args, &out, &errs)
	return status, out.String(), errs.String()
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	require.NoError(t, err)
	defer in.Close()
	out, err := os.Create(filepath.Clean(to))
	require.NoError(t, err)
	_, err = io.Copy(out, in)
	require.NoError(t, err)
	require.NoError(t, out.Close())
}
