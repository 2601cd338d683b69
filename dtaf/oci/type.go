package oci

import (
	"slices"
	"strings"
)

// A Type is the model of one version of a request: which elements it has, in
// which order, and what they take. All requests of a version share
// one: any number of goroutines may read it, and nobody may change it.
type Type struct {
	Name   string // such as "SystemSIPDeviceTypeAddRequest22V2"
	Family string // the same without its version

	// Since is the first release that knows the request, by its version: "22V2"
	// came with R22, "21sp1" with R21SP1, and "21sp2" can be had from R22 on. A
	// name without a version says nothing of its release: then it is what is known
	// from elsewhere, as requests.toml says. It is zero for what R21SP1 knows from
	// before. An element can be younger than its request: see [Leaf.Since].
	Since Release

	// Leaves are the elements of the request that hold values, in the order in
	// which they stand in it. Every name is there once. Elements inside one that
	// can be repeated, such as languageMapping, are not among them.
	Leaves []Leaf

	Versions []*Type // all versions of the request, oldest first, with this one

	request bool
	parts   []*part
	index   map[string]int // of parts, by name
}

// A part is an element of a type.
type part struct {
	name      string
	typeName  string
	simple    ValueType
	complex   *Type // nil for an element with a value
	optional  bool
	nillable  bool
	unbounded bool
	choice    int // elements of one choice have the same number; 0 is none
	def       string
	fixed     string
	since     Release // the first release known to have it; 0: as old as the type
}

// A Leaf is an element that holds a value. An element that takes a quantity or
// "unlimited", such as numberOfPorts, counts as one, though it has two elements
// of its own.
type Leaf struct {
	Name      string
	Parents   []string  // the elements around it, outermost first; none for an element of the request itself
	Type      ValueType // what it takes
	Optional  bool      // it may be left out of its parent
	Nillable  bool      // it may be empty, with xsi:nil
	Unbounded bool      // it may be repeated
	Default   string    // what it means if it is there and empty
	Fixed     string    // the one value that it takes
	Since     Release   // the first release known to have the element; zero: it is as old as the request
}

// Lookup returns the model of a request, such as
// SystemSIPDeviceTypeAddRequest21, and whether there is one.
func Lookup(requestType string) (*Type, bool) {
	t, ok := model().requests[requestType]
	return t, ok
}

// KnownIn reports whether an Application Server of release r takes the request.
// The zero release stands for every release.
func (t *Type) KnownIn(r Release) bool { return t.Since <= max(r, R21SP1) }

func newest(t *Type, elements []*Element) Release {
	var since Release
	for _, e := range elements {
		i, ok := t.index[e.Name]
		if !ok {
			continue
		}
		p := t.parts[i]
		since = max(since, p.since)
		if p.complex != nil {
			since = max(since, newest(p.complex, e.Children))
		}
	}
	return since
}

// Since returns the first release that takes all requests of the document with the
// elements that they have, as far as that is known: the newest of [Type.Since] and
// [Leaf.Since]. It is zero for requests that every release takes, and for those that
// are not modelled.
func (d *Document) Since() Release {
	var since Release
	for _, r := range d.Requests {
		if t, ok := Lookup(r.Type); ok {
			since = max(since, t.Since, newest(t, r.Elements))
		}
	}
	return since
}

// Leaf returns the leaf with the given name, and whether there is one.
func (t *Type) Leaf(name string) (Leaf, bool) {
	i := slices.IndexFunc(t.Leaves, func(l Leaf) bool { return l.Name == name })
	if i < 0 {
		return Leaf{}, false
	}
	return t.Leaves[i], true
}

func leaves(t *Type, parents []string, since Release, list []Leaf) []Leaf {
	for _, p := range t.parts {
		l := Leaf{
			Name: p.name, Parents: parents, Type: p.simple, Optional: p.optional,
			Nillable: p.nillable, Unbounded: p.unbounded, Default: p.def, Fixed: p.fixed,
			Since: max(since, p.since),
		}
		switch {
		case p.complex == nil:
			list = append(list, l)
		case p.complex.isQuantity():
			l.Type = p.complex.quantityType()
			list = append(list, l)
		case !p.unbounded:
			list = leaves(p.complex, append(slices.Clip(parents), p.name), l.Since, list)
		}
	}
	return list
}

// The two elements of a quantity.
const (
	quantity  = "quantity"
	unlimited = "unlimited"
)

// isQuantity reports whether t is a choice of a quantity and "unlimited".
func (t *Type) isQuantity() bool {
	_, q := t.index[quantity]
	_, u := t.index[unlimited]
	return q && u && len(t.parts) == 2
}

// quantityType returns what a quantity takes as one value.
func (t *Type) quantityType() ValueType {
	v := t.parts[t.index[quantity]].simple
	v.Name, v.Unlimited = t.Name, true
	return v
}

// path returns the parts that lead to the leaf called name.
func (t *Type) path(name string) ([]*part, bool) {
	for _, p := range t.parts {
		isLeaf := p.complex == nil || p.complex.isQuantity()
		if isLeaf && p.name == name {
			return []*part{p}, true
		}
		if isLeaf || p.unbounded {
			continue
		}
		if rest, ok := p.complex.path(name); ok {
			return append([]*part{p}, rest...), true
		}
	}
	return nil, false
}

// group returns the names of the elements of one choice, joined with "or".
func (t *Type) group(choice int) string {
	var names []string
	for _, p := range t.parts {
		if p.choice == choice {
			names = append(names, p.name)
		}
	}
	return strings.Join(names, " or ")
}
