package diff

import (
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/ocimsg"
	"github.com/dtafgen/wxt/internal/text"
)

// manifests compares the requests of two manifests.
func (c *comparer) manifests(old, new *oci.Document) []RequestChange {
	var list []RequestChange
	if options := c.options(manifest.Heading(old), manifest.Heading(new)); len(options) > 0 {
		list = append(list, RequestChange{Change: Changed, Old: "BroadsoftDocument", New: "BroadsoftDocument", Options: options})
	}
	mates := pairRequests(old.Requests, new.Requests)
	kept := make(map[int]bool)
	for _, o := range mates {
		if o >= 0 {
			kept[o] = true
		}
	}
	for i, r := range old.Requests {
		if !kept[i] {
			list = append(list, RequestChange{Change: Removed, Old: r.Type, Subject: manifest.Subject(r), Options: []OptionChange{}})
		}
	}
	var indexes []int
	for _, o := range mates {
		if o >= 0 {
			indexes = append(indexes, o)
		}
	}
	rising := text.Rising(indexes)
	for i, r := range new.Requests {
		if mates[i] < 0 {
			list = append(list, RequestChange{Change: Added, New: r.Type, Subject: manifest.Subject(r), Options: []OptionChange{}})
			continue
		}
		o := old.Requests[mates[i]]
		change := RequestChange{Change: Changed, Old: o.Type, New: r.Type, Subject: manifest.Subject(r), Options: c.options(manifest.Options(o), manifest.Options(r))}
		stays := rising[0]
		rising = rising[1:]
		switch {
		case o.Type != r.Type:
			change.Change = Replaced
		case len(change.Options) == 0 && stays:
			continue
		case !stays:
			change.Change = Reordered
		}
		list = append(list, change)
	}
	return list
}

// pairRequests returns, for each new request, the index of the old one that it is,
// or -1: the first one of its family that is about the same.
func pairRequests(old, new []*oci.Request) []int {
	mates := make([]int, len(new))
	for i := range mates {
		mates[i] = -1
	}
	taken := make([]bool, len(old))
	for _, key := range []func(*oci.Request) string{
		func(r *oci.Request) string {
			device, _ := r.Get("deviceType")
			return ocimsg.Family(r.Type) + "\x00" + manifest.Subject(r) + "\x00" + device
		},
		func(r *oci.Request) string { return ocimsg.Family(r.Type) + "\x00" + manifest.Subject(r) },
	} {
		waiting := make(map[string][]int)
		for i, r := range old {
			if !taken[i] {
				k := key(r)
				waiting[k] = append(waiting[k], i)
			}
		}
		for i, r := range new {
			if mates[i] >= 0 {
				continue
			}
			if k := key(r); len(waiting[k]) > 0 {
				mates[i] = waiting[k][0]
				taken[mates[i]] = true
				waiting[k] = waiting[k][1:]
			}
		}
	}
	return mates
}

// options compares the values of two requests. Their order is the schema's.
func (c *comparer) options(old, new []manifest.Option) []OptionChange {
	list := []OptionChange{}
	add := func(change Change, o manifest.Option, before, after string) {
		before, after = mask(o.Secret, before, after)
		list = append(list, OptionChange{change, o.Name, o.Path, before, after})
	}
	was := make(map[string]manifest.Option, len(old))
	for _, o := range old {
		was[o.Path] = o
	}
	is := make(map[string]bool, len(new))
	for _, n := range new {
		is[n.Path] = true
		switch o, ok := was[n.Path]; {
		case !ok:
			add(Added, n, "", n.Value)
		case o.Value != n.Value:
			n.Secret = n.Secret || o.Secret
			add(Changed, n, o.Value, n.Value)
		}
	}
	for _, o := range old {
		if !is[o.Path] {
			add(Removed, o, o.Value, "")
		}
	}
	return list
}
