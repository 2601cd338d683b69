package wxt

// checkSRTPWithoutTLS looks for keys of media that go by TCP or UDP.
func checkSRTPWithoutTLS(p *Pass) {
	if !p.isOn("SRTP_ENABLED_WXT") || !p.isOff("USE_TLS_WXT") {
		return
	}
	if p.isOn("USE_PROXY_DISCOVERY_WXT") && p.isOff("USE_TCP_FROM_DNS_WXT") && p.isOff("USE_UDP_FROM_DNS_WXT") {
		return // All that discovery may find is TLS.
	}
	p.Report(p.where("SRTP_ENABLED_WXT", "USE_TLS_WXT"), "set USE_TLS_WXT to true",
		"SRTP_ENABLED_WXT is true, and USE_TLS_WXT is false: the keys of the media go through the network in the clear")
}
