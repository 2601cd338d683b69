package manifest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/archivename"
)

// The requests of a manifest, without their versions.
const (
	AddDeviceType   = "SystemSIPDeviceTypeAddRequest"
	ModifyLanguages = "SystemSIPDeviceTypeLanguageMappingModifyRequest"
	AddFile         = "SystemSIPDeviceTypeFileAddRequest"
	ModifyServices  = "SystemSIPDeviceTypeServiceModifyRequest"
)

// ErrNoDeviceType says that no request of a manifest names a device type.
var ErrNoDeviceType = errors.New("the manifest names no device type: expected a request with a deviceType")

// DeviceTypeRequest returns the first request of a manifest that adds a device
// type, of any version, or nil.
func DeviceTypeRequest(d *oci.Document) *oci.Request {
	for _, r := range d.Requests {
		if AddsDeviceType(r) {
			return r
		}
	}
	return nil
}

// AddsDeviceType reports whether a request adds a device type, in any version.
func AddsDeviceType(r *oci.Request) bool { return isVersionOf(r, AddDeviceType) }

// FileRequests returns the requests of a manifest that add a file, of any
// version, in order.
func FileRequests(d *oci.Document) []*oci.Request {
	var list []*oci.Request
	for _, r := range d.Requests {
		if isVersionOf(r, AddFile) {
			list = append(list, r)
		}
	}
	return list
}

func isVersionOf(r *oci.Request, family string) bool {
	version, ok := strings.CutPrefix(r.Type, family)
	return ok && (version == "" || '0' <= version[0] && version[0] <= '9')
}

// DeviceType returns the name of the device type that a manifest is about: that of
// the request that adds it, or of the first request that names one.
func DeviceType(d *oci.Document) (string, bool) {
	if r := DeviceTypeRequest(d); r != nil {
		if name, ok := r.Get("deviceType"); ok {
			return name, true
		}
	}
	for _, r := range d.Requests {
		if name, ok := r.Get("deviceType"); ok {
			return name, true
		}
	}
	return "", false
}

// SetDeviceType renames the device type of a manifest in every request that
// names it, and its folder in the names of its files' templates.
func SetDeviceType(d *oci.Document, name string) error {
	old, ok := DeviceType(d)
	if !ok {
		return ErrNoDeviceType
	}
	if err := CheckDeviceType(name); err != nil {
		return err
	}
	for _, r := range d.Requests {
		for _, e := range r.Elements {
			if e.Name == "deviceType" && strings.TrimSpace(e.Value) == old {
				e.Value = name
			}
		}
		if source := r.Find("sourceFileName"); source != nil {
			if rest, ok := strings.CutPrefix(strings.TrimSpace(source.Value), "type/"+old+"/"); ok {
				source.Value = "type/" + name + "/" + rest
			}
		}
	}
	return nil
}

// CheckDeviceType returns an error that says what is wrong with name as the
// name of a device type, or nil: it has 1 to 40 characters and no white space
// but single spaces inside, and can be the name of a folder.
func CheckDeviceType(name string) error {
	t, ok := oci.Lookup(ModifyServices)
	if !ok {
		return errors.New("the requests of device types are not modelled")
	}
	leaf, _ := t.Leaf("deviceType")
	if err := leaf.Type.Check(name); err != nil {
		return fmt.Errorf("device type: %w", err)
	}
	if strings.Contains(name, "/") {
		return fmt.Errorf("device type %q has a slash in its name: expected one that can be a folder's name", name)
	}
	if reason := archivename.Unsafe(name, archivename.MaxLength); reason != "" {
		return fmt.Errorf("device type %q %s", name, reason)
	}
	return nil
}
