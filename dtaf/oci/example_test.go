package oci_test

import (
	"fmt"
	"log"
	"os"

	"github.com/dtafgen/wxt/dtaf/oci"
)

// A manifest is read, one option of its device type is changed, and it is
// written again.
func Example() {
	data := []byte(`<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<command xsi:type="SystemSIPDeviceTypeServiceModifyRequest" xmlns=""><deviceType>Phone</deviceType></command>
</BroadsoftDocument>`)
	d, err := oci.Parse("phone.oci", data)
	if err != nil {
		log.Fatal(err)
	}
	if err := d.Requests[0].Set("supportsPolycomPhoneServices", "false"); err != nil {
		log.Fatal(err)
	}
	os.Stdout.Write(d.Bytes())
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
	//   <command xsi:type="SystemSIPDeviceTypeServiceModifyRequest" xmlns="">
	//     <deviceType>Phone</deviceType>
	//     <supportsPolycomPhoneServices>false</supportsPolycomPhoneServices>
	//   </command>
	// </BroadsoftDocument>
}

func ExampleDocument_Check() {
	d, err := oci.Parse("phone.oci", []byte(`<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<command xsi:type="SystemSIPDeviceTypeServiceModifyRequest" xmlns="">
  <deviceTyp>Phone</deviceTyp>
  <deviceType>Phone</deviceType>
  <supportsPolycomPhoneServices>no</supportsPolycomPhoneServices>
</command></BroadsoftDocument>`))
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range d.Check() {
		fmt.Println(f)
		if f.Remedy != "" {
			fmt.Println("  " + f.Remedy)
		}
	}
	// Output:
	// phone.oci:3:3: error: SystemSIPDeviceTypeServiceModifyRequest: element deviceTyp is not known [WXT202]
	//   did you mean deviceType?
	// phone.oci:5:33: error: SystemSIPDeviceTypeServiceModifyRequest: supportsPolycomPhoneServices: "no" is not a boolean: expected true or false [WXT204]
}

func ExampleRequest_Set() {
	r, err := oci.NewRequest("SystemSIPDeviceTypeAddRequest21")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Set("numberOfPorts", "10"))
	fmt.Println(r.Set("deviceAccessProtocol", "https"))
	fmt.Println(r.Set("locationNetwork", "Fixed"))
	// Output:
	// <nil>
	// SystemSIPDeviceTypeAddRequest21: deviceAccessProtocol: "https" is not a value of DeviceAccessProtocol16: expected one of "Http", "Https", "FTP", "TFTP": did you mean Https?
	// SystemSIPDeviceTypeAddRequest21 has no element "locationNetwork" that takes a value: SystemSIPDeviceTypeAddRequest21sp1 is the first to have it (R21SP1)
}

func ExampleType_Leaves() {
	t, ok := oci.Lookup("SystemSIPDeviceTypeFileModifyRequest16sp1")
	if !ok {
		log.Fatal("not modelled")
	}
	for _, leaf := range t.Leaves()[:5] {
		fmt.Println(leaf.Name, leaf.Parents, "-", leaf.Type)
	}
	// Output:
	// deviceType [] - text of 1 to 40 characters
	// fileFormat [] - text of 1 to 128 characters
	// fileCustomization [] - one of "Disallow", "Administrator", "Administrator and User"
	// fileSource [] - one of "Manual", "Custom"
	// sourceFileName [uploadFile] - text of at least 1 characters
}

func ExampleNewTagSet() {
	d, err := oci.NewTagSet(oci.R23, "BroadTouch_Tags", []oci.TagValue{
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
	before := []oci.TagValue{{Name: "SBC_PORT_WXT", Value: "5060"}, {Name: "USE_TLS_WXT", Value: "false"}}
	after := []oci.TagValue{{Name: "SBC_PORT_WXT", Value: "5061"}, {Name: "USE_TLS_WXT", Value: "false"}}
	d, err := oci.NewTagChanges(oci.R23, "BroadTouch_Tags", before, after)
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
func ExampleDocument_Tags() {
	response, err := oci.Parse("response.xml", []byte(`<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<command xsi:type="SystemDeviceManagementTagGetListResponse" xmlns=""><tagsTable>
<colHeading>Tag Name</colHeading><colHeading>Tag Value</colHeading><colHeading>Is Overridable</colHeading>
<row><col>%SBC_PORT_WXT%</col><col>5060</col><col>true</col></row>
</tagsTable></command></BroadsoftDocument>`))
	if err != nil {
		log.Fatal(err)
	}
	live, err := response.Tags()
	if err != nil {
		log.Fatal(err) // an *oci.ErrorResponse, if the server refused
	}
	want := []oci.TagValue{{Name: "SBC_PORT_WXT", Value: "5061"}, {Name: "USE_TLS_WXT", Value: "true"}}
	for _, d := range oci.CompareTags(want, live) {
		fmt.Printf("%s %s: have %q, want %q\n", d.Name, d.Kind, d.Live.Value, d.Want.Value)
	}
	// Output:
	// SBC_PORT_WXT value: have "5060", want "5061"
	// USE_TLS_WXT missing: have "", want "true"
}
