package wxt

import (
	"fmt"
	"slices"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// checkReconstructed says once that the built-in template is not the vendor's.
func checkReconstructed(p *Pass) {
	builtIn := func(t *Target) bool { return t.base == nil }
	if !slices.ContainsFunc(p.Resolution.Targets, builtIn) {
		return
	}
	n, total := 0, 0
	for _, path := range schema.Paths() {
		if path.Tag == "" {
			continue
		}
		total++
		if path.Known == tags.Reconstructed {
			n++
		}
	}
	p.Report(p.Project.top(), "base production on the vendor's own archive",
		"the built-in template has %d of its %d places reconstructed from public documents", n, total)
}

// checkGuesses tells what of the device type nobody has confirmed.
func checkGuesses(p *Pass) {
	t := p.Target
	spec := dtaf.Spec(t.Platform)
	own := p.Project.Platform(t.Platform).Access.URI != "" || p.Project.Access.URI != ""
	if t.base == nil && spec.Known.URI == tags.Reconstructed && !own {
		p.Report(p.Project.top(), fmt.Sprintf("set %s.access.uri to the one of your profile", t.Platform),
			"%s: the device access URI %q is a guess", t.Platform, t.Access.URI)
	}
}
