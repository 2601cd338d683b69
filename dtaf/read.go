package dtaf

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// An Option changes how an archive is read.
type Option func(*reading)

// WithLimits sets the limits. A field that is 0 keeps its default.
func WithLimits(l Limits) Option { return func(r *reading) { r.limits = l.WithDefaults() } }

// WithName sets the name that errors and positions call the archive by.
func WithName(name string) Option { return func(r *reading) { r.name = name } }

// Open reads the archive in the file at path, which has to be a regular file or
// a link to one. Errors are an [*Error].
func Open(path string, opts ...Option) (*Archive, error) {
	refuse := func(err error) (*Archive, error) {
		reason := err.Error()
		var pathError *fs.PathError
		if errors.As(err, &pathError) {
			reason = pathError.Op + ": " + pathError.Err.Error()
		}
		return nil, &Error{Archive: path, Reason: reason, Err: err}
	}
	// To open a named pipe waits for its other end, so that what the path leads
	// to is looked at before.
	info, err := os.Stat(path)
	if err != nil {
		return refuse(err)
	}
	if !info.Mode().IsRegular() {
		return refuse(errNotRegular)
	}
	f, err := os.Open(path)
	if err != nil {
		return refuse(err)
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return refuse(err)
	}
	if !info.Mode().IsRegular() {
		return refuse(errNotRegular)
	}
	return Read(f, info.Size(), append([]Option{WithName(path)}, opts...)...)
}

var errNotRegular = errors.New("not a regular file: expected a zip archive")

// Read reads an archive of the given size in bytes. Both forms are taken, with
// oci and type at the root and with folders around them: names are from the
// folder that holds oci. Entries for folders are left out, all files are kept.
//
// An archive is refused if it is over a limit, if it has an entry whose name is
// not safe (see [Archive.Put]), twice the same name, a name that is a file's and
// a folder's, an entry that is no regular file, or one that is damaged or
// encrypted, or if what is in it is not to be read: a template or the manifest that is
// over a limit, or XML with a document type declaration. Errors are an [*Error], or an
// [*oci.Error] if it is the manifest.
func Read(r io.ReaderAt, size int64, opts ...Option) (*Archive, error) {
	p := &reading{limits: Limits{}.WithDefaults()}
	for _, opt := range opts {
		opt(p)
	}
	files, err := p.files(r, size)
	if err != nil {
		return nil, err
	}
	a := &Archive{name: p.name, root: rootOf(files), limits: p.limits}
	var taken names
	for _, f := range files {
		f.Name = strings.TrimPrefix(f.Name, a.root)
		if reason := taken.add(f.Name); reason != "" {
			return nil, p.errorf(f.Name, ErrUnsafeName, "%s", reason)
		}
		a.files = append(a.files, f)
	}
	slices.SortFunc(a.files, func(x, y File) int { return strings.Compare(x.Name, y.Name) })
	if err := a.checkContents(); err != nil {
		return nil, err
	}
	return a, nil
}

// reading is an archive that is being read.
type reading struct {
	name   string
	limits Limits
	total  int64 // bytes of the files so far
}

func (p *reading) errorf(entry string, err error, format string, args ...any) *Error {
	return &Error{Archive: p.name, Entry: entry, Reason: fmt.Sprintf(format, args...), Err: err}
}

// files reads all files, in the order of the archive, with their whole names.
func (p *reading) files(r io.ReaderAt, size int64) ([]File, error) {
	if size > p.limits.Archive {
		return nil, p.errorf("", over("the archive", "bytes", int64(p.limits.Archive)), "the archive has %d bytes: expected at most %d", size, p.limits.Archive)
	}
	if size < 0 {
		return nil, p.errorf("", nil, "the archive's size is not known")
	}
	// The directory is read before its entries can be counted. Entries of a
	// usual length fit into this many bytes.
	meter := &meteredReader{ReaderAt: r, left: int64(p.limits.Entries)*(512+int64(p.limits.NameLength)) + 256<<10}
	z, err := zip.NewReader(meter, size)
	switch {
	case errors.Is(err, errMeter):
		return nil, p.errorf("", over("the archive", "entries", int64(p.limits.Entries)), "the archive's directory is longer than that of %d entries: expected at most that many", p.limits.Entries)
	case errors.Is(err, zip.ErrInsecurePath):
		// Names are looked at below.
	case err != nil:
		return nil, p.errorf("", errors.Join(ErrNotArchive, err), "not a zip archive, or damaged: %v", err)
	}
	meter.left = math.MaxInt64
	if n := len(z.File); n > p.limits.Entries {
		return nil, p.errorf("", over("the archive", "entries", int64(p.limits.Entries)), "the archive has %d entries: expected at most %d", n, p.limits.Entries)
	}
	var files []File
	var whole names
	for _, f := range z.File {
		name, err := entryName(f)
		if err != nil {
			return nil, p.errorf(f.Name, errors.Join(ErrUnsafeName, err), "has a name in no known encoding")
		}
		isFolder := strings.HasSuffix(name, "/")
		if reason := badName(strings.TrimSuffix(name, "/"), p.limits.NameLength); reason != "" {
			return nil, p.errorf(name, ErrUnsafeName, "%s", reason)
		}
		switch mode := f.Mode(); {
		case isFolder && mode.Type()&^fs.ModeDir != 0, !isFolder && !mode.IsRegular():
			return nil, p.errorf(name, nil, "is not a regular file but %s: expected files alone", describe(mode))
		case f.Flags&1 != 0:
			return nil, p.errorf(name, ErrEncrypted, "is encrypted: expected an archive without a password")
		case isFolder:
			if f.UncompressedSize64 != 0 {
				return nil, p.errorf(name, nil, "is a folder that holds data")
			}
			continue
		}
		if reason := whole.add(name); reason != "" {
			return nil, p.errorf(name, ErrUnsafeName, "%s", reason)
		}
		data, err := p.read(f, name)
		if err != nil {
			return nil, err
		}
		files = append(files, File{name, data})
	}
	// A folder of its own can be a file's namesake too.
	for _, f := range z.File {
		if name, err := entryName(f); err == nil && strings.HasSuffix(name, "/") {
			if other, ok := whole.files[fold(strings.TrimSuffix(name, "/"))]; ok {
				return nil, p.errorf(name, ErrUnsafeName, "is a folder with the name of the file %q: expected a file or a folder", other)
			}
		}
	}
	return files, nil
}

// read returns the data of one file, and counts it.
func (p *reading) read(f *zip.File, name string) ([]byte, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, p.errorf(name, err, "cannot be read: %v", err)
	}
	defer rc.Close()
	most := min(p.limits.Entry, p.limits.Total-p.total)
	ratio := int64(math.MaxInt64)
	if compressed := int64(min(f.CompressedSize64, math.MaxInt64)); p.limits.Ratio < math.MaxInt64/(compressed+1) {
		ratio = max(compressed*p.limits.Ratio, ratioFrom)
	}
	// The size that the archive tells is a hint, if it is possible at all.
	var data bytes.Buffer
	hint := min(f.UncompressedSize64, f.CompressedSize64*maxDeflate, uint64(max(most, 0)))
	data.Grow(int(hint) + bytes.MinRead)
	n, err := io.Copy(&data, io.LimitReader(rc, min(most, ratio)+1))
	switch {
	case n > p.limits.Entry:
		return nil, p.errorf(name, over("the file", "bytes", int64(p.limits.Entry)), "has more than %d bytes: expected at most that many", p.limits.Entry)
	case n > most:
		return nil, p.errorf(name, over("the archive", "bytes", int64(p.limits.Total)), "makes more than %d bytes of all files together: expected at most that many", p.limits.Total)
	case n > ratio:
		return nil, p.errorf(name, over("the file", "bytes of each compressed one", int64(p.limits.Ratio)), "makes more than %d bytes of each compressed one: expected at most that many", p.limits.Ratio)
	case err != nil:
		return nil, p.errorf(name, err, "is damaged: %v", err)
	}
	p.total += n
	b := data.Bytes()
	if cap(b) > len(b)+len(b)/4+bytes.MinRead {
		b = slices.Clone(b)
	}
	return b, nil
}

// maxDeflate is how many bytes a compressed one can make, and a few more.
const maxDeflate = 1100

// entryName returns the name of an entry in UTF-8. Old programs write the code
// page of DOS.
func entryName(f *zip.File) (string, error) {
	if utf8.ValidString(f.Name) {
		return f.Name, nil
	}
	return charmap.CodePage437.NewDecoder().String(f.Name)
}

func describe(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode&fs.ModeDevice != 0:
		return "a device"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode.IsDir():
		return "a folder"
	}
	return "something else"
}

// rootOf returns the folder that holds oci and type, with a slash behind it, or
// nothing. The manifest tells; without one it is the first folder type. Where
// several folders could be meant, it is the root of the archive.
func rootOf(files []File) string {
	for _, belongs := range []func(name string) (root string, ok bool){
		func(name string) (string, bool) {
			dir := path.Dir(name)
			return strings.TrimSuffix(dir, "oci"), isManifest(name) && path.Base(dir) == "oci"
		},
		func(name string) (string, bool) {
			root, _, ok := strings.Cut("/"+name, "/type/")
			return strings.TrimPrefix(root+"/", "/"), ok
		},
	} {
		roots := make(map[string]bool)
		for _, f := range files {
			if root, ok := belongs(f.Name); ok && !strings.HasPrefix(f.Name, "__MACOSX/") {
				roots[root] = true
			}
		}
		if len(roots) == 1 {
			for root := range roots {
				return root
			}
		}
		if len(roots) > 1 {
			return ""
		}
	}
	return ""
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
