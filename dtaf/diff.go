package dtaf

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
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
	Replaced  Change = "replaced" // a request, by another version of it
)

// A Kind says what a file is, by its content.
type Kind string

// The kinds of file.
const (
	KindManifest Kind = "manifest" // an OCI-P document
	KindXML      Kind = "xml"      // well-formed XML
	KindText     Kind = "text"     // any other text
	KindBinary   Kind = "binary"   // anything else
)

// A Difference is what differs between two archives or two files, by meaning.
// Nothing of it is a secret: values of passwords are masked.
type Difference struct {
	// DeviceType is set if the device type has another name. The rest is told as
	// if it had always had the new one.
	DeviceType *Values `json:"deviceType,omitempty"`
	// Requests are the requests of the manifest that differ, in its order.
	Requests []RequestChange `json:"requests"`
	// Files are the other files that differ, by name.
	Files []FileChange `json:"files"`
}

// Empty reports whether there is no difference.
func (d *Difference) Empty() bool {
	return d.DeviceType == nil && len(d.Requests) == 0 && len(d.Files) == 0
}

// Values are the old and the new value of something.
type Values struct {
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
	Kind     Kind            `json:"kind"`
	OldSize  int             `json:"oldSize"` // bytes
	NewSize  int             `json:"newSize"`
	Encoding *Values         `json:"encoding,omitempty"` // if it is another
	Tags     []TagChange     `json:"tags"`
	Elements []ElementChange `json:"elements"`          // of XML
	Lines    []LineChange    `json:"lines"`             // of other text
	Omitted  int             `json:"omitted,omitempty"` // elements or lines beyond what is listed
	Unified  string          `json:"unified,omitempty"` // with WithUnified
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

// A DiffOption changes what a difference tells.
type DiffOption func(*comparer)

// WithUnified adds a unified diff of each text file that differs, XML or not.
func WithUnified() DiffOption { return func(c *comparer) { c.unified = true } }

// A comparer compares, and counts what it has listed.
type comparer struct {
	unified bool
	room    int // bytes of values and paths that may yet be listed
}

// The limits of what is listed of one comparison. What is beyond is counted.
const (
	maxListed = 10000   // changes of one file
	maxRoom   = 4 << 20 // bytes of values and paths
)

func newComparer(opts []DiffOption) *comparer {
	c := &comparer{room: maxRoom}
	for _, opt := range opts {
		opt(c)
	}
	return c
}

// take takes bytes of what may be listed, and reports whether there were so many.
func (c *comparer) take(n int) bool {
	if n > c.room {
		return false
	}
	c.room -= n
	return true
}

// Diff compares two archives by meaning: the requests of their manifests and
// these requests' elements, the elements and attributes of templates that are
// XML, the lines of other text, the tags of both, and the bytes of the rest.
//
// A folder around the archive's files, the details of the zip, line ends, byte
// order marks, comments, the order of attributes and white space that lays out
// XML are no difference. Files are the same if they have the same name, are the
// same file to the device (fileFormat), or have the same bytes. A manifest that
// can't be read is compared like any other file.
func Diff(old, new *Archive, opts ...DiffOption) *Difference {
	c := newComparer(opts)
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
func (c *comparer) rename(old, new *oci.Document, a *side) *Values {
	was, ok := DeviceTypeName(old)
	is, also := DeviceTypeName(new)
	if !ok || !also || was == is || SetDeviceType(old, is) != nil {
		return nil
	}
	a.was, a.is = "type/"+was+"/", "type/"+is+"/"
	return &Values{was, is}
}

// A side is one of the archives that are compared.
type side struct {
	*Archive
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
func (s *side) files() map[string]File {
	files := make(map[string]File)
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
	for _, r := range FileRequests(s.document) {
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
	old, new *File
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

// DiffFiles compares two files that are no archives, by meaning: manifests, if
// both of them are, and else templates or other files, as [Diff] does.
func DiffFiles(old, new File, opts ...DiffOption) *Difference {
	c := newComparer(opts)
	d := &Difference{Requests: []RequestChange{}, Files: []FileChange{}}
	if kindOf(old.Data) == KindManifest && kindOf(new.Data) == KindManifest {
		om, oerr := oci.Parse(old.Name, old.Data)
		nm, nerr := oci.Parse(new.Name, new.Data)
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

// DiffPaths compares two files on disk, which are archives, manifests, templates
// or other text, as their content says, and both the same of these. It returns
// what they are: "archive", or a [Kind]. The error says which can't be used.
func DiffPaths(old, new string, opts ...DiffOption) (*Difference, string, error) {
	a, err := openInput(old)
	if err != nil {
		return nil, "", err
	}
	b, err := openInput(new)
	if err != nil {
		return nil, "", err
	}
	if a.kind != b.kind && (a.isSpecial() || b.isSpecial()) {
		return nil, "", fmt.Errorf("%s is %s and %s is %s: expected two of a kind", old, describeKind(a.kind), new, describeKind(b.kind))
	}
	if a.archive != nil {
		return Diff(a.archive, b.archive, opts...), a.kind, nil
	}
	kind := a.kind
	if b.kind != kind {
		kind = string(KindText)
	}
	return DiffFiles(a.file, b.file, opts...), kind, nil
}

const kindArchive = "archive"

// An input is a file to compare.
type input struct {
	kind    string
	archive *Archive
	file    File
}

// isSpecial reports whether the input can only be compared with its like.
func (i input) isSpecial() bool { return i.kind == kindArchive || i.kind == string(KindManifest) }

func describeKind(kind string) string {
	switch kind {
	case kindArchive:
		return "an archive"
	case string(KindManifest):
		return "a manifest"
	case string(KindXML):
		return "a template in XML"
	}
	return "text"
}

// openInput reads a file. Its content tells what it is, but that a file whose name
// ends with .zip has to be an archive. It need not be a regular file, so that what a
// shell's <(command) gives can be compared too.
func openInput(name string) (input, error) {
	f, err := os.Open(name)
	if err != nil {
		return input{}, err
	}
	defer f.Close()
	limits := DefaultLimits()
	data, err := io.ReadAll(io.LimitReader(f, limits.Archive+1))
	switch {
	case err != nil:
		return input{}, err
	case int64(len(data)) > limits.Archive:
		return input{}, fmt.Errorf("%s has more than %d bytes: expected an archive or a template", name, limits.Archive)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")), strings.EqualFold(path.Ext(name), ".zip"):
		a, err := Read(bytes.NewReader(data), int64(len(data)), WithName(name))
		if err == nil {
			err = a.CheckContents(limits)
		}
		return input{kind: kindArchive, archive: a}, err
	}
	if len(data) > limits.Template {
		return input{}, fmt.Errorf("%s has more than %d bytes: expected a template", name, limits.Template)
	}
	if err := checkXML(File{name, data}, limits); err != nil {
		return input{}, fmt.Errorf("%s %w", name, err)
	}
	i := input{kind: string(kindOf(data)), file: File{name, data}}
	switch Kind(i.kind) {
	case KindBinary:
		return input{}, fmt.Errorf("%s: %w", name, errNotText)
	case KindManifest:
		if _, err := oci.Parse(name, data); err != nil {
			return input{}, err
		}
	}
	return i, nil
}

var errNotText = errors.New("neither a zip archive nor text: expected an archive, a manifest or a template")
