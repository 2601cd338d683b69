// Package atomicfile writes files that appear whole or not at all.
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
func Write(path string, data []byte, perm fs.FileMode) (err error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return &fs.PathError{Op: "write", Path: path, Err: errors.New("something that is no regular file is in the way")}
	}
	dir, name := filepath.Split(path)
	f, err := create(dir, name, perm)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
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
