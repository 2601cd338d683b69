package tags

import (
	_ "embed"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"github.com/dtafgen/wxt/internal/text"
)

//go:embed catalogue.toml
var catalogueTOML string

// A Catalogue is a list of tags that never changes, safe for concurrent use.
type Catalogue struct {
	tags  []Tag
	index map[string]int // by bare name, aliases included
}

// Default returns the embedded catalogue: 65 custom tags, then 7 system tags,
// in the order of the guides.
func Default() *Catalogue { return defaultCatalogue() }

var defaultCatalogue = sync.OnceValue(func() *Catalogue {
	c, err := parse(catalogueTOML)
	if err != nil {
		panic("tags: the embedded catalogue is broken: " + err.Error())
	}
	return c
})

// entry is a tag as catalogue.toml has it.
type entry struct {
	Name          string   `toml:"name"`
	Aliases       []string `toml:"aliases"`
	Feature       string   `toml:"feature"`
	Text          string   `toml:"text"`
	Note          string   `toml:"note"`
	Platforms     []string `toml:"platforms"`
	Type          Type     `toml:"type"`
	Values        []string `toml:"values"`
	Min           int      `toml:"min"`
	Max           int      `toml:"max"`
	TrailingSlash bool     `toml:"trailing_slash"`
	Default       any      `toml:"default"`
	Secret        bool     `toml:"secret"`
	Observed      bool     `toml:"observed"`
	Reconstructed []string `toml:"reconstructed"`
}

func parse(text string) (*Catalogue, error) {
	var file struct {
		Tag    []entry `toml:"tag"`
		System []entry `toml:"system"`
	}
	md, err := toml.Decode(text, &file)
	if err != nil {
		return nil, err
	}
	if keys := md.Undecoded(); len(keys) > 0 {
		return nil, fmt.Errorf("unknown key %s", keys[0])
	}
	c := &Catalogue{index: make(map[string]int)}
	for _, e := range file.Tag {
		if err := c.addEntry(e, Custom); err != nil {
			return nil, err
		}
	}
	for _, e := range file.System {
		if err := c.addEntry(e, System); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *Catalogue) addEntry(e entry, kind Kind) error {
	t := Tag{
		Name: e.Name, Kind: kind, Aliases: e.Aliases, Feature: e.Feature, Text: e.Text, Note: e.Note,
		Type: e.Type, Values: e.Values, Min: e.Min, Max: e.Max, TrailingSlash: e.TrailingSlash, Secret: e.Secret,
	}
	for _, name := range e.Platforms {
		p, err := ParsePlatform(name)
		if err != nil {
			return fmt.Errorf("tag %s: %w", e.Name, err)
		}
		t.Platforms |= NewPlatformSet(p)
	}
	switch d := e.Default.(type) {
	case nil:
	case string:
		t.Default = d
	case map[string]any:
		t.Defaults = make(map[Platform]string)
		for name, v := range d {
			p, err := ParsePlatform(name)
			s, ok := v.(string)
			if err != nil || !ok {
				return fmt.Errorf("tag %s: default %s: expected a platform and a string", e.Name, name)
			}
			t.Defaults[p] = s
		}
	default:
		return fmt.Errorf("tag %s: default: expected a string or a table by platform", e.Name)
	}
	for _, what := range e.Reconstructed {
		switch what {
		case "platforms":
			t.Known.Platforms = Reconstructed
		case "default":
			t.Known.Default = Reconstructed
		case "values":
			t.Known.Values = Reconstructed
		default:
			return fmt.Errorf("tag %s: reconstructed %q: expected platforms, default or values", e.Name, what)
		}
	}
	if kind == System {
		_, t.Line = SplitLine(t.Name)
	}
	return c.add(t)
}

// add checks t and appends it.
func (c *Catalogue) add(t Tag) error {
	check := CheckName
	if t.Kind == System {
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
	if t.Platforms&AllPlatforms == 0 {
		return fmt.Errorf("it is on no platform: expected one or more of desktop, mobile and tablet")
	}
	if !slices.Contains(Types(), t.Type) {
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
		for _, t := range Types() {
			if !yield(string(t)) {
				return
			}
		}
	}
}

// Len returns the number of tags.
func (c *Catalogue) Len() int { return len(c.tags) }

// All yields every tag: the custom ones, then the system ones, then declared
// ones, each in the order in which they were listed.
func (c *Catalogue) All() iter.Seq[Tag] {
	return func(yield func(Tag) bool) {
		for _, t := range c.tags {
			if !yield(t.clone()) {
				return
			}
		}
	}
}

// On yields the custom tags of p, in the order of [Catalogue.All].
func (c *Catalogue) On(p Platform) iter.Seq[Tag] {
	return func(yield func(Tag) bool) {
		for _, t := range c.tags {
			if t.Kind == Custom && t.Platforms.Has(p) && !yield(t.clone()) {
				return
			}
		}
	}
}

// Lookup returns the tag with this name, with or without percent signs. Other
// spellings of a tag are found too, and so is any line of a system tag: for
// "BWLINEPORT-2" it returns BWLINEPORT with that name and Line 2.
func (c *Catalogue) Lookup(name string) (Tag, bool) {
	bare := Bare(name)
	if i, ok := c.index[bare]; ok {
		return c.tags[i].clone(), true
	}
	base, line := SplitLine(bare)
	if line > 1 {
		if i, ok := c.index[base+"-1"]; ok && c.tags[i].Line == 1 {
			t := c.tags[i].clone()
			b, _ := SplitLine(t.Name)
			t.Name, t.Line, t.Aliases = b+"-"+strconv.Itoa(line), line, nil
			return t, true
		}
	}
	return Tag{}, false
}

// Nearest returns the name in the catalogue that name was most likely meant to
// be, and false where none is near.
func (c *Catalogue) Nearest(name string) (string, bool) {
	bare := Bare(name)
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
// says so, or if it is a text whose name does ([SoundsSecret]).
//
// A declaration of a tag that c has corrects it: it may change what is
// reconstructed of the tag, and nothing that is documented.
func (c *Catalogue) Extend(declarations ...Tag) (*Catalogue, error) {
	n := &Catalogue{tags: slices.Clone(c.tags), index: make(map[string]int, len(c.index)+len(declarations))}
	for name, i := range c.index {
		n.index[name] = i
	}
	seen := make(map[string]bool)
	for _, t := range declarations {
		t = t.clone()
		t.Name = Bare(t.Name)
		if err := CheckName(t.Name); err != nil {
			return nil, err
		}
		if seen[t.Name] {
			return nil, fmt.Errorf("tag %s is declared twice", t.Name)
		}
		seen[t.Name] = true
		t.Kind, t.Declared = Custom, true
		t.Secret = t.Secret || t.Type == Text && SoundsSecret(t.Name)
		if i, ok := n.index[t.Name]; ok {
			corrected, err := correct(n.tags[i], t)
			if err != nil {
				return nil, fmt.Errorf("tag %s: %w", t.Name, err)
			}
			n.tags[i] = corrected
			continue
		}
		t.Known = Known{Reconstructed, Reconstructed, Reconstructed, Reconstructed}
		if err := n.add(t); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// correct returns old with the facts of its declaration, as far as they may
// change.
func correct(old, declared Tag) (Tag, error) {
	t := old.clone()
	t.Declared = true
	t.Secret = t.Secret || declared.Secret
	if declared.Platforms != old.Platforms {
		if old.Known.Platforms != Reconstructed {
			return Tag{}, fmt.Errorf("its platforms are documented as %s", old.Platforms)
		}
		t.Platforms = declared.Platforms
		for p := range old.Defaults {
			if !t.Platforms.Has(p) {
				delete(t.Defaults, p)
			}
		}
	}
	if declared.Default != old.Default || declared.Defaults != nil {
		if old.Known.Default != Reconstructed {
			return Tag{}, fmt.Errorf("its default is documented as %q: set the value in [tags] instead", old.Default)
		}
		t.Default, t.Defaults = declared.Default, declared.Defaults
	}
	if declared.Type != old.Type || declared.Values != nil && !slices.Equal(declared.Values, old.Values) {
		if old.Known.Values != Reconstructed {
			return Tag{}, fmt.Errorf("it is known to be of type %s", old.Type)
		}
		t.Type, t.Values, t.Min, t.Max = declared.Type, declared.Values, declared.Min, declared.Max
	}
	return t, checkFacts(t)
}

// Learn returns a catalogue that knows the custom tags of a template for p, and
// which of them c did not know. A tag that c knows for other platforms alone is
// one of p as well then, since the template is the authority. A new tag has the
// type that its name makes plain (ENABLE_ and USE_ begin a bool, _PORT_WXT ends a
// port, and the rest is text), and no default that is known. Names that no custom
// tag can have are passed over.
func (c *Catalogue) Learn(p Platform, names ...string) (*Catalogue, []string) {
	n := &Catalogue{tags: slices.Clone(c.tags), index: make(map[string]int, len(c.index)+len(names))}
	for name, i := range c.index {
		n.index[name] = i
	}
	var learnt []string
	for _, name := range names {
		name = Bare(name)
		if i, ok := n.index[name]; ok {
			if t := n.tags[i]; t.Kind == Custom && !t.Platforms.Has(p) {
				t = t.clone()
				t.Platforms |= NewPlatformSet(p)
				t.Known.Platforms = Observed
				n.tags[i] = t
			}
			continue
		}
		err := n.add(Tag{
			Name: name, Kind: Custom, Type: plainType(name), Platforms: NewPlatformSet(p),
			Secret: plainType(name) == Text && SoundsSecret(name),
			Text:   "A tag of the vendor's template.",
			Known:  Known{Name: Observed, Platforms: Observed, Default: Reconstructed, Values: Reconstructed},
		})
		if err == nil && !IsSystem(name) {
			learnt = append(learnt, name)
		}
	}
	return n, learnt
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
