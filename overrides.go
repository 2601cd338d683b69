package wxt

import (
	"slices"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/provision"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/files"
	"github.com/dtafgen/wxt/internal/projectdoc"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// overrideKeys are the keys of an overrides file.
var overrideKeys = []projectdoc.Key{
	{Name: "service_provider", Kind: projectdoc.Tables, Keys: []projectdoc.Key{
		{Name: "id", Kind: projectdoc.String},
		{Name: "platform", Kind: projectdoc.String},
		{Name: "tags", Kind: projectdoc.Values},
	}},
	{Name: "group", Kind: projectdoc.Tables, Keys: []projectdoc.Key{
		{Name: "service_provider", Kind: projectdoc.String},
		{Name: "id", Kind: projectdoc.String},
		{Name: "platform", Kind: projectdoc.String},
		{Name: "tags", Kind: projectdoc.Values},
	}},
	{Name: "device", Kind: projectdoc.Tables, Keys: []projectdoc.Key{
		{Name: "name", Kind: projectdoc.String},
		{Name: "service_provider", Kind: projectdoc.String},
		{Name: "group", Kind: projectdoc.String},
		{Name: "platform", Kind: projectdoc.String},
		{Name: "tags", Kind: projectdoc.Values},
	}},
}

// LoadOverrides reads a file of values that tags have at stronger places than the
// tag set:
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
//
// An error that is about its text is a [schema.Findings], with the places. Whether
// the tags are there and take the values is for [provision.Overrides] to say.
func LoadOverrides(path string, opts ...LoadOption) ([]provision.Override, error) {
	c := loadConfig(opts)
	data, err := files.Read(path, c.limits.Project)
	if err != nil {
		return nil, err
	}
	return parseOverrides(path, data, c.limits)
}

// parseOverrides reads the text of an overrides file, as strictly as [Parse] reads
// a project.
func parseOverrides(file string, data []byte, limits dtaf.Limits) ([]provision.Override, error) {
	p := &Project{document: document{file: file}}
	tree, fs := p.read(data, limits)
	if fs != nil {
		return nil, fs
	}
	fs = p.checkKeys(tree, overrideKeys)
	d := &decoder{p: p, findings: fs}
	var list []provision.Override
	for _, kind := range []string{"service_provider", "group", "device"} {
		tables, _ := tableList(tree[kind])
		for i, t := range tables {
			list = append(list, d.override(kind, table{t, []any{kind, i}}))
		}
	}
	if err := d.findings.Err(); err != nil {
		return nil, d.findings.Sorted()
	}
	return list, nil
}

// override reads one table of an overrides file.
func (d *decoder) override(kind string, t table) provision.Override {
	o := provision.Override{Where: func(key ...any) (name, value schema.Position) {
		for path := append(slices.Clone(t.path), key...); len(path) > 0; path = path[:len(path)-1] {
			if pl, ok := d.p.lookup(path...); ok {
				if len(path) < len(t.path)+len(key) {
					return pl.value, pl.value
				}
				return pl.key, pl.value
			}
		}
		return d.p.top(), d.p.top()
	}}
	need := func(key string) string {
		s, ok := t.str(key)
		switch {
		case t.tree[key] == nil:
			d.add(codes.Setting, d.p.at(t.path...), "", "[[%s]] has no %s", kind, key)
		case ok && s == "":
			d.add(codes.Setting, d.p.at(t.at(key)...), "", "%s is empty", tomlfile.Dotted(t.at(key)))
		}
		return s
	}
	switch kind {
	case "service_provider":
		o.Scope.ServiceProvider = need("id")
	case "group":
		o.Scope.ServiceProvider, o.Scope.Group = need("service_provider"), need("id")
	case "device":
		o.Scope = provision.Scope{Device: need("name"), ServiceProvider: d.name(t, "service_provider"), Group: d.name(t, "group")}
		if o.Scope.Group != "" && t.tree["service_provider"] == nil {
			d.add(codes.Setting, d.p.at(t.at("group")...), "add service_provider", "[[device]] has a group, and not the service provider that it belongs to")
		}
	}
	if s, ok := t.str("platform"); ok {
		platform, err := tags.ParsePlatform(s)
		d.check(err, t.at("platform")...)
		o.Platform = platform
	}
	o.Tags = d.values(t.table("tags"), true)
	if len(o.Tags) == 0 && d.findings.Err() == nil {
		d.add(codes.Setting, d.p.at(t.path...), "", "[[%s]] has no tags", kind)
	}
	return o
}
