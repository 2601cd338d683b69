package edits_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/edits"
	"github.com/dtafgen/wxt/internal/xmlmerge"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
)

func sameMeaning(t testing.TB, want, got string) {
	t.Helper()
	a, err := xmltext.Parse(want)
	require.NoError(t, err)
	b, err := xmltext.Parse(got)
	require.NoError(t, err)
	for c := range xmlmerge.Match(a, b).Differences() {
		require.Fail(t, "not the same", "%s\n%s\n%s", c.Kind, want, got)
	}
}

func parseTemplate(t testing.TB, src string) *render.Template {
	t.Helper()
	tmpl, err := render.Parse("t.xml", []byte(src))
	require.NoError(t, err)
	return tmpl
}

// derive derives the edits, and checks that they do what they should.
func derive(t testing.TB, old, mine string) ([]render.Edit, error) {
	t.Helper()
	a := parseTemplate(t, old)
	list, err := edits.Derive(a, parseTemplate(t, mine))
	if err != nil {
		return nil, err
	}
	edited, err := a.Edit(list...)
	require.NoError(t, err, "%s\n%s", old, mine)
	sameMeaning(t, mine, edited.Source())
	return list, nil
}

func TestDerive(t *testing.T) {
	for _, tt := range []struct {
		name, old, mine string
		want            []render.Edit
	}{
		{"nothing", `<a x="1"/>`, "<a\n x='1'></a>", nil},
		{"attributes", `<a><b x="1" y="2"/><b/></a>`, `<a><b x="3" z="4"/><b/></a>`, []render.Edit{
			{Path: "a/b[1]", Op: render.RemoveAttr, Attr: "y"}, {Path: "a/b[1]", Op: render.SetAttr, Attr: "x", Value: "3"}, {Path: "a/b[1]", Op: render.SetAttr, Attr: "z", Value: "4"}}},
		{"text", `<a><b>1</b></a>`, `<a><b> R&amp;D </b></a>`, []render.Edit{{Path: "a/b", Op: render.SetText, Value: "R&D"}}},
		{"removed", `<a><b>1</b><b>2</b><b>3</b></a>`, `<a><b>2</b></a>`, []render.Edit{{Path: "a/b[3]", Op: render.Remove}, {Path: "a/b[1]", Op: render.Remove}}},
		{"inserted", `<a><m/></a>`, "<a><x/><m/><y>\n  <z/>\n</y><w/></a>", []render.Edit{
			{Path: "a/m", Op: render.InsertBefore, Value: "<x/>"},
			{Path: "a", Op: render.Insert, Value: "<y>\n  <z/>\n</y>"}, {Path: "a", Op: render.Insert, Value: "<w/>"}}},
		{"between", `<a><m/><n/></a>`, `<a><m/><x/><n/></a>`, []render.Edit{{Path: "a/m", Op: render.InsertAfter, Value: "<x/>"}}},
		{"named", `<a><c name="G729" p="1"/><c name="opus" p="2"/><c name="x"/></a>`, `<a><c name="G729" p="3"/><c name="opus" p="2"/></a>`, []render.Edit{
			{Path: "a/c[@name='G729']", Op: render.SetAttr, Attr: "p", Value: "3"}, {Path: "a/c[@name='x']", Op: render.Remove}}},
		{"named twice", `<a><c name="G729" p="1"/><c name="G729" p="2"/></a>`, `<a><c name="G729" p="3"/><c name="G729" p="2"/></a>`, []render.Edit{
			{Path: "a/c[1]", Op: render.SetAttr, Attr: "p", Value: "3"}}},
		{"moved", `<a><b><x v="1"/></b><c/></a>`, `<a><b/><c><x v="1"/></c></a>`, []render.Edit{
			{Path: "a/b/x", Op: render.Remove}, {Path: "a/c", Op: render.Insert, Value: `<x v="1"/>`}}},
		{"text and elements", `<a><b>x<c/></b></a>`, `<a><b>y<c/></b></a>`, []render.Edit{
			{Path: "a/b", Op: render.Remove}, {Path: "a", Op: render.Insert, Value: `<b>y<c/></b>`}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := derive(t, tt.old, tt.mine)
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
	for _, tt := range [][2]string{{`<a/>`, `<b/>`}, {`<a>x<b/></a>`, `<a>y<b/></a>`}, {`<?p 1?><a/>`, `<?p 2?><a/>`},
		{"<a/>", "<a>" + strings.Repeat("<b/>", 3000) + "</a>"}} {
		_, err := derive(t, tt[0], tt[1])
		assert.ErrorIs(t, err, edits.ErrNoEdits)
	}
	_, err := derive(t, "<a>", "<a/>")
	assert.ErrorContains(t, err, "not well-formed")
}

// randomXML writes a random element.
func randomXML(r *rand.Rand, depth int) string {
	name := string(rune('a' + r.IntN(5)))
	s := "<" + name
	for i := range r.IntN(3) {
		s += fmt.Sprintf(` %s="%d"`, []string{"v", "name"}[i], r.IntN(4))
	}
	s += ">"
	n := 0
	if depth > 0 {
		n = r.IntN(5)
	}
	if n == 0 {
		s += []string{"", "one", "two"}[r.IntN(3)]
	}
	for range n {
		s += []string{"", "\n  "}[r.IntN(2)] + randomXML(r, depth-1)
	}
	return s + "</" + name + ">"
}

func TestDeriveRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 400 {
		old := "<config>" + randomXML(r, 3) + randomXML(r, 3) + "</config>"
		mine := "<config>" + randomXML(r, 3) + randomXML(r, 3) + "</config>"
		if r.IntN(2) == 0 {
			// Much the same as the old one.
			mine = strings.Replace(old, []string{`"1"`, "one", "<b", "</c>"}[r.IntN(4)], []string{`"9"`, "x", "<b q='1'", "<n/></c>"}[r.IntN(4)], 1+r.IntN(3))
			if _, err := xmltext.Parse(mine); err != nil {
				continue
			}
		}
		if _, err := derive(t, old, mine); err != nil {
			require.ErrorIs(t, err, edits.ErrNoEdits)
			require.ErrorContains(t, err, "root element")
		}
	}
}

func FuzzDerive(f *testing.F) {
	f.Add(`<a x="1"><b>t</b><c/></a>`, `<a><c/><b x="1">u</b></a>`)
	f.Add(`<a><b/><n:b/></a>`, `<a><b/><n:b x="1"/></a>`)
	f.Fuzz(func(t *testing.T, old, mine string) {
		a, err := render.Parse("old", []byte(old))
		if err != nil {
			return
		}
		b, err := render.Parse("mine", []byte(mine))
		if err != nil {
			return
		}
		list, err := edits.Derive(a, b)
		if err != nil {
			return
		}
		edited, err := a.Edit(list...)
		require.NoError(t, err)
		sameMeaning(t, b.Source(), edited.Source())
	})
}
