package wxt

// checkRportIdle looks for a detail of rport while rport is off.
func checkRportIdle(p *Pass) {
	if p.isOff("ENABLE_USE_RPORT_WXT") {
		p.idle("RPORT_USE_LOCAL_PORT_WXT", "set ENABLE_USE_RPORT_WXT to true, or leave it out", "ENABLE_USE_RPORT_WXT is false")
	}
}
