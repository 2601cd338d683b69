package dtaf

import (
	"cmp"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/archivename"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
)

// Limits says how much is read before an input is refused: of archives, of what
// is in them, and of project files. All of them are counted while reading: what an
// archive says of itself is not believed. Crossing one is an error that names the
// file and the limit. A field that is 0 stands for its default.
//
// The defaults are far above what real archives and projects have, and low enough
// for hostile ones to cost seconds and no more than 256 MiB of memory.
//
// What the OCI schema limits has no field here, since no one can raise it: a tag's
// name  and value ([tagname.MaxValueLength]), and the values of
// elements.
type Limits struct {
	// Archives.
	Archive    int64 // bytes of the archive: 64 MiB
	Entries    int   // entries, folders included: 1000
	Entry      int64 // bytes of one file, uncompressed: 16 MiB
	Total      int64 // bytes of all files, uncompressed: 32 MiB
	Ratio      int64 // bytes that one compressed byte may make, in files of more than 1 MiB: 200
	NameLength int   // bytes of an entry's name: 255

	// What is in them.
	Requests     int // requests of a manifest: 1000
	Template     int // bytes of one template, or of the manifest, as text in UTF-8: 4 MiB
	Templates    int // bytes of all templates of an archive, as text in UTF-8: 16 MiB
	Placeholders int // placeholders in all templates of an archive: 10,000
	Depth        int // how deep the elements of XML may nest: 256; in a manifest 32, or Depth if that is less
	Nodes        int // elements, attributes, texts and comments of one XML document: 100,000
	Result       int // bytes of one template with the values of its tags put in: 16 MiB

	// Project files.
	Project int64 // bytes of the file: 1 MiB
	Keys    int   // keys and elements of lists: 10,000
	Nesting int   // how deep tables, keys with dots and lists may nest: 32
	Edits   int   // edits of one platform: 500
	Value   int   // bytes of what one edit writes: 64 KiB
	Steps   int   // elements that the edits of one platform may look at, and 64 bytes count as one: 4,000,000
}

// defaultLimits returns the limits that hold where nothing else is said.
func defaultLimits() Limits {
	return Limits{
		Archive: 64 << 20, Entries: 1000, Entry: 16 << 20, Total: 32 << 20, Ratio: 200, NameLength: archivename.MaxLength,
		Requests: 1000, Template: 4 << 20, Templates: 16 << 20, Placeholders: 10_000, Depth: xmltext.DefaultMaxDepth, Nodes: xmltext.DefaultMaxNodes, Result: 16 << 20,
		Project: 1 << 20, Keys: 10_000, Nesting: 32, Edits: 500, Value: 64 << 10, Steps: 4_000_000,
	}
}

// WithDefaults returns the limits with the default for every field that is 0.
func (l Limits) WithDefaults() Limits {
	d := defaultLimits()
	return Limits{
		Archive:      cmp.Or(l.Archive, d.Archive),
		Entries:      cmp.Or(l.Entries, d.Entries),
		Entry:        cmp.Or(l.Entry, d.Entry),
		Total:        cmp.Or(l.Total, d.Total),
		Ratio:        cmp.Or(l.Ratio, d.Ratio),
		NameLength:   cmp.Or(l.NameLength, d.NameLength),
		Requests:     cmp.Or(l.Requests, d.Requests),
		Template:     cmp.Or(l.Template, d.Template),
		Templates:    cmp.Or(l.Templates, d.Templates),
		Placeholders: cmp.Or(l.Placeholders, d.Placeholders),
		Depth:        cmp.Or(l.Depth, d.Depth),
		Nodes:        cmp.Or(l.Nodes, d.Nodes),
		Result:       cmp.Or(l.Result, d.Result),
		Project:      cmp.Or(l.Project, d.Project),
		Keys:         cmp.Or(l.Keys, d.Keys),
		Nesting:      cmp.Or(l.Nesting, d.Nesting),
		Edits:        cmp.Or(l.Edits, d.Edits),
		Value:        cmp.Or(l.Value, d.Value),
		Steps:        cmp.Or(l.Steps, d.Steps),
	}
}

// Rendering returns the limits of one template, for [render.WithLimits].
func (l Limits) Rendering() render.Limits {
	l = l.WithDefaults()
	return render.Limits{Size: l.Template, Placeholders: l.Placeholders, Depth: l.Depth, Nodes: l.Nodes, Result: l.Result, Steps: l.Steps}
}

// Manifests returns the limits of one manifest, for [oci.Limits.Parse].
func (l Limits) Manifests() oci.Limits {
	l = l.WithDefaults()
	return oci.Limits{Size: l.Template, Requests: l.Requests, Depth: min(l.Depth, ociDepth), Nodes: l.Nodes}
}

// A LimitError says that an archive, or a file in it, is over a limit.
type LimitError = schema.LimitError

func over(of, what string, limit int64) *LimitError {
	return &LimitError{Of: of, What: what, Limit: limit}
}

// ociDepth is how deep the elements of a manifest nest at most: requests nest four
// deep.
const ociDepth = 32

// ratioFrom is the size, in bytes, up to which a file may be compressed as well
// as it can be.
const ratioFrom = 1 << 20
