package xmlmerge

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/internal/xmltext"
)

// list returns the changes between two documents, a line for each.
func list(t testing.TB, old, new string) []string {
	t.Helper()
	m := Match(parse(t, old), parse(t, new))
	var lines []string
	for c := range m.Differences() {
		s := c.Kind.String()
		if c.Old != nil {
			s += " " + m.Path(c.Old)
		}
		if c.New != nil {
			s += " > " + m.Path(c.New)
		}
		if c.Attr != "" {
			s += " @" + c.Attr
		}
		if c.OldValue != "" || c.NewValue != "" {
			s += fmt.Sprintf(" %q %q", c.OldValue, c.NewValue)
		}
		lines = append(lines, s)

		// Spans lead to what the change is about.
		for _, side := range []struct {
			src  string
			span Span
			node *xmltext.Node
		}{{old, c.OldSpan, c.Old}, {new, c.NewSpan, c.New}} {
			text := side.src[side.span.Start:side.span.End]
			switch {
			case side.span == Span{}:
			case c.Attr != "":
				assert.True(t, strings.HasPrefix(text, c.Attr), text)
			case c.Kind == TextChanged && side.node.Kind == xmltext.Element:
				assert.Equal(t, side.src[side.node.OpenEnd:side.node.CloseStart], text)
			default:
				assert.True(t, strings.HasPrefix(text, "<"), text)
				assert.True(t, strings.HasSuffix(text, ">"), text)
			}
		}
	}
	return lines
}

func TestChanges(t *testing.T) {
	for name, tt := range map[string]struct {
		old, new string
		want     []string
	}{
		"the same": {`<a x="1"><b/>t</a>`, `<a x="1"><b/>t</a>`, nil},
		"only the form": {`<a x="1" y="2"><b>t &amp; u</b><c></c><!-- old --></a>`,
			"<?xml version='1.0'?>\r\n<!-- new -->\r\n<a  y='2' x='&#49;'>\r\n\t<b>\r\n\t<![CDATA[t & u]]> </b>\r\n\t<c/>\r\n</a>\r\n", nil},
		"lines of text":           {"<a>one two</a>", "<a>\n  one\n  two\n</a>", nil},
		"spaces of text":          {"<a>one two</a>", "<a>one  two</a>", []string{`text changed /a > /a "one two" "one  two"`}},
		"comment within text":     {"<a>one</a>", "<a>o<!-- -->ne</a>", nil},
		"white space that counts": {`<a xml:space="preserve"> x</a>`, `<a xml:space="preserve">x</a>`, []string{`text changed /a > /a " x" "x"`}},
		"attribute":               {`<a><b x="1" y="2"/></a>`, `<a><b x="3" z="4"/></a>`, []string{`attribute removed /a/b > /a/b @y "2" ""`, `attribute changed /a/b > /a/b @x "1" "3"`, `attribute added /a/b > /a/b @z "" "4"`}},
		"empty attribute":         {`<a x=""/>`, `<a/>`, []string{`attribute removed /a > /a @x`}},
		"text":                    {`<a><b>1</b></a>`, `<a><b>2</b></a>`, []string{`text changed /a/b > /a/b "1" "2"`}},
		"text and elements":       {`<a>x<b/></a>`, `<a><b/>x</a>`, []string{`text changed /a > /a "x<b/>" "<b/>x"`}},
		"text about a gone one":   {`<a>x<b/>y</a>`, `<a>x y</a>`, []string{`removed /a/b`}},
		"added":                   {`<a><b/></a>`, `<a><b/><c><d/></c></a>`, []string{`added > /a/c`}},
		"removed":                 {`<a><b/><c><d/></c></a>`, `<a><b/></a>`, []string{`removed /a/c`}},
		"in the middle of its kind": {`<a><i>1</i><i>2</i><i>3</i></a>`, `<a><i>1</i><i>3</i></a>`,
			[]string{`removed /a/i[2]`}},
		"by name":  {`<a><c name="x" p="1"/><c name="y" p="2"/></a>`, `<a><c name="y" p="3"/><c name="x" p="1"/></a>`, []string{`reordered /a/c[2] > /a/c[1]`, `attribute changed /a/c[2] > /a/c[1] @p "2" "3"`}},
		"another":  {`<a><c name="x" p="1"/></a>`, `<a><c name="y" p="1"/></a>`, []string{`removed /a/c`, `added > /a/c`}},
		"its type": {`<a><c name="x" type="1"/><c name="y" type="1"/></a>`, `<a><c name="x" type="2"/><c name="y" type="1"/></a>`, []string{`attribute changed /a/c[1] > /a/c[1] @type "1" "2"`}},
		"likest": {`<a><i p="1" q="1" r="1"/><i p="2" q="2" r="2"/></a>`, `<a><i p="2" q="2" r="3"/></a>`,
			[]string{`removed /a/i[1]`, `attribute changed /a/i[2] > /a/i @r "2" "3"`}},
		"moved":            {`<a><b><x v="1"/></b><c/></a>`, `<a><b/><c><x v="1"/></c></a>`, []string{`moved /a/b/x > /a/c/x`}},
		"wrapped":          {`<a><x v="%T%"><y/></x></a>`, `<a><w><x v="%T%"><y/></x></w></a>`, []string{`added > /a/w`, `moved /a/x > /a/w/x`}},
		"unwrapped":        {`<a><w><x v="%T%"><y/></x></w></a>`, `<a><x v="%T%"><y/></x></a>`, []string{`removed /a/w`, `moved /a/w/x > /a/x`}},
		"moved, edited":    {`<a><b><x v="%T%" u="%U%"><y/></x></b><c/></a>`, `<a><b/><c><x v="%T%" u="%U%" w="1"><y/></x></c></a>`, []string{`moved /a/b/x > /a/c/x`, `attribute added /a/b/x > /a/c/x @w`}},
		"renamed":          {`<a><old v="%T%" u="1"/><k/></a>`, `<a><new v="%T%" u="1"/><k/></a>`, []string{`renamed /a/old > /a/new "old" "new"`}},
		"other root":       {`<a><b/></a>`, `<z/>`, []string{`removed /a`, `added > /z`}},
		"renamed root":     {`<a><b v="1"/></a>`, `<z><b v="1"/></z>`, []string{`renamed /a > /z "a" "z"`}},
		"reordered":        {`<a><b/><c/><d/></a>`, `<a><c/><d/><b/></a>`, []string{`reordered /a/b > /a/b`}},
		"instruction":      {`<a><?p one?></a>`, `<a><?p two?></a>`, []string{`text changed /a/?p > /a/?p "one" "two"`}},
		"instruction, new": {`<a/>`, `<?p x?><a/>`, []string{`added > /?p`}},
		"codecs": {`<c><codec name="opus" priority="1.0"/><codec name="G722" priority="0.9"/></c>`, `<c><codec name="G722" priority="1.0"/><codec name="PCMU" priority="0.9"/></c>`,
			[]string{`removed /c/codec[1]`, `attribute changed /c/codec[2] > /c/codec[1] @priority "0.9" "1.0"`, `added > /c/codec[2]`}},
	} {
		t.Run(name, func(t *testing.T) {
			got := list(t, tt.old, tt.new)
			if !assert.Equal(t, len(tt.want), len(got), "%q", got) {
				return
			}
			for i := range got {
				assert.Contains(t, got[i], tt.want[i])
			}
		})
	}
}

// editOne changes one thing, and says what.
func editOne(n *testkit.Tree, r *rand.Rand) string {
	nodes := n.All()
	x := nodes[r.IntN(len(nodes))]
	switch k := r.IntN(5); {
	case k == 0 && len(x.Attrs) > 0:
		x.Attrs[0][1] = "edited"
		return "attribute"
	case k == 1 && len(x.Children) > 0:
		i := r.IntN(len(x.Children))
		x.Children = slices.Delete(x.Children, i, i+1)
		return "removed"
	case k == 2:
		i := r.IntN(len(x.Children) + 1)
		x.Children = slices.Insert(x.Children, i, &testkit.Tree{Name: "new", Text: "new"})
		return "added"
	case k == 3 && len(x.Children) > 1 && x.Children[0].Name != x.Children[1].Name:
		x.Children[0], x.Children[1] = x.Children[1], x.Children[0]
		return "reordered"
	}
	x.Text = "edited"
	return "text"
}

func TestProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		n := testkit.RandomTree(r, 4)
		one, two := n.XML(r), n.XML(r)
		require.Empty(t, list(t, one, one))
		require.Empty(t, list(t, one, two), "another form of the same\n%s\n%s", one, two)
		edited := n.Clone()
		what := editOne(edited, r)
		changes := list(t, one, edited.XML(r))
		require.NotEmpty(t, changes, "%s\n%s\n%s", what, one, edited.XML(r))
		if what != "removed" {
			assert.Contains(t, strings.Join(changes, "\n"), what)
		}
		other := testkit.RandomTree(r, 4)
		checkMatching(t, one, other.XML(r))
	}
}

// checkMatching checks what holds for any two documents.
func checkMatching(t testing.TB, old, new string) {
	m := Match(parse(t, old), parse(t, new))
	seen := make(map[*node]bool)
	changes := 0
	for range m.Differences() {
		changes++
	}
	m.new.walk(func(n *node) bool {
		if n.mate != nil {
			require.Same(t, n, n.mate.mate)
			require.False(t, seen[n.mate], "two mates")
			seen[n.mate] = true
		}
		return true
	})
	require.Equal(t, identical(m.old, m.new), changes == 0)
	m.old.walk(func(n *node) bool {
		if n.mate != nil {
			require.True(t, seen[n], "a mate that is in no document")
		}
		return true
	})
	for c := range m.Differences() {
		require.True(t, c.Old != nil || c.New != nil)
		break
	}
}

// TestMatchTime has inputs of many elements that are hard to tell apart.
func TestMatchTime(t *testing.T) {
	const n = 20000
	same := "<a>" + strings.Repeat("<i/>", n) + "</a>"
	numbered := func(format string) string {
		var b strings.Builder
		b.WriteString("<a>")
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		b.WriteString("</a>")
		return b.String()
	}
	for name, tt := range map[string][2]string{
		"all the same":     {same, same + "\n"},
		"one fewer":        {same, strings.Replace(same, "<i/>", "", 1)},
		"all differ":       {numbered("<i>%d</i>"), numbered("<i>x%d</i>")},
		"all names differ": {numbered("<i%d/>"), numbered("<j%d/>")},
		"all attributes":   {numbered(`<i a="%d" b="1"/>`), numbered(`<i a="x%d" b="1"/>`)},
		"names":            {numbered(`<i name="%d"/>`), numbered(`<i name="x%d"/>`)},
		"nested":           {numbered(`<i><j v="%d"><k/></j></i>`), numbered(`<l><j v="%d" w="1"><k/></j></l>`)},
		"fewer":            {numbered("<i>%d</i>"), "<a>" + strings.Repeat("<i>x</i>", n/2) + "</a>"},
	} {
		t.Run(name, func(t *testing.T) {
			m := Match(parse(t, tt[0]), parse(t, tt[1]))
			for c := range m.Differences() {
				if c.New != nil {
					m.Path(c.New)
				}
			}
		})
	}
}

func FuzzMatch(f *testing.F) {
	f.Add(`<a x="1"><b>t</b><c/></a>`, `<a><c/><b x="1">u</b></a>`)
	f.Add(`<a><w><x v="%T%"/></w></a>`, `<?p q?><a><x v="%T%" name="n"/>text</a>`)
	f.Fuzz(func(t *testing.T, old, new string) {
		if _, err := xmltext.Parse(old); err != nil {
			return
		}
		require.Empty(t, list(t, old, old))
		if _, err := xmltext.Parse(new); err != nil {
			return
		}
		checkMatching(t, old, new)
	})
}
