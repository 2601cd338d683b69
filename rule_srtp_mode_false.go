package wxt

// checkSRTPModeFalse looks for SRTP that is on in one tag and off in the other.
func checkSRTPModeFalse(p *Pass) {
	if p.isOn("SRTP_ENABLED_WXT") && p.isOff("SRTP_MODE_WXT") {
		p.Report(p.where("SRTP_MODE_WXT", "SRTP_ENABLED_WXT"), "set SRTP_MODE_WXT to the mode that you mean, such as mandatory",
			"SRTP_ENABLED_WXT is true, and SRTP_MODE_WXT is false")
	}
}
