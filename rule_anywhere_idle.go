package wxt

// anywhereOptions are the options of BroadWorks Anywhere that a user can see:
// for each the tag that shows it, and the tag of its default.
var anywhereOptions = []struct{ shown, value string }{
	{"ENABLE_BROADWORKS_ANYWHERE_DESCRIPTION_WXT", ""},
	{"ENABLE_BROADWORKS_ANYWHERE_ALERT_ALL_LOCATIONS_WXT", "BROADWORKS_ANYWHERE_ALERT_ALL_LOCATIONS_DEFAULT_WXT"},
	{"ENABLE_BROADWORKS_ANYWHERE_CALL_CONTROL_WXT", "BROADWORKS_ANYWHERE_CALL_CONTROL_DEFAULT_WXT"},
	{"ENABLE_BROADWORKS_ANYWHERE_DIVERSION_INHIBITOR_WXT", "BROADWORKS_ANYWHERE_DIVERSION_INHIBITOR_DEFAULT_WXT"},
	{"ENABLE_BROADWORKS_ANYWHERE_ANSWER_CONFIRMATION_WXT", "BROADWORKS_ANYWHERE_ANSWER_CONFIRMATION_DEFAULT_WXT"},
}

// checkAnywhereIdle looks for details of BroadWorks Anywhere while it is off.
func checkAnywhereIdle(p *Pass) {
	if !p.isOff("ENABLE_BROADWORKS_ANYWHERE_WXT") {
		return
	}
	for _, option := range anywhereOptions {
		for _, tag := range []string{option.shown, option.value} {
			p.idle(tag, "set ENABLE_BROADWORKS_ANYWHERE_WXT to true, or leave it out", "ENABLE_BROADWORKS_ANYWHERE_WXT is false")
		}
	}
}
