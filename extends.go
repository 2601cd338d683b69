package wxt

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/files"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// The limits of what a project extends. All files together have to be within the limit
// of one ([dtaf.Limits]).
const (
	maxLevels = 16  // of files that extend each other
	maxParts  = 256 // files
)

// A loader reads a project file, and those that it extends.
type loader struct {
	config
	findings   schema.Findings
	unreadable bool // one of the files can't be read
	parts      []part
	seen       map[string]bool // by the key of its place
	size       int64           // bytes of all files
}

// A part is one of the files that a project is merged from, or a setting.
type part struct {
	*document
	tree map[string]any
	dir  string // its folder, seen from that of the project file, with slashes
}

// A place is where a file is: seen from the folder of the project file with slashes,
// and under the name that positions have.
type place struct{ path, name string }

// key returns what is the same for two names of one file, as far as names tell.
func (p place) key() string {
	if abs, err := filepath.Abs(p.name); err == nil {
		return abs
	}
	return filepath.Clean(p.name)
}

func newLoader(file string, c config) *loader {
	l := &loader{config: c, seen: make(map[string]bool)}
	if l.read == nil && l.open == nil {
		l.read = func(name string) ([]byte, error) { return files.Read(beside(file, name), c.limits.Project) }
	}
	return l
}

// add adds a file, and ahead of it those that it extends. Chain is how it is reached.
func (l *loader) add(data []byte, at place, chain []place) {
	d := &document{file: at.name, path: at.path}
	tree, fs := d.read(data, l.limits)
	if fs != nil {
		l.findings, l.unreadable = append(l.findings, fs...), true
		return
	}
	l.size += int64(len(data))
	l.findings = append(l.findings, d.checkKeys(tree, projectKeys)...)
	chain = append(slices.Clip(chain), at)
	switch list := tree["extends"].(type) {
	case string:
		l.extend(list, d.at("extends"), chain)
	case []any:
		for i, v := range list {
			if s, ok := v.(string); ok {
				l.extend(s, d.at("extends", i), chain)
			}
		}
	}
	delete(tree, "extends")
	if len(chain) > 1 {
		delete(tree, "abstract") // it says so of itself
	}
	l.parts = append(l.parts, part{d, tree, path.Dir(at.path)})
}

// extend adds a file that the last one of a chain extends, unless it is there already.
func (l *loader) extend(name string, pos schema.Position, chain []place) {
	wrong := func(remedy, format string, args ...any) {
		l.findings = append(l.findings, schema.NewFinding(codes.Extends, pos, remedy, format, args...))
		l.unreadable = true
	}
	if name == "" {
		wrong("leave the key out", "extends is empty")
		return
	}
	at := l.beside(chain, name)
	all := append(slices.Clip(chain), at)
	where := at.name
	if len(chain) > 1 {
		where += " (" + chained(all) + ")"
	}
	if i := slices.IndexFunc(chain, func(p place) bool { return p.key() == at.key() }); i >= 0 {
		wrong("", "the files extend each other in a circle: %s", chained(all[i:]))
		return
	}
	switch {
	case l.seen[at.key()]:
		return // it is reached in several ways, and counts where it comes first
	case len(chain) >= maxLevels:
		wrong("", "files extend each other over more than %d levels: %s", maxLevels, chained(all))
		return
	case len(l.seen) >= maxParts:
		wrong("", "the project extends more than %d files", maxParts)
		return
	case l.read == nil:
		wrong("", "there is no reader of files: a program that opens a project's bases itself has to read what it extends, too")
		return
	}
	l.seen[at.key()] = true
	data, err := l.read(at.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		wrong("paths are relative to the folder of the file that they are in", "there is no file %s", where)
	case err != nil:
		wrong("", "%s: %s", where, strings.TrimPrefix(err.Error(), at.name+": "))
	case l.size+int64(len(data)) > l.limits.Project:
		wrong("", "%s: the files of the project have more than %d bytes: expected at most that many in all", at.name, l.limits.Project)
	default:
		l.add(data, at, chain)
	}
}

// beside returns where a file is that the last one of a chain names.
func (l *loader) beside(chain []place, name string) place {
	if filepath.IsAbs(name) || path.IsAbs(name) {
		return place{path.Clean(filepath.ToSlash(name)), filepath.Clean(name)}
	}
	p := path.Join(path.Dir(chain[len(chain)-1].path), filepath.ToSlash(name))
	return place{p, beside(chain[0].name, p)}
}

// beside returns a path that a file has, as it is seen from where the file's own name is.
func beside(file, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(file), filepath.FromSlash(name))
}

// chained says how files extend each other.
func chained(chain []place) string {
	names := make([]string, len(chain))
	for i, p := range chain {
		names[i] = p.name
	}
	return strings.Join(names, " extends ")
}

// settingPrefix begins the name that stands in positions for that of a file, of a
// setting that was given beside the file.
const settingPrefix = "--set "

// set adds a setting, such as "tags.SBC_ADDRESS_WXT=sbc.example.com".
func (l *loader) set(setting string) {
	key, value, ok := strings.Cut(setting, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	d := &document{file: settingPrefix + key}
	wrong := func(format string, args ...any) {
		l.findings = append(l.findings, schema.NewFinding(codes.Syntax, schema.Position{File: d.file}, "", format, args...))
		l.unreadable = true
	}
	if !ok || key == "" {
		d.file = strings.TrimSpace(settingPrefix)
		wrong("%q is no setting: expected a key and its value, such as tags.SBC_ADDRESS_WXT=sbc.example.com", setting)
		return
	}
	src := key + " = " + value
	if bare := map[string]any(nil); strings.ContainsAny(value, "\r\n") || value == "" || !isTOML(src, &bare) {
		src = key + " = " + tomlfile.Basic(value)
	}
	tree, fs := d.read([]byte(src), l.limits)
	switch {
	case fs != nil || strings.ContainsAny(key, "\r\n#"):
		wrong("%q is no key: expected one such as tags.SBC_ADDRESS_WXT or desktop.device_type", key)
		return
	case tree["extends"] != nil || tree["abstract"] != nil:
		wrong("%s is for a file to say", key)
		return
	}
	here := schema.Position{File: d.file} // it stands in no line
	for p := range d.places {
		d.places[p] = places{here, here}
	}
	l.findings = append(l.findings, d.checkKeys(tree, projectKeys)...)
	l.parts = append(l.parts, part{document: d, tree: tree})
}

func isTOML(src string, tree *map[string]any) bool {
	_, err := toml.Decode(src, tree)
	return err == nil
}

// isUnset reports whether a value is { unset = true }.
func isUnset(value any) bool {
	table, ok := value.(map[string]any)
	return ok && len(table) == 1 && table["unset"] == true
}

// merge merges the parts into one tree, and their places into the document of the
// project, whose own file is the last that is read.
func (l *loader) merge(into *document) map[string]any {
	m := merger{into: into}
	tree := make(map[string]any)
	into.places = make(map[string]places)
	into.parts = make(map[string]*document, len(l.parts))
	for _, p := range l.parts {
		if p.lines != nil && !strings.HasPrefix(p.file, settingPrefix) {
			into.parts[p.file] = p.document
			into.file, into.source, into.lines = p.file, p.source, p.lines
		}
		m.part = p
		p.moveBases()
		m.table(tree, p.tree, nil)
	}
	l.findings = append(l.findings, m.findings...)
	return tree
}

// extended returns the files that the project's own extends, weakest first.
func (l *loader) extended() []*document {
	var list []*document
	for _, p := range l.parts {
		if !strings.HasPrefix(p.file, settingPrefix) {
			list = append(list, p.document)
		}
	}
	return list[:len(list)-1]
}

// moveBases writes the paths of bases as they are seen from the project file's folder.
func (p part) moveBases() {
	for _, platform := range tags.Platforms() {
		table, _ := p.tree[platform.String()].(map[string]any)
		base, _ := table["base"].(string)
		if base != "" && p.dir != "." && p.dir != "" && !filepath.IsAbs(base) && !path.IsAbs(base) {
			table["base"] = path.Join(p.dir, filepath.ToSlash(base))
		}
	}
}

// A merger puts one part after the other into a tree.
type merger struct {
	into     *document
	part     part
	findings schema.Findings
}

// table puts what a table of the part has into one of the tree.
func (m *merger) table(into, from map[string]any, at []any) {
	inValues := len(at) > 0 && (at[len(at)-1] == "tags" || at[len(at)-1] == "device")
	areTags := inValues && at[len(at)-1] == "tags"
	for key, value := range from {
		here := append(at[:len(at):len(at)], key)
		if areTags {
			m.respelt(into, from, at, key)
		}
		if inValues && isUnset(value) {
			if _, ok := into[key]; !ok {
				f := schema.NewFinding(codes.Extends, m.part.atKey(here...), "leave it out", "%s is unset, and nothing that the file extends sets it", tomlfile.Dotted(here))
				f.Severity = schema.Warning
				m.findings = append(m.findings, f)
			}
			m.drop(into[key], here)
			delete(into, key)
			continue
		}
		old, exists := into[key]
		switch value := value.(type) {
		case map[string]any:
			if table, ok := old.(map[string]any); ok || !exists {
				if !ok {
					table = make(map[string]any, len(value))
					into[key] = table
				}
				m.note(here, here)
				m.table(table, value, here)
				continue
			}
		default:
			if appended(here) && exists {
				more, ok := tableList(value)
				list, was := tableList(old)
				if ok && was {
					m.note(here, here)
					for i, t := range more {
						m.copy(t, append(slices.Clone(here), i), append(slices.Clone(here), len(list)+i))
					}
					into[key] = append(slices.Clip(list), more...)
					continue
				}
			}
		}
		m.drop(old, here)
		m.copy(value, here, here)
		into[key] = value
	}
}

// appended reports whether the tables of an array are added to those that there are.
func appended(at []any) bool {
	return len(at) == 1 && (at[0] == "declare" || at[0] == "ignore") || len(at) == 2 && at[1] == "edit"
}

// respelt drops a tag that the tree has under its other spelling, with percent signs or
// without.
func (m *merger) respelt(into, from map[string]any, at []any, key string) {
	other := tagname.Bare(key)
	if other == key {
		other = "%" + key + "%"
	}
	if _, both := from[other]; both {
		return // the file has it twice, which is reported later
	}
	if old, ok := into[other]; ok {
		m.drop(old, append(at[:len(at):len(at)], other))
		delete(into, other)
		into[key] = old // so that it is known to have been there
	}
}

// note takes over where a key of the part stands.
func (m *merger) note(from, to []any) {
	if pl, ok := m.part.lookup(from...); ok {
		m.into.places[tomlfile.Path(to...)] = pl
	}
}

// copy takes over where a value of the part stands, and what is inside it.
func (m *merger) copy(value any, from, to []any) {
	m.note(from, to)
	inside(value, func(step, v any) {
		m.copy(v, append(from[:len(from):len(from)], step), append(to[:len(to):len(to)], step))
	})
}

// drop forgets where a value of the tree stands.
func (m *merger) drop(value any, at []any) {
	delete(m.into.places, tomlfile.Path(at...))
	inside(value, func(step, v any) { m.drop(v, append(at[:len(at):len(at)], step)) })
}

// inside calls f for each value that a table or a list holds.
func inside(value any, f func(step, value any)) {
	switch value := value.(type) {
	case map[string]any:
		for key, v := range value {
			f(key, v)
		}
	case []any:
		for i, v := range value {
			f(i, v)
		}
	case []map[string]any:
		for i, v := range value {
			f(i, v)
		}
	}
}
