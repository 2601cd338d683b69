package wxt

import (
	"fmt"

	"github.com/dtafgen/wxt/dtaf/oci"
)

// checkBaseRelease looks for requests of a base that the release does not know.
func checkBaseRelease(p *Pass) {
	t := p.Target
	if t.base == nil || t.Release == 0 {
		return
	}
	for _, r := range t.base.manifest.Requests {
		if known, ok := oci.Lookup(r.Type); ok && !known.KnownIn(t.Release) {
			p.Report(p.At(t.Platform.String(), "base"), fmt.Sprintf("use the vendor's archive for %s", t.Release),
				"%s.base: it has a %s, which %s does not know", t.Platform, r.Type, t.Release)
		}
	}
}
