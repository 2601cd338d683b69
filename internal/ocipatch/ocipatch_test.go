package ocipatch

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf/oci"
)

const ugly = "<?xml version='1.0' encoding='ISO-8859-1'?>\r\n" +
	"<!-- \xE9 -->\r\n" +
	"<c:BroadsoftDocument protocol='OCI' xmlns:c=\"C\" xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>\r\n" +
	"\t<command xsi:type=\"SystemSIPDeviceTypeFileAddRequest20\">\r\n" +
	"\t\t<deviceType>Phone</deviceType><!-- its name -->\r\n" +
	"\t\t<fileFormat>  config.xml  </fileFormat>\r\n" +
	"\t\t<remoteFileFormat>config-%BWFQDEVICEID%.xml</remoteFileFormat>\r\n" +
	"\t\t<uploadFile>\r\n\t\t\t<sourceFileName>type/Phone/config.xml.template</sourceFileName>\r\n\t\t</uploadFile>\r\n" +
	"\t\t<macFormatInNonRequestURI>x</macFormatInNonRequestURI>\r\n" +
	"\t</command>\r\n" +
	"\t<command xsi:type=\"SystemSIPDeviceTypeServiceModifyRequest\"><deviceType>Phone</deviceType></command>\r\n" +
	"</c:BroadsoftDocument>"

func TestApply(t *testing.T) {
	for _, tt := range []struct {
		name     string
		change   func(file, service *oci.Request) error
		old, new string
	}{
		{"nothing", func(_, _ *oci.Request) error { return nil }, "", ""},
		{"same value", func(f, _ *oci.Request) error { return f.Set("fileFormat", "config.xml") }, "", ""},
		{"value", func(f, _ *oci.Request) error { return f.Set("fileFormat", "a & b.xml") }, "  config.xml  ", "  a &amp; b.xml  "},
		{"inside", func(f, _ *oci.Request) error { return f.Set("sourceFileName", "type/x") }, "type/Phone/config.xml.template", "type/x"},
		{"new", func(f, _ *oci.Request) error { return f.Set("allowHttp", "true") },
			"x</macFormatInNonRequestURI>\r\n", "x</macFormatInNonRequestURI>\r\n\t\t<allowHttp>true</allowHttp>\r\n"},
		{"new, first of two", func(f, _ *oci.Request) error {
			if err := f.Set("fileSource", "Custom"); err != nil {
				return err
			}
			return f.Set("fileCategory", "Static")
		}, ".xml</remoteFileFormat>\r\n", ".xml</remoteFileFormat>\r\n\t\t<fileCategory>Static</fileCategory>\r\n\t\t<fileSource>Custom</fileSource>\r\n"},
		{"new, on one line", func(_, s *oci.Request) error { return s.Set("supportsPolycomPhoneServices", "false") },
			"Phone</deviceType></command>", "Phone</deviceType><supportsPolycomPhoneServices>false</supportsPolycomPhoneServices></command>"},
		{"gone", func(f, _ *oci.Request) error { return f.Unset("macFormatInNonRequestURI") },
			"\t\t<macFormatInNonRequestURI>x</macFormatInNonRequestURI>\r\n", ""},
		{"gone with what is around it", func(f, _ *oci.Request) error { return f.Unset("sourceFileName") },
			"\t\t<uploadFile>\r\n\t\t\t<sourceFileName>type/Phone/config.xml.template</sourceFileName>\r\n\t\t</uploadFile>\r\n", ""},
	} {
		doc, err := oci.Parse("f", []byte(ugly))
		require.NoError(t, err)
		require.NoError(t, tt.change(doc.Requests[0], doc.Requests[1]), tt.name)
		got, err := Apply([]byte(ugly), doc)
		require.NoError(t, err, tt.name)
		assert.Equal(t, strings.Replace(ugly, tt.old, tt.new, 1), string(got), tt.name)
	}
}

// TestApplyPorts changes a quantity, which is an element of its own.
func TestApplyPorts(t *testing.T) {
	src := "<BroadsoftDocument protocol=\"OCI\" xmlns=\"C\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n" +
		"  <command xsi:type=\"SystemSIPDeviceTypeAddRequest21\" xmlns=\"\">\n" +
		"    <numberOfPorts>\n      <quantity>1</quantity>\n    </numberOfPorts>\n" +
		"  </command>\n</BroadsoftDocument>\n"
	for value, want := range map[string]string{"12": "<quantity>12</quantity>", "unlimited": "<unlimited>true</unlimited>"} {
		doc, err := oci.Parse("f", []byte(src))
		require.NoError(t, err)
		require.NoError(t, doc.Requests[0].Set("numberOfPorts", value))
		require.NoError(t, doc.Requests[0].Set("deviceAccessURI", "x/"))
		got, err := Apply([]byte(src), doc)
		require.NoError(t, err)
		assert.Contains(t, string(got), "    <numberOfPorts>\n      "+want+"\n    </numberOfPorts>\n    <cpeDeviceOptions>")
	}
}

// TestApplyRequests adds and removes requests: the others keep their bytes.
func TestApplyRequests(t *testing.T) {
	const before = "<BroadsoftDocument protocol=\"OCI\" xmlns=\"C\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\r\n"
	const one = "\t<command xsi:type='A' xmlns=''><!-- one --><x >1</x></command>\r\n"
	const two = "\t<command xsi:type='B' xmlns=''>\r\n\t\t<y>2</y>\r\n\t</command>\r\n"
	const added = "\t<command xsi:type=\"B\" xmlns=\"\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\r\n\t\t<y>2</y>\r\n\t</command>\r\n"
	const after = "</BroadsoftDocument>\r\n"
	parse := func() *oci.Document {
		doc, err := oci.Parse("f", []byte(before+one+two+after))
		require.NoError(t, err)
		return doc
	}
	patch := func(doc *oci.Document) string {
		got, err := Apply([]byte(before+one+two+after), doc)
		require.NoError(t, err)
		return string(got)
	}
	doc := parse()
	doc.Requests = doc.Requests[:1]
	assert.Equal(t, before+one+after, patch(doc))
	doc = parse()
	doc.Requests = doc.Requests[1:]
	assert.Equal(t, before+two+after, patch(doc))
	doc = parse()
	doc.Requests = append(doc.Requests, Copy(doc.Requests[1]))
	assert.Equal(t, before+one+two+added+after, patch(doc))
	doc = parse()
	doc.Requests = []*oci.Request{doc.Requests[0], Copy(doc.Requests[1]), doc.Requests[1]}
	assert.Equal(t, before+one+added+two+after, patch(doc))
	doc = parse()
	doc.Requests[0].Type = "C"
	assert.Equal(t, before+strings.Replace(one, "'A'", "'C'", 1)+two+after, patch(doc))
	doc = parse()
	doc.Requests[0], doc.Requests[1] = doc.Requests[1], doc.Requests[0]
	_, err := Apply([]byte(before+one+two+after), doc)
	assert.ErrorContains(t, err, "was not read from there")
}

func TestApplyErrors(t *testing.T) {
	doc, err := oci.Parse("f", []byte(ugly))
	require.NoError(t, err)
	_, err = Apply([]byte(strings.Replace(ugly, "\t<command", "\t\t<command", 1)), doc)
	assert.ErrorContains(t, err, "was not read from there")
	_, err = Apply([]byte("<a>"), doc)
	assert.Error(t, err)
}

// FuzzPatch sets an element of whatever parses, and checks that what is written
// reads as what was set.
func FuzzPatch(f *testing.F) {
	f.Add([]byte(ugly), "fileFormat", "x")
	f.Add([]byte(ugly), "allowHttp", "true")
	f.Fuzz(func(t *testing.T, src []byte, name, value string) {
		doc, err := oci.Parse("f", src)
		if err != nil || len(doc.Requests) == 0 {
			return
		}
		same, err := Apply(src, doc)
		require.NoError(t, err)
		require.Equal(t, string(src), string(same))
		if doc.Requests[0].Set(name, value) != nil {
			return
		}
		got, err := Apply(src, doc)
		if err != nil {
			return
		}
		again, err := oci.Parse("f", got)
		require.NoError(t, err)
		want, _ := doc.Requests[0].Get(name)
		have, ok := again.Requests[0].Get(name)
		require.True(t, ok)
		require.Equal(t, want, have)
	})
}
