package wxt

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/archivename"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/configwxt"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/internal/value"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// checkSettings looks at what the project sets beside tags.
func checkSettings(p *Pass) {
	if p.Project == nil {
		return
	}
	checkPackage(p)
	checkCodecs(p)
	checkCodecAttributes(p)
	checkSIP(p)
	checkHosts(p)
	checkDeviceTypes(p)
	checkURIs(p)
}

// checkURIs looks at the slashes of the paths on the farm: the Application Server puts
// them between its own path and a file's name.
func checkURIs(p *Pass) {
	check := func(uri string, path ...any) {
		if uri == "" {
			return
		}
		key, pos := tomlfile.Dotted(path), p.At(path...)
		switch {
		case strings.Contains(uri, "://"):
			p.Report(pos, "write only the path, such as bc/pc/", "%s: %q is a whole URL: the host has a key of its own", key, uri)
		case strings.Contains(uri, `\`):
			p.Report(pos, "write / instead", "%s: %q has a backslash", key, uri)
		case strings.Contains(uri, "//"):
			p.Report(pos, "write one", "%s: %q has two slashes in a row", key, uri)
		case strings.HasPrefix(uri, "/"):
			p.ReportAs(schema.Warning, pos, "leave it out, as in bc/pc/", "%s: %q begins with a slash", key, uri)
		case !strings.HasSuffix(uri, "/"):
			p.Add(schema.Finding{
				Code: codes.Slash, Severity: schema.Warning, Position: pos, Remedy: "write a slash at its end",
				Message: fmt.Sprintf("%s: %q does not end in a slash", key, uri),
			})
		}
	}
	check(p.Project.Access.URI, "access", "uri")
	for _, platform := range tags.Platforms() {
		check(p.Project.Platform(platform).Access.URI, platform.String(), "access", "uri")
	}
}

func checkPackage(p *Pass) {
	if v := p.Project.Package.Version; v != "" {
		if err := archivename.CheckVersion(v); err != nil {
			p.Report(p.At("package", "version"), "", "package.version: %s", err)
		}
	}
	if d := p.Project.Package.Date; d != (Month{}) && !d.valid() {
		p.Report(p.At("package", "date"), "", "package.date: %s is not a month from 1980-01 to 2107-12", d)
	}
}

// codecName is what a codec's name in SDP is made of.
var codecName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

func checkHosts(p *Pass) {
	for _, t := range p.targets() {
		if t.Access.Host == "" {
			continue
		}
		if err := value.ParseHost(t.Access.Host); err != nil {
			p.Report(accessPosition(p.Project, t.Platform, "host"), err.(*value.Error).Remedy, "access.host: %s", err)
		}
	}
}

func checkDeviceTypes(p *Pass) {
	seen := make(map[string]tags.Platform)
	for _, t := range p.targets() {
		pos := p.At(t.Platform.String(), "device_type")
		if err := manifest.CheckDeviceType(t.DeviceType); err != nil {
			p.Report(pos, "", "%s.device_type: %s", t.Platform, err)
		}
		if other, ok := seen[strings.ToLower(t.DeviceType)]; ok {
			p.Report(pos, "give each its own", "both %s and %s have the device type %q", other, t.Platform, t.DeviceType)
		}
		seen[strings.ToLower(t.DeviceType)] = t.Platform
		if !p.inlines() && (t.base == nil || t.TagSet != "") {
			if _, err := tags.NewSet(t.TagSet); err != nil {
				p.Report(p.At(t.Platform.String(), "tag_set"), "", "%s.tag_set: %s", t.Platform, err)
			}
		}
	}
}

// checkTagSets looks for platforms that share a tag set and disagree.
func checkTagSets(p *Pass) {
	if p.inlines() {
		return
	}
	type tagOf struct{ set, tag string }
	first := make(map[tagOf]Value)
	platform := make(map[tagOf]*Target)
	for _, t := range p.targets() {
		if t.TagSet == "" {
			continue
		}
		for _, v := range t.Values {
			key := tagOf{t.TagSet, v.Tag.Name}
			o, ok := first[key]
			if !ok {
				first[key], platform[key] = v, t
				continue
			}
			if o.Value != v.Value {
				pos := v.Position
				if v.Origin < o.Origin {
					pos = o.Position
				}
				p.reportTag(v.Tag.Name, pos, "give each platform a tag_set of its own, or the tag one value",
					"%s differs between %s and %s, which share the tag set %q", v.Tag.Name, platform[key].Platform, t.Platform, t.TagSet)
			}
		}
	}
}

// checkAccessHost tells once that no platform says where the app gets its file.
func checkAccessHost(p *Pass) {
	for _, t := range p.targets() {
		if t.Access.Host != "" {
			return
		}
	}
	if len(p.targets()) > 0 {
		p.Report(p.top(), "set access.host, or enter it in the profile after the import",
			"no access.host: the device types don't name the XSP|ADP farm that serves Device Management")
	}
}

// checkReconstructed says once that the built-in template is not the vendor's.
func checkReconstructed(p *Pass) {
	builtIn := func(t *Target) bool { return t.base == nil }
	if !slices.ContainsFunc(p.targets(), builtIn) {
		return
	}
	n, total := 0, 0
	for _, path := range schema.Paths() {
		if path.Tag == "" {
			continue
		}
		total++
		if path.Known.Mark == tags.Reconstructed {
			n++
		}
	}
	p.Report(p.top(), "base production on the vendor's own archive",
		"the built-in template has %d of its %d places reconstructed from public documents", n, total)
}

// checkGuesses tells what of the device type nobody has confirmed.
func checkGuesses(p *Pass) {
	t := p.Target
	if t == nil || p.Project == nil {
		return
	}
	spec := dtaf.Spec(t.Platform)
	own := p.Project.Platform(t.Platform).Access.URI != "" || p.Project.Access.URI != ""
	if t.base == nil && spec.Known.URI == tags.Reconstructed && !own {
		p.Report(p.top(), fmt.Sprintf("set %s.access.uri to the one of your profile", t.Platform),
			"%s: the device access URI %q is a guess", t.Platform, t.Access.URI)
	}
}

// checkValues compares every value with its tag's type. What it finds has the
// codes WXT010 to WXT014.
func checkValues(p *Pass) {
	for v := range p.Values() {
		for _, f := range schema.Check(v.Tag, v.Value, v.Position) {
			p.Add(f)
		}
	}
}

// checkNoPlace looks for tags that the project declares or sets and that stand
// nowhere in the template.
func checkNoPlace(p *Pass) {
	if p.Template == nil || p.Target == nil {
		return
	}
	for _, v := range p.Target.Values {
		if p.Target.used[v.Tag.Name] || v.Origin == FromDefault && !v.Tag.Declared {
			continue
		}
		pos := v.Position
		if v.Origin == FromDefault {
			pos = p.declaration(v.Tag.Name, "tag")
		}
		p.reportTag(v.Tag.Name, pos, "", "%s stands nowhere in the template for %s: its value does not reach the app", v.Tag.Name, p.Target.Platform)
	}
}

// checkNoValue looks for tags in a target's templates that have no value. Those that
// only another client's file has, such as the config.xml of UC-One, are reported together.
func checkNoValue(p *Pass) {
	t := p.Target
	if t == nil {
		return
	}
	var uses map[string]schema.Position
	if t.base != nil {
		uses = t.base.firstUses()
	}
	others := make(map[string][]string) // by the file's place
	for _, name := range t.Unset() {
		pos, ok := uses[name]
		switch {
		case !ok:
			pos = p.At(t.Platform.String(), "edit")
		case p.misspells(name):
			continue // which is reported where it stands
		case pos.File != t.base.place(t.base.main):
			others[pos.File] = append(others[pos.File], name)
			continue
		}
		p.reportTag(name, pos, "set it in [tags] or in ["+t.Platform.String()+".tags]",
			"%s: the template has the tag %s, whose default is not known, and it has no value: the app would get the placeholder", t.Platform, name)
	}
	for _, file := range slices.Sorted(maps.Keys(others)) {
		names := others[file]
		slices.SortFunc(names, func(a, b string) int {
			return cmp.Or(cmp.Compare(uses[a].Line, uses[b].Line), cmp.Compare(uses[a].Column, uses[b].Column))
		})
		p.ReportAs(schema.Info, uses[names[0]], "if they are not set on the system, set them in ["+t.Platform.String()+".tags]",
			"%s: %s, which the Webex app does not read, has tags without a value: %s", t.Platform, path.Base(file), firstFew(names))
	}
}

// firstFew lists the first of some names, and says how many more there are.
func firstFew(names []string) string {
	list := strings.Join(names[:min(len(names), 5)], ", ")
	if more := len(names) - 5; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}

// misspells reports whether a name that a base has is one of the project's catalogue with
// a few wrong letters, as checkMisspeltPlaceholders tells.
func (p *Pass) misspells(name string) bool {
	vendor := *p
	vendor.Target, vendor.Catalogue = nil, p.Compilation.Catalogue
	_, known := vendor.catalogue().Lookup(name)
	if known || vendor.isUCOne(name) || systemTags[name] {
		return false
	}
	_, near := text.NearestWithin(name, slips, vendor.names())
	return near
}

// checkBaseRelease looks for requests of a base that the release does not know.
func checkBaseRelease(p *Pass) {
	t := p.based()
	if t == nil || t.Release == 0 {
		return
	}
	for _, r := range t.base.manifest.Requests {
		if known, ok := oci.Lookup(r.Type); ok && !known.KnownIn(t.Release) {
			p.Report(p.At(t.Platform.String(), "base"), fmt.Sprintf("use the vendor's archive for %s", t.Release),
				"%s.base: it has a %s, which %s does not know", t.Platform, r.Type, t.Release)
		}
	}
}

// checkVendorTemplate tells where the template of a base differs from what is
// believed: this is how reconstructed facts get corrected.
func checkVendorTemplate(p *Pass) {
	t := p.based()
	if t == nil || p.Compilation == nil {
		return
	}
	c, err := configwxt.Compare(t.base.templates[t.base.main], t.Platform, p.Compilation.Catalogue)
	if err != nil {
		return // It is not XML, which another rule tells.
	}
	tell := func(what string, names []string) {
		if len(names) == 0 {
			return
		}
		p.Report(p.At(t.Platform.String(), "base"), "\"dtafgen inspect\" lists them with their places",
			"%s.base: the vendor's template %s: %s", t.Platform, what, firstFew(names))
	}
	var missing, unknown, elsewhere []string
	for _, m := range c.Missing {
		missing = append(missing, m.Tag)
	}
	isUnset := make(map[string]bool) // each of which is reported by itself
	for _, name := range t.Unset() {
		isUnset[name] = true
	}
	for _, u := range c.Unknown {
		if !isUnset[u.Tag] {
			unknown = append(unknown, u.Tag)
		}
	}
	for _, f := range c.Foreign {
		unknown = append(unknown, f.Tag)
	}
	for _, m := range c.Misplaced {
		elsewhere = append(elsewhere, m.Tag)
	}
	tell("lacks tags that the catalogue has", missing)
	tell("has tags that the catalogue does not have for the platform", unknown)
	tell("has tags at other places than the catalogue believes", elsewhere)
}

// checkSecrets reports secrets that stand in the project file, and never what
// they are.
func checkSecrets(c *Pass) {
	p := c.Project
	if p == nil {
		return
	}
	tell := func(pos schema.Position, what string) {
		c.Report(pos, "leave it out, and set it on the Application Server",
			"%s is secret, and stands in the project file, from where it goes into archives and tag sets", what)
	}
	catalogues := []*tags.Catalogue{c.catalogue()}
	for _, t := range c.targets() {
		catalogues = append(catalogues, t.Catalogue)
	}
	isSecret := func(name string) bool {
		for _, catalogue := range catalogues {
			if tag, ok := catalogue.Lookup(name); ok {
				if tag.Secret {
					return true
				}
				continue
			}
			if secret.Named(name) {
				return true // a tag that nobody knows
			}
		}
		return false
	}
	values := func(table map[string]string, path ...any) {
		for name, value := range table {
			pos := p.at(append(path[:len(path):len(path)], name)...)
			switch {
			case isSecret(name) && secret.Holds(value):
				tell(pos, "the value of "+name)
			case secret.Value("", value):
				tell(pos, "the password in the URL of "+name)
			}
		}
	}
	values(p.Tags, "tags")
	// What is no value at all may hold one.
	for path, pl := range p.places {
		steps := strings.Split(path, "\x00")
		n := len(steps) - 1
		if n < 1 || steps[n-1] != "tags" || !isSecret(steps[n]) {
			continue
		}
		table := p.Tags
		if platform, err := tags.ParsePlatform(steps[0]); n == 2 && err == nil {
			table = p.Platform(platform).Tags
		}
		if _, ok := table[tagname.Bare(steps[n])]; !ok {
			tell(pl.value, "the value of "+tagname.Bare(steps[n]))
		}
	}
	for i, d := range p.Declare {
		if (d.Secret || isSecret(d.Name)) && secret.Holds(d.Default) {
			tell(p.atDeclare(i, "default"), "the default of "+d.Name)
		}
	}
	for _, platform := range tags.Platforms() {
		s, name := p.Platform(platform), platform.String()
		values(s.Tags, name, "tags")
		for element, value := range s.Device {
			if secret.Value(element, value) {
				tell(p.at(name, "device", element), name+".device."+element)
			}
		}
		for i, e := range s.Edits {
			if what, ok := secretEdit(e); ok {
				tell(p.atEdit(platform, i, "value", "text", "insert"), name+".edit of "+what)
			}
		}
	}
}

// secretEdit reports whether an edit writes a secret, and where to.
func secretEdit(e render.Edit) (what string, ok bool) {
	target := strings.ToLower(e.Path[strings.LastIndexByte(e.Path, '/')+1:])
	target, _, _ = strings.Cut(target, "[")
	switch e.Op {
	case render.SetAttr:
		what = e.Attr
	case render.SetText:
		what = target
	case render.Insert, render.InsertBefore, render.InsertAfter:
		return secretIn(e.Value)
	}
	return what, what != "" && secret.Value(what, e.Value)
}

// secretIn finds an element or attribute in a piece of XML that holds a secret.
func secretIn(xml string) (what string, ok bool) {
	doc, err := xmltext.Parse("<a>" + xml + "</a>")
	if err != nil {
		return "", false // which the edit tells
	}
	for n := range doc.Root.Elements() {
		if what, ok := secretNode(n); ok {
			return what, true
		}
	}
	return "", false
}

func secretNode(n *xmltext.Node) (what string, ok bool) {
	for _, a := range n.Attrs {
		if secret.Value(a.Name, a.Value) {
			return a.Name, true
		}
	}
	hasElements := false
	for child := range n.Elements() {
		hasElements = true
		if what, ok := secretNode(child); ok {
			return what, true
		}
	}
	return n.Name, !hasElements && secret.Value(n.Name, n.Text())
}

// checkOldRelease reports releases that current templates are not made for.
func checkOldRelease(p *Pass) {
	if p.Project == nil {
		return
	}
	if r := p.Project.BroadWorks; r == oci.R21SP1 || r == oci.R22 {
		p.Report(p.At("broadworks"), "", "current templates of the Webex app are made for R24 to R26, and the project is for %s", r)
	}
}

// checkLines looks for lines that have no port, and for those that a base lacks.
func checkLines(p *Pass) {
	t := p.Target
	if t == nil || p.Project == nil {
		return
	}
	platform := t.Platform.String()
	pos := p.At(platform, "lines")
	ports := ""
	if r := manifest.DeviceTypeRequest(t.Manifest); r != nil {
		ports, _ = r.Get("numberOfPorts")
	}
	lines := t.lines()
	if n, err := strconv.Atoi(ports); err == nil && lines > max(n, 1) {
		p.Report(pos, fmt.Sprintf("set numberOfPorts = %d in [%s.device]", lines, platform), "%s has %d lines, and its device type has %d ports", platform, lines, n)
	}
	if t.base != nil && t.Lines > 1 && lines <= t.Lines && !slices.ContainsFunc(t.Templates(), func(tmpl *render.Template) bool {
		return slices.Contains(tmpl.Tags(), fmt.Sprintf("BWLINEPORT-%d", t.Lines))
	}) {
		p.Report(pos, "", "the template for %s has no %%BWLINEPORT-%d%%: it has fewer lines than the project says", platform, t.Lines)
	}
}
