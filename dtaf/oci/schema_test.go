package oci

import (
	"encoding/xml"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
)

// xsd is the OCI schema: where the declaration of each named type begins.
type xsd map[string]string

// An xsdNode is an element of the schema.
type xsdNode struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []xsdNode  `xml:",any"`
}

func (n xsdNode) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

var xsdType = regexp.MustCompile(`<xs:(?:complex|simple)Type name="(\w+)"`)

func readXSD(t *testing.T) xsd {
	t.Helper()
	types := make(xsd)
	err := filepath.WalkDir(testkit.Shared(t, "oci-schema"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".xsd" {
			return err
		}
		data, err := os.ReadFile(path)
		text := string(data)
		for _, m := range xsdType.FindAllStringSubmatchIndex(text, -1) {
			types[text[m[2]:m[3]]] = text[m[0]:]
		}
		return err
	})
	require.NoError(t, err)
	require.Greater(t, len(types), 1000)
	return types
}

func (x xsd) node(t *testing.T, name string) xsdNode {
	t.Helper()
	require.Contains(t, x, name)
	d := xml.NewDecoder(strings.NewReader(x[name]))
	var n xsdNode
	require.NoError(t, d.Decode(&n), name)
	return n
}

// elements writes the content of a type as lines, in the table's terms.
func (x xsd) elements(t *testing.T, n xsdNode, typeName string, choice int, choices *int, lines *[]string, simple map[string]xsdNode) {
	t.Helper()
	for _, c := range n.Children {
		switch kind := c.XMLName.Local; kind {
		case "annotation":
		case "complexContent", "extension", "sequence":
			assert.Empty(t, c.attr("minOccurs")+c.attr("maxOccurs"), typeName)
			x.elements(t, c, typeName, choice, choices, lines, simple)
		case "choice":
			require.Zero(t, choice, typeName)
			*choices++
			x.elements(t, c, typeName, *choices, choices, lines, simple)
		case "element":
			elementType := c.attr("type")
			if elementType == "" {
				elementType = typeName + "." + c.attr("name")
				for _, s := range c.Children {
					if s.XMLName.Local == "simpleType" {
						simple[elementType] = s
					}
				}
			}
			*lines = append(*lines, line(c.attr("name"), elementType, c.attr("minOccurs") == "0", c.attr("nillable") == "true",
				c.attr("maxOccurs") == "unbounded", choice, c.attr("default"), c.attr("fixed")))
		default:
			t.Errorf("%s: the table has no word for xs:%s", typeName, kind)
		}
	}
}

func line(name, typeName string, optional, nillable, unbounded bool, choice int, def, fixed string) string {
	return fmt.Sprintf("%s %s optional=%t nillable=%t unbounded=%t choice=%d default=%q fixed=%q", name, typeName, optional, nillable, unbounded, choice, def, fixed)
}

func tableLines(typ *Type) []string {
	var lines []string
	choice, last := 0, 0
	for _, p := range typ.parts {
		n := 0
		if p.choice != 0 {
			if p.choice != last {
				choice++
			}
			n = choice
		}
		last = p.choice
		lines = append(lines, line(p.name, p.typeName, p.optional, p.nillable, p.unbounded, n, p.def, p.fixed))
	}
	return lines
}

// TestTableIsTheSchema compares every type of the table with the OCI schema.
func TestTableIsTheSchema(t *testing.T) {
	schema := readXSD(t)
	m := model()
	inline := make(map[string]xsdNode)
	for _, types := range []map[string]*Type{m.requests, m.complex} {
		for name, typ := range types {
			var want []string
			schema.elements(t, schema.node(t, name), name, 0, new(int), &want, inline)
			if diff := cmp.Diff(want, tableLines(typ)); diff != "" {
				t.Errorf("%s (-schema +table):\n%s", name, diff)
			}
		}
	}
	for name, v := range m.simple {
		if strings.HasPrefix(name, "xs:") {
			continue
		}
		n, ok := inline[name]
		if !ok {
			n = schema.node(t, name)
		}
		assert.Equal(t, facets(t, name, n), tableFacets(v), name)
	}
	// Every version is there, and none that the schema does not have.
	for _, f := range m.families {
		var want, got []string
		for name := range schema {
			if version, ok := strings.CutPrefix(name, f.name); ok {
				if _, ok := sinceRelease(version); ok {
					want = append(want, name)
				}
			}
		}
		for _, typ := range f.types {
			got = append(got, typ.Name)
		}
		assert.ElementsMatch(t, want, got, f.name)
	}
	// A name that is one slip from a request's is no other request's.
	for name := range schema {
		if _, ok := m.requests[name]; !ok {
			assert.Empty(t, oneSlip(name, m.names), name)
		}
	}
}

func facets(t *testing.T, name string, n xsdNode) []string {
	t.Helper()
	var lines []string
	for _, r := range n.Children {
		switch r.XMLName.Local {
		case "annotation":
		case "restriction":
			lines = append(lines, "base "+r.attr("base"))
			for _, f := range r.Children {
				lines = append(lines, f.XMLName.Local+" "+f.attr("value"))
			}
		default:
			t.Errorf("%s: the table has no word for xs:%s", name, r.XMLName.Local)
		}
	}
	slices.Sort(lines[1:])
	return lines
}

func tableFacets(v ValueType) []string {
	lines := []string{"base " + v.Base}
	if v.MinLength > 0 {
		lines = append(lines, fmt.Sprint("minLength ", v.MinLength))
	}
	if v.MaxLength > 0 {
		lines = append(lines, fmt.Sprint("maxLength ", v.MaxLength))
	}
	if v.Base == "xs:int" {
		lines = append(lines, fmt.Sprint("minInclusive ", v.Min))
		if v.Max < 1<<31-1 {
			lines = append(lines, fmt.Sprint("maxInclusive ", v.Max))
		}
	}
	for _, e := range v.Enumeration {
		lines = append(lines, "enumeration "+e)
	}
	slices.Sort(lines[1:])
	return lines
}

func TestTableRefusals(t *testing.T) {
	for text, want := range map[string]string{
		"[[request]]\nname = 1":                                                                                               "incompatible types",
		"[[request]]\nnam = \"A\"":                                                                                            "unknown key",
		"[[request]]\nname = \"A\"\nversions = [\"x\"]":                                                                       "not a version",
		"[[request]]\nname = \"A\"\nversions = [\"21\", \"21\"]":                                                              "A21: described twice",
		"[[request]]\nname = \"A\"\nelements = [{name=\"e\", type=\"T\"}]":                                                    `unknown type "T"`,
		"[[request]]\nname = \"A\"\nelements = [{name=\"e\", type=\"T\", in = \"22\"}]":                                       `no versions "22"`,
		"[[complex]]\nname = \"A\"\nelements = [{name=\"e\", type=\"xs:int\"}, {name=\"e\", type=\"xs:int\"}]":                "described twice",
		"[[complex]]\nname = \"A\"\nversions = [\"22\", \"23\"]\nelements = [{name=\"e\", type=\"xs:int\", in = \"23..22\"}]": "no versions",
		"[simple]\nA = {base = \"xs:decimal\"}":                                                                               `unknown base "xs:decimal"`,
	} {
		_, err := readTable(text)
		assert.ErrorContains(t, err, want, text)
	}
}

func TestInVersions(t *testing.T) {
	versions := []string{"first", "14sp1", "16", "22", "22V2"}
	for in, want := range map[string][]bool{
		"":                 {true, true, true, true, true},
		"first":            {true, false, false, false, false},
		"..14sp1, 22..":    {true, true, false, true, true},
		"14sp1..16":        {false, true, true, false, false},
		"first, 16 , 22V2": {true, false, true, false, true},
	} {
		got, err := inVersions(in, versions)
		require.NoError(t, err)
		assert.Equal(t, want, got, in)
	}
}

func TestLeavesAreUnique(t *testing.T) {
	for _, name := range model().names {
		typ, _ := Lookup(name)
		seen := make(map[string]bool)
		for _, l := range typ.Leaves {
			assert.False(t, seen[l.Name], "%s: %s", typ.Name, l.Name)
			seen[l.Name] = true
		}
	}
}
