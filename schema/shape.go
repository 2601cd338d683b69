package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/tags"
)

// A Setting names a part of config-wxt.xml that the project file fills without
// a tag, such as "transport" or "audio-codecs".
type Setting string

// A Path is a place in config-wxt.xml: element names separated by slashes, with
// @attribute at the end for an attribute's value. Either a tag or a setting
// stands there.
type Path struct {
	Path    string    // such as "config/protocols/sip/proxy/@port"
	Tag     string    // without percent signs; empty for a setting
	Setting Setting   //
	Known   tags.Fact // how well the place as a whole is known
	Part    tags.Fact // how well a part of it is known, if that is better: its Source says which part
}

// An Element is an element of config-wxt.xml.
type Element struct {
	Name     string
	Comment  string    // what stands in a comment before it
	Attrs    []Attr    //
	Tag      string    // the tag that is its text
	Setting  Setting   // the setting that is its content
	Children []Element //
}

// An Attr is an attribute of an element, and the tag or the setting that is its
// value.
type Attr struct {
	Name, Tag string
	Setting   Setting
}

// A Codec is an audio or video codec that the app has.
type Codec struct {
	Name       string
	Media      string      // "audio" or "video"
	Ranked     bool        // whether it has a priority among the others
	Attributes [][2]string // of its element, names and values, in order
	Known      tags.Fact   // how well the codec and its attributes are known
}

//go:generate go test -run ^TestShapeTable$ -update .

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
		e.Attrs = append(e.Attrs, Attr{attr, p.Tag, p.Setting})
	}
	return nil
}

// WithLines returns the elements of a config-wxt.xml for more than one line: the
// credentials of each further line stand in an element of its own. That there are
// up to ten lines is documented; how they stand is reconstructed.
func (e Element) WithLines(n int) Element {
	e.Children = slices.Clone(e.Children)
	for i, c := range e.Children {
		switch {
		case c.Name != "credentials":
			e.Children[i] = c.WithLines(n)
		case n > 1:
			lines := Element{Name: "lines", Comment: "Further lines"}
			for line := 2; line <= n; line++ {
				lines.Children = append(lines.Children, Element{Name: "line", Children: []Element{c.ofLine(line)}})
			}
			e.Children = slices.Insert(e.Children, i+1, lines)
			return e
		}
	}
	return e
}

// ofLine returns the element for another line than the first.
func (e Element) ofLine(line int) Element {
	if base, first := tagname.SplitLine(e.Tag); first == 1 {
		e.Tag = fmt.Sprintf("%s-%d", base, line)
	}
	e.Children = slices.Clone(e.Children)
	for i, c := range e.Children {
		e.Children[i] = c.ofLine(line)
	}
	return e
}

// linesPath is where the credentials of further lines stand.
const credentialsPath, linesPath = "config/protocols/sip/credentials", "config/protocols/sip/lines/line/credentials"

// Paths returns every place in config-wxt.xml, in the order of the file.
func Paths() []Path { return slices.Clone(places) }

// PathsOf returns the places where a tag stands: those that a declaration gives it,
// or else those of the table. Any line of a system tag stands where the first one
// does.
func PathsOf(t tags.Tag) []Path {
	var list []Path
	for _, path := range t.Places {
		list = append(list, Path{Path: path, Tag: t.Name, Known: tags.Fact{Source: "the project's declaration"}})
	}
	if list != nil || t.Name == "" {
		return list
	}
	name := t.Name
	base, line := tagname.SplitLine(name)
	if line > 1 {
		name = base + "-1"
	}
	for _, p := range places {
		if p.Tag == name || p.Tag != "" && slices.Contains(t.Aliases, p.Tag) {
			list = append(list, p)
			if rest, ok := strings.CutPrefix(p.Path, credentialsPath); ok && line > 1 {
				list = append(list, Path{Path: linesPath + rest, Tag: p.Tag, Known: tags.Fact{Source: "how further lines stand"}})
			}
		}
	}
	return list
}

// Codecs returns the codecs that the app is known to have.
func Codecs() []Codec {
	list := slices.Clone(codecs)
	for i := range list {
		list[i].Attributes = slices.Clone(list[i].Attributes)
	}
	return list
}

// ShapeOf returns the elements of a platform's config-wxt.xml: those that have
// a setting, a system tag, or a custom tag that c has for the platform, and
// the elements around them. Tags that c declares with places stand there; where
// something stands already, it stays.
func ShapeOf(p tags.Platform, c *tags.Catalogue) Element {
	var root Element
	left := maps.Clone(comments)
	for _, place := range places {
		if place.Tag != "" {
			t, ok := c.Lookup(place.Tag)
			if !ok || !t.Platforms.Has(p) || t.Places != nil {
				continue
			}
		}
		_ = root.insert(place, left)
	}
	for t := range c.All(p) {
		for _, path := range t.Places {
			_ = root.insert(Path{Path: path, Tag: t.Name}, left)
		}
	}
	return root
}
