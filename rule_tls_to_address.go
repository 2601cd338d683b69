package wxt

import "github.com/dtafgen/wxt/schema"

// checkTLSToAddress looks for TLS to an SBC that is named by its address.
func checkTLSToAddress(p *Pass) {
	address, ok := p.known("SBC_ADDRESS_WXT")
	if ok && p.isOn("USE_TLS_WXT") && schema.IsAddress(address) {
		p.Report(p.where("SBC_ADDRESS_WXT", "USE_TLS_WXT"), "use the name that stands in the SBC's certificate",
			"SBC_ADDRESS_WXT is the address %s, and USE_TLS_WXT is true: the certificate does not match an address", address)
	}
}
