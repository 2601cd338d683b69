// Package xmlpath finds the elements of a document by their path.
package xmlpath

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
)

// An Error says why a path leads nowhere.
type Error struct {
	Reason string
	Remedy string // what to do, or ""
}

// Error implements the error interface.
func (e *Error) Error() string { return e.Reason }

// Find returns the elements that an etree path matches, in the order of the
// document. The error is an [*Error], also if there are none.
func Find(doc *xmltext.Document, path string) ([]*xmltext.Node, error) {
	compiled, err := etree.CompilePath(path)
	if err != nil || path == "" {
		reason := "the path is empty"
		if err != nil {
			reason = "the path is not one of etree's: " + strings.TrimPrefix(err.Error(), "etree: ")
		}
		return nil, &Error{Reason: reason}
	}
	index := newIndex(doc)
	var nodes []*xmltext.Node
	for _, e := range index.doc.FindElementsPath(compiled) {
		if n := index.nodes[e]; n != nil && !slices.Contains(nodes, n) {
			nodes = append(nodes, n)
		}
	}
	if len(nodes) == 0 {
		return nil, &Error{Reason: "the template has no " + path, Remedy: remedy(doc, path)}
	}
	slices.SortFunc(nodes, func(a, b *xmltext.Node) int { return a.Start - b.Start })
	return nodes, nil
}

// An index is a document as etree sees it, and the nodes that its elements
// stand for.
type index struct {
	doc   *etree.Document
	nodes map[*etree.Element]*xmltext.Node
}

func newIndex(doc *xmltext.Document) index {
	x := index{etree.NewDocument(), make(map[*etree.Element]*xmltext.Node)}
	var add func(parent *etree.Element, n *xmltext.Node)
	add = func(parent *etree.Element, n *xmltext.Node) {
		e := parent.CreateElement(n.Name)
		x.nodes[e] = n
		for _, a := range n.Attrs {
			e.CreateAttr(a.Name, a.Value)
		}
		if text := n.Text(); text != "" {
			e.SetText(text)
		}
		for c := range n.Elements() {
			add(e, c)
		}
	}
	add(&x.doc.Element, doc.Root)
	return x
}

// remedy tells how far a plain path goes, and what comes nearest to its next
// step.
func remedy(doc *xmltext.Document, path string) string {
	if element, attr, ok := strings.Cut(path, "/@"); ok {
		return fmt.Sprintf("name the element alone, path = %q, and the attribute apart, attr = %q", element, attr)
	}
	steps := strings.Split(strings.Trim(path, "/"), "/")
	if strings.ContainsAny(path, "[]*@'\"") || strings.Contains(path, "//") {
		return ""
	}
	at := "the document"
	names := []string{doc.Root.Name}
	n := (*xmltext.Node)(nil)
	for _, step := range steps {
		if !slices.Contains(names, step) {
			if near, ok := text.Nearest(step, slices.Values(names)); ok {
				return fmt.Sprintf("in %s, did you mean %s?", at, near)
			}
			if len(names) == 0 {
				return at + " has no elements inside"
			}
			return fmt.Sprintf("%s has %s", at, strings.Join(names, ", "))
		}
		if n == nil {
			n = doc.Root
		} else {
			for c := range n.Elements() {
				if c.Name == step {
					n = c
					break
				}
			}
		}
		at = strings.TrimPrefix(n.Path(), "/")
		names = nil
		for c := range n.Elements() {
			if !slices.Contains(names, c.Name) {
				names = append(names, c.Name)
			}
		}
	}
	return ""
}
