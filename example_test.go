package wxt_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/tags"
)

// Five lines make the archives of a project.
func Example() {
	dir, _ := os.MkdirTemp("", "dist")
	defer os.RemoveAll(dir)

	project, err := wxt.Load(filepath.Join("examples", "partner", "dtafgen.toml"))
	if err != nil {
		fmt.Println(err)
		return
	}
	bundle, err := wxt.Build(project, wxt.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := bundle.WriteDir(dir); err != nil {
		fmt.Println(err)
		return
	}
	for f := range bundle.Files() {
		fmt.Println(f.Name)
	}
	// Output:
	// ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip
	// ucone-mobile-ucaas-3.9.18-wxt-Nov2026_DTAF.zip
	// ucone-tablet-ucaas-3.9.18-wxt-Nov2026_DTAF.zip
	// tagsets/Acme_Desktop.oci
	// tagsets/Acme_Mobile.oci
	// tagsets/Acme_Tablet.oci
	// SHA256SUMS
}

func ExampleCheck() {
	project, err := wxt.Parse("dtafgen.toml", []byte(`
[tags]
SBC_ADDRESS_WXT = "sbc.example.com:5061"
USE_TSL_WXT     = true
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range wxt.Check(project, wxt.Options{Platforms: tags.NewPlatformSet(tags.Desktop)}) {
		if f.Line > 1 {
			fmt.Println(f, "-", f.Remedy)
		}
	}
	// Output:
	// dtafgen.toml:3:19: error: SBC_ADDRESS_WXT: "sbc.example.com:5061" is not a host name or an IP address [WXT010] - leave out the port
	// dtafgen.toml:4:1: error: unknown tag USE_TSL_WXT [WXT003] - did you mean USE_TLS_WXT?
}

// What has changed between two project files goes to an Application Server as
// numbered messages.
func ExampleProvisionTagSets() {
	before, err := wxt.Parse("before.toml", []byte("[tags]\nSBC_PORT_WXT = 5060\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := wxt.Parse("after.toml", []byte("[tags]\nSBC_PORT_WXT = 5061\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := wxt.ProvisionTagSets(after, wxt.TagSetOptions{From: before})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range p.Messages {
		for _, r := range m.Document.Requests {
			value, _ := r.Get("tagValue")
			fmt.Println(m.Name, r.Type, value)
		}
	}
	// Output:
	// 01-tagset-BroadTouch_Tags.xml SystemDeviceManagementTagModifyRequest 5061
	// 02-tagset-ConnectTablet_Tags.xml SystemDeviceManagementTagModifyRequest 5061
	// 03-tagset-Connect_Tags.xml SystemDeviceManagementTagModifyRequest 5061
}
