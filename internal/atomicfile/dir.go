package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
)

// A Dir is a folder that is being filled, and is not at its path yet.
type Dir struct {
	Path string // of the temporary folder, to write to
	w    writer
	lock file
	path string
	done bool
}

// CreateDir begins a folder at path: a temporary one beside it, for nobody but
// the owner. There may be nothing at path, or an empty folder. Temporary folders
// that others left beside it are removed.
func CreateDir(path string) (*Dir, error) { return writer{system{}}.createDir(path) }

func (w writer) createDir(path string) (*Dir, error) {
	path = filepath.Clean(path)
	entries, err := w.ReadDir(path)
	switch {
	case err == nil && len(entries) > 0:
		return nil, &fs.PathError{Op: "write", Path: path, Err: errors.New("the folder is there already and is not empty")}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	dir, name := filepath.Dir(path), filepath.Base(path)
	if name == "." || name == ".." || name == string(filepath.Separator) {
		return nil, &fs.PathError{Op: "write", Path: path, Err: errors.New("expected the name of a new folder")}
	}
	if err := w.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	w.clean(dir)
	for range 100 {
		temp := filepath.Join(dir, fmt.Sprintf(".%s.%08x%s", name, rand.Uint32(), Suffix))
		err := w.Mkdir(temp, 0o700)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		// As with files, another process may have taken it for a leftover.
		lock, err := w.Open(temp, true)
		if err == nil {
			if !renamesOpen || lock.Lock() == nil && w.same(temp, lock) {
				return &Dir{Path: temp, w: w, lock: lock, path: path}, nil
			}
			lock.Close()
		}
		w.RemoveAll(temp)
	}
	return nil, &fs.PathError{Op: "create", Path: path, Err: errors.New("no temporary folder can be made and kept")}
}

// Commit makes the folder appear at its path. If it can't, nothing is left.
func (d *Dir) Commit() error {
	defer d.Abort()
	if err := d.w.Remove(d.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if !renamesOpen {
		d.lock.Close()
	}
	if err := d.w.Rename(d.Path, d.path); err != nil {
		return err
	}
	d.done = true
	d.lock.Close()
	return d.w.SyncDir(filepath.Dir(d.path))
}

// Abort removes what was written. After a Commit that was well it does nothing.
func (d *Dir) Abort() {
	if !d.done {
		d.done = true
		d.lock.Close()
		d.w.RemoveAll(d.Path)
	}
}
