package oci

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/schema"
)

var ignorePositions = cmpopts.IgnoreTypes(schema.Position{})

const manifest = `<?xml version="1.0" encoding="UTF-8"?>
<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <command xsi:type="SystemSIPDeviceTypeLanguageMappingModifyRequest" xmlns="">
    <deviceType>Téléphone</deviceType>
    <languageMapping>
      <broadWorksLanguage>English</broadWorksLanguage>
      <deviceLanguage xsi:nil="true"/>
    </languageMapping>
  </command>
  <command xsi:type="SystemSIPDeviceTypeServiceModifyRequest" xmlns="" echo="7">
    <deviceType>Téléphone</deviceType>
    <supportsPolycomPhoneServices> false </supportsPolycomPhoneServices>
  </command>
</BroadsoftDocument>
`

func wantManifest() *Document {
	return &Document{Protocol: "OCI", Requests: []*Request{
		{Type: "SystemSIPDeviceTypeLanguageMappingModifyRequest", Elements: []*Element{
			{Name: "deviceType", Value: "Téléphone"},
			{Name: "languageMapping", Children: []*Element{
				{Name: "broadWorksLanguage", Value: "English"},
				{Name: "deviceLanguage", Nil: true},
			}},
		}},
		{Type: "SystemSIPDeviceTypeServiceModifyRequest", Attrs: []Attr{{"echo", "7"}}, Elements: []*Element{
			{Name: "deviceType", Value: "Téléphone"},
			{Name: "supportsPolycomPhoneServices", Value: " false "},
		}},
	}}
}

func encodeUTF16(order binary.AppendByteOrder, text string) []byte {
	b := order.AppendUint16(nil, 0xFEFF)
	for _, u := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

func TestParseForms(t *testing.T) {
	prefixed := strings.NewReplacer(`xmlns="C"`, `xmlns:c="C"`, "<BroadsoftDocument", "<c:BroadsoftDocument",
		"</BroadsoftDocument", "</c:BroadsoftDocument", ` xmlns=""`, "", "xsi", "i").Replace(manifest)
	latin := strings.NewReplacer("UTF-8", "ISO-8859-1", "é", "\xE9").Replace(manifest)
	for name, data := range map[string][]byte{
		"as in archives":   []byte(manifest),
		"prefixed":         []byte(prefixed),
		"no xmlns":         []byte(strings.ReplaceAll(manifest, ` xmlns=""`, "")),
		"no declaration":   []byte(strings.SplitN(manifest, "\n", 2)[1]),
		"byte order mark":  []byte("\xEF\xBB\xBF" + manifest),
		"ISO-8859-1":       []byte(latin),
		"UTF-16LE":         encodeUTF16(binary.LittleEndian, strings.Replace(manifest, "UTF-8", "UTF-16", 1)),
		"UTF-16BE":         encodeUTF16(binary.BigEndian, strings.Replace(manifest, "UTF-8", "UTF-16", 1)),
		"CRLF":             []byte(strings.ReplaceAll(manifest, "\n", "\r\n")),
		"one line":         []byte(strings.NewReplacer("\n", "", "  ", "").Replace(manifest)),
		"comments, CDATA":  []byte(strings.Replace(manifest, ">English<", "><!-- e -->Eng<![CDATA[lish]]><", 1)),
		"prefixed command": []byte(strings.NewReplacer("<command", `<x:command xmlns:x=""`, "</command", "</x:command").Replace(manifest)),
	} {
		t.Run(name, func(t *testing.T) {
			d, err := Parse("m.oci", data)
			require.NoError(t, err)
			if diff := cmp.Diff(wantManifest(), d, ignorePositions); diff != "" {
				t.Error(diff)
			}
			assert.Empty(t, d.Check())
		})
	}
}

func TestBytesRoundTrip(t *testing.T) {
	d, err := Parse("m.oci", []byte(manifest))
	require.NoError(t, err)
	assert.Equal(t, manifest, string(d.Bytes()))

	d.SessionID = "a <session>"
	d.Header = []*Element{{Name: "trackingId", Value: "7"}}
	d.Requests[0].Elements[0].Value = "line\r\nend \t\"'&<>]]>"
	b := d.Bytes()
	assert.Contains(t, string(b), "  <sessionId xmlns=\"\">a &lt;session&gt;</sessionId>\n  <trackingId xmlns=\"\">7</trackingId>\n  <command ")
	again, err := Parse("m.oci", b)
	require.NoError(t, err)
	if diff := cmp.Diff(d, again, ignorePositions); diff != "" {
		t.Error(diff)
	}
	assert.Equal(t, string(b), string(again.Bytes()))
}

func TestParseResponse(t *testing.T) {
	d, err := Parse("r.xml", []byte(`<?xml version="1.0" encoding="ISO-8859-1"?>
<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><sessionId xmlns="">s</sessionId><command type="Error" echo="" xsi:type="c:ErrorResponse" xmlns:c="C" xmlns=""><summary>No</summary><detail/></command><command echo="" xsi:type="SystemDeviceManagementTagGetListResponse" xmlns=""><tagsTable><colHeading>Tag Name</colHeading><row><col>%A%</col></row></tagsTable></command></BroadsoftDocument>`))
	require.NoError(t, err)
	assert.Equal(t, "s", d.SessionID)
	require.Len(t, d.Requests, 2)
	assert.Equal(t, "ErrorResponse", d.Requests[0].Type)
	assert.Equal(t, []Attr{{"type", "Error"}, {"echo", ""}}, d.Requests[0].Attrs)
	v, ok := d.Requests[1].Get("col")
	assert.True(t, ok)
	assert.Equal(t, "%A%", v)
	assert.Equal(t, 2, d.Check().Count(schema.Info))
	assert.NoError(t, d.Check().Err())
}

func TestPositions(t *testing.T) {
	d, err := Parse("m.oci", []byte("<BroadsoftDocument protocol='OCI'\r\n xmlns='C'>\r<command>\n\té<a>\n  <b> é\tx </b><c><![CDATA[y]]></c>\n</a></command></BroadsoftDocument>"))
	require.Error(t, err)
	assert.EqualError(t, err, "m.oci:4:2: text between the elements of the command: expected only elements")
	assert.Nil(t, d)

	d, err = Parse("m.oci", []byte("\xEF\xBB\xBF<BroadsoftDocument protocol='OCI'\r\n xmlns='C'>\r<command>\n\t<a>\n  <b> é\tx </b><c><![CDATA[y]]></c>\n</a></command></BroadsoftDocument>"))
	require.NoError(t, err)
	r := d.Requests[0]
	var got []string
	for _, p := range []schema.Position{
		d.Pos, r.Pos, r.Find("a").Pos, r.Find("a").ValuePos, r.Find("b").Pos, r.Find("b").ValuePos, r.Find("c").Pos, r.Find("c").ValuePos,
	} {
		got = append(got, p.String())
	}
	assert.Equal(t, []string{"m.oci:1:1", "m.oci:3:1", "m.oci:4:2", "m.oci:5:3", "m.oci:5:3", "m.oci:5:7", "m.oci:5:15", "m.oci:5:18"}, got)
}

func TestParseErrors(t *testing.T) {
	const open = `<BroadsoftDocument protocol="OCI" xmlns="C">`
	deep := strings.Repeat("<a>", 40)
	for data, want := range map[string]string{
		"":                                    "m.oci:1:1: the document has no root element: expected a start tag",
		"<BroadsoftDocument":                  "m.oci:1:",
		"<config/>":                           "m.oci:1:1: the root element is <config>: expected <BroadsoftDocument>",
		"<BroadsoftDocument/>":                `m.oci:1:1: <BroadsoftDocument> is of the protocol "": expected protocol="OCI"`,
		"\n" + open + "x</BroadsoftDocument>": "m.oci:2:45: text between the commands: expected only elements",
		open + "<command/>\n<userId/></BroadsoftDocument>": "m.oci:2:1: <userId> comes after a command: expected it before the first one, or another command",
		`<BroadsoftDocument protocol="OCI" version="1"/>`:  "m.oci:1:1: <BroadsoftDocument> has an attribute version: expected only protocol",
		"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>":         "m.oci:1:1: ",
		open + "<command>" + deep:                          "too deep",
		open + "\n\n  \xE9":                                "m.oci:3:3: the byte 0xE9 is not valid UTF-8, and the XML declaration names no other encoding",
		"<?xml version='1.0' encoding='EBCDIC-X'?>" + open: `m.oci: the XML declaration names an unknown encoding "EBCDIC-X"`,
		"<?xml version='1.0' encoding='UTF-16'?>" + open:   "m.oci: the XML declaration names the encoding UTF-16",
		"\xFE\xFF\x00": "m.oci: ",
		open + "<command><a>&#x0;</a></command></BroadsoftDocument>":     "m.oci:1:",
		open + "<command><a></b></a></command></BroadsoftDocument>":      "m.oci:1:",
		open + "<command/></BroadsoftDocument><!-- c --><another-root/>": "m.oci:1:",
	} {
		d, err := Parse("m.oci", []byte(data))
		assert.Nil(t, d)
		var e *Error
		require.ErrorAs(t, err, &e, data)
		assert.Equal(t, "m.oci", e.File)
		assert.Contains(t, err.Error(), want, data)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(manifest))
	f.Add([]byte("\xEF\xBB\xBF" + manifest))
	f.Add(encodeUTF16(binary.LittleEndian, manifest))
	f.Add([]byte(`<c:BroadsoftDocument xmlns:c="C" protocol="OCI" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><sessionId>1</sessionId><trackingId/><command i:type="SystemSIPDeviceTypeAddRequest21"><numberOfPorts>a<quantity>1</quantity><![CDATA[ ]]></numberOfPorts><x:y i:nil="0" z="&#13;"/></command></c:BroadsoftDocument>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse("f", data)
		if err != nil {
			var e *Error
			require.ErrorAs(t, err, &e)
			return
		}
		for _, f := range d.Check() {
			require.NotZero(t, f.Line, f)
		}
		b := d.Bytes()
		again, err := Parse("f", b)
		require.NoError(t, err, "%s", b)
		require.Empty(t, cmp.Diff(d, again, ignorePositions), "%s", b)
		require.Equal(t, d.Check().Count(schema.Error), again.Check().Count(schema.Error))
		for _, r := range d.Requests {
			if typ, ok := Lookup(r.Type); ok {
				for _, l := range typ.Leaves {
					_ = r.Set(l.Name, "1")
				}
			}
		}
		_ = d.Bytes()
	})
}
