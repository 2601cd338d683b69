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

// What the servers of a release need for a feature that is asked for by name.
func ExampleRequirementsFor() {
	r, err := schema.RequirementsFor(schema.RequirementQuery{Features: []string{"dnd-sync"}, Release: "R23", Edge: "ADP"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, q := range r.Requirements {
		fmt.Println(q.Server, q.Kind, q.Item)
	}
	// Output:
	// AS patch AP.as.23.0.1075.ap382615
	// AS patch AP.as.23.0.1075.ap382838
	// AS activate 25433
	// AS note Device Feature Key Synchronization is configured, and phones support the event package as-feature-event
	// ADP app Xsi-Actions-23_2022.03_1.220.bwar
	// ADP app Xsi-Events-23_2022.03_1.220.bwar
	// Partner Hub partner-hub Enable Do not disturb (DND) sync for the cluster
}
