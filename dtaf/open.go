package dtaf

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/dtafgen/wxt/internal/archivename"
	"github.com/dtafgen/wxt/internal/content"
	"github.com/dtafgen/wxt/internal/files"
)

// Open reads the archive at a path, and any of these will do: an archive, a folder
// with its files, a container that holds it and no other, or, as
// "container.zip/inner name.zip", one of the several that a container holds. Of a
// container with several archives of one device type it is the one for the newest
// release. Errors are those of [OpenAll] and [Select].
func Open(path string, opts ...Option) (*Archive, error) {
	list, err := OpenAll(path, opts...)
	if err != nil {
		return nil, err
	}
	return Select(list, 0)
}

// OpenAll reads all archives at a path: those in a container, which is a zip or a
// folder, or the only one in an archive or its folder. A path may go on inside a
// container, and name one of its archives.
//
// Names of archives in a container are the container's, a slash, and that of the file
// or folder in it. Links that lead out of a folder are not followed. Errors are those
// of [Read].
func OpenAll(path string, opts ...Option) ([]*Archive, error) {
	p := newReading(append([]Option{WithName(path)}, opts...))
	// To open a named pipe waits for its other end, so that what the path leads
	// to is looked at before.
	info, err := os.Stat(path)
	if err != nil {
		if outer, inner, ok := cutPath(filepath.ToSlash(path), os.Stat); ok {
			return openInner(p, inner, func(p *reading) ([]*Archive, error) { return p.file(outer) })
		}
		return nil, p.refuse(err)
	}
	if !info.IsDir() {
		return p.file(path)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, p.refuse(err)
	}
	defer root.Close()
	return p.folder(root.FS(), ".")
}

// OpenFS is [OpenAll] for a path in a file system.
func OpenFS(fsys fs.FS, name string, opts ...Option) ([]*Archive, error) {
	p := newReading(append([]Option{WithName(name)}, opts...))
	info, err := fs.Stat(fsys, name)
	if err != nil {
		outer, inner, ok := cutPath(name, func(name string) (fs.FileInfo, error) { return fs.Stat(fsys, name) })
		if !ok {
			return nil, p.refuse(err)
		}
		return openInner(p, inner, func(p *reading) ([]*Archive, error) { return p.fileIn(fsys, outer) })
	}
	if info.IsDir() {
		return p.folder(fsys, name)
	}
	return p.fileIn(fsys, name)
}

// cutPath cuts a path behind the file that it goes into.
func cutPath(name string, stat func(string) (fs.FileInfo, error)) (outer, inner string, ok bool) {
	for i := len(name) - 1; i > 0; i-- {
		if name[i] != '/' {
			continue
		}
		if info, err := stat(name[:i]); err == nil {
			return name[:i], strings.Trim(name[i:], "/"), info.Mode().IsRegular()
		}
	}
	return "", "", false
}

// openInner opens a container, and returns the archives in it that have a name, or
// are in the folder of that name.
func openInner(p *reading, inner string, open func(*reading) ([]*Archive, error)) ([]*Archive, error) {
	p.name = strings.TrimSuffix(strings.TrimSuffix(filepath.ToSlash(p.name), "/"), "/"+inner)
	all, err := open(p)
	if err != nil {
		return nil, err
	}
	var list []*Archive
	for _, a := range all {
		rest := strings.TrimPrefix(a.name, p.name+"/")
		if rest == inner || strings.HasPrefix(rest, inner+"/") || path.Base(rest) == inner {
			list = append(list, a)
		}
	}
	if len(list) == 0 {
		return nil, &Error{Archive: p.name, Entry: inner, Reason: "there is no such archive in it: " + whatThereIs(all), Err: fs.ErrNotExist}
	}
	if list[0] != all[0] {
		list[0].outer = append(containers(all, list[0]), list[0].outer...)
	}
	list[0].named = len(list) == 1
	return list, nil
}

// refuse returns what is wrong with the input as a whole.
func (p *reading) refuse(err error) *Error {
	reason := err.Error()
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		reason = pathError.Op + ": " + pathError.Err.Error()
	}
	return &Error{Archive: p.name, Reason: reason, Err: err}
}

var errNotRegular = errors.New("not a regular file: expected a zip archive, or a folder")

// file reads the archives in a file on disk.
func (p *reading) file(path string) ([]*Archive, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, p.refuse(err)
	}
	if !info.Mode().IsRegular() {
		return nil, p.refuse(errNotRegular)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, p.refuse(err)
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, p.refuse(err)
	}
	if !info.Mode().IsRegular() {
		return nil, p.refuse(errNotRegular)
	}
	return p.zip(p.name, f, info.Size(), 0)
}

// fileIn reads the archives in a file of a file system.
func (p *reading) fileIn(fsys fs.FS, name string) ([]*Archive, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, p.refuse(err)
	}
	defer f.Close()
	data, err := content.ReadAll(f, p.limits.Archive)
	if err != nil {
		return nil, p.refuse(err)
	}
	return p.zip(p.name, bytes.NewReader(data), int64(len(data)), 0)
}

// folder reads the archives in a folder.
func (p *reading) folder(fsys fs.FS, dir string) ([]*Archive, error) {
	s := &source{name: strings.TrimSuffix(filepath.ToSlash(p.name), "/"), folder: true}
	var taken archivename.Taken
	err := fs.WalkDir(fsys, dir, func(name string, e fs.DirEntry, err error) error {
		rest := strings.TrimPrefix(strings.TrimPrefix(name, dir), "/")
		switch {
		case err != nil:
			return err
		case rest == "":
			return nil
		case archivename.IsJunk(rest):
			s.junk = append(s.junk, rest)
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if p.entries++; p.entries > p.limits.Entries {
			return s.errorf("", over("the folder", "entries", int64(p.limits.Entries)), "the folder has more than %d entries: expected at most that many", p.limits.Entries)
		}
		if reason := archivename.Unsafe(rest, p.limits.NameLength); reason != "" {
			return s.errorf(rest, ErrUnsafeName, "%s", reason)
		}
		if e.IsDir() {
			return nil
		}
		info, err := fs.Stat(fsys, name)
		switch {
		case err != nil && e.Type()&fs.ModeSymlink != 0:
			return s.errorf(rest, errors.Join(ErrUnsafeName, err), "is a link that leads out of the folder, or nowhere: expected the file itself")
		case err != nil:
			return err
		case !info.Mode().IsRegular():
			return s.errorf(rest, ErrUnsafeName, "is not a regular file but %s: expected only files", files.Kind(info.Mode()))
		}
		if reason := taken.Add(rest); reason != "" {
			return s.errorf(rest, ErrUnsafeName, "%s", reason)
		}
		f, err := fsys.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		data, err := p.read(s, rest, f, func(int64) bool { return true })
		if err == nil {
			s.files = append(s.files, File{rest, data})
		}
		return err
	})
	if at := (*Error)(nil); err != nil && !errors.As(err, &at) {
		return nil, p.refuse(err)
	}
	if err != nil {
		return nil, err
	}
	return p.archives(s, 0)
}
