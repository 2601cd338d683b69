package wxt

// checkSBCAddress looks for a project that says how to reach the SBC, and not
// which. An empty address by itself is right where the app finds its proxy by
// the SIP domain, which the Application Server knows.
func checkSBCAddress(p *Pass) {
	if !p.is("SBC_ADDRESS_WXT", "") {
		return
	}
	const remedy = "set SBC_ADDRESS_WXT"
	port, _ := p.Value("SBC_PORT_WXT")
	byDefault, _ := port.Tag.DefaultOn(p.Target.Platform)
	switch {
	case p.isOn("USE_PROXY_DISCOVERY_WXT"):
		if p.is("DOMAIN_OVERRIDE_WXT", "") {
			p.Report(p.where("SBC_ADDRESS_WXT", "USE_PROXY_DISCOVERY_WXT"), remedy+" to the name of the SRV records",
				"USE_PROXY_DISCOVERY_WXT is true, and SBC_ADDRESS_WXT is empty: there is no name to look up")
		}
	case p.isOn("USE_TLS_WXT"):
		p.Report(p.where("SBC_ADDRESS_WXT", "USE_TLS_WXT"), remedy, "USE_TLS_WXT is true, and SBC_ADDRESS_WXT is empty: there is no SBC to connect to")
	case port.Value != byDefault:
		p.Report(p.where("SBC_ADDRESS_WXT", "SBC_PORT_WXT"), remedy, "SBC_PORT_WXT is %s, and SBC_ADDRESS_WXT is empty: there is no SBC to connect to", port.Value)
	}
}
