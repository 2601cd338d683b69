package provision_test

import (
	"fmt"
	"log"
	"os"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/dtaf/provision"
	"github.com/dtafgen/wxt/tags"
)

// A tag set is made of plain values: a database's, say. With a project file, it is
// wxt.Compilation.Provision that makes the source.
func ExampleTagSets() {
	tag, ok := tags.Default().Lookup("SBC_ADDRESS_WXT")
	if !ok {
		log.Fatal("the catalogue lacks the tag")
	}
	made, err := provision.TagSets(&provision.Source{
		Release: oci.R24,
		Session: "1234",
		Targets: []provision.Target{{
			Platform: tags.Desktop, DeviceType: "Business Communicator - PC", TagSet: "BroadTouch_Tags",
			Values: []provision.Value{{Tag: tag, Value: "sbc.example.com"}},
		}},
	}, provision.TagSetOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range made.Messages {
		fmt.Println(m.Name)
		os.Stdout.Write(m.Document.Bytes())
	}
	// Output:
	// 01-tagset-BroadTouch_Tags.xml
	// <?xml version="1.0" encoding="UTF-8"?>
	// <BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
	//   <sessionId xmlns="">1234</sessionId>
	//   <command xsi:type="SystemDeviceManagementTagSetAddRequest" xmlns="">
	//     <tagSetName>BroadTouch_Tags</tagSetName>
	//   </command>
	//   <command xsi:type="SystemDeviceManagementTagAddRequest22" xmlns="">
	//     <tagSetName>BroadTouch_Tags</tagSetName>
	//     <tagName>%SBC_ADDRESS_WXT%</tagName>
	//     <isTagValueEncrypted>false</isTagValueEncrypted>
	//     <tagValue>sbc.example.com</tagValue>
	//     <isTagValueOverridable>true</isTagValueOverridable>
	//   </command>
	// </BroadsoftDocument>
}
