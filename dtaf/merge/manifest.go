package merge

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/ocimsg"
	"github.com/dtafgen/wxt/internal/ocipatch"
)

// hasManifests reports whether all three archives have a manifest that can be
// merged; otherwise they are files like others.
func (m *archiveMerge) hasManifests() bool {
	for _, s := range m.sides {
		if s.manifest == nil {
			return false
		}
	}
	return true
}

// manifest merges the manifests, option by option.
func (m *archiveMerge) manifest() error {
	if !m.hasManifests() {
		return nil
	}
	old, new, mine := m.sides[sideOld], m.sides[sideNew], m.sides[sideMine]
	file := new.manifestName
	were, are, now := requestsOf(old), requestsOf(mine), requestsOf(new)
	doc := new.manifest
	m.vendorManifest(file, were, now)

	changed := false
	for _, key := range are.order {
		a, n := are.byKey[key], now.byKey[key]
		o := were.byKey[key]
		switch {
		case o == nil:
			// A request of the partner's own.
			var theirs *string
			if n != nil {
				theirs = n.text()
			}
			if m.three(file, "request", key, nil, a.text(), theirs) && !same(a.text(), theirs) {
				r := a.own(new)
				if n != nil {
					doc.Requests[slices.Index(doc.Requests, n.request)] = r
				} else {
					doc.Requests = slices.Insert(doc.Requests, now.place(are, key, doc), r)
				}
				changed = true
			}
		case n == nil:
			if same(o.text(), a.text()) {
				continue
			}
			c := Change{File: file, Kind: "request", Path: key, Old: o.text(), Mine: a.text(), Outcome: Conflict, Reason: "the vendor removed it, and you changed it"}
			if m.add(c) {
				doc.Requests = slices.Insert(doc.Requests, now.place(are, key, doc), a.own(new))
				changed = true
			}
		default:
			changed = m.request(file, o, a, n) || changed
		}
	}
	for _, key := range were.order {
		if are.byKey[key] != nil {
			continue
		}
		o, n := were.byKey[key], now.byKey[key]
		var theirs *string
		if n != nil {
			theirs = n.text()
		}
		if m.three(file, "request", key, o.text(), nil, theirs) && n != nil {
			doc.Requests = slices.DeleteFunc(doc.Requests, func(r *oci.Request) bool { return r == n.request })
			changed = true
		}
	}
	if changed {
		if err := m.result.SetManifest(doc); err != nil {
			return err
		}
	}
	// The device type's name is in many places, and is one option.
	if old.deviceType != mine.deviceType && m.three(file, "option", "deviceType", &old.deviceType, &mine.deviceType, &new.deviceType) {
		if err := m.result.SetDeviceType(mine.deviceType); err != nil {
			return err
		}
	}
	// Without a change of the vendor's it is the partner's, as it stands.
	was, _ := old.data(anyManifest)
	is, _ := new.data(anyManifest)
	theirs := func(c Change) bool { return c.File == file && c.Outcome == Conflict }
	if bytes.Equal(was, is) && !slices.ContainsFunc(m.report.Changes, theirs) {
		name, err := m.result.ManifestName()
		if err != nil {
			return err
		}
		data, _ := mine.data(anyManifest)
		m.result.Remove(name)
		return m.result.Put(mine.manifestName, data)
	}
	return nil
}

// requests are those of a manifest, each with a name that is the same in other
// releases of it.
type requests struct {
	order []string
	byKey map[string]*request
}

type request struct {
	*oci.Request
	request *oci.Request
	side    *party
}

func requestsOf(s *party) requests {
	list := requests{byKey: make(map[string]*request)}
	for _, r := range s.manifest.Requests {
		key := ocimsg.Family(r.Type)
		if format, ok := r.Get("fileFormat"); ok && ocimsg.Family(r.Type) == "SystemSIPDeviceTypeFileAddRequest" {
			key = format
		}
		for k, base := 2, key; list.byKey[key] != nil; k++ {
			key = fmt.Sprintf("%s[%d]", base, k)
		}
		list.order = append(list.order, key)
		list.byKey[key] = &request{r, r, s}
	}
	return list
}

// place returns where a request of other stands best in doc: behind the nearest
// one before it that doc has.
func (l requests) place(other requests, key string, doc *oci.Document) int {
	for i := slices.Index(other.order, key) - 1; i >= 0; i-- {
		if n := l.byKey[other.order[i]]; n != nil {
			if at := slices.Index(doc.Requests, n.request); at >= 0 {
				return at + 1
			}
		}
	}
	return len(doc.Requests)
}

// text returns all that a request says, without the name of its device type.
func (r *request) text() *string {
	var b strings.Builder
	b.WriteString(r.Type)
	for _, e := range r.Elements {
		b.WriteString("\n" + r.xml(e))
	}
	s := b.String()
	return &s
}

// xml returns an element as XML, without the name of the device type.
func (r *request) xml(e *oci.Element) string {
	c := ocipatch.CopyElements([]*oci.Element{e})[0]
	for x := range c.All() {
		x.Value = strings.Join(strings.Fields(x.Value), " ")
		switch x.Name {
		case "deviceType":
			if x.Value == r.side.deviceType {
				x.Value = "*"
			}
		case "sourceFileName":
			x.Value = r.side.common(x.Value)
		}
	}
	return ocipatch.XML(c)
}

// typeNow returns the request's type for the report, which a later change of the request
// does not reach.
func (r *request) typeNow() *string {
	t := r.Type
	return &t
}

// own returns a copy of the request for the archive of another side.
func (r *request) own(to *party) *oci.Request {
	c := ocipatch.Copy(r.Request)
	for _, e := range c.Elements {
		for x := range e.All() {
			switch v := strings.TrimSpace(x.Value); {
			case x.Name == "deviceType" && v == r.side.deviceType:
				x.Value = to.deviceType
			case x.Name == "sourceFileName":
				x.Value = to.own(r.side.common(v))
			}
		}
	}
	return c
}

// A mergedOption is an element of a request, or all elements of one name.
type mergedOption struct {
	name  string
	leaf  bool // it has one value
	value string
}

// options returns the options of a request by name, in order. Elements that are
// not leaves in one of the releases, as others says, are taken as a whole.
func (r *request) options(whole map[string]bool) []mergedOption {
	var list []mergedOption
	add := func(o mergedOption) {
		if i := slices.IndexFunc(list, func(x mergedOption) bool { return x.name == o.name }); i >= 0 {
			list[i].value += o.value
			return
		}
		list = append(list, o)
	}
	for _, e := range r.Elements {
		if e.Name == "deviceType" && strings.TrimSpace(e.Value) == r.side.deviceType {
			continue
		}
		if whole[e.Name] {
			add(mergedOption{name: e.Name, value: r.xml(e)})
			continue
		}
		for _, name := range leavesOf(e) {
			value, _ := r.Get(name)
			if name == "sourceFileName" {
				value = r.side.common(value)
			}
			add(mergedOption{name: name, leaf: true, value: value})
		}
	}
	return list
}

// leavesOf returns the names of the elements with a value in e.
func leavesOf(e *oci.Element) []string {
	if len(e.Children) == 0 || len(e.Children) == 1 && (e.Children[0].Name == "quantity" || e.Children[0].Name == "unlimited") {
		return []string{e.Name}
	}
	var names []string
	for _, c := range e.Children {
		names = append(names, leavesOf(c)...)
	}
	return names
}

// markWhole notes the elements of a request that have not one value each.
func (r *request) markWhole(whole map[string]bool) {
	t, ok := oci.Lookup(r.Type)
	seen := make(map[string]string)
	for _, e := range r.Elements {
		if seen[e.Name] != "" {
			whole[e.Name] = true
		}
		seen[e.Name] = e.Name
		for _, name := range leavesOf(e) {
			if other := seen[name]; other != "" && name != e.Name {
				whole[e.Name], whole[other] = true, true
			}
			seen[name] = e.Name
			if !ok {
				whole[e.Name] = true
			} else if l, ok := t.Leaf(name); !ok || l.Unbounded {
				whole[e.Name] = true
			}
		}
		for x := range e.All() {
			if len(x.Attrs) > 0 {
				whole[e.Name] = true
			}
		}
	}
}

// request merges the options of one request, and reports whether it changed n.
func (m *archiveMerge) request(file string, o, a, n *request) bool {
	whole := make(map[string]bool)
	for _, r := range []*request{o, a, n} {
		r.markWhole(whole)
	}
	prefix := ""
	if !manifest.AddsDeviceType(n.Request) {
		key := ocimsg.Family(n.Type)
		if format, ok := n.Get("fileFormat"); ok {
			key = format
		}
		prefix = key + "/"
	}
	changed := false
	if o.Type != a.Type && m.three(file, "request", prefix+"xsi:type", o.typeNow(), a.typeNow(), n.typeNow()) && n.Type != a.Type {
		n.request.Type = a.Type
		changed = true
	}
	was, is, now := o.options(whole), a.options(whole), n.options(whole)
	for _, name := range optionNames(was, is) {
		before, mine, theirs := valueOf(was, name), valueOf(is, name), valueOf(now, name)
		if same(before, mine) {
			continue
		}
		c := Change{File: file, Kind: "option", Path: prefix + name, Old: before, Mine: mine, New: theirs, Outcome: Conflict, Reason: "both changed it"}
		switch {
		case same(mine, theirs):
			c.Outcome, c.Reason = Present, ""
			m.add(c)
			continue
		case same(before, theirs):
			c.Outcome, c.Reason = Carried, ""
		}
		// The new request may not take it.
		kept := slices.Clone(n.request.Elements)
		for i := range kept {
			kept[i] = copyOf(kept[i])
		}
		if err := n.set(a, name, mine, whole[name]); err != nil {
			n.request.Elements = kept
			c.Outcome, c.Reason = Conflict, err.Error()
			c.Choice = onlyTheirs(m.choose(file, c.Path))
			m.report.Changes = append(m.report.Changes, c)
			continue
		}
		if !m.add(c) {
			n.request.Elements = kept
			continue
		}
		changed = true
	}
	return changed
}

// copyOf returns a copy of an element with its position.
func copyOf(e *oci.Element) *oci.Element {
	c := *e
	c.Children = make([]*oci.Element, len(e.Children))
	for i, x := range e.Children {
		c.Children[i] = copyOf(x)
	}
	if len(c.Children) == 0 {
		c.Children = nil
	}
	return &c
}

func optionNames(lists ...[]mergedOption) []string {
	var names []string
	for _, list := range lists {
		for _, o := range list {
			if !slices.Contains(names, o.name) {
				names = append(names, o.name)
			}
		}
	}
	return names
}

func valueOf(list []mergedOption, name string) *string {
	for i := range list {
		if list[i].name == name {
			return &list[i].value
		}
	}
	return nil
}

// withoutElement returns the elements but for those with a name, however deep.
func withoutElement(list []*oci.Element, name string) []*oci.Element {
	list = slices.DeleteFunc(list, func(e *oci.Element) bool { return e.Name == name })
	for _, e := range list {
		e.Children = withoutElement(e.Children, name)
	}
	return list
}

// set gives an option of n the value that it has in a, or removes it.
func (n *request) set(a *request, name string, value *string, whole bool) error {
	r := n.request
	if !whole {
		if value == nil {
			if err := r.Unset(name); err != nil {
				r.Elements = withoutElement(r.Elements, name)
			}
			return nil
		}
		v := *value
		if name == "sourceFileName" {
			v = n.side.own(v)
		}
		err := r.Set(name, v)
		if e := r.Find(name); err != nil && e != nil && len(e.Children) == 0 {
			// It is no worse than it was in the partner's.
			e.Value, e.Nil = v, false
			return nil
		}
		return err
	}
	at := slices.IndexFunc(r.Elements, func(e *oci.Element) bool { return e.Name == name })
	r.Elements = slices.DeleteFunc(r.Elements, func(e *oci.Element) bool { return e.Name == name })
	if value == nil {
		return nil
	}
	if at < 0 {
		// Behind what it stands behind in the partner's.
		at = 0
		for _, e := range a.Elements {
			if e.Name == name {
				break
			}
			for i, x := range r.Elements {
				if x.Name == e.Name {
					at = i + 1
				}
			}
		}
	}
	var list []*oci.Element
	for _, e := range a.own(n.side).Elements {
		if e.Name == name {
			list = append(list, e)
		}
	}
	r.Elements = slices.Insert(r.Elements, at, list...)
	return nil
}

// vendorManifest tells what the vendor changed in the manifest.
func (m *archiveMerge) vendorManifest(file string, were, now requests) {
	for _, key := range now.order {
		o, n := were.byKey[key], now.byKey[key]
		if o == nil {
			m.vendor(VendorChange{File: file, Kind: "request", Path: key, New: n.text()})
			continue
		}
		prefix := key + "/"
		if manifest.AddsDeviceType(n.Request) {
			prefix = ""
		}
		if o.Type != n.Type {
			m.vendor(VendorChange{File: file, Kind: "request", Path: prefix + "xsi:type", Old: o.typeNow(), New: n.typeNow()})
		}
		whole := make(map[string]bool)
		o.markWhole(whole)
		n.markWhole(whole)
		was, is := o.options(whole), n.options(whole)
		for _, name := range optionNames(was, is) {
			if a, b := valueOf(was, name), valueOf(is, name); !same(a, b) {
				m.vendor(VendorChange{File: file, Kind: "option", Path: prefix + name, Old: a, New: b})
			}
		}
	}
	for _, key := range were.order {
		if now.byKey[key] == nil {
			m.vendor(VendorChange{File: file, Kind: "request", Path: key, Old: were.byKey[key].text()})
		}
	}
	if a, b := m.sides[sideOld].deviceType, m.sides[sideNew].deviceType; a != b {
		m.vendor(VendorChange{File: file, Kind: "option", Path: "deviceType", Old: &a, New: &b})
	}
}
