package merge_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/merge"
	"github.com/dtafgen/wxt/internal/linediff"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/testkit"
)

// mergeCase reads three archives.
func mergeCase(t testing.TB, name string) (old, new, mine *dtaf.Archive) {
	t.Helper()
	ar, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	require.NoError(t, err)
	sides := map[string]*dtaf.Archive{"old": {}, "new": {}, "mine": {}}
	for _, f := range ar.Files {
		side, file, _ := strings.Cut(f.Name, "/")
		require.NoError(t, sides[side].Put(file, f.Data))
	}
	return sides["old"], sides["new"], sides["mine"]
}

// A result is what a merge gives.
type result struct {
	Archive *dtaf.Archive
	Report  *merge.Report
}

func mergeAll(old, new, mine *dtaf.Archive, o merge.Options) (result, error) {
	a, r, err := merge.Merge(merge.Input{Old: old, New: new, Mine: mine}, o)
	return result{a, r}, err
}

func mergeOK(t testing.TB, old, new, mine *dtaf.Archive, o merge.Options) result {
	t.Helper()
	r, err := mergeAll(old, new, mine, o)
	require.NoError(t, err)
	_, err = json.Marshal(r.Report)
	require.NoError(t, err)
	return r
}

// open returns the conflicts that are not decided.
func (r result) open() []merge.Change {
	return slices.DeleteFunc(slices.Clone(r.Report.Changes), func(c merge.Change) bool { return c.Outcome != merge.Conflict || c.Choice != "" })
}

// count returns how many of the changes had an outcome.
func (r result) count(o merge.Outcome) int {
	n := 0
	for _, c := range r.Report.Changes {
		if c.Outcome == o {
			n++
		}
	}
	return n
}

// place returns the name that a choice can call a change by.
func place(c merge.Change) string {
	if c.Path == "" {
		return c.File
	}
	return c.File + ":" + c.Path
}

func value(s *string) string {
	if s == nil {
		return "none"
	}
	return fmt.Sprintf("%q", *s)
}

// describe writes a report, and what the result has that the new archive has not.
func describe(new *dtaf.Archive, r result) string {
	var b strings.Builder
	for _, v := range r.Report.Vendor {
		fmt.Fprintf(&b, "vendor: %s: %s %s %s", filepath.Base(v.File), v.Kind, v.Tag, v.Path)
		if v.OldPath != "" {
			fmt.Fprintf(&b, " (was %s)", v.OldPath)
		}
		fmt.Fprintf(&b, ": %s -> %s\n", value(v.Old), value(v.New))
	}
	for _, c := range r.Report.Changes {
		fmt.Fprintf(&b, "%s: %s: %s %s: %s -> %s, now %s", c.Outcome, filepath.Base(c.File), c.Kind, c.Path, value(c.Old), value(c.Mine), value(c.New))
		if c.Reason != "" {
			fmt.Fprintf(&b, " (%s)", c.Reason)
		}
		if c.Choice != "" {
			fmt.Fprintf(&b, " [%s]", c.Choice)
		}
		if len(c.Within) > 0 {
			fmt.Fprintf(&b, " %q", c.Within)
		}
		b.WriteString("\n")
	}
	for _, n := range r.Report.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	names := make(map[string]bool)
	if renamed(new) != renamed(r.Archive) {
		fmt.Fprintf(&b, "renamed to %s\n", renamed(r.Archive))
		r = result{Archive: r.Archive.Clone(), Report: r.Report}
		if err := r.Archive.SetDeviceType(renamed(new)); err != nil {
			fmt.Fprintln(&b, err)
		}
	}
	for f := range new.Files() {
		names[f.Name] = true
	}
	for f := range r.Archive.Files() {
		names[f.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		was, _ := new.File(name)
		is, _ := r.Archive.File(name)
		a, z := linediff.Split(string(was)), linediff.Split(string(is))
		b.WriteString(linediff.Unified("new/"+name, "result/"+name, a, z, linediff.Diff(a, z)))
	}
	return b.String()
}

func renamed(a *dtaf.Archive) string {
	d, err := a.Manifest()
	if err != nil {
		return ""
	}
	name, _ := manifest.DeviceType(d)
	return name
}

func TestMerge(t *testing.T) {
	for _, name := range []string{"tags", "moved", "codecs", "files", "manifest", "requests"} {
		t.Run(name, func(t *testing.T) {
			old, new, mine := mergeCase(t, name)
			open := mergeOK(t, old, new, mine, merge.Options{})
			out := "# open\n" + describe(new, open)
			ours := mergeOK(t, old, new, mine, merge.Options{Default: merge.Ours})
			out += "\n# ours\n" + describe(new, ours)
			testkit.Golden(t, name+".golden", out)
			for _, c := range ours.Report.Changes {
				assert.False(t, c.Outcome == merge.Conflict && c.Choice == "", "%s", place(c))
			}
			theirs := mergeOK(t, old, new, mine, merge.Options{Default: merge.Theirs})
			assert.Empty(t, theirs.open())
			requireFiles(t, open.Archive, theirs.Archive)

			// Every conflict can be decided by its own name.
			var places []string
			for _, c := range open.open() {
				places = append(places, place(c))
			}
			each := mergeOK(t, old, new, mine, merge.Options{Ours: append(places, "nowhere")})
			assert.Equal(t, []string{"nowhere"}, each.Report.Unused)
			for i, c := range each.Report.Changes {
				assert.Equal(t, ours.Report.Changes[i], c)
			}

			checkLaws(t, old, new, mine)
		})
	}
}

func requireFiles(t testing.TB, want, got *dtaf.Archive) {
	t.Helper()
	text := func(a *dtaf.Archive) string {
		var b strings.Builder
		for f := range a.Files() {
			fmt.Fprintf(&b, "-- %s --\n%s", f.Name, f.Data)
		}
		return b.String()
	}
	require.Empty(t, cmp.Diff(text(want), text(got)))
}

// checkLaws checks what holds for any three archives.
func checkLaws(t testing.TB, old, new, mine *dtaf.Archive) {
	t.Helper()
	// No change of the partner's.
	r := mergeOK(t, old, new, old, merge.Options{})
	requireFiles(t, new, r.Archive)
	require.Empty(t, r.Report.Changes)
	// No change of the vendor's.
	r = mergeOK(t, old, old, mine, merge.Options{})
	requireFiles(t, mine, r.Archive)
	require.Zero(t, r.count(merge.Conflict))
	require.Empty(t, r.Report.Vendor)
	// The partner has what the vendor has now.
	r = mergeOK(t, old, new, new, merge.Options{})
	requireFiles(t, new, r.Archive)
	require.Zero(t, r.count(merge.Carried)+r.count(merge.Conflict))
}

// TestMergeEncodings merges what is written in several encodings.
func TestEncodings(t *testing.T) {
	archive := func(data []byte) *dtaf.Archive {
		a, err := dtaf.New(dtaf.File{Name: "type/X/t.xml", Data: data})
		require.NoError(t, err)
		return a
	}
	latin1 := func(s string) []byte {
		b, err := charmap.ISO8859_1.NewEncoder().Bytes([]byte(`<?xml version="1.0" encoding="ISO-8859-1"?>` + s))
		require.NoError(t, err)
		return b
	}
	old := archive([]byte(`<a><b x="1"/><c/></a>`))
	new := archive(latin1(`<a><b x="1"/><c y="ö"/></a>`))
	mine := archive([]byte("\xEF\xBB\xBF" + `<a><b x="€ü"/><d>€</d><c/></a>`))
	r := mergeOK(t, old, new, mine, merge.Options{})
	got, _ := r.Archive.File("type/X/t.xml")
	assert.Equal(t, string(latin1(`<a><b x="&#8364;ü"/><d>&#8364;</d><c y="ö"/></a>`)), string(got))
	assert.Equal(t, 2, r.count(merge.Carried))

	// A comment that the encoding can't hold is not what counts; CDATA is.
	mine = archive([]byte(`<a><b x="1"/><d><![CDATA[€]]></d><c/></a>`))
	r = mergeOK(t, old, new, mine, merge.Options{})
	require.Len(t, r.open(), 1)
	assert.Equal(t, "type/X/t.xml", place(r.open()[0]))
	requireFiles(t, new, r.Archive)
}

func TestLines(t *testing.T) {
	for _, tt := range []struct {
		old, new, mine, want string
		conflicts            int
	}{
		{"a\nb\nc\n", "a\r\nb\r\nc\r\n", "a\nB\nc\n", "a\r\nB\r\nc\r\n", 0},
		{"a\nb\nc\nd\n", "a\nb\nc\nD", "A\nb\nc\nd\n", "A\nb\nc\nD", 0},
		{"a\nb\n", "a\nb", "a\nb\nc\n", "a\nb\nc", 0},
		{"a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n", "a\nX\nc\n", 1},
		{"a\nb\nc\n", "a\nX\nc\n", "a\nX\nc\n", "a\nX\nc\n", 0},
		{"a\nb\nc\n", "a\nX\nc\n", "a\nb\nC\n", "a\nX\nc\n", 1}, // next to one another
		{"a\nb\nc\nd\n", "a\nX\nc\nd\n", "a\nb\nc\nD\n", "a\nX\nc\nD\n", 0},
		{"a\nb\nc\n", "", "a\nb\nC\n", "", 1},
		{"a\nb\nc\n", "z\na\nb\nc\n", "a\nb\n", "z\na\nb\n", 0},
		{"a\n", "a\nx\n", "a\ny\n", "a\nx\n", 1},
	} {
		archive := func(s string) *dtaf.Archive {
			a, err := dtaf.New(dtaf.File{Name: "n.txt", Data: []byte(s)})
			require.NoError(t, err)
			return a
		}
		r := mergeOK(t, archive(tt.old), archive(tt.new), archive(tt.mine), merge.Options{})
		got, _ := r.Archive.File("n.txt")
		assert.Equal(t, tt.want, string(got), "%q %q %q", tt.old, tt.new, tt.mine)
		assert.Len(t, r.open(), tt.conflicts, "%q %q %q", tt.old, tt.new, tt.mine)
		checkLaws(t, archive(tt.old), archive(tt.new), archive(tt.mine))
	}
}

// TestMergeBinary merges what is no text, as a whole.
func TestBinary(t *testing.T) {
	archive := func(data ...byte) *dtaf.Archive {
		a, err := dtaf.New(dtaf.File{Name: "ring.wav", Data: data})
		require.NoError(t, err)
		return a
	}
	one, two, three := archive(0xFF, 0, 1), archive(0xFF, 0, 2), archive(0xFF, 0, 3)
	checkLaws(t, one, two, three)
	r := mergeOK(t, one, two, three, merge.Options{})
	require.Len(t, r.open(), 1)
	assert.Equal(t, "ring.wav", place(r.open()[0]))
	requireFiles(t, two, r.Archive)
	requireFiles(t, three, mergeOK(t, one, two, three, merge.Options{Ours: []string{"ring.wav"}}).Archive)
	none := &dtaf.Archive{}
	requireFiles(t, none, mergeOK(t, one, one, none, merge.Options{}).Archive)
	assert.Len(t, mergeOK(t, one, two, none, merge.Options{}).open(), 1)
	assert.Len(t, mergeOK(t, one, none, two, merge.Options{}).open(), 1)
	requireFiles(t, two, mergeOK(t, one, none, two, merge.Options{Default: merge.Ours}).Archive)
	requireFiles(t, none, mergeOK(t, one, two, none, merge.Options{Default: merge.Ours}).Archive)
}

// TestMergeChoices has choices of several widths.
func TestChoices(t *testing.T) {
	old, new, mine := mergeCase(t, "codecs")
	r := mergeOK(t, old, new, mine, merge.Options{Ours: []string{"config/services"}})
	assert.Empty(t, r.open())
	assert.Empty(t, r.Report.Unused)
	r = mergeOK(t, old, new, mine, merge.Options{Ours: []string{"config-wxt.xml.template"}, Theirs: []string{"config/services/calls/codecs"}})
	for _, c := range r.Report.Changes {
		if c.Outcome == merge.Conflict {
			assert.Equal(t, merge.Theirs, c.Choice, "the longer one counts")
		}
	}
	_, err := mergeAll(old, nil, mine, merge.Options{})
	assert.ErrorContains(t, err, "no new archive")
}

// TestMergeTime has archives that nobody would make.
func TestTime(t *testing.T) {
	const n = 20000
	repeat := func(before, format, after string, from int) string {
		var b strings.Builder
		b.WriteString(before)
		for i := range n {
			fmt.Fprintf(&b, format, from+i)
		}
		return b.String() + after
	}
	const root = `<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`
	const first = `<command xsi:type="SystemSIPDeviceTypeAddRequest21" xmlns=""><deviceType>X</deviceType>`
	for name, write := range map[string]func(from int) string{
		"requests": func(from int) string {
			return repeat(root+first+"</command>", `<command xsi:type="A%d" xmlns=""/>`, "</BroadsoftDocument>", from)
		},
		"elements": func(from int) string {
			return repeat(root+first, "<e%d>1</e%[1]d>", "</command></BroadsoftDocument>", from)
		},
		"lines": func(from int) string { return repeat("", "%d\n", "", from) },
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			var archives []*dtaf.Archive
			for i := range 3 {
				a, err := dtaf.New(dtaf.File{Name: "oci/X.oci", Data: []byte(write(i * n / 2))})
				require.NoError(t, err)
				archives = append(archives, a)
			}
			mergeOK(t, archives[0], archives[1], archives[2], merge.Options{})
			assert.Less(t, time.Since(start), 30*time.Second)
		})
	}
}

func FuzzMergeArchives(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nX\nc\n", "a\nb\nC\n")
	f.Add("<a><b/></a>", "<a><b x='1'/></a>", "<a><c/></a>")
	f.Add("\xFF\x00", "\xFF\x01", "x")
	for _, name := range []string{"manifest"} {
		old, new, mine := mergeCase(f, name)
		var data []string
		for _, a := range []*dtaf.Archive{old, new, mine} {
			n, err := a.ManifestName()
			require.NoError(f, err)
			d, _ := a.File(n)
			data = append(data, string(d))
		}
		f.Add(data[0], data[1], data[2])
	}
	f.Fuzz(func(t *testing.T, old, new, mine string) {
		for _, name := range []string{"type/X/file", "oci/X.oci"} {
			archive := func(s string) *dtaf.Archive {
				a, err := dtaf.New(dtaf.File{Name: name, Data: []byte(s)})
				require.NoError(t, err)
				return a
			}
			o, n, m := archive(old), archive(new), archive(mine)
			r, err := mergeAll(o, n, m, merge.Options{})
			if err != nil {
				continue
			}
			got, _ := r.Archive.File(name)
			if r.count(merge.Carried) == 0 && len(slices.Collect(r.Archive.Files())) == 1 && got != nil {
				require.True(t, bytes.Equal([]byte(new), got))
			}
			if r, err = mergeAll(o, n, o, merge.Options{}); err == nil {
				requireFiles(t, n, r.Archive)
				require.Empty(t, r.Report.Changes)
			}
		}
	})
}

// TestMergeRenamed has a device type that the vendor renamed: what the partner
// added goes along.
func TestRenamed(t *testing.T) {
	old, _, mine := mergeCase(t, "files")
	new := old.Clone()
	require.NoError(t, new.SetDeviceType("Webex - PC"))
	r := mergeOK(t, old, new, mine, merge.Options{})
	assert.Empty(t, r.open())
	got, ok := r.Archive.File("type/Webex - PC/acme.txt")
	assert.True(t, ok)
	assert.Equal(t, "acme\n", string(got))
	for f := range r.Archive.Files() {
		assert.NotContains(t, f.Name, "Business")
	}
	checkLaws(t, old, new, mine)
	// Both renamed it.
	require.NoError(t, mine.SetDeviceType("Acme - PC"))
	r = mergeOK(t, old, new, mine, merge.Options{})
	require.Len(t, r.open(), 1)
	assert.Equal(t, "deviceType", r.open()[0].Path)
	r = mergeOK(t, old, new, mine, merge.Options{Ours: []string{"deviceType"}})
	_, ok = r.Archive.File("type/Acme - PC/acme.txt")
	assert.True(t, ok)
	// The vendor's old name, and the partner's, are none of the new archive's.
	checkLaws(t, old, new, mine)
}

// TestVendorChanges lists what the vendor changed, where the partner changed nothing.
func TestVendorChanges(t *testing.T) {
	manifest := func(commands string) []byte {
		return []byte(`<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` + commands + "</BroadsoftDocument>")
	}
	const (
		device  = `<command xsi:type="SystemSIPDeviceTypeAddRequest21" xmlns=""><deviceType>X</deviceType><isTrusted>%s</isTrusted></command>`
		service = `<command xsi:type="SystemSIPDeviceTypeServiceModifyRequest" xmlns=""><deviceType>X</deviceType><supportsPolycomPhoneServices>%s</supportsPolycomPhoneServices></command>`
	)
	archive := func(text, binary, commands string) *dtaf.Archive {
		a, err := dtaf.New(dtaf.File{Name: "oci/X.oci", Data: manifest(commands)},
			dtaf.File{Name: "type/X/a.txt", Data: []byte(text)}, dtaf.File{Name: "type/X/ring.wav", Data: []byte(binary)})
		require.NoError(t, err)
		return a
	}
	whole := func(trusted, polycom string) string {
		return fmt.Sprintf(device, trusted) + fmt.Sprintf(service, polycom)
	}
	old := archive("a\nb\n", "RIFF\x00\x01", whole("true", "true"))
	for name, tt := range map[string]struct {
		new  *dtaf.Archive
		want []string
	}{
		"nothing":            {old, nil},
		"line ends":          {archive("a\r\nb\r\n", "RIFF\x00\x01", whole("true", "true")), nil},
		"text":               {archive("a\nc\n", "RIFF\x00\x01", whole("true", "true")), []string{"file changed type/X/a.txt "}},
		"bytes":              {archive("a\nb\n", "RIFF\x00\x02", whole("true", "true")), []string{"file changed type/X/ring.wav "}},
		"text becomes bytes": {archive("a\x00", "RIFF\x00\x01", whole("true", "true")), []string{"file changed type/X/a.txt "}},
		"bytes become none":  {archive("a\nb\n", "", whole("true", "true")), []string{"file changed type/X/ring.wav "}},
		"device type":        {archive("a\nb\n", "RIFF\x00\x01", whole("false", "true")), []string{"option oci/X.oci isTrusted"}},
		"services": {archive("a\nb\n", "RIFF\x00\x01", whole("true", "false")),
			[]string{"option oci/X.oci SystemSIPDeviceTypeServiceModifyRequest/supportsPolycomPhoneServices"}},
		"request gone": {archive("a\nb\n", "RIFF\x00\x01", fmt.Sprintf(device, "true")), []string{"request oci/X.oci SystemSIPDeviceTypeServiceModifyRequest"}},
		"version": {archive("a\nb\n", "RIFF\x00\x01", strings.ReplaceAll(whole("true", "true"), "AddRequest21", "AddRequest22")),
			[]string{"request oci/X.oci xsi:type"}},
	} {
		var got []string
		for _, c := range mergeOK(t, old, tt.new, old, merge.Options{}).Report.Vendor {
			got = append(got, c.Kind+" "+c.File+" "+c.Path)
		}
		assert.Equal(t, tt.want, got, name)
	}
}
