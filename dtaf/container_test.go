package dtaf

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/archivename"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/tags"
)

// containerOf returns a zip that holds the archives of some device types, by the names
// that they have in it.
func containerOf(t testing.TB, archives ...string) []byte {
	t.Helper()
	var entries []entry
	for i := 0; i < len(archives); i += 2 {
		a, err := New()
		require.NoError(t, err)
		d := NewManifest(tags.Mobile, 0)
		require.NoError(t, manifest.SetDeviceType(d, archives[i+1]))
		require.NoError(t, a.SetManifest(d))
		data, err := a.Bytes(november)
		require.NoError(t, err)
		entries = append(entries, entry{name: archives[i], data: string(data)})
	}
	return makeZip(t, entries...)
}

// labelOf returns the release that the name of an archive tells.
func labelOf(a *Archive) string {
	l, _ := archivename.LabelOf(a.Name())
	return l.String()
}

func TestSelect(t *testing.T) {
	data := containerOf(t, "M(R22.0).DTAF.zip", "Mobile", "M(R24.0).DTAF.zip", "Mobile", "M(R23.0).DTAF.zip", "Mobile", "T(R24.0).DTAF.zip", "Tablet", "D-R21.SP1.zip", "Desktop")
	all, err := readAll(bytes.NewReader(data), int64(len(data)), WithName("c.zip"))
	require.NoError(t, err)
	require.Len(t, all, 5)
	for _, tt := range []struct {
		release     oci.Release
		deviceTypes []string
		want        string // the label, or part of the error
	}{
		{0, []string{"Mobile"}, "R24.0"},
		{oci.R25, []string{"Mobile"}, "R24.0"},
		{oci.R24, []string{"Mobile"}, "R24.0"},
		{oci.R23, []string{"Mobile"}, "R23.0"},
		{oci.R22, []string{"Mobile"}, "R22.0"},
		{oci.R21SP1, []string{"Mobile"}, "no archive of \"Mobile\" for R21SP1 or earlier: there are"},
		{oci.R21SP1, []string{"Tablet"}, "R24.0"},
		{oci.R21SP1, []string{"", "Acme", "Desktop"}, "R21.SP1"},
		{0, []string{"Acme"}, `no archive of the device type "Acme": there are`},
		{0, nil, "several device types"},
	} {
		a, err := Select(all, tt.release, tt.deviceTypes...)
		if err != nil {
			assert.ErrorContains(t, err, tt.want)
			assert.ErrorContains(t, err, `"T(R24.0).DTAF.zip" (device type "Tablet")`, "it lists what there is")
			assert.ErrorIs(t, err, ErrChoice)
			continue
		}
		assert.Equal(t, tt.want, labelOf(a))
		assert.Len(t, a.Findings(), 1)
	}
	twice := containerOf(t, "a/M(R24.0).zip", "Mobile", "b/M(R24.0).zip", "Mobile")
	_, err = read(twice)
	assert.ErrorIs(t, err, ErrChoice)
	one := containerOf(t, "x/M(R24.0).zip", "Mobile")
	a, err := read(one)
	require.NoError(t, err)
	assert.Equal(t, []string{"oci/Mobile.oci"}, fileNames(a))
}

// TestContainerPaths names archives in containers, on disk and in a file system.
func TestContainerPaths(t *testing.T) {
	dir := t.TempDir()
	data := containerOf(t, "x/M(R23.0).zip", "Mobile", "x/M(R24.0).zip", "Mobile")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "c.zip"), data, 0o600))
	for _, name := range []string{"c.zip/x/M(R23.0).zip", "c.zip/M(R23.0).zip"} {
		a, err := Open(filepath.Join(dir, name))
		require.NoError(t, err, name)
		assert.Equal(t, "R23.0", labelOf(a))
		assert.Empty(t, a.Findings(), "nothing was chosen")
		list, err := OpenFS(os.DirFS(dir), name)
		require.NoError(t, err, name)
		require.Len(t, list, 1)
		assert.Equal(t, "R23.0", labelOf(list[0]))
	}
	_, err := Open(filepath.Join(dir, "c.zip/none.zip"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	assert.ErrorContains(t, err, `"x/M(R24.0).zip"`)
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(outside, []byte("x"), 0o600))
	top := filepath.Join(dir, "Top")
	require.NoError(t, os.MkdirAll(filepath.Join(top, "oci"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(top, "oci", "A.oci"), []byte("x"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(top, ".DS_Store"), nil, 0o600))
	a, err := Open(dir)
	require.NoError(t, err)
	assert.Equal(t, []string{"oci/A.oci"}, fileNames(a))
	assert.Equal(t, filepath.ToSlash(top), a.Name(), "positions are those of files on disk")
	require.Len(t, a.Findings(), 1)
	assert.Contains(t, a.Findings()[0].Message, "Top/.DS_Store")

	require.NoError(t, os.Symlink(outside, filepath.Join(top, "link")))
	_, err = Open(dir)
	assert.ErrorIs(t, err, ErrUnsafeName)
	assert.ErrorContains(t, err, "leads out of the folder")
}

// TestNestedLimits counts what archives in archives hold.
func TestNestedLimits(t *testing.T) {
	big := strings.Repeat("0123456789", 1000)
	inner := makeZip(t, entry{name: "oci/A.oci", data: big})
	data := makeZip(t, entry{name: "a.zip", data: string(inner)}, entry{name: "b.zip", data: string(inner)})
	for want, l := range map[string]Limits{"of all files together": {Total: 15_000}, "entries": {Entries: 3}} {
		_, err := readAll(bytes.NewReader(data), int64(len(data)), WithLimits(l))
		over := (*LimitError)(nil)
		assert.ErrorAs(t, err, &over)
		assert.ErrorContains(t, err, want)
	}
	for range 3 {
		inner = makeZip(t, entry{name: "a.zip", data: string(inner)})
	}
	_, err := readAll(bytes.NewReader(inner), int64(len(inner)))
	assert.ErrorContains(t, err, "an archive in an archive too many")
}

// TestClaimedSize has an entry that claims far more compressed bytes than it has, so
// that a limit that believed it would be lifted.
func TestClaimedSize(t *testing.T) {
	zeros := make([]byte, 8<<20)
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	require.NoError(t, err)
	_, err = w.Write(zeros)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	packed.Write(make([]byte, 200<<10)) // behind the end of the compressed data
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	e, err := z.CreateRaw(&zip.FileHeader{Name: "a", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(zeros), CompressedSize64: uint64(packed.Len()), UncompressedSize64: uint64(len(zeros))})
	require.NoError(t, err)
	_, err = e.Write(packed.Bytes())
	require.NoError(t, err)
	require.NoError(t, z.Close())
	_, err = read(b.Bytes())
	assert.ErrorContains(t, err, "of each compressed one")
}

// TestErrors tells errors apart.
func TestErrors(t *testing.T) {
	_, err := read([]byte("no zip"))
	assert.ErrorIs(t, err, ErrNotArchive)
	_, err = read(makeZip(t, entry{name: "../a"}))
	assert.ErrorIs(t, err, ErrUnsafeName)
	_, err = read(makeZip(t, entry{name: "x.xml", data: "<!DOCTYPE a><a/>"}))
	assert.ErrorContains(t, err, "document type declaration")
	_, err = read(makeZip(t, entry{name: "x.xml", data: "<a><b/></a>"}), WithLimits(Limits{Depth: 1}))
	over := (*LimitError)(nil)
	require.ErrorAs(t, err, &over)
	assert.Equal(t, int64(1), over.Limit)
	_, err = (&Archive{}).Manifest()
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// TestShared has goroutines read one archive at once, and its file system.
func TestShared(t *testing.T) {
	a := webex(t, tags.Desktop, File{"type/x/a.template", []byte("<a/>")})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := a.Manifest()
			assert.NoError(t, err)
			a.Platform()
			assert.NoError(t, fstest.TestFS(a.FS(), "type/x/a.template"))
		})
	}
	wg.Wait()
}
