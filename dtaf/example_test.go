package dtaf_test

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/tags"
)

// An archive is made of a manifest and a template, written, and read again.
func Example() {
	desktop := dtaf.Spec(tags.Desktop)
	a, err := dtaf.New(dtaf.File{Name: desktop.TemplateName(desktop.Name), Data: []byte("<config/>\n")})
	if err != nil {
		log.Fatal(err)
	}
	if err := a.SetManifest(dtaf.NewManifest(tags.Desktop, oci.R23)); err != nil {
		log.Fatal(err)
	}
	data, err := a.Bytes(time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		log.Fatal(err)
	}

	again, err := dtaf.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		log.Fatal(err)
	}
	for f := range again.Files() {
		fmt.Println(f.Name)
	}
	manifest, err := again.Manifest()
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range manifest.Requests {
		fmt.Println(r.Type)
	}
	// Output:
	// oci/Business Communicator - PC.oci
	// type/Business Communicator - PC/config-wxt.xml.template
	// SystemSIPDeviceTypeAddRequest23
	// SystemSIPDeviceTypeLanguageMappingModifyRequest
	// SystemSIPDeviceTypeFileAddRequest22
	// SystemSIPDeviceTypeServiceModifyRequest
}

func ExampleNewManifest() {
	manifest := dtaf.NewManifest(tags.Tablet, oci.R22)
	deviceType := manifest.Requests[0] // adds the device type
	if err := deviceType.Set("deviceAccessNetAddress", "xsp.example.com"); err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"deviceType", "numberOfPorts", "tagSet", "deviceAccessNetAddress"} {
		value, _ := deviceType.Get(name)
		fmt.Println(name, value)
	}
	fmt.Println(manifest.Check().Err())
	// Output:
	// deviceType Connect - Tablet
	// numberOfPorts 1
	// tagSet ConnectTablet_Tags
	// deviceAccessNetAddress xsp.example.com
	// <nil>
}

func ExampleArchive_SetDeviceType() {
	mobile := dtaf.Spec(tags.Mobile)
	a, err := dtaf.New(dtaf.File{Name: mobile.TemplateName(mobile.Name)})
	if err != nil {
		log.Fatal(err)
	}
	if err := a.SetManifest(dtaf.NewManifest(tags.Mobile, 0)); err != nil {
		log.Fatal(err)
	}
	if err := a.SetDeviceType("Example Mobile"); err != nil {
		log.Fatal(err)
	}
	for f := range a.Files() {
		fmt.Println(f.Name)
	}
	// Output:
	// oci/Example Mobile.oci
	// type/Example Mobile/config-wxt.xml.template
}

func ExampleOpen() {
	_, err := dtaf.Open("no-such.zip", dtaf.WithLimits(dtaf.Limits{Entries: 100}))
	fmt.Println(err)
	// Output:
	// no-such.zip: stat: no such file or directory
}

// Why an archive is refused can be told apart.
func ExampleLimitError() {
	a, err := dtaf.New(dtaf.File{Name: "type/Phone/phone.cfg.template", Data: make([]byte, 5000)})
	if err != nil {
		log.Fatal(err)
	}
	data, err := a.Bytes(time.Now())
	if err != nil {
		log.Fatal(err)
	}
	_, err = dtaf.Read(bytes.NewReader(data), int64(len(data)), dtaf.WithName("phone.zip"), dtaf.WithLimits(dtaf.Limits{Entry: 1000}))
	var over *dtaf.LimitError
	if errors.As(err, &over) {
		fmt.Println("too large:", over.What, over.Limit)
	}
	_, err = dtaf.Read(strings.NewReader("text"), 4)
	fmt.Println(errors.Is(err, dtaf.ErrNotArchive))
	// Output:
	// too large: bytes 1000
	// true
}
