package tags_test

import (
	"fmt"

	"github.com/dtafgen/wxt/tags"
)

func Example() {
	catalogue := tags.Default()
	tag, ok := catalogue.Lookup("%SBC_PORT_WXT%")
	if !ok {
		fmt.Println("no such tag")
		return
	}
	value, _ := tag.DefaultOn(tags.Desktop)
	fmt.Println(tag.Text)
	fmt.Println(tag.Type, value, "on", tag.Platforms)
	// Output:
	// Port of the SBC.
	// port 5060 on desktop, mobile, tablet
}

func ExampleCatalogue_Extend() {
	catalogue, err := tags.Default().Extend(tags.Tag{
		Name:      "ENABLE_SCREEN_SHARE_WXT",
		Type:      tags.Bool,
		Default:   "true",
		Platforms: tags.NewPlatformSet(tags.Desktop),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	near, _ := catalogue.Nearest("ENABLE_SCREENSHARE_WXT")
	fmt.Println(near)
	// Output: ENABLE_SCREEN_SHARE_WXT
}

func ExampleEffective() {
	d, _ := tags.Effective(
		tags.Definition{Place: tags.DeviceTypeSet, Value: "sbc.example.com"},
		tags.Definition{Place: tags.Group, Value: "sbc2.example.com"},
	)
	fmt.Println(d.Value, "from the", d.Place)
	// Output: sbc2.example.com from the group
}
