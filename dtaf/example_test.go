package dtaf_test

import (
	"bytes"
	"fmt"
	"log"
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
	deviceType := dtaf.DeviceTypeRequest(manifest)
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

func ExamplePackageName() {
	fmt.Println(dtaf.PackageName(tags.Desktop, "3.9.18", time.November, 2026))
	p, err := dtaf.ParsePackageName("ucone-mobile-ucaas-3.9.18-wxt-Jan2027_DTAF.zip")
	fmt.Println(p.Platform, p.Version, p.Month, p.Year, err)
	// Output:
	// ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip
	// mobile 3.9.18 January 2027 <nil>
}
