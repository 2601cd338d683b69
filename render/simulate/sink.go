package simulate

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/dtafgen/wxt/internal/atomicfile"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/records"
	"github.com/dtafgen/wxt/schema"
)

// errTooMany is the error of a folder or a zip that would have more than [records.MaxFiles].
var errTooMany = fmt.Errorf("there are more than %d subscribers, which a folder or a zip does not take: render them to NDJSON, or split them", records.MaxFiles)

// files yields what is rendered, under names that files can have. It ends with the
// first error.
func files(rendered iter.Seq2[Rendered, error]) iter.Seq2[*Rendered, error] {
	return func(yield func(*Rendered, error) bool) {
		names := records.NewNames()
		n := 0
		for r, err := range rendered {
			if n++; err == nil && n > records.MaxFiles {
				err = errTooMany
			}
			if err == nil {
				err = named(&r, names)
			}
			if !yield(&r, err) || err != nil {
				return
			}
		}
	}
}

// named returns an error if the id of r can't be the name of a file, or makes the
// same one as another.
func named(r *Rendered, names *records.Names) error {
	if err := records.CheckID(r.ID); err != nil {
		return rowErrorf(r.Position, "", "%s", err)
	}
	if err := names.Add(r.ID, r.Position.Line); err != nil {
		return schema.Findings{schema.NewFinding(codes.Subscriber, r.Position, "", "%s", err)}
	}
	return nil
}

// isZip reports whether a path is that of a zip.
func isZip(path string) bool { return strings.EqualFold(filepath.Ext(path), ".zip") }

// WriteFiles writes the files of a sequence, as <id>.xml, readable by their owner
// only: to a zip if path ends in .zip, which replaces one that is there already,
// and the same files give the same bytes; and to a new folder otherwise. It appears
// when all is done; after an error nothing is left. It is an error if two ids make
// the same name on some system, if one makes an unsafe name, or if there are more
// than 500,000. [WriteNDJSON] takes any number.
func WriteFiles(path string, rendered iter.Seq2[Rendered, error]) error {
	if isZip(path) {
		return writeZip(path, rendered)
	}
	return writeDir(path, rendered)
}

func writeDir(path string, rendered iter.Seq2[Rendered, error]) error {
	dir, err := atomicfile.CreateDir(path)
	if err != nil {
		return err
	}
	defer dir.Abort()
	w := newDirWriter(dir.Path)
	for r, e := range files(rendered) {
		if err = e; err == nil {
			err = w.add(r)
		}
		if err != nil {
			break
		}
	}
	if err = errors.Join(err, w.close()); err != nil {
		return err
	}
	return dir.Commit()
}

// A dirWriter makes several files at a time: most of what one takes is waiting
// for the file system.
type dirWriter struct {
	dir   string
	free  chan *newFile
	todo  chan *newFile
	group sync.WaitGroup
	mu    sync.Mutex
	err   error // the first
}

// A newFile is a file to make.
type newFile struct {
	name string
	data []byte
}

func newDirWriter(dir string) *dirWriter {
	n := runtime.GOMAXPROCS(0)
	w := &dirWriter{dir: dir, free: make(chan *newFile, 2*n), todo: make(chan *newFile, 2*n)}
	for range cap(w.free) {
		w.free <- new(newFile)
	}
	for range n {
		w.group.Go(func() {
			for f := range w.todo {
				if err := w.write(f); err != nil {
					w.mu.Lock()
					if w.err == nil {
						w.err = err
					}
					w.mu.Unlock()
				}
				w.free <- f
			}
		})
	}
	return w
}

func (w *dirWriter) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// add makes the file of r, now or soon.
func (w *dirWriter) add(r *Rendered) error {
	data, err := r.plain()
	if err != nil {
		return err
	}
	f := <-w.free
	f.name, f.data = r.ID+".xml", append(f.data[:0], data...)
	w.todo <- f
	return w.failed()
}

func (w *dirWriter) write(file *newFile) error {
	f, err := os.OpenFile(filepath.Join(w.dir, file.name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(file.data); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// close waits for the files, and returns the first error if add has not.
func (w *dirWriter) close() error {
	before := w.failed()
	close(w.todo)
	w.group.Wait()
	if before != nil {
		return nil
	}
	return w.failed()
}

// plain returns the file as it is.
func (r *Rendered) plain() ([]byte, error) {
	switch r.form {
	case formZip:
		return io.ReadAll(flate.NewReader(bytes.NewReader(r.File)))
	case formJSON:
		return nil, errors.New("a line of NDJSON is no file: render with ForFiles")
	}
	return r.File, nil
}

func writeZip(path string, rendered iter.Seq2[Rendered, error]) error {
	f, err := atomicfile.Create(path, 0o600)
	if err != nil {
		return err
	}
	defer f.Abort()
	buffered := bufio.NewWriterSize(f, 1<<18)
	z := zipWriter{Writer: zip.NewWriter(buffered)}
	for r, err := range files(rendered) {
		if err == nil {
			err = z.add(r)
		}
		if err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	return f.Commit()
}

// A zipWriter writes a zip of files that are compressed already.
type zipWriter struct {
	*zip.Writer
	deflate compressor
	buf     []byte
}

const utf8Names = 0x800 // a flag of a zip's file

func (z *zipWriter) add(r *Rendered) error {
	if r.form != formZip {
		file, err := r.plain()
		if err != nil {
			return err
		}
		z.buf = z.deflate.append(z.buf[:0], file)
		r.crc, r.size, r.File = crc32.ChecksumIEEE(file), len(file), z.buf
	}
	h := &zip.FileHeader{
		Name: r.ID + ".xml", Method: zip.Deflate, Flags: utf8Names, CRC32: r.crc,
		CompressedSize64: uint64(len(r.File)), UncompressedSize64: uint64(r.size),
		CreatorVersion: 20, ReaderVersion: 20,
	}
	if year, month, day := r.sim.date.Date(); year >= 1980 {
		//lint:ignore SA1019 CreateRaw writes the fields of MS-DOS as they are
		h.ModifiedDate = uint16((year-1980)<<9 | int(month)<<5 | day)
	} else {
		//lint:ignore SA1019 CreateRaw writes the fields of MS-DOS as they are
		h.ModifiedDate = 1<<5 | 1
	}
	h.SetMode(0o600)
	w, err := z.CreateRaw(h)
	if err != nil {
		return err
	}
	_, err = w.Write(r.File)
	return err
}

// A compressor compresses one file after the other.
type compressor struct {
	w   *flate.Writer
	buf bytes.Buffer
}

// append appends data to dst, compressed.
func (c *compressor) append(dst, data []byte) []byte {
	c.buf.Reset()
	if c.w == nil {
		c.w, _ = flate.NewWriter(&c.buf, flate.BestSpeed) // The level is right.
	} else {
		c.w.Reset(&c.buf)
	}
	_, _ = c.w.Write(data) // A bytes.Buffer takes everything.
	_ = c.w.Close()
	return append(dst, c.buf.Bytes()...)
}

// WriteNDJSON writes a line for each file of a sequence: a JSON object whose id is
// the subscriber's, and whose config is the text of the file, as the app reads it.
// Each call of w.Write has whole lines. It ends with the first error; the lines
// before are written.
func WriteNDJSON(w io.Writer, rendered iter.Seq2[Rendered, error]) error {
	l := lineWriter{w: w}
	for r, err := range rendered {
		if err == nil {
			err = l.add(&r)
		}
		if err != nil {
			return errors.Join(l.flush(), err)
		}
	}
	return l.flush()
}

// lineBuffer is how many bytes of lines are written at once.
const lineBuffer = 1 << 18

// A lineWriter writes lines. Those that stand behind each other in memory it
// writes as they are, without a copy.
type lineWriter struct {
	w    io.Writer
	data []byte // lines that are to be written
	part *part  // that they stand in; nil: in own
	own  []byte
}

func (l *lineWriter) add(r *Rendered) error {
	ready := r.form == formJSON && len(r.File) > 0 && len(r.rest) > 0 && &r.File[0] == &r.rest[0]
	switch n := len(l.data); {
	case ready && l.part == r.part && n < cap(l.data) && &l.data[:n+1][n] == &r.File[0]:
		l.data = l.data[:n+len(r.File)]
	case ready && n == 0:
		l.data, l.part = r.rest[:len(r.File)], r.part
		r.part.keep = l.keep
	default:
		l.keep()
		var err error
		if l.own, err = r.appendLine(l.own); err != nil {
			return err
		}
		l.data = l.own
	}
	if r.last || len(l.data) >= lineBuffer {
		return l.flush()
	}
	return nil
}

// keep copies lines out of a part that is to be used again.
func (l *lineWriter) keep() {
	if l.part != nil {
		l.own = append(l.own[:0], l.data...)
		l.data, l.part = l.own, nil
	}
}

func (l *lineWriter) flush() error {
	var err error
	if len(l.data) > 0 {
		_, err = l.w.Write(l.data)
	}
	l.data, l.part, l.own = nil, nil, l.own[:0]
	return err
}

// appendLine appends the line of a file.
func (r *Rendered) appendLine(dst []byte) ([]byte, error) {
	if r.form == formJSON {
		return append(dst, r.File...), nil
	}
	file, err := r.plain()
	if err != nil {
		return dst, err
	}
	text, err := r.sim.charset.Text(file)
	if err != nil {
		return dst, err
	}
	return appendLine(dst, r.ID, text), nil
}
