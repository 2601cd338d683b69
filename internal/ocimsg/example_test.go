package ocimsg_test

import (
	"fmt"
	"log"
	"os"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/ocimsg"
)

func ExampleNewTagSet() {
	d, err := ocimsg.NewTagSet(oci.R23, "BroadTouch_Tags", []ocimsg.TagValue{
		{Name: "SBC_ADDRESS_WXT", Value: "sbc.example.com"},
	})
	if err != nil {
		log.Fatal(err)
	}
	d.SessionID = "1234"
	os.Stdout.Write(d.Bytes())
	// Output:
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

// What has changed between two states of a tag set goes to the server as messages
// of at most 15 requests.
func ExampleNewTagChanges() {
	before := []ocimsg.TagValue{{Name: "SBC_PORT_WXT", Value: "5060"}, {Name: "USE_TLS_WXT", Value: "false"}}
	after := []ocimsg.TagValue{{Name: "SBC_PORT_WXT", Value: "5061"}, {Name: "USE_TLS_WXT", Value: "false"}}
	d, err := ocimsg.NewTagChanges(oci.R23, "BroadTouch_Tags", before, after)
	if err != nil {
		log.Fatal(err)
	}
	d.SessionID = "1234"
	for _, message := range d.Split(oci.MaxCommands) {
		os.Stdout.Write(message.Bytes())
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
	//   <sessionId xmlns="">1234</sessionId>
	//   <command xsi:type="SystemDeviceManagementTagModifyRequest" xmlns="">
	//     <tagSetName>BroadTouch_Tags</tagSetName>
	//     <tagName>%SBC_PORT_WXT%</tagName>
	//     <tagValue>5061</tagValue>
	//   </command>
	// </BroadsoftDocument>
}

// The tags of a live tag set are compared with those that it should have.
func ExampleCompareTags() {
	response, err := oci.Parse("response.xml", []byte(`<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<command xsi:type="SystemDeviceManagementTagGetListResponse" xmlns=""><tagsTable>
<colHeading>Tag Name</colHeading><colHeading>Tag Value</colHeading><colHeading>Is Overridable</colHeading>
<row><col>%SBC_PORT_WXT%</col><col>5060</col><col>true</col></row>
</tagsTable></command></BroadsoftDocument>`))
	if err != nil {
		log.Fatal(err)
	}
	live, err := ocimsg.Tags(response)
	if err != nil {
		log.Fatal(err) // an *ErrorResponse, if the server refused
	}
	want := []ocimsg.TagValue{{Name: "SBC_PORT_WXT", Value: "5061"}, {Name: "USE_TLS_WXT", Value: "true"}}
	for _, d := range ocimsg.CompareTags(want, live) {
		fmt.Printf("%s %s: have %q, want %q\n", d.Name, d.Kind, d.Live.Value, d.Want.Value)
	}
	// Output:
	// SBC_PORT_WXT value: have "5060", want "5061"
	// USE_TLS_WXT missing: have "", want "true"
}
