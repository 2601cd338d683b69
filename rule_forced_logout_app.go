package wxt

// checkForcedLogoutApp looks for forced logout without an app id.
func checkForcedLogoutApp(p *Pass) {
	if p.isOn("ENABLE_FORCED_LOGOUT_WXT") && p.is("FORCED_LOGOUT_APPID_WXT", "") {
		p.Report(p.where("FORCED_LOGOUT_APPID_WXT", "ENABLE_FORCED_LOGOUT_WXT"), "set FORCED_LOGOUT_APPID_WXT",
			"ENABLE_FORCED_LOGOUT_WXT is true, and FORCED_LOGOUT_APPID_WXT is empty")
	}
}
