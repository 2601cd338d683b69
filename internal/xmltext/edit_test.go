package xmltext

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/text"
)

// find returns the first element with a name.
func find(t testing.TB, doc *Document, name string) *Node {
	t.Helper()
	var walk func(n *Node) *Node
	walk = func(n *Node) *Node {
		if n.Name == name {
			return n
		}
		for c := range n.Elements() {
			if found := walk(c); found != nil {
				return found
			}
		}
		return nil
	}
	n := walk(doc.Root)
	require.NotNil(t, n, name)
	return n
}

func TestEdits(t *testing.T) {
	setAttr := func(name, value string) func(string, *Node) []text.Splice {
		return func(src string, n *Node) []text.Splice { return SetAttr(src, n, name, value) }
	}
	setText := func(value string) func(string, *Node) []text.Splice {
		return func(src string, n *Node) []text.Splice {
			s, err := SetText(src, n, value)
			require.NoError(t, err)
			return s
		}
	}
	removeAttr := func(name string) func(string, *Node) []text.Splice {
		return func(_ string, n *Node) []text.Splice { return RemoveAttr(n, name) }
	}
	remove := func(src string, n *Node) []text.Splice { return []text.Splice{Remove(src, n)} }
	insert := func(xml string) func(string, *Node) []text.Splice {
		return func(src string, n *Node) []text.Splice { return []text.Splice{InsertLast(src, n, xml)} }
	}
	first := func(xml string) func(string, *Node) []text.Splice {
		return func(src string, n *Node) []text.Splice { return []text.Splice{InsertAfter(src, n, nil, xml)} }
	}
	for _, tt := range []struct {
		name, src string
		edit      func(string, *Node) []text.Splice
		want      string
	}{
		{"attr", `<r><x a="1" b='2'/></r>`, setAttr("b", `it's "3" & <4>`), `<r><x a="1" b='it&apos;s "3" &amp; &lt;4&gt;'/></r>`},
		{"attr, same", `<r><x a="&#49;"/></r>`, setAttr("a", "1"), `<r><x a="&#49;"/></r>`},
		{"attr, new", `<r><x/></r>`, setAttr("a", "1"), `<r><x a="1"/></r>`},
		{"attr, new, space", `<r><x /></r>`, setAttr("a", "1"), `<r><x a="1" /></r>`},
		{"attr, new behind another", `<r><x b='2'></x></r>`, setAttr("a", "1"), `<r><x b='2' a='1'></x></r>`},
		{"attr, new on its line", "<r><x\n  a='1'\n  b='2'\n/></r>", setAttr("c", "3"), "<r><x\n  a='1'\n  b='2'\n  c='3'\n/></r>"},
		{"no attr", `<r><x a="1"  b="2"/></r>`, removeAttr("b"), `<r><x a="1"/></r>`},
		{"no first attr", `<r><x  a="1" b="2" /></r>`, removeAttr("a"), `<r><x b="2" /></r>`},
		{"no such attr", `<r><x a="1"/></r>`, removeAttr("b"), `<r><x a="1"/></r>`},
		{"text", `<r><x>1</x></r>`, setText("2<"), `<r><x>2&lt;</x></r>`},
		{"text, same", `<r><x> &#49; </x></r>`, setText("1"), `<r><x> &#49; </x></r>`},
		{"text, spaces stay", "<r><x>\r\n\t1 2\r\n</x></r>", setText("3"), "<r><x>\r\n\t3\r\n</x></r>"},
		{"text, none", `<r><x></x></r>`, setText("2"), `<r><x>2</x></r>`},
		{"text, blank", `<r><x>  </x></r>`, setText("2"), `<r><x>2</x></r>`},
		{"text, to nothing", `<r><x>1</x></r>`, setText(""), `<r><x></x></r>`},
		{"text, self-closing", `<r><x a="1" /></r>`, setText("2"), `<r><x a="1">2</x></r>`},
		{"text, self-closing, to nothing", `<r><x/></r>`, setText(""), `<r><x/></r>`},
		{"text, CDATA", `<r><x><![CDATA[1]]></x></r>`, setText("a]]>&b"), `<r><x><![CDATA[a]]]]><![CDATA[>&b]]></x></r>`},
		{"text, several", `<r><x>1<!-- c -->2<![CDATA[3]]></x></r>`, setText("4"), `<r><x>4<!-- c --></x></r>`},
		{"text, comment alone", `<r><x><!-- c --></x></r>`, setText("4"), `<r><x>4<!-- c --></x></r>`},
		{"remove", `<r><a/><x>1</x><b/></r>`, remove, `<r><a/><b/></r>`},
		{"remove the line", "<r>\r\n  <a/>\r\n  <x>\r\n  </x> \r\n  <b/>\r\n</r>", remove, "<r>\r\n  <a/>\r\n  <b/>\r\n</r>"},
		{"remove, not alone", "<r>\n  <x/> <b/>\n</r>", remove, "<r>\n   <b/>\n</r>"},
		{"insert", "<r>\n  <x>\n    <a/>\n  </x>\n</r>", insert("<b/>"), "<r>\n  <x>\n    <a/>\n    <b/>\n  </x>\n</r>"},
		{"insert, CRLF and tabs", "<r>\r\n\t<x>\r\n\t\t<a/>\r\n\t</x>\r\n</r>", insert("<b/>"), "<r>\r\n\t<x>\r\n\t\t<a/>\r\n\t\t<b/>\r\n\t</x>\r\n</r>"},
		{"insert, inline", "<r><x><a/></x></r>", insert("<b/>"), "<r><x><a/><b/></x></r>"},
		{"insert behind a comment", "<r>\n  <x>\n    <a/>\n    <!-- c -->\n  </x>\n</r>", insert("<b/>"), "<r>\n  <x>\n    <a/>\n    <!-- c -->\n    <b/>\n  </x>\n</r>"},
		{"insert into a self-closing one", "<r>\n   <x a='1' />\n</r>", insert("<b/>"), "<r>\n   <x a='1'>\n      <b/>\n   </x>\n</r>"},
		{"insert into an empty one", "<r>\n  <x></x>\n</r>", insert("<b/>"), "<r>\n  <x>\n    <b/>\n  </x>\n</r>"},
		{"insert into a blank one", "<r>\n  <x>\n  </x>\n</r>", insert("<b/>"), "<r>\n  <x>\n    <b/>\n  </x>\n</r>"},
		{"insert behind text", "<r><x>text</x></r>", insert("<b/>"), "<r><x>text<b/></x></r>"},
		{"insert into the root", "<x/>", insert("<b/>"), "<x>\n  <b/>\n</x>"},
		{"first", "<r>\n  <x>\n    <a/>\n  </x>\n</r>", first("<b/>"), "<r>\n  <x>\n    <b/>\n    <a/>\n  </x>\n</r>"},
		{"first, inline", "<r><x><a/></x></r>", first("<b/>"), "<r><x><b/><a/></x></r>"},
	} {
		doc, err := Parse(tt.src)
		require.NoError(t, err, tt.name)
		got, err := text.Apply(tt.src, tt.edit(tt.src, find(t, doc, "x")))
		require.NoError(t, err, tt.name)
		assert.Equal(t, tt.want, got, tt.name)
		if tt.name != "remove" {
			_, err = Parse(got)
			assert.NoError(t, err, tt.name)
		}
	}
	doc, err := Parse("<x><a/></x>")
	require.NoError(t, err)
	_, err = SetText(doc.Src, doc.Root, "1")
	assert.ErrorContains(t, err, "has elements inside")
}

func TestCheckText(t *testing.T) {
	assert.NoError(t, CheckText("a\t\r\né\uFFFD"))
	for _, s := range []string{"\x00", "a\x1b", "\uFFFE", "\xff"} {
		assert.Error(t, CheckText(s), "%q", s)
	}
}

// FuzzEdits makes an edit of each kind and checks that the result is well-formed
// and that nothing outside of the splices has changed.
func FuzzEdits(f *testing.F) {
	f.Add("<r>\r\n\t<x a='1'>t<!-- c --><![CDATA[d]]></x>\r\n</r>", uint8(1), "v&<>\"'")
	f.Add("<r/>", uint8(0), "]]>")
	f.Add("<a><b/>\n<c>\n </c></a>", uint8(2), "é")
	f.Fuzz(func(t *testing.T, src string, pick uint8, value string) {
		doc, err := Parse(src)
		if err != nil || CheckText(value) != nil {
			return
		}
		var all []*Node
		var walk func(n *Node)
		walk = func(n *Node) {
			all = append(all, n)
			for c := range n.Elements() {
				walk(c)
			}
		}
		walk(doc.Root)
		n := all[int(pick)%len(all)]
		edits := [][]text.Splice{
			SetAttr(src, n, "zz", value),
			{InsertLast(src, n, "<zz/>")},
			{InsertAfter(src, n, nil, "<zz/>")},
		}
		for i := range n.Attrs {
			edits = append(edits, SetAttr(src, n, n.Attrs[i].Name, value), RemoveAttr(n, n.Attrs[i].Name))
		}
		if s, err := SetText(src, n, value); err == nil {
			edits = append(edits, s)
		}
		if n != doc.Root {
			edits = append(edits, []text.Splice{Remove(src, n)})
		}
		for _, splices := range edits {
			got, err := text.Apply(src, splices)
			require.NoError(t, err)
			_, err = Parse(got)
			require.NoError(t, err, "%q from %q", got, src)
			if len(splices) == 1 {
				s := splices[0]
				require.True(t, strings.HasPrefix(got, src[:s.Start]) && strings.HasSuffix(got, src[s.End:]))
			}
		}
	})
}
