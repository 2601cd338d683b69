package simulate_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A line is a line of what WriteNDJSON writes.
type line struct {
	ID     string `json:"id"`
	Config string `json:"config"`
}

// stats count what a rendering has done.
type stats struct{ files, skipped int }

// A bulk is how a file is rendered in a test.
type bulk struct {
	in        io.Reader
	reading   simulate.ReadOptions
	options   []simulate.Option
	keepGoing bool

	stats stats
	found schema.Findings
}

func text(in string) *bulk { return &bulk{in: strings.NewReader(in)} }

// render yields what becomes of the subscribers, and keeps the findings.
func (b *bulk) render(ctx context.Context, s *simulate.Simulation, opts ...simulate.Option) iter.Seq2[simulate.Rendered, error] {
	b.reading.File = "in"
	return func(yield func(simulate.Rendered, error) bool) {
		for r, err := range s.Render(ctx, simulate.Read(b.in, b.reading), append(b.options, opts...)...) {
			b.found = append(b.found, r.Findings...)
			var row schema.Findings
			if b.keepGoing && errors.Is(err, simulate.ErrSubscriber) && errors.As(err, &row) {
				b.stats.skipped++
				b.found = append(b.found, row...)
				continue
			}
			if err == nil {
				b.stats.files++
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// ndjson renders subscribers to lines.
func (b *bulk) ndjson(t testing.TB, s *simulate.Simulation) ([]line, error) {
	t.Helper()
	var out bytes.Buffer
	err := simulate.WriteNDJSON(&out, b.render(t.Context(), s, simulate.ForNDJSON()))
	var lines []line
	d := json.NewDecoder(&out)
	d.DisallowUnknownFields()
	for d.More() {
		var l line
		require.NoError(t, d.Decode(&l))
		lines = append(lines, l)
	}
	return lines, err
}

// all is a header with every system tag of the desktop template, and a row.
const (
	header = "id,BWHOST-1,BWLINEPORT-1,BWAUTHPASSWORD-1,BWAUTHUSER-1,BWE164-1,BWNETWORK-CONFERENCE-SIPURI-1,BWVOICE-PORTAL-NUMBER-1"
	alice  = "alice,example.com,alice1,secret,alice2,+15555550100,sip:c@example.com,+15555550101"
)

func TestBulk(t *testing.T) {
	s := simulation(t, "", tags.Desktop)
	jsonAlice := `{"id":"alice","BWHOST-1":"example.com","%BWLINEPORT-1%":"alice1","BWAUTHPASSWORD-1":"secret","BWAUTHUSER-1":"alice2","BWE164-1":"+15555550100","BWNETWORK-CONFERENCE-SIPURI-1":"sip:c@example.com","BWVOICE-PORTAL-NUMBER-1":"+15555550101"`
	want := s.Preview(subscriber(t, `
BWHOST-1 = "example.com"
BWLINEPORT-1 = "alice1"
BWAUTHPASSWORD-1 = "secret"
BWAUTHUSER-1 = "alice2"
BWE164-1 = "+15555550100"
BWNETWORK-CONFERENCE-SIPURI-1 = "sip:c@example.com"
BWVOICE-PORTAL-NUMBER-1 = "+15555550101"`))
	require.Empty(t, want.Findings)
	for _, in := range []string{
		header + "\n" + alice + "\n",
		"\uFEFF" + header + "\r\n" + alice,
		strings.ReplaceAll(header, "BWLINEPORT-1", `"%BWLINEPORT-1%"`) + "\n" + strings.ReplaceAll(alice, "secret", `"secret"`) + "\n\n",
		header + ",SBC_PORT_WXT\n" + alice + ",\n",
		jsonAlice + "}",
		"\uFEFF \n" + jsonAlice + "}\r\n",
		jsonAlice + `,"SBC_PORT_WXT":5060}` + "\n",
	} {
		b := text(in)
		lines, err := b.ndjson(t, s)
		require.NoError(t, err, in)
		assert.Empty(t, b.found, in)
		assert.Empty(t, cmp.Diff([]line{{"alice", string(want.File)}}, lines))
		assert.Equal(t, stats{files: 1}, b.stats)
	}
}

// TestBulkOverrides has custom tags of some subscribers.
func TestBulkOverrides(t *testing.T) {
	s := simulation(t, `tags.SETTINGS_PORTAL_URL_WXT = "https://%BWHOST-1%:%SBC_PORT_WXT%/"`, tags.Desktop)
	common := subscriber(t, strings.Join([]string{`BWHOST-1 = "h.example.com"`, `BWLINEPORT-1 = "c"`, `BWAUTHPASSWORD-1 = "c"`,
		`BWAUTHUSER-1 = "c"`, `BWE164-1 = "1"`, `BWNETWORK-CONFERENCE-SIPURI-1 = "c"`, `BWVOICE-PORTAL-NUMBER-1 = "1"`}, "\n"))
	for _, in := range []string{
		"BWLINEPORT-1,SBC_PORT_WXT,SOURCE_PORT_WXT\na,1,\nb,,\"\"\nc,2,%SBC_PORT_WXT%\n",
		`{"BWLINEPORT-1":"a","SBC_PORT_WXT":1}` + "\n" + `{"BWLINEPORT-1":"b","SOURCE_PORT_WXT":""}` + "\n" + `{"SBC_PORT_WXT":"2","SOURCE_PORT_WXT":"%SBC_PORT_WXT%"}`,
	} {
		b := text(in)
		b.options = []simulate.Option{simulate.WithCommon(common)}
		lines, err := b.ndjson(t, s)
		found := b.found
		require.NoError(t, err)
		require.Len(t, lines, 3)
		for i, want := range []struct{ id, user, port, source string }{{"0000001", "a", "1", "5060"}, {"0000002", "b", "5060", ""}, {"0000003", "c", "2", "2"}} {
			l := lines[i]
			assert.Equal(t, want.id, l.ID)
			assert.Contains(t, l.Config, "<username>"+want.user+"<")
			assert.Contains(t, l.Config, ` port="`+want.port+`"/>`)
			assert.Contains(t, l.Config, "<url>https://h.example.com:"+want.port+"/<")
			assert.Contains(t, l.Config, "<preferred-port>"+want.source+"<")
		}
		require.Len(t, found, 1)
		assert.Equal(t, `error: SOURCE_PORT_WXT: "" is not a whole number from 1 to 65535`, strings.Join(strings.Split(found[0].String(), ": ")[1:3], ": ")+`: `+strings.SplitN(strings.Split(found[0].String(), ": ")[3], " (at", 2)[0])
	}
}

// TestBulkFindings pins what is reported about rows.
func TestBulkFindings(t *testing.T) {
	s := simulation(t, "", tags.Desktop)
	for _, tt := range []struct{ name, in, want string }{
		{"ampersand", header + "\n" + alice + "\n" + strings.Replace(alice, "alice1", "a&b", 1) + "\n", "in:3:19: error: BWLINEPORT-1: the value has &"},
		{"line of a row after quoted lines", header + "\n\n\"" + strings.Replace(alice, ",", "\",", 1) + "\n" + strings.Replace(alice, "alice1", "\"a\n<\"", 1) + "\n", "in:4:19: error: BWLINEPORT-1: the value has <"},
		{"control character", header + "\n" + strings.Replace(alice, "alice1", "a\x01", 1) + "\n", "in:2:19: error: BWLINEPORT-1: the file is not well-formed"},
		{"type", header + "\n" + strings.Replace(alice, "example.com", "a b", 1) + "\n", "in:2:7: warning: BWHOST-1: \"a b\" is not a domain name"},
		{"no column", "BWHOST-1\nexample.com\nexample.com\n", "type/Business Communicator - PC/config-wxt.xml.template:17:19: error: BWLINEPORT-1 has no value"},
		{"no name", `{"BWHOST-1":"example.com"}`, "in:1:1: error: BWLINEPORT-1 has no value"},
		{"unused", header + ",BWOTHER-1\n" + alice + ",x\n", "in:1:119: warning: BWOTHER-1 stands nowhere in the template"},
	} {
		b := text(tt.in)
		lines, err := b.ndjson(t, s)
		found := b.found
		require.NoError(t, err, tt.name)
		assert.NotEmpty(t, lines, tt.name)
		assert.True(t, slices.ContainsFunc(found, func(f schema.Finding) bool { return strings.HasPrefix(f.String(), tt.want) }), "%s: %v", tt.name, []schema.Finding(found))
		seen := make(map[schema.Finding]bool)
		for _, f := range found {
			assert.False(t, seen[f], "%s: told twice: %s", tt.name, f)
			seen[f] = true
		}
	}
	// What is wrong for all of them is reported once, and so is a name without effect.
	b := text(strings.Repeat(`{"BWOTHER-1":"x"}`+"\n", 200))
	b.options = []simulate.Option{simulate.WithWorkers(4)}
	_, err := b.ndjson(t, s)
	require.NoError(t, err)
	assert.Len(t, b.found, 200*7+1)
}

// TestBadRows has rows and headers that can't be read.
func TestBadRows(t *testing.T) {
	s := simulation(t, "", tags.Desktop)
	for in, want := range map[string]string{
		"":                         "in:1:1: error: there is no header",
		"\n\n":                     "in:1:1: error: there is no header",
		"id,SBC_ADRESS_WXT\nx,y\n": "in:1:4: error: unknown tag SBC_ADRESS_WXT (did you mean SBC_ADDRESS_WXT?)",
		"id,X,BWHOST-1,SBC_ADRESS_WXT\nx,y,z,w\n": "in:1:4: error: 2 columns are no tags: X, SBC_ADRESS_WXT (did you mean SBC_ADDRESS_WXT?)",
		"alice,hunter2\nbob,secret\n":             "in:1:1: error: the first line has no tag and no id: it is not a header",
		"BWHOST-1,%BWHOST-1%\nx,y\n":              "in:1:10: error: there are two columns BWHOST-1",
		"id,id\nx,y\n":                            "in:1:4: error: there are two columns id",
		"id,\nx,y\n":                              "in:1:4: error: column 2 has no name",
		"a\"b\n":                                  "in:1:2: error: the header: field 1 has a quotation mark",
		header + "\n" + alice + "\nx,y\n":         "in:3:1: error: it has 2 fields: expected 8",
		header + "\n" + alice + ",z\n":            "in:2:1: error: it has 9 fields: expected 8",
		header + "\n\"" + alice + "\n":            "in:2:1: error: field 1 begins with a quotation mark",
		header + "\n" + alice + "\xE9\n":          "in:2:1: error: it is not valid UTF-8",
		"{}\n{\"BWHOST-1\":1,\"%BWHOST-1%\":2}":   "in:2:15: error: it has two values of BWHOST-1",
		"{}\n{\"id\":1,\"%id%\":2}":               "in:2:9: error: it has two ids",
		"{}\n{\"\":1}":                            "in:2:2: error: it has an empty name",
		"{}\n\n{\"SBC_ADRESS_WXT\":1}":            "in:3:2: error: unknown tag SBC_ADRESS_WXT",
		"{}\n{":                                   "in:2:2: error: it ends",
		"{" + strings.Repeat(" ", 1<<20) + "}\n":  "in:1:1: error: the record is longer than",
	} {
		_, err := text(in).ndjson(t, s)
		assert.ErrorContains(t, err, want)
	}
	in := header + "\nx\n" + alice + "\n\"y\n"
	b := text(in)
	b.keepGoing = true
	lines, err := b.ndjson(t, s)
	require.NoError(t, err)
	assert.Len(t, lines, 1)
	assert.Equal(t, stats{1, 2}, b.stats)
	assert.Equal(t, "in:2:1: error: it has 1 field: expected 8, as the header has [WXT063]\nin:4:1: error: field 1 begins with a quotation mark and has none at its end [WXT063]", b.found.Error())

	for _, in := range []io.Reader{
		iotest.ErrReader(errors.New("broken")),
		io.MultiReader(strings.NewReader(header+"\n"+alice+"\n"), iotest.ErrReader(errors.New("broken"))),
	} {
		_, err = (&bulk{in: in}).ndjson(t, s)
		assert.EqualError(t, err, "broken")
	}
	assert.EqualError(t, simulate.WriteNDJSON(full{}, text(header+"\n"+alice+"\n").render(t.Context(), s, simulate.ForNDJSON())), "full")
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("full") }

// left returns what is in a folder, hidden or not, by its slashed path.
func left(t testing.TB, dir string) []string {
	t.Helper()
	var all []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if path != dir {
			rel, _ := filepath.Rel(dir, path)
			all = append(all, filepath.ToSlash(rel))
		}
		return err
	}))
	return all
}

func rows(n int) string {
	var b strings.Builder
	b.WriteString(header + "\n")
	for i := range n {
		fmt.Fprintf(&b, "user%d,example.com,user%d,p%d,a%d,+%d,sip:c@example.com,1\n", i, i, i, i, i)
	}
	return b.String()
}

func TestRenderFiles(t *testing.T) {
	s := simulation(t, `desktop.encoding = "ISO-8859-1"`, tags.Desktop)
	in := rows(150) + strings.Replace(alice, "alice1", "\"é\"", 1) + "\n"
	lines, err := text(in).ndjson(t, s)
	require.NoError(t, err)
	require.Len(t, lines, 151)
	want := make(map[string]string)
	for i, l := range lines {
		if i < 150 {
			assert.Equal(t, fmt.Sprintf("user%d", i), l.ID, "the input's order")
		}
		want[l.ID+".xml"] = strings.ReplaceAll(l.Config, "é", "\xE9")
	}
	assert.Contains(t, want["alice.xml"], "<username>\xE9<")

	dir := t.TempDir()
	require.NoError(t, simulate.WriteFiles(filepath.Join(dir, "out"), text(in).render(t.Context(), s, simulate.ForFiles("out"))))
	got := make(map[string]string)
	for _, name := range left(t, filepath.Join(dir, "out")) {
		path := filepath.Join(dir, "out", name)
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, fs.FileMode(0o600), info.Mode())
		got[name] = string(data)
	}
	assert.Empty(t, cmp.Diff(want, got))

	path := filepath.Join(dir, "out.zip")
	var before []byte
	for _, opt := range []simulate.Option{simulate.ForFiles("out.zip"), simulate.ForFiles("out.zip"), simulate.ForFiles("out"), simulate.WithWorkers(1)} {
		require.NoError(t, simulate.WriteFiles(path, text(in).render(t.Context(), s, opt)))
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		if before != nil {
			assert.Equal(t, before, data, "the same bytes every time")
		}
		before = data
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o600), info.Mode())
	z, err := zip.OpenReader(path)
	require.NoError(t, err)
	defer z.Close()
	clear(got)
	for i, f := range z.File {
		assert.Equal(t, lines[i].ID+".xml", f.Name)
		r, err := f.Open()
		require.NoError(t, err)
		data, err := io.ReadAll(r)
		require.NoError(t, err)
		got[f.Name] = string(data)
	}
	assert.Empty(t, cmp.Diff(want, got))
}

// TestRefusedIDs has ids that can't be, or could not be told apart as names of
// files.
func TestRefusedIDs(t *testing.T) {
	s := simulation(t, "", tags.Desktop)
	dir := t.TempDir()
	for _, tt := range []struct {
		ids  []string
		want string
	}{
		{[]string{"../x"}, "in:2:1: error: the id \"../x\" can't be the name of a file: it begins with a dot"},
		{[]string{"a/b"}, "it has '/'"},
		{[]string{`a\b`}, "it has '\\\\'"},
		{[]string{"a:b"}, "it has ':'"},
		{[]string{"-rf"}, "begins with a dot, a hyphen or a space"},
		{[]string{"a "}, "ends with a dot or a space"},
		{[]string{"a\u0085"}, "it has"},
		{[]string{"Nul.x"}, "Windows keeps it"},
		{[]string{strings.Repeat("x", 201)}, "longer than 200 bytes"},
		{[]string{"a", "b", "a"}, "in:4:1: error: the id makes the same file name as that of line 2"},
		{[]string{"Alice", "aLICE"}, "in:3:1: error: the id makes the same file name as that of line 2"},
		{[]string{"Straße", "STRASSE"}, "in:3:1: error: the id makes the same file name as that of line 2"},
		{[]string{"é", "e\u0301"}, "in:3:1: error: the id makes the same file name as that of line 2"},
		{[]string{"0000002", ""}, "in:3:1: error: the id makes the same file name as that of line 2"},
	} {
		in := header + "\n"
		for _, id := range tt.ids {
			in += strings.Replace(alice, "alice", `"`+id+`"`, 1) + "\n"
		}
		for _, opt := range []simulate.Option{simulate.ForFiles("out"), simulate.ForFiles("out.zip"), simulate.WithWorkers(2)} {
			assert.ErrorContains(t, simulate.WriteFiles(filepath.Join(dir, "out"), text(in).render(t.Context(), s, opt)), tt.want)
			assert.ErrorContains(t, simulate.WriteFiles(filepath.Join(dir, "out.zip"), text(in).render(t.Context(), s, opt)), tt.want)
		}
		assert.Empty(t, left(t, dir), "nothing is left")
	}
	// Lines of NDJSON are no files.
	lines, err := text(header+"\n"+strings.Replace(alice, "alice", "../x", 1)+"\n"+strings.Replace(alice, "alice", "../x", 1)).ndjson(t, s)
	require.NoError(t, err)
	assert.Equal(t, "../x", lines[1].ID)
}

func TestOutputInTheWay(t *testing.T) {
	s := simulation(t, "", tags.Desktop)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "f"), nil, 0o600))
	assert.ErrorContains(t, simulate.WriteFiles(dir, text(rows(1)).render(t.Context(), s)), "is not empty")
	zip := filepath.Join(dir, "x.zip")
	require.NoError(t, os.Mkdir(zip, 0o700))
	assert.ErrorContains(t, simulate.WriteFiles(zip, text(rows(1)).render(t.Context(), s)), "in the way")
	assert.Equal(t, []string{"f", "x.zip"}, left(t, dir))
}

// TestCancel ends a rendering in the middle: nothing is left of it.
func TestCancel(t *testing.T) {
	s := simulation(t, "", tags.Desktop)
	dir := t.TempDir()
	for _, write := range []func(iter.Seq2[simulate.Rendered, error]) error{
		func(r iter.Seq2[simulate.Rendered, error]) error {
			return simulate.WriteFiles(filepath.Join(dir, "out"), r)
		},
		func(r iter.Seq2[simulate.Rendered, error]) error {
			return simulate.WriteFiles(filepath.Join(dir, "out.zip"), r)
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		in, stuck := io.Pipe() // It has some rows, and then nothing more ever.
		go func() {
			_, err := io.WriteString(stuck, rows(500))
			assert.NoError(t, err)
		}()
		n := 0
		err := write(func(yield func(simulate.Rendered, error) bool) {
			for r, err := range (&bulk{in: in}).render(ctx, s) {
				if n++; n == 100 {
					cancel()
				}
				if !yield(r, err) {
					return
				}
			}
		})
		assert.ErrorIs(t, err, context.Canceled)
		assert.Empty(t, left(t, dir))
		stuck.Close()
	}
}

// TestBulkIsPreview checks for random subscribers that a rendering of many gives
// each the file that its preview is, and tells the same.
func TestBulkIsPreview(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	values := []string{"", "x", "5", "true", "é", "€", "&", "<b>", `"`, "'", "--", "-", "%", "%BWHOST-1%", "%SBC_PORT_WXT%", "%NONE%", "%USE_TLS_WXT%", "\\", "\t", "\x01", "\uFFFF", "]]>", "a.example.com", " "}
	names := []string{"BWHOST-1", "BWLINEPORT-1", "BWAUTHPASSWORD-1", "BWE164-1", "SBC_PORT_WXT", "USE_TLS_WXT", "SETTINGS_PORTAL_URL_WXT", "BWOTHER-1"}
	for range 60 {
		project := fmt.Sprintf("[tags]\nSETTINGS_PORTAL_URL_WXT = %q\nSBC_ADDRESS_WXT = %q\n[desktop]\nencoding = %q\n",
			"https://%BWHOST-1%/%SBC_PORT_WXT%/%BWLINEPORT-1%", "%USE_TLS_WXT%", []string{"UTF-8", "ISO-8859-1"}[rnd.IntN(2)])
		s := simulation(t, project, tags.Desktop)
		var all []map[string]string
		for range 1 + rnd.IntN(8) {
			row := make(map[string]string)
			for _, name := range names {
				if rnd.IntN(4) > 0 {
					row[name] = values[rnd.IntN(len(values))]
				}
			}
			all = append(all, row)
		}
		var asJSON, asCSV bytes.Buffer
		w := csv.NewWriter(&asCSV)
		require.NoError(t, w.Write(names))
		for _, row := range all {
			require.NoError(t, json.NewEncoder(&asJSON).Encode(row))
			var fields []string
			for _, name := range names {
				fields = append(fields, row[name])
			}
			require.NoError(t, w.Write(fields))
		}
		w.Flush()
		for _, in := range []string{asJSON.String(), asCSV.String()} {
			b := text(in)
			lines, err := b.ndjson(t, s)
			require.NoError(t, err)
			require.Len(t, lines, len(all))
			errs := 0
			told := b.found.Error()
			for i, row := range all {
				row = maps.Clone(row)
				for _, name := range names { // An empty field is a system tag's value, and no override.
					switch v, ok := row[name]; {
					case !strings.HasPrefix(in, "{") && v == "" && strings.HasPrefix(name, "BW"):
						row[name] = ""
					case !strings.HasPrefix(in, "{") && v == "" && ok:
						delete(row, name)
					}
				}
				p := s.Preview(&simulate.Subscriber{Tags: row})
				want := string(p.File)
				if p.Encoding == "ISO-8859-1" {
					want = strings.ReplaceAll(want, "\xE9", "é")
				}
				require.Equal(t, want, lines[i].Config, "%s %v", project, row)
				for _, f := range p.Findings {
					if f.Severity == schema.Error {
						errs++
						require.Contains(t, told, f.Message)
					}
				}
			}
			require.LessOrEqual(t, b.found.Count(schema.Error), errs+4, "what is wrong for all is told once more")
		}
	}
}

// TestBulkMemory renders 100,000 subscribers: what the program has from the
// system for its heap stays below a fixed bound.
func TestBulkMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	s := simulation(t, "", tags.Desktop)
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}}
	const n = 100_000
	for name, write := range map[string]func(iter.Seq2[simulate.Rendered, error]) error{
		"ndjson": func(r iter.Seq2[simulate.Rendered, error]) error { return simulate.WriteNDJSON(io.Discard, r) },
		"check": func(r iter.Seq2[simulate.Rendered, error]) error {
			for _, err := range r {
				if err != nil {
					return err
				}
			}
			return nil
		},
	} {
		var most uint64
		in, w := io.Pipe()
		go func() {
			fmt.Fprintln(w, header)
			for i := range n {
				fmt.Fprintf(w, "user%d,example.com,user%d,p%d,a%d,+%d,sip:c@example.com,1\n", i, i, i, i, i)
			}
			w.Close()
		}()
		count := 0
		err := write(func(yield func(simulate.Rendered, error) bool) {
			for r, err := range (&bulk{in: in}).render(t.Context(), s, simulate.WithWorkers(2), simulate.ForNDJSON()) {
				if count++; count%4096 == 0 {
					metrics.Read(sample)
					most = max(most, sample[0].Value.Uint64()+sample[1].Value.Uint64())
				}
				if !yield(r, err) {
					return
				}
			}
		})
		require.NoError(t, err)
		assert.EqualValues(t, n, count)
		assert.Positive(t, most, name)
		assert.Less(t, most, uint64(64<<20), "%s: it had %d MB", name, most>>20)
	}
}

func FuzzBulk(f *testing.F) {
	for _, in := range []string{"", header + "\n" + alice, `{"id":"x","BWHOST-1":"é","SBC_PORT_WXT":"%BWHOST-1%"}`, "id\n\"", "{\"id\":1}\n{\"USE_TLS_WXT\":true}\nx\n", "\xEF\xBB\xBFid,BWHOST-1\r\na,&\r\n"} {
		f.Add(in)
	}
	s := simulation(f, "", tags.Tablet)
	f.Fuzz(func(t *testing.T, in string) {
		var first []line
		skipped := 0
		for i, workers := range []int{1, 3} {
			b := text(in)
			b.keepGoing, b.options = true, []simulate.Option{simulate.WithWorkers(workers)}
			lines, err := b.ndjson(t, s)
			if err != nil {
				return
			}
			require.EqualValues(t, len(lines), b.stats.files)
			if i == 0 {
				first, skipped = lines, b.stats.skipped
			}
			require.Equal(t, first, lines)
		}
		if skipped > 0 {
			return // which ones is not told
		}
		// Each file is that of a preview.
		i := 0
		for sub, err := range simulate.Read(strings.NewReader(in), simulate.ReadOptions{File: "in"}) {
			require.NoError(t, err)
			require.Less(t, i, len(first))
			require.Equal(t, string(s.Preview(sub).File), first[i].Config)
			i++
		}
		require.Equal(t, len(first), i)
	})
}
