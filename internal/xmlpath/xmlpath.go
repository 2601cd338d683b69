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
	Limit  int    // the steps that the path may take, if it takes more; else 0
}

// Error implements the error interface.
func (e *Error) Error() string { return e.Reason }

// Steps counts the elements that a path looks at.
type Steps struct {
	Taken int
	Limit int // 0: no limit
}

// Find returns the elements that an etree path matches, in the order of the
// document. The error is an [*Error], also if there are none.
func Find(doc *xmltext.Document, path string) ([]*xmltext.Node, error) {
	return FindWithin(doc, path, &Steps{})
}

// FindWithin is Find for a path that may take so many steps: the error is about the
// limit if it takes more.
func FindWithin(doc *xmltext.Document, path string, steps *Steps) ([]*xmltext.Node, error) {
	_, err := etree.CompilePath(path)
	if err != nil || path == "" {
		reason := "the path is empty"
		if err != nil {
			reason = "the path is not one of etree's: " + strings.TrimPrefix(err.Error(), "etree: ")
		}
		return nil, &Error{Reason: reason}
	}
	w := newWalk(doc, steps)
	nodes := w.find(parse(path))
	if w.over {
		return nil, &Error{
			Reason: fmt.Sprintf("the path takes more than %d steps through the template: expected at most that many", steps.Limit),
			Remedy: "name the elements on the way, in place of // and *",
			Limit:  steps.Limit,
		}
	}
	if len(nodes) == 0 {
		return nil, &Error{Reason: "the template has no " + path, Remedy: remedy(doc, path)}
	}
	slices.SortFunc(nodes, func(a, b *xmltext.Node) int { return a.Start - b.Start })
	return nodes, nil
}

// remedy tells how far a plain path goes, and what comes nearest to its next
// step.
func remedy(doc *xmltext.Document, path string) string {
	if element, attr, ok := strings.Cut(path, "/@"); ok {
		return fmt.Sprintf("name only the element, path = %q, and put the attribute into attr = %q", element, attr)
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
