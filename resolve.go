package wxt

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/archivename"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/value"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// An Origin is the place in a project that a value comes from. A later one
// beats an earlier one.
type Origin uint8

// The origins, weakest first.
const (
	FromDefault  Origin = iota // the catalogue's default, or a declaration's
	FromProject                // [tags]
	FromPlatform               // [desktop.tags], [mobile.tags] or [tablet.tags]
)

var originNames = [...]string{FromDefault: "default", FromProject: "project", FromPlatform: "platform"}

// String returns "default", "project" or "platform".
func (o Origin) String() string {
	if o > FromPlatform {
		return "unknown"
	}
	return originNames[o]
}

// MarshalText implements [encoding.TextMarshaler].
func (o Origin) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// A Value is the value of a custom tag on one platform, and where it comes
// from.
type Value struct {
	Tag      tags.Tag
	Value    string
	Origin   Origin
	Position schema.Position // where it is set; that of the project for a default
}

// A Target is one platform of a project with everything decided.
type Target struct {
	Platform   tags.Platform
	Release    oci.Release // zero: requests that every release knows
	DeviceType string
	TagSet     string
	Encoding   string
	Access     Access
	Device     map[string]string // elements of the device type request, by OCI name
	Package    Package
	Codecs     Codecs  // empty lists leave those of a base alone
	Lines      int     // that the project sets; 0: one, or those of the base
	SIP        SIP     // zeros leave those of a base alone
	Values     []Value // of every custom tag of the platform, in the catalogue's order
	Edits      []render.Edit
	Catalogue  *tags.Catalogue // the tags that the target knows: the catalogue's, the project's, and those of its base

	Template *render.Template // of config-wxt.xml, with all placeholders; nil if there can be none
	Manifest *oci.Document    // the requests of the archive; not to be changed
	Base     *dtaf.Archive    // the vendor's archive that it is compiled from, not to be changed; nil: the built-in template

	base    *base            // nil: the built-in template
	settled *render.Template // Template before the project's edits
	unfit   schema.Findings  // what of the project's settings the manifest can't take
	used    map[string]bool  // the custom tags in the target's templates
	limits  dtaf.Limits
}

// Unset returns the custom tags in the target's templates that have no value: the
// Application Server leaves their placeholders in the file. (reconstructed)
func (t *Target) Unset() []string {
	var names []string
	for name := range t.used {
		if _, ok := t.Value(name); !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Value returns the value of a tag, and whether the platform has it.
func (t *Target) Value(tag string) (Value, bool) {
	tag = tagname.Bare(tag)
	for _, v := range t.Values {
		if v.Tag.Name == tag {
			return v, true
		}
	}
	for _, v := range t.Values {
		if slices.Contains(v.Tag.Aliases, tag) {
			return v, true
		}
	}
	return Value{}, false
}

// setBy returns the value that a table gives a tag, under whichever of its spellings.
func setBy(values map[string]string, tag tags.Tag) (value, name string, ok bool) {
	for _, name := range append([]string{tag.Name}, tag.Aliases...) {
		if value, ok := values[name]; ok {
			return value, name, true
		}
	}
	return "", "", false
}

// archiveName returns the name that the vendor's archive for the target has: the
// device type and the release, which is that of the base, or else the project's.
func (t *Target) archiveName() string {
	var label archivename.Label
	if t.base != nil {
		label, _ = archivename.LabelOf(t.base.archive.Name())
	}
	return archivename.Archive(t.DeviceType, label, t.Release)
}

// packageName returns the conventional name of the container that the target's archive
// is in.
func (t *Target) packageName() string {
	return archivename.Package{Platform: t.Platform, Version: t.Package.Version, Month: t.Package.Date.Month, Year: t.Package.Date.Year}.String()
}

// checkTags checks the names in a table of tags, one of the catalogues of which
// has to know each. Platform is the one that the table belongs to, or none for
// all.
func checkTags(p *Project, known []*tags.Catalogue, platform tags.Platform, values map[string]string, path ...any) schema.Findings {
	var fs schema.Findings
	var names []string
	for name := range values {
		key := append(slices.Clone(path), name)
		var tag tags.Tag
		ok := false
		for _, c := range known {
			if !ok {
				tag, ok = c.Lookup(name)
			}
		}
		switch {
		case tagname.IsSystem(name):
			fs = append(fs, schema.NewFinding(codes.Tag, p.atKey(key...), "leave it out",
				"%s is a system tag: the Application Server fills it, and no project can", name))
		case !ok:
			remedy := "declare it with [[declare]] if your template has it"
			for _, c := range known {
				if near, ok := c.Nearest(name); ok {
					remedy = "did you mean " + near + "?"
					break
				}
			}
			f := schema.NewFinding(codes.Tag, p.atKey(key...), remedy, "unknown tag %s", name)
			if names == nil {
				names = tagNames(known)
			}
			f.Tag, f.Fix = name, p.renamed(key, names)
			fs = append(fs, f)
		case platform != 0 && !tag.Platforms.Has(platform):
			fs = append(fs, schema.NewFinding(codes.Platform, p.atKey(key...), "set it for "+tag.Platforms.String(),
				"%s is not used on %s", name, platform))
		}
	}
	return fs
}

// tagNames returns the custom tags of several catalogues.
func tagNames(catalogues []*tags.Catalogue) []string {
	names := make(map[string]bool)
	for _, c := range catalogues {
		for t := range c.All() {
			if !tagname.IsSystem(t.Name) {
				names[t.Name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// target decides everything about a platform but its manifest. The target is nil
// if its base can't be used.
func (c *Compilation) target(platform tags.Platform) (*Target, schema.Findings) {
	b, fs := c.base(platform)
	if fs != nil {
		return nil, fs
	}
	p := c.Project
	s, d, spec := p.Platform(platform), defaultProject(), dtaf.Spec(platform)
	t := &Target{
		Platform:   platform,
		Release:    c.Release,
		DeviceType: s.DeviceType,
		TagSet:     s.TagSet,
		Encoding:   s.Encoding,
		Access: Access{
			Host:     cmp.Or(s.Access.Host, p.Access.Host),
			Port:     cmp.Or(s.Access.Port, p.Access.Port),
			Protocol: cmp.Or(s.Access.Protocol, p.Access.Protocol),
			URI:      cmp.Or(s.Access.URI, p.Access.URI),
		},
		Device: maps.Clone(s.Device),
		Package: Package{
			Version: cmp.Or(p.Package.Version, d.Package.Version),
			Date:    cmp.Or(p.Package.Date, d.Package.Date),
		},
		Codecs: Codecs{Audio: slices.Clone(p.Codecs.Audio), Video: slices.Clone(p.Codecs.Video), KeepOthers: p.Codecs.KeepOthers, Attributes: p.Codecs.Attributes},
		SIP:    p.SIP,
		Lines:  s.Lines,
		Edits:  slices.Clone(s.Edits),
		base:   b,
	}
	if b == nil {
		t.fillIn(spec, d)
	} else {
		t.Base = b.archive
		t.fillFrom(b, p)
	}
	t.limits = c.config.limits
	t.settled, fs = settle(p, t, c.Catalogue)
	t.Template = t.settled
	if t.settled != nil {
		edited, wrong := edit(p, t)
		t.Template, fs = edited, append(fs, wrong...)
	}
	if b != nil {
		for _, f := range b.archive.Findings() {
			if f.Code == codes.Chosen {
				f.Position = p.at(platform.String(), "base")
			}
			fs = append(fs, f)
		}
	}
	learnt := t.learn(c.Catalogue)
	for tag := range t.Catalogue.All(platform) {
		v := Value{Tag: tag, Position: p.top()}
		v.Value, _ = tag.DefaultOn(platform)
		if set, name, ok := setBy(p.Tags, tag); ok {
			v.Value, v.Origin, v.Position = set, FromProject, p.at("tags", name)
		}
		if set, name, ok := setBy(s.Tags, tag); ok {
			v.Value, v.Origin, v.Position = set, FromPlatform, p.at(platform.String(), "tags", name)
		}
		if v.Origin == FromDefault && t.Template != nil && (learnt[tag.Name] || !t.used[tag.Name] && !tag.Declared) {
			// The default of a tag that only a template knows is not known, and
			// one that the template lacks has no use for a default.
			continue
		}
		t.Values = append(t.Values, v)
	}
	return t, fs
}

// learn notes the tags that the target's templates use, and extends the catalogue
// with them. It returns those that c did not know.
func (t *Target) learn(c *tags.Catalogue) map[string]bool {
	t.used = make(map[string]bool)
	var names []string
	for _, f := range t.Templates() {
		for _, name := range f.Tags() {
			if !tagname.IsSystem(name) && !t.used[name] {
				t.used[name] = true
				names = append(names, name)
			}
		}
	}
	extended, list := c.Learn(t.Platform, names...)
	t.Catalogue = extended
	learnt := make(map[string]bool)
	for _, name := range list {
		learnt[name] = true
	}
	return learnt
}

// fillIn fills in the defaults of a target that the built-in template is compiled
// for.
func (t *Target) fillIn(spec dtaf.DeviceType, d *Project) {
	encoding, _ := manifest.DeviceTypeRequest(dtaf.NewManifest(t.Platform, t.Release)).Get("defaultDeviceEncoding")
	t.DeviceType = cmp.Or(t.DeviceType, spec.Name)
	t.TagSet = cmp.Or(t.TagSet, spec.TagSet)
	t.Encoding = cmp.Or(t.Encoding, encoding)
	t.Access.Port = cmp.Or(t.Access.Port, d.Access.Port)
	t.Access.Protocol = cmp.Or(t.Access.Protocol, d.Access.Protocol)
	t.Access.URI = cmp.Or(t.Access.URI, spec.URI)
	t.SIP.RegisterRefresh = cmp.Or(t.SIP.RegisterRefresh, d.SIP.RegisterRefresh)
	t.SIP.SubscribeRefresh = cmp.Or(t.SIP.SubscribeRefresh, d.SIP.SubscribeRefresh)
	if t.Codecs.Audio == nil {
		t.Codecs.Audio = slices.Clone(d.Codecs.Audio)
	}
	if t.Codecs.Video == nil {
		t.Codecs.Video = slices.Clone(d.Codecs.Video)
	}
}

// fillFrom fills in what the vendor's archive says.
func (t *Target) fillFrom(b *base, p *Project) {
	get := func(element string) string {
		value, _ := b.request.Get(element)
		return value
	}
	t.DeviceType = cmp.Or(t.DeviceType, b.deviceType)
	t.TagSet = cmp.Or(t.TagSet, get("tagSet"))
	t.Encoding = cmp.Or(t.Encoding, get("defaultDeviceEncoding"), "ISO-8859-1")
	t.Access.Host = cmp.Or(t.Access.Host, get("deviceAccessNetAddress"))
	if port, err := value.ParsePort(get("deviceAccessPort")); err == nil {
		t.Access.Port = cmp.Or(t.Access.Port, port)
	}
	t.Access.Protocol = cmp.Or(t.Access.Protocol, get("deviceAccessProtocol"))
	t.Access.URI = cmp.Or(t.Access.URI, get("deviceAccessURI"))
	if name, ok := archivename.PackageOf(b.archive.Name(), b.archive.Root()); ok {
		if p.Package.Version == "" {
			t.Package.Version = name.Version
		}
		if p.Package.Date == (Month{}) {
			t.Package.Date = Month{name.Year, name.Month}
		}
	}
}

// shown returns the value as it may be shown: that of a secret tag is "(secret)",
// unless it is empty or nothing but placeholders of other tags.
func (v Value) shown() string {
	if v.Tag.Secret && secret.Holds(v.Value) {
		return "(secret)"
	}
	return v.Value
}

// String returns the tag and its value, a secret one as "(secret)".
func (v Value) String() string { return fmt.Sprintf("%s = %q", v.Tag.Name, v.shown()) }

// MarshalJSON implements [json.Marshaler]. The value of a secret tag is
// "(secret)".
func (v Value) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Tag      string          `json:"tag"`
		Value    string          `json:"value"`
		Origin   Origin          `json:"origin"`
		Position schema.Position `json:"position"`
	}{v.Tag.Name, v.shown(), v.Origin, v.Position})
}
