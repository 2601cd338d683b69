package wxt

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// compileTemplate returns the template of a target with all of its placeholders:
// the schema's tree, or the vendor's template, with the project's settings and
// edits; and what of these the template can't take. The template is nil if there
// is none.
func compileTemplate(p *Project, t *Target, c *tags.Catalogue) (*render.Template, schema.Findings) {
	var tmpl *render.Template
	var fs schema.Findings
	if t.base == nil {
		if cs, err := charset.Lookup(t.Encoding); err != nil || !cs.IsASCIICompatible() {
			return nil, nil // which checkEncoding tells
		}
		built, err := builtIn(t, c)
		if err != nil {
			return nil, schema.Findings{schema.NewFinding(schema.CodeSetting, p.top(), "", "%s: the template can't be built: %s", t.Platform, err)}
		}
		tmpl = built
	} else {
		tmpl, fs = applySettings(p, t)
	}
	if tmpl == nil {
		return nil, fs
	}
	if n := t.limits.Edits; len(t.Edits) > n {
		return tmpl, append(fs, schema.NewFinding(schema.CodeEdit, p.atEdit(t.Platform, n), "",
			"%s has %d edits: expected at most %d", t.Platform, len(t.Edits), n))
	}
	for i, e := range t.Edits {
		if n := t.limits.Value; len(e.Value) > n {
			fs = append(fs, schema.NewFinding(schema.CodeEdit, p.atEdit(t.Platform, i, "value", "text", "insert"), "",
				"%s: the value has %d bytes: expected at most %d", t.Platform, len(e.Value), n))
			continue
		}
		edited, err := tmpl.Edit(e)
		if err != nil {
			fs = append(fs, editFinding(p, t, i, err))
			continue
		}
		tmpl = edited
	}
	return tmpl, fs
}

// builtIn returns the template that the schema's tree and the project's settings
// make.
func builtIn(t *Target, c *tags.Catalogue) (*render.Template, error) {
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

// applySettings returns the vendor's template with the codecs and intervals that
// the project sets.
func applySettings(p *Project, t *Target) (*render.Template, schema.Findings) {
	var fs schema.Findings
	tmpl := t.base.templates[t.base.main]
	for _, list := range []struct {
		media string
		names []string
	}{{"audio", t.Codecs.Audio}, {"video", t.Codecs.Video}} {
		if list.names == nil {
			continue
		}
		ordered, missing, err := tmpl.OrderCodecs(list.media, list.names)
		if err != nil {
			return nil, append(fs, schema.NewFinding(schema.CodeBase, p.at(t.Platform.String(), "base"), "", "%s.base: %s", t.Platform, err))
		}
		tmpl = ordered
		for i, name := range list.names {
			if slices.Contains(missing, name) {
				fs = append(fs, schema.NewFinding(schema.CodeBaseLacks, p.at("codecs", list.media, i), "",
					"the template for %s has no %s codec %s", t.Platform, list.media, name))
			}
		}
	}
	for _, s := range []struct {
		key     string
		setting schema.Setting
		seconds int
	}{
		{"register_refresh", schema.RegisterRefresh, t.SIP.RegisterRefresh},
		{"subscribe_refresh", schema.SubscribeRefresh, t.SIP.SubscribeRefresh},
	} {
		if s.seconds == 0 {
			continue
		}
		path := settingPath(s.setting)
		edited, err := tmpl.Edit(render.Edit{Path: path, Op: render.SetText, Value: strconv.Itoa(s.seconds)})
		if err != nil {
			fs = append(fs, schema.NewFinding(schema.CodeBaseLacks, p.at("sip", s.key),
				fmt.Sprintf("set the template's own element with a [[%s.edit]]", t.Platform),
				"sip.%s is not set: the template for %s has no %s", s.key, t.Platform, path))
			continue
		}
		tmpl = edited
	}
	return tmpl, fs
}

// settingPath returns where a setting stands.
func settingPath(s schema.Setting) string {
	for _, p := range schema.Paths() {
		if p.Setting == s {
			return p.Path
		}
	}
	return ""
}

// editFinding tells why an edit can't be made.
func editFinding(p *Project, t *Target, i int, err error) schema.Finding {
	var ee *render.EditError
	if !errors.As(err, &ee) {
		return schema.NewFinding(schema.CodeEdit, p.atEdit(t.Platform, i), "", "%s: %s", t.Platform, err)
	}
	pos := p.atEdit(t.Platform, i, "path")
	switch ee.Part {
	case render.EditAttr:
		pos = p.atEdit(t.Platform, i, "attr", "path")
	case render.EditValue:
		pos = p.atEdit(t.Platform, i, "value", "text", "insert", "path")
	}
	return schema.NewFinding(schema.CodeEdit, pos, ee.Remedy, "%s: %s", t.Platform, ee.Reason)
}

// A file of an archive, with its template, is what the values go into.
type templateFile struct {
	name     string
	template *render.Template
}

// templates returns every template of a target's archive, the one of
// config-wxt.xml first. There are none if that one can't be made.
func (t *Target) templates() []templateFile {
	if t.template == nil {
		return nil
	}
	if t.base == nil {
		return []templateFile{{dtaf.Spec(t.Platform).TemplateName(t.DeviceType), t.template}}
	}
	files := []templateFile{{t.base.main, t.template}}
	for _, name := range t.base.others() {
		files = append(files, templateFile{name, t.base.templates[name]})
	}
	return files
}

// inline returns the bytes of a template with the target's values written into
// it, escaped for XML.
func inline(t *Target, tmpl *render.Template) ([]byte, error) {
	substitution := render.Escaped
	if cs, err := charset.Lookup(t.Encoding); err != nil || !cs.IsUTF8() || tmpl.Encoding() != cs.Name() {
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

// manifest returns the requests of a target's archive, and what of the project's
// settings they can't take. Those of a base are its own, with just the elements
// changed that the project sets.
func manifest(p *Project, t *Target, mode Mode) (*oci.Document, schema.Findings) {
	var fs schema.Findings
	platform := t.Platform.String()
	doc, err := t.requests()
	if err == nil {
		err = dtaf.SetDeviceType(doc, t.DeviceType)
	}
	if err != nil {
		return doc, schema.Findings{schema.NewFinding(schema.CodeSetting, p.at(platform, "device_type"), "", "%s.device_type: %s", platform, err)}
	}
	request := dtaf.DeviceTypeRequest(doc)
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
		set(schema.CodeSetting, "defaultDeviceEncoding", t.Encoding, p.at(platform, "encoding"), platform+".encoding")
	}
	if mode == Inline {
		set(schema.CodeSetting, "tagMode", "System", p.top(), "tagMode")
		if err := request.Unset("tagSet"); err != nil {
			fs = append(fs, schema.NewFinding(schema.CodeDevice, p.top(), "", "%s", err))
		}
	} else if t.TagSet != "" {
		set(schema.CodeSetting, "tagSet", t.TagSet, p.at(platform, "tag_set"), platform+".tag_set")
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
			if t.base == nil {
				f.Position = p.atKey(platform, "device")
			}
			f.Message = platform + ": " + f.Message
			fs = append(fs, f)
		}
	}
	return doc, fs
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
