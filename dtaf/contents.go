package dtaf

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
)

// CheckContents returns an error if the files of an archive are not to be read, as
// its entries may be fine and what they hold may not: the manifest or a template is
// over a limit, or all templates together are, or one of them is XML with a document
// type declaration. That something is not well-formed, or missing, is no reason. A
// limit that is 0 keeps its default. Errors are an [*Error], or an [*oci.Error] if
// it is the manifest.
func (a *Archive) CheckContents(l Limits) error {
	l = l.WithDefaults()
	manifest, err := a.manifest(l)
	if at := (*oci.Error)(nil); errors.As(err, &at) && at.Refused {
		return err
	}
	named := make(map[string]bool)
	if manifest != nil {
		for _, r := range FileRequests(manifest) {
			if name, ok := r.Get("sourceFileName"); ok {
				named[strings.TrimPrefix(name, "/")] = true
			}
		}
	}
	size, places := 0, 0
	for f := range a.Files() {
		if isManifest(f.Name) {
			continue // read, or one that nothing reads
		}
		if named[f.Name] {
			t, err := render.Parse(f.Name, f.Data, render.WithLimits(l.Rendering()))
			if over := (*render.LimitError)(nil); errors.As(err, &over) {
				return a.errorf(f.Name, "has more than %d %s: expected at most that many", over.Limit, over.What)
			}
			if err != nil {
				continue // a file that is no text, such as a ringtone
			}
			if size += len(t.Source()); size > l.Templates {
				return a.errorf(f.Name, "is one template too many: they have more than %d bytes together, expected at most that many", l.Templates)
			}
			if places += len(t.Placeholders()); places > l.Placeholders {
				return a.errorf(f.Name, "is one template too many: they have more than %d placeholders together, expected at most that many", l.Placeholders)
			}
		}
		if err := checkXML(f, l); err != nil {
			return &Error{a.name, f.Name, err.Error(), err}
		}
	}
	return nil
}

// checkXML returns an error if a file is XML that is not to be read.
func checkXML(f File, l Limits) error {
	if len(f.Data) > l.Template {
		return nil // No template, and so nothing that is read as XML.
	}
	text, _, err := charset.Decode(f.Data)
	if err != nil {
		return nil
	}
	_, err = xmltext.Parse(text, xmltext.MaxDepth(l.Depth), xmltext.MaxNodes(l.Nodes))
	if at := (*xmltext.SyntaxError)(nil); errors.As(err, &at) && at.Refused {
		return fmt.Errorf("is not to be read: %w", at)
	}
	return nil
}
