package provision

import (
	"errors"
	"fmt"
	"slices"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/ocimsg"
	"github.com/dtafgen/wxt/internal/tagset"
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

// A tagSetChange is what is done to a tag set.
type tagSetChange struct {
	tagset.Set
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
	sets, err := s.tagSets(o)
	if err == nil {
		err = tagset.Check(sets, o.NotOverridable)
	}
	if err != nil {
		return nil, err
	}
	var changes []tagSetChange
	add := func(set tagset.Set, verb string, doc *oci.Document, err error) error {
		if err != nil {
			return fmt.Errorf("tag set %s: %w", set.Name, err)
		}
		if len(doc.Requests) > 0 {
			changes = append(changes, tagSetChange{set, verb, doc})
		}
		return nil
	}
	var before []tagset.Set
	if o.From != nil {
		if before, err = o.From.tagSets(o); err != nil {
			return nil, err
		}
	}
	for _, set := range sets {
		i := slices.IndexFunc(before, func(b tagset.Set) bool { return b.Name == set.Name })
		var doc *oci.Document
		verb := ""
		switch {
		case o.Query:
			verb = "ask for"
			doc, err = ocimsg.NewTagQuery(set.Name)
		case o.Modify:
			verb = "modify"
			doc, err = ocimsg.NewTagModify(s.Release, set.Name, set.Values)
		case i >= 0:
			verb = "change"
			doc, err = ocimsg.NewTagChanges(s.Release, set.Name, before[i].Values, set.Values)
		default:
			verb = "make"
			doc, err = ocimsg.NewTagSet(s.Release, set.Name, set.Values)
		}
		if err := add(set, verb, doc, err); err != nil {
			return nil, err
		}
	}
	var notes []string
	for _, set := range before {
		if slices.ContainsFunc(s.Targets, func(t Target) bool { return t.TagSet == set.Name }) {
			continue
		}
		if !o.DeleteSets {
			notes = append(notes, fmt.Sprintf("The tag set %s is not the project's any more, and stays.", set.Name))
			continue
		}
		doc, err := ocimsg.NewTagSetDelete(set.Name)
		if err := add(set, "delete", doc, err); err != nil {
			return nil, err
		}
		notes = append(notes, fmt.Sprintf("The tag set %s is deleted at last: no device type may use it then.", set.Name))
	}
	parts := make([]part, len(changes))
	for i, c := range changes {
		parts[i] = part{c.Name, c.document, tellsSecret(c.Secret)}
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

// tagSets returns the tag sets of the source that the options name, by name.
func (s *Source) tagSets(o TagSetOptions) ([]tagset.Set, error) {
	var targets []tagset.Target
	for _, t := range s.Targets {
		to := tagset.Target{Platform: t.Platform, TagSet: t.TagSet}
		for _, v := range t.Values {
			to.Values = append(to.Values, tagset.Value(v))
		}
		targets = append(targets, to)
	}
	return tagset.Of(targets, tagset.Options{Platforms: o.Platforms, Changed: o.Changed, NotOverridable: o.NotOverridable})
}
