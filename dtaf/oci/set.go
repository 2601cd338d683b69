package oci

import (
	"fmt"
	"slices"
	"strings"
)

// An ElementError says why a request can't have an element, or a value of one.
type ElementError struct {
	Request string // the name of the request
	Element string // that of the element; empty: it is about the request itself
	Value   string
	Problem string // what is wrong, and what was expected; empty: there is no such element, or no such request
	Nearest string // the likeliest meaning of a misspelt name, or empty
	History string // what other versions of the request know of the element, or empty
}

// Error says what is wrong, and what was expected.
func (e *ElementError) Error() string {
	hint := didYouMean(e.Nearest)
	if e.History != "" {
		hint = e.History
	}
	switch {
	case e.Problem != "" && e.Element != "":
		return fmt.Sprintf("%s: %s: %s", e.Request, e.Element, e.Problem)
	case e.Problem != "":
		return fmt.Sprintf("%s: %s", e.Request, e.Problem)
	case e.Element != "":
		return withHint(fmt.Sprintf("%s has no element %q that takes a value", e.Request, e.Element), hint)
	}
	return withHint(fmt.Sprintf("request %q is not modelled", e.Request), hint)
}

func withHint(message, hint string) string {
	if hint == "" {
		return message
	}
	return message + ": " + hint
}

// Set gives the element with the given name its value, wherever in the request
// it belongs: [Type] has the names. An element that is there keeps its
// place. One that is not is put where the schema wants it, with the elements
// around it, which may then want further ones: [Document.Check] tells. The other
// elements of a choice are removed. numberOfPorts takes a number or "unlimited".
// An empty value makes an element nil that can be; others refuse it.
//
// The error is an [*ElementError].
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

// Unset removes the element with the given name, and the elements around it
// that are empty then and can be left out. To remove what is not there is no
// error; to remove what every such request has is an [*ElementError].
func (r *Request) Unset(name string) error {
	_, path, err := r.path(name)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(path, func(p *part) bool { return p.optional || p.choice != 0 }) {
		return &ElementError{Request: r.Type, Element: name, Problem: "the request needs the element: expected a value"}
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
		return nil, nil, &ElementError{Request: r.Type, Nearest: likely(r.Type, model().names)}
	}
	path, ok := t.path(name)
	if !ok {
		var names []string
		for _, l := range t.Leaves {
			names = append(names, l.Name)
		}
		return nil, nil, &ElementError{Request: r.Type, Element: name, Nearest: likely(name, names), History: t.history(name)}
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
	return false, &ElementError{Request: r.Type, Element: p.name, Value: value, Problem: problem}
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
