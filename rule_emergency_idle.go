package wxt

// checkEmergencyIdle looks for emergency numbers while emergency dialing is off.
func checkEmergencyIdle(p *Pass) {
	if p.isOff("ENABLE_EMERGENCY_DIALING_WXT") {
		p.idle("EMERGENCY_DIALING_NUMBERS_WXT", "set ENABLE_EMERGENCY_DIALING_WXT to true, or leave the numbers out", "ENABLE_EMERGENCY_DIALING_WXT is false")
	}
}
