package wxt

// checkBusyLampCaller looks for a busy lamp field without the second tag that it
// needs.
func checkBusyLampCaller(p *Pass) {
	if p.isOn("ENABLE_BUSY_LAMP_FIELD_WXT") && p.isOff("ENABLE_BLF_DISPLAY_CALLER_WXT") {
		p.Report(p.where("ENABLE_BLF_DISPLAY_CALLER_WXT", "ENABLE_BUSY_LAMP_FIELD_WXT"), "set ENABLE_BLF_DISPLAY_CALLER_WXT to true",
			"ENABLE_BUSY_LAMP_FIELD_WXT is true, and ENABLE_BLF_DISPLAY_CALLER_WXT, which the busy lamp field needs too, is false")
	}
}
