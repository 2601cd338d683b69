package wxt

import (
	"strings"
	"sync"

	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/schema"
)

// single are the paths of the elements that the app's file has once.
var single = sync.OnceValue(func() map[string]bool {
	paths := make(map[string]bool)
	for _, p := range schema.Paths() {
		path, _, _ := strings.Cut(p.Path, "/@")
		for path != "" {
			paths[path] = true
			path = path[:max(strings.LastIndexByte(path, '/'), 0)]
		}
	}
	return paths
})

// checkElementTwice looks for elements of which there are two: those that the
// app is known to have once, and others that have placeholders and are the same
// in every letter.
func checkElementTwice(p *Pass) {
	if p.xml == nil {
		return
	}
	var visit func(e *xmltext.Node, path string)
	visit = func(e *xmltext.Node, path string) {
		named := make(map[string]*xmltext.Node)
		alike := make(map[string]*xmltext.Node)
		for c := range e.Elements() {
			here := path + "/" + c.Name
			source := p.xml.Src[c.Start:c.End]
			first := alike[source]
			if single()[here] {
				first = named[c.Name]
			} else if !strings.Contains(source, "%") {
				first = nil
			}
			if first != nil {
				p.Report(p.atOffset(c.Start), "keep one of the two", "<%s> stands twice in <%s>, first in line %d", c.Name, e.Name, p.atOffset(first.Start).Line)
			} else {
				named[c.Name], alike[source] = c, c
			}
			visit(c, here)
		}
	}
	visit(p.xml.Root, p.xml.Root.Name)
}
