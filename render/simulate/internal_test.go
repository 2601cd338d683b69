package simulate

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
)

// withTemplate returns a simulation of another template, in an encoding.
func withTemplate(t testing.TB, encoding, template string) *Simulation {
	t.Helper()
	parsed, err := render.Parse("t.xml", []byte(template))
	require.NoError(t, err)
	s, err := New(Config{Template: parsed, Encoding: encoding, Values: map[string]string{"SBC_PORT_WXT": "5060"}})
	require.NoError(t, err)
	return s
}

func TestPreviewOfAnyTemplate(t *testing.T) {
	for _, tt := range []struct{ name, encoding, template, value, want string }{
		{"well", "UTF-8", "<a>%BWX-1%</a>", "é", ""},
		{"error 1507", "ISO-8859-1", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>%BWX-1%</a>", "José",
			"t.xml:2:4: error: BWX-1 has a character outside of ASCII, and the file is in ISO-8859-1 while its XML declaration says UTF-8: the app can't parse it (error 1507) [WXT021]"},
		{"error 1507 by the template", "ISO-8859-1", "<!-- é --><a>%BWX-1%</a>", "x",
			"t.xml:1:6: error: the template has a character outside of ASCII, and the file is in ISO-8859-1 while its XML declaration says UTF-8: the app can't parse it (error 1507) [WXT021]"},
		{"declared otherwise, in ASCII", "ISO-8859-1", "<a>%BWX-1%</a>", "x", ""},
		{"template lacks", "ISO-8859-1", "<a>€%BWX-1%</a>", "x",
			"t.xml:1:4: error: the template has the character '€', which ISO-8859-1 lacks: the app gets a question mark [WXT021]"},
		{"template lacks at its end", "ISO-8859-1", "<a>%BWX-1%</a><!-- € -->", "x",
			"t.xml:1:20: error: the template has the character '€', which ISO-8859-1 lacks: the app gets a question mark [WXT021]"},
		{"template broken before", "UTF-8", "<a>\n<b>%BWX-1%</a>", "x", "t.xml:2:11: error: the file is not well-formed"},
		{"template broken after", "UTF-8", "<a>%BWX-1%\n\n & </a>", "longer than its tag's name", "t.xml:3:2: error: the file is not well-formed"},
		{"comment", "UTF-8", "<a><!-- %BWX-1% --></a>", "x--y", "t.xml:1:9: error: BWX-1: the value has --"},
		{"name", "UTF-8", "<a %BWX-1%='1'/>", "1", "t.xml:1:4: error: BWX-1: the file is not well-formed"},
		{"outside", "UTF-8", "<a/>%BWX-1%", "x", "t.xml:1:5: error: BWX-1: the file is not well-formed"},
		{"undefined", "UTF-8", "<a>%VENDOR_WXT%%BWX-1%</a>", "x", "t.xml:1:4: error: VENDOR_WXT has no value: it stays in the file as it is [WXT061]"},
	} {
		s := withTemplate(t, tt.encoding, tt.template)
		fs := s.Preview(&Subscriber{Tags: map[string]string{"BWX-1": tt.value}}).Findings
		if tt.want == "" {
			assert.Empty(t, fs, tt.name)
			continue
		}
		require.NotEmpty(t, fs, tt.name)
		assert.True(t, strings.HasPrefix(fs[0].String(), tt.want), "%s: %v", tt.name, fs[0])
	}
}

// TestBulkIsPreviewOfAnyTemplate has values in every kind of place: a rendering
// of many reports an error wherever a preview does, and gives the same text.
func TestBulkIsPreviewOfAnyTemplate(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	parts := []string{"%BWX-1%", "<b c=\"%BWX-1%\"/>", "<b c='%BWX-1%%BWY-1%'/>", "<!--%BWX-1%-->", "<![CDATA[%BWY-1%]]>", "<?p %BWX-1%?>", "<b %BWY-1%='1'/>",
		"%VENDOR%", "%SBC_PORT_WXT%", "é", "&amp;", "<b>", "text\\\"\n"}
	values := []string{"", "x", "é", "€", "&", "<", ">", "'", `"`, "-", "--", "x-", "]]>", "?>", "]", "\uFFFE", "%", "\t", "\\", "x y", "%BWY-1%"}
	for range 400 {
		var template strings.Builder
		template.WriteString([]string{"", "<?xml version='1.0'?>", "<?xml version='1.0' encoding='ISO-8859-1'?>"}[rnd.IntN(3)] + "<a>")
		for range rnd.IntN(5) {
			template.WriteString(parts[rnd.IntN(len(parts))])
		}
		template.WriteString("</a>" + []string{"", "%BWX-1%"}[rnd.IntN(10)/9])
		s := withTemplate(t, []string{"UTF-8", "ISO-8859-1"}[rnd.IntN(2)], template.String())
		var in, out bytes.Buffer
		var subs []*Subscriber
		in.WriteString("BWX-1,BWY-1,VENDOR,SBC_PORT_WXT\n")
		for range 4 {
			sub := &Subscriber{Tags: map[string]string{}}
			for i, name := range []string{"BWX-1", "BWY-1", "VENDOR", "SBC_PORT_WXT"} {
				v := values[rnd.IntN(len(values))]
				sub.Tags[name] = v
				fmt.Fprintf(&in, "%s\"%s\"", []string{"", ","}[min(i, 1)], strings.ReplaceAll(v, `"`, `""`))
			}
			in.WriteString("\n")
			subs = append(subs, sub)
		}
		var shared, own int
		err := WriteNDJSON(&out, func(yield func(Rendered, error) bool) {
			for r, err := range s.Render(t.Context(), ReadCSV(&in, ReadOptions{}), ForNDJSON(), WithWorkers(1)) {
				for _, f := range r.Findings {
					if f.Severity == schema.Error && f.File == "t.xml" {
						shared++
					} else if f.Severity == schema.Error {
						own++
					}
				}
				if !yield(r, err) {
					return
				}
			}
		})
		if err != nil { // The template has no place for a column.
			require.ErrorContains(t, err, "unknown tag VENDOR")
			continue
		}
		want, errs := "", 0
		for i, sub := range subs {
			p := s.Preview(sub)
			errs += p.Findings.Count(schema.Error)
			text, _ := encodeReplacing(p.charset, p.trace.Text)
			want += string(appendLine(nil, fmt.Sprintf("%07d", i+1), text))
		}
		require.Equal(t, want, out.String(), template.String())
		require.LessOrEqual(t, own, errs)
		require.Equal(t, errs > 0, shared+own > 0 || errs == 0 && shared > 0, "%s %v: %d errors, told %d and %d", template.String(), subs, errs, shared, own)
	}
}

func TestExampleValues(t *testing.T) {
	for name, want := range map[string]string{
		"BWE164-1": "+15555550101", "BWE164-12": "+15555550112", "BWHOST-1": "example.com", "BWLINEPORT-3": "example-user-3",
		"BWFQDEVICEID": "example-sp.example-group.example-device", "BWSOMETHING-2": "example-something-2", "BWSOMETHING": "example-something",
	} {
		assert.Equal(t, want, exampleValue(name))
	}
	for base := range examples() {
		assert.True(t, tagname.IsSystem(base))
	}
}

func TestMerge(t *testing.T) {
	s := withTemplate(t, "UTF-8", "<a>%A%%B%</a>")
	base := &Subscriber{Tags: map[string]string{"A": "1", "%b%": "1"}}
	sub := &Subscriber{ID: "x", Tags: map[string]string{"B": "2"}}
	before := maps.Clone(base.Tags)
	assert.Equal(t, map[string]string{"A": "1", "B": "2"}, s.merge(sub, base).Tags)
	assert.Equal(t, before, base.Tags)
}
