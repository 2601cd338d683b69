package dtaf

import (
	"errors"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
)

// checkContents returns an error if the files of an archive are not to be read, as
// its entries may be fine and what they hold may not: the manifest or a template is
// over a limit, or all templates together are, or one of them is XML with a document
// type declaration. That something is not well-formed, or missing, is no reason.
func (a *Archive) checkContents() error {
	l := a.Limits()
	doc, err := a.Manifest()
	if at := (*oci.Error)(nil); errors.As(err, &at) && at.Refused {
		return err
	}
	named := make(map[string]bool)
	if doc != nil {
		for _, r := range manifest.FileRequests(doc) {
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
			if over := (*schema.LimitError)(nil); errors.As(err, &over) {
				return a.errorf(f.Name, over, "has more than %d %s: expected at most that many", over.Limit, over.What)
			}
			if err != nil {
				continue // a file that is no text, such as a ringtone
			}
			if size += len(t.Source()); size > l.Templates {
				return a.errorf(f.Name, over("the templates", "bytes", int64(l.Templates)), "is one template too many: they have more than %d bytes together, expected at most that many", l.Templates)
			}
			if places += len(t.Placeholders()); places > l.Placeholders {
				return a.errorf(f.Name, over("the templates", "placeholders", int64(l.Placeholders)), "is one template too many: they have more than %d placeholders together, expected at most that many", l.Placeholders)
			}
		}
		if err := checkXML(f.Data, l); err != nil {
			return a.errorf(f.Name, err, "is not to be read: %s", err)
		}
	}
	return nil
}

// A tooMuch is XML that is over a limit.
type tooMuch struct {
	at    *xmltext.SyntaxError
	limit *LimitError
}

func (t *tooMuch) Error() string   { return t.at.Error() }
func (t *tooMuch) Unwrap() []error { return []error{t.limit, t.at} }

// checkXML returns an error if a file is XML that is not to be read.
func checkXML(data []byte, l Limits) error {
	if len(data) > l.Template {
		return nil // No template, and so nothing that is read as XML.
	}
	text, _, err := charset.Decode(data)
	if err != nil {
		return nil
	}
	_, err = xmltext.Parse(text, xmltext.MaxDepth(l.Depth), xmltext.MaxNodes(l.Nodes))
	at := (*xmltext.SyntaxError)(nil)
	if !errors.As(err, &at) || !at.Refused {
		return nil
	}
	if at.Over != "" {
		return &tooMuch{at, over("the file", at.Over, int64(at.Limit))}
	}
	return at
}
