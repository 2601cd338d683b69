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
	r := &oci.Request{Type: "SystemSIPDeviceTypeAddRequest21"}
	fmt.Println(r.Set("numberOfPorts", "10"))
	fmt.Println(r.Set("deviceAccessProtocol", "https"))
	fmt.Println(r.Set("locationNetwork", "Fixed"))
	// Output:
	// <nil>
	// SystemSIPDeviceTypeAddRequest21: deviceAccessProtocol: "https" is not a value of DeviceAccessProtocol16: expected one of "Http", "Https", "FTP", "TFTP": did you mean Https?
	// SystemSIPDeviceTypeAddRequest21 has no element "locationNetwork" that takes a value: SystemSIPDeviceTypeAddRequest21sp1 is the first to have it (R21SP1)
}

func ExampleLookup() {
	t, ok := oci.Lookup("SystemSIPDeviceTypeFileModifyRequest16sp1")
	if !ok {
		log.Fatal("not modelled")
	}
	for _, leaf := range t.Leaves[:5] {
		fmt.Println(leaf.Name, leaf.Parents, "-", leaf.Type)
	}
	// Output:
	// deviceType [] - text of 1 to 40 characters
	// fileFormat [] - text of 1 to 128 characters
	// fileCustomization [] - one of "Disallow", "Administrator", "Administrator and User"
	// fileSource [] - one of "Manual", "Custom"
	// sourceFileName [uploadFile] - text of at least 1 characters
}
