package dtaf

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/dtafgen/wxt/internal/archivename"
	"github.com/dtafgen/wxt/internal/files"
)

// An Option changes how an archive is read.
type Option func(*reading)

// WithLimits sets the limits. A field that is 0 keeps its default.
func WithLimits(l Limits) Option { return func(r *reading) { r.limits = l.WithDefaults() } }

// WithName sets the name that errors and positions call the archive by.
func WithName(name string) Option { return func(r *reading) { r.name = name } }

// Read reads an archive of the given size in bytes. All forms are taken, with oci
// and type at the root, with folders around them, and inside a container that
// holds no other archive: see [OpenAll] for one that does. Names are from the folder
// that holds oci. Entries for folders are left out, and so is what systems add to
// folders, of which [Archive.Findings] tells; all other files are kept.
//
// An archive is refused if it is over a limit, if it has an entry whose name is
// not safe (see [Archive.Put]), twice the same name, a name that is a file's and
// a folder's, an entry that is no regular file, or one that is damaged or
// encrypted, or if what is in it is not to be read: a template or the manifest that is
// over a limit, or XML with a document type declaration. Errors are an [*Error], or an
// [*oci.Error] if it is the manifest.
func Read(r io.ReaderAt, size int64, opts ...Option) (*Archive, error) {
	list, err := readAll(r, size, opts...)
	if err != nil {
		return nil, err
	}
	return Select(list, 0)
}

// readAll reads all archives in a zip.
func readAll(r io.ReaderAt, size int64, opts ...Option) ([]*Archive, error) {
	p := newReading(opts)
	return p.zip(p.name, r, size, 0)
}

// reading is an input that is being read.
type reading struct {
	name    string
	limits  Limits
	total   int64 // bytes of the files so far, and of the archives among them
	entries int   // so far
}

func newReading(opts []Option) *reading {
	p := &reading{limits: Limits{}.WithDefaults()}
	for _, opt := range opts {
		opt(p)
	}
	return p
}

// A source is a zip or a folder.
type source struct {
	name        string
	folder      bool
	files       []File
	junk        []string // names that are left out
	backslashes []string // names that had backslashes in place of slashes
}

func (s *source) errorf(entry string, err error, format string, args ...any) *Error {
	return &Error{Archive: s.name, Entry: entry, Reason: fmt.Sprintf(format, args...), Err: err}
}

// zip reads all archives in a zip.
func (p *reading) zip(name string, r io.ReaderAt, size int64, depth int) ([]*Archive, error) {
	s := &source{name: name}
	if err := p.entriesOf(s, r, size); err != nil {
		return nil, err
	}
	return p.archives(s, depth)
}

// entriesOf reads all files of a zip, in its order, with their whole names.
func (p *reading) entriesOf(s *source, r io.ReaderAt, size int64) error {
	if size > p.limits.Archive {
		return s.errorf("", over("the archive", "bytes", p.limits.Archive), "the archive has %d bytes: expected at most %d", size, p.limits.Archive)
	}
	if size < 0 {
		return s.errorf("", ErrNotArchive, "the archive's size is not known")
	}
	// The directory is read before its entries can be counted. Entries of a
	// usual length fit into this many bytes.
	tooMany := over("the archive", "entries", int64(p.limits.Entries))
	meter := &meteredReader{ReaderAt: r, left: int64(p.limits.Entries)*(512+int64(p.limits.NameLength)) + 256<<10}
	z, err := zip.NewReader(meter, size)
	switch {
	case errors.Is(err, errMeter):
		return s.errorf("", tooMany, "the archive's directory is longer than that of %d entries: expected at most that many", p.limits.Entries)
	case errors.Is(err, zip.ErrInsecurePath):
		// Names are looked at below.
	case err != nil:
		return s.errorf("", errors.Join(ErrNotArchive, err), "not a zip archive, or damaged: %v", err)
	}
	meter.left = math.MaxInt64
	if p.entries += len(z.File); p.entries > p.limits.Entries {
		return s.errorf("", tooMany, "the archive has %d entries: expected at most %d", p.entries, p.limits.Entries)
	}
	var taken archivename.Taken
	var folders []string
	for _, f := range z.File {
		name, err := entryName(f)
		if err != nil {
			return s.errorf(f.Name, errors.Join(ErrUnsafeName, err), "has a name in no known encoding")
		}
		if strings.Contains(name, `\`) {
			s.backslashes = append(s.backslashes, name)
			name = strings.ReplaceAll(name, `\`, "/")
		}
		isFolder := strings.HasSuffix(name, "/")
		plain := strings.TrimSuffix(name, "/")
		if archivename.IsJunk(plain) {
			s.junk = append(s.junk, name)
			continue
		}
		if reason := archivename.Unsafe(plain, p.limits.NameLength); reason != "" {
			return s.errorf(name, ErrUnsafeName, "%s", reason)
		}
		switch mode := f.Mode(); {
		case isFolder && mode.Type()&^fs.ModeDir != 0, !isFolder && !mode.IsRegular():
			return s.errorf(name, ErrUnsafeName, "is not a regular file but %s: expected only files", files.Kind(mode))
		case f.Flags&1 != 0:
			return s.errorf(name, ErrEncrypted, "is encrypted: expected an archive without a password")
		case isFolder && f.UncompressedSize64 != 0:
			return s.errorf(name, nil, "is a folder that holds data")
		case isFolder:
			folders = append(folders, name)
			continue
		}
		if reason := taken.Add(name); reason != "" {
			return s.errorf(name, ErrUnsafeName, "%s", reason)
		}
		data, err := p.entry(s, z, f, name)
		if err != nil {
			return err
		}
		s.files = append(s.files, File{name, data})
	}
	// A folder of its own can be a file's namesake too.
	for _, name := range folders {
		if other, ok := taken.File(strings.TrimSuffix(name, "/")); ok {
			return s.errorf(name, ErrUnsafeName, "is a folder with the name of the file %q: expected a file or a folder", other)
		}
	}
	return nil
}

// entry returns the data of one entry, and counts it.
func (p *reading) entry(s *source, z *zip.Reader, f *zip.File, name string) ([]byte, error) {
	// What is really read of the compressed data counts, and not what the archive
	// says of it.
	packed := &counter{}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser {
		packed.Reader = bufio.NewReader(r)
		return flate.NewReader(packed)
	})
	rc, err := f.Open()
	if err != nil {
		return nil, s.errorf(name, err, "cannot be read: %v", err)
	}
	defer rc.Close()
	mayBe := p.mayBe(packed)
	if f.Method != zip.Deflate {
		mayBe = func(int64) bool { return true }
	}
	return p.read(s, name, rc, mayBe)
}

// mayBe returns what tells whether so many bytes may come of those that were read.
func (p *reading) mayBe(packed *counter) func(n int64) bool {
	return func(n int64) bool { return packed.n >= math.MaxInt64/p.limits.Ratio || n <= packed.n*p.limits.Ratio }
}

// read returns the data of one file, and counts it. The function reports whether a
// compressed file of more than a megabyte may be so long.
func (p *reading) read(s *source, name string, r io.Reader, mayBe func(n int64) bool) ([]byte, error) {
	most := min(p.limits.Entry, p.limits.Total-p.total)
	var data bytes.Buffer
	r = io.LimitReader(r, most+1)
	for {
		n, err := io.CopyN(&data, r, 64<<10)
		size := int64(data.Len())
		switch {
		case size > p.limits.Entry:
			return nil, s.errorf(name, over("the file", "bytes", p.limits.Entry), "has more than %d bytes: expected at most that many", p.limits.Entry)
		case size > most:
			return nil, s.errorf(name, over("the archive", "bytes", p.limits.Total), "makes more than %d bytes of all files together: expected at most that many", p.limits.Total)
		case size > ratioFrom && !mayBe(size):
			return nil, s.errorf(name, over("the file", "bytes of each compressed one", p.limits.Ratio), "makes more than %d bytes of each compressed one: expected at most that many", p.limits.Ratio)
		case err == io.EOF || err == nil && n == 0:
			p.total += size
			return slices.Clip(slices.Clone(data.Bytes())), nil
		case err != nil:
			return nil, s.errorf(name, err, "is damaged: %v", err)
		}
	}
}

// A counter counts the bytes that are read from it. It reads byte by byte where the
// reader wants that, so that nothing is read ahead.
type counter struct {
	*bufio.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += int64(n)
	return n, err
}

func (c *counter) ReadByte() (byte, error) {
	b, err := c.Reader.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

// entryName returns the name of an entry in UTF-8. Old programs write the code
// page of DOS.
func entryName(f *zip.File) (string, error) {
	if utf8.ValidString(f.Name) {
		return f.Name, nil
	}
	return charmap.CodePage437.NewDecoder().String(f.Name)
}

var errMeter = errors.New("more was read than allowed")

// A meteredReader reads up to a number of bytes.
type meteredReader struct {
	io.ReaderAt
	left int64
}

func (m *meteredReader) ReadAt(b []byte, off int64) (int, error) {
	if int64(len(b)) > m.left {
		return 0, errMeter
	}
	n, err := m.ReaderAt.ReadAt(b, off)
	if m.left != math.MaxInt64 {
		m.left -= int64(n)
	}
	return n, err
}
