package wxt

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/configwxt"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// Parse reads the text of a project file. File is its name, for positions.
// Decoding is strict: what is not a key of the project file, or not of the type
// that its key takes, is an error, which is a [schema.Findings]. Whether the
// values make sense is for [Check] to say.
func Parse(file string, data []byte, opts ...LoadOption) (*Project, error) {
	p, fs := parse(file, data, loadConfig(opts))
	if fs.Err() != nil {
		return nil, fs.Sorted()
	}
	return p, nil
}

// parse reads the text of a project file as far as it can be read. The project
// is nil if it can't be read at all.
func parse(file string, data []byte, c config) (*Project, schema.Findings) {
	l := newLoader(file, c)
	l.add(data, place{filepath.Base(file), file}, nil)
	for _, setting := range c.settings {
		l.set(setting)
	}
	if l.unreadable {
		return nil, l.findings
	}
	p := &Project{opener: c.open, limits: c.limits, settings: c.settings}
	tree := l.merge(&p.document)
	p.extended = l.extended()
	fs := append(l.findings, p.fill(tree)...)
	p.annotate(fs)
	return p, fs
}

// read decodes the text of a TOML file and notes where its keys and values
// stand. If there are findings, it can't be read at all.
func (d *document) read(data []byte, limits dtaf.Limits) (map[string]any, schema.Findings) {
	t, wrong := tomlfile.Decode(data, tomlfile.Limits{Size: limits.Project, Nesting: limits.Nesting, Keys: limits.Keys})
	d.source, d.lines = t.Source, t.Lines
	if wrong != nil {
		pos := schema.Position{File: d.file, Line: wrong.Line, Column: wrong.Column}
		return nil, schema.Findings{schema.NewFinding(codes.Syntax, pos, wrong.Remedy, "%s", wrong.Message)}
	}
	position := func(offset int) schema.Position {
		line, column := t.Lines.Position(offset)
		return schema.Position{File: d.file, Line: line, Column: column}
	}
	d.places = make(map[string]places, len(t.Places))
	for path, place := range t.Places {
		d.places[path] = places{position(place.Key), position(place.Value)}
	}
	return t.Tree, nil
}

// fill sets the project's fields from a tree, and passes over what is not of the
// kind that its key takes: checkKeys has reported it.
func (p *Project) fill(tree map[string]any) schema.Findings {
	d := decoder{p: p}
	root := table{tree, nil}
	p.Name = d.title(root, "name")
	p.Abstract, _ = tree["abstract"].(bool)
	if s, ok := root.str("broadworks"); ok {
		r, err := oci.ParseRelease(s)
		d.check(err, "broadworks")
		p.BroadWorks = r
	}
	if s, ok := root.str("edge"); ok {
		p.Edge = s
		if !slices.Contains(edges(), s) {
			d.check(fmt.Errorf("%q is neither xsp nor adp", s), "edge")
		}
	}
	pkg := root.table("package")
	p.Package.Version, _ = pkg.str("version")
	if s, ok := pkg.str("date"); ok {
		m, err := parseMonth(s)
		d.check(err, "package", "date")
		p.Package.Date = m
	}
	p.Access = d.access(root.table("access"))
	p.Tags = d.values(root.table("tags"), true)
	declared, _ := tableList(tree["declare"])
	for i, t := range declared {
		if tag, ok := d.declaration(table{t, []any{"declare", i}}); ok {
			p.Declare = append(p.Declare, tag)
			p.declared = append(p.declared, i)
		}
	}
	codecs := root.table("codecs")
	p.Codecs = Codecs{Audio: codecs.strs("audio"), Video: codecs.strs("video")}
	p.Codecs.KeepOthers, _ = codecs.tree["keep_others"].(bool)
	for _, key := range codecAttributes {
		if values := d.values(codecs.table(key), false); values != nil {
			if p.Codecs.Attributes == nil {
				p.Codecs.Attributes = make(map[string]map[string]string)
			}
			p.Codecs.Attributes[codecAttribute(key)] = values
		}
	}
	sip := root.table("sip")
	p.SIP.RegisterRefresh = d.positive(sip, "register_refresh")
	p.SIP.SubscribeRefresh = d.positive(sip, "subscribe_refresh")
	p.SIP.InfoPeriod = d.positive(sip, "info_period")
	if on, ok := sip.tree["info"].(bool); ok {
		p.SIP.Info = &on
	}
	if s, ok := sip.str("transport"); ok {
		p.SIP.Transport = s
		if !slices.Contains(transports(), s) {
			d.check(fmt.Errorf("%q is none of udp, tcp and tls", s), "sip", "transport")
		}
	}
	p.Checks = d.levels(root.table("checks"))
	ignored, _ := tableList(tree["ignore"])
	for i, t := range ignored {
		p.Ignore = append(p.Ignore, d.ignore(table{t, []any{"ignore", i}}))
	}
	for _, platform := range tags.Platforms() {
		t := root.table(platform.String())
		s := p.Platform(platform)
		if enabled, ok := t.tree["enabled"].(bool); ok {
			s.Disabled = !enabled
		}
		s.Base, _ = t.str("base")
		s.DeviceType = d.name(t, "device_type")
		s.TagSet = d.name(t, "tag_set")
		s.Encoding = d.name(t, "encoding")
		s.Lines = d.lines(t, platform)
		s.Tags = d.values(t.table("tags"), true)
		s.Access = d.access(t.table("access"))
		s.Device = d.values(t.table("device"), false)
		files := t.table("file")
		for name := range files.tree {
			if s.Files == nil {
				s.Files = make(map[string]map[string]string)
			}
			s.Files[name] = d.values(files.table(name), false)
		}
		edits, _ := tableList(t.tree["edit"])
		for i, e := range edits {
			if edit, ok := d.edit(table{e, append(t.at("edit"), i)}); ok {
				s.Edits = append(s.Edits, edit)
				s.edits = append(s.edits, i)
			}
		}
	}
	return d.findings
}

// A table is a table of the project file, and its path.
type table struct {
	tree map[string]any
	path []any
}

func (t table) table(name string) table {
	sub, _ := t.tree[name].(map[string]any)
	return table{sub, append(t.path[:len(t.path):len(t.path)], name)}
}

func (t table) at(name string) []any { return append(t.path[:len(t.path):len(t.path)], name) }

func (t table) str(name string) (string, bool) {
	s, ok := t.tree[name].(string)
	return s, ok
}

func (t table) num(name string) (int, bool) {
	n, ok := t.tree[name].(int64)
	if !ok || n < 0 || n > math.MaxInt32 {
		return 0, false
	}
	return int(n), true
}

// strs returns a list of strings; one that is there and empty is not nil.
func (t table) strs(name string) []string {
	list, ok := t.tree[name].([]any)
	if !ok {
		return nil
	}
	out := make([]string, 0, len(list))
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			return nil
		}
		out = append(out, s)
	}
	return out
}

// A decoder gathers what is wrong while a project is filled.
type decoder struct {
	p        *Project
	findings schema.Findings
}

func (d *decoder) add(code string, pos schema.Position, remedy, format string, args ...any) {
	d.findings = append(d.findings, schema.NewFinding(code, pos, remedy, format, args...))
}

// check notes an error about the setting at a path.
func (d *decoder) check(err error, path ...any) {
	if err != nil {
		d.add(codes.Setting, d.p.at(path...), "", "%s: %s", tomlfile.Dotted(path), err)
	}
}

// positive returns a number that has to be 1 or more where it is given.
func (d *decoder) positive(t table, name string) int {
	n, ok := t.num(name)
	if ok && n == 0 {
		d.add(codes.Setting, d.p.at(t.at(name)...), "", "%s is 0: expected 1 or more", tomlfile.Dotted(t.at(name)))
	}
	return n
}

// lines returns the number of lines of a platform, which has to be the desktop.
func (d *decoder) lines(t table, platform tags.Platform) int {
	n, ok := t.num("lines")
	switch {
	case ok && (n < 1 || n > maxLines):
		d.add(codes.Setting, d.p.at(t.at("lines")...), "", "%s is %d: expected 1 to %d", tomlfile.Dotted(t.at("lines")), n, maxLines)
	case n > 1 && platform != tags.Desktop:
		d.add(codes.Setting, d.p.at(t.at("lines")...), "leave it out", "%s: only the desktop app has more than one line", tomlfile.Dotted(t.at("lines")))
	}
	return n
}

// name returns a string that may not be empty where it is given.
func (d *decoder) name(t table, name string) string {
	s, ok := t.str(name)
	if ok && s == "" {
		d.add(codes.Setting, d.p.at(t.at(name)...), "leave the key out for the default", "%s is empty", tomlfile.Dotted(t.at(name)))
	}
	return s
}

// title returns a name for people to read, of one line.
func (d *decoder) title(t table, name string) string {
	s := d.name(t, name)
	if utf8.RuneCountInString(s) > maxName || strings.ContainsFunc(s, unicode.IsControl) || strings.TrimSpace(s) != s {
		d.add(codes.Setting, d.p.at(t.at(name)...), "", "%s: expected one line of at most %d characters, without white space around it", tomlfile.Dotted(t.at(name)), maxName)
		return ""
	}
	return s
}

func (d *decoder) access(t table) Access {
	return Access{Host: d.name(t, "host"), Port: d.positive(t, "port"), Protocol: d.name(t, "protocol"), URI: d.name(t, "uri")}
}

// values returns a table of names and values; tags are written with or without
// percent signs, and come without.
func (d *decoder) values(t table, areTags bool) map[string]string {
	if t.tree == nil {
		return nil
	}
	values := make(map[string]string, len(t.tree))
	for name, v := range t.tree {
		text, ok := tomlfile.Scalar(v)
		if !ok {
			continue
		}
		bare := name
		if areTags {
			bare = tagname.Bare(name)
		}
		if bare != name {
			if _, twice := t.tree[bare]; twice {
				d.add(codes.Key, d.p.atKey(t.at(name)...), "keep one of the two", "%s is set twice: with and without percent signs", bare)
				continue
			}
			pl, _ := d.p.lookup(t.at(name)...)
			d.p.places[tomlfile.Path(t.at(bare)...)] = pl
		}
		values[bare] = text
	}
	return values
}

// levels returns the severities of [checks]. Which codes there are is for
// [Check] to know.
func (d *decoder) levels(t table) map[string]schema.Severity {
	if t.tree == nil {
		return nil
	}
	levels := make(map[string]schema.Severity, len(t.tree))
	for code := range t.tree {
		if s, ok := t.str(code); ok {
			var level schema.Severity
			err := level.UnmarshalText([]byte(s))
			d.check(err, t.at(code)...)
			if err == nil {
				levels[code] = level
			}
		}
	}
	return levels
}

// ignore reads one [[ignore]].
func (d *decoder) ignore(t table) Ignore {
	var i Ignore
	i.Code, _ = t.str("code")
	i.Tag, _ = t.str("tag")
	i.File, _ = t.str("file")
	i.Line, _ = t.num("line")
	i.Reason, _ = t.str("reason")
	if t.tree["code"] == nil {
		d.add(codes.Setting, d.p.at(t.path...), "", "[[ignore]] has no code: expected that of a check, such as \"WXT101\"")
	}
	if reason := t.tree["reason"]; reason == nil || reason == "" {
		d.add(codes.Setting, d.p.at(t.path...), "", "[[ignore]] has no reason: expected why the finding does not matter here")
	}
	return i
}

// declaration reads one [[declare]], and returns false if it has no name or type.
func (d *decoder) declaration(t table) (tags.Tag, bool) {
	var tag tags.Tag
	name, hasName := t.str("tag")
	if !hasName && t.tree["tag"] == nil {
		d.add(codes.Declare, d.p.at(t.path...), "", "[[declare]] has no tag: expected the tag's name")
	}
	typ, hasType := t.str("type")
	if !hasType && t.tree["type"] == nil {
		d.add(codes.Declare, d.p.at(t.path...), "", "[[declare]] %s has no type: expected one such as \"bool\" or \"text\"", name)
	}
	tag.Name, tag.Type = tagname.Bare(name), tags.Type(typ)
	tag.Default, _ = tomlfile.Scalar(t.tree["default"])
	tag.Feature, _ = t.str("feature")
	tag.Text, _ = t.str("text")
	tag.Values = t.strs("values")
	tag.Min, _ = t.num("min")
	tag.Max, _ = t.num("max")
	tag.Secret, _ = t.tree["secret"].(bool)
	if path, ok := t.str("path"); ok {
		if err := configwxt.CheckPlace(path); err != nil {
			d.add(codes.Declare, d.p.at(t.at("path")...), "", "%s: %s", name, err)
		} else {
			tag.Places = []string{path}
		}
	}
	tag.Platforms = tags.NewPlatformSet(tags.Platforms()...)
	if list := t.strs("platforms"); list != nil {
		tag.Platforms = 0
		for i, s := range list {
			platform, err := tags.ParsePlatform(s)
			d.check(err, append(t.at("platforms"), i)...)
			tag.Platforms |= tags.NewPlatformSet(platform)
		}
	}
	return tag, hasName && hasType
}

// edit reads one [[platform.edit]], and returns false if it can't be one.
func (d *decoder) edit(t table) (render.Edit, bool) {
	wrong := func(format string, args ...any) (render.Edit, bool) {
		d.add(codes.Edit, d.p.at(t.path...), "", format, args...)
		return render.Edit{}, false
	}
	var e render.Edit
	path, ok := t.str("path")
	if !ok {
		return wrong("an edit has no path: expected that of an element, such as \"config/services/calls/call-pull\"")
	}
	e.Path = path
	e.All, _ = t.tree["all"].(bool)
	e.Attr, _ = t.str("attr")
	_, hasAttr := t.tree["attr"]
	value, hasValue := t.tree["value"]
	text, hasText := t.tree["text"]
	insert, hasInsert := t.tree["insert"]
	remove, _ := t.tree["remove"].(bool)
	switch {
	case hasAttr && hasValue && !hasText && !hasInsert && !remove:
		e.Op = render.SetAttr
		e.Value, _ = tomlfile.Scalar(value)
	case hasAttr && remove && !hasValue && !hasText && !hasInsert:
		e.Op = render.RemoveAttr
	case hasText && !hasAttr && !hasValue && !hasInsert && !remove:
		e.Op = render.SetText
		e.Value, _ = tomlfile.Scalar(text)
	case hasInsert && !hasAttr && !hasValue && !hasText && !remove:
		e.Op = render.Insert
		e.Value, _ = insert.(string)
		switch place, ok := t.str("place"); {
		case !ok || place == "inside":
		case place == "before":
			e.Op = render.InsertBefore
		case place == "after":
			e.Op = render.InsertAfter
		default:
			d.add(codes.Edit, d.p.at(t.at("place")...), "", "unknown place %q: expected inside, before or after", place)
			return render.Edit{}, false
		}
		return e, true
	case remove && !hasAttr && !hasValue && !hasText && !hasInsert:
		e.Op = render.Remove
	default:
		return wrong("the edit of %s does not say one thing: expected attr and value, text, insert, remove = true, or attr and remove = true", path)
	}
	if _, ok := t.tree["place"]; ok {
		return wrong("the edit of %s has a place and inserts nothing", path)
	}
	return e, true
}

var monthPattern = regexp.MustCompile(`^([0-9]{4})-([0-9]{2})$`)

// parseMonth reads a month such as "2026-11". The years are those that the
// times in an archive can have.
func parseMonth(s string) (Month, error) {
	m := monthPattern.FindStringSubmatch(s)
	if m != nil {
		year, _ := strconv.Atoi(m[1])
		month, _ := strconv.Atoi(m[2])
		if v := (Month{year, time.Month(month)}); v.valid() {
			return v, nil
		}
	}
	return Month{}, errors.New(strconv.Quote(s) + " is not a month from 1980-01 to 2107-12, such as 2026-11")
}

// valid reports whether the month exists and an archive can hold it.
func (m Month) valid() bool {
	return m.Year >= 1980 && m.Year <= 2107 && m.Month >= time.January && m.Month <= time.December
}
