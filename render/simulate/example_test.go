package simulate_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A preview is the file of one subscriber, and what is wrong with it.
func ExampleSimulation_Preview() {
	project, err := wxt.Parse("dtafgen.toml", []byte(`tags.SBC_ADDRESS_WXT = "sbc.example.com"`))
	if err != nil {
		fmt.Println(err)
		return
	}
	simulation, err := wxt.NewSimulation(project, tags.Desktop)
	if err != nil {
		fmt.Println(err)
		return
	}
	alice := simulation.Example()
	alice.Tags["BWLINEPORT-1"] = "alice&co"
	preview := simulation.Preview(alice)
	for _, line := range strings.Split(string(preview.Masked()), "\n") {
		if strings.Contains(line, "<proxy ") || strings.Contains(line, "<password>") {
			fmt.Println(strings.TrimSpace(line))
		}
	}
	for _, f := range preview.Findings {
		fmt.Println(f.Line, f.Message)
	}
	// Output:
	// <proxy address="sbc.example.com" port="5060"/>
	// <password>********</password>
	// 17 BWLINEPORT-1: the value has &, and the Application Server puts it into the template's text as it is: the app can't parse its file
}

// Many subscribers are checked, or rendered, in one go and in constant memory.
func ExampleSimulation_CheckSubscribers() {
	simulation, err := wxt.NewSimulation(&wxt.Project{}, tags.Desktop)
	if err != nil {
		fmt.Println(err)
		return
	}
	subscribers, err := os.Open("testdata/subscribers.csv")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer subscribers.Close()
	stats, err := simulation.CheckSubscribers(context.Background(), subscribers, simulate.BulkOptions{
		File:   "subscribers.csv",
		Common: simulation.Example(),
		Report: func(f schema.Finding) { fmt.Println(f) },
	})
	fmt.Println(stats, err)
	// Output:
	// subscribers.csv:3: error: USE_TLS_WXT: "yes" is not true or false (at type/Business Communicator - PC/config-wxt.xml.template:25:24) [WXT010]
	// 3 subscribers, 1 errors <nil>
}
