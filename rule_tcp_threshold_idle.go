package wxt

// checkTCPThresholdIdle looks for the size from which SIP goes by TCP, while it
// goes by TLS whatever its size.
func checkTCPThresholdIdle(p *Pass) {
	if p.isOn("USE_TLS_WXT") {
		p.idle("TCP_SIZE_THRESHOLD_WXT", "leave it out", "USE_TLS_WXT is true")
	}
}
