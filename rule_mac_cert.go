package wxt

// checkMACCert looks for requests that want the MAC address in two places.
func checkMACCert(p *Pass) {
	for _, r := range p.Manifest.Requests {
		if isTrue(r, "macInCert") && isTrue(r, "macInNonRequestURI") {
			p.Report(p.element(r, "macInCert"), "set one of them to false", "macInCert and macInNonRequestURI are true both: the request fails")
		}
	}
}
