package xmlpath

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/internal/xmltext"
)

// A segment is what stands between two slashes of a path: a selector, and filters of
// what it selects.
type segment struct {
	selector string // "/" for the document, "" for all that is inside
	filters  []string
}

// parse reads a path that etree takes.
func parse(path string) []segment {
	if strings.HasSuffix(path, "//") {
		path += "*"
	}
	var segments []segment
	if strings.HasPrefix(path, "/") {
		segments = append(segments, segment{selector: "/"})
		path = path[1:]
	}
	start, quote := 0, byte(0)
	for i := 0; i <= len(path); i++ {
		switch {
		case i == len(path) || quote == 0 && path[i] == '/':
			pieces := strings.Split(path[start:i], "[")
			s := segment{selector: pieces[0]}
			for _, f := range pieces[1:] {
				s.filters = append(s.filters, strings.TrimSuffix(f, "]"))
			}
			segments = append(segments, s)
			start = i + 1
		case quote == 0 && (path[i] == '\'' || path[i] == '"'):
			quote = path[i]
		case path[i] == quote:
			quote = 0
		}
	}
	return segments
}

// A walk goes along a path, from one segment's elements to those of the next. An
// element that several ways lead to is gone on from once.
type walk struct {
	document *xmltext.Node // that has the root element
	steps    *Steps
	over     bool
}

func newWalk(doc *xmltext.Document, steps *Steps) *walk {
	return &walk{document: &xmltext.Node{Kind: xmltext.Element, Children: []*xmltext.Node{doc.Root}}, steps: steps}
}

// find returns the elements that a path leads to.
func (w *walk) find(segments []segment) []*xmltext.Node {
	from := []*xmltext.Node{w.document}
	for _, s := range segments {
		seen := make(map[*xmltext.Node]bool)
		var next []*xmltext.Node
		add := func(n *xmltext.Node) {
			if !seen[n] {
				seen[n] = true
				next = append(next, n)
			}
		}
		if s.selector == "" && len(s.filters) == 0 {
			for _, n := range from {
				w.inside(n, seen, add)
			}
		} else {
			for _, n := range from {
				selected := w.choose(n, s.selector)
				for _, f := range s.filters {
					selected = w.filter(selected, f)
				}
				for _, n := range selected {
					add(n)
				}
			}
		}
		if from = next; w.over {
			return nil
		}
	}
	return slices.DeleteFunc(from, func(n *xmltext.Node) bool { return n == w.document })
}

// take counts a step, and reports whether it may be taken.
func (w *walk) take() bool {
	w.steps.Taken++
	if w.steps.Limit > 0 && w.steps.Taken > w.steps.Limit {
		w.over = true
	}
	return !w.over
}

// inside adds an element and all inside it that is not seen.
func (w *walk) inside(n *xmltext.Node, seen map[*xmltext.Node]bool, add func(*xmltext.Node)) {
	if w.over || seen[n] || !w.take() {
		return // with all inside it
	}
	add(n)
	for c := range n.Elements() {
		w.inside(c, seen, add)
		if w.over {
			return
		}
	}
}

// parent returns the element that another stands in.
func (w *walk) parent(n *xmltext.Node) *xmltext.Node {
	if n.Parent == nil && n != w.document {
		return w.document
	}
	return n.Parent
}

// choose returns what a selector selects from an element.
func (w *walk) choose(n *xmltext.Node, selector string) []*xmltext.Node {
	if w.over || !w.take() {
		return nil
	}
	var list []*xmltext.Node
	switch selector {
	case "/":
		list = append(list, w.document)
	case ".":
		list = append(list, n)
	case "..":
		if p := w.parent(n); p != nil {
			list = append(list, p)
		}
	case "":
		// Level by level, as etree has them.
		list = append(list, n)
		for i := 0; i < len(list); i++ {
			for c := range list[i].Elements() {
				if !w.take() {
					return nil
				}
				list = append(list, c)
			}
		}
	default:
		want := parseName(selector)
		for c := range n.Elements() {
			if !w.take() {
				return nil
			}
			if selector == "*" || want.is(c.Name) {
				list = append(list, c)
			}
		}
	}
	return list
}

// filter returns those elements of a list that a filter keeps.
func (w *walk) filter(list []*xmltext.Node, f string) []*xmltext.Node {
	if n, err := strconv.Atoi(f); err == nil || isNumber(f) {
		switch {
		case err != nil:
			n = 0 // as etree takes it
		case n > 0:
			n--
		case n < 0:
			n += len(list)
		}
		if n < 0 || n >= len(list) {
			return nil
		}
		return list[n : n+1]
	}
	var kept []*xmltext.Node
	keep := w.condition(f)
	for _, n := range list {
		if w.over {
			return nil
		}
		for range keep(n) {
			kept = append(kept, n)
		}
	}
	return kept
}

// isNumber reports whether etree takes a filter for a number.
func isNumber(f string) bool {
	for i := range len(f) {
		if (f[i] < '0' || f[i] > '9') && !(i == 0 && f[i] == '-') {
			return false
		}
	}
	return true
}

// condition returns how often a filter keeps an element: etree has one once for each
// child that the filter names.
func (w *walk) condition(f string) func(*xmltext.Node) int {
	key, value, valued := f, "", false
	if i := strings.IndexByte(f, '='); i > 0 && i+1 < len(f) && (f[i+1] == '\'' || f[i+1] == '"') {
		key, value, valued = f[:i], f[i+2:len(f)-1], true
	}
	switch {
	case strings.HasPrefix(key, "@"):
		want := parseName(key[1:])
		return func(n *xmltext.Node) int {
			for _, a := range n.Attrs {
				if !w.take() {
					return 0
				}
				if want.is(a.Name) && (!valued || a.Value == value) {
					return 1
				}
			}
			return 0
		}
	case strings.HasSuffix(key, "()"):
		function := w.function(strings.TrimSuffix(key, "()"))
		return func(n *xmltext.Node) int {
			if got := function(n); valued && got == value || !valued && got != "" {
				return 1
			}
			return 0
		}
	}
	want := parseName(key)
	return func(n *xmltext.Node) int {
		times := 0
		for c := range n.Elements() {
			if !w.take() {
				return 0
			}
			if want.is(c.Name) && (!valued || c.Text() == value) {
				times++
			}
		}
		return times
	}
}

// function returns what a function of etree's paths says of an element.
func (w *walk) function(name string) func(*xmltext.Node) string {
	switch name {
	case "local-name":
		return func(n *xmltext.Node) string { return parseName(n.Name).local }
	case "name":
		return func(n *xmltext.Node) string { return n.Name }
	case "namespace-prefix":
		return func(n *xmltext.Node) string { return parseName(n.Name).space }
	case "namespace-uri":
		return func(n *xmltext.Node) string {
			attr := "xmlns"
			if prefix := parseName(n.Name).space; prefix != "" {
				attr += ":" + prefix
			}
			for ; n != nil && w.take(); n = n.Parent {
				if a, ok := n.Attr(attr); ok {
					return a.Value
				}
			}
			return ""
		}
	}
	return (*xmltext.Node).Text
}

// A name is one of an element or attribute; without a space it stands for all.
type name struct{ space, local string }

func parseName(s string) name {
	if space, local, ok := strings.Cut(s, ":"); ok {
		return name{space, local}
	}
	return name{"", s}
}

func (n name) is(s string) bool {
	other := parseName(s)
	return n.local == other.local && (n.space == "" || n.space == other.space)
}
