package configwxt_test

import (
	"fmt"
	"log"

	"github.com/dtafgen/wxt/internal/configwxt"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/tags"
)

// A vendor's template is held against what is known of the platform's.
func ExampleCompare() {
	vendor, err := render.Parse("config-wxt.xml.template", []byte(`<config>
  <services>
    <screen-share enabled="%ENABLE_SCREEN_SHARE_WXT%"/>
    <park enabled="%ENABLE_CALL_PARK_WXT%"/>
  </services>
</config>`))
	if err != nil {
		log.Fatal(err)
	}
	c, err := configwxt.Compare(vendor, tags.Desktop, tags.Default())
	if err != nil {
		log.Fatal(err)
	}
	for _, tag := range c.Unknown {
		fmt.Println("the catalogue lacks", tag.Tag, "at", tag.Found[0].Path)
	}
	for _, tag := range c.Misplaced {
		fmt.Println(tag.Tag, "is at", tag.Found[0].Path, "and not at", tag.Expected[0])
	}
	// Output:
	// the catalogue lacks ENABLE_SCREEN_SHARE_WXT at config/services/screen-share/@enabled
	// ENABLE_CALL_PARK_WXT is at config/services/park/@enabled and not at config/services/calls/call-park/@enabled
}
