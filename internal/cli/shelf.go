package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
)

// A shelf reads each file that projects extend, and each of their bases, once for all
// projects of a run.
type shelf struct {
	mutex sync.Mutex
	texts map[string]func() ([]byte, error)
	bases map[string]func() ([]*dtaf.Archive, error)
}

// A readingOption is an option of whatever reads a project file.
type readingOption interface {
	wxt.LoadOption
	wxt.CheckOption
}

// options returns the options that have a project file read through the shelf.
func (s *shelf) options(file string) []readingOption {
	return []readingOption{
		wxt.WithReader(func(name string) ([]byte, error) {
			return once(s, &s.texts, beside(file, name), readProjectFile)
		}),
		wxt.WithOpener(func(name string) ([]*dtaf.Archive, error) {
			return s.base(file, name)
		}),
	}
}

// base returns the archives of a base that a project file names.
func (s *shelf) base(file, name string) ([]*dtaf.Archive, error) {
	return once(s, &s.bases, beside(file, name), func(path string) ([]*dtaf.Archive, error) { return dtaf.OpenAll(path) })
}

// beside returns a path that a project file has, as it is seen from here.
func beside(file, name string) string {
	name = filepath.FromSlash(name)
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(file), name)
}

// once reads what is at a path, the first time that it is asked for.
func once[T any](s *shelf, list *map[string]func() (T, error), path string, read func(path string) (T, error)) (T, error) {
	s.mutex.Lock()
	if *list == nil {
		*list = make(map[string]func() (T, error))
	}
	get, ok := (*list)[path]
	if !ok {
		get = sync.OnceValues(func() (T, error) { return read(path) })
		(*list)[path] = get
	}
	s.mutex.Unlock()
	return get()
}

// readProjectFile reads a file that a project extends, as far as one may be long.
func readProjectFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	switch {
	case info.IsDir():
		return nil, fmt.Errorf("%s: expected a file, and it is a folder", path)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: expected a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, dtaf.Limits{}.WithDefaults().Project+1))
}
