package wxt

// checkBusyLampIdle looks for details of the busy lamp field while it is off.
func checkBusyLampIdle(p *Pass) {
	if !p.isOff("ENABLE_BUSY_LAMP_FIELD_WXT") {
		return
	}
	for _, tag := range []string{"ENABLE_BLF_DISPLAY_CALLER_WXT", "BLF_NOTIFICATON_DELAY_TIME_WXT"} {
		p.idle(tag, "set ENABLE_BUSY_LAMP_FIELD_WXT to true, or leave it out", "ENABLE_BUSY_LAMP_FIELD_WXT is false")
	}
}
