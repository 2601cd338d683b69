package wxt

// xsiPaths are the tags of the paths below the root of Xsi.
var xsiPaths = []string{"XSI_ACTIONS_PATH_WXT", "XSI_EVENTS_PATH_WXT"}

// checkXsiPathsRoot looks for paths of Xsi without a root.
func checkXsiPathsRoot(p *Pass) {
	if !p.is("XSI_ROOT_WXT", "") {
		return
	}
	for _, tag := range xsiPaths {
		if v, ok := p.Value(tag); ok && v.Value != "" {
			p.Report(p.where(tag), "set XSI_ROOT_WXT too, or leave the path out", "%s is set, and XSI_ROOT_WXT is empty", tag)
		}
	}
}
