package oci

import (
	"fmt"
	"slices"
	"strings"
)

// An UnknownRequestError says that a request is not modelled.
type UnknownRequestError struct {
	Request string
	Nearest string // the likeliest meaning of a misspelt name, or empty
}

// Error says what was expected.
func (e *UnknownRequestError) Error() string {
	return withHint(fmt.Sprintf("request %q is not modelled", e.Request), didYouMean(e.Nearest))
}

// An UnknownElementError says that a request has no element of a name.
type UnknownElementError struct {
	Request string
	Element string
	Nearest string // the likeliest meaning of a misspelt name, or empty
	History string // what other versions of the request know of the name, or empty
}

// Error says what was expected.
func (e *UnknownElementError) Error() string {
	hint := didYouMean(e.Nearest)
	if e.History != "" {
		hint = e.History
	}
	return withHint(fmt.Sprintf("%s has no element %q that takes a value", e.Request, e.Element), hint)
}

// A ValueError says that an element does not take a value.
type ValueError struct {
	Request string
	Element string
	Value   string
	Problem string // what is wrong, and what was expected
}

// Error says what is wrong, and what was expected.
func (e *ValueError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.Request, e.Element, e.Problem)
}

func withHint(message, hint string) string {
	if hint == "" {
		return message
	}
	return message + ": " + hint
}

// NewRequest returns a request without elements, for [Request.Set] to fill. The
// error is an [*UnknownRequestError].
func NewRequest(requestType string) (*Request, error) {
	if _, ok := Lookup(requestType); !ok {
		return nil, unknownRequest(requestType)
	}
	return &Request{Type: requestType}, nil
}

func unknownRequest(name string) error {
	return &UnknownRequestError{Request: name, Nearest: likely(name, model().names)}
}

// Set gives the element with the given name its value, wherever in the request
// it belongs: [Type.Leaves] has the names. An element that is there keeps its
// place. One that is not is put where the schema wants it, with the elements
// around it, which may then want further ones: [Request.Check] tells. The other
// elements of a choice are removed. numberOfPorts takes a number or "unlimited".
// An empty value makes an element nil that can be; others refuse it.
//
// Errors are an [*UnknownRequestError], an [*UnknownElementError] or a
// [*ValueError].
func (r *Request) Set(name, value string) error {
	t, path, err := r.path(name)
	if err != nil {
		return err
	}
	p := path[len(path)-1]
	isNil, err := r.takes(p, value)
	if err != nil {
		return err
	}
	list := &r.Elements
	for i, p := range path {
		e := put(t, list, p)
		if i+1 < len(path) {
			list, t = &e.Children, p.complex
			continue
		}
		fill(e, p, value, isNil)
		if p.unbounded {
			*list = slices.DeleteFunc(*list, func(x *Element) bool { return x != e && x.Name == e.Name })
		}
	}
	return nil
}

// Add is like Set for an element that can be repeated, such as the tagName of a
// SystemDeviceManagementTagDeleteListRequest: it adds one more behind those that
// are there.
func (r *Request) Add(name, value string) error {
	t, path, err := r.path(name)
	if err != nil {
		return err
	}
	p := path[len(path)-1]
	if !p.unbounded || len(path) != 1 {
		return &ValueError{r.Type, name, value, "the element cannot be repeated: expected Set"}
	}
	isNil, err := r.takes(p, value)
	if err != nil {
		return err
	}
	e := &Element{Name: p.name}
	insert(t, &r.Elements, t.index[name], e)
	fill(e, p, value, isNil)
	return nil
}

// Unset removes the element with the given name, and the elements around it
// that are empty then and can be left out. To remove what is not there is no
// error; to remove what every such request has is a [*ValueError].
func (r *Request) Unset(name string) error {
	_, path, err := r.path(name)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(path, func(p *part) bool { return p.optional || p.choice != 0 }) {
		return &ValueError{r.Type, name, "", "the request needs the element: expected a value"}
	}
	unset(&r.Elements, path)
	return nil
}

func unset(list *[]*Element, path []*part) {
	p := path[0]
	*list = slices.DeleteFunc(*list, func(e *Element) bool {
		if e.Name != p.name {
			return false
		}
		if len(path) == 1 {
			return true
		}
		unset(&e.Children, path[1:])
		return len(e.Children) == 0 && p.optional
	})
}

// path returns the model of the request and the parts that lead to a leaf.
func (r *Request) path(name string) (*Type, []*part, error) {
	t, ok := Lookup(r.Type)
	if !ok {
		return nil, nil, unknownRequest(r.Type)
	}
	path, ok := t.path(name)
	if !ok {
		var names []string
		for _, l := range t.leaves {
			names = append(names, l.Name)
		}
		return nil, nil, &UnknownElementError{r.Type, name, likely(name, names), t.history(name)}
	}
	return t, path, nil
}

// takes reports whether p with this value is nil, and whether it takes it at
// all.
func (r *Request) takes(p *part, value string) (isNil bool, err error) {
	if value == "" && p.nillable {
		return true, nil
	}
	v := p.simple
	if p.complex != nil {
		v = p.complex.quantityType()
	}
	problem := ""
	if err := v.Check(value); err != nil {
		problem = err.Error()
	} else if p.fixed != "" && value != p.fixed {
		problem = fmt.Sprintf("%s: expected %s, the only value that it takes", excerpt(value), p.fixed)
	}
	if problem == "" {
		return false, nil
	}
	if value == "" && p.optional {
		problem += ", or no element at all"
	} else if near := likely(value, v.Enumeration); near != "" {
		problem += ": " + didYouMean(near)
	}
	return false, &ValueError{r.Type, p.name, value, problem}
}

// fill gives an element its value.
func fill(e *Element, p *part, value string, isNil bool) {
	e.Nil = isNil
	e.Attrs = slices.DeleteFunc(e.Attrs, func(a Attr) bool { return strings.HasPrefix(a.Name, "xsi:") })
	if len(e.Attrs) == 0 {
		e.Attrs = nil
	}
	if p.complex == nil {
		e.Value, e.Children = value, nil
		return
	}
	child := &Element{Name: quantity, Value: value, Pos: e.Pos, ValuePos: e.ValuePos}
	if value == unlimited {
		child.Name, child.Value = unlimited, "true"
	}
	e.Value, e.Children = "", []*Element{child}
}

// put returns the element of p in the list, which it puts at its place if it
// is not there. Other elements of its choice are removed.
func put(t *Type, list *[]*Element, p *part) *Element {
	if p.choice != 0 {
		*list = slices.DeleteFunc(*list, func(e *Element) bool {
			k, ok := t.index[e.Name]
			return ok && t.parts[k] != p && t.parts[k].choice == p.choice
		})
	}
	for _, e := range *list {
		if e.Name == p.name {
			e.Nil = false
			return e
		}
	}
	e := &Element{Name: p.name}
	insert(t, list, t.index[p.name], e)
	return e
}

// insert puts e into the list ahead of the first element that belongs behind
// it.
func insert(t *Type, list *[]*Element, part int, e *Element) {
	at := slices.IndexFunc(*list, func(x *Element) bool {
		k, ok := t.index[x.Name]
		return ok && k > part
	})
	if at < 0 {
		at = len(*list)
	}
	*list = slices.Insert(*list, at, e)
}
