// Package files reads files whole that a person names: regular ones, of a size that
// is allowed.
package files

import (
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/dtafgen/wxt/schema"
)

// Read reads a regular file of at most limit bytes. A longer one is a
// [*schema.LimitError].
func Read(path string, limit int64) ([]byte, error) {
	data, err := Head(path, limit+1)
	if err != nil {
		return nil, err
	}
	return data, within(path, data, limit)
}

// ReadFS reads a file of a file system, as Read does.
func ReadFS(fsys fs.FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadAll(name, f, limit)
}

// ReadAll reads all of a stream, as Read does. The name is for the error.
func ReadAll(name string, r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	return data, within(name, data, limit)
}

func within(name string, data []byte, limit int64) error {
	if int64(len(data)) > limit {
		return fmt.Errorf("%s: %w", name, &schema.LimitError{Of: "the file", What: "bytes", Limit: limit})
	}
	return nil
}

// Head reads the first bytes of a regular file, n at the most.
func Head(path string, n int64) ([]byte, error) {
	// What the file is gets known before it is opened: opening a pipe waits for
	// its other end.
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if err := regular(path, info); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	// The name may lead to something else by now.
	if info, err = f.Stat(); err != nil {
		return nil, err
	}
	if err := regular(path, info); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(f, n))
}

func regular(path string, info fs.FileInfo) error {
	if info.Mode().IsRegular() {
		return nil
	}
	return fmt.Errorf("%s: expected a file, and it is %s", path, Kind(info.Mode()))
}

// Kind says what a path is that is no regular file.
func Kind(m fs.FileMode) string {
	switch {
	case m&fs.ModeSymlink != 0:
		return "a symbolic link"
	case m&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case m&fs.ModeDevice != 0:
		return "a device"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m.IsDir():
		return "a folder"
	}
	return "something else"
}
