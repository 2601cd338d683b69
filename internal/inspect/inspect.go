// Package inspect tells what an archive holds, be it of the Webex app or of another
// device.
package inspect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/configwxt"
	"github.com/dtafgen/wxt/internal/content"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// An Inspection is what an archive holds.
type Inspection struct {
	Archive    string `json:"archive"`              // the name of its file
	Root       string `json:"root,omitempty"`       // the folder around oci and type
	DeviceType string `json:"deviceType,omitempty"` // empty if the manifest names none
	// Platform is the guessed platform of an archive of the Webex app; zero for
	// others, and where nothing tells.
	Platform tags.Platform `json:"platform,omitempty"`
	// Release is the oldest release that takes all requests of the manifest; zero
	// if every release does.
	Release oci.Release `json:"release,omitempty"`
	TagMode string      `json:"tagMode,omitempty"`
	TagSet  string      `json:"tagSet,omitempty"`
	// Requests are the requests of the manifest, in order.
	Requests []RequestSummary `json:"requests"`
	// Options are the elements of the device type's request that matter to Device
	// Management and to the Webex app, in its order.
	Options []DeviceOption `json:"options"`
	// Files are all files, by name.
	Files []FileSummary `json:"files"`
	// Findings are for the caller to fill in.
	Findings schema.Findings `json:"findings"`
	// Comparisons hold the templates of the Webex app's configuration file against
	// what is known about it.
	Comparisons []TemplateComparison `json:"comparisons,omitempty"`
}

// A RequestSummary is a request of a manifest.
type RequestSummary struct {
	Request string      `json:"request"`
	Subject string      `json:"subject,omitempty"` // such as the format of the file that it adds
	Since   oci.Release `json:"since,omitempty"`   // the first release that knows it; zero if every release does
	Known   bool        `json:"known"`             // false if nothing is known about it, so that Since says nothing
}

// A DeviceOption is an element of a request, by its OCI name.
type DeviceOption struct {
	Name  string `json:"name"`
	Value string `json:"value"` // "xsi:nil" if it is empty on purpose
}

// A FileSummary is a file of an archive.
type FileSummary struct {
	Name     string       `json:"name"`
	Size     int          `json:"size"` // bytes
	Kind     content.Kind `json:"kind"`
	Encoding string       `json:"encoding,omitempty"` // of text
	// What the first request that names the file says about it; empty for a file that
	// no request names.
	Request       string `json:"request,omitempty"`
	Format        string `json:"format,omitempty"`        // fileFormat: what the device asks for
	RemoteFormat  string `json:"remoteFormat,omitempty"`  // remoteFileFormat: what the Application Server keeps
	Category      string `json:"category,omitempty"`      // fileCategory
	Customization string `json:"customization,omitempty"` // fileCustomization
	// Tags are the tags in the file without percent signs, in order of their first
	// place, and TagsInComments those that only stand in comments.
	Tags           []string `json:"tags"`
	TagsInComments []string `json:"tagsInComments,omitempty"`
}

// A TemplateComparison is the comparison of one template.
type TemplateComparison struct {
	File string `json:"file"`
	*configwxt.Comparison
}

// optionsThatMatter are the elements of the request for a device type that an
// inspection tells.
var optionsThatMatter = []string{
	"numberOfPorts", "profile", "registrationCapable", "isMobilityManagerDevice", "isVideoCapable",
	"configType", "deviceAccessProtocol", "tagMode", "tagSet",
	"allowDeviceProfileCustomTagSet", "allowGroupCustomTagSet", "allowSpCustomTagSet",
	"deviceAccessNetAddress", "deviceAccessPort", "deviceAccessContext", "deviceAccessURI",
	"defaultDeviceLanguage", "defaultDeviceEncoding",
	"useHttpDigestAuthentication", "macBasedFileAuthentication", "userNamePasswordFileAuthentication",
	"macInNonRequestURI", "macInCert", "bearerFileAuthentication", "enableDeviceActivation", "deviceModel",
	"autoConfigSoftClient", "authenticationMode", "deviceTypeConfigurationOption", "staticLineOrdering",
	"supportClientSessionInfo", "supportRemotePartyInfo", "supportVisualDeviceManagement",
}

// Archive tells what an archive holds. Any archive will do, also one whose
// manifest can't be read, of which a finding tells. The catalogue is what
// templates of the Webex app are compared with; nil stands for [tags.Default].
func Archive(a *dtaf.Archive, c *tags.Catalogue) *Inspection {
	if c == nil {
		c = tags.Default()
	}
	i := &Inspection{
		Archive: a.Name(), Root: a.Root(),
		Requests: []RequestSummary{}, Options: []DeviceOption{}, Files: []FileSummary{}, Findings: schema.Findings{},
	}
	named := i.readManifest(a)
	for f := range a.Files() {
		i.Files = append(i.Files, i.file(a, f, named[f.Name]))
	}
	templates := a.WebexTemplates()
	if p, ok := a.Platform(); ok && len(templates) > 0 {
		i.Platform = p
		for _, name := range templates {
			data, _ := a.File(name)
			t, err := render.Parse(place(a, name), data, render.WithLimits(a.Limits().Rendering()))
			if err != nil {
				continue // a finding tells
			}
			if found, err := configwxt.Compare(t, p, c); err == nil {
				i.Comparisons = append(i.Comparisons, TemplateComparison{name, found})
			}
		}
	}
	return i
}

// place returns the name of a file as positions have it.
func place(a *dtaf.Archive, name string) string {
	if a.Name() == "" {
		return name
	}
	return a.Name() + "/" + name
}

// readManifest fills in what the manifest says, and returns the requests that name
// each file.
func (i *Inspection) readManifest(a *dtaf.Archive) map[string]*oci.Request {
	d, err := a.Manifest()
	if err != nil {
		return nil
	}
	i.DeviceType, _ = manifest.DeviceType(d)
	for _, r := range d.Requests {
		s := RequestSummary{Request: r.Type, Subject: manifest.Subject(r)}
		if t, ok := oci.Lookup(r.Type); ok {
			s.Since, s.Known = t.Since, true
		}
		i.Release = max(i.Release, s.Since)
		i.Requests = append(i.Requests, s)
	}
	if r := manifest.DeviceTypeRequest(d); r != nil {
		i.TagMode, _ = r.Get("tagMode")
		i.TagSet, _ = r.Get("tagSet")
		for _, o := range manifest.Options(r) {
			if slices.Contains(optionsThatMatter, o.Name) {
				i.Options = append(i.Options, DeviceOption{o.Name, o.Value})
			}
		}
	}
	named := make(map[string]*oci.Request)
	for _, r := range manifest.FileRequests(d) {
		source, ok := r.Get("sourceFileName")
		if !ok {
			continue
		}
		if named[source] == nil {
			named[source] = r
		}
	}
	return named
}

// file sums up a file.
func (i *Inspection) file(a *dtaf.Archive, f dtaf.File, r *oci.Request) FileSummary {
	c := content.Read(f.Data, a.Limits().Rendering())
	s := FileSummary{Name: f.Name, Size: len(f.Data), Kind: c.Kind, Encoding: c.Encoding, Tags: []string{}}
	if name, err := a.ManifestName(); err == nil && name == f.Name {
		s.Kind = content.Manifest
	}
	if r != nil {
		s.Request = r.Type
		s.Format, _ = r.Get("fileFormat")
		s.RemoteFormat, _ = r.Get("remoteFileFormat")
		s.Category, _ = r.Get("fileCategory")
		s.Customization, _ = r.Get("fileCustomization")
	}
	if s.Kind == content.Manifest || s.Kind == content.Binary && r == nil {
		return s
	}
	t, err := render.Parse(place(a, f.Name), f.Data, render.WithLimits(a.Limits().Rendering()))
	if err != nil {
		return s
	}
	s.Tags, s.TagsInComments = standing(t)
	return s
}

// standing returns the tags of a template, and those of them that only stand
// in comments.
func standing(t *render.Template) (all, inComments []string) {
	outside := make(map[string]bool)
	for _, p := range t.Placeholders() {
		if p.Context != render.Comment {
			outside[p.Name] = true
		}
	}
	all = []string{}
	for _, name := range t.Tags() {
		if outside[name] {
			all = append(all, name)
		} else {
			inComments = append(inComments, name)
		}
	}
	return all, inComments
}

// Access returns the address under which devices get their files, as far as the
// manifest says it, such as "https://xsp.example.com:443/dms/bc/pc/".
func (i *Inspection) Access() string {
	get := func(name, otherwise string) string {
		for _, o := range i.Options {
			if o.Name == name && o.Value != "" && o.Value != manifest.NilValue {
				return o.Value
			}
		}
		return otherwise
	}
	protocol, host := strings.ToLower(get("deviceAccessProtocol", "")), get("deviceAccessNetAddress", "")
	if protocol == "" && host == "" {
		return ""
	}
	s := fmt.Sprintf("%s://%s", cmp.Or(protocol, "https"), cmp.Or(host, "<XSP|ADP farm>"))
	if port := get("deviceAccessPort", ""); port != "" {
		s += ":" + port
	}
	for _, name := range []string{"deviceAccessContext", "deviceAccessURI"} {
		if part := strings.Trim(get(name, ""), "/"); part != "" {
			s += "/" + part
		}
	}
	return s + "/"
}
