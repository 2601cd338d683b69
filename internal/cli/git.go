package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/memfs"
)

// A revision is the files of a repository as they were.
type revision struct {
	name   string // as the person calls it
	dir    string // a folder of the repository
	commit string
	prefix string // the folder, seen from the repository's root
}

// openRevision finds a revision of the repository that a file is in.
func openRevision(name, file string) (*revision, error) {
	r := &revision{name: name, dir: filepath.Dir(file)}
	if _, err := exec.LookPath("git"); err != nil {
		return nil, fmt.Errorf("git:%s: git is not installed: name a project file to compare with", name)
	}
	prefix, err := r.git("rev-parse", "--show-prefix")
	if err != nil {
		return nil, fmt.Errorf("git:%s: %s is in no repository", name, file)
	}
	r.prefix = strings.TrimSuffix(string(prefix), "\n")
	commit, err := r.git("rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("git:%s: the repository has no such revision", name)
	}
	r.commit = strings.TrimSpace(string(commit))
	return r, nil
}

func (r *revision) git(args ...string) ([]byte, error) {
	return exec.Command("git", append([]string{"-C", r.dir}, args...)...).Output()
}

// read returns a file as it was. Name is seen from the revision's folder.
func (r *revision) read(name string) ([]byte, error) {
	p := path.Join(r.prefix, name)
	if path.IsAbs(name) || filepath.IsAbs(name) || p == ".." || strings.HasPrefix(p, "../") {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist} // it is outside of the repository
	}
	limit := dtaf.Limits{}.WithDefaults().Archive
	spec := r.commit + ":" + p
	size, err := r.git("cat-file", "-s", spec)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: "git:" + r.name + ":" + p, Err: fs.ErrNotExist}
	}
	if n := strings.TrimSpace(string(size)); len(n) > 18 || len(n) == 0 {
		return nil, fmt.Errorf("git:%s:%s: its size can't be told", r.name, p)
	}
	var n int64
	if _, err := fmt.Sscan(string(size), &n); err != nil || n > limit {
		return nil, fmt.Errorf("git:%s:%s has more than %d bytes", r.name, p, limit)
	}
	data, err := r.git("cat-file", "blob", spec)
	if err != nil {
		return nil, fmt.Errorf("git:%s:%s is no file", r.name, p)
	}
	return data, nil
}

// load reads a project file as it was, with what it extended then. Bases that the
// repository does not have are those on disk; it returns their names.
func (r *revision) load(file string) (*wxt.Project, func() []string, error) {
	data, err := r.read(filepath.Base(file))
	if err != nil {
		return nil, nil, fmt.Errorf("git:%s: the revision has no %s", r.name, file)
	}
	var missing []string
	p, err := wxt.Parse(file, data, wxt.WithReader(r.read), wxt.WithOpener(func(name string) ([]*dtaf.Archive, error) {
		data, err := r.read(name)
		if errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, name)
			return dtaf.OpenAll(beside(file, name))
		}
		if err != nil {
			return nil, err
		}
		base := path.Base(name)
		return dtaf.OpenFS(memfs.New(maps.All(map[string][]byte{base: data})), base, dtaf.WithName(beside(file, name)))
	}))
	return p, func() []string { return missing }, err
}
