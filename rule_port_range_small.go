package wxt

// checkPortRangeSmall looks for ranges that have no room for one call.
func checkPortRangeSmall(p *Pass) {
	for _, r := range portRanges(p) {
		if r.from == r.to {
			p.Report(p.where(r.end, r.start), "give each call 2 ports", "the range of %s ports, %s %d to %s %d, has 1 port: a call needs 2", r.media, r.start, r.from, r.end, r.to)
		}
	}
}
