package merge_test

import (
	"fmt"
	"log"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/merge"
)

// A partner's change is carried to the vendor's next release.
func ExampleMerge() {
	archive := func(template string) *dtaf.Archive {
		a, err := dtaf.New(dtaf.File{Name: "type/Phone/config-wxt.xml.template", Data: []byte(template)})
		if err != nil {
			log.Fatal(err)
		}
		return a
	}
	old := archive(`<config><calls pull="true" wait="true"/></config>`)
	mine := archive(`<config><calls pull="false" wait="false"/></config>`)
	new := archive("<config>\n\t<calls pull='true' wait='%ENABLE_WAIT_WXT%' />\n</config>")

	result, report, err := merge.Merge(merge.Input{Old: old, New: new, Mine: mine}, merge.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range report.Changes {
		fmt.Println(c.Outcome, c.Path, *c.Old, *c.Mine, *c.New)
	}
	data, _ := result.File("type/Phone/config-wxt.xml.template")
	fmt.Printf("%s\n", data)
	// Output:
	// carried config/calls/@pull true false true
	// conflict config/calls/@wait true false %ENABLE_WAIT_WXT%
	// <config>
	// 	<calls pull='false' wait='%ENABLE_WAIT_WXT%' />
	// </config>
}
