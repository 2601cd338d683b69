package tags

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
)

// A Catalogue is a list of tags that never changes, safe for concurrent use.
type Catalogue struct {
	tags  []Tag
	index map[string]int // by bare name, aliases included
}

//go:generate go test -run ^TestTable$ -update .

// Default returns the catalogue of the Webex app's tags: the custom tags, then the
// system tags, in the order of the guides.
func Default() *Catalogue { return defaultCatalogue() }

var defaultCatalogue = sync.OnceValue(func() *Catalogue {
	c := &Catalogue{index: make(map[string]int)}
	for _, t := range table {
		if err := c.add(t); err != nil {
			panic("tags: the table of tags is broken: " + err.Error())
		}
	}
	return c
})

// add checks t and appends it.
func (c *Catalogue) add(t Tag) error {
	check := CheckName
	if t.System {
		check = checkAnyName
	}
	for _, name := range append([]string{t.Name}, t.Aliases...) {
		if err := check(name); err != nil {
			return err
		}
		if _, ok := c.index[name]; ok {
			return fmt.Errorf("tag %s is in the catalogue already", name)
		}
	}
	if err := checkFacts(t); err != nil {
		return fmt.Errorf("tag %s: %w", t.Name, err)
	}
	c.index[t.Name] = len(c.tags)
	for _, name := range t.Aliases {
		c.index[name] = len(c.tags)
	}
	c.tags = append(c.tags, t)
	return nil
}

// checkFacts checks what a tag says of itself, apart from its name.
func checkFacts(t Tag) error {
	if t.Platforms&allPlatforms == 0 && !t.System {
		return fmt.Errorf("it is on no platform: expected one or more of desktop, mobile and tablet")
	}
	if !slices.Contains(types(), t.Type) {
		if near, ok := text.Nearest(string(t.Type), typeNames()); ok {
			return fmt.Errorf("unknown type %q: did you mean %q?", t.Type, near)
		}
		return fmt.Errorf("unknown type %q: expected one of %s", t.Type, strings.Join(slices.Collect(typeNames()), ", "))
	}
	if (t.Type == Enum) != (len(t.Values) > 0) {
		return fmt.Errorf("the type enum goes with a list of values, and other types without one")
	}
	if t.Max != 0 && t.Max < t.Min {
		return fmt.Errorf("its largest value %d is below its smallest value %d", t.Max, t.Min)
	}
	if err := CheckValue(t.Default); err != nil {
		return fmt.Errorf("default: %w", err)
	}
	for p, v := range t.Defaults {
		if !t.Platforms.Has(p) {
			return fmt.Errorf("it has a default for %s, where it is not used", p)
		}
		if err := CheckValue(v); err != nil {
			return fmt.Errorf("default for %s: %w", p, err)
		}
	}
	return nil
}

func typeNames() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, t := range types() {
			if !yield(string(t)) {
				return
			}
		}
	}
}

// All yields every tag: the custom ones, then the system ones, then declared ones,
// each in the order in which they were listed. Of platforms it yields the custom
// tags that one of them has, and no others.
func (c *Catalogue) All(of ...Platform) iter.Seq[Tag] {
	some := NewPlatformSet(of...)
	return func(yield func(Tag) bool) {
		for _, t := range c.tags {
			if len(of) > 0 && (t.System || t.Platforms&some == 0) {
				continue
			}
			if !yield(t.clone()) {
				return
			}
		}
	}
}

// Lookup returns the tag with this name, with or without percent signs. Other
// spellings of a tag are found too, and so is any line of a system tag: for
// "BWLINEPORT-2" it returns BWLINEPORT with that name and Line 2.
func (c *Catalogue) Lookup(name string) (Tag, bool) {
	bare := tagname.Bare(name)
	if i, ok := c.index[bare]; ok {
		return c.tags[i].clone(), true
	}
	base, line := tagname.SplitLine(bare)
	if line > 1 {
		if i, ok := c.index[base+"-1"]; ok && c.tags[i].Line == 1 {
			t := c.tags[i].clone()
			b, _ := tagname.SplitLine(t.Name)
			t.Name, t.Line, t.Aliases = b+"-"+strconv.Itoa(line), line, nil
			return t, true
		}
	}
	return Tag{}, false
}

// Nearest returns the name in the catalogue that name was most likely meant to
// be, and false where none is near. A misprint of the guides means the tag that
// they meant.
func (c *Catalogue) Nearest(name string) (string, bool) {
	bare := tagname.Bare(name)
	for _, t := range c.tags {
		if slices.Contains(t.Misprints, bare) {
			return t.Name, true
		}
	}
	if _, ok := c.Lookup(bare + "_WXT"); ok {
		return bare + "_WXT", true
	}
	return text.Nearest(bare, func(yield func(string) bool) {
		for _, t := range c.tags {
			if !yield(t.Name) {
				return
			}
		}
	})
}

// Extend returns a new catalogue that has the tags of c and those declared. A
// declaration gives Name, Type, Platforms and Default, and what else it likes;
// it is a custom tag, and nothing of it is marked documented. It is secret if it
// says so, or if it is a text whose name does, such as
// SIP_PASSWORD_WXT.
//
// A declaration of a tag that c has corrects it: it may change whatever of the tag
// is not documented.
func (c *Catalogue) Extend(declarations ...Tag) (*Catalogue, error) {
	n := &Catalogue{tags: slices.Clone(c.tags), index: make(map[string]int, len(c.index)+len(declarations))}
	for name, i := range c.index {
		n.index[name] = i
	}
	seen := make(map[string]bool)
	for _, t := range declarations {
		t = t.clone()
		t.Name = tagname.Bare(t.Name)
		if err := CheckName(t.Name); err != nil {
			return nil, err
		}
		if seen[t.Name] {
			return nil, fmt.Errorf("tag %s is declared twice", t.Name)
		}
		seen[t.Name] = true
		t.System, t.Declared = false, true
		t.Secret = t.Secret || t.Type == Text && secret.Named(t.Name)
		if i, ok := n.index[t.Name]; ok {
			corrected, err := correct(n.tags[i], t)
			if err != nil {
				return nil, fmt.Errorf("tag %s: %w", t.Name, err)
			}
			n.tags[i] = corrected
			continue
		}
		t.Known = Known{}
		if err := n.add(t); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// declared is the source of what a project says of a tag.
var declared = Fact{Source: "the project's declaration"}

// correct returns old with the facts of its declaration, as far as they may
// change.
func correct(old, d Tag) (Tag, error) {
	t := old.clone()
	t.Declared = true
	t.Secret = t.Secret || d.Secret
	for _, p := range Platforms() {
		if d.Platforms.Has(p) == old.Platforms.Has(p) {
			continue
		}
		if old.Known.Platforms[p].Mark == Documented {
			is := "is"
			if !old.Platforms.Has(p) {
				is = "is not"
			}
			return Tag{}, fmt.Errorf("it %s documented for %s", is, p)
		}
		t.Platforms ^= NewPlatformSet(p)
		t.Known.Platforms[p] = declared
		if !t.Platforms.Has(p) {
			delete(t.Defaults, p)
		}
	}
	if d.Default != old.Default || d.Defaults != nil {
		if old.Known.Default.Mark == Documented {
			return Tag{}, fmt.Errorf("its default is documented as %q: set the value in [tags] instead", old.Default)
		}
		t.Default, t.Defaults, t.Known.Default = d.Default, d.Defaults, declared
	}
	if d.Type != old.Type {
		if old.Known.Type.Mark == Documented {
			return Tag{}, fmt.Errorf("its type is documented as %s", old.Type)
		}
		t.Type, t.TrailingSlash, t.Known.Type = d.Type, false, declared
		t.Values, t.Min, t.Max = nil, 0, 0
	}
	if d.Type != old.Type || d.Values != nil && !slices.Equal(d.Values, old.Values) || d.Min != 0 || d.Max != 0 {
		if old.Known.Values.Mark == Documented {
			return Tag{}, fmt.Errorf("its values are documented: %s", old.DescribeValues())
		}
		t.Values, t.Min, t.Max, t.Known.Values = d.Values, d.Min, d.Max, declared
		if d.Values == nil && d.Type == old.Type {
			t.Values = old.Values
		}
	}
	if d.Places != nil {
		t.Places = d.Places
	}
	if d.Text != "" && old.Known.Text.Mark != Documented {
		t.Text, t.Known.Text = d.Text, declared
	}
	return t, checkFacts(t)
}

// inTemplate is the source of what a vendor's template says of a tag.
var inTemplate = Fact{Observed, "the vendor's template"}

// Learn returns a catalogue that knows the custom tags of a template for p, and
// which of them c did not know. A tag that c only knows for other platforms
// becomes one of p as well, since the template is the authority; and a tag that the
// template spells in another of its spellings has this one for its name. A new tag
// has the type that its name makes plain (ENABLE_ and USE_ begin a bool, _PORT_WXT
// ends a port, and the rest is text), and no default that is known. Names that no
// custom tag can have are passed over.
func (c *Catalogue) Learn(p Platform, names ...string) (*Catalogue, []string) {
	n := &Catalogue{tags: slices.Grow(slices.Clone(c.tags), len(names)), index: make(map[string]int, len(c.index)+len(names))}
	for name, i := range c.index {
		n.index[name] = i
	}
	var learnt []string
	for _, name := range names {
		name = tagname.Bare(name)
		if i, ok := n.index[name]; ok {
			alone := !slices.ContainsFunc(names, func(other string) bool { return tagname.Bare(other) == n.tags[i].Name })
			n.tags[i] = n.tags[i].inTemplateOf(p, name, alone)
			if n.tags[i].Name != name && !n.tags[i].System {
				// The template has both spellings: each is filled by its own name.
				other := n.tags[i].clone()
				other.Aliases[slices.Index(other.Aliases, name)], other.Name = other.Name, name
				n.index[name] = len(n.tags)
				n.tags = append(n.tags, other)
			}
			continue
		}
		t := Tag{
			Name: name, Type: plainType(name), Platforms: NewPlatformSet(p),
			Secret: plainType(name) == Text && secret.Named(name),
			Text:   "A tag of the vendor's template.",
			Known:  Known{Name: inTemplate},
		}
		t.Known.Platforms[p] = inTemplate
		if err := n.add(t); err == nil && !tagname.IsSystem(name) {
			learnt = append(learnt, name)
		}
	}
	return n, learnt
}

// inTemplateOf returns the tag as a template for p has it, under the given name;
// alone says that its other name is not in the template.
func (t Tag) inTemplateOf(p Platform, name string, alone bool) Tag {
	if t.System || t.Platforms.Has(p) && (t.Name == name || !alone) {
		return t
	}
	t = t.clone()
	if !t.Platforms.Has(p) {
		t.Platforms |= NewPlatformSet(p)
		t.Known.Platforms[p] = inTemplate
	}
	if t.Name != name && alone {
		i := slices.Index(t.Aliases, name)
		t.Name, t.Aliases[i] = name, t.Name
	}
	return t
}

// plainType returns the type that a tag's name makes plain.
func plainType(name string) Type {
	switch {
	case strings.HasPrefix(name, "ENABLE_"), strings.HasPrefix(name, "USE_"):
		return Bool
	case strings.HasSuffix(name, "_PORT_WXT"):
		return Port
	}
	return Text
}
