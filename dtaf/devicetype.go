package dtaf

import (
	_ "embed" // for devicetypes.toml
	"fmt"
	"slices"
	"sync"

	"github.com/BurntSushi/toml"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/tags"
)

//go:embed devicetypes.toml
var deviceTypesTOML string

// A DeviceType is the identity/device profile type of one of the Webex app's
// platforms, as it is customary.
type DeviceType struct {
	Platform         tags.Platform
	Name             string // such as "Business Communicator - PC"
	TagSet           string // the tag set with its custom tags
	URI              string // the device access URI
	FileFormat       string // the file that the app asks for
	Template         string // the name of its template in an archive
	RemoteFileFormat string // the name under which the Application Server keeps what it built

	// Known says how well each of these is known.
	Known struct{ Name, TagSet, URI, FileFormat, Template, RemoteFileFormat tags.Mark }
}

// A value is what an element of a manifest holds for a platform.
type value struct{ element, value string }

// facts is the table of device types. It does not change once it is read.
type facts struct {
	types    [tags.Tablet + 1]DeviceType
	requests [oci.R25 + 1]struct{ deviceType, file string }
	device   []valueEntry
	file     []valueEntry
	service  []valueEntry
}

// The table as it is written.
type (
	factsFile struct {
		Requests []struct {
			Releases   []string
			DeviceType string `toml:"device_type"`
			File       string
		}
		Platform []struct {
			Platform         tags.Platform
			Name             marked
			TagSet           marked `toml:"tag_set"`
			URI              marked
			FileFormat       marked `toml:"file_format"`
			Template         marked
			RemoteFileFormat marked `toml:"remote_file_format"`
		}
		Device  []valueEntry
		File    []valueEntry
		Service []valueEntry
	}
	marked struct {
		Value string
		Mark  tags.Mark
	}
	valueEntry struct {
		Element   string
		Value     string
		Platforms []tags.Platform
		Types     []string
		Mark      tags.Mark
	}
)

// table reads the embedded table at the first call. The table is a part of the
// program, so that an error in it is one of the program's.
var table = sync.OnceValue(func() *facts {
	var file factsFile
	meta, err := toml.Decode(deviceTypesTOML, &file)
	if err != nil {
		panic("dtaf: devicetypes.toml: " + err.Error())
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		panic("dtaf: devicetypes.toml: unknown key " + unknown[0].String())
	}
	t := &facts{device: file.Device, file: file.File, service: file.Service}
	for _, q := range file.Requests {
		for _, name := range q.Releases {
			var r oci.Release
			if name != r.String() {
				if r, err = oci.ParseRelease(name); err != nil {
					panic("dtaf: devicetypes.toml: " + err.Error())
				}
			}
			t.requests[r].deviceType, t.requests[r].file = q.DeviceType, q.File
		}
	}
	for _, p := range file.Platform {
		d := DeviceType{
			Platform: p.Platform, Name: p.Name.Value, TagSet: p.TagSet.Value, URI: p.URI.Value,
			FileFormat: p.FileFormat.Value, Template: p.Template.Value, RemoteFileFormat: p.RemoteFileFormat.Value,
		}
		d.Known.Name, d.Known.TagSet, d.Known.URI = p.Name.Mark, p.TagSet.Mark, p.URI.Mark
		d.Known.FileFormat, d.Known.Template, d.Known.RemoteFileFormat = p.FileFormat.Mark, p.Template.Mark, p.RemoteFileFormat.Mark
		t.types[p.Platform] = d
	}
	return t
})

// Spec returns the device type of a platform, which has to be one of
// [tags.Platforms].
func Spec(p tags.Platform) DeviceType {
	if p > tags.Tablet {
		return DeviceType{}
	}
	return table().types[p]
}

// TemplateName returns the name of the template in an archive, for a device
// type of the given name.
func (d DeviceType) TemplateName(deviceType string) string {
	return "type/" + deviceType + "/" + d.Template
}

// requestsFor returns the requests that a manifest for release r adds a device type
// and a file with. Those for R21SP1, which are those for no release too, are
// known to every release.
func requestsFor(r oci.Release) (deviceType, file string) {
	q := table().requests[min(r, oci.R25)]
	return q.deviceType, q.file
}

// values returns what the elements of a request of a manifest hold for the
// platform, in the order of the request. The request is that for a device type,
// a file or a device type's services, in any version; for another there are
// none.
func (d DeviceType) values(t *oci.Type) []value {
	own := []value{{"deviceType", d.Name}}
	var entries []valueEntry
	switch t.Family {
	case manifest.AddDeviceType:
		entries = table().device
		own = append(own, value{"tagSet", d.TagSet}, value{"deviceAccessURI", d.URI})
	case manifest.AddFile:
		entries = table().file
		own = append(own, value{"fileFormat", d.FileFormat}, value{"remoteFileFormat", d.RemoteFileFormat}, value{"sourceFileName", d.TemplateName(d.Name)})
	case manifest.ModifyServices:
		entries = table().service
	case manifest.ModifyLanguages:
	default:
		return nil
	}
	var values []value
	for _, leaf := range t.Leaves {
		for _, v := range own {
			if v.element == leaf.Name {
				values = append(values, v)
			}
		}
		for _, e := range entries {
			if e.Element == leaf.Name &&
				(e.Types == nil || slices.Contains(e.Types, leaf.Type.Name)) &&
				(e.Platforms == nil || slices.Contains(e.Platforms, d.Platform)) {
				values = append(values, value{e.Element, e.Value})
			}
		}
	}
	return values
}

// request returns a request with the platform's values.
func (d DeviceType) request(name string) *oci.Request {
	r := &oci.Request{Type: name}
	t, ok := oci.Lookup(name)
	if !ok {
		panic(fmt.Sprintf("dtaf: devicetypes.toml: request %s is not modelled", name))
	}
	for _, v := range d.values(t) {
		if err := r.Set(v.element, v.value); err != nil {
			panic("dtaf: devicetypes.toml: " + err.Error())
		}
	}
	return r
}
