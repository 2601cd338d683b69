package simulate_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/schema"
)

// of returns a simulation of a template.
func of(t testing.TB, template string, values map[string]string) *simulate.Simulation {
	t.Helper()
	parsed, err := render.Parse("t.xml", []byte(template))
	require.NoError(t, err)
	s, err := simulate.New(simulate.Config{Template: parsed, Encoding: "UTF-8", Values: values})
	require.NoError(t, err)
	return s
}

// users yields subscribers, n or without end if n is negative, and notes when it
// has ended.
func users(n int, ended *bool) iter.Seq2[*simulate.Subscriber, error] {
	return func(yield func(*simulate.Subscriber, error) bool) {
		defer func() {
			if ended != nil {
				*ended = true
			}
		}()
		for i := 0; i != n; i++ {
			if !yield(&simulate.Subscriber{Tags: map[string]string{"BWX-1": fmt.Sprint("user", i)}}, nil) {
				return
			}
		}
	}
}

// TestBreak breaks out of a loop: the sequence of subscribers has ended then, and
// no goroutine is left.
func TestBreak(t *testing.T) {
	s := of(t, "<a>%BWX-1%</a>", nil)
	before := runtime.NumGoroutine()
	for _, n := range []int{1, 50, 1000} {
		var ended bool
		for r, err := range s.Render(t.Context(), users(-1, &ended)) {
			require.NoError(t, err)
			if n--; n == 0 {
				assert.NotEmpty(t, r.File)
				break
			}
		}
		assert.True(t, ended)
	}
	for i := 0; runtime.NumGoroutine() > before && i < 100; i++ {
		time.Sleep(10 * time.Millisecond)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before)
}

// TestSequence has subscribers of a program's own.
func TestSequence(t *testing.T) {
	s := of(t, "<a>%BWX-1%,%A%,%B%</a>", map[string]string{"A": "a", "B": "%BWX-1%"})
	own := errors.New("the database is gone")
	subs := []*simulate.Subscriber{
		{ID: "x", Tags: map[string]string{"bwx-1": "1"}},
		{Tags: map[string]string{"%BWX-1%": "2", "A": ""}},
		{Tags: map[string]string{"BWX-1": "3", "%BWX-1%": "4"}},
		{Tags: map[string]string{"BWX-1": "5", "NONE": "", "NONE2": ""}},
		{Tags: map[string]string{"BWX-1": "6"}, Group: map[string]string{"A": "g"}},
		{},
	}
	var got []string
	for r, err := range s.Render(t.Context(), func(yield func(*simulate.Subscriber, error) bool) {
		for _, sub := range subs {
			if !yield(sub, nil) {
				return
			}
		}
		if yield(nil, own) {
			yield(subs[0], nil)
		}
	}) {
		switch {
		case errors.Is(err, simulate.ErrSubscriber):
			var fs schema.Findings
			require.ErrorAs(t, err, &fs)
			got = append(got, fs[0].Message)
		case err != nil:
			require.ErrorIs(t, err, own)
			got = append(got, "end")
		default:
			got = append(got, r.ID+" "+string(r.File))
			if r.ID == "0000006" {
				require.Len(t, r.Findings, 2)
				assert.Contains(t, r.Findings.Error(), "BWX-1 has no value")
			}
		}
	}
	assert.Equal(t, []string{
		"x <a>1,a,1</a>", "0000002 <a>2,,2</a>", "it has two values of BWX-1", "2 names are no tags: NONE, NONE2",
		"0000005 <a>6,g,6</a>", "0000006 <a>%BWX-1%,a,%BWX-1%</a>", "end",
	}, got)
	n := 0
	for _, err := range s.Render(t.Context(), users(0, nil)) {
		_ = err
		n++
	}
	assert.Zero(t, n)
}

// TestExports reads what people export.
func TestExports(t *testing.T) {
	s := of(t, "<a>%BWX-1%,%USE_TLS_WXT%,%local%</a>", map[string]string{"USE_TLS_WXT": "false", "local": "l"})
	for _, tt := range []struct {
		name, in, want string // the ids and the values, or an error
		options        simulate.ReadOptions
		ignore         bool
	}{
		{"commas", "id,BWX-1\na,1\n", "a 1,false,l", simulate.ReadOptions{}, false},
		{"semicolons, case, percent signs", "ID;%bwx-1%;Use_TLS_wxt;LOCAL\na;1;TRUE;\nb;2;False;x\n", "a 1,true,l;b 2,false,x", simulate.ReadOptions{}, false},
		{"tabs", "User ID\tBWX-1\na\t1\n", "a 1,false,l", simulate.ReadOptions{}, false},
		{"sep", "sep=|\r\nuserId|BWX-1\r\na|1,2\r\n", "a 1,2,false,l", simulate.ReadOptions{}, false},
		{"mapped", "Login,Line\na,1\n", "a 1,false,l", simulate.ReadOptions{Map: map[string]string{"Login": "id", "Line": "%bwx-1%"}}, false},
		{"id before another name of it", "userid,id,BWX-1\nx,a,1\n", "in:1:1: error: unknown tag userid", simulate.ReadOptions{}, false},
		{"unknown columns", "id,Mail,BWX-1,USE_TLS_WX\na,m,1,\n", "in:1:4: error: 2 columns are no tags: Mail, USE_TLS_WX (did you mean USE_TLS_WXT?)", simulate.ReadOptions{}, false},
		{"ignored", "id,Mail,BWX-1\na,m,1\n", "a 1,false,l", simulate.ReadOptions{}, true},
		{"mangled", "id,BWX-1\na,1.55512E+10\n", "in:2:3: error: BWX-1: a spreadsheet has shortened the number to 1.55512E+10", simulate.ReadOptions{}, false},
		{"mangled with a comma", "id;BWX-1\na;\"é\"\nb;1,55512E+10\n", "in:3:3: error: BWX-1: a spreadsheet", simulate.ReadOptions{}, false},
		{"mangled id", "id,BWX-1\n1.5E+10,1\n", "in:2:1: error: id: a spreadsheet", simulate.ReadOptions{}, false},
		{"meant so", "id,BWX-1\na,\"1.5E+10\"\nb,E+10\nc,12E+10\n", "a 1.5E+10,false,l;b E+10,false,l;c 12E+10,false,l", simulate.ReadOptions{}, false},
		{"Windows", "id;BWX-1\na;M\xFCller\n", "a Müller,false,l", simulate.ReadOptions{Encoding: "windows-1252"}, false},
		{"not said", "id;BWX-1\na;M\xFCller\n", "in:2:1: error: it is not valid UTF-8", simulate.ReadOptions{}, false},
		{"UTF-16", "\xFF\xFEi\x00d\x00,\x00B\x00W\x00X\x00-\x001\x00\n\x00a\x00,\x001\x00", "a 1,false,l", simulate.ReadOptions{}, false},
		{"delimiter", "id;BWX-1\na;1\n", "in:1:1: error: the first line has no tag and no id", simulate.ReadOptions{Delimiter: ','}, false},
		{"array", "[{\"userId\":\"a\",\"BWX-1\":1,\"local\":null},\n{\"id\":\"b\",\"bwx-1\":\"2\",\"USE_TLS_WXT\":true}]", "a 1,false,l;b 2,true,l", simulate.ReadOptions{}, false},
		{"names", "{\"id\":\"a\",\n\"BWX-1\":1}", "in:1:11: error: it ends", simulate.ReadOptions{}, false},
		{"unknown names", " {\"id\":\"a\", \"X\":1, \"Y\":2}", "in:1:13: error: 2 names are no tags: X, Y", simulate.ReadOptions{}, false},
		{"null alone", "{\"id\":\"a\",\"BWX-1\":\"\",\"NONE\":null}", "a ,false,l", simulate.ReadOptions{}, false},
	} {
		b := text(tt.in)
		b.reading = tt.options
		if tt.ignore {
			b.options = append(b.options, simulate.IgnoreUnknown())
		}
		lines, err := b.ndjson(t, s)
		if strings.Contains(tt.want, ": error: ") {
			assert.ErrorContains(t, err, tt.want, tt.name)
			continue
		}
		require.NoError(t, err, tt.name)
		var got []string
		for _, l := range lines {
			got = append(got, l.ID+" "+strings.TrimSuffix(strings.TrimPrefix(l.Config, "<a>"), "</a>"))
		}
		assert.Equal(t, tt.want, strings.Join(got, ";"), tt.name)
	}
}

// TestValue looks at what a file has before it is rendered.
func TestValue(t *testing.T) {
	for sub, err := range simulate.Read(strings.NewReader("ID;%bwx-1%;A\na;1;\n"), simulate.ReadOptions{}) {
		require.NoError(t, err)
		assert.Equal(t, "a", sub.ID)
		v, ok := sub.Value("BWX-1")
		assert.Equal(t, "1", v)
		assert.True(t, ok)
		_, ok = sub.Value("A")
		assert.False(t, ok)
		sub.Tags = map[string]string{"%BWX-1%": "2"}
		v, _ = sub.Value("bwx-1")
		assert.Equal(t, "2", v)
		assert.Equal(t, "<a>2</a>", string(of(t, "<a>%BWX-1%</a>", nil).Preview(sub).File))
	}
}

// TestFiltered leaves some files out between the rendering and the lines: those
// that stay are whole, in whatever memory they stood.
func TestFiltered(t *testing.T) {
	s := of(t, "<a>%BWX-1%</a>", nil)
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		var out bytes.Buffer
		var want []string
		rate := 1 + rnd.IntN(100)
		err := simulate.WriteNDJSON(&out, func(yield func(simulate.Rendered, error) bool) {
			for r, err := range s.Render(t.Context(), users(2000, nil), simulate.ForNDJSON(), simulate.WithWorkers(3)) {
				if rnd.IntN(rate) == 0 {
					continue
				}
				if want = append(want, string(r.File)); rnd.IntN(50) == 0 {
					r.File = bytes.Clone(r.File)
				}
				if !yield(r, err) {
					return
				}
			}
		})
		require.NoError(t, err)
		require.Equal(t, strings.Join(want, ""), out.String())
	}
	var plain, lines bytes.Buffer
	require.NoError(t, simulate.WriteNDJSON(&plain, s.Render(t.Context(), users(200, nil))))
	require.NoError(t, simulate.WriteNDJSON(&lines, s.Render(t.Context(), users(200, nil), simulate.ForNDJSON())))
	assert.Equal(t, lines.String(), plain.String())
}

// allocated returns how many bytes f takes in all.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestAmplification has values that multiply: what comes of them is bounded, and
// the error names the tag.
func TestAmplification(t *testing.T) {
	template := "<a>" + strings.Repeat("%A%", 9000) + "</a>"
	values := map[string]string{"A": strings.Repeat("%B%", 30), "B": strings.Repeat("%C%", 31), "C": strings.Repeat("x", 255)}
	const want = ": the template has more than 16777216 bytes with the values put in"
	limited := func(err error) {
		t.Helper()
		var over *schema.LimitError
		if assert.ErrorAs(t, err, &over) {
			assert.EqualValues(t, 16<<20, over.Limit)
		}
		assert.ErrorContains(t, err, "C"+want)
	}
	used := allocated(func() {
		s := of(t, template, values)
		p := s.Preview(&simulate.Subscriber{})
		assert.ErrorContains(t, p.Findings.Err(), "t.xml:1:")
		assert.ErrorContains(t, p.Findings.Err(), "C"+want)
		assert.Empty(t, p.File)
		for _, err := range s.Render(t.Context(), users(3, nil)) {
			limited(err)
		}
	})
	assert.Less(t, used, uint64(512<<20), "of the project's values")

	used = allocated(func() {
		s := of(t, "<a><b>%B%%C%</b>"+template+"</a>", map[string]string{"A": "", "B": "", "C": ""})
		row, err := json.Marshal(values)
		require.NoError(t, err)
		for _, in := range []string{
			string(row) + "\n{\"A\":\"x\"}\n",
			"A,B,C\n" + values["A"] + "," + values["B"] + "," + values["C"] + "\nx,,\n",
		} {
			b := text(in)
			b.keepGoing = true
			lines, err := b.ndjson(t, s)
			require.NoError(t, err)
			assert.Equal(t, stats{1, 1}, b.stats)
			require.Len(t, b.found, 1)
			assert.ErrorContains(t, b.found.Err(), "C"+want)
			assert.Len(t, lines, 1)
		}
	})
	assert.Less(t, used, uint64(512<<20), "of subscribers' values")

	used = allocated(func() {
		b := text("{\"BWX-1\":\"" + strings.Repeat("y", 1<<19) + "\"}")
		_, err := b.ndjson(t, of(t, "<a>"+strings.Repeat("%BWX-1%", 9000)+"</a>", nil))
		assert.ErrorContains(t, err, "BWX-1"+want)
	})
	assert.Less(t, used, uint64(192<<20), "of a long value")
}

// TestLargeTemplate renders a template of 4 MB: the bytes on their way have a
// bound, however slow the reader is.
func TestLargeTemplate(t *testing.T) {
	s := of(t, "<a>%BWX-1%"+strings.Repeat("<b>\"\"</b>", 4_000_000/9)+"</a>", nil)
	for _, opt := range []simulate.Option{simulate.ForNDJSON(), simulate.ForFiles("out.zip"), simulate.ForFiles("out")} {
		runtime.GC()
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(sample)
		before, most := sample[0].Value.Uint64(), uint64(0)
		n := 0
		for _, err := range s.Render(t.Context(), users(40, nil), opt, simulate.WithWorkers(2)) {
			require.NoError(t, err)
			if n++; n%10 == 0 {
				time.Sleep(20 * time.Millisecond) // The workers go as far as they can.
				runtime.GC()
				metrics.Read(sample)
				most = max(most, sample[0].Value.Uint64()-min(before, sample[0].Value.Uint64()))
			}
		}
		assert.Equal(t, 40, n)
		assert.Less(t, most, uint64(128<<20), "it had %d MB", most>>20)
	}
}

// TestStuck gives up waiting for a source that is stuck.
func TestStuck(t *testing.T) {
	s := of(t, "<a>%BWX-1%</a>", nil)
	in, w := io.Pipe()
	defer w.Close()
	go func() { _, _ = io.WriteString(w, "BWX-1\n"+strings.Repeat("x\n", 200)) }()
	for _, err := range s.Render(t.Context(), simulate.Read(in, simulate.ReadOptions{})) {
		require.NoError(t, err)
		break
	}
}
