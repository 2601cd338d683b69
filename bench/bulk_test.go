package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/tags"
)

// A subscribersFile is CSV with a number of subscribers, made as it is read: the
// fixture's, one after the other, again and again.
type subscribersFile struct {
	header, block, rest []byte
	rows, left          int // in the block; still to come
}

func newSubscribersFile(f *fixture, n int) *subscribersFile {
	var block bytes.Buffer
	for i, row := range f.rows {
		fmt.Fprintf(&block, "user%04d,%s\n", i, strings.Join(row, ","))
	}
	header := []byte("id," + strings.Join(f.names, ",") + "\n")
	return &subscribersFile{header: header, block: block.Bytes(), rest: header, rows: len(f.rows), left: n}
}

func (s *subscribersFile) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		if s.left == 0 {
			return 0, io.EOF
		}
		s.rest = s.block
		if s.left < s.rows {
			end := 0
			for range s.left {
				end += bytes.IndexByte(s.block[end:], '\n') + 1
			}
			s.rest = s.block[:end]
		}
		s.left -= min(s.left, s.rows)
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// A counter counts what is written to it.
type counter struct{ bytes int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += int64(len(p))
	return len(p), nil
}

func simulation(tb testing.TB) *simulate.Simulation {
	tb.Helper()
	c, _ := wxt.Compile(&wxt.Project{Tags: map[string]string{"SBC_ADDRESS_WXT": "sbc.example.com"}})
	s, err := c.Simulation(tags.Desktop)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// TestBulk checks that the files are those of the other engines.
func TestBulk(t *testing.T) {
	f := newFixture(t)
	var out bytes.Buffer
	const n = 100
	for name, subscribers := range map[string]iter.Seq2[*simulate.Subscriber, error]{
		"csv":  simulate.ReadCSV(newSubscribersFile(f, n), simulate.ReadOptions{}),
		"maps": fromMaps(f, n),
	} {
		out.Reset()
		rendered := simulation(t).Render(t.Context(), subscribers, simulate.ForNDJSON())
		err := simulate.WriteNDJSON(&out, func(yield func(simulate.Rendered, error) bool) {
			for r, err := range rendered {
				if err := r.Findings.Err(); err != nil {
					t.Error(name, err)
				}
				if !yield(r, err) {
					return
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		check(t, f, &out, n)
	}
}

// check compares lines with the files of the other engines.
func check(t *testing.T, f *fixture, out *bytes.Buffer, n int) {
	t.Helper()
	d := json.NewDecoder(out)
	for i := range n {
		var line struct{ ID, Config string }
		if err := d.Decode(&line); err != nil {
			t.Fatal(err)
		}
		if line.ID != fmt.Sprintf("user%04d", i%subscribers) || line.Config != string(f.want[i%subscribers]) {
			t.Fatalf("line %d: another file of %s", i+1, line.ID)
		}
	}
	if d.More() {
		t.Fatal("there are more lines")
	}
}

// copySpeed returns how many bytes a second one core copies, a file at a time
// into a buffer that is used again.
func copySpeed(f *fixture) float64 {
	buf := make([]byte, f.size*2)
	var copied int
	start := time.Now()
	for time.Since(start) < 200*time.Millisecond {
		for i := range subscribers {
			copied += copy(buf, f.want[i])
		}
	}
	return float64(copied) / time.Since(start).Seconds()
}

// fromMaps yields subscribers as a program makes them of a database's rows, each
// with a map of its own.
func fromMaps(f *fixture, n int) iter.Seq2[*simulate.Subscriber, error] {
	return func(yield func(*simulate.Subscriber, error) bool) {
		for i := range n {
			row := f.rows[i%subscribers]
			all := make(map[string]string, len(row))
			for j, name := range f.names {
				all[name] = row[j]
			}
			if !yield(&simulate.Subscriber{ID: fmt.Sprintf("user%04d", i%subscribers), Tags: all}, nil) {
				return
			}
		}
	}
}

// run renders subscribers to lines, and returns the largest heap on the way.
func run(b *testing.B, s *simulate.Simulation, subscribers iter.Seq2[*simulate.Subscriber, error], out io.Writer, want int) uint64 {
	var most uint64
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	n := 0
	err := simulate.WriteNDJSON(out, func(yield func(simulate.Rendered, error) bool) {
		for r, err := range s.Render(b.Context(), subscribers, simulate.ForNDJSON()) {
			if n++; n%64_000 == 0 || n == want {
				metrics.Read(heap)
				most = max(most, heap[0].Value.Uint64())
			}
			if !yield(r, err) {
				return
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	if n != want {
		b.Fatalf("it rendered %d", n)
	}
	return most
}

// BenchmarkBulk renders subscribers from end to end: CSV in, NDJSON out to a
// writer that discards it, all cores. It tells how many there are in a second,
// how many MB a second that is, and which share of the speed at which all the
// cores would copy as many bytes.
func BenchmarkBulk(b *testing.B) {
	f := newFixture(b)
	s := simulation(b)
	for _, n := range []int{1_000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			var out counter
			var most uint64
			for b.Loop() {
				most = max(most, run(b, s, simulate.ReadCSV(newSubscribersFile(f, n), simulate.ReadOptions{}), &out, n))
			}
			seconds := b.Elapsed().Seconds()
			speed := float64(out.bytes) / seconds
			b.ReportMetric(float64(n)*float64(b.N)/seconds, "subscribers/s")
			b.ReportMetric(speed/1e6, "MB/s")
			b.ReportMetric(100*speed/copySpeed(f)/float64(runtime.GOMAXPROCS(0)), "%copy")
			b.ReportMetric(float64(most)/1e6, "heap-MB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkRows renders the same subscribers from CSV and from a program's maps, in
// turn, and tells how many times as long the maps take, the making of them included.
func BenchmarkRows(b *testing.B) {
	f := newFixture(b)
	s := simulation(b)
	const n = 100_000
	var csv, maps time.Duration
	for b.Loop() {
		start := time.Now()
		run(b, s, simulate.ReadCSV(newSubscribersFile(f, n), simulate.ReadOptions{}), io.Discard, n)
		between := time.Now()
		run(b, s, fromMaps(f, n), io.Discard, n)
		csv, maps = csv+between.Sub(start), maps+time.Since(between)
	}
	b.ReportMetric(float64(csv.Nanoseconds())/float64(b.N)/n, "ns/csv-row")
	b.ReportMetric(float64(maps.Nanoseconds())/float64(b.N)/n, "ns/map-row")
	b.ReportMetric(float64(maps)/float64(csv), "times-csv")
	b.ReportMetric(0, "ns/op")
}
