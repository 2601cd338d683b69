package render_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/render"
)

// vendor returns a template as ugly as those that are passed around.
func vendor(t testing.TB) []byte {
	data, err := os.ReadFile(filepath.Join("testdata", "edit", "vendor.template"))
	require.NoError(t, err)
	return data
}

// TestEdit pins, for every kind of edit, the lines that differ.
func TestEdit(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit render.Edit
	}{
		{"set-attr", render.Edit{Path: "config/services/calls/call-pull", Op: render.SetAttr, Attr: "enabled", Value: "false"}},
		{"set-attr-escaped", render.Edit{Path: "config/services/calls/call-pull", Op: render.SetAttr, Attr: "enabled", Value: `a'b"&<é€`}},
		{"add-attr", render.Edit{Path: "config/protocols/sip/proxy", Op: render.SetAttr, Attr: "secure", Value: "%USE_TLS_WXT%"}},
		{"add-attr-own-line", render.Edit{Path: "//broadworks-anywhere", Op: render.SetAttr, Attr: "new", Value: "1"}},
		{"remove-attr", render.Edit{Path: "config/protocols/sip/proxy", Op: render.RemoveAttr, Attr: "port"}},
		{"set-text", render.Edit{Path: "//preferred-port", Op: render.SetText, Value: "5070"}},
		{"set-text-cdata", render.Edit{Path: "//note", Op: render.SetText, Value: "a < b"}},
		{"set-text-self-closing", render.Edit{Path: "//empty", Op: render.SetText, Value: "x & y"}},
		{"set-attr-all", render.Edit{Path: "//audio//codec", All: true, Op: render.SetAttr, Attr: "payload", Value: "1"}},
		{"remove", render.Edit{Path: "//call-pull", Op: render.Remove}},
		{"remove-tree", render.Edit{Path: "config/services/calls/audio", Op: render.Remove}},
		{"remove-all", render.Edit{Path: "//audio/codecs/codec", All: true, Op: render.Remove}},
		{"insert", render.Edit{Path: "config/services/calls", Op: render.Insert, Value: `<call-waiting enabled="%ENABLE_CALL_WAITING_WXT%"/>`}},
		{"insert-into-empty", render.Edit{Path: "//empty", Op: render.Insert, Value: "<a/><!-- b -->"}},
		{"by-attribute", render.Edit{Path: "//codec[@name='PCMA']", Op: render.SetAttr, Attr: "priority", Value: ".1"}},
		{"by-number", render.Edit{Path: "//audio/codecs/codec[2]", Op: render.SetAttr, Attr: "priority", Value: ".2"}},
	} {
		tmpl, err := render.Parse("vendor.template", vendor(t))
		require.NoError(t, err)
		edited, err := tmpl.Edit(tt.edit)
		var out string
		if err != nil {
			out = err.Error() + "\n"
		} else {
			out = testkit.LineDiff(tmpl.Source(), edited.Source())
			back, err := edited.Encode(edited.Source())
			require.NoError(t, err, tt.name)
			_, err = render.Parse("again", back)
			require.NoError(t, err, tt.name)
		}
		testkit.Golden(t, "edit/"+tt.name+".diff", out)
	}
}

func TestEditErrors(t *testing.T) {
	for _, tt := range []struct {
		edit           render.Edit
		part           string
		reason, remedy string
	}{
		{render.Edit{Path: "config/services/calls/call-pul", Op: render.Remove}, "path", "the template has no config/services/calls/call-pul", "in config/services/calls, did you mean call-pull?"},
		{render.Edit{Path: "config/services/nothing-like-it", Op: render.Remove}, "path", "has no", "config/services has calls"},
		{render.Edit{Path: "konfig", Op: render.Remove}, "path", "has no", "in the document, did you mean config?"},
		{render.Edit{Path: "config/protocols/sip/proxy/x", Op: render.Remove}, "path", "has no", "has no elements inside"},
		{render.Edit{Path: "//codec", Op: render.Remove}, "path", "matches 6 elements", "codec[1], or say all = true"},
		{render.Edit{Path: "config[", Op: render.Remove}, "path", "not one of etree's", ""},
		{render.Edit{Path: "//codec/@name", Op: render.Remove}, "path", "has no //codec/@name", `attr = "name"`},
		{render.Edit{Path: "", Op: render.Remove}, "path", "the path is empty", ""},
		{render.Edit{Path: ".", Op: render.Remove}, "path", "has no .", ""},
		{render.Edit{Path: "config", Op: render.Remove}, "path", "the root element can't be removed", ""},
		{render.Edit{Path: "config", Op: render.SetText, Value: "x"}, "path", "has elements inside", "edit one"},
		{render.Edit{Path: "//proxy", Op: render.RemoveAttr, Attr: "prt"}, "attr", "has no attribute prt", "did you mean port?"},
		{render.Edit{Path: "//proxy", Op: render.SetAttr, Attr: "a b", Value: "x"}, "attr", "can't be the name", ""},
		{render.Edit{Path: "//proxy", Op: render.SetAttr, Attr: "", Value: "x"}, "attr", "can't be the name", ""},
		{render.Edit{Path: "//proxy", Op: render.SetAttr, Attr: "a", Value: "\x01"}, "value", "U+0001", ""},
		{render.Edit{Path: "//proxy", Op: render.Insert, Value: "<a>"}, "value", "not well-formed", ""},
		{render.Edit{Path: "//proxy", Op: render.Insert, Value: "</a><a>"}, "value", "well-formed", ""},
		{render.Edit{Path: "//proxy", Op: render.Insert}, "value", "nothing to insert", ""},
		{render.Edit{Path: "//proxy"}, "path", "does nothing", ""},
	} {
		tmpl, err := render.Parse("vendor.template", vendor(t))
		require.NoError(t, err)
		_, err = tmpl.Edit(render.Edit{Path: "//proxy", Op: render.SetAttr, Attr: "port", Value: "1"}, tt.edit)
		var ee *render.EditError
		if !assert.ErrorAs(t, err, &ee, "%+v", tt.edit) {
			continue
		}
		assert.Equal(t, 1, ee.Index)
		assert.Equal(t, tt.part, ee.Part, "%+v", tt.edit)
		assert.Contains(t, ee.Reason, tt.reason)
		assert.Contains(t, ee.Remedy, tt.remedy)
	}
	tmpl := parse(t, "<a><b></a>")
	_, err := tmpl.Edit(render.Edit{Path: "a", Op: render.SetText, Value: "x"})
	assert.ErrorContains(t, err, "t.xml:1:7: not well-formed XML")
}

// TestEditsInOrder checks that an edit sees what those before it left.
func TestEditsInOrder(t *testing.T) {
	tmpl := parse(t, "<a>\n\t<b/>\n</a>")
	edited, err := tmpl.Edit(
		render.Edit{Path: "a/b", Op: render.Insert, Value: "<c d='%X%'/>"},
		render.Edit{Path: "a/b/c", Op: render.SetAttr, Attr: "e", Value: "1"},
		render.Edit{Path: "//c", Op: render.RemoveAttr, Attr: "d"},
	)
	require.NoError(t, err)
	assert.Equal(t, "<a>\n\t<b>\n\t\t<c e='1'/>\n\t</b>\n</a>", edited.Source())
	assert.Empty(t, edited.Tags())
	assert.Equal(t, "t.xml", edited.File())
	same, err := tmpl.Edit()
	require.NoError(t, err)
	assert.Same(t, tmpl, same)
}

func ExampleTemplate_Edit() {
	t, err := render.Parse("vendor.template", []byte("<calls>\r\n\t<call-pull enabled='%ENABLE_CALL_PULL_WXT%'/>\r\n</calls>\r\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	edited, err := t.Edit(
		render.Edit{Path: "calls/call-pull", Op: render.SetAttr, Attr: "enabled", Value: "false"},
		render.Edit{Path: "calls", Op: render.Insert, Value: `<call-waiting enabled="true"/>`},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%q\n", edited.Source())
	// Output: "<calls>\r\n\t<call-pull enabled='false'/>\r\n\t<call-waiting enabled=\"true\"/>\r\n</calls>\r\n"
}
