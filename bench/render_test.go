package bench

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"text/template"

	"github.com/valyala/fasttemplate"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/expand"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/tags"
)

// subscribers is how many different subscribers the benchmarks go round.
const subscribers = 64

// A fixture is the desktop template of the default project, and the values of
// some subscribers: all custom tags, which they share, and all system tags.
type fixture struct {
	source string
	shared map[string]string   // the custom tags' values
	names  []string            // the system tags in the template
	rows   [][]string          // the values of names, for each subscriber
	maps   []map[string]string // all values, for each subscriber
	want   [][]byte            // the files
	size   int64               // of the first file
}

// newFixture makes the fixture. Its files are made by plain replacement, one tag
// after the other, which is what the engines are compared with.
func newFixture(tb testing.TB) *fixture {
	tb.Helper()
	compilation, findings := wxt.Compile(&wxt.Project{}, wxt.WithPlatforms(tags.Desktop))
	if err := findings.Err(); err != nil {
		tb.Fatal(err)
	}
	target := compilation.Target(tags.Desktop)
	f := &fixture{source: target.Template.Source(), shared: make(map[string]string)}
	for _, v := range target.Values {
		f.shared[v.Tag.Name] = v.Value
	}
	f.shared["SBC_ADDRESS_WXT"] = "sbc.example.com"
	t, err := render.Parse("config-wxt.xml.template", []byte(f.source))
	if err != nil {
		tb.Fatal(err)
	}
	for _, name := range t.Tags() {
		if tagname.IsSystem(name) {
			f.names = append(f.names, name)
		}
	}
	for i := range subscribers {
		row := make([]string, len(f.names))
		all := make(map[string]string)
		for name, v := range f.shared {
			all[name] = v
		}
		for j, name := range f.names {
			row[j] = fmt.Sprintf("%s.%04d@example.com", strings.ToLower(name[2:8]), i)
			if name == "BWHOST-1" {
				row[j] = fmt.Sprintf("sip%d.example.com", i%4)
			}
			all[name] = row[j]
		}
		file := f.source
		for name, v := range all {
			file = strings.ReplaceAll(file, "%"+name+"%", v)
		}
		f.rows, f.maps, f.want = append(f.rows, row), append(f.maps, all), append(f.want, []byte(file))
	}
	f.size = int64(len(f.want[0]))
	return f
}

func (f *fixture) template(tb testing.TB) *render.Template {
	tb.Helper()
	t, err := render.Parse("config-wxt.xml.template", []byte(f.source))
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// form returns the template, bound to what is given, as package simulate has it.
func (f *fixture) form(tb testing.TB, values map[string]string) *expand.Form {
	tb.Helper()
	form, err := expand.Bind(f.template(tb), render.Map(values))
	if err != nil {
		tb.Fatal(err)
	}
	return form
}

// An engine returns a function that appends the file of subscriber i to dst.
type engine struct {
	name string
	make func(testing.TB, *fixture) func(dst []byte, i int) []byte
}

var engines = []engine{
	// All the tags of the template, of which none is bound. The subscriber's
	// values are put in by the index of their tags; the custom tags have theirs
	// from before, as they have in the maps of the others.
	{"wxt", func(tb testing.TB, f *fixture) func([]byte, int) []byte {
		t := f.form(tb, nil)
		values := t.NewValues(render.Map(f.shared))
		slots := indices(tb, t.Tags(), f.names)
		return func(dst []byte, i int) []byte {
			for j, v := range f.rows[i] {
				values.Set(slots[j], v)
			}
			return values.Append(dst)
		}
	}},
	// The same with every value, the custom tags' too, put in again for each
	// subscriber.
	{"wxt-all", func(tb testing.TB, f *fixture) func([]byte, int) []byte {
		t := f.form(tb, nil)
		names := t.Tags()
		values := t.NewValues(nil)
		rows := make([][]string, len(f.maps))
		for i, all := range f.maps {
			for _, name := range names {
				rows[i] = append(rows[i], all[name])
			}
		}
		return func(dst []byte, i int) []byte {
			for j, v := range rows[i] {
				values.Set(j, v)
			}
			return values.Append(dst)
		}
	}},
	// The same with each value looked up by its tag's name in a map, the one that
	// the others have.
	{"wxt-map", func(tb testing.TB, f *fixture) func([]byte, int) []byte {
		t := f.template(tb)
		resolvers := make([]render.Resolver, len(f.maps))
		for i, all := range f.maps {
			resolvers[i] = render.Map(all)
		}
		return func(dst []byte, i int) []byte { return t.Append(dst, resolvers[i], render.Raw) }
	}},
	// The template bound to the custom tags once.
	{"wxt-bound", func(tb testing.TB, f *fixture) func([]byte, int) []byte {
		t := f.form(tb, f.shared)
		values := t.NewValues(nil)
		slots := indices(tb, t.Tags(), f.names)
		return func(dst []byte, i int) []byte {
			for j, v := range f.rows[i] {
				values.Set(slots[j], v)
			}
			return values.Append(dst)
		}
	}},
	{"fasttemplate", func(tb testing.TB, f *fixture) func([]byte, int) []byte {
		t, err := fasttemplate.NewTemplate(f.source, "%", "%")
		if err != nil {
			tb.Fatal(err)
		}
		out := new(buffer)
		var values map[string]string
		fill := func(w io.Writer, tag string) (int, error) { return out.WriteString(values[tag]) }
		return func(dst []byte, i int) []byte {
			out.data, values = dst, f.maps[i]
			if _, err := t.ExecuteFunc(out, fill); err != nil {
				tb.Fatal(err)
			}
			return out.data
		}
	}},
	{"texttemplate", func(tb testing.TB, f *fixture) func([]byte, int) []byte {
		t, err := template.New("config").Parse(f.template(tb).Bind(func(name string) (string, bool) {
			if strings.Contains(name, "-") {
				return fmt.Sprintf("{{index . %q}}", name), true
			}
			return "{{." + name + "}}", true
		}, render.Raw).Source())
		if err != nil {
			tb.Fatal(err)
		}
		out := new(buffer)
		return func(dst []byte, i int) []byte {
			out.data = dst
			if err := t.Execute(out, f.maps[i]); err != nil {
				tb.Fatal(err)
			}
			return out.data
		}
	}},
	// A strings.Replacer is made for its values, so there is one for each
	// subscriber, made beforehand.
	{"replacer", func(tb testing.TB, f *fixture) func([]byte, int) []byte {
		var replacers []*strings.Replacer
		for _, all := range f.maps {
			var pairs []string
			for name, v := range all {
				pairs = append(pairs, "%"+name+"%", v)
			}
			replacers = append(replacers, strings.NewReplacer(pairs...))
		}
		out := new(buffer)
		return func(dst []byte, i int) []byte {
			out.data = dst
			if _, err := replacers[i].WriteString(out, f.source); err != nil {
				tb.Fatal(err)
			}
			return out.data
		}
	}},
	// A plain copy of the finished file.
	{"memcpy", func(tb testing.TB, f *fixture) func([]byte, int) []byte {
		return func(dst []byte, i int) []byte { return append(dst, f.want[i]...) }
	}},
}

// A buffer is the least that a writer can be.
type buffer struct{ data []byte }

func (b *buffer) Write(p []byte) (int, error) {
	b.data = append(b.data, p...)
	return len(p), nil
}

func (b *buffer) WriteString(s string) (int, error) {
	b.data = append(b.data, s...)
	return len(s), nil
}

// indices returns the index in all of each of names.
func indices(tb testing.TB, all, names []string) []int {
	tb.Helper()
	var slots []int
	for _, name := range names {
		i := 0
		for i < len(all) && all[i] != name {
			i++
		}
		if i == len(all) {
			tb.Fatalf("the template lacks %s", name)
		}
		slots = append(slots, i)
	}
	return slots
}

// TestEngines checks that all of them make the same files.
func TestEngines(t *testing.T) {
	f := newFixture(t)
	for _, e := range engines {
		execute := e.make(t, f)
		for _, round := range []int{0, 1} {
			for i := range subscribers {
				if got := execute(nil, i); !bytes.Equal(got, f.want[i]) {
					t.Fatalf("round %d: %s makes another file of subscriber %d:\n%s", round, e.name, i, got)
				}
			}
		}
	}
}

// BenchmarkRender makes the file of one subscriber after the other, into a
// buffer that is used again.
func BenchmarkRender(b *testing.B) {
	f := newFixture(b)
	for _, e := range engines {
		b.Run(e.name, func(b *testing.B) {
			execute := e.make(b, f)
			buf := make([]byte, 0, 2*f.size)
			for i := range subscribers {
				if buf = execute(buf[:0], i); !bytes.Equal(buf, f.want[i]) {
					b.Fatalf("it makes another file of subscriber %d", i)
				}
			}
			b.SetBytes(f.size)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				buf = execute(buf[:0], i)
				i = (i + 1) % subscribers
			}
		})
	}
}
