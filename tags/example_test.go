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

func ExampleNewSet() {
	set, err := tags.NewSet("Webex_Tags", tags.Assignment{Tag: "%SBC_ADDRESS_WXT%", Value: "sbc.example.com"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.Name, set.Tags[0].Tag, set.Tags[0].Value)
	_, err = tags.NewSet("Webex_Tags", tags.Assignment{Tag: "BWHOST-1", Value: "a"})
	fmt.Println(err)
	// Output:
	// Webex_Tags SBC_ADDRESS_WXT sbc.example.com
	// tag "BWHOST-1" begins with BW, which is reserved for the system tags: choose another name
}
