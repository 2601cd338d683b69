package wxt

// checkForcedLogoutIdle looks for an app id of forced logout while it is off.
func checkForcedLogoutIdle(p *Pass) {
	if p.isOff("ENABLE_FORCED_LOGOUT_WXT") {
		p.idle("FORCED_LOGOUT_APPID_WXT", "set ENABLE_FORCED_LOGOUT_WXT to true, or leave the id out", "ENABLE_FORCED_LOGOUT_WXT is false")
	}
}
