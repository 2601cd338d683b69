package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
)

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
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
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
