package wxt

import "strings"

// checkAbsentFiles looks for requests whose file is not in the archive.
func checkAbsentFiles(p *Pass) {
	if p.Archive == nil {
		return
	}
	for _, e := range sources(p.Manifest) {
		name := strings.TrimSpace(e.Value)
		if _, ok := p.Archive.File(name); ok {
			continue
		}
		remedy := ""
		for f := range p.Archive.Files() {
			if strings.EqualFold(f.Name, name) {
				remedy = "did you mean " + f.Name + "?"
			}
		}
		p.Report(e.ValuePos, remedy, "the archive has no file %s", name)
	}
}
