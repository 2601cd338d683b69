package expand

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
)

func parse(t testing.TB, text string) *render.Template {
	t.Helper()
	tmpl, err := render.Parse("t.xml", []byte(text))
	require.NoError(t, err)
	return tmpl
}

func form(t testing.TB, text string) *Form {
	t.Helper()
	f, err := Bind(parse(t, text), render.Map(nil))
	require.NoError(t, err)
	return f
}

func TestValues(t *testing.T) {
	f := form(t, `<a b="%A%">%B%%A%</a>`)
	v := f.NewValues(nil)
	assert.Equal(t, `<a b="%A%">%B%%A%</a>`, string(v.Append(nil)))
	v.Set(0, "&")
	assert.Equal(t, `<a b="&">%B%&</a>`, string(v.Append(nil)))
	v.Set(0, strings.Repeat("long", 5))
	assert.Equal(t, `><a b="longlonglonglonglong">%B%longlonglonglonglong</a>`, string(v.Append([]byte(">"))))
	v.Unset(0)
	assert.Equal(t, f.Source(), string(v.Append(nil)))
	assert.Equal(t, `<a b="%A%">%A%</a>`, string(f.NewValues(render.Map(map[string]string{"B": ""})).Append(nil)))
}

// TestCheck has values that make a template as large as it may be, and larger.
func TestCheck(t *testing.T) {
	tmpl, err := render.Parse("t.xml", []byte("<a>%A%%B%%A%</a>"), render.WithLimits(render.Limits{Result: 20}))
	require.NoError(t, err)
	f, err := Bind(tmpl, render.Map(nil))
	require.NoError(t, err)
	v := f.NewValues(render.Map(map[string]string{"A": "12345", "B": "123"}))
	require.NoError(t, v.Check())
	v.Set(1, "1234")
	var over *schema.LimitError
	err = v.Check()
	require.ErrorAs(t, err, &over)
	assert.Equal(t, int64(20), over.Limit)
	assert.ErrorContains(t, err, "t.xml:1:4: A: ")
}

// TestAllocations checks that executing into a buffer with room allocates nothing.
func TestAllocations(t *testing.T) {
	f := form(t, "<a>%A% and %B% and %C%</a>")
	values := f.NewValues(func(name string) (string, bool) { return name, true })
	buf := make([]byte, 0, 1<<10)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		values.Set(2, "x")
		buf = values.Append(buf[:0])
	}))
}

func TestMapText(t *testing.T) {
	tmpl := form(t, "<a b=\"%A%\">\n%B%</a>")
	quoted := tmpl.MapText(func(s string) string {
		s = fmt.Sprintf("%q", s)
		return s[1 : len(s)-1]
	})
	assert.Equal(t, `<a b=\"1\">\n%B%</a>`, string(quoted.NewValues(render.Map(map[string]string{"A": "1"})).Append(nil)))
	for i, p := range quoted.Placeholders() {
		assert.True(t, strings.HasPrefix(quoted.Source()[p.Offset:], "%"+p.Name+"%"))
		assert.Equal(t, tmpl.Placeholders()[i].Position, p.Position)
	}
}

func TestTrace(t *testing.T) {
	tmpl := parse(t, "<a>%URL%|%BWE-1%|%LOOP%|%NONE%</a>")
	got := Trace(tmpl, render.Map(map[string]string{
		"URL": "https://%BWHOST-1%/%X%%Y%", "BWHOST-1": "h%X%", "X": "x", "BWE-1": "",
		"LOOP": "(%LOOP2%)", "LOOP2": "<%LOOP%%X%>",
	}))
	want := &Result{
		Text: "<a>https://h%X%/x%Y%||(<%LOOP%x>)|%NONE%</a>",
		Spans: []Span{
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
		Problems: []Problem{{Trouble: Cycle, Place: 2, Tags: []string{"LOOP", "LOOP2", "LOOP"}}},
	}
	assert.Empty(t, cmp.Diff(want, got))
}

// TestTraceIsBounded has values that would make a file without an end.
func TestTraceIsBounded(t *testing.T) {
	deep := Trace(parse(t, "%T0%"), func(name string) (string, bool) {
		var n int
		_, err := fmt.Sscanf(name, "T%d", &n)
		return fmt.Sprintf("<%%T%d%%>", n+1), err == nil
	})
	require.Len(t, deep.Problems, 1)
	assert.Equal(t, TooDeep, deep.Problems[0].Trouble)
	assert.Equal(t, strings.Repeat("<", MaxDepth+1)+"%T9%"+strings.Repeat(">", MaxDepth+1), deep.Text)

	wide := Trace(parse(t, "%T0%"), func(name string) (string, bool) {
		var n int
		_, err := fmt.Sscanf(name, "T%d", &n)
		return strings.Repeat(fmt.Sprintf("%%T%d%%", n+1), 50), err == nil
	})
	assert.Less(t, len(wide.Text), 1<<20)
	var many int
	for _, p := range wide.Problems {
		if p.Trouble == TooMany {
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
		want := Trace(tmpl, render.Map(all))
		bound, _ := Bind(tmpl, render.Map(shared))
		require.Equal(t, want.Text, string(bound.NewValues(render.Map(own)).Append(nil)), "%q %v %v", tmpl.Source(), shared, own)

		for _, p := range bound.Placeholders() {
			require.True(t, strings.HasPrefix(bound.Source()[p.Offset:], "%"+p.Name+"%"))
		}

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
		trace := Trace(tmpl, r)
		bound, err := Bind(tmpl, r)
		require.Equal(t, trace.Err, err)
		if err != nil {
			return
		}
		require.Equal(t, trace.Text, bound.Source())
	})
}
