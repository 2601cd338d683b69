package atomicfile

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// A Dir is a folder that is being filled, and is not at its path yet.
type Dir struct {
	Path string // of the temporary folder, to write to
	w    writer
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
	temp, err := w.temporary(dir, name, func(path string) error { return w.Mkdir(path, 0o700) })
	if err != nil {
		return nil, err
	}
	return &Dir{Path: temp, w: w, path: path}, nil
}

// Commit makes the folder appear at its path. If it can't, nothing is left.
func (d *Dir) Commit() error {
	defer d.Abort()
	if err := d.w.Remove(d.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := d.w.Rename(d.Path, d.path); err != nil {
		return err
	}
	d.done = true
	return d.w.SyncDir(filepath.Dir(d.path))
}

// Abort removes what was written. After a Commit that was well it does nothing.
func (d *Dir) Abort() {
	if !d.done {
		d.done = true
		d.w.RemoveAll(d.Path)
	}
}
