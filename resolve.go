package wxt

import (
	"cmp"
	"maps"
	"slices"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
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
	Codecs     Codecs
	SIP        SIP
	Values     []Value // of every custom tag of the platform, in the catalogue's order
}

// Value returns the value of a tag, and whether the platform has it.
func (t *Target) Value(tag string) (Value, bool) {
	tag = tags.Bare(tag)
	for _, v := range t.Values {
		if v.Tag.Name == tag {
			return v, true
		}
	}
	return Value{}, false
}

// PackageName returns the conventional name of the target's archive.
func (t *Target) PackageName() string {
	return dtaf.PackageName(t.Platform, t.Package.Version, t.Package.Date.Month, t.Package.Date.Year)
}

// A Resolution is a project with the defaults filled in.
type Resolution struct {
	Project   *Project
	Catalogue *tags.Catalogue // with the project's declarations
	Targets   []*Target       // the platforms to build, desktop first
}

// Options say what is to be built of a project. The zero value is what the
// project file says, with tags kept in the templates.
type Options struct {
	Mode      Mode             // what becomes of the custom tags
	Platforms tags.PlatformSet // build these alone; empty: all that the project enables
	Release   oci.Release      // beats the project's; zero: the project's
}

// A Mode is what becomes of the custom tags of a template.
type Mode uint8

const (
	// Tags keeps every placeholder: the Application Server fills them from the
	// tag set.
	Tags Mode = iota
	// Inline writes the custom tags' values into the template, escaped for
	// XML, and leaves the system tags alone. The device type's tagMode is
	// System then.
	Inline
)

// String returns "tags" or "inline".
func (m Mode) String() string {
	if m == Inline {
		return "inline"
	}
	return "tags"
}

// Resolve fills in the defaults, and returns what is wrong with the project's
// names: tags that are unknown, not the project's to set, or of another
// platform, and declarations that can't be.
func Resolve(p *Project, o Options) (*Resolution, schema.Findings) {
	var fs schema.Findings
	catalogue := tags.Default()
	for i, d := range p.Declare {
		extended, err := catalogue.Extend(d)
		if err != nil {
			fs = append(fs, schema.NewFinding(schema.CodeDeclare, p.atDeclare(i, "tag"), "", "%s", err))
			continue
		}
		catalogue = extended
	}
	for i, d := range p.Declare {
		if slices.ContainsFunc(p.Declare[:i], func(e tags.Tag) bool { return e.Name == d.Name }) {
			fs = append(fs, schema.NewFinding(schema.CodeDeclare, p.atDeclare(i, "tag"), "keep one of the two", "tag %s is declared twice", d.Name))
		}
	}
	fs = append(fs, checkTags(p, catalogue, 0, p.Tags, "tags")...)
	r := &Resolution{Project: p, Catalogue: catalogue}
	for _, platform := range tags.Platforms() {
		s := p.Platform(platform)
		fs = append(fs, checkTags(p, catalogue, platform, s.Tags, platform.String(), "tags")...)
		if s.Disabled || o.Platforms != 0 && !o.Platforms.Has(platform) {
			continue
		}
		r.Targets = append(r.Targets, resolveTarget(p, platform, catalogue, o))
	}
	return r, fs.Sort()
}

// checkTags checks the names in a table of tags. Platform is the one that the
// table belongs to, or none for all.
func checkTags(p *Project, c *tags.Catalogue, platform tags.Platform, values map[string]string, path ...any) schema.Findings {
	var fs schema.Findings
	for name := range values {
		key := append(slices.Clone(path), name)
		tag, ok := c.Lookup(name)
		switch {
		case tags.IsSystem(name):
			fs = append(fs, schema.NewFinding(schema.CodeTag, p.atKey(key...), "leave it out",
				"%s is a system tag: the Application Server fills it, and no project can", name))
		case !ok:
			remedy := "declare it with [[declare]] if your template has it"
			if near, ok := c.Nearest(name); ok {
				remedy = "did you mean " + near + "?"
			}
			fs = append(fs, schema.NewFinding(schema.CodeTag, p.atKey(key...), remedy, "unknown tag %s", name))
		case platform != 0 && !tag.Platforms.Has(platform):
			fs = append(fs, schema.NewFinding(schema.CodePlatform, p.atKey(key...), "set it for "+tag.Platforms.String(),
				"%s is not used on %s", name, platform))
		}
	}
	return fs
}

func resolveTarget(p *Project, platform tags.Platform, c *tags.Catalogue, o Options) *Target {
	s, d, spec := p.Platform(platform), defaultProject(), dtaf.Spec(platform)
	release := cmp.Or(o.Release, p.BroadWorks)
	encoding, _ := dtaf.DeviceTypeRequest(dtaf.NewManifest(platform, release)).Get("defaultDeviceEncoding")
	t := &Target{
		Platform:   platform,
		Release:    release,
		DeviceType: cmp.Or(s.DeviceType, spec.Name),
		TagSet:     cmp.Or(s.TagSet, spec.TagSet),
		Encoding:   cmp.Or(s.Encoding, encoding),
		Access: Access{
			Host:     cmp.Or(s.Access.Host, p.Access.Host),
			Port:     cmp.Or(s.Access.Port, p.Access.Port, d.Access.Port),
			Protocol: cmp.Or(s.Access.Protocol, p.Access.Protocol, d.Access.Protocol),
			URI:      cmp.Or(s.Access.URI, p.Access.URI, spec.URI),
		},
		Device: maps.Clone(s.Device),
		Package: Package{
			Version: cmp.Or(p.Package.Version, d.Package.Version),
			Date:    cmp.Or(p.Package.Date, d.Package.Date),
		},
		Codecs: Codecs{Audio: p.Codecs.Audio, Video: p.Codecs.Video},
		SIP: SIP{
			RegisterRefresh:  cmp.Or(p.SIP.RegisterRefresh, d.SIP.RegisterRefresh),
			SubscribeRefresh: cmp.Or(p.SIP.SubscribeRefresh, d.SIP.SubscribeRefresh),
		},
	}
	if t.Codecs.Audio == nil {
		t.Codecs.Audio = slices.Clone(d.Codecs.Audio)
	}
	if t.Codecs.Video == nil {
		t.Codecs.Video = slices.Clone(d.Codecs.Video)
	}
	for tag := range c.On(platform) {
		v := Value{Tag: tag, Position: p.top()}
		v.Value, _ = tag.DefaultOn(platform)
		if set, ok := p.Tags[tag.Name]; ok {
			v.Value, v.Origin, v.Position = set, FromProject, p.at("tags", tag.Name)
		}
		if set, ok := s.Tags[tag.Name]; ok {
			v.Value, v.Origin, v.Position = set, FromPlatform, p.at(platform.String(), "tags", tag.Name)
		}
		t.Values = append(t.Values, v)
	}
	return t
}
