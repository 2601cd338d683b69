package wxt

import (
	_ "embed"
	"fmt"
	"io/fs"
	"path"
	"sync"
	"time"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/files"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// FileName is the name that a project file has by custom.
const FileName = "dtafgen.toml"

// EmbeddedName is what stands in positions instead of a file's name for a project
// that was not read from a file.
const EmbeddedName = "(embedded default)"

// A Project is what a partner decides about the configuration of the Webex
// app: a project file, read. Its zero value is the embedded default, and so is
// the zero value of each field.
type Project struct {
	Name       string            // what people call it, such as "Acme, lab"; empty: by its file
	Abstract   bool              // it is there for others to extend, and not to be built
	Edge       string            // "xsp" or "adp": what serves the apps, for what it needs; empty: not decided
	BroadWorks oci.Release       // use requests that this release knows; zero: requests that every release knows
	Package    Package           // for the archives' names
	Access     Access            // the XSP|ADP farm that serves Device Management
	Tags       map[string]string // values by tag, for every platform that has the tag
	Declare    []tags.Tag        // tags that the catalogue lacks, or facts to correct in it
	Codecs     Codecs            // highest priority first
	SIP        SIP               // refresh intervals

	Checks map[string]schema.Severity // severities by code, which beat those of the rules; Off: not told at all
	Ignore []Ignore                   // findings to suppress, with the reasons

	Desktop, Mobile, Tablet PlatformSettings

	opener Opener      // of the bases; nil: files
	limits dtaf.Limits // that the project was read within

	settings []string // that were given beside the file

	document
	extended []*document // the files that it extends, weakest first

	declared []int // the index in the merged file of each of Declare
}

// A Package is what the archives' names say, as in
// ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip.
type Package struct {
	Version string // three numbers with dots between
	Date    Month  // also the time of the files in the archives
}

// A Month is a month of a year.
type Month struct {
	Year  int
	Month time.Month
}

// String returns the month as the project file has it, such as "2026-11".
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year, int(m.Month)) }

// Time returns the first moment of the month in UTC.
func (m Month) Time() time.Time { return time.Date(m.Year, m.Month, 1, 0, 0, 0, 0, time.UTC) }

// An Access is where the app gets its files: the deviceAccess elements of the
// device type.
type Access struct {
	Host     string // deviceAccessNetAddress: host name or address
	Port     int    // deviceAccessPort, 1 to 65535; 0: not set
	Protocol string // deviceAccessProtocol: http or https, in any case
	URI      string // deviceAccessURI, such as bc/pc/
}

// Codecs are lists of codec names, the preferred one first: those that the app
// gets.
type Codecs struct {
	Audio, Video []string
	KeepOthers   bool // what a base has beside them stays, behind them

	// Attributes are the values that an attribute has, such as "payload", by the
	// name of the codec.
	Attributes map[string]map[string]string
}

// SIP holds settings of SIP that no tag has; zeros are not set.
type SIP struct {
	Transport  string // udp, tcp or tls
	Info       *bool  // whether SIP INFO is used
	InfoPeriod int    // of SIP INFO, in seconds
	// The intervals of refreshes, in seconds.
	RegisterRefresh, SubscribeRefresh int
}

// PlatformSettings are what a project decides for one platform only.
type PlatformSettings struct {
	Disabled   bool                         // leave the platform out ("enabled = false")
	Base       string                       // the file of the vendor's archive to compile from; empty: the built-in template
	DeviceType string                       // the identity/device profile type
	TagSet     string                       // the device type's tag set
	Encoding   string                       // defaultDeviceEncoding
	Tags       map[string]string            // beats the project's Tags
	Lines      int                          // of the desktop app, 1 to 10; 0: one, or those of the base
	Access     Access                       // beats the project's Access, field by field
	Device     map[string]string            // elements of the device type request, by OCI name
	Files      map[string]map[string]string // elements of the requests that add files, by the file's name and by OCI name
	Edits      []render.Edit                // changes to the template, in order

	// BaseArchive is the vendor's archive itself, for a project that is made in
	// a program. It beats Base.
	BaseArchive *dtaf.Archive

	edits []int // the index in the merged file of each of Edits
}

// Platform returns the settings of p, to read or to change.
func (p *Project) Platform(platform tags.Platform) *PlatformSettings {
	switch platform {
	case tags.Desktop:
		return &p.Desktop
	case tags.Mobile:
		return &p.Mobile
	case tags.Tablet:
		return &p.Tablet
	}
	panic("wxt: no such platform")
}

// Set gives a custom tag a value, on every platform that has the tag, as the table
// [tags] does. The name may have its percent signs. Whether the project's templates
// have the tag is for [Check] to say.
func (p *Project) Set(tag, value string) error {
	name := tagname.Bare(tag)
	if err := tags.CheckName(name); err != nil {
		return err
	}
	if p.Tags == nil {
		p.Tags = make(map[string]string)
	}
	delete(p.Tags, "%"+name+"%")
	p.Tags[name] = value
	return nil
}

// File returns the name of the file that the project was read from, or "".
func (p *Project) File() string { return p.file }

// Files returns the files that the project was read from: its own, and those that it
// extends, weakest first. There are none of the embedded default.
func (p *Project) Files() []File {
	if p.file == "" {
		return nil
	}
	files := []File{{p.file, []byte(p.source)}}
	for _, d := range p.extended {
		files = append(files, File{d.file, []byte(d.source)})
	}
	return files
}

//go:embed default.toml
var defaultTOML []byte

var defaultProject = sync.OnceValue(func() *Project {
	p, err := Parse("default.toml", defaultTOML)
	if err != nil {
		panic("wxt: the embedded default project is broken: " + err.Error())
	}
	return p
})

// Load reads a project file and those that it extends. Each has to be a regular file
// or a link to one. An error that is about their text is a [schema.Findings], with the
// places.
func Load(path string, opts ...LoadOption) (*Project, error) {
	data, err := files.Read(path, loadConfig(opts).limits.Project)
	if err != nil {
		return nil, err
	}
	return Parse(path, data, opts...)
}

// LoadFS reads a project file of a file system, as [Load] does. The files that it
// extends and the bases are files of fsys.
func LoadFS(fsys fs.FS, name string, opts ...LoadOption) (*Project, error) {
	c := loadConfig(opts)
	data, err := files.ReadFS(fsys, name, c.limits.Project)
	if err != nil {
		return nil, err
	}
	dir := path.Dir(name)
	return Parse(name, data, append([]LoadOption{WithOpener(openIn(fsys, dir, c.limits)), WithReader(readIn(fsys, dir, c.limits))}, opts...)...)
}

// Where returns where the project file sets a key, such as "access", "host": an
// index stands for an element of a list. It returns false if the file does not set it.
func (p *Project) Where(key ...any) (schema.Position, bool) {
	pl, ok := p.lookup(key...)
	return pl.value, ok
}

// atDeclare returns where the value of a key of Declare[i] stands, or where its
// tag does if it lacks the key.
func (p *Project) atDeclare(i int, key string) schema.Position {
	if i < len(p.declared) {
		i = p.declared[i]
	}
	if pl, ok := p.lookup("declare", i, key); ok {
		return pl.value
	}
	return p.at("declare", i, "tag")
}

// atEdit returns where a key of a platform's Edits[i] stands, or where the edit
// begins if it lacks the key.
func (p *Project) atEdit(platform tags.Platform, i int, keys ...string) schema.Position {
	if index := p.Platform(platform).edits; i < len(index) {
		i = index[i]
	}
	for _, key := range keys {
		if pl, ok := p.lookup(platform.String(), "edit", i, key); ok {
			return pl.value
		}
	}
	return p.at(platform.String(), "edit", i)
}

// A document is a TOML file: its text, and where its keys and values stand. That of
// a project has the places of what it extends, too: each says which file it is in.
type document struct {
	file   string            // for positions
	path   string            // of what a project extends: as it was read, seen from the project file's folder
	source string            // its text
	lines  *text.Lines       // of the text
	places map[string]places // where keys and values stand, by path

	// parts are the files that a project was read from, by name, if it is merged from
	// several.
	parts map[string]*document
}

// places are the positions of a key and of its value.
type places struct{ key, value schema.Position }

// lookup returns the places of a key.
func (d *document) lookup(steps ...any) (places, bool) {
	pl, ok := d.places[tomlfile.Path(steps...)]
	return pl, ok
}

// at returns where the value of a key stands, or as much as is known.
func (d *document) at(steps ...any) schema.Position {
	if pl, ok := d.lookup(steps...); ok {
		return pl.value
	}
	return d.top()
}

// atKey returns where a key stands, or as much as is known.
func (d *document) atKey(steps ...any) schema.Position {
	if pl, ok := d.lookup(steps...); ok {
		return pl.key
	}
	return d.top()
}

// top is the place of what is about all of the project.
func (d *document) top() schema.Position {
	if d.file == "" {
		return schema.Position{File: EmbeddedName}
	}
	return schema.Position{File: d.file, Line: 1, Column: 1}
}

// part returns the file that a position is in, or nil if there is none: the project's
// own or one that it extends.
func (d *document) part(file string) *document {
	if d.parts == nil && file == d.file {
		return d
	}
	return d.parts[file]
}
