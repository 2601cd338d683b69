package dtaf

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/ocipatch"
	"github.com/dtafgen/wxt/tags"
)

// The requests of a manifest, without their versions.
const (
	familyDeviceType = "SystemSIPDeviceTypeAddRequest"
	familyLanguages  = "SystemSIPDeviceTypeLanguageMappingModifyRequest"
	familyFile       = "SystemSIPDeviceTypeFileAddRequest"
	familyService    = "SystemSIPDeviceTypeServiceModifyRequest"
)

// NewManifest returns the manifest of a platform's device type, made of requests
// that release r knows. For the zero release they are known to every release.
// The platform has to be one of [tags.Platforms]; for another the manifest is
// empty.
//
// It adds the device type, leaves its languages as the Application Server has
// them, adds config-wxt.xml, whose template is [DeviceType.TemplateName] in the
// archive, and sets the services. The host of the XSP|ADP farm,
// deviceAccessNetAddress, is left out.
func NewManifest(p tags.Platform, r oci.Release) *oci.Document {
	d := Spec(p)
	if d.Platform == 0 {
		return &oci.Document{}
	}
	deviceType, file := Requests(r)
	return &oci.Document{Requests: []*oci.Request{
		d.request(deviceType), d.request(familyLanguages), d.request(file), d.request(familyService),
	}}
}

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
func AddsDeviceType(r *oci.Request) bool { return isVersionOf(r, familyDeviceType) }

// FileRequests returns the requests of a manifest that add a file, of any
// version, in order.
func FileRequests(d *oci.Document) []*oci.Request {
	var list []*oci.Request
	for _, r := range d.Requests {
		if isVersionOf(r, familyFile) {
			list = append(list, r)
		}
	}
	return list
}

func isVersionOf(r *oci.Request, family string) bool {
	version, ok := strings.CutPrefix(r.Type, family)
	return ok && (version == "" || '0' <= version[0] && version[0] <= '9')
}

// DeviceTypeName returns the name of the device type that a manifest is about:
// that of the request that adds it, or of the first request that names one.
func DeviceTypeName(d *oci.Document) (string, bool) {
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
// names it, and its folder in the names of its files' templates. The files of an
// archive are renamed with [Archive.SetDeviceType].
func SetDeviceType(d *oci.Document, name string) error {
	old, ok := DeviceTypeName(d)
	if !ok {
		return errors.New("the manifest names no device type: expected a request with a deviceType")
	}
	if err := CheckDeviceTypeName(name); err != nil {
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

// SetDeviceType renames the device type of an archive: in its manifest, and in
// the names of the manifest and of the type's folder. An archive that has the
// name already stays as it is, byte for byte.
func (a *Archive) SetDeviceType(name string) error {
	d, err := a.Manifest()
	if err != nil {
		return err
	}
	if old, ok := DeviceTypeName(d); ok && old == name {
		return nil
	}
	if err := SetDeviceType(d, name); err != nil {
		return err
	}
	return a.UpdateManifest(d)
}

// UpdateManifest puts in a manifest that [Archive.Manifest] gave and that has been
// changed since. Where only elements of its requests were changed, every other
// byte of it stays ; otherwise it is written anew. A device
// type that was renamed moves the manifest and the type's folder along.
func (a *Archive) UpdateManifest(d *oci.Document) error {
	file, err := a.ManifestName()
	if err != nil {
		return err
	}
	was, err := a.Manifest()
	if err != nil {
		return err
	}
	src, _ := a.File(file)
	data, err := ocipatch.Apply(src, d)
	if err != nil {
		data = d.Bytes()
	}
	old, _ := DeviceTypeName(was)
	name, ok := DeviceTypeName(d)
	if !ok {
		return a.errorf("", nil, "the manifest names no device type: expected a request with a deviceType")
	}
	updated := a.Clone()
	if err := updated.Put(file, data); err != nil {
		return err
	}
	if name != old {
		if err := CheckDeviceTypeName(name); err != nil {
			return err
		}
		if err := updated.Rename(file, "oci/"+name+".oci"); err != nil {
			return err
		}
		for f := range a.Files() {
			if rest, ok := strings.CutPrefix(f.Name, "type/"+old+"/"); ok {
				if err := updated.Rename(f.Name, "type/"+name+"/"+rest); err != nil {
					return err
				}
			}
		}
	}
	*a = *updated
	return nil
}

// CheckDeviceTypeName returns an error that says what is wrong with name as the
// name of a device type, or nil: it has 1 to 40 characters and no white space
// but single spaces inside, and can be the name of a folder.
func CheckDeviceTypeName(name string) error {
	t, ok := oci.Lookup(familyService)
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
	if reason := badName(name, Limits{}.WithDefaults().NameLength); reason != "" {
		return fmt.Errorf("device type %q %s", name, reason)
	}
	return nil
}
