package wxt

// checkMWIModeIdle looks for a mode of the message waiting indication while it
// is off.
func checkMWIModeIdle(p *Pass) {
	if p.isOff("ENABLE_MWI_WXT") {
		p.idle("MWI_MODE_WXT", "set ENABLE_MWI_WXT to true, or leave the mode out", "ENABLE_MWI_WXT is false")
	}
}
