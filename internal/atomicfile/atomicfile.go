// Package atomicfile writes files and folders that appear whole or not at all.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
)

// Suffix ends the names of the temporary files. One that is left over, after a
// crash, can be deleted.
const Suffix = ".dtafgen-tmp"

// Write writes data to path, with the permissions that the umask leaves of
// perm: to a temporary file beside it, which is flushed to the disk and then
// renamed. A regular file at path is replaced; anything else there is an error.
func Write(path string, data []byte, perm fs.FileMode) error {
	f, err := Create(path, perm)
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
	*os.File
	path string
	done bool
}

// Create begins a file at path, as [Write] does. It is there after
// [File.Commit], and never if [File.Abort] comes first.
func Create(path string, perm fs.FileMode) (*File, error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "write", Path: path, Err: errors.New("something that is no regular file is in the way")}
	}
	dir, name := filepath.Split(path)
	f, err := create(dir, name, perm)
	if err != nil {
		return nil, err
	}
	return &File{File: f, path: path}, nil
}

// Commit makes the file appear at its path. If it can't, nothing is left.
func (f *File) Commit() error {
	defer f.Abort()
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), f.path); err != nil {
		return err
	}
	f.done = true
	return syncDir(filepath.Dir(f.path))
}

// Abort removes what was written. After a Commit that was well it does nothing.
func (f *File) Abort() {
	if !f.done {
		f.done = true
		f.Close()
		os.Remove(f.Name())
	}
}

// A Dir is a folder that is being filled, and is not at its path yet.
type Dir struct {
	Path string // of the temporary folder, to write to
	path string
	done bool
}

// CreateDir begins a folder at path: a temporary one beside it, for nobody but
// the owner. There may be nothing at path, or an empty folder.
func CreateDir(path string) (*Dir, error) {
	path = filepath.Clean(path)
	entries, err := os.ReadDir(path)
	switch {
	case err == nil && len(entries) > 0:
		return nil, &fs.PathError{Op: "write", Path: path, Err: errors.New("the folder is there already and is not empty")}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	dir, name := filepath.Split(path)
	if name == "." || name == ".." || name == "" {
		return nil, &fs.PathError{Op: "write", Path: path, Err: errors.New("expected the name of a new folder")}
	}
	if dir != "" {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return nil, err
		}
	}
	for range 100 {
		temp := filepath.Join(dir, fmt.Sprintf(".%s.%08x%s", name, rand.Uint32(), Suffix))
		err := os.Mkdir(temp, 0o700)
		if err == nil {
			return &Dir{Path: temp, path: path}, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	return nil, &fs.PathError{Op: "create", Path: path, Err: errors.New("no free name for a temporary folder")}
}

// Commit makes the folder appear at its path. If it can't, nothing is left.
func (d *Dir) Commit() error {
	defer d.Abort()
	if err := os.Remove(d.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(d.Path, d.path); err != nil {
		return err
	}
	d.done = true
	return syncDir(filepath.Dir(d.path))
}

// Abort removes what was written. After a Commit that was well it does nothing.
func (d *Dir) Abort() {
	if !d.done {
		d.done = true
		os.RemoveAll(d.Path)
	}
}

func create(dir, name string, perm fs.FileMode) (*os.File, error) {
	for range 100 {
		temp := filepath.Join(dir, fmt.Sprintf(".%s.%08x%s", name, rand.Uint32(), Suffix))
		f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, &fs.PathError{Op: "create", Path: filepath.Join(dir, name), Err: errors.New("no free name for a temporary file")}
}

// syncDir makes the rename itself last. Not every system can flush a folder.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	if dir == "" {
		dir = "."
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}
