package xmlpath

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/xmltext"
)

func TestFind(t *testing.T) {
	doc, err := xmltext.Parse(`<a><calls><pull on="1"/><pull on="2"/><hold/></calls><b>text</b></a>`)
	require.NoError(t, err)
	for _, tt := range []struct {
		path   string
		found  []string
		reason string
		remedy string
	}{
		{path: "a/calls/pull", found: []string{`<pull on="1"/>`, `<pull on="2"/>`}},
		{path: "//pull[@on='2']", found: []string{`<pull on="2"/>`}},
		{path: "//b[text()='text']", found: []string{"<b>text</b>"}},
		{path: "a/calls/pul", reason: "the template has no a/calls/pul", remedy: "in a/calls, did you mean pull?"},
		{path: "a/calls/hold/zzz", reason: "the template has no a/calls/hold/zzz", remedy: "a/calls/hold has no elements inside"},
		{path: "a/zzzzzz", reason: "the template has no a/zzzzzz", remedy: "a has calls, b"},
		{path: "//zzz", reason: "the template has no //zzz"},
		{path: "a/calls/@on", reason: "the template has no a/calls/@on", remedy: `name only the element, path = "a/calls", and put the attribute into attr = "on"`},
		{path: "", reason: "the path is empty"},
		{path: "a[", reason: "the path is not one of etree's: path has invalid filter [brackets]."},
	} {
		nodes, err := Find(doc, tt.path)
		if tt.reason != "" {
			var not *Error
			require.ErrorAs(t, err, &not, tt.path)
			assert.Equal(t, Error{Reason: tt.reason, Remedy: tt.remedy}, *not, tt.path)
			continue
		}
		require.NoError(t, err, tt.path)
		var found []string
		for _, n := range nodes {
			found = append(found, doc.Src[n.Start:n.End])
		}
		assert.Equal(t, tt.found, found, tt.path)
	}
}

// etreeFind is Find as etree does it.
func etreeFind(doc *xmltext.Document, path string) []*xmltext.Node {
	compiled, err := etree.CompilePath(path)
	if err != nil {
		return nil
	}
	d := etree.NewDocument()
	nodes := make(map[*etree.Element]*xmltext.Node)
	var add func(parent *etree.Element, n *xmltext.Node)
	add = func(parent *etree.Element, n *xmltext.Node) {
		e := parent.CreateElement(n.Name)
		nodes[e] = n
		for _, a := range n.Attrs {
			e.CreateAttr(a.Name, a.Value)
		}
		if text := n.Text(); text != "" {
			e.SetText(text)
		}
		for c := range n.Elements() {
			add(e, c)
		}
	}
	add(&d.Element, doc.Root)
	var found []*xmltext.Node
	for _, e := range d.FindElementsPath(compiled) {
		if n := nodes[e]; n != nil {
			found = append(found, n)
		}
	}
	slices.SortFunc(found, func(a, b *xmltext.Node) int { return a.Start - b.Start })
	return found
}

// TestAgrees compares random paths through random documents with etree.
func TestAgrees(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	names := []string{"a", "b", "p:a", "c"}
	var element func(depth int) string
	element = func(depth int) string {
		name := names[r.IntN(len(names))]
		var b strings.Builder
		b.WriteString("<" + name)
		for _, a := range []string{"x", "p:x", "xmlns", "xmlns:p"} {
			if r.IntN(4) == 0 {
				fmt.Fprintf(&b, ` %s="%d"`, a, r.IntN(2))
			}
		}
		b.WriteString(">")
		if r.IntN(2) == 0 {
			fmt.Fprint(&b, r.IntN(3))
		}
		if depth > 0 {
			for range r.IntN(4) {
				b.WriteString(element(depth - 1))
			}
		}
		return b.String() + "</" + name + ">"
	}
	selectors := []string{"a", "b", "p:a", "c", "*", ".", "..", "", ""}
	filters := []string{"[1]", "[2]", "[-1]", "[0]", "[-5]", "[@x]", "[@x='1']", `[@p:x="0"]`, "[@xmlns]", "[a]", "[p:a]", "[b='1']", "[text()]", "[text()='2']",
		"[local-name()='a']", "[name()='p:a']", "[namespace-prefix()]", "[namespace-prefix()='p']", "[namespace-uri()]", "[namespace-uri()='1']", "[a='/']"}
	some := 0
	for range 4000 {
		doc, err := xmltext.Parse(element(4))
		require.NoError(t, err)
		var path strings.Builder
		for i := range 1 + r.IntN(5) {
			if i > 0 || r.IntN(3) == 0 {
				path.WriteString("/")
			}
			path.WriteString(selectors[r.IntN(len(selectors))])
			for range r.IntN(3) {
				path.WriteString(filters[r.IntN(len(filters))])
			}
		}
		if path.Len() == 0 {
			continue
		}
		want := etreeFind(doc, path.String())
		got, err := Find(doc, path.String())
		if len(want) == 0 {
			require.Error(t, err, "%s in %s", &path, doc.Src)
			continue
		}
		some++
		require.NoError(t, err, "%s in %s", &path, doc.Src)
		require.Equal(t, len(want), len(got), "%s in %s", &path, doc.Src)
		for i := range want {
			require.Same(t, want[i], got[i], "%s in %s", &path, doc.Src)
		}
	}
	require.Greater(t, some, 300)
}

func FuzzFind(f *testing.F) {
	f.Add("<a><b x='1'>t</b></a>", "//b[@x='1']")
	f.Add("<a><b/><b/></a>", "a/b[2]/..//*[text()]")
	f.Add("<a/>", "////////////////////")
	f.Fuzz(func(t *testing.T, src, path string) {
		doc, err := xmltext.Parse(src)
		if err != nil || path == "" || len(src) > 1000 || strings.Count(path, "/") > 6 {
			return
		}
		got, err := Find(doc, path)
		if want := etreeFind(doc, path); err == nil || len(want) > 0 {
			require.Equal(t, want, got, "%q", path)
		}
	})
}

// TestSteps checks that the steps of a path are in proportion to the document and to
// the path, however often its elements are reached.
func TestSteps(t *testing.T) {
	const depth = 60
	nested, err := xmltext.Parse(strings.Repeat("<a>", depth) + strings.Repeat("</a>", depth))
	require.NoError(t, err)
	wide, err := xmltext.Parse("<a>" + strings.Repeat("<a/>", 5000) + "</a>")
	require.NoError(t, err)
	for path, most := range map[string]int{
		"//a//a//a//a//a":              16 * depth,
		strings.Repeat("/", 40):        41 * (depth + 1),
		strings.Repeat("//a/..", 20):   61 * 2 * depth,
		strings.Repeat("//*", 20) + "": 41 * 2 * depth,
	} {
		var steps Steps
		_, _ = FindWithin(nested, path, &steps)
		require.LessOrEqual(t, steps.Taken, most, path)
	}
	var steps Steps
	found, err := FindWithin(wide, "//a", &steps)
	require.NoError(t, err)
	require.Len(t, found, 5001)
	require.LessOrEqual(t, steps.Taken, 3*5001+3)

	steps = Steps{Limit: 1000}
	_, err = FindWithin(wide, "//a", &steps)
	var over *Error
	require.ErrorAs(t, err, &over)
	require.Equal(t, 1000, over.Limit)
	require.Equal(t, 1001, steps.Taken)
	// Filters of all that is inside are counted too.
	steps = Steps{Limit: 1000}
	_, err = FindWithin(nested, "//[a]//[a]", &steps)
	require.ErrorAs(t, err, &over)
	require.Equal(t, 1000, over.Limit)
}
