package xmlmerge

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/internal/xmltext"
)

func parse(t testing.TB, src string) *xmltext.Document {
	t.Helper()
	d, err := xmltext.Parse(src, xmltext.MaxNodes(1_000_000))
	require.NoError(t, err, src)
	return d
}

func merge(t testing.TB, old, new, mine string, o Options) (string, []*Change) {
	t.Helper()
	text, changes, err := Merge(parse(t, old), parse(t, new), parse(t, mine), o)
	require.NoError(t, err, "\nold:  %s\nnew:  %s\nmine: %s", old, new, mine)
	return text, changes
}

func all(c Choice) Options { return Options{Choose: func(string) Choice { return c }} }

func show(s *string) string {
	if s == nil {
		return "-"
	}
	return fmt.Sprintf("%q", *s)
}

func lines(changes []*Change) []string {
	var list []string
	for _, c := range changes {
		s := map[Outcome]string{Carried: "carried", Present: "present", Conflict: "CONFLICT"}[c.Outcome]
		s += fmt.Sprintf(" %s %s %s %s %s", c.Kind, c.Path, show(c.Old), show(c.Mine), show(c.New))
		if len(c.Within) > 0 {
			s += fmt.Sprintf(" %q", c.Within)
		}
		list = append(list, s)
	}
	return list
}

func TestMerge(t *testing.T) {
	for _, tt := range []struct {
		name, old, new, mine string
		text                 string // with open conflicts
		ours                 string // with all conflicts decided for mine, where that is another text
		changes              []string
	}{
		{"attribute", `<a><b x="1"/></a>`, "<a>\n\t<b  y='9' x='1' />\n</a>", `<a><b x="2"/></a>`,
			"<a>\n\t<b  y='9' x='2' />\n</a>", "", []string{`carried attribute a/b/@x "1" "2" "1"`}},
		{"attribute, added and removed", `<a><b x="1" z="1"/></a>`, `<a><b x='1' z='1'/></a>`, `<a><b y="2" z="1"/></a>`,
			`<a><b z='1' y='2'/></a>`, "", []string{`carried attribute a/b/@x "1" - "1"`, `carried attribute a/b/@y - "2" -`}},
		{"attribute, there already", `<a><b x="1"/></a>`, `<a><b x='2'/></a>`, `<a><b x="2"/></a>`,
			`<a><b x='2'/></a>`, "", []string{`present attribute a/b/@x "1" "2" "2"`}},
		{"attribute, conflict", `<a><b x="1"/></a>`, `<a><b x='3'/></a>`, `<a><b x="2"/></a>`,
			`<a><b x='3'/></a>`, `<a><b x='2'/></a>`, []string{`CONFLICT attribute a/b/@x "1" "2" "3"`}},
		{"attribute of what moved", `<a><b><s v="%T%" x="1"/></b><c/></a>`, `<a><b/><c><s v="%T%" x="1"/></c></a>`, `<a><b><s v="%T%" x="2"/></b><c/></a>`,
			`<a><b/><c><s v="%T%" x="2"/></c></a>`, "", []string{`carried attribute a/c/s/@x "1" "2" "1"`}},
		{"text", `<a><b>1</b></a>`, "<a>\r\n  <b> 1 <!-- n --></b>\r\n</a>", `<a><b>R&amp;D</b></a>`,
			"<a>\r\n  <b> R&amp;D <!-- n --></b>\r\n</a>", "", []string{`carried text a/b "1" "R&D" "1"`}},
		{"text, conflict", `<a><b>1</b></a>`, `<a><b>3</b></a>`, `<a><b>2</b></a>`,
			`<a><b>3</b></a>`, `<a><b>2</b></a>`, []string{`CONFLICT text a/b "1" "2" "3"`}},
		{"name", `<a><b v="%T%">x</b></a>`, `<a><b v='%T%'>x</b></a>`, `<a><n v="%T%">x</n></a>`,
			`<a><n v='%T%'>x</n></a>`, "", []string{`carried name a/b "b" "n" "b"`}},
		{"gone", `<a><b x="1" y="2"/><c/></a>`, `<a><c/></a>`, `<a><b x="2" y="2"><d/></b><c/></a>`,
			`<a><c/></a>`, `<a><b x="2" y="2"><d/></b><c/></a>`,
			[]string{`CONFLICT gone a/b "<b x=\"1\" y=\"2\"/>" "<b x=\"2\" y=\"2\"><d/></b>" - ["changed a/b/@x" "added a/b/d"]`}},
		{"gone, untouched", `<a><b x="1"/><c/></a>`, `<a><c/></a>`, `<a><b x="1"/><c z="1"/></a>`,
			`<a><c z="1"/></a>`, "", []string{`carried attribute a/c/@z - "1" -`}},
		{"added", `<a><b/><c/></a>`, "<a>\n  <b/>\n  <n/>\n  <c/>\n</a>\n", "<a>\n\t<b/>\n\t<w v=\"1\">\n\t\t<x/>\n\t</w>\n\t<c/>\n</a>",
			"<a>\n  <b/>\n  <w v=\"1\">\n    <x/>\n  </w>\n  <n/>\n  <c/>\n</a>\n", "", []string{`carried added a/w - "<w v=\"1\">\n\t<x/>\n</w>" -`}},
		{"added first", `<a><b/></a>`, "<a>\n  <!-- first -->\n  <b/>\n</a>\n", `<a><w/><b/></a>`,
			"<a>\n  <!-- first -->\n  <w/>\n  <b/>\n</a>\n", "", []string{`carried added a/w - "<w/>" -`}},
		{"added to an empty one", `<a><b/></a>`, "<a>\n  <b/>\n</a>\n", `<a><b><x/><y/></b></a>`,
			"<a>\n  <b>\n    <x/>\n    <y/>\n  </b>\n</a>\n", "", []string{`carried added a/b/x - "<x/>" -`, `carried added a/b/y - "<y/>" -`}},
		{"added by both", `<a/>`, `<a><w v='1'/></a>`, `<a><w v="1"></w></a>`,
			`<a><w v='1'/></a>`, "", []string{`present added a/w - "<w v=\"1\"></w>" "<w v=\"1\"></w>"`}},
		{"added by both, otherwise", `<a/>`, `<a><w v='1'/></a>`, `<a><w v="2"/></a>`,
			`<a><w v='1'/></a>`, `<a><w v="2"/></a>`, []string{`CONFLICT added a/w - "<w v=\"2\"/>" "<w v='1'/>"`}},
		{"added by both, and one more", `<a/>`, `<a><b x="1"/></a>`, `<a><b x="2"/><b x="3"/></a>`,
			`<a><b x="1"/><b x="3"/></a>`, `<a><b x="2"/><b x="3"/></a>`, []string{`CONFLICT added a/b - "<b x=\"2\"/>" "<b x=\"1\"/>"`, `carried added a/b[2] - "<b x=\"3\"/>" -`}},
		{"added by both, elsewhere", `<a><k/></a>`, `<a><b x="1"/><k/></a>`, `<a><k/><b x="2"/></a>`,
			`<a><b x="1"/><k/></a>`, `<a><k/><b x="2"/></a>`, []string{`CONFLICT added a/b - "<b x=\"2\"/>" "<b x=\"1\"/>"`}},
		{"added by both, others", `<c><codec name="x"/></c>`, `<c><codec name="y"/><codec name="x"/></c>`, `<c><codec name="x"/><codec name="z"/></c>`,
			`<c><codec name="y"/><codec name="x"/><codec name="z"/></c>`, "", []string{`carried added c/codec[2] - "<codec name=\"z\"/>" -`}},
		{"removed", `<a><b x="1"><d/></b><c/></a>`, "<a>\n  <b x='1'><d></d></b>\n  <c/>\n</a>\n", `<a><c/></a>`,
			"<a>\n  <c/>\n</a>\n", "", []string{`carried removed a/b "<b x=\"1\"><d/></b>" - "<b x='1'><d></d></b>"`}},
		{"removed, there already", `<a><b/><c/></a>`, `<a><c/><n/></a>`, `<a><c/></a>`,
			`<a><c/><n/></a>`, "", []string{`present removed a/b "<b/>" - -`}},
		{"removed, and an attribute changed", `<a><b x="1"><d/></b><c/></a>`, `<a><b x="2"><d/></b><c/></a>`, `<a><c/></a>`,
			`<a><b x="2"><d/></b><c/></a>`, `<a><c/></a>`, []string{`CONFLICT removed a/b "<b x=\"1\"><d/></b>" - "<b x=\"2\"><d/></b>"`}},
		{"removed, and text in it changed", `<a><b x="1"><d>1</d></b><c/></a>`, `<a><b x="1"><d>2</d></b><c/></a>`, `<a><c/></a>`,
			`<a><b x="1"><d>2</d></b><c/></a>`, `<a><c/></a>`, []string{`CONFLICT removed a/b "<b x=\"1\"><d>1</d></b>" - "<b x=\"1\"><d>2</d></b>"`}},
		{"removed, and changed", `<a><b x="1"><d/></b><c/></a>`, `<a><b x="1"><d/><n/></b><c/></a>`, `<a><c/></a>`,
			`<a><b x="1"><d/><n/></b><c/></a>`, `<a><c/></a>`, []string{`CONFLICT removed a/b "<b x=\"1\"><d/></b>" - "<b x=\"1\"><d/><n/></b>"`}},
		{"moved", `<a><b><s v="%T%"/></b><c/></a>`, "<a>\n <b>\n  <s v='%T%'/>\n </b>\n <c/>\n</a>", `<a><b/><c><s v="%T%"/></c></a>`,
			"<a>\n <b>\n </b>\n <c>\n  <s v='%T%'/>\n </c>\n</a>", "", []string{`carried moved a/b/s "a/b/s" "a/c/s" "a/b/s"`}},
		{"moved by both", `<a><b><s v="%T%"/></b><c/><d/></a>`, `<a><b/><c/><d><s v="%T%"/></d></a>`, `<a><b/><c><s v="%T%"/></c><d/></a>`,
			`<a><b/><c/><d><s v="%T%"/></d></a>`, `<a><b/><c><s v="%T%"/></c><d></d></a>`, []string{`CONFLICT moved a/d/s "a/b/s" "a/c/s" "a/d/s"`}},
		{"wrapped", `<a><s v="%T%"/><c/></a>`, `<a><s v="%T%" n="1"/><c/></a>`, `<a><w><s v="%T%"/></w><c/></a>`,
			`<a><w><s v="%T%" n="1"/></w><c/></a>`, "", []string{`carried added a/w - "<w><s v=\"%T%\"/></w>" -`, `carried moved a/s "a/s" "a/w/s" "a/s"`}},
		{"wrapped by both", `<a><s v="%T%"/><c/></a>`, `<a><w><s v='%T%'/></w><c/></a>`, `<a><w><s v="%T%"/></w><c/></a>`,
			`<a><w><s v='%T%'/></w><c/></a>`, "", []string{`present added a/w - "<w><s v=\"%T%\"/></w>" "<w><s v=\"%T%\"/></w>"`, `present moved a/w/s "a/s" "a/w/s" "a/w/s"`}},
		{"order", `<c><i name="x"/><i name="y"/><i name="z"/></c>`, "<c>\n<i name='x'/>\n<i name='n'/>\n<i name='y'/>\n<i name='z'/>\n</c>", `<c><i name="z"/><i name="x"/><i name="y"/></c>`,
			"<c>\n<i name='z'/>\n<i name='n'/>\n<i name='x'/>\n<i name='y'/>\n</c>", "", []string{`carried order c "x, y, z" "z, x, y" "x, y, z"`}},
		{"order, by both", `<c><i name="x"/><i name="y"/><i name="z"/></c>`, `<c><i name="y"/><i name="x"/><i name="z"/></c>`, `<c><i name="z"/><i name="x"/><i name="y"/></c>`,
			`<c><i name="y"/><i name="x"/><i name="z"/></c>`, `<c><i name="z"/><i name="x"/><i name="y"/></c>`, []string{`CONFLICT order c "x, y, z" "z, x, y" "y, x, z"`}},
		{"text and elements", `<a>x<b/>y</a>`, "<!-- n -->\n<a>x<b></b>y</a>", `<a>x<b/>z<c/></a>`,
			"<!-- n -->\n<a>x<b/>z<c/></a>", "", []string{`carried content a "x<b/>y" "x<b/>z<c/>" "x<b></b>y"`}},
		{"instruction", `<?p 1?><a><?q 1?></a>`, "<?p 1?>\n<a><?q  1?></a>", `<?p 2?><a><?q 1?></a>`,
			"<?p 2?>\n<a><?q  1?></a>", "", []string{`carried text ?p "1" "2" "1"`}},
		{"other root", `<a><b/></a>`, `<a><c/></a>`, `<z/>`,
			`<a><c/></a>`, `<z/>`, []string{`CONFLICT document a "<a><b/></a>" "<z/>" "<a><c/></a>"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text, changes := merge(t, tt.old, tt.new, tt.mine, Options{})
			assert.Equal(t, tt.text, text)
			assert.Equal(t, tt.changes, lines(changes))
			if tt.ours == "" {
				tt.ours = tt.text
			}
			ours, _ := merge(t, tt.old, tt.new, tt.mine, all(Ours))
			assert.Equal(t, tt.ours, ours)
			theirs, _ := merge(t, tt.old, tt.new, tt.mine, all(Theirs))
			assert.Equal(t, tt.text, theirs)
		})
	}
}

// TestNearest names what an element that is gone may have become.
func TestNearest(t *testing.T) {
	_, changes := merge(t, `<a><call-pull x="1"/></a>`, `<a><call-pulls q="%N%"/></a>`, `<a><call-pull x="2"/></a>`, Options{})
	require.Len(t, changes, 1)
	assert.Equal(t, "the new one lacks it, and you changed it; a/call-pulls is new and has much the same name", changes[0].Reason)
}

// edit changes something below the tree.
func edit(n *testkit.Tree, r *rand.Rand) {
	nodes := n.All()
	x := nodes[r.IntN(len(nodes))]
	value := fmt.Sprintf("e%d", r.IntN(3))
	switch r.IntN(8) {
	case 0:
		if len(x.Attrs) > 0 {
			x.Attrs[r.IntN(len(x.Attrs))][1] = value
		}
	case 1:
		if len(x.Attrs) > 0 {
			x.Attrs = x.Attrs[1:]
		} else {
			x.Attrs = [][2]string{{"u", value}}
		}
	case 2:
		if k := len(x.Children); k > 0 {
			i := r.IntN(k)
			x.Children = slices.Delete(x.Children, i, i+1)
		}
	case 3:
		i := r.IntN(len(x.Children) + 1)
		x.Children = slices.Insert(x.Children, i, testkit.RandomTree(r, 1))
	case 4:
		r.Shuffle(len(x.Children), func(i, j int) { x.Children[i], x.Children[j] = x.Children[j], x.Children[i] })
	case 5:
		if len(x.Children) == 0 || r.IntN(5) == 0 {
			x.Text = value
		}
	case 6:
		x.Name = value
	case 7:
		// Move a subtree.
		if k := len(x.Children); k > 0 {
			i := r.IntN(k)
			c := x.Children[i]
			x.Children = slices.Delete(x.Children, i, i+1)
			rest := n.All()
			to := rest[r.IntN(len(rest))]
			at := r.IntN(len(to.Children) + 1)
			to.Children = slices.Insert(to.Children, at, c)
		}
	}
}

func edited(n *testkit.Tree, r *rand.Rand) *testkit.Tree {
	c := n.Clone()
	for range 1 + r.IntN(5) {
		edit(c, r)
	}
	return c
}

func requireSame(t testing.TB, want, got string, format string, args ...any) {
	t.Helper()
	for c := range Match(parse(t, want), parse(t, got)).Differences() {
		require.Fail(t, "not the same", "%s\n%s\n%s\n%s", c.Kind, want, got, fmt.Sprintf(format, args...))
	}
}

func TestNobodyChanged(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n := testkit.RandomTree(r, 4)
		old, other := n.XML(r), edited(n, r).XML(r)

		// Without a change of mine the result is the new one.
		mine := n.XML(r)
		text, changes := merge(t, old, other, mine, Options{})
		require.Equal(t, other, text)
		require.Empty(t, changes)

		// Without a change of the vendor's it is mine.
		again := n.XML(r)
		text, changes = merge(t, old, again, other, Options{})
		requireSame(t, other, text, "old:\n%s\nnew:\n%s\n%s", old, again, strings.Join(lines(changes), "\n"))
		for _, c := range changes {
			require.Contains(t, []Outcome{Carried}, c.Outcome, "%s\n%s\n%s", lines(changes), old, other)
		}

		// What both have done is there already.
		form := edited(n, rand.New(rand.NewPCG(7, 7)))
		one, two := form.XML(r), form.XML(r)
		text, changes = merge(t, old, one, two, Options{})
		require.Equal(t, one, text)
		for _, c := range changes {
			require.Equal(t, Present, c.Outcome, "%s\nold:\n%s\nnew:\n%s\nmine:\n%s", lines(changes), old, one, two)
		}
	}
}

// TestBothWays merges changes of two parties: where there is no conflict, it does
// not matter who is the vendor, but for the order of what both put at one place.
func TestBothWays(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	clean := 0
	for range 300 {
		n := testkit.RandomTree(r, 4)
		old, a, b := n.XML(r), edited(n, r).XML(r), edited(n, r).XML(r)
		one, c1 := merge(t, old, a, b, Options{})
		two, c2 := merge(t, old, b, a, Options{})
		merge(t, old, a, b, all(Ours))
		if conflicts(c1)+conflicts(c2) > 0 {
			continue
		}
		clean++
		require.Equal(t, unordered(parse(t, one).Root), unordered(parse(t, two).Root), "old:\n%s\na:\n%s\nb:\n%s\n%s\n%s", old, a, b, lines(c1), lines(c2))
	}
	assert.Greater(t, clean, 50)
}

// unordered writes what an element says, without regard to order.
func unordered(n *xmltext.Node) string {
	var parts []string
	for _, a := range n.Attrs {
		parts = append(parts, "@"+a.Name+"="+a.Value)
	}
	for c := range n.Elements() {
		parts = append(parts, unordered(c))
	}
	if s := strings.Join(strings.Fields(n.Text()), " "); s != "" {
		parts = append(parts, s)
	}
	slices.Sort(parts)
	return "<" + n.Name + " " + strings.Join(parts, " ") + ">"
}

// TestDisjoint changes what stands in different elements: there is no conflict,
// and the result has both.
func TestDisjoint(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 150 {
		n := &testkit.Tree{Name: "root"}
		for i := range 6 {
			c := testkit.RandomTree(r, 3)
			c.Name = fmt.Sprintf("part%d", i)
			if c.Text == "" || len(c.Children) == 0 {
				c.Text = ""
			}
			n.Children = append(n.Children, c)
		}
		// Each part has names and values of its own, so that nothing in it is
		// alike to what is in another.
		for i, part := range n.Children {
			for k, x := range part.All() {
				if x != part {
					x.Name = fmt.Sprintf("%s%d", x.Name, i)
				}
				x.Attrs = append(x.Attrs, [2]string{"tag", fmt.Sprintf("%%T%d_%d%%", i, k)})
			}
		}
		vendor, partner, both := n.Clone(), n.Clone(), n.Clone()
		for i := range n.Children {
			seed := r.Uint64()
			change := func(x *testkit.Tree) {
				own := rand.New(rand.NewPCG(seed, 1))
				name := x.Name
				edit(x, own)
				x.Name = name
			}
			if i%2 == 0 {
				change(vendor.Children[i])
			} else {
				change(partner.Children[i])
			}
			change(both.Children[i])
		}
		old, new, mine := n.XML(r), vendor.XML(r), partner.XML(r)
		text, changes := merge(t, old, new, mine, Options{})
		for _, c := range changes {
			require.Equal(t, Carried, c.Outcome, "%s\nold:\n%s\nnew:\n%s\nmine:\n%s", lines(changes), old, new, mine)
		}
		requireSame(t, both.XML(r), text, "old:\n%s\nnew:\n%s\nmine:\n%s\n%s", old, new, mine, strings.Join(lines(changes), "\n"))
	}
}

// TestTime has documents with very many changes.
func TestTime(t *testing.T) {
	const n = 3000
	numbered := func(format string, from int) string {
		var b strings.Builder
		b.WriteString("<a>")
		for i := range n {
			fmt.Fprintf(&b, format, from+i)
		}
		b.WriteString("</a>")
		return b.String()
	}
	for name, tt := range map[string][3]string{
		"all added":   {"<a/>", numbered(`<i v="%d"/>`, 0), numbered(`<i v="%d"/>`, 1e6)},
		"all removed": {numbered(`<i v="%d"/>`, 0), numbered(`<i v="%d"/>`, 1), "<a/>"},
		"all changed": {numbered(`<i name="%d" v="1"/>`, 0), numbered(`<i name="%d" v="2"/>`, 0), numbered(`<i name="%d" v="3"/>`, 0)},
		"deep": {strings.Repeat("<a>", 200) + "1" + strings.Repeat("</a>", 200), strings.Repeat("<a>", 200) + "2" + strings.Repeat("</a>", 200),
			strings.Repeat("<a>", 200) + "3" + strings.Repeat("</a>", 200)},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			for _, choice := range []Choice{Open, Ours} {
				merge(t, tt[0], tt[1], tt[2], all(choice))
			}
			assert.Less(t, time.Since(start), 20*time.Second)
		})
	}
}

func conflicts(changes []*Change) int {
	n := 0
	for _, c := range changes {
		if c.Outcome == Conflict {
			n++
		}
	}
	return n
}

func FuzzMerge(f *testing.F) {
	f.Add(`<a x="1"><b>t</b><c/></a>`, `<a><c/><b x="1">u</b></a>`, `<a x="2"><b>t</b><d/></a>`)
	f.Add(`<a><w><x v="%T%"/></w></a>`, `<?p q?><a><x v="%T%" name="n"/>text</a>`, `<a><w><y/><x v="%T%"/></w></a>`)
	f.Add("<a>\r\n <b/>\r\n</a>", `<a><b xml:space="preserve"> </b></a>`, `<a><b>x<c/></b></a>`)
	f.Fuzz(func(t *testing.T, old, new, mine string) {
		var docs []*xmltext.Document
		for _, s := range []string{old, new, mine} {
			d, err := xmltext.Parse(s)
			if err != nil {
				return
			}
			docs = append(docs, d)
		}
		for _, choice := range []Choice{Open, Ours} {
			text, changes, err := Merge(docs[0], docs[1], docs[2], all(choice))
			require.NoError(t, err)
			got := parse(t, text)
			carried, open := 0, 0
			for _, c := range changes {
				require.NotZero(t, c.Outcome)
				require.NotZero(t, c.Kind)
				if c.Outcome == Carried || c.Outcome == Conflict && c.Choice == Ours {
					carried++
				}
				if c.IsOpen() {
					open++
				}
			}
			// No change of mine goes without a word.
			require.Equal(t, same(docs[0], docs[2]), len(changes) == 0, "%s", lines(changes))
			if carried == 0 {
				require.Equal(t, new, text)
			}
			if same(docs[0], docs[1]) && open == 0 {
				require.True(t, same(docs[2], got), "%s\n%s", text, lines(changes))
			}
			// With the sides exchanged there is a conflict too, or the result is the same.
			other, otherChanges, err := Merge(docs[0], docs[2], docs[1], all(choice))
			require.NoError(t, err)
			if conflicts(changes)+conflicts(otherChanges) == 0 {
				require.True(t, same(parse(t, other), got), "%s\n%s\n%s\n%s", text, other, lines(changes), lines(otherChanges))
			}
		}
	})
}
