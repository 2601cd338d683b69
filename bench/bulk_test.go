package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/schema"
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
	s, err := wxt.NewSimulation(&wxt.Project{Tags: map[string]string{"SBC_ADDRESS_WXT": "sbc.example.com"}}, tags.Desktop)
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
	_, err := simulation(t).RenderNDJSON(t.Context(), newSubscribersFile(f, n), &out, simulate.BulkOptions{
		Report: func(f schema.Finding) {
			if f.Severity == schema.Error {
				t.Error(f)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(&out)
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
			heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
			o := simulate.BulkOptions{Progress: func(s simulate.BulkStats) {
				if s.Subscribers%64_000 == 0 || s.Subscribers == int64(n) {
					metrics.Read(heap)
					most = max(most, heap[0].Value.Uint64())
				}
			}}
			for b.Loop() {
				stats, err := s.RenderNDJSON(b.Context(), newSubscribersFile(f, n), &out, o)
				if err != nil {
					b.Fatal(err)
				}
				if stats.Subscribers != int64(n) {
					b.Fatalf("it rendered %d", stats.Subscribers)
				}
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
