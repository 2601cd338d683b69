// Package atomicfile writes files and folders that appear whole or not at all.
//
// A file is written to a temporary file beside it, flushed to the disk, and
// renamed. What a process that was killed leaves behind has a name of its own
// ([Suffix]), and whoever writes into the folder removes it once nothing was written
// to it for an hour ([LeftAfter]); what is younger may be somebody's at work.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"time"
)

// Suffix ends the names of the temporary files.
const Suffix = ".dtafgen-tmp"

// LeftAfter is how long nothing was written to a temporary file or folder when it is
// taken for one that was left over.
const LeftAfter = time.Hour

// tempName is the name of a temporary file: that of the file to be, with a dot
// before and a number behind.
var tempName = regexp.MustCompile(`^\..+\.[0-9a-f]{8}` + regexp.QuoteMeta(Suffix) + `$`)

// A Content is a file to write.
type Content struct {
	Name    string // its path in the folder
	Data    []byte
	Private bool         // for its owner only
	Before  func() error // is called before the file appears, unless it is nil
}

// Write writes data to path, with the permissions that the umask leaves of
// perm, and no more than a file has that is there. A regular file at path is
// replaced; anything else there is an error.
// After an error path is what it was before, or has all of data.
func Write(path string, data []byte, perm fs.FileMode) error {
	return writer{system{}}.write(path, data, perm)
}

// WriteAll writes files below dir as [Write] does, and makes the folders that they
// need. None appears before all are on the disk; then they appear one after the
// other, in their order. After an error until then everything is what it was.
// Temporary files that others left in the folders are removed.
func WriteAll(dir string, files []Content, perm fs.FileMode) error {
	return writer{system{}}.writeAll(dir, files, perm)
}

// A fileSystem is what a writer asks of the operating system.
type fileSystem interface {
	MkdirAll(dir string, perm fs.FileMode) error
	Lstat(path string) (fs.FileInfo, error)
	ReadDir(dir string) ([]fs.DirEntry, error)
	Create(path string, perm fs.FileMode) (file, error) // a new file, to write
	Rename(from, to string) error
	Remove(path string) error
	RemoveAll(path string) error
	Mkdir(path string, perm fs.FileMode) error
	SyncDir(dir string) error
}

// A file is an open file.
type file interface {
	Write(b []byte) (int, error)
	Sync() error
	Close() error
}

type writer struct{ fileSystem }

func (w writer) writeAll(dir string, files []Content, perm fs.FileMode) error {
	var staged []*File
	defer func() {
		for _, f := range staged {
			f.Abort()
		}
	}()
	cleaned := make(map[string]bool)
	for _, c := range files {
		path := filepath.Join(dir, filepath.FromSlash(c.Name))
		folder := filepath.Dir(path)
		if !cleaned[folder] {
			cleaned[folder] = true
			if err := w.MkdirAll(folder, 0o777); err != nil {
				return err
			}
			w.clean(folder)
		}
		own := perm
		if c.Private {
			own &= 0o600
		}
		f, err := w.begin(path, own)
		if err != nil {
			return err
		}
		staged = append(staged, f)
		if _, err := f.Write(c.Data); err != nil {
			return err
		}
		if err := f.settle(); err != nil {
			return err
		}
	}
	for i, f := range staged {
		if before := files[i].Before; before != nil {
			if err := before(); err != nil {
				return err
			}
		}
		if err := f.appear(); err != nil {
			return err
		}
	}
	return nil
}

func (w writer) write(path string, data []byte, perm fs.FileMode) error {
	f, err := w.begin(path, perm)
	if err != nil {
		return err
	}
	defer f.Abort()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Commit()
}

// A File is a file that is being written, and is not at its path yet.
type File struct {
	w          writer
	file       file
	temp, path string
	done       bool
}

// Create begins a file at path, as [Write] does. It is there after [File.Commit],
// and never if [File.Abort] comes first. Temporary files that others left in the
// folder are removed.
func Create(path string, perm fs.FileMode) (*File, error) {
	w := writer{system{}}
	w.clean(filepath.Dir(path))
	return w.begin(path, perm)
}

func (w writer) begin(path string, perm fs.FileMode) (*File, error) {
	if info, err := w.Lstat(path); err == nil {
		if !info.Mode().IsRegular() {
			return nil, &fs.PathError{Op: "write", Path: path, Err: errors.New("something that is no regular file is in the way")}
		}
		perm &= info.Mode().Perm() // what its owner kept from others stays so
	}
	temp, f, err := w.create(filepath.Dir(path), filepath.Base(path), perm)
	if err != nil {
		return nil, err
	}
	return &File{w: w, file: f, temp: temp, path: path}, nil
}

// Write implements [io.Writer].
func (f *File) Write(b []byte) (int, error) { return f.file.Write(b) }

// WriteString implements [io.StringWriter].
func (f *File) WriteString(s string) (int, error) { return f.file.Write([]byte(s)) }

// Commit makes the file appear at its path. If it can't, nothing is left.
func (f *File) Commit() error {
	defer f.Abort()
	if err := f.settle(); err != nil {
		return err
	}
	return f.appear()
}

// settle brings all of the file to the disk.
func (f *File) settle() error {
	if err := f.file.Sync(); err != nil {
		return err
	}
	return f.file.Close()
}

// appear gives the file its name.
func (f *File) appear() error {
	if err := f.w.Rename(f.temp, f.path); err != nil {
		return err
	}
	f.done = true
	return f.w.SyncDir(filepath.Dir(f.path))
}

// Abort removes what was written. After a Commit that was well it does nothing.
func (f *File) Abort() {
	if !f.done {
		f.done = true
		f.file.Close()
		f.w.Remove(f.temp)
	}
}

// create makes a temporary file.
func (w writer) create(dir, name string, perm fs.FileMode) (temp string, f file, err error) {
	temp, err = w.temporary(dir, name, func(path string) error {
		f, err = w.Create(path, perm)
		return err
	})
	return temp, f, err
}

// temporary makes something with the name of a temporary file, which it returns.
func (w writer) temporary(dir, name string, create func(path string) error) (string, error) {
	for {
		temp := filepath.Join(dir, fmt.Sprintf(".%s.%08x%s", name, rand.Uint32(), Suffix))
		if err := create(temp); err == nil || !errors.Is(err, fs.ErrExist) {
			return temp, err
		}
	}
}

// clean removes the temporary files and folders that were left over in dir. Those
// that can't be removed stay.
func (w writer) clean(dir string) {
	entries, err := w.ReadDir(dir)
	if err != nil {
		return // What is wrong with the folder shows when something is written.
	}
	for _, e := range entries {
		if !e.Type().IsRegular() && !e.IsDir() || !tempName.MatchString(e.Name()) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if info, err := w.Lstat(path); err == nil && time.Since(info.ModTime()) > LeftAfter {
			w.RemoveAll(path)
		}
	}
}
