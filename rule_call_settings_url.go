package wxt

// checkCallSettingsURL looks for a target of the call settings page without its
// URL.
func checkCallSettingsURL(p *Pass) {
	target, ok := p.known("WEB_CALL_SETTINGS_TARGET_WXT")
	if ok && p.is("WEB_CALL_SETTINGS_URL_WXT", "") {
		p.Report(p.where("WEB_CALL_SETTINGS_URL_WXT", "WEB_CALL_SETTINGS_TARGET_WXT"), "set WEB_CALL_SETTINGS_URL_WXT",
			"WEB_CALL_SETTINGS_TARGET_WXT is %s, and WEB_CALL_SETTINGS_URL_WXT is empty: the app hides the call settings page", target)
	}
}
