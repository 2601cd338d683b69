package ocimsg

import (
	"encoding/base64"
	"fmt"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/levels"
)

// An Import says how an archive comes to an Application Server.
type Import struct {
	URL         string // where the server finds the archive: http or file
	DeviceType  string // the device type's name in the archive; only needed for a NewName
	NewName     string // the device type's name on the system; empty: that of the archive
	UpdateFiles bool   // the device type is there: update the files whose fileFormat is the archive's
}

// NewImport returns the SystemDeviceTypeImportRequest for each of the archives.
// NewName and UpdateFiles take R25, the first release whose schema is known to
// have the elements. The error is an [*oci.ElementError].
func NewImport(r oci.Release, archives ...Import) (*oci.Document, error) {
	return newImport("SystemDeviceTypeImportRequest", r, archives)
}

// NewImportDryRun returns the SystemDeviceTypeImportDryRunRequest for each of the
// archives, which imports nothing and tells whether the import would change
// something. It takes R25, the first release whose schema is known to have it.
func NewImportDryRun(r oci.Release, archives ...Import) (*oci.Document, error) {
	return newImport("SystemDeviceTypeImportDryRunRequest", r, archives)
}

func newImport(requestType string, release oci.Release, archives []Import) (*oci.Document, error) {
	d := &oci.Document{}
	for _, a := range archives {
		elements := []element{{"file", a.URL}}
		if a.NewName != "" {
			elements = append(elements, element{"originalDeviceTypeName", a.DeviceType}, element{"newDeviceTypeName", a.NewName})
		}
		if a.UpdateFiles {
			elements = append(elements, element{"deviceTypeFileUpdate", "true"})
		}
		r, err := fillFor(release, requestType, elements)
		if err != nil {
			return nil, err
		}
		d.Requests = append(d.Requests, r)
	}
	return d, nil
}

// fillFor makes a request of elements that a release knows.
func fillFor(release oci.Release, requestType string, elements []element) (*oci.Request, error) {
	r := &oci.Request{Type: requestType}
	t, ok := oci.Lookup(requestType)
	switch {
	case !ok:
		return nil, refuse(requestType, "", "", "the request is not modelled")
	case !t.KnownIn(release):
		return nil, refuse(requestType, "", "", fmt.Sprintf("the request takes %s, the first release known to have it", t.Since))
	}
	for _, e := range elements {
		if l, ok := t.Leaf(e.name); ok && l.Since > max(release, oci.R21SP1) {
			return nil, refuse(r.Type, e.name, e.value, fmt.Sprintf("the element takes %s, the first release known to have it", l.Since))
		}
		if err := r.Set(e.name, e.value); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// A Scope is where on a system something holds. Its zero value is all of the
// system.
type Scope struct {
	ServiceProvider string // the service provider or the enterprise
	Group           string // a group of the service provider
	Device          string // an access device of the group, of the service provider, or of the system
}

// check returns an error if a group has no service provider.
func (s Scope) check(request string) error {
	if s.Group != "" && s.ServiceProvider == "" {
		return refuse(request, "serviceProviderId", "", "the group has no service provider: expected the one that it belongs to")
	}
	return nil
}

// elements returns the elements that name the scope.
func (s Scope) elements() []element {
	var list []element
	for _, e := range []element{{"serviceProviderId", s.ServiceProvider}, {"groupId", s.Group}, {"deviceName", s.Device}} {
		if e.value != "" {
			list = append(list, e)
		}
	}
	return list
}

// NewFileModify returns the request that gives a file of a device type another
// template: a SystemSIPDeviceTypeFileModifyRequest16sp1 for the system, or a
// GroupDeviceTypeFileModifyRequest14sp8 for one group only. FileFormat is the
// name under which the device asks for the file. The template goes into the
// request itself, and fileSource becomes Custom, so that it is used.
func NewFileModify(scope Scope, deviceType, fileFormat string, template []byte) (*oci.Request, error) {
	requestType := "SystemSIPDeviceTypeFileModifyRequest16sp1"
	switch {
	case scope.Device != "" || scope.ServiceProvider != "" && scope.Group == "":
		return nil, refuse(requestType, "groupId", "", "a file can be changed for the system or for one group")
	case scope.Group != "":
		requestType = "GroupDeviceTypeFileModifyRequest14sp8"
	}
	if err := scope.check(requestType); err != nil {
		return nil, err
	}
	return fillFor(0, requestType, append(scope.elements(), element{"deviceType", deviceType}, element{"fileFormat", fileFormat},
		element{"fileSource", "Custom"}, element{"fileContent", base64.StdEncoding.EncodeToString(template)}))
}

// NewRebuild returns the request that rebuilds the files of a device type: a
// SystemCPEConfigRebuildConfigFileRequest for the system, or a
// GroupCPEConfigRebuildConfigFileRequest for one group. RebuildType is "Device
// Type" for the files of the type, "Device Profiles" for those of each device, or
// empty for what the server takes it for; a group has none.
func NewRebuild(scope Scope, deviceType, rebuildType string) (*oci.Request, error) {
	requestType := "SystemCPEConfigRebuildConfigFileRequest"
	switch {
	case scope.Device != "" || scope.ServiceProvider != "" && scope.Group == "":
		return nil, refuse(requestType, "deviceType", deviceType, "the files of a device type are rebuilt for the system or for one group")
	case scope.Group != "":
		requestType = "GroupCPEConfigRebuildConfigFileRequest"
	}
	if err := scope.check(requestType); err != nil {
		return nil, err
	}
	elements := append(scope.elements(), element{"deviceType", deviceType})
	if rebuildType != "" {
		elements = append(elements, element{"rebuildType", rebuildType})
	}
	return fillFor(0, requestType, elements)
}

// NewTagOverrides returns the requests that give tags a value of their own at a
// stronger place than the tag set: for the devices of a device type in a service
// provider or in a group, or for one device, for which the device type is not
// looked at. Values of tags that may not be overridden do nothing; NotOverridable
// itself is only for tag sets.
//
// For a service provider that takes R22 or later. The error is an [*oci.ElementError].
func NewTagOverrides(r oci.Release, scope Scope, deviceType string, values []TagValue) (*oci.Document, error) {
	requestType := ""
	switch {
	case scope.Device != "" && scope.Group != "":
		requestType = "GroupAccessDeviceCustomTagAddRequest"
	case scope.Device != "" && scope.ServiceProvider != "":
		requestType = "ServiceProviderAccessDeviceCustomTagAddRequest"
	case scope.Device != "":
		requestType = "SystemAccessDeviceCustomTagAddRequest"
	case scope.Group != "":
		requestType = "GroupDeviceTypeCustomTagAddRequest"
	default:
		requestType = "ServiceProviderDeviceTypeCustomTagAddRequest"
		if scope.ServiceProvider == "" {
			return nil, refuse(requestType, "serviceProviderId", "", "there is no place to override tags at: expected a service provider, a group or a device")
		}
	}
	if err := scope.check(requestType); err != nil {
		return nil, err
	}
	if err := unique(requestType, values); err != nil {
		return nil, err
	}
	d := &oci.Document{}
	for _, v := range values {
		full, err := tagName(requestType, v.Name)
		if err != nil {
			return nil, err
		}
		if v.NotOverridable {
			return nil, refuse(requestType, "isTagValueOverridable", "false", fmt.Sprintf("tag %s: only a tag set says that a tag is not overridable", full))
		}
		elements := scope.elements()
		if scope.Device == "" {
			elements = append(elements, element{"deviceType", deviceType})
		}
		elements = append(elements, element{"tagName", full})
		if scope.Device == "" && scope.Group == "" {
			elements = append(elements, element{"isTagValueEncrypted", "false"})
		}
		if v.Value != "" {
			elements = append(elements, element{"tagValue", v.Value})
		}
		request, err := fillFor(r, requestType, elements)
		if err != nil {
			return nil, err
		}
		d.Requests = append(d.Requests, request)
	}
	return d, nil
}

// Level returns at which of the levels where a tag can have a value the scope is.
func (s Scope) Level() levels.Level {
	switch {
	case s.Device != "":
		return levels.AccessDevice
	case s.Group != "":
		return levels.Group
	case s.ServiceProvider != "":
		return levels.ServiceProvider
	}
	return levels.DeviceTypeSet
}
