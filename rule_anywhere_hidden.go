package wxt

// checkAnywhereHidden looks for defaults of options that the app hides.
func checkAnywhereHidden(p *Pass) {
	if !p.isOn("ENABLE_BROADWORKS_ANYWHERE_WXT") {
		return
	}
	for _, option := range anywhereOptions {
		if p.isOff(option.shown) {
			p.idle(option.value, "set "+option.shown+" to true, or leave the default out", option.shown+" is false, so that the app hides the option")
		}
	}
}
