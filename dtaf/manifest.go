package dtaf

import (
	"path"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/ocipatch"
	"github.com/dtafgen/wxt/tags"
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
	deviceType, file := requestsFor(r)
	return &oci.Document{Requests: []*oci.Request{
		d.request(deviceType), d.request(manifest.ModifyLanguages), d.request(file), d.request(manifest.ModifyServices),
	}}
}

// SetDeviceType renames the device type of an archive: in its manifest, and in
// the names of the manifest and of the type's folder. An archive with the
// name already stays as it is, byte for byte.
func (a *Archive) SetDeviceType(name string) error {
	d, err := a.Manifest()
	if err != nil {
		return err
	}
	if old, ok := manifest.DeviceType(d); ok && old == name {
		return nil
	}
	if err := manifest.SetDeviceType(d, name); err != nil {
		return err
	}
	return a.SetManifest(d)
}

// DeviceType returns the name of the device type that the archive is about, as its
// manifest says it, or nothing where none says so.
func (a *Archive) DeviceType() string {
	d, err := a.Manifest()
	if err != nil {
		return ""
	}
	name, _ := manifest.DeviceType(d)
	return name
}

// SetManifest puts the manifest in, in place of the one that is there. Of one that
// [Archive.Manifest] gave and that has been changed since, every byte stays that the
// changes don't touch. A device type with another name moves the manifest and the
// type's folder along.
func (a *Archive) SetManifest(d *oci.Document) error {
	name, ok := manifest.DeviceType(d)
	if !ok {
		return a.errorf("", manifest.ErrNoDeviceType, "%s", manifest.ErrNoDeviceType)
	}
	updated := a.Clone()
	was, err := a.Manifest()
	if err == nil {
		err = updated.changeManifest(was, d, name)
	} else {
		err = updated.newManifest(d, name) // None is there, or none that can be read.
	}
	if err == nil {
		*a = *updated
	}
	return err
}

// newManifest puts a manifest in, instead of any that is there.
func (a *Archive) newManifest(d *oci.Document, name string) error {
	if err := manifest.CheckDeviceType(name); err != nil {
		return err
	}
	a.files = slices.DeleteFunc(a.files, func(f File) bool { return isManifest(f.Name) && path.Dir(f.Name) == "oci" })
	return a.Put("oci/"+name+".oci", d.Bytes())
}

// changeManifest makes a manifest of the one that is there.
func (a *Archive) changeManifest(was, is *oci.Document, name string) error {
	file, err := a.ManifestName()
	if err != nil {
		return err
	}
	src, _ := a.File(file)
	data, err := ocipatch.Apply(src, is)
	if err != nil {
		data = is.Bytes()
	}
	if err := a.Put(file, data); err != nil {
		return err
	}
	old, _ := manifest.DeviceType(was)
	if name == old {
		return nil
	}
	if err := manifest.CheckDeviceType(name); err != nil {
		return err
	}
	return a.rename(func(f string) string {
		if f == file {
			return "oci/" + name + ".oci"
		}
		if rest, ok := strings.CutPrefix(f, "type/"+old+"/"); ok {
			return "type/" + name + "/" + rest
		}
		return f
	})
}
