package wxt

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// ownKeys are the elements of the device type request that have a key of their
// own in the project file.
var ownKeys = map[string]string{
	"deviceType":             "device_type",
	"tagSet":                 "tag_set",
	"tagMode":                "build's --mode",
	"defaultDeviceEncoding":  "encoding",
	"deviceAccessNetAddress": "access.host",
	"deviceAccessPort":       "access.port",
	"deviceAccessProtocol":   "access.protocol",
	"deviceAccessURI":        "access.uri",
}

// manifest returns the requests of a target's archive, and what of the project's
// settings they can't take. Those of a base are its own, with just the elements
// changed that the project sets.
func (c *Compilation) manifest(t *Target) (*oci.Document, schema.Findings) {
	var fs schema.Findings
	p := c.Project
	platform := t.Platform.String()
	doc, err := t.requests()
	if err == nil {
		err = manifest.SetDeviceType(doc, t.DeviceType)
	}
	if err != nil {
		return doc, schema.Findings{schema.NewFinding(codes.Setting, p.at(platform, "device_type"), "", "%s.device_type: %s", platform, err)}
	}
	request := manifest.DeviceTypeRequest(doc)
	set := func(code, element, value string, pos schema.Position, what string) {
		if was, ok := request.Get(element); ok && was == value {
			return
		}
		if err := request.Set(element, value); err != nil {
			problem, remedy := explain(err)
			fs = append(fs, schema.NewFinding(code, pos, remedy, "%s: %s", what, problem))
		}
	}
	s := p.Platform(t.Platform)
	if t.base == nil || s.Encoding != "" {
		set(codes.Setting, "defaultDeviceEncoding", t.Encoding, p.at(platform, "encoding"), platform+".encoding")
	}
	if c.Mode == Inline {
		set(codes.Setting, "tagMode", "System", p.top(), "tagMode")
		if err := request.Unset("tagSet"); err != nil {
			fs = append(fs, schema.NewFinding(codes.Device, p.top(), "", "%s", err))
		}
	} else if t.TagSet != "" {
		set(codes.Setting, "tagSet", t.TagSet, p.at(platform, "tag_set"), platform+".tag_set")
	}
	port := ""
	if t.Access.Port != 0 {
		port = strconv.Itoa(t.Access.Port)
	}
	for _, a := range []struct{ key, element, value string }{
		{"host", "deviceAccessNetAddress", t.Access.Host},
		{"port", "deviceAccessPort", port},
		{"protocol", "deviceAccessProtocol", ociProtocol(t.Access.Protocol)},
		{"uri", "deviceAccessURI", t.Access.URI},
	} {
		if a.value == "" {
			continue
		}
		set(codes.Setting, a.element, a.value, accessPosition(p, t.Platform, a.key), "access."+a.key)
	}
	for _, element := range slices.Sorted(maps.Keys(t.Device)) {
		what := platform + ".device." + element
		if own, ok := ownKeys[element]; ok {
			fs = append(fs, schema.NewFinding(codes.Device, p.atKey(platform, "device", element), "use "+own+" in its place", "%s has a key of its own", what))
			continue
		}
		pos := p.at(platform, "device", element)
		if t, ok := oci.Lookup(request.Type); ok {
			if _, ok := t.Leaf(element); !ok {
				pos = p.atKey(platform, "device", element)
			}
		}
		set(codes.Device, element, t.Device[element], pos, what)
	}
	fs = append(fs, c.fileElements(t, doc)...)
	if _, own := t.Device["numberOfPorts"]; !own && t.Lines > 1 {
		// Each line takes a port of the device.
		ports, _ := request.Get("numberOfPorts")
		if n, err := strconv.Atoi(ports); err == nil && n < t.Lines {
			set(codes.Setting, "numberOfPorts", strconv.Itoa(t.Lines), p.at(platform, "lines"), platform+".lines")
		}
	}
	if fs.Err() == nil {
		for _, f := range doc.Check() {
			if t.base == nil {
				f.Position = p.atKey(platform, "device")
			}
			f.Message = platform + ": " + f.Message
			fs = append(fs, f)
		}
	}
	return doc, fs
}

// fileElements sets what the project sets of the requests that add files, and returns
// what they can't take.
func (c *Compilation) fileElements(t *Target, doc *oci.Document) schema.Findings {
	var fs schema.Findings
	p, platform := c.Project, t.Platform.String()
	files := p.Platform(t.Platform).Files
	for _, format := range slices.Sorted(maps.Keys(files)) {
		var requests []*oci.Request
		var formats []string
		for _, r := range manifest.FileRequests(doc) {
			name, _ := fileFormat(r)
			formats = append(formats, name)
			if name == format {
				requests = append(requests, r)
			}
		}
		if len(requests) == 0 {
			remedy := "expected one of " + strings.Join(formats, ", ")
			fs = append(fs, schema.NewFinding(codes.Device, p.atKey(platform, "file", format), remedy, "%s.file: no request of the manifest adds a file %s", platform, format))
		}
		for _, element := range slices.Sorted(maps.Keys(files[format])) {
			what := tomlfile.Dotted([]any{platform, "file", format, element})
			if slices.Contains([]string{"deviceType", "fileFormat", "fileSource", "sourceFileName"}, element) {
				fs = append(fs, schema.NewFinding(codes.Device, p.atKey(platform, "file", format, element), "remove it", "%s says which file it is, and can't be set", what))
				continue
			}
			for _, r := range requests {
				if was, ok := r.Get(element); ok && was == files[format][element] {
					continue
				}
				if err := r.Set(element, files[format][element]); err != nil {
					problem, remedy := explain(err)
					fs = append(fs, schema.NewFinding(codes.Device, p.at(platform, "file", format, element), remedy, "%s: %s", what, problem))
				}
			}
		}
	}
	return fs
}

// requests returns the manifest that a target starts from.
func (t *Target) requests() (*oci.Document, error) {
	if t.base == nil {
		return dtaf.NewManifest(t.Platform, t.Release), nil
	}
	return t.base.archive.Manifest()
}

// explain returns what is wrong with an element of a request, and what to do.
func explain(err error) (problem, remedy string) {
	var bad *oci.ElementError
	switch {
	case !errors.As(err, &bad) || bad.Element == "":
		return err.Error(), ""
	case bad.Problem != "":
		return bad.Problem, ""
	}
	problem = bad.Request + " has no such element"
	switch {
	case bad.History != "":
		problem += ": " + bad.History
		remedy = "set broadworks to your release"
	case bad.Nearest != "":
		remedy = "did you mean " + bad.Nearest + "?"
	}
	return problem, remedy
}

// accessPosition returns where a key of a platform's access is set.
func accessPosition(p *Project, platform tags.Platform, key string) schema.Position {
	if pl, ok := p.lookup(platform.String(), "access", key); ok {
		return pl.value
	}
	return p.at("access", key)
}

// ociProtocol returns a protocol as OCI spells it.
func ociProtocol(s string) string {
	for _, name := range []string{"Http", "Https"} {
		if strings.EqualFold(s, name) {
			return name
		}
	}
	return s
}
