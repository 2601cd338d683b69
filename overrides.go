package wxt

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// Overrides are values that tags have at stronger places than the tag set: for a
// service provider, a group or one device. They come from a file of their own:
//
//	[[service_provider]]
//	id       = "acme"
//	platform = "desktop"             # left out: every platform that has the tag
//	tags     = { ENABLE_CALL_PARK_WXT = false }
//
//	[[group]]
//	service_provider = "acme"
//	id               = "berlin"
//	[group.tags]
//	SBC_ADDRESS_WXT  = "sbc.berlin.example.com"
//
//	[[device]]
//	name             = "alice-desktop"
//	service_provider = "acme"        # left out: a device of the system
//	group            = "berlin"      # left out: a device of the service provider
//	platform         = "desktop"     # left out: any that has the tag
//	[device.tags]
//	SRTP_ENABLED_WXT = false
type Overrides struct {
	Overrides []Override // service providers, groups, devices, each in the order of the file

	project *Project // nothing but the places in the file
}

// An Override is the values that tags have at one place.
type Override struct {
	Scope    oci.Scope
	Platform tags.Platform     // zero: every platform that has the tag
	Tags     map[string]string // values by tag, without percent signs; an empty one is a tag without a value

	path []any // where it stands in the file
}

// overrideKeys are the keys of an overrides file.
var overrideKeys = []key{
	{name: "service_provider", kind: kindTables, keys: []key{
		{name: "id", kind: kindString},
		{name: "platform", kind: kindString},
		{name: "tags", kind: kindValues},
	}},
	{name: "group", kind: kindTables, keys: []key{
		{name: "service_provider", kind: kindString},
		{name: "id", kind: kindString},
		{name: "platform", kind: kindString},
		{name: "tags", kind: kindValues},
	}},
	{name: "device", kind: kindTables, keys: []key{
		{name: "name", kind: kindString},
		{name: "service_provider", kind: kindString},
		{name: "group", kind: kindString},
		{name: "platform", kind: kindString},
		{name: "tags", kind: kindValues},
	}},
}

// LoadOverrides reads an overrides file. An error that is about its text is a
// [schema.Findings], with the places.
func LoadOverrides(path string) (*Overrides, error) {
	data, err := readFile(path, MaxProjectSize)
	if err != nil {
		return nil, err
	}
	return ParseOverrides(path, data)
}

// ParseOverrides reads the text of an overrides file, as strictly as [Parse] reads
// a project. File is its name, for positions. Whether the tags are there and take
// the values is for [ProvisionOverrides] to say.
func ParseOverrides(file string, data []byte) (*Overrides, error) {
	p := &Project{file: file}
	tree, fs := p.read(data, dtaf.DefaultLimits())
	if fs != nil {
		return nil, fs
	}
	fs = p.checkKeys(tree, overrideKeys)
	d := &decoder{p: p, findings: fs}
	list := &Overrides{project: p}
	for _, kind := range []string{"service_provider", "group", "device"} {
		tables, _ := tableList(tree[kind])
		for i, t := range tables {
			list.Overrides = append(list.Overrides, d.override(kind, table{t, []any{kind, i}}))
		}
	}
	if err := d.findings.Err(); err != nil {
		return nil, d.findings.Sort()
	}
	return list, nil
}

// override reads one table of an overrides file.
func (d *decoder) override(kind string, t table) Override {
	o := Override{path: t.path}
	need := func(key string) string {
		s, ok := t.str(key)
		switch {
		case t.tree[key] == nil:
			d.add(schema.CodeSetting, d.p.at(t.path...), "", "[[%s]] has no %s", kind, key)
		case ok && s == "":
			d.add(schema.CodeSetting, d.p.at(t.at(key)...), "", "%s is empty", dotted(t.at(key)))
		}
		return s
	}
	switch kind {
	case "service_provider":
		o.Scope.ServiceProvider = need("id")
	case "group":
		o.Scope.ServiceProvider, o.Scope.Group = need("service_provider"), need("id")
	case "device":
		o.Scope = oci.Scope{Device: need("name"), ServiceProvider: d.name(t, "service_provider"), Group: d.name(t, "group")}
		if o.Scope.Group != "" && t.tree["service_provider"] == nil {
			d.add(schema.CodeSetting, d.p.at(t.at("group")...), "add service_provider", "[[device]] has a group, and not the service provider that it belongs to")
		}
	}
	if s, ok := t.str("platform"); ok {
		platform, err := tags.ParsePlatform(s)
		d.check(err, t.at("platform")...)
		o.Platform = platform
	}
	o.Tags = d.values(t.table("tags"), true)
	if len(o.Tags) == 0 && d.findings.Err() == nil {
		d.add(schema.CodeSetting, d.p.at(t.path...), "", "[[%s]] has no tags", kind)
	}
	return o
}

// OverrideOptions say how overrides are provisioned.
type OverrideOptions struct {
	Options // the platforms whose overrides are wanted; the mode is not looked at
	MessageOptions
}

// An overrideGroup is the overrides of one place for one device type.
type overrideGroup struct {
	scope      oci.Scope
	deviceType string          // empty for a device
	label      string          // for the names of the messages
	pos        schema.Position // of the override
	values     []oci.TagValue
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

// ProvisionOverrides makes the messages that give tags values of their own at the
// places that the overrides name. The project says which tags there are, which
// values they take, and what its device types are called. What is wrong is the
// error, as [schema.Findings].
func ProvisionOverrides(p *Project, list *Overrides, o OverrideOptions) (*Provisioning, error) {
	o.Mode = Tags
	c, rules := checked(p, []CheckOption{o.Options})
	found := c.Check(rules...)
	if err := found.Err(); err != nil {
		return nil, err
	}
	release := cmp.Or(o.Release, p.BroadWorks)
	x := &overriding{c: c, list: list, seen: make(map[string]bool), allowed: make(map[string]bool)}
	for _, item := range list.Overrides {
		x.item(item)
	}
	var parts []part
	for _, g := range x.groups {
		doc, err := oci.NewTagOverrides(release, g.scope, g.deviceType, g.values)
		if err != nil {
			x.refused(g, release, err)
			continue
		}
		parts = append(parts, part{g.label, doc})
	}
	findings := append(found, x.findings...).Sort()
	if err := findings.Err(); err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		return nil, errors.New("there are no overrides")
	}
	pr, err := provisioning(KindOverrides, release, o.MessageOptions, parts)
	if err != nil {
		return nil, err
	}
	pr.Findings = findings
	pr.Steps = overrideSteps(p, o, x.groups, pr)
	return pr, nil
}

// at returns where a key of an override stands, as far as it is known.
func (l *Overrides) at(item Override, steps ...any) schema.Position {
	if l.project == nil {
		return schema.Position{}
	}
	path := append(slices.Clone(item.path), steps...)
	for len(path) > 0 {
		if pl, ok := l.project.lookup(path...); ok {
			return pl.value
		}
		path = path[:len(path)-1]
	}
	return l.project.top()
}

// An overriding is overrides on their way to requests.
type overriding struct {
	c        *Compilation
	list     *Overrides
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
func (x *overriding) item(item Override) {
	var targets []*Target
	for _, t := range x.c.Targets {
		if item.Platform == 0 || item.Platform == t.Platform {
			targets = append(targets, t)
		}
	}
	if len(targets) == 0 {
		if o := x.c.config.platforms; o == 0 || o.Has(item.Platform) {
			x.add(schema.CodePlatform, x.list.at(item, "platform"), "", "the project does not build %s", item.Platform)
		}
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
func (x *overriding) known(item Override, name string, targets []*Target) {
	pos := x.list.at(item, "tags", name)
	if x.list.project != nil {
		if pl, ok := x.list.project.lookup(append(slices.Clone(item.path), "tags", name)...); ok {
			pos = pl.key
		}
	}
	var tag tags.Tag
	known, has := false, false
	for _, t := range targets {
		if found, ok := t.Catalogue.Lookup(name); ok {
			tag, known = found, true
		}
		has = has || uses(t, name)
	}
	switch {
	case tags.IsSystem(name):
		x.add(schema.CodeTag, pos, "leave it out", "%s is a system tag: the Application Server fills it, and nothing overrides it", name)
	case !known:
		remedy := "declare it with [[declare]] in the project if your template has it"
		if near, ok := targets[0].Catalogue.Nearest(name); ok {
			remedy = "did you mean " + near + "?"
		}
		x.add(schema.CodeTag, pos, remedy, "unknown tag %s", name)
	case !has:
		x.add(schema.CodePlatform, pos, "override it for "+tag.Platforms.String(), "%s is not used on %s", name, platformList(targets))
	}
}

// uses reports whether the app of a target can get the tag: it has a value, or its
// place in a template, which an override fills.
func uses(t *Target, name string) bool {
	_, ok := t.Value(name)
	return ok || t.used[name]
}

func platformList(targets []*Target) string {
	var set tags.PlatformSet
	for _, t := range targets {
		set |= tags.NewPlatformSet(t.Platform)
	}
	return set.String()
}

// group makes the overrides of one place, for the devices of the targets.
func (x *overriding) group(item Override, targets []*Target, deviceType string) {
	g := overrideGroup{scope: item.Scope, deviceType: deviceType, pos: x.list.at(item), secret: make(map[string]bool)}
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
		pos := x.list.at(item, "tags", tag.Name)
		used := false
		for _, t := range targets {
			if uses(t, tag.Name) {
				used = true
				x.value(t, tag, value, pos)
			}
		}
		if !used {
			continue
		}
		place := fmt.Sprintf("%q %q %q %q %s", item.Scope.ServiceProvider, item.Scope.Group, item.Scope.Device, deviceType, tag.Name)
		if x.seen[place] {
			x.add(schema.CodeKey, pos, "keep one of the two", "%s is overridden twice at the same place", tag.Name)
		}
		x.seen[place] = true
		g.secret[tag.Name] = tag.Secret
		g.values = append(g.values, oci.TagValue{Name: tag.Name, Value: value})
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
			if tag.Kind == tags.Custom && !seen[tag.Name] {
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
		x.add(schema.CodeEncoding, pos, "set encoding to UTF-8", "%s: %s has no character %q, which the value has", tag.Name, t.Encoding, r)
	}
	for _, f := range t.Templates() {
		for _, place := range f.Placeholders() {
			if place.Name != tag.Name {
				continue
			}
			if mark := place.BreaksXML(value); mark != "" {
				x.add(schema.CodeRawXML, pos, "write it as a reference, such as &amp; for &",
					"%s: the value has %s, and the Application Server puts it into the template's %s as it is: the app could not parse its file", tag.Name, mark, place.Context)
				return
			}
		}
	}
}

// refused tells why a group can't be made into requests, if nothing else has.
func (x *overriding) refused(g overrideGroup, release oci.Release, err error) {
	var value *oci.ValueError
	switch {
	case errors.As(err, &value) && value.Element == "tagValue":
		// The check of the value has told of it.
	case g.scope.Place() == tags.ServiceProvider && release < oci.R22:
		x.add(schema.CodeSetting, g.pos, "set broadworks to your release, if it is that or later", "overrides for a service provider take %s", oci.R22)
	default:
		x.add(schema.CodeSetting, g.pos, "", "%s", err)
	}
}

// levels are the elements of a device type that let a place override tags.
var levels = map[tags.Place]string{
	tags.ServiceProvider: "allowSpCustomTagSet",
	tags.Group:           "allowGroupCustomTagSet",
	tags.AccessDevice:    "allowDeviceProfileCustomTagSet",
}

// level tells if a target's device type lets nobody override tags at a place.
func (x *overriding) level(item Override, t *Target) {
	element := levels[item.Scope.Place()]
	key := t.Platform.String() + " " + element
	if x.allowed[key] {
		return
	}
	x.allowed[key] = true
	if v, ok := dtaf.DeviceTypeRequest(t.Manifest).Get(element); ok && (v == "false" || v == "0") {
		f := schema.NewFinding(schema.CodeDevice, x.c.Project.at(t.Platform.String(), "device", element), "set it to true, and change the profile on the system too",
			"%s: the device type has %s %s: overrides at that place do nothing", t.Platform, element, v)
		f.Severity = schema.Warning
		x.findings = append(x.findings, f)
	}
}
