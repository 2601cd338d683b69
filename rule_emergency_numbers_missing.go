package wxt

// checkEmergencyNumbersMissing looks for emergency dialing without numbers.
func checkEmergencyNumbersMissing(p *Pass) {
	if p.isOn("ENABLE_EMERGENCY_DIALING_WXT") && p.is("EMERGENCY_DIALING_NUMBERS_WXT", "") {
		p.Report(p.where("EMERGENCY_DIALING_NUMBERS_WXT", "ENABLE_EMERGENCY_DIALING_WXT"), "list the numbers, such as 911,112",
			"ENABLE_EMERGENCY_DIALING_WXT is true, and EMERGENCY_DIALING_NUMBERS_WXT is empty")
	}
}
