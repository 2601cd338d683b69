package edits_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/edits"
	"github.com/dtafgen/wxt/render"
)

func TestCarry(t *testing.T) {
	const old = `<a><b x="1" v="%T%"/><c>t</c><d/><l><i n="1"/><i n="2"/></l></a>`
	for _, tt := range []struct {
		name  string
		new   string
		edit  render.Edit
		state edits.State
		path  string // if it is another one
	}{
		{"applies", old, render.Edit{Path: "a/b", Op: render.SetAttr, Attr: "x", Value: "2"}, edits.Applies, ""},
		{"moved", `<a><c>t</c><d><b x="1" v="%T%"/></d></a>`, render.Edit{Path: "a/b", Op: render.SetAttr, Attr: "x", Value: "2"}, edits.Applies, "a/d/b"},
		{"one of several now", `<a><b x="1" v="%T%"/><b y="9"/></a>`, render.Edit{Path: "a/b", Op: render.SetAttr, Attr: "x", Value: "2"}, edits.Applies, "a/b[1]"},
		{"as wanted", `<a><b x="2" v="%T%"/></a>`, render.Edit{Path: "a/b", Op: render.SetAttr, Attr: "x", Value: "2"}, edits.NotNeeded, ""},
		{"changed", `<a><b x="3" v="%T%"/></a>`, render.Edit{Path: "a/b", Op: render.SetAttr, Attr: "x", Value: "2"}, edits.Changed, ""},
		{"attribute gone", `<a><b v="%T%"/></a>`, render.Edit{Path: "a/b", Op: render.SetAttr, Attr: "x", Value: "2"}, edits.Changed, ""},
		{"gone", `<a><bb q="1"/></a>`, render.Edit{Path: "a/b", Op: render.SetAttr, Attr: "x", Value: "2"}, edits.Gone, ""},
		{"attribute removed", `<a><b v="%T%"/></a>`, render.Edit{Path: "a/b", Op: render.RemoveAttr, Attr: "x"}, edits.NotNeeded, ""},
		{"attribute to remove changed", `<a><b x="2" v="%T%"/></a>`, render.Edit{Path: "a/b", Op: render.RemoveAttr, Attr: "x"}, edits.Changed, ""},
		{"text", `<a><c> u </c></a>`, render.Edit{Path: "a/c", Op: render.SetText, Value: "u"}, edits.NotNeeded, ""},
		{"text changed", `<a><c>w</c></a>`, render.Edit{Path: "a/c", Op: render.SetText, Value: "u"}, edits.Changed, ""},
		{"removed", `<a><c>t</c></a>`, render.Edit{Path: "a/d", Op: render.Remove}, edits.NotNeeded, ""},
		{"to remove, as it was", `<a><c>t</c><d></d></a>`, render.Edit{Path: "a/d", Op: render.Remove}, edits.Applies, ""},
		{"to remove, changed", `<a><c>t</c><d><e/></d></a>`, render.Edit{Path: "a/d", Op: render.Remove}, edits.Changed, ""},
		{"inserted", `<a><d><n y="1"/></d></a>`, render.Edit{Path: "a/d", Op: render.Insert, Value: "<n y='1'/>"}, edits.NotNeeded, ""},
		{"inserted otherwise", `<a><d><n y="2"/></d></a>`, render.Edit{Path: "a/d", Op: render.Insert, Value: "<n y='1'/>"}, edits.Changed, ""},
		{"inserted another", `<a><d><n name="2"/></d></a>`, render.Edit{Path: "a/d", Op: render.Insert, Value: "<n name='1'/>"}, edits.Applies, ""},
		{"inserted beside", `<a><n/><d/></a>`, render.Edit{Path: "a/d", Op: render.InsertAfter, Value: "<n/>"}, edits.NotNeeded, ""},
		{"all", old, render.Edit{Path: "//i", All: true, Op: render.SetAttr, Attr: "n", Value: "3"}, edits.Applies, ""},
		{"all as wanted", `<a><l><i n="3"/><i n="3"/></l></a>`, render.Edit{Path: "//i", All: true, Op: render.SetAttr, Attr: "n", Value: "3"}, edits.NotNeeded, ""},
		{"all gone", `<a><l/></a>`, render.Edit{Path: "//i", All: true, Op: render.SetAttr, Attr: "n", Value: "3"}, edits.Gone, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := edits.Carry(parseTemplate(t, old), parseTemplate(t, tt.new), tt.edit)
			require.NoError(t, err)
			assert.Equal(t, tt.state, c.State)
			if tt.path == "" {
				tt.path = tt.edit.Path
			}
			assert.Equal(t, tt.path, c.Edit.Path)
		})
	}
	c, err := edits.Carry(parseTemplate(t, `<a><call-pull x="1"/></a>`), parseTemplate(t, `<a><call-pul q="%A%"/></a>`), render.Edit{Path: "a/call-pull", Op: render.SetAttr, Attr: "x", Value: "2"})
	require.NoError(t, err)
	assert.Equal(t, edits.Gone, c.State)
	assert.Equal(t, "in a, did you mean call-pul?", c.Remedy)
	_, err = edits.Carry(parseTemplate(t, old), parseTemplate(t, old), render.Edit{Path: "a/none", Op: render.Remove})
	assert.Error(t, err)
	_, err = edits.Carry(parseTemplate(t, old), parseTemplate(t, "<a>"), render.Edit{Path: "a/b", Op: render.Remove})
	assert.Error(t, err)
}

func FuzzCarry(f *testing.F) {
	f.Add(`<a><b x="1"/></a>`, `<a><c><b x="2"/></c></a>`, "a/b", byte(1), "x", "v")
	f.Add(`<a><b/></a>`, `<a/>`, "a/b", byte(5), "", "<n/>")
	f.Fuzz(func(t *testing.T, old, new, path string, op byte, attr, value string) {
		a, err := render.Parse("old", []byte(old))
		if err != nil {
			return
		}
		b, err := render.Parse("new", []byte(new))
		if err != nil {
			return
		}
		e := render.Edit{Path: path, Op: render.Op(op%8) + 1, Attr: attr, Value: value, All: op >= 128}
		c, err := edits.Carry(a, b, e)
		if err != nil || c.State != edits.Applies {
			return
		}
		if _, err := a.Edit(e); err == nil && e.Op < render.Insert && e.Op != render.SetText {
			_, err := b.Edit(c.Edit)
			require.NoError(t, err)
		}
	})
}
