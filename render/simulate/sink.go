package simulate

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/dtafgen/wxt/internal/atomicfile"
	"github.com/dtafgen/wxt/internal/zipstream"
)

// A sink takes the files of many subscribers.
type sink interface {
	named() bool      // the ids become names of files
	encoder() encoder // for one worker
	write(*job) error // is called in order
	commit() error    // when all is there
	abort()           // when it will not be
}

// An encoder puts files into a job, in the form that a sink takes.
type encoder struct {
	json bool // a line of JSON is wanted, which the worker makes itself
	// add adds the file of an item. The bytes are used again after it.
	add func(j *job, it *item, file []byte) error
}

// A zipFile is what a zip has to know of a file.
type zipFile = zipstream.File

// fileOf returns the name of an item's file.
func fileOf(it *item) string { return it.id + ".xml" }

// A jsonSink writes a line for each file.
type jsonSink struct{ w io.Writer }

func (s *jsonSink) named() bool      { return false }
func (s *jsonSink) encoder() encoder { return encoder{json: true} }
func (s *jsonSink) commit() error    { return nil }
func (s *jsonSink) abort()           {}

func (s *jsonSink) write(j *job) error {
	if len(j.out) == 0 {
		return nil
	}
	_, err := s.w.Write(j.out)
	return err
}

// A checkSink keeps nothing.
type checkSink struct{}

func (checkSink) named() bool      { return true }
func (checkSink) write(*job) error { return nil }
func (checkSink) commit() error    { return nil }
func (checkSink) abort()           {}
func (checkSink) encoder() encoder {
	return encoder{add: func(*job, *item, []byte) error { return nil }}
}

// A dirSink writes each file to a folder.
type dirSink struct{ dir *atomicfile.Dir }

func newDirSink(path string) (*dirSink, error) {
	d, err := atomicfile.CreateDir(path)
	return &dirSink{d}, err
}

func (s *dirSink) named() bool      { return true }
func (s *dirSink) write(*job) error { return nil }
func (s *dirSink) commit() error    { return s.dir.Commit() }
func (s *dirSink) abort()           { s.dir.Abort() }

func (s *dirSink) encoder() encoder {
	return encoder{add: func(_ *job, it *item, file []byte) error {
		f, err := os.OpenFile(filepath.Join(s.dir.Path, fileOf(it)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("line %d: the id %q makes the same file name as that of another line", it.line, it.id)
		}
		if err != nil {
			return err
		}
		if _, err := f.Write(file); err != nil {
			f.Close()
			return err
		}
		return f.Close()
	}}
}

// A zipSink writes the files to a zip.
type zipSink struct {
	file *atomicfile.File
	zip  *zipstream.Writer
}

func newZipSink(path string, modified time.Time) (*zipSink, error) {
	f, err := atomicfile.Create(path, 0o600)
	if err != nil {
		return nil, err
	}
	z, err := zipstream.NewWriter(f, modified)
	if err != nil {
		f.Abort()
		return nil, err
	}
	return &zipSink{f, z}, nil
}

func (s *zipSink) named() bool { return true }

func (s *zipSink) encoder() encoder {
	var c zipstream.Compressor
	return encoder{add: func(j *job, it *item, file []byte) error {
		j.out, it.zip = c.Append(j.out, file)
		return nil
	}}
}

func (s *zipSink) write(j *job) error {
	for i := range j.items {
		it := &j.items[i]
		if err := s.zip.Add(fileOf(it), it.zip, j.out[it.start:it.end]); err != nil {
			return err
		}
	}
	return nil
}

func (s *zipSink) commit() error {
	if err := s.zip.Close(); err != nil {
		s.abort()
		return err
	}
	return s.file.Commit()
}

func (s *zipSink) abort() {
	s.zip.Abort()
	s.file.Abort()
}
