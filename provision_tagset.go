package wxt

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// TagSetOptions say which tags go to which tag sets, and how. The zero value makes
// every tag set with all of its tags.
type TagSetOptions struct {
	Options // the platforms say whose tag sets; the mode is not looked at
	MessageOptions
	Changed        bool     // leave out tags that have the catalogue's default because the project does not set them
	Modify         bool     // the tag sets are there with their tags: give these their values
	From           *Project // the tag sets are as this project makes them: write what has changed since
	DeleteSets     bool     // with From: delete tag sets that the project does not have any more
	Query          bool     // ask what the tag sets hold, and change nothing
	NotOverridable []string // tags that no service provider, group or device may override; takes R22
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
	values    []oci.TagValue
	secret    map[string]bool // the tags whose values are not to be printed
}

// A tagSetChange is what is done to a tag set.
type tagSetChange struct {
	tagSet
	verb     string // "make", "modify", "change", "delete" or "ask for"
	document *oci.Document
}

// ProvisionTagSets makes the messages that fill the tag sets of a project. With
// From, and nothing changed since, there are none.
func ProvisionTagSets(p *Project, o TagSetOptions) (*Provisioning, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o.Mode = Tags
	sets, findings, err := wantedTagSets(p, o)
	if err != nil {
		return nil, err
	}
	release := cmp.Or(o.Release, p.BroadWorks)
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
		if before, err = earlierTagSets(o); err != nil {
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
			doc, err = oci.NewTagQuery(set.name)
		case o.Modify:
			verb = "modify"
			doc, err = oci.NewTagModify(release, set.name, set.values)
		case i >= 0:
			verb = "change"
			doc, err = oci.NewTagChanges(release, set.name, before[i].values, set.values)
		default:
			verb = "make"
			doc, err = oci.NewTagSet(release, set.name, set.values)
		}
		if err := add(set, verb, doc, err); err != nil {
			return nil, err
		}
	}
	var notes []string
	gone, err := goneTagSets(p, o, before)
	if err != nil {
		return nil, err
	}
	for _, set := range gone {
		if !o.DeleteSets {
			notes = append(notes, fmt.Sprintf("The tag set %s is not the project's any more, and stays.", set.name))
			continue
		}
		doc, err := oci.NewTagSetDelete(set.name)
		if err := add(set, "delete", doc, err); err != nil {
			return nil, err
		}
		notes = append(notes, fmt.Sprintf("The tag set %s is deleted at last: no device type may use it then.", set.name))
	}
	parts := make([]part, len(changes))
	for i, c := range changes {
		parts[i] = part{c.name, c.document}
	}
	pr, err := provisioning(KindTagSet, release, o.MessageOptions, parts)
	if err != nil {
		return nil, err
	}
	if o.From != nil && len(changes) == 0 {
		notes = append(notes, "The tag sets need no change.")
	}
	pr.Findings, pr.Notes = findings, notes
	pr.Steps = tagSetSteps(p, o, changes, pr)
	return pr, nil
}

// wantedTagSets checks a project and returns the tag sets of the platforms that
// the options name, with all that other platforms have in them, too.
func wantedTagSets(p *Project, o TagSetOptions) ([]tagSet, schema.Findings, error) {
	all := o.Options
	all.Platforms = 0
	c, rules := checked(p, []CheckOption{all})
	findings := c.Check(rules...)
	if err := findings.Err(); err != nil {
		return nil, nil, err
	}
	sets, err := resolvedTagSets(c, o)
	if err != nil {
		return nil, nil, err
	}
	if len(sets) == 0 {
		return nil, nil, errors.New("there is no tag set: no platform is enabled")
	}
	return sets, findings, checkNotOverridable(o.NotOverridable, sets)
}

// earlierTagSets returns the tag sets that the options' project made.
func earlierTagSets(o TagSetOptions) ([]tagSet, error) {
	r, fs := Compile(o.From, Options{Release: o.Release})
	if err := fs.Err(); err != nil {
		return nil, err
	}
	return resolvedTagSets(r, o)
}

// goneTagSets returns the tag sets of an earlier project that no platform of the
// project has.
func goneTagSets(p *Project, o TagSetOptions, before []tagSet) ([]tagSet, error) {
	if len(before) == 0 {
		return nil, nil
	}
	r, fs := Compile(p, Options{Release: o.Release})
	if err := fs.Err(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(before, func(b tagSet) bool {
		return slices.ContainsFunc(r.Targets, func(t *Target) bool { return t.TagSet == b.name })
	}), nil
}

// resolvedTagSets returns the tag sets of a resolution that the options name.
func resolvedTagSets(r *Compilation, o TagSetOptions) ([]tagSet, error) {
	targets := r.Targets
	if o.Changed {
		targets = nil
		for _, t := range r.Targets {
			changed := *t
			changed.Values = slices.DeleteFunc(slices.Clone(t.Values), func(v Value) bool {
				return v.Origin == FromDefault && !v.Tag.Declared
			})
			targets = append(targets, &changed)
		}
	}
	sets, err := TagSets(targets)
	if err != nil {
		return nil, err
	}
	var list []tagSet
	for _, s := range sets {
		set := tagSet{name: s.Name, secret: make(map[string]bool)}
		for _, t := range targets {
			if t.TagSet != s.Name {
				continue
			}
			set.platforms |= tags.NewPlatformSet(t.Platform)
			for _, v := range t.Values {
				set.secret[v.Tag.Name] = set.secret[v.Tag.Name] || v.Tag.Secret
			}
		}
		if o.Platforms != 0 && set.platforms&o.Platforms == 0 {
			continue
		}
		for _, a := range s.Tags {
			locked := slices.ContainsFunc(o.NotOverridable, func(n string) bool { return tags.Bare(n) == a.Tag })
			set.values = append(set.values, oci.TagValue{Name: a.Tag, Value: a.Value, NotOverridable: locked})
		}
		list = append(list, set)
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
		if known[tags.Bare(name)] {
			continue
		}
		if near, ok := text.Nearest(tags.Bare(name), maps.Keys(known)); ok {
			return fmt.Errorf("not overridable: no tag set has the tag %s: did you mean %s?", tags.Bare(name), near)
		}
		return fmt.Errorf("not overridable: no tag set has the tag %s", tags.Bare(name))
	}
	return nil
}

// A TagSetComparison is how a tag set of a server differs from that of a project.
type TagSetComparison struct {
	TagSet      string
	Platforms   []tags.Platform // whose device types use it
	Tags        int             // how many tags the project has in it
	Differences []oci.TagDifference
	Secret      map[string]bool // the tags whose values are not to be printed
}

// CompareTagSet compares the response to a SystemDeviceManagementTagGetListRequest
// with the tag set of a project. The response does not say of which tag set it is:
// if the project has several, the options' platforms have to choose one.
//
// Errors about the response are those of [oci.Document.Tags].
func CompareTagSet(p *Project, o TagSetOptions, response *oci.Document) (*TagSetComparison, error) {
	live, err := response.Tags()
	if err != nil {
		return nil, err
	}
	o.Mode = Tags
	sets, _, err := wantedTagSets(p, o)
	if err != nil {
		return nil, err
	}
	if len(sets) > 1 {
		return nil, fmt.Errorf("the project has %d tag sets, and the response does not name its own: choose the platform whose tag set it is", len(sets))
	}
	set := sets[0]
	return &TagSetComparison{set.name, slices.Collect(set.platforms.All()), len(set.values), oci.CompareTags(set.values, live), set.secret}, nil
}
