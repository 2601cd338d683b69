package diff_test

import (
	"fmt"
	"log"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/diff"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/tags"
)

// release makes an archive of the desktop app with a template.
func release(r oci.Release, template string) *dtaf.Archive {
	desktop := dtaf.Spec(tags.Desktop)
	a, err := dtaf.New(dtaf.File{Name: desktop.TemplateName(desktop.Name), Data: []byte(template)})
	if err != nil {
		log.Fatal(err)
	}
	if err := a.SetManifest(dtaf.NewManifest(tags.Desktop, r)); err != nil {
		log.Fatal(err)
	}
	return a
}

func ExampleArchives() {
	october := release(oci.R22, `<config><call-park enabled="%ENABLE_CALL_PARK_WXT%"/><timeout>10</timeout></config>`)
	november := release(oci.R23, `<config>
	<timeout>20</timeout>
	<call-park timer="5" enabled="%ENABLE_CALL_PARK_WXT%"/>
	<call-pull enabled="%ENABLE_CALL_PULL_WXT%"/>
</config>`)

	d := diff.Archives(october, november)
	for _, r := range d.Requests {
		fmt.Println(r.Change, r.Old, "->", r.New)
		for _, o := range r.Options {
			fmt.Printf("\t%s %s: %q -> %q\n", o.Change, o.Option, o.Old, o.New)
		}
	}
	for _, f := range d.Files {
		fmt.Println(f.Change, f.Name)
		for _, t := range f.Tags {
			fmt.Println("\ttag", t.Change, t.Tag, t.New)
		}
		for _, e := range f.Elements {
			fmt.Printf("\telement %s %s %s: %q -> %q\n", e.Change, e.Path, e.Attribute, e.Old, e.New)
		}
	}
	// Output:
	// replaced SystemSIPDeviceTypeAddRequest22 -> SystemSIPDeviceTypeAddRequest23
	// 	added allowSpCustomTagSet: "" -> "true"
	// 	added allowTerminationBasedOnICSI: "" -> "false"
	// 	added roamingMode: "" -> "None"
	// 	added supportCallingPartyCategoryInOutboundFromHeader: "" -> "true"
	// changed type/Business Communicator - PC/config-wxt.xml.template
	// 	tag added ENABLE_CALL_PULL_WXT [config/call-pull/@enabled]
	// 	element reordered /config/timeout : "" -> ""
	// 	element changed /config/timeout : "10" -> "20"
	// 	element added /config/call-park timer: "" -> "5"
	// 	element added /config/call-pull : "" -> "<call-pull enabled=\"%ENABLE_CALL_PULL_WXT%\"/>"
}
