package dtaf

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// nilValue is how the value of an element that is empty on purpose is told.
const nilValue = "xsi:nil"

// manifests compares the requests of two manifests.
func (c *comparer) manifests(old, new *oci.Document) []RequestChange {
	var list []RequestChange
	if options := c.options(heading(old), heading(new)); len(options) > 0 {
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
			list = append(list, RequestChange{Change: Removed, Old: r.Type, Subject: subject(r), Options: []OptionChange{}})
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
			list = append(list, RequestChange{Change: Added, New: r.Type, Subject: subject(r), Options: []OptionChange{}})
			continue
		}
		o := old.Requests[mates[i]]
		change := RequestChange{Change: Changed, Old: o.Type, New: r.Type, Subject: subject(r), Options: c.options(flatten(o), flatten(r))}
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

var requestPattern = regexp.MustCompile(`^(.*?(?:Request|Response))(?:\d+(?:sp\d+)?(?:V\d+)?)?$`)

// familyOf returns the name of a request without its version.
func familyOf(name string) string {
	if t, ok := oci.Lookup(name); ok {
		return t.Family()
	}
	if m := requestPattern.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	return name
}

// subjects are the elements that say what a request is about, beyond the device
// type.
var subjects = []string{"fileFormat", "tagName", "tagSetName", "deviceName", "serviceProviderId", "groupId"}

// subject says what a request is about, such as "config-wxt.xml".
func subject(r *oci.Request) string {
	var words []string
	for _, name := range subjects {
		if v, ok := r.Get(name); ok && v != "" {
			words = append(words, v)
		}
	}
	return strings.Join(words, ", ")
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
			return familyOf(r.Type) + "\x00" + subject(r) + "\x00" + device
		},
		func(r *oci.Request) string { return familyOf(r.Type) + "\x00" + subject(r) },
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

// An option is an element of a request that holds a value.
type option struct {
	name, path, value string
	secret            bool
}

// heading returns what a document says beside its requests.
func heading(d *oci.Document) []option {
	f := &flattener{seen: make(map[string]int)}
	protocol := d.Protocol
	if protocol == "" {
		protocol = "OCI"
	}
	f.add("protocol", "@protocol", protocol)
	if d.SessionID != "" {
		f.add("sessionId", "sessionId", strings.TrimSpace(d.SessionID))
	}
	f.elements("", d.Header)
	return f.list
}

// flatten returns the elements of a request that hold values, each with its path.
func flatten(r *oci.Request) []option {
	f := &flattener{seen: make(map[string]int)}
	f.model, _ = oci.Lookup(r.Type)
	if name, ok := r.Get("tagName"); ok {
		f.secretTag = tags.SoundsSecret(name) || hasSecretTag("%"+strings.Trim(name, "%")+"%")
	}
	for _, a := range r.Attrs {
		f.add(a.Name, "@"+a.Name, strings.TrimSpace(a.Value))
	}
	f.elements("", r.Elements)
	return f.list
}

type flattener struct {
	model     *oci.Type
	secretTag bool // tagValue is a secret
	list      []option
	seen      map[string]int
}

// add adds a value. Paths that come again get a number.
func (f *flattener) add(name, path, value string) {
	f.seen[path]++
	if n := f.seen[path]; n > 1 {
		path += "[" + strconv.Itoa(n) + "]"
	}
	secret := tags.SoundsSecret(name) || f.secretTag && name == "tagValue"
	f.list = append(f.list, option{name, path, value, secret})
}

func (f *flattener) elements(prefix string, list []*oci.Element) {
	for i, e := range list {
		path := prefix + short(e.Name)
		for _, a := range e.Attrs {
			f.add(a.Name, path+"/@"+a.Name, strings.TrimSpace(a.Value))
		}
		if v, ok := quantity(e); ok {
			f.add(e.Name, path, v)
			continue
		}
		value := strings.Join(strings.Fields(e.Value), " ")
		switch {
		case e.Nil:
			f.add(e.Name, path, nilValue)
		case len(e.Children) == 0:
			f.add(e.Name, path, f.normal(e.Name, value))
		case value != "":
			f.add(e.Name, path, value)
		}
		if len(e.Children) == 0 {
			continue
		}
		// Elements that are repeated are told apart by their first value.
		if first := e.Children[0]; repeated(list, i) && len(first.Children) == 0 {
			path += fmt.Sprintf("[%s=%q]", short(first.Name), short(strings.TrimSpace(first.Value)))
		}
		f.elements(path+"/", e.Children)
	}
}

// repeated reports whether element i stands beside another of its name, as
// repetitions do.
func repeated(list []*oci.Element, i int) bool {
	return i > 0 && list[i-1].Name == list[i].Name || i+1 < len(list) && list[i+1].Name == list[i].Name
}

// short returns a name or a value as it stands in a path. None that the schema
// knows is longer.
func short(s string) string {
	const most = 256
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

// quantity returns the value of an element that takes a quantity or "unlimited".
func quantity(e *oci.Element) (string, bool) {
	if len(e.Children) != 1 || e.Nil || strings.TrimSpace(e.Value) != "" {
		return "", false
	}
	c := e.Children[0]
	if len(c.Children) > 0 || len(c.Attrs) > 0 {
		return "", false
	}
	switch c.Name {
	case "unlimited":
		return "unlimited", true
	case "quantity":
		return strings.TrimSpace(c.Value), true
	}
	return "", false
}

// normal returns a value in the one spelling that it has: "1" is a true boolean,
// "05" a five.
func (f *flattener) normal(name, value string) string {
	if f.model == nil {
		return value
	}
	leaf, ok := f.model.Leaf(name)
	if !ok {
		return value
	}
	switch leaf.Type.Base {
	case "xs:boolean":
		if v, ok := schema.Truth(value); ok {
			return strconv.FormatBool(v)
		}
	case "xs:int":
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return strconv.FormatInt(n, 10)
		}
	}
	return value
}

// options compares the values of two requests. Their order is the schema's.
func (c *comparer) options(old, new []option) []OptionChange {
	list := []OptionChange{}
	add := func(change Change, o option, before, after string) {
		before, after = mask(o.secret, before, after)
		list = append(list, OptionChange{change, o.name, o.path, before, after})
	}
	was := make(map[string]option, len(old))
	for _, o := range old {
		was[o.path] = o
	}
	is := make(map[string]bool, len(new))
	for _, n := range new {
		is[n.path] = true
		switch o, ok := was[n.path]; {
		case !ok:
			add(Added, n, "", n.value)
		case o.value != n.value:
			n.secret = n.secret || o.secret
			add(Changed, n, o.value, n.value)
		}
	}
	for _, o := range old {
		if !is[o.path] {
			add(Removed, o, o.value, "")
		}
	}
	return list
}
