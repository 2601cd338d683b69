package zipstream

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWriter(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	modified := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for _, n := range []int{0, 1, 3, 70_000} { // the last needs 64-bit numbers
		var out bytes.Buffer
		w, err := NewWriter(&out, modified)
		require.NoError(t, err)
		var c Compressor
		var data [100][]byte
		var files [100]File
		for i := range data {
			data[i], files[i] = c.Append(nil, []byte(strings.Repeat("é", i)))
		}
		for i := range n {
			if err := w.Add(fmt.Sprintf("é%d.xml", i), files[i%100], data[i%100]); err != nil {
				require.NoError(t, err)
			}
		}
		require.NoError(t, w.Close())
		w.Abort()
		r, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		require.NoError(t, err)
		require.Len(t, r.File, n)
		for i, f := range r.File {
			if i%1000 > 2 {
				continue
			}
			assert.Equal(t, fmt.Sprintf("é%d.xml", i), f.Name)
			assert.Equal(t, os.FileMode(0o600), f.Mode())
			assert.Equal(t, "2026-11-01", f.Modified.Format(time.DateOnly))
			in, err := f.Open()
			require.NoError(t, err)
			got, err := io.ReadAll(in)
			require.NoError(t, err)
			assert.Equal(t, strings.Repeat("é", i%100), string(got))
		}
	}
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	assert.Empty(t, left)
}

// TestFarOffset pretends that an archive has 5 GB already.
func TestFarOffset(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter(&out, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	const far = 5 << 30
	w.offset = far
	var c Compressor
	data, f := c.Append(nil, []byte("text"))
	require.NoError(t, w.Add("a.xml", f, data))
	require.NoError(t, w.Close())
	r, err := zip.NewReader(shifted{out.Bytes(), far}, far+int64(out.Len()))
	require.NoError(t, err)
	require.Len(t, r.File, 1)
	in, err := r.File[0].Open()
	require.NoError(t, err)
	got, err := io.ReadAll(in)
	require.NoError(t, err)
	assert.Equal(t, "text", string(got))
}

// shifted is data that stands far behind in a file.
type shifted struct {
	data []byte
	by   int64
}

func (s shifted) ReadAt(p []byte, off int64) (int, error) {
	n := max(0, min(len(p), int(s.by-off)))
	clear(p[:n])
	if n == len(p) {
		return n, nil
	}
	m, err := bytes.NewReader(s.data).ReadAt(p[n:], off+int64(n)-s.by)
	return n + m, err
}

func TestAddErrors(t *testing.T) {
	w, err := NewWriter(io.Discard, time.Now())
	require.NoError(t, err)
	defer w.Abort()
	assert.Error(t, w.Add(strings.Repeat("x", math.MaxUint16+1), File{}, nil))
}
