package wxt

import (
	"strings"

	"github.com/dtafgen/wxt/schema"
)

// checkUnnamedFiles looks for files of an archive that no request names.
func checkUnnamedFiles(p *Pass) {
	if p.Archive == nil {
		return
	}
	named := make(map[string]bool)
	for _, e := range sources(p.Manifest) {
		named[strings.TrimSpace(e.Value)] = true
	}
	manifest, _ := p.Archive.ManifestName()
	for f := range p.Archive.Files() {
		if f.Name != manifest && !named[f.Name] {
			p.Report(schema.Position{File: strings.TrimSuffix(p.file, manifest) + f.Name, Line: 1, Column: 1}, "add a request for it, or remove it", "no request of the manifest names the file %s", f.Name)
		}
	}
}
