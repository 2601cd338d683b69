package wxt

// checkCallSettingsTarget looks for a URL of the call settings page without its
// target.
func checkCallSettingsTarget(p *Pass) {
	v, ok := p.Value("WEB_CALL_SETTINGS_URL_WXT")
	if ok && v.Value != "" && p.is("WEB_CALL_SETTINGS_TARGET_WXT", "") {
		p.Report(p.where("WEB_CALL_SETTINGS_URL_WXT", "WEB_CALL_SETTINGS_TARGET_WXT"), "set WEB_CALL_SETTINGS_TARGET_WXT to csw for the Call Settings Webview",
			"WEB_CALL_SETTINGS_URL_WXT is set, and WEB_CALL_SETTINGS_TARGET_WXT is empty")
	}
}
