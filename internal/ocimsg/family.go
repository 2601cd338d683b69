package ocimsg

import (
	"regexp"

	"github.com/dtafgen/wxt/dtaf/oci"
)

// Family returns the name of a request or a response without its version, such as
// "SystemSIPDeviceTypeAddRequest", also of one that is not modelled.
func Family(name string) string {
	if t, ok := oci.Lookup(name); ok {
		return t.Family
	}
	if m := familyPattern.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	return name
}

var familyPattern = regexp.MustCompile(`^(.*?(?:Request|Response))(?:\d+(?:sp\d+)?(?:V\d+)?)?$`)
