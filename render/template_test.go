package render_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
)

func parse(t testing.TB, text string) *render.Template {
	t.Helper()
	tmpl, err := render.Parse("t.xml", []byte(text))
	require.NoError(t, err)
	return tmpl
}

func TestPlaceholders(t *testing.T) {
	tmpl := parse(t, "<?xml version=\"1.0\"?>\r\n<a b=\"%A%\" c='x%B%'>é%C% 50% <!-- %A% -->\n\t<![CDATA[%D%]]><%E%/></a>%F%")
	want := []render.Placeholder{
		{Name: "A", Offset: 29, Position: schema.Position{File: "t.xml", Line: 2, Column: 7}, Context: render.Attribute, Quote: '"'},
		{Name: "B", Offset: 38, Position: schema.Position{File: "t.xml", Line: 2, Column: 16}, Context: render.Attribute, Quote: '\''},
		{Name: "C", Offset: 45, Position: schema.Position{File: "t.xml", Line: 2, Column: 22}, Context: render.Text},
		{Name: "A", Offset: 58, Position: schema.Position{File: "t.xml", Line: 2, Column: 35}, Context: render.Comment},
		{Name: "D", Offset: 76, Position: schema.Position{File: "t.xml", Line: 3, Column: 11}, Context: render.CDATA},
		{Name: "E", Offset: 83, Position: schema.Position{File: "t.xml", Line: 3, Column: 18}, Context: render.Text},
		{Name: "F", Offset: 92, Position: schema.Position{File: "t.xml", Line: 3, Column: 27}},
	}
	got := tmpl.Placeholders()
	assert.Empty(t, cmp.Diff(want, got))
	assert.Equal(t, []string{"A", "B", "C", "D", "E", "F"}, tmpl.Tags())
	for _, p := range got {
		assert.True(t, strings.HasPrefix(tmpl.Source()[p.Offset:], "%"+p.Name+"%"))
	}
}

func TestExecute(t *testing.T) {
	values := render.Map(map[string]string{"A": `a&<>"'é--]]>`, "EMPTY": "", "B": "b"})
	for _, tt := range []struct{ text, raw, escaped, ascii string }{
		{"plain %A%", `plain a&<>"'é--]]>`, `plain a&<>"'é--]]>`, `plain a&<>"'é--]]>`},
		{"<x>%B%%EMPTY%|%NONE%</x>", "<x>b|%NONE%</x>", "<x>b|%NONE%</x>", "<x>b|%NONE%</x>"},
		{"<x>%A%</x>", `<x>a&<>"'é--]]></x>`, `<x>a&amp;&lt;&gt;"'é--]]&gt;</x>`, `<x>a&amp;&lt;&gt;"'&#233;--]]&gt;</x>`},
		{`<x y="%A%"/>`, `<x y="a&<>"'é--]]>"/>`, `<x y="a&amp;&lt;&gt;&quot;'é--]]&gt;"/>`, `<x y="a&amp;&lt;&gt;&quot;'&#233;--]]&gt;"/>`},
		{`<x y='%A%'/>`, `<x y='a&<>"'é--]]>'/>`, `<x y='a&amp;&lt;&gt;"&apos;é--]]&gt;'/>`, `<x y='a&amp;&lt;&gt;"&apos;&#233;--]]&gt;'/>`},
		{"<x><!--%A%--></x>", `<x><!--a&<>"'é--]]>--></x>`, `<x><!--a&<>"'é- -]]>--></x>`, `<x><!--a&<>"'é- -]]>--></x>`},
		{"<x><![CDATA[%A%]]></x>", `<x><![CDATA[a&<>"'é--]]>]]></x>`, `<x><![CDATA[a&<>"'é--]]]]><![CDATA[>]]></x>`, `<x><![CDATA[a&<>"'é--]]]]><![CDATA[>]]></x>`},
		{"", "", "", ""},
		{"%%B%%", "%b%", "%b%", "%b%"},
	} {
		tmpl := parse(t, tt.text)
		for s, want := range map[render.Substitution]string{render.Raw: tt.raw, render.Escaped: tt.escaped, render.EscapedASCII: tt.ascii} {
			assert.Equal(t, "> "+want, string(tmpl.Append([]byte("> "), values, s)), "%s %d", tt.text, s)
		}
	}
}

// TestEscapedIsWellFormed puts every kind of value into every kind of place.
func TestEscapedIsWellFormed(t *testing.T) {
	tmpl := parse(t, `<?xml version="1.0"?><a b="%V%" c='%V%'>%V%<![CDATA[%V%]]><!-- %V% -->%V%</a>`)
	for _, v := range []string{"", "x", "&", "<", ">", `"`, "'", "--", "---", "----", "-", "]]>", "]]", "]]]>>", "&amp;", "%V%", "é", "\U0001F600", "a<b>&\"'--]]>", "x]]>y]]>z"} {
		for _, s := range []render.Substitution{render.Escaped, render.EscapedASCII} {
			out := string(tmpl.Append(nil, render.Map(map[string]string{"V": v}), s))
			doc, err := xmltext.Parse(out)
			if !assert.NoError(t, err, "%q: %s", v, out) {
				continue
			}
			for _, name := range []string{"b", "c"} {
				a, _ := doc.Root.Attr(name)
				assert.Equal(t, v, a.Value)
			}
			assert.Equal(t, v+v+v, doc.Root.Text())
		}
	}
}

// TestBreaksXML compares what is said to break XML with what does.
func TestBreaksXML(t *testing.T) {
	for _, text := range []string{`<a b="%V%"/>`, `<a b='%V%'/>`, `<a>%V%</a>`, `<a><![CDATA[%V%]]></a>`, `<a><!-- %V% --></a>`} {
		tmpl := parse(t, text)
		for _, v := range []string{"", "x", "a b", "a&b", "<", ">", `"`, "'", "--", "]]>", "?>", "=", "/", "&amp;", "a&lt;b&#38;&#x26;", "&;", "&#;", "&#x;", "&bogus;", "&amp", "&#0;", "&amp;&"} {
			_, err := xmltext.Parse(string(tmpl.Append(nil, render.Map(map[string]string{"V": v}), render.Raw)))
			assert.Equal(t, err != nil, tmpl.Placeholders()[0].BreaksXML(v) != "", "%s %q", text, v)
		}
	}
	// What ends an instruction early leaves the rest of it as text.
	assert.Equal(t, "?>", parse(t, `<a><?p %V%?></a>`).Placeholders()[0].BreaksXML("x?>"))
	assert.Equal(t, " ", parse(t, `<a b%V%="c"/>`).Placeholders()[0].BreaksXML("x y"))
	assert.Empty(t, parse(t, `{"a": "%V%"}`).Placeholders()[0].BreaksXML("<&>"))
}

func TestEncodings(t *testing.T) {
	for _, data := range []string{
		"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9%A%</a>",
		"\xEF\xBB\xBF<a>%A%</a>",
		"\xFF\xFE<\x00a\x00/\x00>\x00",
	} {
		tmpl, err := render.Parse("f", []byte(data))
		require.NoError(t, err)
		back, err := tmpl.Encode(tmpl.Source())
		require.NoError(t, err)
		assert.Equal(t, data, string(back))
	}
	_, err := render.Parse("f.template", []byte("\xE9"))
	assert.ErrorContains(t, err, "f.template:1:1: the byte 0xE9")
	var re *render.Error
	assert.ErrorAs(t, err, &re)
}

// TestAllocations checks that executing into a buffer with room allocates nothing.
func TestAllocations(t *testing.T) {
	tmpl := parse(t, string(vendor(t)))
	resolver := func(name string) (string, bool) { return name, name != "BWLINEPORT-1" }
	buf := make([]byte, 0, 1<<16)
	for _, s := range []render.Substitution{render.Raw, render.Escaped} {
		assert.Zero(t, testing.AllocsPerRun(100, func() { buf = tmpl.Append(buf[:0], resolver, s) }))
	}
	assert.Equal(t, tmpl.Source(), string(tmpl.Append(nil, nil, render.Raw)))
}

func TestConcurrentUse(t *testing.T) {
	tmpl := parse(t, "<a>%A%</a>")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			v := fmt.Sprint(i)
			for range 100 {
				assert.Equal(t, "<a>"+v+"</a>", string(tmpl.Append(nil, render.Map(map[string]string{"A": v}), render.Escaped)))
			}
		})
	}
	wg.Wait()
}

// TestBind checks for random templates and values that binding first and
// executing then is the same as executing.
func TestBind(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	words := []string{"%A%", "%B%", "%C%", "%D%", "%", "%%", "<x a=\"", "\">", "</x>", "<!--", "-->", "text", "'", " ", "<![CDATA[", "]]>", "é"}
	values := []string{"", "1", "%A%", "%", "<&>\"'", "--", "]]>", "A%B"}
	for range 2000 {
		var text strings.Builder
		for range rnd.IntN(20) {
			text.WriteString(words[rnd.IntN(len(words))])
		}
		first, second, both := map[string]string{}, map[string]string{}, map[string]string{}
		for _, name := range []string{"A", "B", "C", "D"} {
			v := values[rnd.IntN(len(values))]
			switch rnd.IntN(3) {
			case 0:
				first[name], both[name] = v, v
			case 1:
				second[name], both[name] = v, v
			}
		}
		s := render.Substitution(rnd.IntN(3))
		tmpl := parse(t, text.String())
		want := string(tmpl.Append(nil, render.Map(both), s))
		bound := tmpl.Bind(render.Map(first), s)
		require.Equal(t, want, string(bound.Append(nil, render.Map(second), s)), "%q", text.String())
		for _, p := range bound.Placeholders() {
			require.True(t, strings.HasPrefix(bound.Source()[p.Offset:], "%"+p.Name+"%"))
			require.NotContains(t, first, p.Name)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "%A%", "<a b='%A%'>%B%</a>", "%%A%%", "<!-- %A%", "\xEF\xBB\xBF<a/>%A%", "100% %A", "<?xml version='1.0' encoding='ISO-8859-1'?>\xE9"} {
		f.Add([]byte(s), "v")
	}
	f.Fuzz(func(t *testing.T, data []byte, value string) {
		tmpl, err := render.Parse("f", data)
		if err != nil {
			return
		}
		same := string(tmpl.Append(nil, func(string) (string, bool) { return "", false }, render.Raw))
		require.Equal(t, tmpl.Source(), same)
		back, err := tmpl.Encode(same)
		require.NoError(t, err)
		require.Equal(t, data, back)
		last := -1
		for _, p := range tmpl.Placeholders() {
			require.Greater(t, p.Offset, last)
			last = p.Offset
			require.True(t, strings.HasPrefix(tmpl.Source()[p.Offset:], "%"+p.Name+"%"))
			require.NotZero(t, p.Position.Line)
			p.BreaksXML(value)
		}
		all := func(string) (string, bool) { return value, true }
		for s := render.Raw; s <= render.EscapedASCII; s++ {
			require.Equal(t, string(tmpl.Append(nil, all, s)), tmpl.Bind(all, s).Source())
		}
	})
}
