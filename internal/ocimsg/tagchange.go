package ocimsg

import (
	"fmt"
	"slices"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/tagname"
)

// NewTagModify returns a SystemDeviceManagementTagModifyRequest for each of the
// tags, which a tag set of that name has to have on the system. An empty value
// is nil in it. From R22 on the requests also say whether the tag is
// overridable. Errors are those of [NewTagSet].
func NewTagModify(r oci.Release, set string, values []TagValue) (*oci.Document, error) {
	if err := unique("SystemDeviceManagementTagModifyRequest", values); err != nil {
		return nil, err
	}
	d := &oci.Document{}
	for _, v := range values {
		tag, err := modifyTag(r, set, v, true, r >= oci.R22)
		if err != nil {
			return nil, err
		}
		d.Requests = append(d.Requests, tag)
	}
	return d, nil
}

// NewTagChanges returns the requests that turn a tag set with the tags before
// into one with the tags after: an add request for each tag that is new, a
// modify request with what differs for each that is in both, and delete requests
// for the others. The order of after is kept. If nothing differs, the document
// has no requests. Errors are those of [NewTagSet].
func NewTagChanges(r oci.Release, set string, before, after []TagValue) (*oci.Document, error) {
	for _, values := range [][]TagValue{before, after} {
		if err := unique("SystemDeviceManagementTagAddRequest", values); err != nil {
			return nil, err
		}
	}
	d := &oci.Document{}
	for _, v := range after {
		i := slices.IndexFunc(before, v.sameName)
		var request *oci.Request
		var err error
		switch {
		case i < 0:
			request, err = newTag(r, set, v)
		case before[i].Value != v.Value || before[i].NotOverridable != v.NotOverridable:
			request, err = modifyTag(r, set, v, before[i].Value != v.Value, before[i].NotOverridable != v.NotOverridable)
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		d.Requests = append(d.Requests, request)
	}
	for _, v := range before {
		if slices.ContainsFunc(after, v.sameName) {
			continue
		}
		request, err := deleteTag(set, v.Name)
		if err != nil {
			return nil, err
		}
		d.Requests = append(d.Requests, request)
	}
	return d, nil
}

// NewTagSetDelete returns the request that deletes a tag set with all of its
// tags.
func NewTagSetDelete(set string) (*oci.Document, error) {
	return single("SystemDeviceManagementTagSetDeleteRequest", element{"tagSetName", set})
}

// NewTagQuery returns the request for the list of a tag set's tags, which
// [Tags] reads from the response.
func NewTagQuery(set string) (*oci.Document, error) {
	return single("SystemDeviceManagementTagGetListRequest", element{"tagSetName", set})
}

// single returns a document of one request.
func single(requestType string, elements ...element) (*oci.Document, error) {
	r := &oci.Request{Type: requestType}
	if err := fill(r, "", elements); err != nil {
		return nil, err
	}
	return &oci.Document{Requests: []*oci.Request{r}}, nil
}

func (v TagValue) sameName(w TagValue) bool { return tagname.Bare(v.Name) == tagname.Bare(w.Name) }

// unique returns an error about the first tag that comes twice.
func unique(request string, values []TagValue) error {
	seen := make(map[string]bool, len(values))
	for _, v := range values {
		bare := tagname.Bare(v.Name)
		if seen[bare] {
			return refuse(request, "tagName", v.Name, fmt.Sprintf("tag %q comes twice: expected each tag once", "%"+bare+"%"))
		}
		seen[bare] = true
	}
	return nil
}

// modifyTag changes the value of a tag, whether it is overridable, or both.
func modifyTag(r oci.Release, set string, v TagValue, value, overridable bool) (*oci.Request, error) {
	tag := &oci.Request{Type: "SystemDeviceManagementTagModifyRequest"}
	full, err := tagName(tag.Type, v.Name)
	if err != nil {
		return nil, err
	}
	if r < oci.R22 && (overridable || v.NotOverridable) {
		return nil, notOverridable(tag, full)
	}
	elements := []element{{"tagSetName", set}, {"tagName", full}}
	if value {
		elements = append(elements, element{"tagValue", v.Value})
	}
	if overridable {
		elements = append(elements, element{"isTagValueOverridable", fmt.Sprint(!v.NotOverridable)})
	}
	return tag, fill(tag, full, elements)
}

func deleteTag(set, name string) (*oci.Request, error) {
	r := &oci.Request{Type: "SystemDeviceManagementTagDeleteListRequest"}
	full, err := tagName(r.Type, name)
	if err != nil {
		return nil, err
	}
	return r, fill(r, full, []element{{"tagSetName", set}, {"tagName", full}})
}
