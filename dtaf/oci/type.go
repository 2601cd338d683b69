package oci

import (
	"iter"
	"regexp"
	"slices"
	"strings"
)

// A Type is the model of one version of a request: which elements it has, in
// which order, and what they take. It does not change, and can be used
// concurrently.
type Type struct {
	name    string
	version string
	since   Release
	family  *family
	request bool
	parts   []*part
	index   map[string]int // of parts, by name
	leaves  []Leaf
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

// Types yields the models of all requests: family by family, oldest version
// first.
func Types() iter.Seq[*Type] {
	return func(yield func(*Type) bool) {
		m := model()
		for _, name := range m.names {
			if !yield(m.requests[name]) {
				return
			}
		}
	}
}

// Name returns the request's name, such as "SystemSIPDeviceTypeAddRequest22V2".
func (t *Type) Name() string { return t.name }

// Family returns the name of a request or a response without its version, such as
// "SystemSIPDeviceTypeAddRequest", also of one that is not modelled.
func Family(name string) string {
	if t, ok := Lookup(name); ok {
		return t.family.name
	}
	if m := familyPattern.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	return name
}

var familyPattern = regexp.MustCompile(`^(.*?(?:Request|Response))(?:\d+(?:sp\d+)?(?:V\d+)?)?$`)

// Version returns the end of the name, such as "22V2", which is empty for the
// first version.
func (t *Type) Version() string { return t.version }

// Versions returns the models of all versions of the request, oldest first, t
// among them.
func (t *Type) Versions() []*Type { return slices.Clone(t.family.types) }

// Since returns the first release that knows the request, by its version: "22V2"
// came with R22, "21sp1" with R21SP1, and "21sp2" can be had from R22 on. A name
// without a version says nothing of its release: then it is what is known from
// elsewhere, as requests.toml says. It is zero for what R21SP1 knows from before.
//
// An element can be younger than its request: see [Request.Since].
func (t *Type) Since() Release { return t.since }

// KnownIn reports whether an Application Server of release r takes the request.
// The zero release stands for every release.
func (t *Type) KnownIn(r Release) bool { return t.since <= max(r, R21SP1) }

// Since returns the first release that takes the request with the elements that
// it has, as far as that is known: the newest of [Type.Since] and [Leaf.Since].
// It is zero for a request that every release takes, and for one that is not
// modelled.
func (r *Request) Since() Release {
	t, ok := Lookup(r.Type)
	if !ok {
		return 0
	}
	return max(t.since, newest(t, r.Elements))
}

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

// Since returns the first release that takes all requests of the document, as
// [Request.Since] says it of one.
func (d *Document) Since() Release {
	var since Release
	for _, r := range d.Requests {
		since = max(since, r.Since())
	}
	return since
}

// Leaves returns the elements of the request that hold values, in the order in
// which they stand in it. Every name is there once. Elements inside of one that
// can be repeated, such as languageMapping, are not among them.
func (t *Type) Leaves() []Leaf {
	list := slices.Clone(t.leaves)
	for i := range list {
		list[i] = list[i].clone()
	}
	return list
}

// Leaf returns the leaf with the given name, and whether there is one.
func (t *Type) Leaf(name string) (Leaf, bool) {
	i := slices.IndexFunc(t.leaves, func(l Leaf) bool { return l.Name == name })
	if i < 0 {
		return Leaf{}, false
	}
	return t.leaves[i].clone(), true
}

func (l Leaf) clone() Leaf {
	l.Parents = slices.Clone(l.Parents)
	l.Type.Enumeration = slices.Clone(l.Type.Enumeration)
	return l
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
	v.Name, v.Unlimited = t.name, true
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
