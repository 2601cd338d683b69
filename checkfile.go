package wxt

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/content"
	"github.com/dtafgen/wxt/internal/files"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/memfs"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// maxFileSize is the size in bytes that a template or manifest may have that is
// checked by itself.
const maxFileSize = 16 << 20

// CheckFile checks a file: a project file, an archive, a manifest or other
// document of OCI-P, or a template. Its content tells which it is, and where
// that does not, its name. The findings are sorted by place. The error is about
// a file that can't be read, or that is none of these.
//
// Positions in an archive have the archive's name, a slash, and the file's. A
// template in the folder of a known device type is held to the tags of its platform,
// and another to those of the platform of the options, if that is one.
func CheckFile(path string, opts ...CheckOption) (schema.Findings, error) {
	o := checkConfig(opts)
	if strings.EqualFold(filepath.Ext(path), ".toml") {
		return CheckProjectFile(path, opts...)
	}
	info, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
		return nil, err
	}
	var head []byte
	if err == nil && !info.IsDir() {
		if head, err = files.Head(path, 4<<10); err != nil {
			return nil, err
		}
	}
	if err != nil || info.IsDir() || content.IsArchive(path, head) {
		all, err := dtaf.OpenAll(path, dtaf.WithLimits(o.limits))
		return checkArchives(path, all, err, opts)
	}
	data, err := files.Read(path, maxFileSize)
	if err != nil {
		return nil, err
	}
	return CheckBytes(path, data, opts...)
}

// CheckBytes checks what a file of some name holds, as [CheckFile] does.
func CheckBytes(name string, data []byte, opts ...CheckOption) (schema.Findings, error) {
	o := checkConfig(opts)
	switch {
	case strings.EqualFold(path.Ext(filepath.ToSlash(name)), ".toml"):
		o.limits = o.limits.WithDefaults()
		return checkText(name, data, o), nil
	case content.IsArchive(name, data):
		base := path.Base(filepath.ToSlash(name))
		all, err := dtaf.OpenFS(memfs.New(maps.All(map[string][]byte{base: data})), base, dtaf.WithLimits(o.limits), dtaf.WithName(name))
		return checkArchives(name, all, err, opts)
	case content.IsManifest(name, data):
		f := newFileCheck(opts)
		if d, err := f.options.limits.Manifests().Parse(name, data); err != nil {
			f.unreadableManifest(schema.Position{File: name, Line: 1, Column: 1}, err)
		} else {
			f.checkManifest(name, d)
		}
		return f.sorted(), nil
	case content.IsTemplate(name, data):
		f := newFileCheck(opts)
		f.checkTemplate(name, data)
		return f.sorted(), nil
	}
	return nil, fmt.Errorf("%s: can't tell what it is: expected a project file (.toml), an archive (.zip), a manifest (.oci) or a template (.template, .xml)", name)
}

// checkArchives checks the archives of a file or folder, or tells why it can't be
// opened.
func checkArchives(name string, all []*dtaf.Archive, err error, opts []CheckOption) (schema.Findings, error) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, err
	case err != nil:
		return archiveFinding(name, err), nil
	}
	var findings schema.Findings
	for _, a := range all {
		findings = append(findings, CheckArchive(a, opts...)...)
	}
	return findings.Sorted(), nil
}

// archiveFinding reports an archive that can't be opened.
func archiveFinding(name string, err error) schema.Findings {
	if e := (*oci.Error)(nil); errors.As(err, &e) {
		return schema.Findings{schema.NewFinding(codes.NoManifest, e.Position, "", "%s", e.Msg)}
	}
	pos, what := schema.Position{File: name}, err.Error()
	entry := ""
	if e := (*dtaf.Error)(nil); errors.As(err, &e) {
		what, entry = e.Reason, e.Entry
		if e.Archive != "" {
			pos.File = e.Archive
		}
		if e.Entry != "" {
			what = fmt.Sprintf("entry %q: %s", e.Entry, what)
		}
	}
	if at := (*xmltext.SyntaxError)(nil); errors.As(err, &at) {
		pos.File += "/" + entry
		pos.Line, pos.Column = at.Line, at.Column
		return schema.Findings{schema.NewFinding(codes.NotWellFormed, pos, "", "%s", at.Msg)}
	}
	return schema.Findings{schema.NewFinding(codes.Archive, pos, "", "%s", what)}
}

// CheckArchive checks an archive: its manifest, its templates, and whether they
// go together.
func CheckArchive(a *dtaf.Archive, opts ...CheckOption) schema.Findings {
	f := newFileCheck(opts)
	prefix := ""
	if a.Name() != "" {
		prefix = a.Name() + "/"
	}
	f.archive = a
	f.findings = append(f.findings, a.Findings()...)
	if d, err := a.Manifest(); err != nil {
		f.unreadableManifest(schema.Position{File: strings.TrimSuffix(prefix, "/")}, err)
	} else {
		name, _ := a.ManifestName()
		f.checkManifest(prefix+name, d)
	}
	limits := f.options.limits.WithDefaults()
	for file := range a.Files() {
		named, template := f.names(file.Name), content.HasTemplateName(file.Name)
		switch {
		case path.Dir(file.Name) == "oci", len(file.Data) > limits.Template && !named:
		case template, named && content.IsText(file.Data):
			f.checkTemplate(prefix+file.Name, file.Data)
		}
	}
	return f.sorted()
}

// A fileCheck is a file that is being checked by itself.
type fileCheck struct {
	options     config
	rules       []Rule
	catalogue   *tags.Catalogue
	compilation *Compilation // of the options' project, or nil
	archive     *dtaf.Archive
	manifest    *oci.Document
	findings    schema.Findings
}

func newFileCheck(opts []CheckOption) *fileCheck {
	o := checkConfig(opts)
	f := &fileCheck{options: o, rules: withFunctions(o.rules), catalogue: tags.Default()}
	if o.project != nil {
		f.compilation = compile(o.project, o)
		f.catalogue = f.compilation.Catalogue
	}
	return f
}

func (f *fileCheck) sorted() schema.Findings {
	if f.options.project != nil {
		f.findings, _ = f.options.project.judge(f.findings)
	}
	return f.findings.Sorted()
}

// unreadableManifest reports a manifest that is not there, or is none.
func (f *fileCheck) unreadableManifest(pos schema.Position, err error) {
	what := err.Error()
	if e := (*oci.Error)(nil); errors.As(err, &e) {
		pos, what = e.Position, e.Msg
	} else if e := (*dtaf.Error)(nil); errors.As(err, &e) {
		what = e.Reason
	}
	f.findings = append(f.findings, schema.NewFinding(codes.NoManifest, pos, "", "%s", what))
}

func (f *fileCheck) checkManifest(name string, d *oci.Document) {
	f.manifest = d
	f.findings = append(f.findings, d.Check()...)
	deviceType, _ := manifest.DeviceType(d)
	f.run(Pass{Platform: f.platform(deviceType), subject: &subject{file: name}}, func(r Rule) func(*Pass) { return r.Manifest })
}

func (f *fileCheck) checkTemplate(name string, data []byte) {
	s := &subject{file: name, data: data}
	pass := Pass{subject: s}
	template, err := render.Parse(name, data, render.WithLimits(f.options.limits.Rendering()))
	if err != nil {
		s.unreadable = &render.Error{Position: schema.Position{File: name}, Err: err}
		errors.As(err, &s.unreadable)
		if s.unreadable.Line == 0 {
			s.unreadable.Line, s.unreadable.Column = 1, 1
		}
	} else {
		pass.Template = template
		if pass.isXML() {
			s.xml, s.notXML = xmltext.Parse(template.Source())
		}
	}
	deviceType := path.Base(path.Dir(filepath.ToSlash(name)))
	if f.manifest != nil {
		deviceType, _ = manifest.DeviceType(f.manifest)
	}
	pass.Platform = f.platform(deviceType)
	f.run(pass, func(r Rule) func(*Pass) { return r.Template })
}

func (f *fileCheck) run(pass Pass, function func(Rule) func(*Pass)) {
	pass.Compilation, pass.Mode, pass.Catalogue = f.compilation, f.options.mode, f.catalogue
	pass.Archive, pass.Manifest = f.archive, f.manifest
	runRules(f.rules, pass, &f.findings, function)
}

// names reports whether a request of the manifest names a file.
func (f *fileCheck) names(file string) bool {
	return f.manifest != nil && slices.ContainsFunc(sources(f.manifest), func(e *oci.Element) bool { return strings.TrimSpace(e.Value) == file })
}

// platform returns the platform of a device type, by the names that the project
// or the customary device types have, or the only one of the options.
func (f *fileCheck) platform(deviceType string) tags.Platform {
	for _, p := range tags.Platforms() {
		if f.options.platforms == tags.NewPlatformSet(p) {
			return p
		}
		if dtaf.Spec(p).Name == deviceType || f.options.project != nil && f.options.project.Platform(p).DeviceType == deviceType && deviceType != "" {
			return p
		}
	}
	return 0
}
