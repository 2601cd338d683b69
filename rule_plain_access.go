package wxt

import "slices"

// checkPlainAccess looks for files that go through the network in the clear.
func checkPlainAccess(p *Pass) {
	const remedy = "use https alone"
	for _, r := range p.Manifest.Requests {
		if protocol, ok := r.Get("deviceAccessProtocol"); ok && slices.Contains([]string{"Http", "FTP", "TFTP"}, protocol) {
			p.Report(p.element(r, "deviceAccessProtocol"), remedy, "deviceAccessProtocol is %s: the app's file, with its SIP password, goes through the network in the clear", protocol)
		}
		for _, name := range []string{"allowHttp", "allowTftp"} {
			if isTrue(r, name) {
				p.Report(p.element(r, name), remedy, "%s is true: the file, with its SIP password, may go through the network in the clear", name)
			}
		}
	}
}
