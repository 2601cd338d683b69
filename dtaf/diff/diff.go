// Package diff compares archives, manifests and templates by meaning: the requests
// of manifests and their elements, the elements and attributes of templates, the
// lines of other text, and the tags of both.
package diff

import (
	"crypto/sha256"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/content"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/render"
)

// A Change says what became of something.
type Change string

// The changes.
const (
	Added     Change = "added"
	Removed   Change = "removed"
	Changed   Change = "changed"
	Moved     Change = "moved"     // to another place
	Reordered Change = "reordered" // among its neighbors
	Renamed   Change = "renamed"
	Replaced  Change = "replaced" // a request, by one of another version
)

// A Difference is what differs between two archives or two files, by meaning. The
// Change of a part of it says what became of that part.
// It holds no secrets: values of passwords are masked.
type Difference struct {
	// DeviceType is set if the device type has another name. The rest is told as
	// if it had always had the new one.
	DeviceType *pair `json:"deviceType,omitempty"`
	// Requests are the requests of the manifest that differ, in its order.
	Requests []RequestChange `json:"requests"`
	// Files are the other files that differ, by name.
	Files []FileChange `json:"files"`
}

// Empty reports whether there is no difference.
func (d *Difference) Empty() bool {
	return d.DeviceType == nil && len(d.Requests) == 0 && len(d.Files) == 0
}

// A pair is the old and the new value of something.
type pair struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// A RequestChange is a request of a manifest that differs.
type RequestChange struct {
	Change  Change         `json:"change"`        // added, removed, changed, replaced or reordered
	Old     string         `json:"old,omitempty"` // the name of the request, with its version
	New     string         `json:"new,omitempty"`
	Subject string         `json:"subject,omitempty"` // what it is about beyond the device type, such as a file's format
	Options []OptionChange `json:"options"`           // its elements that differ; none of one that was added or removed
}

// An OptionChange is an element of a request that differs.
type OptionChange struct {
	Change Change `json:"change"` // added, removed or changed
	Option string `json:"option"` // the element's OCI name
	Path   string `json:"path"`   // the same, with those around it
	Old    string `json:"old"`    // "xsi:nil" for an element that is empty on purpose
	New    string `json:"new"`
}

// A FileChange is a file that differs.
type FileChange struct {
	Change   Change          `json:"change"`            // added, removed, changed or renamed
	Name     string          `json:"name"`              // in the new archive, or in the old one if it is gone
	OldName  string          `json:"oldName,omitempty"` // where it had another name
	Kind     content.Kind    `json:"kind"`              // "manifest", "xml", "text" or "binary"
	OldSize  int             `json:"oldSize"`           // bytes
	NewSize  int             `json:"newSize"`
	Encoding *pair           `json:"encoding,omitempty"` // if it is another
	Tags     []TagChange     `json:"tags"`
	Elements []ElementChange `json:"elements"`          // of XML
	Lines    []LineChange    `json:"lines"`             // of other text
	Omitted  int             `json:"omitted,omitempty"` // tags, elements or lines beyond what is listed
	Unified  string          `json:"unified,omitempty"` // with [Difference.AddUnified]

	old, new *dtaf.File // of text that differs
	limits   [2]render.Limits
}

// A TagChange is a tag of a template that differs.
type TagChange struct {
	Change Change   `json:"change"` // added, removed, moved, or changed if it stands at more or fewer places
	Tag    string   `json:"tag"`    // without percent signs
	Old    []string `json:"old"`    // places where it stands no more, as in schema.Path; none in a file that is no XML
	New    []string `json:"new"`    // places where it did not stand
}

// An ElementChange is an element or an attribute of a template that differs.
type ElementChange struct {
	Change    Change `json:"change"`              // added, removed, changed, moved, reordered or renamed
	Path      string `json:"path"`                // an etree path in the new template; in the old one if it is gone
	OldPath   string `json:"oldPath,omitempty"`   // where it is another one
	Which     string `json:"which,omitempty"`     // which of several siblings of one name, such as name="G722", where an attribute says it
	Attribute string `json:"attribute,omitempty"` // what it is about; empty for an element and its text
	Old       string `json:"old"`                 // the value, or the XML of an element that is gone
	New       string `json:"new"`                 // the value, or the XML of an element that is new
	OldLine   int    `json:"oldLine,omitempty"`   // from 1
	NewLine   int    `json:"newLine,omitempty"`
}

// A LineChange is a run of lines that differ.
type LineChange struct {
	OldLine int      `json:"oldLine"` // the first line, or the one ahead of which lines were added; from 1
	NewLine int      `json:"newLine"`
	Old     []string `json:"old"`
	New     []string `json:"new"`
}

// A comparer compares, and counts what it has listed.
type comparer struct {
	limits [2]render.Limits // of the old and the new files
	room   int              // bytes of values and paths that may yet be listed
}

// The limits of what is listed of one comparison. What is beyond is counted.
const (
	maxListed = 10000   // changes of one file
	maxRoom   = 4 << 20 // bytes of values and paths
)

func newComparer(old, new dtaf.Limits) *comparer {
	return &comparer{[2]render.Limits{old.Rendering(), new.Rendering()}, maxRoom}
}

// take takes bytes of what may be listed, and reports whether there were so many.
func (c *comparer) take(n int) bool {
	if n > c.room {
		return false
	}
	c.room -= n
	return true
}

// Archives compares two archives by meaning: the requests of their manifests and
// these requests' elements, the elements and attributes of templates that are
// XML, the lines of other text, the tags of both, and the bytes of the rest.
//
// A folder around the archive's files, the details of the zip, line ends, byte
// order marks, comments, the order of attributes and white space that lays out
// XML are no difference. Files are the same if they have the same name, are the
// same file to the device (fileFormat), or have the same bytes. A manifest that
// can't be read is compared like any other file. The limits that the archives were
// read with hold here too: what is over them is compared byte by byte.
func Archives(old, new *dtaf.Archive) *Difference {
	c := newComparer(old.Limits(), new.Limits())
	d := &Difference{Requests: []RequestChange{}, Files: []FileChange{}}
	a, b := &side{Archive: old}, &side{Archive: new}
	om, oerr := old.Manifest()
	nm, nerr := new.Manifest()
	if oerr == nil && nerr == nil {
		a.manifest, _ = old.ManifestName()
		b.manifest, _ = new.ManifestName()
		d.DeviceType = c.rename(om, nm, a)
		d.Requests = append(d.Requests, c.manifests(om, nm)...)
		a.document, b.document = om, nm
	}
	for _, p := range pairFiles(a, b) {
		if f, ok := c.file(p); ok {
			d.Files = append(d.Files, f)
		}
	}
	slices.SortStableFunc(d.Files, func(x, y FileChange) int { return strings.Compare(x.Name, y.Name) })
	return d
}

// rename renames the device type of the old manifest to that of the new one, and
// has the old archive's files follow.
func (c *comparer) rename(old, new *oci.Document, a *side) *pair {
	was, ok := manifest.DeviceType(old)
	is, also := manifest.DeviceType(new)
	if !ok || !also || was == is || manifest.SetDeviceType(old, is) != nil {
		return nil
	}
	a.was, a.is = "type/"+was+"/", "type/"+is+"/"
	return &pair{was, is}
}

// A side is one of the archives that are compared.
type side struct {
	*dtaf.Archive
	manifest string        // its name, if it was compared
	document *oci.Document // the manifest
	was, is  string        // the folder of a device type that got another name
}

// name returns the name of a file, with the new name of the device type.
func (s *side) name(name string) string {
	if rest, ok := strings.CutPrefix(name, s.was); ok && s.was != "" {
		return s.is + rest
	}
	return name
}

// files returns the files but for the manifest, by their new names.
func (s *side) files() map[string]dtaf.File {
	files := make(map[string]dtaf.File)
	for f := range s.Files() {
		if s.manifest == "" || f.Name != s.manifest {
			files[s.name(f.Name)] = f
		}
	}
	return files
}

// formats returns the names of the files that each format is made of, by their
// new names, where that is clear.
func (s *side) formats() map[string]string {
	m := make(map[string]string)
	if s.document == nil {
		return m
	}
	for _, r := range manifest.FileRequests(s.document) {
		format, _ := r.Get("fileFormat")
		if source, ok := r.Get("sourceFileName"); ok {
			if _, twice := m[format]; twice {
				source = ""
			}
			m[format] = source
		}
	}
	return m
}

// A filePair is a file of each archive; one of them may be missing.
type filePair struct {
	name     string // the new name, or that of what is gone
	oldName  string // the old one, with the new name of the device type
	old, new *dtaf.File
}

// pairFiles finds out which files are the same.
func pairFiles(a, b *side) []filePair {
	olds, news := a.files(), b.files()
	var pairs []filePair
	pair := func(oldName, newName string) {
		o, n := olds[oldName], news[newName]
		pairs = append(pairs, filePair{newName, oldName, &o, &n})
		delete(olds, oldName)
		delete(news, newName)
	}
	for _, name := range sortedKeys(olds) {
		if _, ok := news[name]; ok {
			pair(name, name)
		}
	}
	formats := b.formats()
	was := a.formats()
	for _, format := range sortedKeys(was) {
		o, n := was[format], formats[format]
		_, okO := olds[o]
		_, okN := news[n]
		if okO && okN {
			pair(o, n)
		}
	}
	same := make(map[[sha256.Size]byte][]string)
	for _, name := range sortedKeys(news) {
		sum := sha256.Sum256(news[name].Data)
		same[sum] = append(same[sum], name)
	}
	for _, name := range sortedKeys(olds) {
		sum := sha256.Sum256(olds[name].Data)
		if list := same[sum]; len(list) > 0 && len(olds[name].Data) > 0 {
			same[sum] = list[1:]
			pair(name, list[0])
		}
	}
	for _, name := range sortedKeys(olds) {
		o := olds[name]
		pairs = append(pairs, filePair{name: name, oldName: name, old: &o})
	}
	for _, name := range sortedKeys(news) {
		n := news[name]
		pairs = append(pairs, filePair{name: name, oldName: name, new: &n})
	}
	return pairs
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Files compares two files that are no archives, by meaning: manifests, if both of
// them are, and else templates or other files, as [Archives] does. What is over the
// limits is compared byte by byte.
func Files(old, new dtaf.File, l dtaf.Limits) *Difference {
	c := newComparer(l, l)
	d := &Difference{Requests: []RequestChange{}, Files: []FileChange{}}
	if c.isManifest(old) && c.isManifest(new) {
		om, oerr := l.Manifests().Parse(old.Name, old.Data)
		nm, nerr := l.Manifests().Parse(new.Name, new.Data)
		if oerr == nil && nerr == nil {
			d.DeviceType = c.rename(om, nm, &side{})
			d.Requests = append(d.Requests, c.manifests(om, nm)...)
			return d
		}
	}
	name := path.Base(filepath.ToSlash(new.Name))
	if f, ok := c.file(filePair{name, name, &old, &new}); ok {
		d.Files = append(d.Files, f)
	}
	return d
}

func (c *comparer) isManifest(f dtaf.File) bool {
	return content.Read(f.Data, c.limits[0]).Kind == content.Manifest
}

// AddUnified adds a unified diff to each text file that differs, XML or not.
func (d *Difference) AddUnified() {
	for i := range d.Files {
		if f := &d.Files[i]; f.old != nil && f.Unified == "" {
			f.Unified = unified(f.old, f.new, f.limits)
		}
	}
}
