// Package tagcompare compares the tag set of a server with that of a project.
package tagcompare

import (
	"fmt"
	"slices"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/dtaf/provision"
	"github.com/dtafgen/wxt/internal/ocimsg"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/tagset"
	"github.com/dtafgen/wxt/tags"
)

// A Comparison is how a tag set of a server differs from that of a project.
type Comparison struct {
	TagSet      string
	Platforms   []tags.Platform // whose device types use it
	Tags        int             // how many tags the project has in it
	Differences []ocimsg.TagDifference
	Secret      map[string]bool // the tags whose values are not to be printed
}

// Compare compares the response to a SystemDeviceManagementTagGetListRequest with
// the tag set of a source. The response does not say of which tag set it is: if
// there are several, the options' platforms have to choose one.
//
// If the response has no table of tags, or a broken one, the error is an [*oci.Error]
// with the place; if it is the server's own refusal, the error is what the server
// says.
func Compare(s *provision.Source, o tagset.Options, response *oci.Document) (*Comparison, error) {
	live, err := ocimsg.Tags(response)
	if err != nil {
		return nil, err
	}
	var targets []tagset.Target
	for _, t := range s.Targets {
		to := tagset.Target{Platform: t.Platform, TagSet: t.TagSet}
		for _, v := range t.Values {
			to.Values = append(to.Values, tagset.Value(v))
		}
		targets = append(targets, to)
	}
	sets, err := tagset.Of(targets, o)
	if err == nil {
		err = tagset.Check(sets, o.NotOverridable)
	}
	if err != nil {
		return nil, err
	}
	if len(sets) > 1 {
		return nil, fmt.Errorf("the project has %d tag sets, and the response does not name its own: choose the platform whose tag set it is", len(sets))
	}
	set := sets[0]
	c := &Comparison{set.Name, slices.Collect(set.Platforms.All()), len(set.Values), ocimsg.CompareTags(set.Values, live), set.Secret}
	for _, d := range c.Differences {
		// What the server has may be a secret where the project's value is none.
		if secret.Value(d.Name, d.Live.Value) {
			c.Secret[d.Name] = true
		}
	}
	return c, nil
}
