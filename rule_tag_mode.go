package wxt

// checkTagMode looks for tag sets that the tag mode leaves out.
func checkTagMode(p *Pass) {
	for _, r := range p.Manifest.Requests {
		mode, ok := r.Get("tagMode")
		set, hasSet := r.Get("tagSet")
		if ok && hasSet && set != "" && (mode == "System" || mode == "None") {
			p.Report(p.element(r, "tagMode"), `set tagMode to "System And Custom", or remove the tag set`,
				"tagMode is %q: the values of the tag set %q don't reach the app", mode, set)
		}
	}
}
