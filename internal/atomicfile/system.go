package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"time"
)

// renamesOpen reports whether a file can be renamed and removed while it is open.
const renamesOpen = runtime.GOOS != "windows"

// system is the operating system's files.
type system struct{}

func (system) MkdirAll(dir string, perm fs.FileMode) error { return os.MkdirAll(dir, perm) }
func (system) Lstat(path string) (fs.FileInfo, error)      { return os.Lstat(path) }
func (system) ReadDir(dir string) ([]fs.DirEntry, error)   { return os.ReadDir(dir) }
func (system) Rename(from, to string) error                { return os.Rename(from, to) }
func (system) Remove(path string) error                    { return os.Remove(path) }
func (system) RemoveAll(path string) error                 { return os.RemoveAll(path) }
func (system) Mkdir(path string, perm fs.FileMode) error   { return os.Mkdir(path, perm) }

func (system) Create(path string, perm fs.FileMode) (file, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return nil, err
	}
	return osFile{f, true}, nil
}

func (system) Open(path string, own bool) (file, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return osFile{f, own}, nil
}

// SyncDir makes a rename itself last. Not every system can flush a folder.
func (system) SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
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

type osFile struct {
	*os.File
	own bool // this process made it
}

func (f osFile) Lock() error { return lock(f) }

// leftAfter is the age at which a temporary file is taken for one that was left
// over, where files have no locks.
const leftAfter = time.Hour

// lockByAge stands in for a lock: a file that somebody else made is in use until
// it is old.
func lockByAge(f osFile) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !f.own && time.Since(info.ModTime()) < leftAfter {
		return errors.New("in use")
	}
	return nil
}

func sameFile(a, b fs.FileInfo) bool { return os.SameFile(a, b) }
