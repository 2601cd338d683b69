package provision

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/levels"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/ocimsg"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/value"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A Scope is where on a system something holds. Its zero value is all of the
// system.
type Scope struct {
	ServiceProvider string // the service provider or the enterprise
	Group           string // a group of the service provider
	Device          string // an access device of the group, of the service provider, or of the system
}

// An Override is the values that tags have at one place that is stronger than the
// tag set: for a service provider, a group or one device.
type Override struct {
	Scope    Scope
	Platform tags.Platform     // zero: every platform that has the tag
	Tags     map[string]string // values by tag, without percent signs; an empty one is a tag without a value

	// Where returns where a key of the override and its value stand, such as
	// "platform" or "tags" and a tag, or the override itself for no key; nil:
	// nowhere.
	Where func(key ...any) (name, value schema.Position)
}

// at returns where the value of a key stands.
func (o *Override) at(key ...any) schema.Position {
	if o.Where == nil {
		return schema.Position{}
	}
	_, value := o.Where(key...)
	return value
}

// atKey returns where a key stands.
func (o *Override) atKey(key ...any) schema.Position {
	if o.Where == nil {
		return schema.Position{}
	}
	name, _ := o.Where(key...)
	return name
}

// An overrideGroup is the overrides of one place for one device type.
type overrideGroup struct {
	scope      ocimsg.Scope
	deviceType string          // empty for a device
	label      string          // for the names of the messages
	pos        schema.Position // of the override
	values     []ocimsg.TagValue
	secret     map[string]bool // the tags whose values are not to be printed
}

func (g overrideGroup) where() string {
	s := g.scope
	text := ""
	switch {
	case s.Group != "":
		text = fmt.Sprintf("Group %s of %s", code(s.Group), code(s.ServiceProvider))
	case s.ServiceProvider != "":
		text = "Service provider " + code(s.ServiceProvider)
	default:
		text = "System"
	}
	if s.Device != "" {
		return text + ", device " + code(s.Device)
	}
	return text + ", device type " + code(g.deviceType)
}

// Overrides makes the messages that give tags values of their own at the places
// that the overrides name, on some platforms; none stands for all. The source says
// which tags there are, which values they take, and what its device types are
// called. What is wrong is the error, as [schema.Findings].
func Overrides(s *Source, list []Override) (*Provisioning, error) {
	x := &overriding{source: s, seen: make(map[string]bool), allowed: make(map[string]bool)}
	for i := range list {
		x.item(&list[i])
	}
	var parts []part
	for _, g := range x.groups {
		doc, err := ocimsg.NewTagOverrides(s.Release, g.scope, g.deviceType, g.values)
		if err != nil {
			x.refused(g, s.Release, err)
			continue
		}
		parts = append(parts, part{g.label, doc, tellsSecret(g.secret)})
	}
	findings := x.findings.Sorted()
	if err := findings.Err(); err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		return nil, errors.New("there are no overrides")
	}
	p, err := s.provisioning(kindOverrides, parts, nil, overrideSteps(x.groups))
	if err != nil {
		return nil, err
	}
	p.Findings = findings
	return p, nil
}

// An overriding is overrides on their way to requests.
type overriding struct {
	source   *Source
	groups   []overrideGroup
	findings schema.Findings
	seen     map[string]bool // tags by place
	allowed  map[string]bool // levels that were looked at, by platform
}

func (x *overriding) add(code string, pos schema.Position, remedy, format string, args ...any) {
	x.findings = append(x.findings, schema.NewFinding(code, pos, remedy, format, args...))
}

// item checks one override, and makes its groups: one for each device type, or one
// for the device.
func (x *overriding) item(item *Override) {
	var targets []*Target
	for i := range x.source.Targets {
		t := &x.source.Targets[i]
		if item.Platform == 0 || item.Platform == t.Platform {
			targets = append(targets, t)
		}
	}
	if len(targets) == 0 {
		x.add(codes.Platform, item.at("platform"), "", "the project does not build %s", item.Platform)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(item.Tags)) {
		x.known(item, name, targets)
	}
	if item.Scope.Device != "" {
		x.group(item, targets, "")
		return
	}
	for _, t := range targets {
		x.group(item, []*Target{t}, t.DeviceType)
	}
}

// known looks for tags that can't be overridden at all.
func (x *overriding) known(item *Override, name string, targets []*Target) {
	pos := item.atKey("tags", name)
	var tag tags.Tag
	known, has := false, false
	for _, t := range targets {
		if found, ok := t.Catalogue.Lookup(name); ok {
			tag, known = found, true
		}
		has = has || t.uses(name)
	}
	switch {
	case tagname.IsSystem(name):
		x.add(codes.Tag, pos, "leave it out", "%s is a system tag: the Application Server fills it, and nothing overrides it", name)
	case !known:
		remedy := "declare it with [[declare]] in the project if your template has it"
		if near, ok := targets[0].Catalogue.Nearest(name); ok {
			remedy = "did you mean " + near + "?"
		}
		x.add(codes.Tag, pos, remedy, "unknown tag %s", name)
	case !has:
		x.add(codes.Platform, pos, "override it for "+tag.Platforms.String(), "%s is not used on %s", name, platformList(targets))
	}
}

func platformList(targets []*Target) string {
	var set tags.PlatformSet
	for _, t := range targets {
		set |= tags.NewPlatformSet(t.Platform)
	}
	return set.String()
}

// group makes the overrides of one place, for the devices of the targets.
func (x *overriding) group(item *Override, targets []*Target, deviceType string) {
	g := overrideGroup{scope: ocimsg.Scope(item.Scope), deviceType: deviceType, pos: item.at(), secret: make(map[string]bool)}
	for _, word := range []string{item.Scope.ServiceProvider, item.Scope.Group, item.Scope.Device} {
		if word != "" {
			g.label += "-" + word
		}
	}
	switch {
	case deviceType == "":
		g.label = "device" + g.label
	case item.Scope.Group != "":
		g.label = "group" + g.label + "-" + targets[0].Platform.String()
	default:
		g.label = "service-provider" + g.label + "-" + targets[0].Platform.String()
	}
	for _, tag := range knownTags(targets) {
		value, ok := item.Tags[tag.Name]
		if !ok {
			continue
		}
		pos := item.at("tags", tag.Name)
		used := false
		for _, t := range targets {
			if t.uses(tag.Name) {
				used = true
				x.value(t, tag, value, pos)
			}
		}
		if !used {
			continue
		}
		place := fmt.Sprintf("%q %q %q %q %s", item.Scope.ServiceProvider, item.Scope.Group, item.Scope.Device, deviceType, tag.Name)
		if x.seen[place] {
			x.add(codes.Key, pos, "keep one of the two", "%s is overridden twice at the same place", tag.Name)
		}
		x.seen[place] = true
		g.secret[tag.Name] = tag.Secret || secret.Value(tag.Name, value)
		g.values = append(g.values, ocimsg.TagValue{Name: tag.Name, Value: value})
	}
	if len(g.values) == 0 {
		return
	}
	for _, t := range targets {
		x.level(item, t)
	}
	x.groups = append(x.groups, g)
}

// knownTags returns the custom tags that the targets know, in their catalogues'
// order.
func knownTags(targets []*Target) []tags.Tag {
	var list []tags.Tag
	seen := make(map[string]bool)
	for _, t := range targets {
		for tag := range t.Catalogue.All() {
			if !tag.System && !seen[tag.Name] {
				seen[tag.Name] = true
				list = append(list, tag)
			}
		}
	}
	return list
}

// value checks what a target's template and encoding make of a value.
func (x *overriding) value(t *Target, tag tags.Tag, value string, pos schema.Position) {
	x.findings = append(x.findings, schema.Check(tag, value, pos)...)
	cs, err := charset.Lookup(t.Encoding)
	if err != nil {
		return
	}
	if r, _, ok := cs.Missing(value); ok {
		x.add(codes.Encoding, pos, "set encoding to UTF-8", "%s: %s has no character %q, which the value has", tag.Name, t.Encoding, r)
	}
	for _, tmpl := range t.Templates {
		for _, place := range tmpl.Placeholders() {
			if place.Name != tag.Name {
				continue
			}
			if mark := place.BreaksXML(value); mark != "" {
				x.add(codes.RawXML, pos, "write it as a reference, such as &amp; for &",
					"%s: the value has %s, and the Application Server puts it into the template's %s as it is: the app could not parse its file", tag.Name, mark, place.Context)
				return
			}
		}
	}
}

// refused tells why a group can't be made into requests, if nothing else has.
func (x *overriding) refused(g overrideGroup, release oci.Release, err error) {
	var value *oci.ElementError
	switch {
	case errors.As(err, &value) && value.Element == "tagValue":
		// The check of the value has reported it.
	case g.scope.Level() == levels.ServiceProvider && release < oci.R22:
		x.add(codes.Setting, g.pos, "set broadworks to your release, if it is that or later", "overrides for a service provider take %s", oci.R22)
	default:
		x.add(codes.Setting, g.pos, "", "%s", err)
	}
}

// levels are the elements of a device type that let a place override tags.
var allowed = map[levels.Level]string{
	levels.ServiceProvider: "allowSpCustomTagSet",
	levels.Group:           "allowGroupCustomTagSet",
	levels.AccessDevice:    "allowDeviceProfileCustomTagSet",
}

// level tells if a target's device type lets nobody override tags at a place.
func (x *overriding) level(item *Override, t *Target) {
	element := allowed[ocimsg.Scope(item.Scope).Level()]
	key := t.Platform.String() + " " + element
	if x.allowed[key] {
		return
	}
	x.allowed[key] = true
	doc, err := t.manifest()
	if err != nil {
		return
	}
	if v, ok := manifest.DeviceTypeRequest(doc).Get(element); ok {
		if allowed, known := value.Truth(v); allowed || !known {
			return
		}
		var pos schema.Position
		if t.Where != nil {
			pos = t.Where("device", element)
		}
		f := schema.NewFinding(codes.Device, pos, "set it to true, and change the profile on the system too",
			"%s: the device type has %s %s: overrides at that place do nothing", t.Platform, element, v)
		f.Severity = schema.Warning
		x.findings = append(x.findings, f)
	}
}
