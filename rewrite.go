package wxt

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/tomlfile"
)

// A rewriter changes the files of projects in place.
type rewriter struct {
	files map[string]*rewritten // by name
}

type rewritten struct {
	*document
	splices []text.Splice
}

// add changes a span of a file, which another project may have changed in the same way.
func (w *rewriter) add(d *document, start, end int, by string) {
	f := w.files[d.file]
	if f == nil {
		f = &rewritten{document: d}
		w.files[d.file] = f
	}
	if s := (text.Splice{Start: start, End: end, Text: by}); !slices.Contains(f.splices, s) {
		f.splices = append(f.splices, s)
	}
}

// apply returns the files that change.
func (w *rewriter) apply() ([]File, error) {
	var files []File
	for _, name := range slices.Sorted(maps.Keys(w.files)) {
		f := w.files[name]
		source, err := text.Apply(f.source, f.splices)
		if err != nil {
			return nil, fmt.Errorf("%s: it would have to change in two ways, for two projects or platforms: %w", name, err)
		}
		files = append(files, File{name, []byte(source)})
	}
	return files, nil
}

// changed returns the project with files as they are to be.
func (p *Project) changed(files []File) (*Project, error) {
	texts := make(map[string][]byte)
	for _, f := range append(p.Files(), files...) {
		texts[f.Name] = f.Data
	}
	o := WithReader(func(name string) ([]byte, error) {
		for _, d := range p.extended {
			if d.path == name {
				return texts[d.file], nil
			}
		}
		return nil, fs.ErrNotExist
	})
	return Parse(p.file, texts[p.file], o, WithOpener(p.opener), WithSettings(p.settings...), WithLimits(p.limits))
}

// place returns where a key and its value stand, and in which file, if it is one.
func (u *upgrade) place(steps ...any) (d *document, p tomlfile.Place, ok bool) {
	pl, ok := u.project.lookup(steps...)
	if !ok {
		return nil, p, false
	}
	d = u.project.part(pl.key.File)
	if d == nil {
		return nil, p, false
	}
	return d, tomlfile.Place{Key: d.lines.Offset(pl.key.Line, pl.key.Column), Value: d.lines.Offset(pl.value.Line, pl.value.Column)}, true
}

// seenFrom returns a path that is seen from the folder of the project file as it is
// seen from that of a file that it extends.
func (p *Project) seenFrom(d *document, name string) string {
	dir := path.Dir(d.path)
	if dir == "." || filepath.IsAbs(name) || path.IsAbs(name) {
		return name
	}
	to := filepath.FromSlash(name)
	if path.IsAbs(dir) || filepath.IsAbs(dir) {
		to = beside(p.file, name)
	}
	rel, err := filepath.Rel(filepath.FromSlash(dir), to)
	if err != nil {
		if abs, err := filepath.Abs(beside(p.file, name)); err == nil {
			return filepath.ToSlash(abs)
		}
		return name
	}
	return filepath.ToSlash(rel)
}

// conflictNote stands ahead of what was taken out of the project file.
const conflictNote = "In conflict with the new base, which has its own:"

// comment makes a comment of the lines of a span.
func (u *upgrade) comment(d *document, start, end int, why string) {
	src := d.source
	eol := "\n"
	if strings.Contains(src, "\r\n") {
		eol = "\r\n"
	}
	comment := "# " + why + eol + "# " + strings.ReplaceAll(src[start:end], "\n", "\n# ")
	u.rewriter.add(d, start, end, comment)
}
