package wxt

// checkVisualVoiceMail looks for visual voice mail without voice mail.
func checkVisualVoiceMail(p *Pass) {
	if p.isOn("ENABLE_VISUAL_VOICE_MAIL_WXT") && p.isOff("ENABLE_VOICE_MAIL_WXT") {
		p.Report(p.where("ENABLE_VISUAL_VOICE_MAIL_WXT", "ENABLE_VOICE_MAIL_WXT"), "set ENABLE_VOICE_MAIL_WXT to true",
			"ENABLE_VISUAL_VOICE_MAIL_WXT is true, and ENABLE_VOICE_MAIL_WXT is false")
	}
}
