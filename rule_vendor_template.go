package wxt

import (
	"fmt"
	"strings"

	"github.com/dtafgen/wxt/render"
)

// checkVendorTemplate tells where the template of a base differs from what is
// believed: this is how reconstructed facts get corrected.
func checkVendorTemplate(p *Pass) {
	t := p.Target
	if t.base == nil {
		return
	}
	c, err := render.Compare(t.base.templates[t.base.main], t.Platform, p.Resolution.Catalogue)
	if err != nil {
		return // It is not XML, which another rule tells.
	}
	tell := func(what string, names []string) {
		if len(names) == 0 {
			return
		}
		list := strings.Join(names[:min(len(names), 5)], ", ")
		if more := len(names) - 5; more > 0 {
			list += fmt.Sprintf(" and %d more", more)
		}
		p.Report(p.At(t.Platform.String(), "base"), "\"dtafgen inspect\" lists them with their places",
			"%s.base: the vendor's template %s: %s", t.Platform, what, list)
	}
	var missing, unknown, elsewhere []string
	for _, m := range c.Missing {
		missing = append(missing, m.Tag)
	}
	for _, u := range c.Unknown {
		unknown = append(unknown, u.Tag)
	}
	for _, f := range c.Foreign {
		unknown = append(unknown, f.Tag)
	}
	for _, m := range c.Misplaced {
		elsewhere = append(elsewhere, m.Tag)
	}
	tell("lacks tags that the catalogue has", missing)
	tell("has tags that the catalogue does not have for the platform", unknown)
	tell("has tags at other places than the catalogue believes", elsewhere)
}
