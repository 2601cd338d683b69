package simulate

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/expand"
	"github.com/dtafgen/wxt/internal/levels"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/tags"
)

// A Simulation is a model of what Device Management makes of a template: the
// file that a subscriber's app downloads. It is a simulation, and these parts of
// it are reconstructed and not documented:
//
//   - tags inside the value of a custom tag are filled in, eight of them
//     deep; the value of a system tag is put in as it is;
//   - a tag that no level defines stays in the file;
//   - values are put in as they are: nothing is escaped;
//   - a character that the device type's encoding lacks becomes a question mark.
//
// Which of several values of a custom tag wins is documented: that of the strongest
// level, unless a weaker one may not be overridden. The encoding is the device
// type's, and ISO-8859-1 where it has none (observed).
type Simulation struct {
	platform  tags.Platform
	date      time.Time
	catalogue *tags.Catalogue
	template  *render.Template
	file      string               // the template's name, for positions
	places    []render.Placeholder // of the template
	lines     *text.Lines          // of the template
	charset   charset.Charset
	defs      map[string][]levels.Definition // of custom tags, by canonical name
	upper     map[string]string              // the template's tags, by their names in upper case
}

// A Config is what a simulation is made of. A template is needed, the rest has
// defaults.
type Config struct {
	Template  *render.Template
	Catalogue *tags.Catalogue // the tags that are known; nil: those of the guides
	Platform  tags.Platform   // for messages
	// Values are the custom tags' in the device type's tag set, by name.
	Values   map[string]string
	Encoding string    // the device type's; empty: ISO-8859-1
	Date     time.Time // of the files in a zip
}

// defaultEncoding is the encoding of a device type that names none.
const defaultEncoding = "ISO-8859-1"

// New returns a simulation. Values that are wrong are no error here: they are
// findings of the previews. It is an error if the encoding is not known, or does
// not hold ASCII as it is.
func New(c Config) (*Simulation, error) {
	encoding := cmp.Or(c.Encoding, defaultEncoding)
	cs, err := charset.Lookup(encoding)
	if err == nil && !cs.IsASCIICompatible() {
		err = fmt.Errorf("%s does not hold ASCII as it is, which a template needs", encoding)
	}
	if err != nil {
		return nil, err
	}
	s := &Simulation{
		platform: c.Platform, date: c.Date, catalogue: c.Catalogue, template: c.Template, file: c.Template.File(), charset: cs,
		places: c.Template.Placeholders(), lines: text.NewLines(c.Template.Source()), defs: make(map[string][]levels.Definition),
	}
	if s.catalogue == nil {
		s.catalogue = tags.Default()
	}
	s.upper = make(map[string]string)
	for _, name := range c.Template.Tags() {
		s.upper[strings.ToUpper(name)] = name
	}
	for name, value := range c.Values {
		name = s.canonical(name)
		s.defs[name] = append(s.defs[name], levels.Definition{Level: levels.DeviceTypeSet, Value: value})
	}
	return s, nil
}

// defined reports whether a place that all subscribers share has a value of a
// custom tag.
func (s *Simulation) defined(name string) bool { return len(s.defs[s.canonical(name)]) > 0 }

// canonical returns the name under which a tag's values are kept.
func (s *Simulation) canonical(name string) string {
	if t, ok := s.catalogue.Lookup(name); ok {
		return t.Name
	}
	return tagname.Bare(name)
}

// secret reports whether a tag's value is never to be printed. Of tags that the
// catalogue lacks the names tell.
func (s *Simulation) secret(name string) bool {
	t, ok := s.catalogue.Lookup(name)
	return t.Secret || !ok && secret.Named(name)
}

// Example returns a made-up subscriber, who has a value for each system tag that
// is known, of the template and of its custom tags' values. The values are plainly examples:
// the domain is example.com and the numbers are +1 555 555 01xx.
func (s *Simulation) Example() *Subscriber {
	sub := &Subscriber{ID: "example", Tags: make(map[string]string)}
	for _, span := range expand.Trace(s.template, s.resolver(sub)).Spans {
		name := last(span.Tags)
		if _, known := s.catalogue.Lookup(name); span.Undefined && known && tagname.IsSystem(name) {
			sub.Tags[name] = exampleValue(name)
		}
	}
	return sub
}

// tagOf returns the tag that a person means, in upper or lower case.
func (s *Simulation) tagOf(name string) string {
	bare := tagname.Bare(name)
	if _, known := s.catalogue.Lookup(bare); known || s.upper[bare] == bare {
		return s.canonical(bare)
	}
	upper := strings.ToUpper(bare)
	if tag, ok := s.upper[upper]; ok {
		return s.canonical(tag)
	}
	if _, known := s.catalogue.Lookup(upper); known || tagname.IsSystem(upper) {
		return s.canonical(upper)
	}
	return bare
}

// values returns the values of a subscriber's tags, by canonical name.
func (s *Simulation) values(sub *Subscriber) map[string]string {
	own := make(map[string]string, len(sub.Tags)+len(sub.row.fields)+len(sub.row.pairs))
	for name, value := range sub.row.all() {
		name = s.tagOf(name)
		own[name] = s.spreadsheet(name, value)
	}
	for _, name := range slices.Sorted(maps.Keys(sub.Tags)) {
		own[s.tagOf(name)] = sub.Tags[name]
	}
	return own
}

// spreadsheet returns a value as the app understands it where a spreadsheet writes
// it in its own way.
func (s *Simulation) spreadsheet(name, value string) string {
	if isBoolean(value) {
		if tag, _ := s.catalogue.Lookup(name); tag.Type == tags.Bool {
			return strings.ToLower(value)
		}
	}
	return value
}

// isBoolean reports whether a value is TRUE or FALSE, as spreadsheets write them.
func isBoolean(value string) bool {
	return (len(value) == 4 || len(value) == 5) && (strings.EqualFold(value, "true") || strings.EqualFold(value, "false"))
}

// resolver returns the values of a subscriber's tags: the system tags', and the
// effective ones of the custom tags.
func (s *Simulation) resolver(sub *Subscriber) render.Resolver {
	own := s.values(sub)
	more := sub.definitions(s.canonical)
	return func(name string) (string, bool) {
		name = s.canonical(name)
		value, ok := own[name]
		if tagname.IsSystem(name) {
			return value, ok
		}
		defs := slices.Concat(s.defs[name], more[name])
		if ok {
			defs = append(defs, levels.Definition{Level: levels.AccessDevice, Value: value})
		}
		d, ok := levels.Effective(defs...)
		return d.Value, ok
	}
}
