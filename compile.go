package wxt

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// document returns the template of a target with all of its placeholders, as
// the schema's tree and the project's settings make it.
func document(t *Target, c *tags.Catalogue) (*render.Template, error) {
	data, err := render.Document(schema.ShapeOf(t.Platform, c), render.Settings{
		Encoding: t.Encoding,
		Comment: fmt.Sprintf("config-wxt.xml of the Webex app, %s. Built from public documents; "+
			"where they are silent it is reconstructed, and the template in Cisco's own archive is the authority.", t.Platform),
		AudioCodecs:      t.Codecs.Audio,
		VideoCodecs:      t.Codecs.Video,
		RegisterRefresh:  t.SIP.RegisterRefresh,
		SubscribeRefresh: t.SIP.SubscribeRefresh,
	})
	if err != nil {
		return nil, err
	}
	return render.Parse(dtaf.Spec(t.Platform).TemplateName(t.DeviceType), data)
}

// inline returns the bytes of a template with the target's values written into
// it, escaped for XML.
func inline(t *Target, tmpl *render.Template) ([]byte, error) {
	substitution := render.Escaped
	if cs, err := charset.Lookup(t.Encoding); err != nil || !cs.IsUTF8() {
		substitution = render.EscapedASCII
	}
	bound := tmpl.Bind(func(name string) (string, bool) {
		v, ok := t.Value(name)
		return v.Value, ok
	}, substitution)
	return bound.Encode(bound.Source())
}

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

// manifest returns the requests of a target's archive, and what of the
// project's settings they can't take.
func manifest(p *Project, t *Target, mode Mode) (*oci.Document, schema.Findings) {
	var fs schema.Findings
	platform := t.Platform.String()
	doc := dtaf.NewManifest(t.Platform, t.Release)
	if err := dtaf.SetDeviceType(doc, t.DeviceType); err != nil {
		return doc, schema.Findings{schema.NewFinding(schema.CodeSetting, p.at(platform, "device_type"), "", "%s.device_type: %s", platform, err)}
	}
	request := dtaf.DeviceTypeRequest(doc)
	set := func(code, element, value string, pos schema.Position, what string) {
		if err := request.Set(element, value); err != nil {
			problem, remedy := explain(err)
			fs = append(fs, schema.NewFinding(code, pos, remedy, "%s: %s", what, problem))
		}
	}
	set(schema.CodeSetting, "defaultDeviceEncoding", t.Encoding, p.at(platform, "encoding"), platform+".encoding")
	if mode == Inline {
		set(schema.CodeSetting, "tagMode", "System", p.top(), "tagMode")
		if err := request.Unset("tagSet"); err != nil {
			fs = append(fs, schema.NewFinding(schema.CodeDevice, p.top(), "", "%s", err))
		}
	} else {
		set(schema.CodeSetting, "tagSet", t.TagSet, p.at(platform, "tag_set"), platform+".tag_set")
	}
	for _, a := range []struct{ key, element, value string }{
		{"host", "deviceAccessNetAddress", t.Access.Host},
		{"port", "deviceAccessPort", fmt.Sprint(t.Access.Port)},
		{"protocol", "deviceAccessProtocol", ociProtocol(t.Access.Protocol)},
		{"uri", "deviceAccessURI", t.Access.URI},
	} {
		if a.value == "" {
			continue
		}
		set(schema.CodeSetting, a.element, a.value, accessPosition(p, t.Platform, a.key), "access."+a.key)
	}
	for _, element := range slices.Sorted(maps.Keys(t.Device)) {
		what := platform + ".device." + element
		if own, ok := ownKeys[element]; ok {
			fs = append(fs, schema.NewFinding(schema.CodeDevice, p.atKey(platform, "device", element), "use "+own+" in its place", "%s has a key of its own", what))
			continue
		}
		pos := p.at(platform, "device", element)
		if t, ok := oci.Lookup(request.Type); ok {
			if _, ok := t.Leaf(element); !ok {
				pos = p.atKey(platform, "device", element)
			}
		}
		set(schema.CodeDevice, element, t.Device[element], pos, what)
	}
	if fs.Err() == nil {
		for _, f := range doc.Check() {
			f.Position = p.atKey(platform, "device")
			f.Message = platform + ": " + f.Message
			fs = append(fs, f)
		}
	}
	return doc, fs
}

// explain returns what is wrong with an element of a request, and what to do.
func explain(err error) (problem, remedy string) {
	var value *oci.ValueError
	if errors.As(err, &value) {
		return value.Problem, ""
	}
	var unknown *oci.UnknownElementError
	if errors.As(err, &unknown) {
		problem = unknown.Request + " has no such element"
		switch {
		case unknown.History != "":
			problem += ": " + unknown.History
			remedy = "set broadworks to your release"
		case unknown.Nearest != "":
			remedy = "did you mean " + unknown.Nearest + "?"
		}
		return problem, remedy
	}
	return err.Error(), ""
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
