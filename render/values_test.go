package render_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/render"
)

func TestValues(t *testing.T) {
	tmpl := parse(t, `<a b="%A%">%B%%A%</a>`)
	v := tmpl.NewValues(nil)
	assert.Equal(t, `<a b="%A%">%B%%A%</a>`, string(v.Append(nil, render.Escaped)))
	v.Set(0, "&")
	assert.Equal(t, `<a b="&">%B%&</a>`, string(v.Append(nil, render.Raw)))
	assert.Equal(t, `><a b="&amp;">%B%&amp;</a>`, string(v.Append([]byte(">"), render.Escaped)))
	v.Resolve(render.Map(map[string]string{"B": ""}))
	assert.Equal(t, `<a b="%A%">%A%</a>`, string(v.Append(nil, render.Raw)))
	v.Unset(1)
	assert.Equal(t, tmpl.Source(), string(v.Append(nil, render.Raw)))
}

// TestAllocations checks that executing into a buffer with room allocates
// nothing.
func TestAllocations(t *testing.T) {
	tmpl := parse(t, string(vendor(t)))
	resolver := func(name string) (string, bool) { return name, true }
	values := tmpl.NewValues(resolver)
	buf := make([]byte, 0, 1<<16)
	for name, f := range map[string]func(){
		"values":  func() { values.Set(3, "x"); buf = values.Append(buf[:0], render.Raw) },
		"escaped": func() { buf = values.Append(buf[:0], render.Escaped) },
		"bound":   func() { values.Resolve(resolver); buf = values.Append(buf[:0], render.Raw) },
	} {
		assert.Zero(t, testing.AllocsPerRun(100, f), name)
	}
}

func TestMapText(t *testing.T) {
	tmpl := parse(t, "<a b=\"%A%\">\n%B%</a>")
	quoted := tmpl.MapText(func(s string) string {
		s = fmt.Sprintf("%q", s)
		return s[1 : len(s)-1]
	})
	assert.Equal(t, `<a b=\"1\">\n%B%</a>`, string(quoted.Append(nil, render.Map(map[string]string{"A": "1"}), render.Raw)))
	for i, p := range quoted.Placeholders() {
		assert.True(t, strings.HasPrefix(quoted.Source()[p.Offset:], "%"+p.Name+"%"))
		assert.Equal(t, tmpl.Placeholders()[i].Position, p.Position)
	}
}

func TestTrace(t *testing.T) {
	tmpl := parse(t, "<a>%URL%|%BWE-1%|%LOOP%|%NONE%</a>")
	got := tmpl.Trace(render.Map(map[string]string{
		"URL": "https://%BWHOST-1%/%X%%Y%", "BWHOST-1": "h%X%", "X": "x", "BWE-1": "",
		"LOOP": "(%LOOP2%)", "LOOP2": "<%LOOP%%X%>",
	}))
	want := &render.Trace{
		Text: "<a>https://h%X%/x%Y%||(<%LOOP%x>)|%NONE%</a>",
		Spans: []render.Span{
			{Start: 3, End: 11, Tags: []string{"URL"}},
			{Start: 11, End: 15, Tags: []string{"URL", "BWHOST-1"}},
			{Start: 15, End: 16, Tags: []string{"URL"}},
			{Start: 16, End: 17, Tags: []string{"URL", "X"}},
			{Start: 17, End: 20, Tags: []string{"URL", "Y"}, Undefined: true},
			{Start: 21, End: 21, Place: 1, Tags: []string{"BWE-1"}},
			{Start: 22, End: 23, Place: 2, Tags: []string{"LOOP"}},
			{Start: 23, End: 24, Place: 2, Tags: []string{"LOOP", "LOOP2"}},
			{Start: 24, End: 30, Place: 2, Tags: []string{"LOOP", "LOOP2"}},
			{Start: 30, End: 31, Place: 2, Tags: []string{"LOOP", "LOOP2", "X"}},
			{Start: 31, End: 32, Place: 2, Tags: []string{"LOOP", "LOOP2"}},
			{Start: 32, End: 33, Place: 2, Tags: []string{"LOOP"}},
			{Start: 34, End: 40, Place: 3, Tags: []string{"NONE"}, Undefined: true},
		},
		Problems: []render.Problem{{Trouble: render.Cycle, Place: 2, Tags: []string{"LOOP", "LOOP2", "LOOP"}}},
	}
	assert.Empty(t, cmp.Diff(want, got))
}

// TestTraceIsBounded has values that would make a file without an end.
func TestTraceIsBounded(t *testing.T) {
	deep := parse(t, "%T0%").Trace(func(name string) (string, bool) {
		var n int
		_, err := fmt.Sscanf(name, "T%d", &n)
		return fmt.Sprintf("<%%T%d%%>", n+1), err == nil
	})
	require.Len(t, deep.Problems, 1)
	assert.Equal(t, render.TooDeep, deep.Problems[0].Trouble)
	assert.Equal(t, strings.Repeat("<", render.MaxDepth+1)+"%T9%"+strings.Repeat(">", render.MaxDepth+1), deep.Text)

	wide := parse(t, "%T0%").Trace(func(name string) (string, bool) {
		var n int
		_, err := fmt.Sscanf(name, "T%d", &n)
		return strings.Repeat(fmt.Sprintf("%%T%d%%", n+1), 50), err == nil
	})
	assert.Less(t, len(wide.Text), 1<<20)
	var many int
	for _, p := range wide.Problems {
		if p.Trouble == render.TooMany {
			many++
		}
	}
	assert.Equal(t, 1, many, "it is told once")
}

// TestExpand checks for random templates and values that expanding with some
// values and executing with the others gives what tracing with all of them
// gives, and that a trace tells the truth about its text.
func TestExpand(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	names := []string{"A", "B", "C", "BWD-1", "BWE-1"}
	words := []string{"%A%", "%B%", "%C%", "%BWD-1%", "%BWE-1%", "%", "<x a=\"", "\">", "</x>", "text", "é"}
	text := func(n int) string {
		var s strings.Builder
		for range rnd.IntN(n) {
			s.WriteString(words[rnd.IntN(len(words))])
		}
		return s.String()
	}
	for range 3000 {
		shared, own, all := map[string]string{}, map[string]string{}, map[string]string{}
		for _, name := range names {
			v := text(5)
			switch system := strings.HasPrefix(name, "BW"); {
			case rnd.IntN(5) == 0:
			case system && rnd.IntN(2) == 0:
				own[name], all[name] = v, v
			case !system && rnd.IntN(4) == 0:
				v = "plain"
				own[name], all[name] = v, v
			default:
				shared[name], all[name] = v, v
			}
		}
		tmpl := parse(t, text(12))
		want := tmpl.Trace(render.Map(all))
		bound, _ := tmpl.Expand(render.Map(shared))
		require.Equal(t, want.Text, string(bound.Append(nil, render.Map(own), render.Raw)), "%q %v %v", tmpl.Source(), shared, own)

		var rest strings.Builder
		end := 0
		for _, s := range want.Spans {
			rest.WriteString(want.Text[end:s.Start])
			end = s.End
			if s.Undefined {
				require.Equal(t, "%"+s.Tags[len(s.Tags)-1]+"%", want.Text[s.Start:s.End])
				require.NotContains(t, all, s.Tags[len(s.Tags)-1])
			}
			require.Equal(t, tmpl.Placeholders()[s.Place].Name, s.Tags[0])
		}
		rest.WriteString(want.Text[end:])
		empty := tmpl.Append(nil, func(string) (string, bool) { return "", true }, render.Raw)
		require.Equal(t, string(empty), rest.String(), "what no span covers is the template's own text")
	}
}

func FuzzTrace(f *testing.F) {
	f.Add("<a>%A%%B%</a>", "%B%x", "%A%")
	f.Add("%BWA%", "%BWA%", "")
	f.Fuzz(func(t *testing.T, text, a, b string) {
		tmpl, err := render.Parse("f", []byte(text))
		if err != nil {
			return
		}
		r := render.Map(map[string]string{"A": a, "B": b, "BWA": a})
		trace := tmpl.Trace(r)
		bound, err := tmpl.Expand(r)
		require.Equal(t, trace.Err, err)
		if err != nil {
			return
		}
		require.Equal(t, trace.Text, bound.Source())
	})
}
