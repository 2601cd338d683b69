package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// Tags can stand inside the values of custom tags. These bound what is made of
// them, whatever the values are.
const (
	// MaxDepth is how many tags may stand inside of each other.
	MaxDepth = 8
	// maxTags is how many tags may stand inside of one placeholder in all. A
	// value counts as one more for each 256 bytes, which a tag's seldom has.
	maxTags = 1000
)

// A Trouble is a reason why a tag inside a value was left as it is.
type Trouble uint8

// The troubles.
const (
	Cycle   Trouble = iota + 1 // the tag stands inside of itself
	TooDeep                    // it stands inside of more than [MaxDepth] others
	TooMany                    // the placeholder has too many tags inside
)

var troubleNames = [...]string{
	Cycle:   "it stands inside of its own value",
	TooDeep: "it stands too deep inside of other values",
	TooMany: "too many tags stand inside of one value",
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
	Place   int      // index of the placeholder in [Template.Placeholders]
	Tags    []string // the tags inside of each other, the placeholder's first; the last one was left
}

// A Span is a run of a template's result and the tag that it comes from.
type Span struct {
	Start, End int      // in bytes of the text
	Place      int      // index of the placeholder in [Template.Placeholders]
	Tags       []string // the tags inside of each other, the placeholder's first, the one whose value this is last
	Undefined  bool     // the last of Tags has no value and was left as it is
}

// A Trace is the result of a template, with the origin of each part of it.
type Trace struct {
	Text     string
	Spans    []Span // one or more for each placeholder, in order; the rest is the template's own text
	Problems []Problem
	// Err says that the values make more of the template than [Limits] allow. It
	// is an [*Error] that wraps a [*schema.LimitError], and the text ends before what
	// was too much.
	Err error
}

// Trace executes the template raw, and tells which tag each part of the result
// comes from. Tags that stand inside the values of custom tags are filled in
// too, to a depth of [MaxDepth]; the values of system tags are put in as they
// are. (reconstructed)
func (t *Template) Trace(r Resolver) *Trace {
	trace := new(Trace)
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

// Expand is a raw [Template.Bind] that also fills in the tags inside the values
// of custom tags, as [Template.Trace] does. A tag inside a value that r does not
// have is a placeholder of the result, at the place of the outermost one. The
// error is that of a Trace.
func (t *Template) Expand(r Resolver) (*Template, error) {
	b := newBuilder(t.origin)
	var problems []Problem
	var literal strings.Builder
	w := walker{t: t, resolve: r, problems: &problems}
	w.text = func(s string, _ int, _ []string) { literal.WriteString(s) }
	w.hole = func(name string, place int, _ []string) {
		p := t.places[place]
		p.Name = name
		b.add(literal.String(), p)
		literal.Reset()
	}
	w.literal = func(s string) { literal.WriteString(s) }
	if err := w.walk(); err != nil {
		return nil, err
	}
	return b.end(literal.String(), ""), nil
}

// A walker fills in the placeholders of a template and the tags inside of their
// values.
type walker struct {
	t        *Template
	resolve  Resolver
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
	w.room = w.t.limits.withDefaults().Result - w.t.literals
	for i, p := range w.t.pieces {
		w.literal(p.literal)
		if i < len(w.t.places) {
			w.left, w.told = maxTags, false
			w.tag(w.t.names[p.slot], i, nil)
		}
		if w.err != nil {
			return w.err
		}
	}
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
		w.err = w.t.tooMuch(chain[len(chain)-1], place)
	}
	return w.err == nil
}

// tooMuch is the error of a tag whose value makes the result too large.
func (t *Template) tooMuch(tag string, place int) error {
	return &Error{t.places[place].Position, fmt.Errorf("%s: %w", tag, &schema.LimitError{Of: "the template", What: "bytes with the values put in", Limit: int64(t.limits.withDefaults().Result)})}
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
	case tags.IsSystem(name) || strings.IndexByte(value, '%') < 0:
		if w.take(len(value), place, chain) {
			w.text(value, place, chain)
		}
		return
	}
	for {
		before, inner, after, found := tags.CutPlaceholder(value)
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
