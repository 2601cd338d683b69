package wxt

// checkSRTPModeIdle looks for a mode of SRTP that is off.
func checkSRTPModeIdle(p *Pass) {
	if p.isOff("SRTP_ENABLED_WXT") {
		p.idle("SRTP_MODE_WXT", "set SRTP_ENABLED_WXT to true, or leave the mode out", "SRTP_ENABLED_WXT is false, so that the media is not encrypted")
	}
}
