package wxt

// checkAutoAnswer tells where automatic answer works.
func checkAutoAnswer(p *Pass) {
	if p.isOn("ENABLE_AUTO_ANSWER_WXT") {
		p.Report(p.where("ENABLE_AUTO_ANSWER_WXT"), "have the Webex app be the primary line appearance, and shared call appearances not alert for Click-to-Dial",
			"ENABLE_AUTO_ANSWER_WXT: automatic answer works on the primary line appearance alone")
	}
}
