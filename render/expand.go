package render

import (
	"slices"
	"strings"

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
}

// Trace executes the template raw, and tells which tag each part of the result
// comes from. Tags that stand inside the values of custom tags are filled in
// too, to a depth of [MaxDepth]; the values of system tags are put in as they
// are. (reconstructed)
func (t *Template) Trace(r Resolver) *Trace {
	trace := new(Trace)
	var text strings.Builder
	w := walker{resolve: r, problems: &trace.Problems}
	w.text = func(s string, place int, chain []string) {
		trace.Spans = append(trace.Spans, Span{text.Len(), text.Len() + len(s), place, slices.Clone(chain), false})
		text.WriteString(s)
	}
	w.hole = func(name string, place int, chain []string) {
		w.text("%"+name+"%", place, chain)
		trace.Spans[len(trace.Spans)-1].Undefined = true
	}
	for i, p := range t.pieces {
		text.WriteString(p.literal)
		if i < len(t.places) {
			w.placeholder(t.names[p.slot], i)
		}
	}
	trace.Text = text.String()
	return trace
}

// Expand is a raw [Template.Bind] that also fills in the tags inside the values
// of custom tags, as [Template.Trace] does. A tag inside a value that r does not
// have is a placeholder of the result, at the place of the outermost one. It
// returns what could not be filled in, too.
func (t *Template) Expand(r Resolver) (*Template, []Problem) {
	b := newBuilder(t.origin)
	var problems []Problem
	var literal strings.Builder
	w := walker{resolve: r, problems: &problems}
	w.text = func(s string, _ int, _ []string) { literal.WriteString(s) }
	w.hole = func(name string, place int, _ []string) {
		p := t.places[place]
		p.Name = name
		b.add(literal.String(), p)
		literal.Reset()
	}
	for i, p := range t.pieces {
		literal.WriteString(p.literal)
		if i < len(t.places) {
			w.placeholder(t.names[p.slot], i)
		}
	}
	return b.end(literal.String(), ""), problems
}

// A walker fills in a placeholder and the tags inside of its value.
type walker struct {
	resolve  Resolver
	text     func(s string, place int, chain []string)    // a part of a value
	hole     func(name string, place int, chain []string) // a tag without a value
	problems *[]Problem
	left     int  // how many more tags may come
	told     bool // that they are too many
}

func (w *walker) placeholder(name string, place int) {
	w.left, w.told = maxTags, false
	w.tag(name, place, nil)
}

func (w *walker) tag(name string, place int, chain []string) {
	chain = append(chain, name)
	value, ok := w.resolve(name)
	w.left -= len(value) / 256
	switch {
	case !ok:
		w.hole(name, place, chain)
		return
	case tags.IsSystem(name) || strings.IndexByte(value, '%') < 0:
		w.text(value, place, chain)
		return
	}
	for {
		before, inner, after, found := tags.CutPlaceholder(value)
		if before != "" {
			w.text(before, place, chain)
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
			w.text("%"+inner+"%", place, chain)
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
