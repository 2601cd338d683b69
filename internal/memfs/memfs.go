// Package memfs makes a file system of files that are in memory.
package memfs

import (
	"bytes"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"time"
)

// New returns a file system that holds the files with these names, which are valid
// as [fs.ValidPath] says, none the name of another's folder. It may be used by
// several goroutines at once, and the data must not be changed.
func New(files iter.Seq2[string, []byte]) fs.FS {
	f := memFS{".": &node{name: ".", dir: true}}
	for name, data := range files {
		f[name] = &node{name: path.Base(name), data: data}
		for child := f[name]; name != "."; name = path.Dir(name) {
			parent, known := f[path.Dir(name)]
			if !known {
				parent = &node{name: path.Base(path.Dir(name)), dir: true}
				f[path.Dir(name)] = parent
			}
			parent.children = append(parent.children, child)
			if known {
				break
			}
			child = parent
		}
	}
	for _, n := range f {
		slices.SortFunc(n.children, func(a, b *node) int { return strings.Compare(a.name, b.name) })
	}
	return f
}

type memFS map[string]*node

// Open implements [fs.FS].
func (f memFS) Open(name string) (fs.File, error) {
	n, err := f.find("open", name)
	if err != nil {
		return nil, err
	}
	if n.dir {
		return &openDir{node: n}, nil
	}
	return &openFile{n, bytes.NewReader(n.data)}, nil
}

// ReadFile implements [fs.ReadFileFS].
func (f memFS) ReadFile(name string) ([]byte, error) {
	n, err := f.find("read", name)
	if err == nil && n.dir {
		err = &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	if err != nil {
		return nil, err
	}
	return bytes.Clone(n.data), nil
}

func (f memFS) find(op, name string) (*node, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	n, ok := f[name]
	if !ok {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return n, nil
}

// A node is a file or a folder. It is what there is to know about itself.
type node struct {
	name     string
	dir      bool
	data     []byte
	children []*node
}

func (n *node) Name() string               { return n.name }
func (n *node) Size() int64                { return int64(len(n.data)) }
func (n *node) ModTime() time.Time         { return time.Time{} }
func (n *node) IsDir() bool                { return n.dir }
func (n *node) Sys() any                   { return nil }
func (n *node) Type() fs.FileMode          { return n.Mode().Type() }
func (n *node) Info() (fs.FileInfo, error) { return n, nil }
func (n *node) String() string             { return fs.FormatFileInfo(n) }

func (n *node) Mode() fs.FileMode {
	if n.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

type openFile struct {
	node *node
	*bytes.Reader
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.node, nil }
func (f *openFile) Close() error               { return nil }

type openDir struct {
	node *node
	at   int
}

func (d *openDir) Stat() (fs.FileInfo, error) { return d.node, nil }
func (d *openDir) Close() error               { return nil }

func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.node.name, Err: fs.ErrInvalid}
}

// ReadDir implements [fs.ReadDirFile].
func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := d.node.children[d.at:]
	if n > 0 {
		if len(rest) == 0 {
			return nil, io.EOF
		}
		rest = rest[:min(n, len(rest))]
	}
	d.at += len(rest)
	list := make([]fs.DirEntry, len(rest))
	for i, c := range rest {
		list[i] = c
	}
	return list, nil
}
