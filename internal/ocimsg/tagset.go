package ocimsg

import (
	"fmt"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/tagname"
)

// A TagValue gives one custom tag of a tag set its value.
type TagValue struct {
	Name  string // with or without its percent signs
	Value string // may be empty: then the tag has no value element
	// NotOverridable makes weaker places, such as a group or a device, beat the
	// tag set. It takes R22 or later.
	NotOverridable bool
}

// NewTagSet returns the requests that make a tag set with these tags, in order:
// a SystemDeviceManagementTagSetAddRequest and a tag add request for each tag,
// of the version that release r knows. For R21SP1 and no release that is
// SystemDeviceManagementTagAddRequest, and SystemDeviceManagementTagAddRequest22
// from R22 on.
//
// The name of the set has 1 to 30 characters, that of a tag 1 to 64 with its
// percent signs, of which there is none inside, and does not begin with %BW; a
// value has up to 256 characters and no white space but single spaces inside.
// The error is an [*oci.ElementError] about the first that is not so, or about a tag
// that comes twice.
//
// A document of many tags is more than one message takes: see [oci.Document.Split].
func NewTagSet(r oci.Release, name string, values []TagValue) (*oci.Document, error) {
	set := &oci.Request{Type: "SystemDeviceManagementTagSetAddRequest"}
	if err := set.Set("tagSetName", name); err != nil {
		return nil, err
	}
	d := &oci.Document{Requests: []*oci.Request{set}}
	seen := make(map[string]bool, len(values))
	for _, v := range values {
		tag, err := newTag(r, name, v)
		if err != nil {
			return nil, err
		}
		full, _ := tag.Get("tagName")
		if seen[full] {
			return nil, refuse(tag.Type, "tagName", v.Name, fmt.Sprintf("tag %q comes twice: expected each tag once", full))
		}
		seen[full] = true
		d.Requests = append(d.Requests, tag)
	}
	return d, nil
}

func newTag(r oci.Release, set string, v TagValue) (*oci.Request, error) {
	tag := &oci.Request{Type: "SystemDeviceManagementTagAddRequest"}
	if r >= oci.R22 {
		tag.Type += "22"
	}
	full, err := tagName(tag.Type, v.Name)
	if err != nil {
		return nil, err
	}
	if v.NotOverridable && r < oci.R22 {
		return nil, notOverridable(tag, full)
	}
	elements := []element{{"tagSetName", set}, {"tagName", full}}
	if v.Value != "" {
		elements = append(elements, element{"tagValue", v.Value})
	}
	if r >= oci.R22 {
		elements = append(elements, element{"isTagValueEncrypted", "false"}, element{"isTagValueOverridable", fmt.Sprint(!v.NotOverridable)})
	}
	return tag, fill(tag, full, elements)
}

func notOverridable(r *oci.Request, tag string) error {
	return refuse(r.Type, "isTagValueOverridable", "false", fmt.Sprintf("tag %s cannot be made not overridable: that takes R22 or later", tag))
}

// refuse returns the error of an element that does not take a value.
func refuse(request, element, value, problem string) error {
	return &oci.ElementError{Request: request, Element: element, Value: value, Problem: problem}
}

// An element is the name of an element and its value.
type element struct{ name, value string }

// fill sets elements of a request that is about a tag.
func fill(r *oci.Request, tag string, elements []element) error {
	for _, e := range elements {
		if err := r.Set(e.name, e.value); err != nil {
			if bad, ok := err.(*oci.ElementError); ok && e.name == "tagValue" {
				bad.Problem = tag + ": " + bad.Problem
			}
			return err
		}
	}
	return nil
}

// tagName returns a tag's name with its percent signs.
func tagName(request, name string) (string, error) {
	bare := tagname.Bare(name)
	problem := ""
	switch {
	case bare == "":
		problem = "the tag has no name: expected 1 to 64 characters with its percent signs"
	case strings.Contains(bare, "%"):
		problem = fmt.Sprintf("%q has a percent sign inside: expected none, or one at either end", name)
	case tagname.IsSystem(bare):
		problem = fmt.Sprintf("%q begins with BW, as system tags do: expected another name", name)
	}
	if problem != "" {
		return "", refuse(request, "tagName", name, problem)
	}
	return "%" + bare + "%", nil
}
