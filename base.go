package wxt

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/files"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A base is the vendor's archive that a platform is compiled from.
type base struct {
	*contents
	archive *dtaf.Archive
	main    string // the name of the file that is the template of config-wxt.xml
}

// A source is an archive of a base: the first of the archives that were opened
// together, and the one's own name. Archives that are chosen of them are copies.
type source struct {
	opened *dtaf.Archive
	name   string
}

// contents are what is in an archive. Platforms whose base is the same archive share
// them.
type contents struct {
	manifest   *oci.Document
	request    *oci.Request // that adds the device type
	deviceType string

	templates map[string]*render.Template // those that requests name, as far as they are text
	problems  map[string]error            // why the other files that requests name are none
}

// base reads the base of a platform. Both results are nil if it has none.
func (c *Compilation) base(platform tags.Platform) (*base, schema.Findings) {
	p, limits := c.Project, c.config.limits
	s := p.Platform(platform)
	archive := s.BaseArchive
	if archive == nil && s.Base == "" {
		return nil, nil
	}
	wrong := func(remedy, format string, args ...any) (*base, schema.Findings) {
		f := schema.NewFinding(codes.Base, p.at(platform.String(), "base"), remedy, format, args...)
		f.Message = platform.String() + ".base: " + f.Message
		return nil, schema.Findings{f}
	}
	from := source{opened: archive}
	if archive == nil {
		opened, ok := c.archives[s.Base]
		if !ok {
			opened.archives, opened.err = c.open(s.Base)
			c.archives[s.Base] = opened
		}
		switch err := opened.err; {
		case errors.Is(err, fs.ErrNotExist):
			return wrong(noBaseRemedy(s.Base), "there is no file %s", p.beside(s.Base))
		case err != nil:
			return wrong("", "%s", err)
		}
		chosen, err := dtaf.Select(opened.archives, c.Release, s.DeviceType, dtaf.Spec(platform).Name)
		if err != nil {
			return wrong("", "%s", err)
		}
		from, archive = source{opened.archives[0], chosen.Name()}, chosen
	}
	read, ok := c.contents[from]
	if !ok {
		var err error
		if read, err = readContents(archive, limits); err != nil {
			return wrong("", "%s", err)
		}
		c.contents[from] = read
	}
	b := &base{contents: read, archive: archive}
	if err := b.findMain(dtaf.Spec(platform).FileFormat); err != nil {
		return wrong("", "%s: %s", archive.Name(), err)
	}
	return b, nil
}

// open opens the archives of a base that the project names: by the project's opener,
// or as a file.
func (c *Compilation) open(name string) ([]*dtaf.Archive, error) {
	if c.Project.opener != nil {
		return c.Project.opener(name)
	}
	return dtaf.OpenAll(c.Project.beside(name), dtaf.WithLimits(c.config.limits))
}

// beside returns a path that the project file has, as it is seen from here.
func (p *Project) beside(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(p.file), name)
}

// openIn returns an opener of the archives that are in a folder of a file system.
func openIn(fsys fs.FS, dir string, limits dtaf.Limits) Opener {
	return func(name string) ([]*dtaf.Archive, error) {
		return dtaf.OpenFS(fsys, path.Join(dir, name), dtaf.WithLimits(limits))
	}
}

// readIn returns a reader of the files that are in a folder of a file system.
func readIn(fsys fs.FS, dir string, limits dtaf.Limits) func(name string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if path.IsAbs(name) {
			return nil, fmt.Errorf("%s: expected a path that is seen from the project file's folder", name)
		}
		return files.ReadFS(fsys, path.Join(dir, name), limits.Project)
	}
}

// readContents reads the manifest and the templates that it names. A file that is no
// text, such as a ringtone, has no tags.
func readContents(archive *dtaf.Archive, limits dtaf.Limits) (*contents, error) {
	doc, err := archive.Manifest()
	if err != nil {
		return nil, err
	}
	c := &contents{
		manifest: doc, request: manifest.DeviceTypeRequest(doc),
		templates: make(map[string]*render.Template), problems: make(map[string]error),
	}
	if c.request == nil {
		return nil, fmt.Errorf("%s: its manifest adds no SIP device type: expected a SystemSIPDeviceTypeAddRequest", archive.Name())
	}
	c.deviceType, _ = manifest.DeviceType(doc)
	for _, f := range sourceFiles(doc) {
		if c.templates[f.name] != nil || c.problems[f.name] != nil {
			continue // another request has the same file
		}
		data, ok := archive.File(f.name)
		if !ok {
			c.problems[f.name] = fmt.Errorf("the template %s of %s is not in it", f.name, f.format)
			continue
		}
		tmpl, err := render.Parse(f.name, data, render.WithLimits(limits.Rendering()))
		if err != nil {
			c.problems[f.name] = err
			continue
		}
		c.templates[f.name] = tmpl
	}
	return c, nil
}

// A sourceFile is a file of an archive that a request of the manifest names.
type sourceFile struct{ name, format string }

func sourceFiles(doc *oci.Document) []sourceFile {
	var list []sourceFile
	for _, r := range manifest.FileRequests(doc) {
		if name, ok := r.Get("sourceFileName"); ok {
			format, _ := r.Get("fileFormat")
			list = append(list, sourceFile{strings.TrimPrefix(name, "/"), format})
		}
	}
	return list
}

// findMain finds the main template: that of a file format.
func (b *base) findMain(format string) error {
	var formats []string
	for _, f := range sourceFiles(b.manifest) {
		formats = append(formats, f.format)
		if f.format != format {
			continue
		}
		if err := b.problems[f.name]; err != nil {
			return err
		}
		b.main = f.name
	}
	if b.main == "" {
		return fmt.Errorf("no request adds the file %s: it has %s", format, strings.Join(formats, ", "))
	}
	return nil
}

// others returns the names of the templates but for the main one.
func (b *base) others() []string {
	var names []string
	for name := range b.templates {
		if name != b.main {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// place returns the name of a file of the archive in positions.
func (b *base) place(file string) string {
	if b.archive.Name() == "" {
		return file
	}
	return b.archive.Name() + "/" + file
}

// firstUses returns where each tag stands first in the templates, the main one before
// the others.
func (b *base) firstUses() map[string]schema.Position {
	first := make(map[string]schema.Position)
	for _, name := range append([]string{b.main}, b.others()...) {
		for _, use := range b.templates[name].Placeholders() {
			if _, ok := first[use.Name]; !ok {
				use.Position.File = b.place(name)
				first[use.Name] = use.Position
			}
		}
	}
	return first
}

// noBaseRemedy says what to do about a path that leads nowhere.
func noBaseRemedy(path string) string {
	switch {
	case strings.ContainsFunc(path, unicode.IsControl):
		return "write the path between single quotation marks: between double ones a backslash begins an escape"
	case strings.ContainsRune(path, '\\') && filepath.Separator == '/':
		return "write / between folders, which Windows understands too"
	}
	return "paths are relative to the folder of the project file"
}
