package simulate

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/expand"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A plan is the template of a simulation, bound to what the subscribers of a
// file share. It never changes.
type plan struct {
	bound  *expand.Form
	quoted *expand.Form     // the same as the content of a JSON string
	vars   []variable       // the tags of bound
	mixed  []mixture        // values of custom tags that have some of vars inside
	slots  map[string][]int // of vars, by canonical name
	open   map[string]bool  // custom tags that a subscriber may have a value of
	plain  bool             // a file whose values are plain needs no look: nothing is wrong with it
}

// A variable is a tag that differs between subscribers.
type variable struct {
	canonical string
	name      string   // as the template spells it
	tag       tags.Tag // as far as the catalogue knows it
	custom    bool
	checked   bool            // its values have a type to check
	pos       schema.Position // its first place, where it is checked
	fallback  string          // the value of a custom tag, where the subscriber has none
	has       bool            // there is a fallback, and no tag stands inside it
	told      bool            // that it has no value is reported for all subscribers
	undefined schema.Findings // of a subscriber who has no value; nil if that needs a closer look
	plain     *[256]bool      // the bytes of values that need no look
	comment   bool            // it stands in a comment
}

// A mixture is the value of a custom tag that subscribers share but for the tags
// inside it.
type mixture struct {
	name, raw string
	bound     *expand.Form
	slots     []int // in vars, of the tags of bound
	secret    bool
	pos       schema.Position
}

// isPlain reports whether a value changes nothing of the XML around it, in no
// encoding that the plan knows.
func (v *variable) isPlain(value string) bool {
	for i := range len(value) {
		if !v.plain[value[i]] {
			return false
		}
	}
	return !v.comment || value == "" ||
		!strings.Contains(value, "--") && value[0] != '-' && value[len(value)-1] != '-'
}

// A planner makes the plans for a file. The set of custom tags that subscribers
// have values of grows as they turn up.
type planner struct {
	sim     *Simulation
	common  *Subscriber // what all subscribers have, if they have nothing else
	system  func(name string) bool
	current atomic.Pointer[plan]
	shared  schema.Findings // what is wrong for every subscriber
	known   map[findingKey]bool

	mu sync.Mutex
}

// newPlanner returns a planner for subscribers who have values of the custom tags
// in open, and of the system tags for which system is true.
func newPlanner(s *Simulation, common *Subscriber, open map[string]bool, system func(name string) bool) (*planner, error) {
	p := &planner{sim: s, common: common, system: system, known: make(map[findingKey]bool)}
	first, err := p.build(open)
	if err != nil {
		return nil, err
	}
	// What an example has wrong, all have wrong: its own values are right.
	example := s.merge(&Subscriber{}, p.common)
	for _, v := range first.vars {
		switch _, has := example.Tags[v.canonical]; {
		case has || v.has || v.told:
		case !v.custom:
			example.Tags[v.canonical] = exampleValue(v.canonical)
		case !s.defined(v.canonical):
			example.Tags[v.canonical] = v.tag.Default
		}
	}
	example.file, example.keys = p.common.file, p.common.keys
	for _, f := range s.preview(example).Findings {
		if f.File != noFile {
			p.shared = append(p.shared, f)
			p.known[keyOf(f)] = true
		}
	}
	first.plain = first.plain && !p.breaks()
	p.current.Store(first)
	return p, nil
}

// A findingKey is what two findings have in common that are the same.
type findingKey struct {
	code, message string
	schema.Position
}

func keyOf(f schema.Finding) findingKey { return findingKey{f.Code, f.Message, f.Position} }

// breaks reports whether the file itself is broken, whatever the values are.
func (p *planner) breaks() bool {
	return slices.ContainsFunc(p.shared, func(f schema.Finding) bool {
		return f.Code == codes.NotWellFormed || f.Code == codes.RawXML || f.Code == codes.Encoding
	})
}

// withOpen returns a plan in which subscribers may have a value of a custom tag.
func (p *planner) withOpen(name string) (*plan, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.current.Load()
	if now.open[name] {
		return now, nil
	}
	open := maps.Clone(now.open)
	open[name] = true
	next, err := p.build(open)
	if err != nil {
		return nil, err
	}
	next.plain = next.plain && !p.breaks()
	p.current.Store(next)
	return next, nil
}

func (p *planner) build(open map[string]bool) (*plan, error) {
	s := p.sim
	resolve := s.resolver(p.common)
	isOpen := func(name string) bool {
		if tagname.IsSystem(name) {
			return p.system(name)
		}
		return open[name]
	}
	pl := &plan{open: open, slots: make(map[string][]int), plain: true}
	shared := func(name string) (string, bool) {
		if isOpen(s.canonical(name)) {
			return "", false
		}
		return resolve(name)
	}
	var err error
	if pl.bound, err = expand.Bind(s.template, shared); err != nil {
		return nil, err
	}
	pl.quoted = pl.bound.MapText(func(literal string) string { return string(appendJSON(nil, literal)) })

	direct := make(map[string]int)            // how often each tag stands in the template
	first := make(map[string]schema.Position) // of each tag in the template
	for _, place := range s.places {
		direct[place.Name]++
		if _, seen := first[place.Name]; !seen {
			first[place.Name] = place.Position
		}
	}
	ascii := true
	text := pl.bound.Source()
	for i := range len(text) {
		ascii = ascii && text[i] < utf8.RuneSelf
	}
	declared := charset.Declared(text)
	utf8File := s.charset.IsUTF8() && (declared == "" || strings.EqualFold(declared, "UTF-8"))
	if !utf8File && !ascii {
		pl.plain = false
	}
	places := make(map[string][]render.Placeholder)
	for _, place := range pl.bound.Placeholders() {
		places[place.Name] = append(places[place.Name], place)
	}
	index := make(map[string]int) // in vars
	for i, name := range pl.bound.Tags() {
		index[name] = i
		v := variable{canonical: s.canonical(name), name: name, custom: !tagname.IsSystem(name)}
		var known, stands bool
		v.tag, known = s.catalogue.Lookup(name)
		v.pos, stands = first[name]
		v.checked = stands && (v.custom || known && v.tag.Type != tags.Text)
		value, ok := resolve(name)
		if ok && (!v.custom || !hasPlaceholder(value)) {
			v.fallback, v.has = value, true
		} else if !ok && !isOpen(v.canonical) {
			v.told = true
		}
		table := plainBytes(utf8File)
		for _, place := range places[name] {
			switch place.Context {
			case render.Text, render.CDATA:
			case render.Attribute:
				table[place.Quote] = false
			case render.Comment:
				v.comment = true
			default:
				table = new([256]bool)
			}
		}
		if v.custom {
			table['%'] = false // A tag may begin.
		}
		v.plain = table
		if !ok && *table != ([256]bool{}) && len(places[name]) == direct[name] {
			v.undefined = s.undefined(name)
		}
		pl.vars = append(pl.vars, v)
		pl.slots[v.canonical] = append(pl.slots[v.canonical], i)
	}
	for name, pos := range first {
		raw, ok := shared(name)
		if !ok || tagname.IsSystem(name) || !hasPlaceholder(raw) {
			continue
		}
		value, err := render.Parse("", []byte(raw))
		if err != nil {
			pl.plain = false // A value that looks like XML in another encoding.
			continue
		}
		m := mixture{name: name, raw: raw, pos: pos}
		if m.bound, err = expand.Bind(value, shared); err != nil {
			return nil, err
		}
		inside := true
		for _, inner := range m.bound.Tags() {
			slot, ok := index[inner]
			inside = inside && ok
			m.slots = append(m.slots, slot)
			m.secret = m.secret || s.secret(inner)
		}
		if !inside {
			pl.plain = false // A tag inside itself.
			continue
		}
		if len(m.slots) > 0 {
			pl.mixed = append(pl.mixed, m)
		}
	}
	return pl, nil
}

func hasPlaceholder(value string) bool {
	_, _, _, ok := tagname.CutPlaceholder(value)
	return ok
}

// plainBytes returns the bytes that mean nothing in the text of XML, and, for a
// file in UTF-8, those of characters outside of ASCII. 0xEF begins, among many
// others, the characters that XML does not allow.
func plainBytes(utf8File bool) *[256]bool {
	table := new([256]bool)
	for c := 0x20; c < 0x7F; c++ {
		table[c] = strings.IndexByte("&<>", byte(c)) < 0
	}
	if utf8File {
		for c := 0x80; c < 0x100; c++ {
			table[c] = c != 0xEF
		}
	}
	return table
}
