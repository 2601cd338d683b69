package schema_test

import (
	"fmt"

	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

func Example() {
	tag, _ := tags.Default().Lookup("SBC_ADDRESS_WXT")
	for _, f := range schema.Check(tag, "sbc.example.com:5060", schema.Position{File: "dtafgen.toml", Line: 4, Column: 19}) {
		fmt.Println(f)
		fmt.Println(f.Remedy)
	}
	for _, p := range schema.PathsOf(tag) {
		fmt.Println(p.Path, p.Known.Mark)
	}
	// Output:
	// dtafgen.toml:4:19: error: SBC_ADDRESS_WXT: "sbc.example.com:5060" is not a host name or an IP address [WXT010]
	// leave out the port
	// config/protocols/sip/proxy/@address inherited
	// config/protocols/sip/proxy-discovery/record-name inherited
}
