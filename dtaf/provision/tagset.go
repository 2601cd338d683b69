package provision

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/ocimsg"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/tags"
)

// TagSetOptions say which tags go to which tag sets, and how. The zero value makes
// every tag set with all of its tags.
type TagSetOptions struct {
	Platforms      tags.PlatformSet // whose tag sets; empty: all. A tag set has what its other platforms want in it, too
	Changed        bool             // leave out tags that have the catalogue's default because the project does not set them
	Modify         bool             // the tag sets are there with their tags: give these their values
	From           *Source          // the tag sets are as this one makes them: write what has changed since
	DeleteSets     bool             // with From: delete tag sets that the project does not have any more
	Query          bool             // ask what the tag sets hold, and change nothing
	NotOverridable []string         // tags that no service provider, group or device may override; takes R22
}

// check returns an error if options contradict each other.
func (o TagSetOptions) check() error {
	switch {
	case o.Modify && o.From != nil, o.Query && (o.Modify || o.From != nil):
		return errors.New("tag sets are made, modified, changed from what they were, or asked for: expected one of these")
	case o.DeleteSets && o.From == nil:
		return errors.New("a tag set is deleted only if it was the project's before: expected the project that it was made from")
	}
	return nil
}

// A tagSet is a tag set as a project wants it.
type tagSet struct {
	name      string
	platforms tags.PlatformSet // whose device types use it
	values    []ocimsg.TagValue
	secret    map[string]bool // the tags whose values are not to be printed
}

// A tagSetChange is what is done to a tag set.
type tagSetChange struct {
	tagSet
	verb     string // "make", "modify", "change", "delete" or "ask for"
	document *oci.Document
}

// TagSets makes the messages that fill the tag sets of a source, which has to have
// all platforms that share one of them. With From, and nothing changed since, there
// are none.
func TagSets(s *Source, o TagSetOptions) (*Provisioning, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	sets, err := s.wantedTagSets(o)
	if err != nil {
		return nil, err
	}
	var changes []tagSetChange
	add := func(set tagSet, verb string, doc *oci.Document, err error) error {
		if err != nil {
			return fmt.Errorf("tag set %s: %w", set.name, err)
		}
		if len(doc.Requests) > 0 {
			changes = append(changes, tagSetChange{set, verb, doc})
		}
		return nil
	}
	var before []tagSet
	if o.From != nil {
		if before, err = o.From.tagSets(o); err != nil {
			return nil, err
		}
	}
	for _, set := range sets {
		i := slices.IndexFunc(before, func(b tagSet) bool { return b.name == set.name })
		var doc *oci.Document
		verb := ""
		switch {
		case o.Query:
			verb = "ask for"
			doc, err = ocimsg.NewTagQuery(set.name)
		case o.Modify:
			verb = "modify"
			doc, err = ocimsg.NewTagModify(s.Release, set.name, set.values)
		case i >= 0:
			verb = "change"
			doc, err = ocimsg.NewTagChanges(s.Release, set.name, before[i].values, set.values)
		default:
			verb = "make"
			doc, err = ocimsg.NewTagSet(s.Release, set.name, set.values)
		}
		if err := add(set, verb, doc, err); err != nil {
			return nil, err
		}
	}
	var notes []string
	for _, set := range before {
		if slices.ContainsFunc(s.Targets, func(t Target) bool { return t.TagSet == set.name }) {
			continue
		}
		if !o.DeleteSets {
			notes = append(notes, fmt.Sprintf("The tag set %s is not the project's any more, and stays.", set.name))
			continue
		}
		doc, err := ocimsg.NewTagSetDelete(set.name)
		if err := add(set, "delete", doc, err); err != nil {
			return nil, err
		}
		notes = append(notes, fmt.Sprintf("The tag set %s is deleted at last: no device type may use it then.", set.name))
	}
	parts := make([]part, len(changes))
	for i, c := range changes {
		parts[i] = part{c.name, c.document, tellsSecret(c.secret)}
	}
	p, err := s.provisioning(kindTagSet, parts, notes, s.tagSetSteps(o, changes))
	if err != nil {
		return nil, err
	}
	if o.From != nil && len(changes) == 0 {
		p.Notes = append(p.Notes, "The tag sets need no change.")
	}
	return p, nil
}

// wantedTagSets returns the tag sets that the options name.
func (s *Source) wantedTagSets(o TagSetOptions) ([]tagSet, error) {
	sets, err := s.tagSets(o)
	if err != nil {
		return nil, err
	}
	if len(sets) == 0 {
		return nil, errors.New("there is no tag set: no platform is enabled")
	}
	return sets, checkNotOverridable(o.NotOverridable, sets)
}

// tagSets returns the tag sets of the platforms that the options name, by name. A
// tag that targets give different values has the value of the first.
func (s *Source) tagSets(o TagSetOptions) ([]tagSet, error) {
	assigned := make(map[string][]tags.Assignment)
	sets := make(map[string]*tagSet)
	for _, t := range s.Targets {
		if t.TagSet == "" {
			continue
		}
		set := sets[t.TagSet]
		if set == nil {
			set = &tagSet{name: t.TagSet, secret: make(map[string]bool)}
			sets[t.TagSet] = set
		}
		set.platforms |= tags.NewPlatformSet(t.Platform)
		for _, v := range t.Values {
			if o.Changed && v.Default && !v.Tag.Declared {
				continue
			}
			if v.Tag.Secret || secret.Value(v.Tag.Name, v.Value) {
				set.secret[v.Tag.Name] = true
			}
			has := func(a tags.Assignment) bool { return a.Tag == v.Tag.Name }
			if !slices.ContainsFunc(assigned[t.TagSet], has) {
				assigned[t.TagSet] = append(assigned[t.TagSet], tags.Assignment{Tag: v.Tag.Name, Value: v.Value})
			}
		}
	}
	var list []tagSet
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		checked, err := tags.NewSet(name, assigned[name]...)
		if err != nil {
			return nil, err
		}
		set := sets[name]
		if o.Platforms != 0 && set.platforms&o.Platforms == 0 {
			continue
		}
		for _, a := range checked.Tags {
			locked := slices.ContainsFunc(o.NotOverridable, func(n string) bool { return tagname.Bare(n) == a.Tag })
			set.values = append(set.values, ocimsg.TagValue{Name: a.Tag, Value: a.Value, NotOverridable: locked})
		}
		list = append(list, *set)
	}
	return list, nil
}

// checkNotOverridable returns an error about a name that no tag set has.
func checkNotOverridable(names []string, sets []tagSet) error {
	known := make(map[string]bool)
	for _, s := range sets {
		for _, v := range s.values {
			known[v.Name] = true
		}
	}
	for _, name := range names {
		if known[tagname.Bare(name)] {
			continue
		}
		if near, ok := text.Nearest(tagname.Bare(name), maps.Keys(known)); ok {
			return fmt.Errorf("not overridable: no tag set has the tag %s: did you mean %s?", tagname.Bare(name), near)
		}
		return fmt.Errorf("not overridable: no tag set has the tag %s", tagname.Bare(name))
	}
	return nil
}

// A Difference is one way in which a tag of a server differs from the project's.
type Difference = ocimsg.TagDifference

// A Comparison is how a tag set of a server differs from that of a project.
type Comparison struct {
	TagSet      string
	Platforms   []tags.Platform // whose device types use it
	Tags        int             // how many tags the project has in it
	Differences []Difference
	Secret      map[string]bool // the tags whose values are not to be printed
}

// Compare compares the response to a SystemDeviceManagementTagGetListRequest with
// the tag set of a source. The response does not say of which tag set it is: if
// there are several, the options' platforms have to choose one.
//
// If the response has no table of tags, or a broken one, the error is an [*oci.Error]
// with the place; if it is the server's own refusal, the error is what the server
// says.
func Compare(s *Source, o TagSetOptions, response *oci.Document) (*Comparison, error) {
	live, err := ocimsg.Tags(response)
	if err != nil {
		return nil, err
	}
	sets, err := s.wantedTagSets(o)
	if err != nil {
		return nil, err
	}
	if len(sets) > 1 {
		return nil, fmt.Errorf("the project has %d tag sets, and the response does not name its own: choose the platform whose tag set it is", len(sets))
	}
	set := sets[0]
	c := &Comparison{set.name, slices.Collect(set.platforms.All()), len(set.values), ocimsg.CompareTags(set.values, live), set.secret}
	for _, d := range c.Differences {
		// What the server has may be a secret where the project's value is none.
		if secret.Value(d.Name, d.Live.Value) {
			c.Secret[d.Name] = true
		}
	}
	return c, nil
}
