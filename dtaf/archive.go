package dtaf

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/archivename"
	"github.com/dtafgen/wxt/internal/memfs"
)

// A File is a file of an archive. Its name is a path with slashes, from the
// folder that holds oci and type.
type File struct {
	Name string
	Data []byte
}

// An Archive is the files of a Device Type Archive File, sorted by name. The
// zero value is an empty one. Any number of goroutines may read one at once; to
// change one takes that nothing else uses it, and a [Archive.Clone] can be changed
// on its own.
type Archive struct {
	name  string // of the file that it was read from, for messages
	root  string // the folder around oci and type when it was read, with a slash, or empty
	files []File

	limits Limits // with which it was read

	inner bool      // it is one of several, or in a container
	named bool      // somebody chose it by its name
	why   string    // why it was chosen from a container
	outer []*source // what it was read from, the container first
}

// What is behind an [*Error], for [errors.Is]. That of a limit is a [*LimitError], and
// that of a file that is not there, such as the manifest, [fs.ErrNotExist].
var (
	ErrNotArchive = errors.New("not an archive")           // nor a folder with the files of one
	ErrUnsafeName = errors.New("a name is not safe")       // see [Archive.Put]
	ErrEncrypted  = errors.New("the archive is encrypted") // with a password
	ErrChoice     = errors.New("it is not clear which archive of a container is meant")
)

// An Error says why an archive is refused.
type Error struct {
	Archive string // the archive's file, or empty
	Entry   string // the entry that it is about, or empty
	Reason  string // what is wrong, and what was expected
	Err     error  // what is behind it, or nil
}

// Error returns the archive, the entry and the reason.
func (e *Error) Error() string {
	s := e.Archive
	if s == "" {
		s = "archive"
	}
	if e.Entry != "" {
		s += fmt.Sprintf(": entry %q", e.Entry)
	}
	return s + ": " + e.Reason
}

// Unwrap returns what is behind the error.
func (e *Error) Unwrap() error { return e.Err }

// New returns an archive of the given files. Errors are those of [Archive.Put],
// or about a file that comes twice.
func New(files ...File) (*Archive, error) {
	a := &Archive{}
	for _, f := range files {
		if _, ok := a.File(f.Name); ok {
			return nil, a.errorf(f.Name, ErrUnsafeName, "comes twice: expected each file once")
		}
		if err := a.Put(f.Name, f.Data); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *Archive) errorf(entry string, err error, format string, args ...any) *Error {
	return &Error{Archive: a.name, Entry: entry, Reason: fmt.Sprintf(format, args...), Err: err}
}

// Name returns the name of the file that the archive was read from, or nothing.
func (a *Archive) Name() string { return a.name }

// Root returns the folder that stood around oci and type when the archive was
// read, such as "Phone-1.2", or nothing.
func (a *Archive) Root() string { return strings.TrimSuffix(a.root, "/") }

// Limits returns the limits that the archive was read with, or the defaults. Reading
// its manifest and its templates goes by them.
func (a *Archive) Limits() Limits { return a.limits.WithDefaults() }

// FS returns the files as a file system.
func (a *Archive) FS() fs.FS {
	return memfs.New(func(yield func(string, []byte) bool) {
		for _, f := range a.files {
			if !yield(f.Name, f.Data) {
				return
			}
		}
	})
}

// Files yields the files, sorted by name. Their data must not be changed.
func (a *Archive) Files() iter.Seq[File] { return slices.Values(a.files) }

// File returns the data of the file with the given name, which must not be
// changed, and whether there is one.
func (a *Archive) File(name string) ([]byte, bool) {
	i, ok := a.find(name)
	if !ok {
		return nil, false
	}
	return a.files[i].Data, true
}

func (a *Archive) find(name string) (int, bool) {
	return slices.BinarySearchFunc(a.files, name, func(f File, name string) int { return strings.Compare(f.Name, name) })
}

// Put adds a file, or replaces the one with its name. Names have to be safe on
// any system: a relative path with slashes, without "." and ".." in it, without
// backslashes, colons and control characters, of at most 255 bytes, with no part that
// ends with a dot or a space or is the name of a device such as CON, and not that of
// another file but for upper and lower case and the form of accented letters, or of a
// folder. The error is an [*Error].
func (a *Archive) Put(name string, data []byte) error {
	if reason := archivename.Unsafe(name, a.Limits().NameLength); reason != "" {
		return a.errorf(name, ErrUnsafeName, "%s", reason)
	}
	i, ok := a.find(name)
	if ok {
		if !bytes.Equal(a.files[i].Data, data) { // equal data stays shared with copies
			a.files[i].Data = data
		}
		return nil
	}
	var taken archivename.Taken
	for _, f := range a.files {
		taken.Add(f.Name)
	}
	if reason := taken.Add(name); reason != "" {
		return a.errorf(name, ErrUnsafeName, "%s", reason)
	}
	a.files = slices.Insert(a.files, i, File{name, data})
	return nil
}

// Remove removes the file with the given name, and reports whether there was
// one.
func (a *Archive) Remove(name string) bool {
	i, ok := a.find(name)
	if ok {
		a.files = slices.Delete(a.files, i, i+1)
	}
	return ok
}

// rename gives files other names. The error is an [*Error]: a new name is not to be
// had.
func (a *Archive) rename(to func(name string) string) error {
	files := slices.Clone(a.files)
	var taken archivename.Taken
	for i := range files {
		f := &files[i]
		f.Name = to(f.Name)
		reason := archivename.Unsafe(f.Name, a.Limits().NameLength)
		if reason == "" {
			reason = taken.Add(f.Name)
		}
		if reason != "" {
			return a.errorf(f.Name, ErrUnsafeName, "%s", reason)
		}
	}
	slices.SortFunc(files, func(f, g File) int { return strings.Compare(f.Name, g.Name) })
	a.files = files
	return nil
}

// Clone returns a copy that can be changed on its own. The copies share the
// data of their files.
func (a *Archive) Clone() *Archive {
	c := *a
	c.files = slices.Clone(a.files)
	return &c
}

// ManifestName returns the name of the manifest, the only file with the
// extension .oci in the folder oci. The error is an [*Error]: there is none, or
// more than one.
func (a *Archive) ManifestName() (string, error) {
	var found []string
	for _, f := range a.files {
		if isManifest(f.Name) && path.Dir(f.Name) == "oci" {
			found = append(found, f.Name)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return "", a.errorf("", nil, "there are %d manifests, %s: expected one", len(found), strings.Join(found, " and "))
	}
	for _, f := range a.files {
		if isManifest(f.Name) {
			return "", a.errorf("", fs.ErrNotExist, "there is no manifest in the folder oci, but there is %s: expected oci/<device type>.oci", f.Name)
		}
	}
	return "", a.errorf("", fs.ErrNotExist, "there is no manifest: expected a file oci/<device type>.oci")
}

func isManifest(name string) bool { return strings.EqualFold(path.Ext(name), ".oci") }

// Manifest returns the manifest. The name in its positions is that of the
// archive, if it has one, a slash, and that of the file. Errors are an [*Error],
// if there is no manifest or more than one, and an [*oci.Error] if it is not one,
// or over one of the limits that the archive was read with.
func (a *Archive) Manifest() (*oci.Document, error) {
	name, err := a.ManifestName()
	if err != nil {
		return nil, err
	}
	data, _ := a.File(name)
	place := name
	if a.name != "" {
		place = a.name + "/" + name
	}
	return a.limits.Manifests().Parse(place, data)
}
