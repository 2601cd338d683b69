package dtaf

import (
	"archive/zip"
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/schema"
)

var november = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// An entry of a zip that a test makes.
type entry struct {
	name string
	data string
	edit func(*zip.FileHeader)
}

func mode(m fs.FileMode) func(*zip.FileHeader) {
	return func(h *zip.FileHeader) { h.SetMode(m) }
}

func makeZip(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name}
		if e.data != "" {
			h.Method = zip.Deflate
		}
		if e.edit != nil {
			e.edit(h)
		}
		w, err := z.CreateHeader(h)
		require.NoError(t, err)
		if e.data != "" {
			_, err = io.WriteString(w, e.data)
			require.NoError(t, err)
		}
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func read(data []byte, opts ...Option) (*Archive, error) {
	return Read(bytes.NewReader(data), int64(len(data)), opts...)
}

func fileNames(a *Archive) []string {
	var list []string
	for f := range a.Files() {
		list = append(list, f.Name)
	}
	return list
}

func TestReadForms(t *testing.T) {
	want := []string{"oci/Phone.oci", "readme.txt", "type/Phone/a.template"}
	for name, tt := range map[string]struct {
		root    string
		entries []entry
		want    []string
	}{
		"at the root": {"", []entry{{name: "type/"}, {name: "type/Phone/a.template"}, {name: "oci/Phone.oci"}, {name: "readme.txt"}}, want},
		"wrapped":     {"Top 1.0", []entry{{name: "Top 1.0/"}, {name: "Top 1.0/type/Phone/a.template"}, {name: "Top 1.0/oci/Phone.oci"}, {name: "Top 1.0/readme.txt"}}, want},
		"wrapped twice": {"a/b", []entry{{name: "a/b/type/Phone/a.template"}, {name: "a/b/oci/Phone.oci"}, {name: "a/b/readme.txt"}, {name: "a/other.txt"}},
			[]string{"a/other.txt", "oci/Phone.oci", "readme.txt", "type/Phone/a.template"}},
		"in a folder called oci": {"oci", []entry{{name: "oci/oci/Phone.oci"}, {name: "oci/type/Phone/a.template"}, {name: "oci/readme.txt"}}, want},
		"without a manifest":     {"Top", []entry{{name: "Top/type/Phone/a.template"}, {name: "Top/readme.txt"}}, []string{"readme.txt", "type/Phone/a.template"}},
		"beside a Mac's files": {"Top", []entry{{name: "Top/oci/Phone.oci"}, {name: "__MACOSX/Top/oci/._Phone.oci"}},
			[]string{"oci/Phone.oci"}},
		"with backslashes": {"Top", []entry{{name: `Top\oci\Phone.oci`}, {name: `Top\type\Phone\a.template`}, {name: `Top\empty\`}}, []string{"oci/Phone.oci", "type/Phone/a.template"}},
		"no folder":        {"", []entry{{name: "x.txt"}}, []string{"x.txt"}},
		"nothing":          {"", nil, nil},
		"DOS names": {"", []entry{{name: "oci/T\x82l.oci", edit: func(h *zip.FileHeader) { h.NonUTF8 = true }}},
			[]string{"oci/Tél.oci"}},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := read(makeZip(t, tt.entries...))
			require.NoError(t, err)
			assert.Equal(t, tt.want, fileNames(a))
			assert.Equal(t, tt.root, a.Root())
			assert.Equal(t, len(tt.want), len(a.files))
		})
	}
}

// hostile is archives that are refused, and what is said of them.
func hostile(t testing.TB) map[string]struct {
	data []byte
	want string
} {
	raw := func(edit func(*zip.FileHeader), packed string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		h := &zip.FileHeader{Name: "a", CRC32: crc32.ChecksumIEEE([]byte("data")), CompressedSize64: uint64(len(packed)), UncompressedSize64: 4}
		edit(h)
		w, err := z.CreateRaw(h)
		require.NoError(t, err)
		_, err = io.WriteString(w, packed)
		require.NoError(t, err)
		require.NoError(t, z.Close())
		return b.Bytes()
	}
	many := make([]entry, 1001)
	for i := range many {
		many[i].name = strings.Repeat("x/", i%50) + string(rune('A'+i/50)) + ".txt"
	}
	thousands := make([]entry, 12000)
	for i := range thousands {
		thousands[i] = entry{name: strings.Repeat("f", 1+i%200), edit: func(h *zip.FileHeader) { h.Comment = strings.Repeat("c", 100) }}
	}
	good := makeZip(t, entry{name: "oci/A.oci", data: strings.Repeat("data", 100)})
	flipped := slices.Clone(good)
	flipped[45] ^= 0xFF
	return map[string]struct {
		data []byte
		want string
	}{
		"empty file":                {nil, "not a zip archive, or damaged"},
		"text":                      {[]byte("hello"), "not a zip archive, or damaged"},
		"truncated":                 {good[:len(good)-10], "not a zip archive, or damaged"},
		"bit flip":                  {flipped, `entry "oci/A.oci": is damaged`},
		"absolute":                  {makeZip(t, entry{name: "/etc/passwd"}), `x.zip: entry "/etc/passwd": is an absolute path`},
		"climbing":                  {makeZip(t, entry{name: "../a"}), `entry "../a": climbs out of its folder`},
		"climbing inside":           {makeZip(t, entry{name: "a/../../b"}), "climbs out of its folder"},
		"climbing folder":           {makeZip(t, entry{name: "a/../"}), "climbs out of its folder"},
		"dot":                       {makeZip(t, entry{name: "a/./b"}), "empty part"},
		"empty part":                {makeZip(t, entry{name: "a//b"}), "empty part"},
		"climbing with backslashes": {makeZip(t, entry{name: `a\..\..\b`}), "climbs out of its folder"},
		"drive with backslashes":    {makeZip(t, entry{name: `C:\a`}), "drive letter"},
		"absolute with backslashes": {makeZip(t, entry{name: `\\host\a`}), "is an absolute path"},
		"two forms of a letter":     {makeZip(t, entry{name: "Te\u0301l"}, entry{name: "T\u00e9l"}), "or in how its letters are encoded"},
		"two letters as one":        {makeZip(t, entry{name: "stra\u00dfe"}, entry{name: "STRASSE"}), "only in case"},
		"dot at the end":            {makeZip(t, entry{name: "a./b"}), "ends with a dot or a space"},
		"space at the end":          {makeZip(t, entry{name: "a "}), "ends with a dot or a space"},
		"device's name":             {makeZip(t, entry{name: "oci/con.oci"}), "take for a device"},
		"port's name":               {makeZip(t, entry{name: "COM\u00b9"}), "take for a device"},
		"stream of a file":          {makeZip(t, entry{name: "ab:stream"}), "has a colon"},
		"several archives":          {makeZip(t, entry{name: "A/oci/A.oci"}, entry{name: "B/oci/B.oci"}), "x.zip: it holds several archives"},
		"drive":                     {makeZip(t, entry{name: "C:/a"}), "drive letter"},
		"drive alone":               {makeZip(t, entry{name: "c:a"}), "drive letter"},
		"NUL":                       {makeZip(t, entry{name: "a\x00b"}), "control character"},
		"line end":                  {makeZip(t, entry{name: "a\nb"}), "control character"},
		"C1 control":                {makeZip(t, entry{name: "a\u0085b"}), "control character"},
		"no name":                   {makeZip(t, entry{name: ""}), "has no name"},
		"slash alone":               {makeZip(t, entry{name: "/"}), "has no name"},
		"long name":                 {makeZip(t, entry{name: strings.Repeat("n", 256)}), "has a name of 256 bytes"},
		"twice":                     {makeZip(t, entry{name: "a"}, entry{name: "a"}), "comes twice"},
		"twice, other case":         {makeZip(t, entry{name: "oci/É"}, entry{name: "OCI/é"}), "differs from \"oci/É\" only in case"},
		"file and folder":           {makeZip(t, entry{name: "a"}, entry{name: "A/b"}), "stands in a folder with the name of the file"},
		"folder and file":           {makeZip(t, entry{name: "a/b/c"}, entry{name: "A/B"}), "is the name of the folder of"},
		"file and empty folder":     {makeZip(t, entry{name: "a/"}, entry{name: "a"}), "is a folder with the name of the file"},
		"twice, once wrapped":       {makeZip(t, entry{name: "T/oci/A.oci"}, entry{name: "T/x"}, entry{name: "X"}), "only in case"},
		"symbolic link":             {makeZip(t, entry{"a", "/dev/zero", mode(fs.ModeSymlink | 0o777)}), `entry "a": is not a regular file but a symbolic link`},
		"link in place of a folder": {makeZip(t, entry{"a/", "", mode(fs.ModeSymlink | 0o777)}), "is not a regular file but a symbolic link"},
		"device":                    {makeZip(t, entry{"a", "", mode(fs.ModeDevice | fs.ModeCharDevice | 0o666)}), "but a device"},
		"named pipe":                {makeZip(t, entry{"a", "", mode(fs.ModeNamedPipe | 0o666)}), "but a named pipe"},
		"socket":                    {makeZip(t, entry{"a", "", mode(fs.ModeSocket | 0o666)}), "but a socket"},
		"folder without a slash":    {makeZip(t, entry{"a", "", mode(fs.ModeDir | 0o777)}), "but a folder"},
		"folder with data":          {bytes.ReplaceAll(raw(func(h *zip.FileHeader) { h.Name = "a_" }, "data"), []byte("a_"), []byte("a/")), "is a folder that holds data"},
		"encrypted":                 {raw(func(h *zip.FileHeader) { h.Flags = 1 }, "data"), "is encrypted"},
		"unknown method":            {raw(func(h *zip.FileHeader) { h.Method = 99 }, "data"), "cannot be read: zip: unsupported compression algorithm"},
		"wrong checksum":            {raw(func(h *zip.FileHeader) { h.CRC32++ }, "data"), "is damaged: zip: checksum error"},
		"size too small":            {raw(func(h *zip.FileHeader) { h.UncompressedSize64 = 2 }, "data"), "is damaged"},
		"size too large":            {raw(func(h *zip.FileHeader) { h.UncompressedSize64 = 1 << 40 }, "data"), "is damaged"},
		"packed size too large":     {raw(func(h *zip.FileHeader) { h.CompressedSize64 = 1 << 20 }, "data"), "x.zip: "},
		"many entries":              {makeZip(t, many...), "the archive has 1001 entries: expected at most 1000"},
		"thousands of entries":      {makeZip(t, thousands...), "x.zip: the archive's directory is longer than that of 1000 entries"},
		"bomb":                      {makeZip(t, entry{name: "a", data: strings.Repeat("\x00", 3<<20)}), "makes more than 200 bytes of each compressed one"},
	}
}

func TestHostileArchives(t *testing.T) {
	for name, tt := range hostile(t) {
		t.Run(name, func(t *testing.T) {
			a, err := read(tt.data, WithName("x.zip"))
			var refused *Error
			require.ErrorAs(t, err, &refused)
			assert.Nil(t, a)
			assert.Equal(t, "x.zip", refused.Archive)
			assert.Contains(t, err.Error(), tt.want)
		})
	}
}

func TestLimits(t *testing.T) {
	noise := make([]byte, 3000)
	for i := range noise {
		noise[i] = byte(i * i >> 3)
	}
	data := makeZip(t, entry{name: "a", data: string(noise)}, entry{name: "b", data: string(noise)}, entry{name: "zero", data: strings.Repeat("0", 2<<20)})
	generous := Limits{Ratio: 5000}
	a, err := read(data, WithLimits(generous))
	require.NoError(t, err)
	assert.Equal(t, 3, len(a.files))
	for want, limits := range map[string]Limits{
		"expected at most 100":                               {Archive: 100},
		"has 3 entries: expected at most 2":                  {Entries: 2},
		`"a": has more than 2999 bytes`:                      {Entry: 2999},
		`"b": makes more than 5999 bytes of all`:             {Total: 5999},
		`"zero": makes more than 100 bytes of each`:          {Ratio: 100},
		`entry "zero": has a name of 4 bytes`:                {NameLength: 3},
		`"zero": makes more than 200 bytes of each`:          {},
		`"zero": has more than 2097151 bytes: expected at m`: {Entry: 2<<20 - 1, Ratio: 1e18},
	} {
		_, err := read(data, WithLimits(limits))
		assert.ErrorContains(t, err, want)
	}
	_, err = read(data, WithLimits(Limits{Entry: 3000, Total: 6000}))
	assert.ErrorContains(t, err, `"zero"`)
	// What a directory may have is no bound for the files.
	random := make([]byte, 1<<20)
	rand.NewChaCha8([32]byte{}).Read(random)
	_, err = read(makeZip(t, entry{name: "a", data: string(random)}), WithLimits(Limits{Entries: 2}))
	assert.NoError(t, err)
	_, err = Read(bytes.NewReader(data), -1)
	assert.Error(t, err)
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.zip")
	require.NoError(t, os.WriteFile(name, makeZip(t, entry{name: "oci/A.oci", data: "x"}), 0o600))
	a, err := Open(name)
	require.NoError(t, err)
	assert.Equal(t, name, a.Name())
	_, err = a.Manifest()
	assert.ErrorContains(t, err, name+"/oci/A.oci:1:1: ")

	for path, want := range map[string]string{
		filepath.Join(dir, "missing"): "no such file",
		os.DevNull:                    "not a regular file",
	} {
		_, err := Open(path)
		var refused *Error
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, path, refused.Archive)
		assert.ErrorContains(t, err, want)
	}
	_, err = Open(filepath.Join(dir, "missing"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

func TestManifestRefusals(t *testing.T) {
	for want, files := range map[string][]File{
		"there is no manifest: expected a file oci/<device type>.oci":                nil,
		"there are 2 manifests, oci/A.oci and oci/B.OCI: expected one":               {{Name: "oci/A.oci"}, {Name: "oci/B.OCI"}},
		"there is no manifest in the folder oci, but there is A.oci: expected":       {{Name: "A.oci"}},
		"oci/A.oci:1:1: the document has no root element: expected a start tag":      {{Name: "oci/A.oci"}},
		"there is no manifest in the folder oci, but there is oci/deep/A.oci: expec": {{Name: "oci/deep/A.oci"}},
	} {
		a, err := New(files...)
		require.NoError(t, err)
		_, err = a.Manifest()
		assert.ErrorContains(t, err, want)
	}
}

func TestPut(t *testing.T) {
	a, err := New(File{"b", []byte("1")}, File{"a/x", []byte("2")})
	require.NoError(t, err)
	require.NoError(t, a.Put("b", []byte("3")))
	data, ok := a.File("b")
	assert.True(t, ok)
	assert.Equal(t, "3", string(data))
	_, ok = a.File("c")
	assert.False(t, ok)
	assert.ErrorContains(t, a.Put("B", nil), "only in case")
	assert.ErrorContains(t, a.Put("a", nil), "folder")
	assert.ErrorContains(t, a.Put("b/c", nil), "folder")
	assert.ErrorContains(t, a.Put("../c", nil), "climbs")
	assert.ErrorContains(t, a.Put("\xFF", nil), "not UTF-8")

	c := a.Clone()
	to := func(old, new string) func(string) string {
		return func(name string) string {
			if name == old {
				return new
			}
			return name
		}
	}
	require.NoError(t, c.rename(to("b", "B")))
	assert.ErrorContains(t, c.rename(to("B", "a/x")), "comes twice")
	assert.ErrorContains(t, c.rename(to("B", "a")), "folder")
	assert.ErrorContains(t, c.rename(to("B", "../a")), "climbs")
	require.NoError(t, c.rename(to("a/x", "z/x")), "it stays sorted")
	require.NoError(t, c.rename(to("z/x", "a/x")))
	assert.Equal(t, []string{"B", "a/x"}, fileNames(c))
	assert.True(t, c.Remove("B"))
	assert.False(t, c.Remove("B"))
	assert.Equal(t, []string{"a/x", "b"}, fileNames(a))
	_, err = New(File{Name: "a"}, File{Name: "a"})
	assert.ErrorContains(t, err, "comes twice")
}

func TestWrite(t *testing.T) {
	files := []File{{"type/é/x.template", bytes.Repeat([]byte("text "), 1000)}, {"oci/A.oci", []byte("<x/>")}, {"empty", nil}}
	a, err := New(files...)
	require.NoError(t, err)
	zone := time.FixedZone("far", 11*3600)
	first, err := a.Bytes(time.Date(2026, time.November, 2, 3, 4, 7, 9, zone))
	require.NoError(t, err)

	slices.Reverse(files)
	b, err := New(files...)
	require.NoError(t, err)
	second, err := b.Bytes(time.Date(2026, time.November, 1, 16, 4, 6, 0, time.UTC))
	require.NoError(t, err)
	assert.True(t, bytes.Equal(first, second), "the same files give the same bytes")

	z, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	require.NoError(t, err)
	var got []string
	for _, f := range z.File {
		got = append(got, f.Name)
		assert.Empty(t, f.Extra)
		assert.Equal(t, fs.FileMode(0o644), f.Mode())
		assert.Equal(t, uint16(3), f.CreatorVersion>>8)
		assert.Equal(t, "2026-11-01 16:04:06", f.Modified.UTC().Format(time.DateTime))
		assert.Equal(t, f.Name == "type/é/x.template", f.Flags == 0x800, f.Name)
		assert.Zero(t, f.Flags&8, "no data descriptor")
		rc, err := f.Open()
		require.NoError(t, err)
		data, err := io.ReadAll(rc)
		require.NoError(t, err)
		want, _ := a.File(f.Name)
		assert.Equal(t, string(want), string(data))
	}
	assert.Equal(t, []string{"empty", "oci/A.oci", "type/é/x.template"}, got)

	again, err := read(first)
	require.NoError(t, err)
	if diff := cmp.Diff(a.files, again.files, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	for year, want := range map[int]int{1970: 1980, 1980: 1980, 2107: 2107, 2200: 2107} {
		b, err := a.Bytes(time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC))
		require.NoError(t, err)
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		require.NoError(t, err)
		assert.Equal(t, want, z.File[0].Modified.Year())
	}
	if unzip, err := exec.LookPath("unzip"); err == nil {
		name := filepath.Join(t.TempDir(), "a.zip")
		require.NoError(t, os.WriteFile(name, first, 0o600))
		out, err := exec.Command(unzip, "-t", name).CombinedOutput()
		require.NoError(t, err, "%s", out)
		assert.Contains(t, string(out), "No errors detected")
	}
}

// TestWriteSilence checks that what is written can be read, also where it deflates to
// nothing.
func TestWriteSilence(t *testing.T) {
	noise := make([]byte, 1<<20)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	a, err := New(
		File{"silence.wav", make([]byte, 2<<20)},
		File{"silence-first.wav", slices.Concat(make([]byte, 2<<20), noise)},
		File{"silence-last.wav", slices.Concat(noise, make([]byte, 2<<20))},
		File{"short.wav", make([]byte, 1<<20)},
	)
	require.NoError(t, err)
	data, err := a.Bytes(time.Time{})
	require.NoError(t, err)
	again, err := read(data)
	require.NoError(t, err)
	assert.Equal(t, a.files, again.files)
	assert.Less(t, len(data), 7<<20, "what may be deflated is")

	// It stays so inside a container.
	c, err := New(File{"a.zip", data})
	require.NoError(t, err)
	data, err = c.Bytes(time.Time{})
	require.NoError(t, err)
	_, err = read(data)
	assert.NoError(t, err)
}

// failing takes some bytes, then no more.
type failing struct{ left int }

func (w *failing) Write(b []byte) (int, error) {
	if len(b) > w.left {
		return 0, io.ErrShortWrite
	}
	w.left -= len(b)
	return len(b), nil
}

func TestWriteErrors(t *testing.T) {
	a, err := New(File{"a", bytes.Repeat([]byte("x"), 5000)}, File{"b", nil})
	require.NoError(t, err)
	whole, err := a.Bytes(november)
	require.NoError(t, err)
	for n := 0; n < len(whole); n += 3 {
		require.ErrorIs(t, a.write(&failing{n}, november), io.ErrShortWrite)
	}
	require.NoError(t, a.write(&failing{len(whole)}, november))
}

var ignorePositions = cmpopts.IgnoreTypes(schema.Position{})

func TestSampleArchive(t *testing.T) {
	samples, err := filepath.Glob(filepath.Join(testkit.Shared(t, "samples"), "*.zip"))
	require.NoError(t, err)
	require.NotEmpty(t, samples)
	for _, name := range samples {
		a, err := Open(name)
		require.NoError(t, err)
		assert.NotEmpty(t, a.Root())
		d, err := a.Manifest()
		require.NoError(t, err)
		assert.Empty(t, d.Check())
		assert.NotNil(t, manifest.DeviceTypeRequest(d))
		for _, r := range manifest.FileRequests(d) {
			source, ok := r.Get("sourceFileName")
			require.True(t, ok)
			_, ok = a.File(source)
			assert.True(t, ok, source)
		}

		rewritten, err := a.Bytes(november)
		require.NoError(t, err)
		again, err := read(rewritten)
		require.NoError(t, err)
		assert.Empty(t, again.Root())
		if diff := cmp.Diff(a.files, again.files); diff != "" {
			t.Error(diff)
		}
		parsed, err := oci.Parse("again.oci", d.Bytes())
		require.NoError(t, err)
		if diff := cmp.Diff(d, parsed, ignorePositions); diff != "" {
			t.Error(diff)
		}
		manifest, err := a.ManifestName()
		require.NoError(t, err)
		original, _ := a.File(manifest)
		assert.Equal(t, string(original)+"\n", string(d.Bytes()), "the form of the sample")
	}
}

func FuzzRead(f *testing.F) {
	for _, h := range hostile(f) {
		if len(h.data) < 1<<16 {
			f.Add(h.data)
		}
	}
	f.Add(makeZip(f, entry{name: "Top/oci/A.oci", data: "<BroadsoftDocument/>"}, entry{name: "Top/type/A/x", data: "x"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := read(data, WithLimits(Limits{Entry: 1 << 16, Total: 1 << 18, Entries: 50}))
		if err != nil {
			var refused *Error
			require.ErrorAs(t, err, &refused)
			return
		}
		_, _ = a.Manifest()
		b, err := a.Bytes(november)
		require.NoError(t, err)
		again, err := read(b)
		require.NoError(t, err)
		if again.Root() == "" {
			require.Empty(t, cmp.Diff(a.files, again.files, cmpopts.EquateEmpty()))
		}
	})
}

// FuzzReadLikeZip compares what is read of an archive with what the standard library
// reads of it: the same files with the same bytes, or an error.
func FuzzReadLikeZip(f *testing.F) {
	for _, h := range hostile(f) {
		if len(h.data) < 1<<16 {
			f.Add(h.data)
		}
	}
	f.Add(makeZip(f, entry{name: "oci/A.oci", data: "<BroadsoftDocument/>"}, entry{name: "type/A/x", data: strings.Repeat("x", 1000)}, entry{name: "__MACOSX/x", data: "junk"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := newReading([]Option{WithLimits(Limits{Entry: 1 << 16, Total: 1 << 18, Entries: 50})})
		s := &source{}
		if err := p.entriesOf(s, bytes.NewReader(data), int64(len(data))); err != nil {
			return
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if !errors.Is(err, zip.ErrInsecurePath) {
			require.NoError(t, err)
		}
		left := make(map[string][]byte, len(s.files))
		for _, f := range s.files {
			left[f.Name] = f.Data
		}
		for _, f := range z.File {
			name, err := entryName(f)
			require.NoError(t, err)
			if strings.HasSuffix(strings.ReplaceAll(name, `\`, "/"), "/") || slices.Contains(s.junk, strings.ReplaceAll(name, `\`, "/")) {
				continue
			}
			got, ok := left[strings.ReplaceAll(name, `\`, "/")]
			require.True(t, ok, "%q is lost", name)
			delete(left, strings.ReplaceAll(name, `\`, "/"))
			r, err := f.Open()
			require.NoError(t, err)
			want, err := io.ReadAll(r)
			require.NoError(t, err)
			require.True(t, bytes.Equal(want, got), "%q", name)
		}
		require.Empty(t, left)
	})
}
