package wxt

// discoveryTransports are the tags that say what proxy discovery may find.
var discoveryTransports = []string{"USE_TCP_FROM_DNS_WXT", "USE_UDP_FROM_DNS_WXT", "USE_TLS_FROM_DNS_WXT"}

// checkDiscoveryTransports looks for proxy discovery that may find nothing.
func checkDiscoveryTransports(p *Pass) {
	if !p.isOn("USE_PROXY_DISCOVERY_WXT") {
		return
	}
	for _, tag := range discoveryTransports {
		if !p.isOff(tag) {
			return
		}
	}
	p.Report(p.where("USE_PROXY_DISCOVERY_WXT", "USE_TLS_FROM_DNS_WXT"), "set one of USE_TCP_FROM_DNS_WXT, USE_UDP_FROM_DNS_WXT and USE_TLS_FROM_DNS_WXT to true",
		"USE_PROXY_DISCOVERY_WXT is true, and no transport may be discovered: no proxy is found")
}
