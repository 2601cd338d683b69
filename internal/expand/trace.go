// Package expand fills in templates as Device Management does: raw, and with the
// tags inside the values of custom tags filled in too. [Trace] tells which tag
// each part of the result comes from; [Bind] fills in what all subscribers share,
// and leaves a [Form] for the rest, which can be executed a million times.
package expand

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
)

// Tags can stand inside the values of custom tags. These bound what is made of
// them, whatever the values are.
const (
	// MaxDepth is how many tags may stand inside each other.
	MaxDepth = 8
	// maxTags is how many tags may stand inside one placeholder in all. A
	// value counts as one more for each 256 bytes, which a tag's seldom has.
	maxTags = 1000
)

// A Trouble is a reason why a tag inside a value was left as it is.
type Trouble uint8

// The troubles.
const (
	Cycle   Trouble = iota + 1 // the tag stands inside itself
	TooDeep                    // it stands inside more than [MaxDepth] others
	TooMany                    // the placeholder has too many tags inside
)

var troubleNames = [...]string{
	Cycle:   "it is part of its own value",
	TooDeep: "it is too deep inside other values",
	TooMany: "too many tags are inside one value",
}

// String returns the trouble in words.
func (t Trouble) String() string {
	if t < Cycle || t > TooMany {
		return "none"
	}
	return troubleNames[t]
}

// A Problem is a tag inside a value that was left as it is.
type Problem struct {
	Trouble Trouble
	Place   int      // index of the placeholder in [render.Template.Placeholders]
	Tags    []string // the tags inside each other, the placeholder's first; the last one was left
}

// A Span is a run of a template's result and the tag that it comes from.
type Span struct {
	Start, End int      // in bytes of the text
	Place      int      // index of the placeholder in [render.Template.Placeholders]
	Tags       []string // the tags inside each other, the placeholder's first, the one whose value this is last
	Undefined  bool     // the last of Tags has no value and was left as it is
}

// A Result is what a template gives, with the origin of each part of it.
type Result struct {
	Text     string
	Spans    []Span // one or more for each placeholder, in order; the rest is the template's own text
	Problems []Problem
	// Err says that the values make more of the template than its limits allow.
	// It is a [*render.Error] that wraps a [*schema.LimitError], and the text ends before what
	// was too much.
	Err error
}

// Trace executes the template raw, and tells which tag each part of the result
// comes from. Tags that stand inside the values of custom tags are filled in
// too, to a depth of [MaxDepth]; the values of system tags are put in as they
// are. (reconstructed)
func Trace(t *render.Template, r render.Resolver) *Result {
	trace := new(Result)
	var text strings.Builder
	w := walker{t: t, resolve: r, problems: &trace.Problems}
	w.text = func(s string, place int, chain []string) {
		trace.Spans = append(trace.Spans, Span{text.Len(), text.Len() + len(s), place, slices.Clone(chain), false})
		text.WriteString(s)
	}
	w.hole = func(name string, place int, chain []string) {
		w.text("%"+name+"%", place, chain)
		trace.Spans[len(trace.Spans)-1].Undefined = true
	}
	w.literal = func(s string) { text.WriteString(s) }
	trace.Err = w.walk()
	trace.Text = text.String()
	return trace
}

// Bind returns a form in which the values that r has are part of the text, as
// [Trace] puts them in. A tag inside a value that r does not have is a placeholder
// of the form, at the place of the outermost one. The error is that of a trace.
func Bind(t *render.Template, r render.Resolver) (*Form, error) {
	b := newBuilder(t.Limits().Result)
	var problems []Problem
	w := walker{t: t, resolve: r, problems: &problems}
	w.literal = func(s string) { b.literal.WriteString(s) }
	w.text = func(s string, _ int, _ []string) { b.literal.WriteString(s) }
	w.hole = func(name string, place int, _ []string) {
		p := w.places[place]
		p.Name = name
		b.add(p)
	}
	if err := w.walk(); err != nil {
		return nil, err
	}
	return b.end(), nil
}

// A walker fills in the placeholders of a template and the tags inside their
// values.
type walker struct {
	t        *render.Template
	places   []render.Placeholder // of t
	resolve  render.Resolver
	literal  func(s string)                               // of the template
	text     func(s string, place int, chain []string)    // a part of a value
	hole     func(name string, place int, chain []string) // a tag without a value
	problems *[]Problem
	room     int   // how many more bytes may come
	err      error // there were too many
	left     int   // how many more tags may come of this placeholder
	told     bool  // that they are too many
}

func (w *walker) walk() error {
	w.places = w.t.Placeholders()
	src, end := w.t.Source(), 0
	w.room = w.t.Limits().Result - len(src)
	for _, p := range w.places {
		w.room += len(p.Name) + 2
	}
	for i, p := range w.places {
		w.literal(src[end:p.Offset])
		end = p.Offset + len(p.Name) + 2
		w.left, w.told = maxTags, false
		if w.tag(p.Name, i, nil); w.err != nil {
			return w.err
		}
	}
	w.literal(src[end:])
	return nil
}

// perTag is how many bytes a tag inside a value counts for at least: keeping track
// of it takes memory.
const perTag = 64

// take takes room for a part of a tag's value, and reports whether there is some.
func (w *walker) take(n, place int, chain []string) bool {
	if w.err != nil {
		return false
	}
	if w.room -= n + perTag*(len(chain)-1); w.room < 0 {
		w.err = tooMuch(chain[len(chain)-1], w.places[place].Position, w.t.Limits().Result)
	}
	return w.err == nil
}

// tooMuch is the error of a tag whose value makes the result too large.
func tooMuch(tag string, pos schema.Position, limit int) error {
	return &render.Error{Position: pos, Err: fmt.Errorf("%s: %w", tag, &schema.LimitError{Of: "the template", What: "bytes with the values put in", Limit: int64(limit)})}
}

func (w *walker) tag(name string, place int, chain []string) {
	chain = append(chain, name)
	value, ok := w.resolve(name)
	w.left -= len(value) / 256
	switch {
	case !ok:
		if w.take(len(name)+2, place, chain) {
			w.hole(name, place, chain)
		}
		return
	case tagname.IsSystem(name) || strings.IndexByte(value, '%') < 0:
		if w.take(len(value), place, chain) {
			w.text(value, place, chain)
		}
		return
	}
	for {
		before, inner, after, found := tagname.CutPlaceholder(value)
		if before != "" && w.take(len(before), place, chain) {
			w.text(before, place, chain)
		}
		if w.err != nil {
			return
		}
		if !found {
			return
		}
		w.left--
		var trouble Trouble
		switch {
		case w.left < 0:
			trouble = TooMany
		case slices.Contains(chain, inner):
			trouble = Cycle
		case len(chain) > MaxDepth:
			trouble = TooDeep
		}
		if trouble == 0 {
			w.tag(inner, place, chain)
		} else {
			if w.take(len(inner)+2, place, chain) {
				w.text("%"+inner+"%", place, chain)
			}
			if trouble != TooMany || !w.told {
				w.told = trouble == TooMany
				*w.problems = append(*w.problems, Problem{trouble, place, append(slices.Clone(chain), inner)})
			}
		}
		if value = after; value == "" {
			return
		}
	}
}
