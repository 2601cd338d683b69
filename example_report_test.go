package wxt_test

import (
	"fmt"

	"github.com/dtafgen/wxt"
)

// A report tells what a project decides, and what changed since an earlier one.
func ExampleNewReport() {
	old, err := wxt.Parse("old.toml", []byte("[tags]\nSBC_ADDRESS_WXT = \"sbc.example.com\"\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	now, err := wxt.Parse("now.toml", []byte("[tags]\nSBC_ADDRESS_WXT = \"sbc.example.net\"\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	report := wxt.NewReport(now, wxt.Options{}, old)
	for _, p := range report.Changes {
		for _, c := range p.Values {
			fmt.Printf("%s: %s was %s, and is %s (%s)\n", p.Platform, c.Name, c.Old, c.New, c.Position)
		}
	}
	// Output:
	// desktop: SBC_ADDRESS_WXT was sbc.example.com, and is sbc.example.net (now.toml:2:19)
	// mobile: SBC_ADDRESS_WXT was sbc.example.com, and is sbc.example.net (now.toml:2:19)
	// tablet: SBC_ADDRESS_WXT was sbc.example.com, and is sbc.example.net (now.toml:2:19)
}
