package wxt

// checkCallParkIdle looks for the timer of call park while it is off.
func checkCallParkIdle(p *Pass) {
	if p.isOff("ENABLE_CALL_PARK_WXT") {
		p.idle("CALL_PARK_AUTO_CLOSE_DIALOG_TIMER_WXT", "set ENABLE_CALL_PARK_WXT to true, or leave the timer out", "ENABLE_CALL_PARK_WXT is false")
	}
}
