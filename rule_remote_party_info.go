package wxt

// checkRemotePartyInfo looks for device types that don't support it.
func checkRemotePartyInfo(p *Pass) {
	for _, r := range p.Manifest.Requests {
		if isFalse(r, "supportRemotePartyInfo") {
			p.Report(p.element(r, "supportRemotePartyInfo"), "set it to true", "supportRemotePartyInfo is false: desktop sharing and the busy lamp field don't work")
		}
	}
}
