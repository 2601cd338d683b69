package wxt

// checkDiscoveryIdle looks for transports of a discovery that is off.
func checkDiscoveryIdle(p *Pass) {
	if !p.isOff("USE_PROXY_DISCOVERY_WXT") {
		return
	}
	for _, tag := range discoveryTransports {
		p.idle(tag, "set USE_PROXY_DISCOVERY_WXT to true, or leave the transport out", "USE_PROXY_DISCOVERY_WXT is false")
	}
}
