// Package tagset says what stands in the tag sets of a project: one is shared by the
// platforms whose device types name it.
package tagset

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/dtafgen/wxt/internal/ocimsg"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/tags"
)

// A Value is the value of a custom tag.
type Value struct {
	Tag     tags.Tag
	Value   string
	Default bool // it is the catalogue's: the project does not set it
}

// A Target is one platform, with the tag set that its device type names, if any.
type Target struct {
	Platform tags.Platform
	TagSet   string
	Values   []Value
}

// Options say which tags go to which tag sets.
type Options struct {
	Platforms      tags.PlatformSet // whose tag sets; empty: all
	Changed        bool             // leave out tags that have the catalogue's default
	NotOverridable []string         // tags that no stronger place may override
}

// A Set is a tag set as a project wants it.
type Set struct {
	Name      string
	Platforms tags.PlatformSet // whose device types use it
	Values    []ocimsg.TagValue
	Secret    map[string]bool // the tags whose values are not to be printed
}

// Of returns the tag sets of the platforms that the options name, by name. A tag that
// targets give different values has the value of the first.
func Of(targets []Target, o Options) ([]Set, error) {
	assigned := make(map[string][]tags.Assignment)
	sets := make(map[string]*Set)
	for _, t := range targets {
		if t.TagSet == "" {
			continue
		}
		set := sets[t.TagSet]
		if set == nil {
			set = &Set{Name: t.TagSet, Secret: make(map[string]bool)}
			sets[t.TagSet] = set
		}
		set.Platforms |= tags.NewPlatformSet(t.Platform)
		for _, v := range t.Values {
			if o.Changed && v.Default && !v.Tag.Declared {
				continue
			}
			if v.Tag.Secret || secret.Value(v.Tag.Name, v.Value) {
				set.Secret[v.Tag.Name] = true
			}
			has := func(a tags.Assignment) bool { return a.Tag == v.Tag.Name }
			if !slices.ContainsFunc(assigned[t.TagSet], has) {
				assigned[t.TagSet] = append(assigned[t.TagSet], tags.Assignment{Tag: v.Tag.Name, Value: v.Value})
			}
		}
	}
	var list []Set
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		checked, err := tags.NewSet(name, assigned[name]...)
		if err != nil {
			return nil, err
		}
		set := sets[name]
		if o.Platforms != 0 && set.Platforms&o.Platforms == 0 {
			continue
		}
		for _, a := range checked.Tags {
			locked := slices.ContainsFunc(o.NotOverridable, func(n string) bool { return tagname.Bare(n) == a.Tag })
			set.Values = append(set.Values, ocimsg.TagValue{Name: a.Tag, Value: a.Value, NotOverridable: locked})
		}
		list = append(list, *set)
	}
	return list, nil
}

// Check returns an error if there is no tag set, or none that has one of the tags that
// are not to be overridable.
func Check(sets []Set, notOverridable []string) error {
	if len(sets) == 0 {
		return errors.New("there is no tag set: no platform is enabled")
	}
	known := make(map[string]bool)
	for _, s := range sets {
		for _, v := range s.Values {
			known[v.Name] = true
		}
	}
	for _, name := range notOverridable {
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
