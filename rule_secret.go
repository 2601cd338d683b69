package wxt

import (
	"strings"

	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// checkSecrets tells of secrets that stand in the project file, and never what
// they are.
func checkSecrets(c *Pass) {
	p := c.Project
	tell := func(pos schema.Position, what string) {
		c.Report(pos, "leave it out, and set it on the Application Server",
			"%s is secret, and stands in the project file, from where it goes into archives and tag sets", what)
	}
	catalogues := []*tags.Catalogue{c.Resolution.Catalogue}
	for _, t := range c.Resolution.Targets {
		catalogues = append(catalogues, t.Catalogue)
	}
	isSecret := func(name string) bool {
		for _, catalogue := range catalogues {
			if tag, ok := catalogue.Lookup(name); ok {
				if tag.Secret {
					return true
				}
				continue
			}
			if tags.SoundsSecret(name) {
				return true // a tag that nobody knows
			}
		}
		return false
	}
	values := func(table map[string]string, path ...any) {
		for name, value := range table {
			pos := p.at(append(path[:len(path):len(path)], name)...)
			switch {
			case isSecret(name) && tags.HoldsSecret(value):
				tell(pos, "the value of "+name)
			case secret.Value("", value):
				tell(pos, "the password in the URL of "+name)
			}
		}
	}
	values(p.Tags, "tags")
	// What is no value at all may hold one.
	for path, pl := range p.places {
		steps := strings.Split(path, "\x00")
		n := len(steps) - 1
		if n < 1 || steps[n-1] != "tags" || !isSecret(steps[n]) {
			continue
		}
		table := p.Tags
		if platform, err := tags.ParsePlatform(steps[0]); n == 2 && err == nil {
			table = p.Platform(platform).Tags
		}
		if _, ok := table[tags.Bare(steps[n])]; !ok {
			tell(pl.value, "the value of "+tags.Bare(steps[n]))
		}
	}
	for i, d := range p.Declare {
		if (d.Secret || isSecret(d.Name)) && tags.HoldsSecret(d.Default) {
			tell(p.atDeclare(i, "default"), "the default of "+d.Name)
		}
	}
	for _, platform := range tags.Platforms() {
		s, name := p.Platform(platform), platform.String()
		values(s.Tags, name, "tags")
		for element, value := range s.Device {
			if secret.Value(element, value) {
				tell(p.at(name, "device", element), name+".device."+element)
			}
		}
		for i, e := range s.Edits {
			if what, ok := secretEdit(e); ok {
				tell(p.atEdit(platform, i, "value", "text", "insert"), name+".edit of "+what)
			}
		}
	}
}

// secretEdit reports whether an edit writes a secret, and where to.
func secretEdit(e render.Edit) (what string, ok bool) {
	target := strings.ToLower(e.Path[strings.LastIndexByte(e.Path, '/')+1:])
	target, _, _ = strings.Cut(target, "[")
	switch e.Op {
	case render.SetAttr:
		what = e.Attr
	case render.SetText:
		what = target
	case render.Insert:
		return secretIn(e.Value)
	}
	return what, what != "" && secret.Value(what, e.Value)
}

// secretIn finds an element or attribute in a piece of XML that holds a secret.
func secretIn(xml string) (what string, ok bool) {
	doc, err := xmltext.Parse("<a>" + xml + "</a>")
	if err != nil {
		return "", false // which the edit tells
	}
	for n := range doc.Root.Elements() {
		if what, ok := secretNode(n); ok {
			return what, true
		}
	}
	return "", false
}

func secretNode(n *xmltext.Node) (what string, ok bool) {
	for _, a := range n.Attrs {
		if secret.Value(a.Name, a.Value) {
			return a.Name, true
		}
	}
	hasElements := false
	for child := range n.Elements() {
		hasElements = true
		if what, ok := secretNode(child); ok {
			return what, true
		}
	}
	return n.Name, !hasElements && secret.Value(n.Name, n.Text())
}
