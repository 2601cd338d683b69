package schema

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"github.com/dtafgen/wxt/tags"
)

// A Setting names a part of config-wxt.xml that the project file fills without
// a tag.
type Setting string

// The settings of config-wxt.xml.
const (
	AudioCodecs      Setting = "audio-codecs"
	VideoCodecs      Setting = "video-codecs"
	RegisterRefresh  Setting = "register-refresh"  // seconds
	SubscribeRefresh Setting = "subscribe-refresh" // seconds
)

// A Path is a place in config-wxt.xml: element names separated by slashes, with
// @attribute at the end for an attribute's value. Either a tag or a setting
// stands there.
type Path struct {
	Path    string    // such as "config/protocols/sip/proxy/@port"
	Tag     string    // without percent signs; empty for a setting
	Setting Setting   //
	Known   tags.Mark // how well the place is known
	// KnownElement is set where the guides show the element and its attributes,
	// and the element's parent is reconstructed.
	KnownElement bool
}

// IsAttr reports whether the place is an attribute's value.
func (p Path) IsAttr() bool { return strings.Contains(p.Path, "/@") }

// An Element is an element of config-wxt.xml.
type Element struct {
	Name     string
	Comment  string    // what stands in a comment before it
	Attrs    []Attr    //
	Tag      string    // the tag that is its text
	Setting  Setting   // the setting that is its content
	Children []Element //
}

// An Attr is an attribute of an element, and the tag that is its value.
type Attr struct{ Name, Tag string }

// A Codec is an audio or video codec that the app has.
type Codec struct {
	Name       string
	Media      string      // "audio" or "video"
	Ranked     bool        // whether it has a priority among the others
	Attributes [][2]string // of its element, names and values, in order
}

//go:embed shape.toml
var shapeTOML string

type shape struct {
	paths  []Path
	codecs []Codec
	root   Element // all platforms'
}

var loadShape = sync.OnceValue(func() *shape {
	s, err := parseShape(shapeTOML)
	if err != nil {
		panic("schema: the embedded shape of config-wxt.xml is broken: " + err.Error())
	}
	return s
})

func parseShape(text string) (*shape, error) {
	var file struct {
		Path []struct {
			Path    string  `toml:"path"`
			Tag     string  `toml:"tag"`
			Setting Setting `toml:"setting"`
			Known   string  `toml:"known"`
		} `toml:"path"`
		Group []struct {
			Path string `toml:"path"`
			Text string `toml:"text"`
		} `toml:"group"`
		Codec []struct {
			Name       string      `toml:"name"`
			Media      string      `toml:"media"`
			Ranked     *bool       `toml:"ranked"`
			Attributes [][2]string `toml:"attributes"`
		} `toml:"codec"`
	}
	md, err := toml.Decode(text, &file)
	if err != nil {
		return nil, err
	}
	if keys := md.Undecoded(); len(keys) > 0 {
		return nil, fmt.Errorf("unknown key %s", keys[0])
	}
	s := &shape{}
	comments := make(map[string]string)
	for _, g := range file.Group {
		comments[g.Path] = g.Text
	}
	for _, e := range file.Path {
		p := Path{Path: e.Path, Tag: e.Tag, Setting: e.Setting}
		if e.Known == "element" {
			p.Known, p.KnownElement = tags.Reconstructed, true
		} else if err := p.Known.UnmarshalText([]byte(e.Known)); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Path, err)
		}
		if (p.Tag == "") == (p.Setting == "") {
			return nil, fmt.Errorf("%s: expected a tag or a setting", e.Path)
		}
		if err := s.root.insert(p, comments); err != nil {
			return nil, err
		}
		s.paths = append(s.paths, p)
	}
	for path := range comments {
		return nil, fmt.Errorf("the comment for %s has no element", path)
	}
	for _, c := range file.Codec {
		ranked := c.Ranked == nil || *c.Ranked
		s.codecs = append(s.codecs, Codec{c.Name, c.Media, ranked, c.Attributes})
	}
	return s, nil
}

// insert adds p below e, whose own path is its first element, and takes the
// comments of the elements that it makes.
func (e *Element) insert(p Path, comments map[string]string) error {
	steps := strings.Split(p.Path, "/")
	attr := ""
	if last := len(steps) - 1; strings.HasPrefix(steps[last], "@") {
		attr, steps = steps[last][1:], steps[:last]
	}
	if e.Name == "" {
		e.Name = steps[0]
	}
	if e.Name != steps[0] {
		return fmt.Errorf("%s: the root is %s", p.Path, e.Name)
	}
	for i, name := range steps[1:] {
		k := slices.IndexFunc(e.Children, func(c Element) bool { return c.Name == name })
		if k < 0 {
			path := strings.Join(steps[:i+2], "/")
			e.Children = append(e.Children, Element{Name: name, Comment: comments[path]})
			delete(comments, path)
			k = len(e.Children) - 1
		}
		e = &e.Children[k]
	}
	switch {
	case attr == "" && (e.Tag != "" || e.Setting != ""):
		return fmt.Errorf("%s is listed twice", p.Path)
	case attr == "":
		e.Tag, e.Setting = p.Tag, p.Setting
	case slices.ContainsFunc(e.Attrs, func(a Attr) bool { return a.Name == attr }):
		return fmt.Errorf("%s is listed twice", p.Path)
	default:
		e.Attrs = append(e.Attrs, Attr{attr, p.Tag})
	}
	return nil
}

// Paths returns every place in config-wxt.xml, in the order of the file.
func Paths() []Path { return slices.Clone(loadShape().paths) }

// PathsOf returns the places where the tag with this name stands. Any line of a
// system tag stands where the first one does.
func PathsOf(tag string) []Path {
	tag = tags.Bare(tag)
	if base, line := tags.SplitLine(tag); line > 1 {
		tag = base + "-1"
	}
	var list []Path
	for _, p := range loadShape().paths {
		if p.Tag == tag {
			list = append(list, p)
		}
	}
	return list
}

// Codecs returns the codecs that the app is known to have. (reconstructed)
func Codecs() []Codec {
	list := slices.Clone(loadShape().codecs)
	for i := range list {
		list[i].Attributes = slices.Clone(list[i].Attributes)
	}
	return list
}

// ShapeOf returns the elements of a platform's config-wxt.xml: those that have
// a setting, a system tag, or a custom tag that c has for the platform, and
// the elements around them.
func ShapeOf(p tags.Platform, c *tags.Catalogue) Element {
	has := func(tag string) bool {
		t, ok := c.Lookup(tag)
		return ok && t.Platforms.Has(p)
	}
	root, _ := loadShape().root.prune(has)
	return root
}

// prune returns a copy of e without the tags that has does not have, and
// whether anything is left of it.
func (e Element) prune(has func(tag string) bool) (Element, bool) {
	kept := Element{Name: e.Name, Comment: e.Comment, Setting: e.Setting}
	if e.Tag != "" && has(e.Tag) {
		kept.Tag = e.Tag
	}
	for _, a := range e.Attrs {
		if has(a.Tag) {
			kept.Attrs = append(kept.Attrs, a)
		}
	}
	for _, c := range e.Children {
		if k, ok := c.prune(has); ok {
			kept.Children = append(kept.Children, k)
		}
	}
	return kept, kept.Tag != "" || kept.Setting != "" || len(kept.Attrs) > 0 || len(kept.Children) > 0
}
