// Package merge carries what somebody changed in a vendor's archive to the vendor's
// next release.
package merge

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/choice"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/text"
)

// An Outcome says what became of one of a partner's changes.
type Outcome string

// The outcomes.
const (
	Carried  Outcome = "carried"  // made in the new archive
	Present  Outcome = "present"  // the vendor's new archive has it already
	Conflict Outcome = "conflict" // the vendor changed the same otherwise
)

// A Choice decides a conflict.
type Choice string

// The choices. A conflict without one is open, and the archive has what the
// vendor's has.
const (
	Ours   Choice = "ours"   // the partner's
	Theirs Choice = "theirs" // the vendor's
)

// A Change is one of a partner's changes, and what became of it.
type Change struct {
	File string `json:"file"` // in the new archive, or in the partner's where the new one lacks it

	// Kind is what the change is about: attribute, text, content, name, added,
	// removed, moved, order, gone (an element that the vendor removed and the partner
	// changed), document, lines, file, option or request; edit or tag in a project.
	Kind string `json:"kind"`

	// Path is the place in the file: an element's path, with /@name for an
	// attribute; an OCI name, behind that of the file format or of the request for
	// requests that do not add the device type; a line of the new text file. It is
	// empty for the file itself.
	Path string `json:"path"`

	Outcome Outcome `json:"outcome"`

	// The values in the vendor's old archive, in the partner's and in the vendor's
	// new one; nil where there is none. Long ones are cut; of a binary file they
	// say its size.
	Old  *string `json:"old"`
	Mine *string `json:"mine"`
	New  *string `json:"new"`

	Choice Choice   `json:"choice,omitempty"` // what was chosen in a conflict
	Reason string   `json:"reason,omitempty"`
	Within []string `json:"within,omitempty"` // what the changes are, if there are several in one
}

// A VendorChange is something that the vendor changed from one release to the
// next.
type VendorChange struct {
	File string `json:"file"`

	// Kind is what the change is about: tag added, tag removed, tag moved; added,
	// removed, moved, reordered, renamed, attribute added, attribute removed, attribute
	// changed, text changed; file added, file removed, file changed; option; request.
	Kind string `json:"kind"`

	Tag     string  `json:"tag,omitempty"`
	Path    string  `json:"path"`              // in the new release, or in the old one for what is gone
	OldPath string  `json:"oldPath,omitempty"` // where it was, if that was another place
	Old     *string `json:"old"`
	New     *string `json:"new"`
}

// A Report is all that a merge has to tell.
type Report struct {
	Vendor  []VendorChange `json:"vendor"`
	Changes []Change       `json:"changes"`
	Notes   []string       `json:"notes"`  // what else is worth knowing
	Unused  []string       `json:"unused"` // choices that no conflict asked for
}

// Options decide conflicts. A place is a file, a path in one, or a file and a path
// with a colon between them; it stands for all below it too. Of two that fit the
// longer one counts.
type Options struct {
	Ours, Theirs []string // places
	Default      Choice
}

// An Input is three archives.
type Input struct {
	Old  *dtaf.Archive // the vendor's archive that the changes were made to
	New  *dtaf.Archive // the vendor's archive to carry them to
	Mine *dtaf.Archive // the partner's archive, made of the old one
}

// Merge carries a partner's changes to the vendor's next release: mine was made of
// old, and the result is a copy of new with each change from old to mine in it that
// can be. What the changes do not touch stays as it is in new, byte for byte.
//
// Templates, and other files that are XML, are compared by meaning and changed in
// place; other text is merged by lines, and anything else as a whole. Manifests are
// merged option by option. Where the vendor changed the same otherwise, there is a
// conflict, and the result has what new has unless the options choose otherwise.
// Comments, and the form of XML, are those of new; the report notes where the
// partner's comments are others.
//
// Every change of the partner's is in the report once. No change of the partner's
// gives an archive with just the files of new. The error says that an archive has
// no use: then there is no result. The limits that each archive was read with hold
// here too: what is over them is merged as a whole.
func Merge(in Input, o Options) (*dtaf.Archive, *Report, error) {
	for i, a := range []*dtaf.Archive{in.Old, in.New, in.Mine} {
		if a == nil {
			return nil, nil, fmt.Errorf("there is no %s archive to merge", [...]string{"old", "new", "partner's"}[i])
		}
	}
	if err := sameDevice(in.Old, in.New); err != nil {
		return nil, nil, err
	}
	m := &archiveMerge{
		options: o,
		used:    make(map[string]bool),
		report:  &Report{Vendor: []VendorChange{}, Changes: []Change{}, Notes: []string{}, Unused: []string{}},
		sides:   [3]*party{newSide(in.Old), newSide(in.New), newSide(in.Mine)},
		result:  in.New.Clone(),
	}
	if err := m.files(); err != nil {
		return nil, nil, err
	}
	if err := m.manifest(); err != nil {
		return nil, nil, err
	}
	for _, place := range slices.Concat(o.Ours, o.Theirs) {
		if !m.used[place] {
			m.report.Unused = append(m.report.Unused, place)
		}
	}
	return m.result, m.report, nil
}

// The three archives of a merge.
const (
	sideOld = iota
	sideNew
	sideMine
)

// A party is one of the three archives.
type party struct {
	archive      *dtaf.Archive
	manifest     *oci.Document // nil if it has none that can be read
	manifestName string
	deviceType   string
	names        map[string]string // the files' names by what they are called in all archives
}

// The parts of names that belong to one archive only.
const (
	anyType     = "type/*/"
	anyManifest = "oci/*.oci"
)

func newSide(a *dtaf.Archive) *party {
	s := &party{archive: a, names: make(map[string]string)}
	if name, err := a.ManifestName(); err == nil {
		if d, err := a.Manifest(); err == nil {
			if deviceType, ok := manifest.DeviceType(d); ok && isUsual(d) {
				s.manifest, s.manifestName, s.deviceType = d, name, deviceType
			}
		}
	}
	for f := range a.Files() {
		s.names[s.common(f.Name)] = f.Name
	}
	return s
}

// isUsual reports whether a manifest is of a size that manifests have. One that is
// not is merged as XML.
func isUsual(d *oci.Document) bool {
	const maxRequests, maxElements = 1000, 2000
	if len(d.Requests) > maxRequests {
		return false
	}
	for _, r := range d.Requests {
		n := 0
		for _, e := range r.Elements {
			for range e.All() {
				if n++; n > maxElements {
					return false
				}
			}
		}
	}
	return true
}

// common returns what a file is called in all archives, whatever their device
// types.
func (s *party) common(name string) string {
	if s.deviceType == "" {
		return name
	}
	if name == s.manifestName {
		return anyManifest
	}
	if rest, ok := strings.CutPrefix(name, "type/"+s.deviceType+"/"); ok {
		return anyType + rest
	}
	return name
}

// own returns the name of a file in the archive of s.
func (s *party) own(common string) string {
	if name, ok := s.names[common]; ok {
		return name
	}
	if rest, ok := strings.CutPrefix(common, anyType); ok {
		return "type/" + s.deviceType + "/" + rest
	}
	return common
}

func (s *party) data(common string) ([]byte, bool) {
	name, ok := s.names[common]
	if !ok {
		return nil, false
	}
	return s.archive.File(name)
}

type archiveMerge struct {
	options Options
	used    map[string]bool // the places of the options that decided something
	report  *Report
	sides   [3]*party
	result  *dtaf.Archive
}

// choose decides a conflict.
func (m *archiveMerge) choose(file, at string) Choice {
	o := m.options
	for _, place := range slices.Concat(o.Ours, o.Theirs) {
		if choice.Covers(place, file, at) {
			m.used[place] = true
		}
	}
	switch isOurs, place := choice.Of(o.Ours, o.Theirs, file, at); {
	case place == "":
		return o.Default
	case isOurs:
		return Ours
	}
	return Theirs
}

// add notes a change, and decides it if it is a conflict. It returns whether the
// change is to be made.
func (m *archiveMerge) add(c Change) bool {
	if c.Outcome == Conflict {
		c.Choice = m.choose(c.File, c.Path)
	}
	m.report.Changes = append(m.report.Changes, c)
	return c.Outcome == Carried || c.Choice == Ours
}

// three notes a change of one value.
func (m *archiveMerge) three(file, kind, at string, old, mine, new *string) bool {
	c := Change{File: file, Kind: kind, Path: at, Old: old, Mine: mine, New: new}
	switch {
	case same(mine, new):
		c.Outcome = Present
	case same(old, new):
		c.Outcome = Carried
	default:
		c.Outcome, c.Reason = Conflict, "both changed it"
	}
	return m.add(c)
}

func same(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

func (m *archiveMerge) note(format string, args ...any) {
	m.report.Notes = append(m.report.Notes, fmt.Sprintf(format, args...))
}

// maxVendor is how many of the vendor's changes are listed.
const maxVendor = 10000

func (m *archiveMerge) vendor(c VendorChange) {
	c.Path, c.OldPath = text.ClipPath(c.Path), text.ClipPath(c.OldPath)
	switch n := len(m.report.Vendor); {
	case n < maxVendor:
		m.report.Vendor = append(m.report.Vendor, c)
	case n == maxVendor && !slices.Contains(m.report.Notes, tooManyVendor):
		m.note("%s", tooManyVendor)
	}
}

var tooManyVendor = fmt.Sprintf("the vendor changed more than %d things: not all are listed", maxVendor)

// files merges the files, but for the manifest.
func (m *archiveMerge) files() error {
	var names []string
	for _, s := range m.sides {
		for name := range s.names {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	withManifest := m.hasManifests()
	for _, name := range names {
		if name == anyManifest && withManifest {
			continue
		}
		if err := m.file(name); err != nil {
			return err
		}
	}
	return nil
}

// file merges the file that all archives call by a name.
func (m *archiveMerge) file(name string) error {
	old, inOld := m.sides[sideOld].data(name)
	new, inNew := m.sides[sideNew].data(name)
	mine, inMine := m.sides[sideMine].data(name)
	target := m.sides[sideNew].own(name)
	put := func(data []byte) error { return m.result.Put(target, data) }
	switch {
	case inOld && !inNew:
		m.vendor(VendorChange{File: m.sides[sideOld].own(name), Kind: "file removed", Old: about(old, true)})
	case !inOld && inNew:
		m.vendor(VendorChange{File: target, Kind: "file added", New: about(new, true)})
		m.vendorTags(target, nil, new)
	case inOld && inNew:
		m.vendorFile(target, old, new)
	}
	if inOld == inMine && bytes.Equal(old, mine) {
		return nil
	}
	if inOld && inNew && inMine {
		merged, err := m.contents(target, old, new, mine)
		if err != nil || bytes.Equal(merged, new) {
			return err
		}
		return put(merged)
	}
	c := Change{File: target, Kind: "file", Old: about(old, inOld), Mine: about(mine, inMine), New: about(new, inNew)}
	switch {
	case inMine == inNew && (bytes.Equal(mine, new) || m.sameXML(mine, sideMine, new, sideNew)):
		c.Outcome = Present
	case inOld == inNew && bytes.Equal(old, new):
		c.Outcome = Carried
	case !inNew && inMine && m.sameXML(old, sideOld, mine, sideMine):
		m.note("%s: the vendor removed it, and with it your comments and formatting", target)
		return nil
	case !inNew:
		c.Outcome, c.Reason = Conflict, "the vendor removed it, and you changed it"
	case !inMine:
		c.Outcome, c.Reason = Conflict, "you removed it, and the vendor changed it"
	default:
		c.Outcome, c.Reason = Conflict, "both added one"
	}
	if !m.add(c) {
		return nil
	}
	if !inMine {
		m.result.Remove(target)
		return nil
	}
	return put(mine)
}

// about returns what is said of a file as a whole.
func about(data []byte, is bool) *string {
	if !is {
		return nil
	}
	s := fmt.Sprintf("%d bytes", len(data))
	return &s
}

// sameDevice refuses a new archive that is for another device than the old one: another
// platform of the app, or where no platform is known, another device type.
func sameDevice(old, new *dtaf.Archive) error {
	was, wasKnown := old.Platform()
	is, isKnown := new.Platform()
	a, b := typeOf(old), typeOf(new)
	if wasKnown && isKnown && was == is || a == b || a == "" || b == "" {
		return nil
	}
	return fmt.Errorf("the new archive is for the device type %q, and the old one for %q: expected the next release of the same", b, a)
}

// typeOf returns the device type that an archive adds, or "".
func typeOf(a *dtaf.Archive) string {
	d, err := a.Manifest()
	if err != nil {
		return ""
	}
	name, _ := manifest.DeviceType(d)
	return name
}
