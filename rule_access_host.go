package wxt

// checkAccessHost tells once that no platform says where the app gets its file.
func checkAccessHost(p *Pass) {
	for _, t := range p.Resolution.Targets {
		if t.Access.Host != "" {
			return
		}
	}
	if len(p.Resolution.Targets) > 0 {
		p.Report(p.Project.top(), "set access.host, or enter it in the profile after the import",
			"no access.host: the device types don't name the XSP|ADP farm that serves Device Management")
	}
}
