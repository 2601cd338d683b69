package wxt

// checkPortRangeOdd looks for ranges that begin with a port for RTCP.
func checkPortRangeOdd(p *Pass) {
	for _, r := range portRanges(p) {
		if r.from%2 == 1 {
			p.Report(p.where(r.start, r.end), "begin the range with an even port", "%s is %d, an odd port: RTP goes by even ones", r.start, r.from)
		}
	}
}
