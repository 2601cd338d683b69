package wxt

import "github.com/dtafgen/wxt/dtaf/oci"

// deviceEncoding returns the device type that a manifest adds, its encoding, and
// the request; the request is nil if the type has no files to manage.
func deviceEncoding(p *Pass) (deviceType, encoding string, r *oci.Request) {
	if p.Manifest == nil {
		return "", "", nil
	}
	r = deviceManagement(p.Manifest)
	if r == nil {
		return "", "", nil
	}
	deviceType, _ = r.Get("deviceType")
	encoding, _ = r.Get("defaultDeviceEncoding")
	return deviceType, encoding, r
}

// checkEncodingMissing looks for device types without an encoding.
func checkEncodingMissing(p *Pass) {
	deviceType, encoding, r := deviceEncoding(p)
	if r == nil || encoding != "" {
		return
	}
	p.Report(p.element(r, "deviceManagementDeviceTypeOptions"), "add defaultDeviceEncoding, or after the import: "+setEncoding(deviceType),
		"the device type has no defaultDeviceEncoding: the Application Server uses ISO-8859-1")
}
