package tags

import (
	"fmt"

	"github.com/dtafgen/wxt/internal/tagname"
)

// An Assignment gives one tag its value.
type Assignment struct {
	Tag   string // without percent signs
	Value string // may be empty
}

// A Set is a tag set, as at System > Resources > Device Management Tag Sets: a
// name, and a value for each of its custom tags, in order.
type Set struct {
	Name string
	Tags []Assignment
}

// NewSet returns a tag set, or an error that names the first thing that the
// Application Server would not take: the set's name, which is an xs:token of 1 to
// 30 characters, a tag's name, a value, or a tag that comes twice.
func NewSet(name string, values ...Assignment) (Set, error) {
	if err := checkToken("tag set name", name, 1, tagname.MaxSetLength); err != nil {
		return Set{}, err
	}
	set := Set{Name: name, Tags: make([]Assignment, 0, len(values))}
	seen := make(map[string]bool, len(values))
	for _, a := range values {
		a.Tag = tagname.Bare(a.Tag)
		if err := CheckName(a.Tag); err != nil {
			return Set{}, err
		}
		if err := CheckValue(a.Value); err != nil {
			return Set{}, fmt.Errorf("tag %s: %w", a.Tag, err)
		}
		if seen[a.Tag] {
			return Set{}, fmt.Errorf("tag %s is twice in the tag set %q", a.Tag, name)
		}
		seen[a.Tag] = true
		set.Tags = append(set.Tags, a)
	}
	return set, nil
}
