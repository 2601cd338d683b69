package expand

import (
	"slices"
	"strings"

	"github.com/dtafgen/wxt/render"
)

// A Form is a template that is cut into pieces, to be executed with many sets of
// values. It never changes, and any number of goroutines may use it.
//
// Its distinct tags are numbered, so that executing it looks no name up: a
// placeholder is an index into the values of the tags.
type Form struct {
	names    []string             // distinct tags, in order of their first place
	marks    []string             // each of names with its percent signs
	pieces   []piece              // literals, each with the placeholder after it
	places   []render.Placeholder // one for each piece but the last
	literals int                  // the length of all literals
	counts   []int                // placeholders of each of names
	limit    int                  // bytes of the result
}

// A piece is a literal and the placeholder that follows it.
type piece struct {
	literal string
	slot    int // index into names; len(names) after the last literal
}

// A builder puts a form together, piece by piece.
type builder struct {
	form    *Form
	slots   map[string]int
	literal strings.Builder // what has come since the last placeholder
	size    int             // of what has come before
}

func newBuilder(limit int) *builder {
	return &builder{form: &Form{limit: limit}, slots: make(map[string]int)}
}

// add appends a placeholder.
func (b *builder) add(p render.Placeholder) {
	f := b.form
	slot, seen := b.slots[p.Name]
	if !seen {
		slot = len(f.names)
		b.slots[p.Name] = slot
		f.names = append(f.names, p.Name)
		f.marks = append(f.marks, "%"+p.Name+"%")
		f.counts = append(f.counts, 0)
	}
	f.counts[slot]++
	f.pieces = append(f.pieces, piece{b.take(), slot})
	p.Offset = b.size
	b.size += len(f.marks[slot])
	f.places = append(f.places, p)
}

// take returns the literal, and begins the next one.
func (b *builder) take() string {
	literal := b.literal.String()
	b.literal.Reset()
	b.form.literals += len(literal)
	b.size += len(literal)
	return literal
}

// end appends the last literal.
func (b *builder) end() *Form {
	b.form.pieces = append(b.form.pieces, piece{b.take(), len(b.form.names)})
	return b.form
}

// Tags returns the names of the tags, each once, in order of their first place.
func (f *Form) Tags() []string { return slices.Clone(f.names) }

// Placeholders returns every placeholder, in order, with its place and context in
// the template.
func (f *Form) Placeholders() []render.Placeholder { return slices.Clone(f.places) }

// Source returns the text, with a placeholder for each tag.
func (f *Form) Source() string { return string(f.NewValues(nil).Append(nil)) }

// MapText returns a form that has fn of each literal in the literal's place. So a
// form can give its text in another shape, such as the content of a JSON string, if
// the values come in that shape too.
func (f *Form) MapText(fn func(literal string) string) *Form {
	b := newBuilder(f.limit)
	for i, p := range f.pieces {
		b.literal.WriteString(fn(p.literal))
		if i < len(f.places) {
			b.add(f.places[i])
		}
	}
	return b.end()
}

// Values are values for the tags of a form. They can be changed and executed again
// and again; only one goroutine may use them at a time.
//
// The tags go by their index in [Form.Tags].
type Values struct {
	form *Form
	text []string // by slot: the value, or the placeholder itself; at last an empty one
	// The values that are short enough, once more. All of the array is copied,
	// which is faster than to copy as many bytes as there are.
	short [][shortValue]byte
}

// shortValue is the length of a value that most are no longer than.
const shortValue = 16

// NewValues returns values for the tags of f, as r gives them. A nil r gives none.
func (f *Form) NewValues(r render.Resolver) *Values {
	v := &Values{f, make([]string, len(f.names)+1), make([][shortValue]byte, len(f.names)+1)}
	for i, name := range f.names {
		v.Unset(i)
		if r != nil {
			if value, ok := r(name); ok {
				v.Set(i, value)
			}
		}
	}
	return v
}

// Set gives the tag i a value.
func (v *Values) Set(i int, value string) {
	v.text[i] = value
	if len(value) <= shortValue {
		copy(v.short[i][:], value)
	}
}

// Unset takes the value of the tag i away: its placeholders stay in the file.
func (v *Values) Unset(i int) { v.Set(i, v.form.marks[i]) }

// Check returns an error if the values make more of the template than its limits
// allow: a [*render.Error] that wraps a [*schema.LimitError] and names the tag that
// takes most of it.
func (v *Values) Check() error {
	room, most, worst := v.form.limit-v.form.literals, -1, 0
	for i, n := range v.form.counts {
		size := n * len(v.text[i])
		if room -= size; size > most {
			most, worst = size, i
		}
	}
	if room >= 0 || len(v.form.counts) == 0 {
		return nil
	}
	name := v.form.names[worst]
	place := slices.IndexFunc(v.form.places, func(p render.Placeholder) bool { return p.Name == name })
	return tooMuch(name, v.form.places[place].Position, v.form.limit)
}

// Append executes the form with the values, raw, and appends the result to dst. It
// allocates nothing where dst has room.
func (v *Values) Append(dst []byte) []byte {
	pieces := v.form.pieces
	dst = slices.Grow(dst, v.form.literals+len(pieces)*shortValue)
	for i := range pieces {
		p := &pieces[i]
		dst = append(dst, p.literal...)
		value, end := v.text[p.slot], len(dst)
		if len(value) <= shortValue && cap(dst)-end >= shortValue {
			*(*[shortValue]byte)(dst[end : end+shortValue]) = v.short[p.slot]
			dst = dst[:end+len(value)]
		} else {
			dst = append(dst, value...)
		}
	}
	return dst
}
