package wxt

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// mostRounds is how often a file is checked again to fix what only shows when
// something else is fixed: a table whose name was wrong has not been looked into.
const mostRounds = 8

// Fix checks the text of a project file as [CheckProjectFile] does, and makes the
// fixes that are safe. It returns the new text, what it fixed, and what is left. A
// fix that would do harm is not made: one that gives a name that is there already.
func Fix(path string, data []byte, opts ...CheckOption) (fixed []byte, done, left schema.Findings) {
	o := checkConfig(opts)
	o.limits = o.limits.WithDefaults()
	left = checkText(path, data, o)
	for range mostRounds {
		next, made := applyFixes(path, data, left, o)
		if len(made) == 0 {
			break
		}
		data, done = next, append(done, made...)
		left = checkText(path, data, o)
	}
	return data, done, left
}

// checkText checks the text of a project file.
func checkText(path string, data []byte, o config) schema.Findings {
	p, fs := parse(path, data, o)
	if p != nil {
		fs = append(fs, compile(p, o).check(o.rules)...)
	}
	return fs.Sorted()
}

// mostFixes is how many fixes are tried one by one, each with a look at the whole
// file.
const mostFixes = 100

// applyFixes makes the safe fixes of a file's findings: all at once, or if the file
// reads worse after that, those one by one that do no harm.
func applyFixes(path string, data []byte, fs schema.Findings, o config) ([]byte, schema.Findings) {
	wrong := func(src string) int {
		p, fs := parse(path, []byte(src), o)
		if p == nil {
			return len(src) + 1 // not TOML any more
		}
		return fs.Count(schema.Error)
	}
	src := string(data)
	lines := text.NewLines(src)
	var safe schema.Findings
	for _, f := range fs {
		if f.Fix.Safe && f.Fix.File == path {
			safe = append(safe, f)
		}
	}
	// apply makes fixes from the end of the file on, so that those before keep their
	// places.
	apply := func(may func(next string) bool) (string, schema.Findings) {
		fixed, end := src, len(src)
		var done schema.Findings
		for _, f := range slices.Backward(safe) {
			from, to := lines.Offset(f.Fix.Line, f.Fix.Column), lines.Offset(f.Fix.EndLine, f.Fix.EndColumn)
			if from > to || to > end {
				continue // another fix has been there
			}
			if next := fixed[:from] + f.Fix.Text + fixed[to:]; may(next) {
				fixed, end, done = next, from, append(done, f)
			}
		}
		slices.Reverse(done)
		return fixed, done
	}
	before := wrong(src)
	fixed, done := apply(func(string) bool { return true })
	if len(done) > 0 && wrong(fixed) > before {
		tried := 0
		fixed, done = apply(func(next string) bool {
			tried++
			return tried <= mostFixes && wrong(next) <= before
		})
	}
	return []byte(fixed), done
}

// renamed returns the fix of a key that is not known, if one of the names that are
// known is a letter away, and no other.
func (d *document) renamed(path []any, known []string) schema.Fix {
	name, _ := path[len(path)-1].(string)
	near, ok := text.NearestWithin(name, 1, slices.Values(known))
	if !ok {
		return schema.Fix{}
	}
	others := slices.DeleteFunc(slices.Clone(known), func(s string) bool { return s == near })
	if _, several := text.NearestWithin(name, 1, slices.Values(others)); several {
		return schema.Fix{}
	}
	pl, ok := d.lookup(path...)
	if !ok {
		return schema.Fix{}
	}
	sibling := append(slices.Clone(path[:len(path)-1]), near)
	if other, there := d.lookup(sibling...); there && (other.key != other.value || pl.key != pl.value) {
		return schema.Fix{} // only tables can be there twice
	}
	in := d.part(pl.key.File)
	if in == nil {
		return schema.Fix{}
	}
	lines := in.lines
	from := lines.Offset(pl.key.Line, pl.key.Column)
	to := tomlfile.End(in.source, from, true)
	raw := in.source[from:to]
	if !strings.Contains(raw, name) {
		return schema.Fix{} // it is written with escapes
	}
	return fixAt(pl.key, lines, to, strings.Replace(raw, name, near, 1))
}

// fixAt returns the safe fix that puts text in place of what goes from a position
// to an offset.
func fixAt(pos schema.Position, lines *text.Lines, end int, by string) schema.Fix {
	line, column := lines.Position(end)
	return schema.Fix{Position: pos, EndLine: line, EndColumn: column, Text: by, Safe: true}
}

// annotate adds to findings about the project file what their places tell: where
// these end, the tag and the platform that they belong to, and how a missing slash
// is put right.
func (p *Project) annotate(fs schema.Findings) {
	if len(fs) == 0 || len(p.places) == 0 {
		return
	}
	type spot struct {
		path  string
		isKey bool
	}
	spots := make(map[schema.Position]spot, 2*len(p.places))
	for path, pl := range p.places {
		spots[pl.key] = spot{path, true}
		if pl.value != pl.key {
			spots[pl.value] = spot{path, false}
		}
	}
	for i := range fs {
		f := &fs[i]
		here, ok := spots[f.Position]
		if !ok || f.Position == p.top() && f.Fix == (schema.Fix{}) {
			continue // the top is the place of what is about all of the file
		}
		p.belongs(f, strings.Split(here.path, "\x00"))
		in := p.part(f.File)
		if in == nil {
			continue // it is a setting that stands in no file
		}
		lines := in.lines
		from := lines.Offset(f.Line, f.Column)
		to := tomlfile.End(in.source, from, here.isKey)
		if f.EndLine == 0 && to > from {
			f.EndLine, f.EndColumn = lines.Position(to)
		}
		if raw := in.source[from:to]; (f.Code == codes.Slash || f.Code == xsiPathSlash) && !here.isKey && len(raw) > 2 && !strings.ContainsAny(raw, "?#\n") {
			if quote := raw[len(raw)-1]; raw[0] == quote && (quote == '"' || quote == '\'') {
				f.Fix = fixAt(f.Position, lines, to, raw[:len(raw)-1]+"/"+raw[len(raw)-1:])
			}
		}
	}
}

// belongs notes the tag and the platform that a key of the project file is about.
func (p *Project) belongs(f *schema.Finding, path []string) {
	platform, err := tags.ParsePlatform(path[0])
	if err == nil {
		f.Platform = platform
		path = path[1:]
	}
	if len(path) < 2 {
		return
	}
	switch path[0] {
	case "tags":
		f.Tag = cmp.Or(f.Tag, tagname.Bare(path[1]))
	case "ignore":
		return // it is about a check
	case "declare":
		for i, d := range p.Declare {
			if i < len(p.declared) && tomlfile.Path(p.declared[i]) == path[1] {
				f.Tag = cmp.Or(f.Tag, tagname.Bare(d.Name))
			}
		}
	}
}

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
