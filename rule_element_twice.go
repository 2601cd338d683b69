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
	webex := p.isWebex()
	var visit func(e *xmltext.Node, path string)
	visit = func(e *xmltext.Node, path string) {
		named := make(map[string]*xmltext.Node)
		alike := make(map[string]*xmltext.Node)
		source := func(n *xmltext.Node) string { return p.xml.Src[n.Start:n.End] }
		for c := range e.Elements() {
			here := path + "/" + c.Name
			first := named[c.Name]
			switch {
			case first == nil:
				named[c.Name] = c
			case !single()[here] || !webex:
				if alike[source(first)] == nil {
					alike[source(first)] = first
				}
				if first = alike[source(c)]; first == nil {
					alike[source(c)] = c
				} else if !strings.Contains(source(c), "%") {
					first = nil
				}
			}
			if first != nil {
				p.Report(p.atOffset(c.Start), "keep one of the two", "<%s> stands twice in <%s>, first in line %d", c.Name, e.Name, p.atOffset(first.Start).Line)
			}
			visit(c, here)
		}
	}
	visit(p.xml.Root, p.xml.Root.Name)
}
