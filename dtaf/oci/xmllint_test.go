package oci

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/schema"
)

// agree compares what Check says of documents with what the schema says.
func agree(t *testing.T, documents [][]byte) (valid, invalid int) {
	t.Helper()
	takes, _ := testkit.OCISchema(t, documents)
	for i, want := range takes {
		var got schema.Findings
		d, err := Parse("x", documents[i])
		if err == nil {
			got = d.Check()
			err = got.Err()
		}
		if want != (err == nil) {
			t.Errorf("the schema takes it: %t, but we say %v (%v):\n%s", want, err, got, documents[i])
		}
		if want {
			valid++
		} else {
			invalid++
		}
	}
	return valid, invalid
}

// A maker makes valid requests, and spoils them.
type maker struct{ *rand.Rand }

func (m maker) request(typ *Type, optional float64) *Request {
	return &Request{Type: typ.Name, Elements: m.elements(typ, optional)}
}

func (m maker) elements(typ *Type, optional float64) []*Element {
	var list []*Element
	chosen := make(map[int]int)
	for _, p := range typ.parts {
		if p.choice != 0 {
			chosen[p.choice]++
		}
	}
	pick := make(map[int]int)
	for _, choice := range slices.Sorted(maps.Keys(chosen)) {
		pick[choice] = m.IntN(chosen[choice])
	}
	at := make(map[int]int)
	for _, p := range typ.parts {
		if p.choice != 0 {
			at[p.choice]++
			if at[p.choice]-1 != pick[p.choice] {
				continue
			}
		}
		if p.optional && m.Float64() >= optional {
			continue
		}
		times := 1
		if p.unbounded {
			times += m.IntN(3)
		}
		for range times {
			e := &Element{Name: p.name}
			if p.complex != nil {
				e.Children = m.elements(p.complex, optional)
			} else {
				e.Value = m.value(p)
			}
			list = append(list, e)
		}
	}
	return list
}

func (m maker) value(p *part) string {
	v := p.simple
	switch {
	case p.fixed != "":
		return p.fixed
	case len(v.Enumeration) > 0:
		return v.Enumeration[m.IntN(len(v.Enumeration))]
	}
	switch v.Base {
	case "xs:boolean":
		return []string{"true", "false", "1", "0", " true\n"}[m.IntN(5)]
	case "xs:int":
		return fmt.Sprint(max(v.Min, 1) + m.Int64N(1000))
	case "xs:base64Binary":
		return []string{"", "QQ==", "QUI=", "QUJD", "QU JD\nQQ=="}[m.IntN(5)]
	}
	n := 1 + m.IntN(20)
	if v.MaxLength > 0 {
		n = min([]int{1, v.MaxLength, 1 + m.IntN(v.MaxLength)}[m.IntN(3)], v.MaxLength)
	}
	letters := []rune("aZ0%-<&>'\"éß漢𝄞")
	s := make([]rune, n)
	for i := range s {
		s[i] = letters[m.IntN(len(letters))]
	}
	return string(s)
}

// wrongs are values that many elements do not take, and some do.
var wrongs = []string{
	"", " ", "\n", "true", "TRUE", "True", "1", "0", "01", "yes", " false ", "+1", "-1", "-0", "+0", "007", "65535", "65536",
	"2147483647", "2147483648", "-2147483648", "99999999999999999999999999", "1.0", "1e3", "0x1", " 5 ", "5 5", "++5", "+", "-",
	strings.Repeat("x", 30), strings.Repeat("x", 31), strings.Repeat("é", 40), strings.Repeat("é", 41), strings.Repeat("𝄞", 256),
	strings.Repeat("𝄞", 257), strings.Repeat(" x", 40), strings.Repeat("x  ", 41), strings.Repeat("x", 400), "a  b", "\ta", "a\r",
	"unlimited", "Https", "https", " Https ", "System And Custom", "System  And\nCustom", "System and Custom", "\u00A0", "\u00A0x",
	"QQ==", "QQ=", "QR==", "QUJ=", "QQ==QQ==", "Q Q = =", "====", "QUJD\n", "Q-JD", "Q",
}

// spoil changes one thing at random. What comes out may still be valid.
func (m maker) spoil(r *Request) string {
	var places []*[]*Element
	var visit func(list *[]*Element)
	visit = func(list *[]*Element) {
		if len(*list) > 0 {
			places = append(places, list)
		}
		for _, e := range *list {
			visit(&e.Children)
		}
	}
	visit(&r.Elements)
	if len(places) == 0 {
		r.Elements = append(r.Elements, &Element{Name: "deviceType", Value: "x"})
		return "add"
	}
	list := places[m.IntN(len(places))]
	i := m.IntN(len(*list))
	e := (*list)[i]
	switch k := m.IntN(18); k {
	case 0, 1:
		*list = slices.Delete(*list, i, i+1)
		return "drop"
	case 2:
		twin := *e
		twin.Children = slices.Clone(e.Children)
		*list = slices.Insert(*list, m.IntN(len(*list)+1), &twin)
		return "double"
	case 3, 4:
		j := min(i+1, len(*list)-1)
		(*list)[i], (*list)[j] = (*list)[j], (*list)[i]
		return "swap"
	case 5:
		*list = slices.Delete(*list, i, i+1)
		*list = slices.Insert(*list, m.IntN(len(*list)+1), e)
		return "move"
	case 6:
		at := m.IntN(len(e.Name))
		e.Name = e.Name[:at] + "x" + e.Name[at+1:]
		return "misspell"
	case 7:
		*list = slices.Insert(*list, i, &Element{Name: "macInCert", Value: "true"})
		return "insert"
	case 8:
		e.Nil = true
		return "nil with a value"
	case 9:
		e.Nil, e.Value, e.Children = true, "", nil
		return "nil"
	case 10:
		e.Attrs = append(e.Attrs, []Attr{{"xsi:nil", "false"}, {"xsi:nil", "maybe"}, {"other", "1"}, {"xsi:type", "AccessDeviceType"}}[m.IntN(4)])
		return "attribute"
	case 11:
		e.Children = append(e.Children, &Element{Name: []string{"quantity", "unlimited", "deviceType"}[m.IntN(3)], Value: "1"})
		return "child"
	case 12:
		e.Value, e.Children = []string{"", " ", "text"}[m.IntN(3)], nil
		return "empty"
	default:
		var values []*Element
		for _, x := range r.Elements {
			for y := range x.All() {
				if len(y.Children) == 0 {
					values = append(values, y)
				}
			}
		}
		if len(values) == 0 {
			return "nothing"
		}
		values[m.IntN(len(values))].Value = wrongs[m.IntN(len(wrongs))]
		return "value"
	}
}

// TestMutationsAgree spoils valid requests of every version, and expects us and
// the schema to refuse the same ones.
func TestMutationsAgree(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(20261101, 4))}
	var documents [][]byte
	for _, name := range model().names {
		typ, _ := Lookup(name)
		for _, optional := range []float64{0, 0.5, 1} {
			documents = append(documents, (&Document{Requests: []*Request{m.request(typ, optional)}}).Bytes())
		}
	}
	whole := len(documents)
	for range 7 {
		for _, name := range model().names {
			typ, _ := Lookup(name)
			r := m.request(typ, 0.7)
			m.spoil(r)
			if m.IntN(8) == 0 {
				m.spoil(r)
			}
			documents = append(documents, (&Document{Requests: []*Request{r}}).Bytes())
		}
	}
	for _, d := range documents[:whole] {
		parsed, err := Parse("x", d)
		require.NoError(t, err)
		assert.NoError(t, parsed.Check().Err(), "%s", d)
	}
	valid, invalid := agree(t, documents)
	t.Logf("%d documents: %d valid, %d not", len(documents), valid, invalid)
	assert.Greater(t, valid-whole, 50)
	assert.Greater(t, invalid, 400)
}

// TestValuesAgree does the same for every value of a list with every type.
func TestValuesAgree(t *testing.T) {
	seen := make(map[string]bool)
	m := maker{rand.New(rand.NewPCG(1, 2))}
	var documents [][]byte
	for _, name := range model().names {
		typ, _ := Lookup(name)
		for _, l := range typ.Leaves {
			v := l.Type
			key := fmt.Sprint(v.Base, v.MinLength, v.MaxLength, v.Min, v.Max, len(v.Enumeration), l.Default, l.Fixed, l.Nillable)
			if seen[key] || l.Type.Unlimited {
				continue
			}
			seen[key] = true
			for _, v := range append(wrongs, l.Type.Enumeration...) {
				if l.Type.Base == "xs:base64Binary" && strings.Trim(v, "Q= \n") == v {
					continue // libxml2 takes anything that has no letter of base64 ahead of it
				}
				r := m.request(typ, 1)
				e := r.Find(l.Name)
				if e == nil {
					// Another one of its choice was made.
					_ = r.Set(l.Name, "true")
					if e = r.Find(l.Name); e == nil {
						continue
					}
				}
				e.Value = v
				documents = append(documents, (&Document{Requests: []*Request{r}}).Bytes())
			}
		}
	}
	valid, invalid := agree(t, documents)
	t.Logf("%d documents: %d valid, %d not", len(documents), valid, invalid)
	assert.Greater(t, valid, 200)
	assert.Greater(t, invalid, 500)
}

// TestDocumentsAgree is about what stands around the elements.
func TestDocumentsAgree(t *testing.T) {
	const rebuild = "SystemCPEConfigRebuildConfigFileRequest"
	command := func(attrs, content string) string { return "<command " + attrs + ">" + content + "</command>" }
	ok := command(`xsi:type="`+rebuild+`"`, "")
	modify := func(content string) string {
		return command(`xsi:type="SystemDeviceManagementTagModifyRequest"`, "<tagSetName>a</tagSetName><tagName>b</tagName>"+content)
	}
	var documents [][]byte
	for _, content := range []string{
		ok,
		"",
		strings.Repeat(ok, 15),
		"text" + ok,
		" <!-- comment --> " + ok + "<?pi?>",
		command("", ""),
		command(`xsi:type=""`, ""),
		command(`xsi:type="`+rebuild+`99"`, ""),
		command(`xsi:type="`+rebuild+`x"`, ""),
		command(`xsi:type="`+rebuild[1:]+`"`, ""),
		command(`xsi:type="c:`+rebuild+`" xmlns:c="C"`, ""),
		command(`xsi:type=" `+rebuild+`"`, ""),
		command(`xsi:type="c:SuccessResponse" xmlns:c="C"`, ""),
		command(`xsi:type="`+rebuild+`" echo="1" requestLocale="de"`, ""),
		command(`xsi:type="`+rebuild+`" foo="1"`, ""),
		command(`xsi:type="`+rebuild+`" xsi:nil="false"`, ""),
		command(`xsi:type="`+rebuild+`" xsi:schemaLocation="a b"`, "<!-- c --> <?pi?>"),
		command(`xsi:type="`+rebuild+`"`, "<!-- c -->text"),
		command(`xsi:type="`+rebuild+`"`, "<deviceType>a<!-- c -->b<![CDATA[c]]></deviceType>"),
		command(`xsi:type="`+rebuild+`"`, `<deviceType xml:lang="en">a</deviceType>`),
		command(`xsi:type="`+rebuild+`"`, `<deviceType xsi:type="AccessDeviceType">a</deviceType>`),
		command(`xsi:type="`+rebuild+`"`, `<deviceType xsi:type="xs:token">a</deviceType>`),
		command(`xsi:type="`+rebuild+`" xmlns:p="urn:p"`, `<p:deviceType>a</p:deviceType>`),
		modify(`<tagValue xsi:nil=" true "/>`),
		modify(`<tagValue xsi:nil="1"></tagValue>`),
		modify(`<tagValue xsi:nil="true"> </tagValue>`),
		modify(`<tagValue xsi:nil="true"><!-- c --></tagValue>`),
		modify(`<tagValue xsi:nil="0">x</tagValue>`),
		modify(`<tagValue xsi:nil="0"/>`),
		modify(`<tagValue/><tagValueToEncrypt/>`),
		"<sessionId>x</sessionId>" + ok,
		"<sessionId/>" + ok,
		"<sessionId>x</sessionId><sessionId>x</sessionId>" + ok,
		"<sessionId>x</sessionId>" + strings.Repeat(ok, 16),
		"<sessionId>x</sessionId><trackingId>1</trackingId>" + ok,
		"<sessionId>x</sessionId><trackingId/>" + ok,
		"<sessionId>x</sessionId><trackingId>1</trackingId><trackingId>1</trackingId>" + ok,
		"<trackingId>1</trackingId><sessionId>x</sessionId>" + ok,
		"<sessionId>x</sessionId><userId>1</userId>" + ok,
		"<sessionId>x</sessionId><trackngId>1</trackngId>" + ok,
		"<sessionId>x</sessionId>" + ok + "<trackingId>1</trackingId>",
		"<sessionId a='1'>x</sessionId>" + ok,
		"<sessionId><x/></sessionId>" + ok,
	} {
		documents = append(documents, []byte(`<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`+content+"</BroadsoftDocument>"))
	}
	documents = append(documents,
		[]byte(strings.Replace(string(documents[0]), `"OCI"`, `"NSOCI"`, 1)),
		[]byte(strings.Replace(string(documents[0]), `"OCI"`, `"XOCI"`, 1)),
		[]byte(strings.Replace(string(documents[0]), `xmlns:xsi`, `other="1" xmlns:xsi`, 1)))
	agree(t, documents)
}
