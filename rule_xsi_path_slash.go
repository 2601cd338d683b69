package wxt

import "strings"

// checkXsiPathSlash looks for paths of Xsi without their last slash. One without
// its first slash is a wrong value.
func checkXsiPathSlash(p *Pass) {
	for _, tag := range xsiPaths {
		if path, ok := p.known(tag); ok && strings.HasPrefix(path, "/") && !strings.HasSuffix(path, "/") {
			p.Report(p.where(tag), "add a slash at the end", "%s: %q does not end in a slash", tag, path)
		}
	}
}
