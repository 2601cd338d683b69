package wxt

import "github.com/dtafgen/wxt/schema"

// checkSourcePortInRange looks for a SIP port among those of media.
func checkSourcePortInRange(p *Pass) {
	source, _ := p.Value("SOURCE_PORT_WXT")
	port, err := schema.ParsePort(source.Value)
	if err != nil {
		return
	}
	for _, r := range portRanges(p) {
		if r.from <= port && port <= r.to {
			p.Report(p.where("SOURCE_PORT_WXT", r.start, r.end), "move the port or the range",
				"SOURCE_PORT_WXT %d is one of the %s ports %d to %d", port, r.media, r.from, r.to)
		}
	}
}
