package wxt

import "github.com/dtafgen/wxt/schema"

// checkDiscoveryOfAddress looks for proxy discovery by an address.
func checkDiscoveryOfAddress(p *Pass) {
	address, ok := p.known("SBC_ADDRESS_WXT")
	if ok && p.isOn("USE_PROXY_DISCOVERY_WXT") && schema.IsAddress(address) {
		p.Report(p.where("SBC_ADDRESS_WXT", "USE_PROXY_DISCOVERY_WXT"), "use the name that has the SRV records, or set USE_PROXY_DISCOVERY_WXT to false",
			"SBC_ADDRESS_WXT is the address %s, and proxy discovery looks it up as the name of SRV records", address)
	}
}
