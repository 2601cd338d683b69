package render

import (
	"cmp"

	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/schema"
)

// Limits says how much of a template is read before it is refused. A field that
// is 0 stands for its default.
type Limits struct {
	Size         int // bytes of the text, in UTF-8: 4 MiB
	Placeholders int // placeholders: 10,000
	Depth        int // how deep elements may nest, where the template is read as XML: 256
	Nodes        int // elements, attributes, texts and comments, where it is: 100,000
	Result       int // bytes of the text with the values of its tags put in: 16 MiB
	Steps        int // elements that edits may look at, one after the other, and 64 bytes count as one: 4,000,000
}

var defaults = Limits{Size: 4 << 20, Placeholders: 10_000, Depth: xmltext.DefaultMaxDepth, Nodes: xmltext.DefaultMaxNodes, Result: 16 << 20, Steps: 4_000_000}

func (l Limits) withDefaults() Limits {
	d := defaults
	return Limits{
		Size:         cmp.Or(l.Size, d.Size),
		Placeholders: cmp.Or(l.Placeholders, d.Placeholders),
		Depth:        cmp.Or(l.Depth, d.Depth),
		Nodes:        cmp.Or(l.Nodes, d.Nodes),
		Result:       cmp.Or(l.Result, d.Result),
		Steps:        cmp.Or(l.Steps, d.Steps),
	}
}

// An Option changes how [Parse] works.
type Option func(*Limits)

// WithLimits sets the limits of a template, and of those that come of its edits.
func WithLimits(l Limits) Option { return func(to *Limits) { *to = l } }

// check returns an [*Error] if a text is over a limit that shows without parsing
// it as XML.
func (l Limits) check(file, text string) error {
	l = l.withDefaults()
	refuse := func(what string, limit int) error {
		return &Error{Position: schema.Position{File: file}, Err: &schema.LimitError{Of: "the template", What: what, Limit: int64(limit)}}
	}
	if len(text) > l.Size {
		return refuse("bytes", l.Size)
	}
	n := 0
	for rest, found := text, true; found; n++ {
		if n > l.Placeholders {
			return refuse("placeholders", l.Placeholders)
		}
		_, _, rest, found = tagname.CutPlaceholder(rest)
	}
	return nil
}
