package configwxt

import (
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/edits"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A Comparison is what a template of config-wxt.xml has, held against what is
// known of a platform's: the catalogue of tags, and the places of [schema.Paths].
// Most of these places are reconstructed: where a vendor's template differs, the
// template is right.
type Comparison struct {
	Platform tags.Platform `json:"platform"`
	// Tags is how many tags of the catalogue the template has.
	Tags int `json:"tags"`
	// Missing tags are the platform's in the catalogue, and not in the template.
	Missing []MissingTag `json:"missing"`
	// Unknown tags are in the template, and not in the catalogue.
	Unknown []UnknownTag `json:"unknown"`
	// Foreign tags are in the template, and in the catalogue for other platforms.
	Foreign []ForeignTag `json:"foreign"`
	// Misplaced tags stand elsewhere than [schema.Paths] has them.
	Misplaced []MisplacedTag `json:"misplaced"`
	// Settings are the codecs and the refresh intervals.
	Settings []SettingPlace `json:"settings"`
}

// A Place is a place in a template where a tag stands.
type Place struct {
	Tag             string `json:"tag"`  // without percent signs
	Path            string `json:"path"` // see [render.Placeholder]
	schema.Position `json:"position"`
}

// A MissingTag is a tag that the template lacks.
type MissingTag struct {
	Tag      string    `json:"tag"`
	Expected []string  `json:"expected"` // where it should stand
	Known    tags.Mark `json:"known"`    // how well the catalogue's word for it is known
}

// An UnknownTag is a tag that the catalogue lacks.
type UnknownTag struct {
	Tag     string  `json:"tag"`
	Nearest string  `json:"nearest,omitempty"` // a tag of the catalogue with much the same name
	Found   []Place `json:"found"`
}

// A ForeignTag is a tag of other platforms.
type ForeignTag struct {
	Tag       string           `json:"tag"`
	Platforms tags.PlatformSet `json:"-"`         // those of the catalogue
	Names     []string         `json:"platforms"` // the names of the same
	Known     tags.Mark        `json:"known"`     // how well the platforms are known
	Found     []Place          `json:"found"`
}

// A MisplacedTag is a tag whose places are not those that are believed.
type MisplacedTag struct {
	Tag      string    `json:"tag"`
	Expected []string  `json:"expected"` // places that it does not have
	Found    []Place   `json:"found"`    // places that it should not have
	Known    tags.Mark `json:"known"`    // how well the expected places are known
}

// A SettingPlace is where a setting of the project file stands.
type SettingPlace struct {
	Setting  schema.Setting `json:"setting"`
	Expected string         `json:"expected"`
	Found    []string       `json:"found"`            // paths, without repetitions; none if the template lacks it
	Value    string         `json:"value,omitempty"`  // what stands at the first of them, such as the names of its codecs
	Codecs   []string       `json:"codecs,omitempty"` // the names of the codecs there, in order
}

// AsExpected reports whether the setting stands at its place and nowhere else.
func (s SettingPlace) AsExpected() bool { return len(s.Found) == 1 && s.Found[0] == s.Expected }

// AsExpected reports whether the template is just what is believed.
func (c *Comparison) AsExpected() bool {
	return len(c.Missing)+len(c.Unknown)+len(c.Foreign)+len(c.Misplaced) == 0 &&
		!slices.ContainsFunc(c.Settings, func(s SettingPlace) bool { return !s.AsExpected() })
}

// Compare compares a template of config-wxt.xml with what is known of that of a
// platform. Tags in comments count for nothing, and lines of a system tag beyond
// the first are taken to belong where the first one does. The error is an
// [*render.Error], if the template is not well-formed XML.
func Compare(t *render.Template, p tags.Platform, c *tags.Catalogue) (*Comparison, error) {
	places, err := t.Places()
	if err != nil {
		return nil, err
	}
	doc, err := edits.Parse(t)
	if err != nil {
		return nil, err
	}
	found := make(map[string][]Place)
	var names []string
	for _, place := range places {
		name := place.Name
		if tag, ok := c.Lookup(name); ok {
			name = tag.Name
		}
		if found[name] == nil {
			names = append(names, name)
		}
		found[name] = append(found[name], Place{place.Name, text.ClipPath(place.Path), place.Position})
	}
	cmp := &Comparison{Platform: p, Missing: []MissingTag{}, Unknown: []UnknownTag{}, Foreign: []ForeignTag{}, Misplaced: []MisplacedTag{}, Settings: []SettingPlace{}}
	for tag := range c.All() {
		if tag.Platforms.Has(p) && found[tag.Name] == nil {
			cmp.Missing = append(cmp.Missing, MissingTag{tag.Name, expected(tag), min(tag.Known.Name.Mark, tag.Known.Platforms[p].Mark)})
		}
	}
	for _, name := range names {
		tag, ok := c.Lookup(name)
		switch {
		case !ok:
			near := ""
			if len(cmp.Unknown) < maxNearest {
				near, _ = c.Nearest(name)
			}
			cmp.Unknown = append(cmp.Unknown, UnknownTag{name, near, found[name]})
			continue
		case !tag.Platforms.Has(p) && tag.Platforms != 0:
			foreign := ForeignTag{Tag: name, Platforms: tag.Platforms, Names: []string{}, Known: tag.Known.Platforms[p].Mark, Found: found[name]}
			for other := range tag.Platforms.All() {
				foreign.Names = append(foreign.Names, other.String())
			}
			cmp.Foreign = append(cmp.Foreign, foreign)
		}
		cmp.Tags++
		if m := misplaced(tag, found[name]); m != nil {
			cmp.Misplaced = append(cmp.Misplaced, *m)
		}
	}
	for _, s := range settingPlaces(doc.Root) {
		if len(s.Found) > 0 || !optional(s.Setting) {
			cmp.Settings = append(cmp.Settings, s)
		}
	}
	return cmp, nil
}

// Find returns where each setting of the project file stands in a template, and
// its value there. The error is a [*render.Error], if the template is not
// well-formed XML.
func Find(t *render.Template) ([]SettingPlace, error) {
	doc, err := edits.Parse(t)
	if err != nil {
		return nil, err
	}
	return settingPlaces(doc.Root), nil
}

func settingPlaces(root *xmltext.Node) []SettingPlace {
	var list []SettingPlace
	for _, place := range schema.Paths() {
		if place.Setting != "" {
			list = append(list, settingPlace(root, place))
		}
	}
	return list
}

// optional reports whether the built-in template lacks a setting that the project
// does not set.
func optional(s schema.Setting) bool {
	return s == Transport || s == SIPInfo || s == SIPInfoPeriod
}

func expected(tag tags.Tag) []string {
	list := []string{}
	for _, p := range schema.PathsOf(tag) {
		list = append(list, p.Path)
	}
	return list
}

// misplaced compares the places of a tag with those that are believed, or
// returns nil where they are the same or nothing is believed.
func misplaced(tag tags.Tag, found []Place) *MisplacedTag {
	paths := schema.PathsOf(tag)
	if len(paths) == 0 {
		return nil
	}
	m := &MisplacedTag{Tag: tag.Name, Expected: []string{}, Found: []Place{}, Known: tags.Documented}
	line := tag.Line
	for _, p := range paths {
		m.Known = min(m.Known, p.Known.Mark)
		// A further line need not stand wherever the first one does.
		if line <= 1 && !slices.ContainsFunc(found, func(f Place) bool { return f.Path == p.Path }) {
			m.Expected = append(m.Expected, p.Path)
		}
	}
	for _, f := range found {
		if !slices.ContainsFunc(paths, func(p schema.Path) bool { return p.Path == f.Path }) {
			m.Found = append(m.Found, f)
		}
	}
	if len(m.Expected)+len(m.Found) == 0 {
		return nil
	}
	return m
}

// settingPlace finds a setting of the project file in a template.
func settingPlace(root *xmltext.Node, place schema.Path) SettingPlace {
	s := SettingPlace{Setting: place.Setting, Expected: place.Path, Found: []string{}}
	add := func(path, value string) {
		if len(s.Found) == 0 {
			s.Value = value
		}
		if !slices.Contains(s.Found, path) && len(s.Found) < maxFound {
			s.Found = append(s.Found, path)
		}
	}
	switch place.Setting {
	case AudioCodecs, VideoCodecs:
		media := strings.TrimSuffix(string(place.Setting), "-codecs")
		visit(root, root.Name, func(n *xmltext.Node, path string) {
			names := codecsIn(n)
			if slices.ContainsFunc(names, func(name string) bool { return isCodec(name, media) }) || len(names) > 0 && path == place.Path {
				add(path, strings.Join(names, ", "))
				s.Codecs = append(s.Codecs, names...)
			}
		})
	default:
		visit(root, root.Name, func(n *xmltext.Node, path string) {
			if path == place.Path || isRefresh(path, place.Setting) && !optional(place.Setting) && len(n.Attrs) == 0 && !hasElements(n) {
				add(path, strings.TrimSpace(n.Text()))
			}
			for _, a := range n.Attrs {
				if at := path + "/@" + a.Name; at == place.Path || !optional(place.Setting) && isRefresh(at, place.Setting) {
					add(at, a.Value)
				}
			}
		})
	}
	return s
}

// maxNearest is for how many unknown tags a similar name is looked for.
const maxNearest = 200

// maxFound is how many places of one setting are listed.
const maxFound = 16

// visit calls fn for each element with its path. Paths that nobody would write
// are left out.
func visit(n *xmltext.Node, path string, fn func(n *xmltext.Node, path string)) {
	if len(path) > 1000 {
		return
	}
	fn(n, path)
	for c := range n.Elements() {
		visit(c, path+"/"+c.Name, fn)
	}
}

func hasElements(n *xmltext.Node) bool {
	for range n.Elements() {
		return true
	}
	return false
}

// codecsIn returns the names of the codecs whose elements stand in n.
func codecsIn(n *xmltext.Node) []string {
	var names []string
	for c := range n.Elements() {
		if c.Name != "codec" {
			continue
		}
		if a, ok := c.Attr("name"); ok {
			names = append(names, a.Value)
		} else if text := strings.TrimSpace(c.Text()); text != "" {
			names = append(names, text)
		}
	}
	return names
}

func isCodec(name, media string) bool {
	return slices.ContainsFunc(schema.Codecs(), func(c schema.Codec) bool {
		return c.Media == media && strings.EqualFold(c.Name, name)
	})
}

// isRefresh reports whether a path reads as that of a refresh interval of
// registrations or subscriptions.
func isRefresh(path string, s schema.Setting) bool {
	path = strings.ToLower(path)
	last := path[strings.LastIndexByte(path, '/')+1:]
	if strings.Contains(last, "retry") || !strings.Contains(last, "interval") && !strings.Contains(last, "expires") && !strings.Contains(last, "refresh") {
		return false
	}
	stem := "regist"
	if s == SubscribeRefresh {
		stem = "subscri"
	}
	return strings.Contains(path, stem)
}
