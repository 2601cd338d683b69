package wxt

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/nearest"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// Check returns everything that is wrong with a project, or worth knowing about
// it, sorted by place.
func Check(p *Project, o Options) schema.Findings {
	c := newCheck(p, o)
	return c.findings.Sort()
}

// CheckFile checks a project file as [Check] does, and tells at the same time what
// of its text is wrong. The error is about a file that can't be read.
func CheckFile(path string, o Options) (schema.Findings, error) {
	data, err := readFile(path, MaxProjectSize)
	if err != nil {
		return nil, err
	}
	p, fs := parse(path, data)
	if p != nil {
		fs = append(fs, newCheck(p, o).findings...)
	}
	return fs.Sort(), nil
}

// A check is a project that has been looked at as far as it could be: what was
// made of it on the way, and what was found.
type check struct {
	project    *Project
	options    Options
	resolution *Resolution
	findings   schema.Findings
}

// A pass is one target, for the rules to look at.
type pass struct {
	*check
	target *Target
}

func newCheck(p *Project, o Options) *check {
	c := &check{project: p, options: o}
	c.resolution, c.findings = Resolve(p, o)
	for _, rule := range projectRules {
		rule(c)
	}
	for _, t := range c.resolution.Targets {
		pass := &pass{check: c, target: t}
		for _, rule := range targetRules {
			rule(pass)
		}
	}
	return c
}

func (c *check) report(code string, pos schema.Position, remedy, format string, args ...any) {
	c.findings = append(c.findings, schema.NewFinding(code, pos, remedy, format, args...))
}

// The rules, in no order that matters: those that look at the project, and
// those that look at each of its targets.
var (
	projectRules = []func(*check){
		checkPackage,
		checkCodecs,
		checkSIP,
		checkAccess,
		checkDeviceTypes,
		checkTagSets,
		checkReconstructed,
	}
	targetRules = []func(*pass){
		checkValues,
		checkPortRanges,
		checkRawXML,
		checkEncoding,
		checkManifest,
		checkPlaces,
		checkGuesses,
		checkBaseRelease,
		checkUnset,
	}
)

func checkPackage(c *check) {
	p := c.project
	if v := p.Package.Version; v != "" {
		if err := dtaf.CheckVersion(v); err != nil {
			c.report(schema.CodeSetting, p.at("package", "version"), "", "package.version: %s", err)
		}
	}
	if d := p.Package.Date; d != (Month{}) && !d.valid() {
		c.report(schema.CodeSetting, p.at("package", "date"), "", "package.date: %s is not a month from 1980-01 to 2107-12", d)
	}
}

// codecName is what a codec's name in SDP is made of.
var codecName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

func checkCodecs(c *check) {
	known := func(media string) []string {
		var names []string
		for _, codec := range schema.Codecs() {
			if codec.Media == media {
				names = append(names, codec.Name)
			}
		}
		return names
	}
	for _, list := range []struct {
		media string
		names []string
	}{{"audio", c.project.Codecs.Audio}, {"video", c.project.Codecs.Video}} {
		key := "codecs." + list.media
		if list.names != nil && len(list.names) == 0 {
			c.report(schema.CodeSetting, c.project.at("codecs", list.media), "leave the key out for the default", "%s has no codecs", key)
		}
		for i, name := range list.names {
			pos := c.project.at("codecs", list.media, i)
			if !codecName.MatchString(name) {
				c.report(schema.CodeSetting, pos, "", "%s: %q is not a codec's name", key, name)
				continue
			}
			if slices.Contains(list.names[:i], name) {
				c.report(schema.CodeSetting, pos, "keep one of the two", "%s: %s is in the list twice", key, name)
			}
			if names := known(list.media); !slices.Contains(names, name) {
				remedy := "known are " + strings.Join(names, ", ") + "; the list is reconstructed"
				if near, ok := nearest.Match(name, slices.Values(names)); ok {
					remedy = "did you mean " + near + "?"
				}
				f := schema.NewFinding(schema.CodeSetting, pos, remedy, "%s: the app is not known to have the codec %s", key, name)
				f.Severity = schema.Warning
				c.findings = append(c.findings, f)
			}
		}
	}
}

func checkSIP(c *check) {
	for key, seconds := range map[string]int{"register_refresh": c.project.SIP.RegisterRefresh, "subscribe_refresh": c.project.SIP.SubscribeRefresh} {
		if seconds < 0 {
			c.report(schema.CodeSetting, c.project.at("sip", key), "", "sip.%s is %d: expected 1 second or more", key, seconds)
		}
	}
}

func checkAccess(c *check) {
	p := c.project
	missing := len(c.resolution.Targets) > 0
	for _, t := range c.resolution.Targets {
		missing = missing && t.Access.Host == ""
		if t.Access.Host != "" {
			if err := schema.ParseHost(t.Access.Host); err != nil {
				c.report(schema.CodeSetting, accessPosition(p, t.Platform, "host"), err.(*schema.ValueError).Remedy, "access.host: %s", err)
			}
		}
	}
	if missing {
		c.report(schema.CodeAccessHost, p.top(), "set access.host, or enter it in the profile after the import",
			"no access.host: the device types don't name the XSP|ADP farm that serves Device Management")
	}
}

func checkDeviceTypes(c *check) {
	p := c.project
	seen := make(map[string]tags.Platform)
	for _, t := range c.resolution.Targets {
		pos := p.at(t.Platform.String(), "device_type")
		if err := dtaf.CheckDeviceTypeName(t.DeviceType); err != nil {
			c.report(schema.CodeSetting, pos, "", "%s.device_type: %s", t.Platform, err)
		}
		if other, ok := seen[strings.ToLower(t.DeviceType)]; ok {
			c.report(schema.CodeSetting, pos, "give each its own", "%s and %s have the device type %q both", other, t.Platform, t.DeviceType)
		}
		seen[strings.ToLower(t.DeviceType)] = t.Platform
		if c.options.Mode == Tags && (t.base == nil || t.TagSet != "") {
			if err := tags.CheckSetName(t.TagSet); err != nil {
				c.report(schema.CodeSetting, p.at(t.Platform.String(), "tag_set"), "", "%s.tag_set: %s", t.Platform, err)
			}
		}
	}
}

// checkTagSets looks for platforms that share a tag set and disagree.
func checkTagSets(c *check) {
	if c.options.Mode == Inline {
		return
	}
	for i, t := range c.resolution.Targets {
		for _, other := range c.resolution.Targets[:i] {
			if other.TagSet != t.TagSet || t.TagSet == "" {
				continue
			}
			for _, v := range t.Values {
				if o, ok := other.Value(v.Tag.Name); ok && o.Value != v.Value {
					pos := v.Position
					if v.Origin < o.Origin {
						pos = o.Position
					}
					c.report(schema.CodeTagSet, pos, "give each platform a tag_set of its own, or the tag one value",
						"%s differs between %s and %s, which share the tag set %q", v.Tag.Name, other.Platform, t.Platform, t.TagSet)
				}
			}
		}
	}
}

// checkReconstructed says once that the built-in template is not the vendor's.
func checkReconstructed(c *check) {
	builtIn := func(t *Target) bool { return t.base == nil }
	if !slices.ContainsFunc(c.resolution.Targets, builtIn) {
		return
	}
	n, total := 0, 0
	for _, path := range schema.Paths() {
		if path.Tag == "" {
			continue
		}
		total++
		if path.Known == tags.Reconstructed {
			n++
		}
	}
	c.report(schema.CodeGuess, c.project.top(), "base production on the vendor's own archive",
		"the built-in template has %d of its %d places reconstructed from public documents", n, total)
}

func checkValues(p *pass) {
	for _, v := range p.target.Values {
		pos := v.Position
		if v.Origin == FromDefault && v.Tag.Declared {
			i := slices.IndexFunc(p.project.Declare, func(d tags.Tag) bool { return d.Name == v.Tag.Name })
			pos = p.project.atDeclare(i, "default")
		}
		p.findings = append(p.findings, schema.Check(v.Tag, v.Value, pos)...)
	}
}

// portRange returns the ends of a range of ports, and false if one of them is no
// port.
func portRange(t *Target, start, end string) (first, last Value, from, to int, ok bool) {
	first, hasFirst := t.Value(start)
	last, hasLast := t.Value(end)
	from, errFrom := schema.ParsePort(first.Value)
	to, errTo := schema.ParsePort(last.Value)
	return first, last, from, to, hasFirst && hasLast && errFrom == nil && errTo == nil
}

func checkPortRanges(p *pass) {
	ordered := true
	ends := [][2]string{
		{"RTP_AUDIO_PORT_RANGE_START_WXT", "RTP_AUDIO_PORT_RANGE_END_WXT"},
		{"RTP_VIDEO_PORT_RANGE_START_WXT", "RTP_VIDEO_PORT_RANGE_END_WXT"},
	}
	for _, r := range ends {
		first, last, from, to, ok := portRange(p.target, r[0], r[1])
		if ok && from > to {
			ordered = false
			p.report(schema.CodePortOrder, stronger(last, first), "swap them, or move one",
				"the range from %s %d to %s %d runs backwards", r[0], from, r[1], to)
		}
	}
	audioFirst, _, audioFrom, audioTo, audioOK := portRange(p.target, ends[0][0], ends[0][1])
	videoFirst, _, videoFrom, videoTo, videoOK := portRange(p.target, ends[1][0], ends[1][1])
	if ordered && audioOK && videoOK && audioFrom <= videoTo && videoFrom <= audioTo {
		p.report(schema.CodePortOverlap, stronger(videoFirst, audioFirst), "move one of the ranges",
			"the audio ports %d to %d and the video ports %d to %d overlap", audioFrom, audioTo, videoFrom, videoTo)
	}
}

// stronger returns the place of the value that the project sets, and of the
// first one if it sets both or neither.
func stronger(a, b Value) schema.Position {
	if b.Origin > FromDefault && a.Origin == FromDefault {
		return b.Position
	}
	return a.Position
}

// checkRawXML looks for values that the Application Server would make broken
// XML of.
func checkRawXML(p *pass) {
	if p.options.Mode == Inline {
		return
	}
	told := make(map[string]bool)
	values := make(map[string]Value)
	for _, v := range p.target.Values {
		values[v.Tag.Name] = v
	}
	var places []render.Placeholder
	for _, f := range p.target.templates() {
		places = append(places, f.template.Placeholders()...)
	}
	for _, place := range places {
		v, ok := values[place.Name]
		if !ok || told[place.Name] {
			continue
		}
		if mark := place.BreaksXML(v.Value); mark != "" {
			told[place.Name] = true
			p.report(schema.CodeRawXML, v.Position, "write it as a reference, such as &amp; for &, or build with --mode inline, which escapes values",
				"%s: the value has %s, and the Application Server puts it into the template's %s as it is: the app could not parse its file", place.Name, mark, place.Context)
		}
	}
}

func checkEncoding(p *pass) {
	t := p.target
	pos := p.project.at(t.Platform.String(), "encoding")
	cs, err := charset.Lookup(t.Encoding)
	if err != nil {
		p.report(schema.CodeEncoding, pos, "", "%s.encoding: %s", t.Platform, err)
		return
	}
	if !cs.IsASCIICompatible() && t.base == nil {
		p.report(schema.CodeEncoding, pos, "use UTF-8", "%s.encoding: %s does not hold ASCII as it is, which a template needs", t.Platform, t.Encoding)
		return
	}
	if p.options.Mode == Inline {
		return // What the encoding lacks is written as a reference.
	}
	for _, v := range t.Values {
		if r, _, ok := cs.Missing(v.Value); ok {
			p.report(schema.CodeEncoding, v.Position, "set encoding to UTF-8, or build with --mode inline",
				"%s: %s has no character %q, which the value has", v.Tag.Name, t.Encoding, r)
		}
	}
}

func checkManifest(p *pass) {
	_, fs := manifest(p.project, p.target, p.options.Mode)
	p.findings = append(p.findings, fs...)
}

// checkPlaces looks for tags that the project declares or sets and that stand
// nowhere in the template.
func checkPlaces(p *pass) {
	if p.target.template == nil {
		return
	}
	for _, v := range p.target.Values {
		if p.target.used[v.Tag.Name] {
			continue
		}
		pos := v.Position
		if v.Origin == FromDefault {
			if i := slices.IndexFunc(p.project.Declare, func(d tags.Tag) bool { return d.Name == v.Tag.Name }); i >= 0 {
				pos = p.project.atDeclare(i, "tag")
			}
		}
		p.report(schema.CodeNoPlace, pos, "", "%s stands nowhere in the template for %s: its value does not reach the app", v.Tag.Name, p.target.Platform)
	}
}

// checkGuesses tells what of the device type nobody has confirmed.
func checkGuesses(p *pass) {
	t := p.target
	spec := dtaf.Spec(t.Platform)
	own := p.project.Platform(t.Platform).Access.URI != "" || p.project.Access.URI != ""
	if t.base == nil && spec.Known.URI == tags.Reconstructed && !own {
		p.report(schema.CodeGuess, p.project.top(), fmt.Sprintf("set %s.access.uri to the one of your profile", t.Platform),
			"%s: the device access URI %q is a guess", t.Platform, t.Access.URI)
	}
}

// checkBaseRelease looks for requests of a base that the release does not know.
func checkBaseRelease(p *pass) {
	t := p.target
	if t.base == nil || t.Release == 0 {
		return
	}
	for _, r := range t.base.manifest.Requests {
		if known, ok := oci.Lookup(r.Type); ok && !known.KnownIn(t.Release) {
			p.report(schema.CodeBaseRelease, p.project.at(t.Platform.String(), "base"), fmt.Sprintf("use the vendor's archive for %s", t.Release),
				"%s.base: it has a %s, which %s does not know", t.Platform, r.Type, t.Release)
		}
	}
}

// checkUnset looks for tags in the templates that have no value.
func checkUnset(p *pass) {
	t := p.target
	pos := p.project.at(t.Platform.String(), "base")
	if t.base == nil {
		pos = p.project.at(t.Platform.String(), "edit")
	}
	for _, name := range t.Unset() {
		p.report(schema.CodeNoValue, pos, "set it in [tags] or in ["+t.Platform.String()+".tags]",
			"%s: the template has the tag %s, whose default is not known, and it has no value: the app would get the placeholder", t.Platform, name)
	}
}
