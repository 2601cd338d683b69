package wxt

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// StarterOptions say what a starter file starts from. The zero value is the
// embedded default.
type StarterOptions struct {
	Dir    string   // the folder that the file will be in, from which it names the archives
	Bases  []string // files of the vendor's archives, at most one for a platform
	Schema string   // what the file names as its JSON Schema; empty: nothing
}

// Starter returns a project file to start from: every key, every tag and every
// element of the device types is in it, commented out, at its default, with a line
// that says what it is and which values it takes. Each of them can be uncommented
// by itself. It decides nothing but the bases.
//
// A platform with a base has the device type, the tag set and the tags of that
// archive. Which platform an archive is for, [dtaf.Archive.Platform] tells.
func Starter(o StarterOptions) ([]byte, error) {
	p := &Project{file: filepath.Join(o.Dir, FileName)}
	var bases tags.PlatformSet
	for _, path := range o.Bases {
		archive, err := dtaf.Open(path)
		if err != nil {
			return nil, err
		}
		platform, ok := archive.Platform()
		if !ok {
			return nil, fmt.Errorf("%s: nothing in it tells which platform of the app it is for: start without it, and set base yourself", path)
		}
		if bases.Has(platform) {
			return nil, fmt.Errorf("%s: there is another archive for %s already", path, platform)
		}
		bases |= tags.NewPlatformSet(platform)
		s := p.Platform(platform)
		s.BaseArchive = archive
		if s.Base, err = relative(o.Dir, path); err != nil {
			return nil, err
		}
	}
	defaults, err := newDefaults(p)
	if err != nil {
		return nil, err
	}
	w := starter{defaults: defaults, project: p, bases: bases}
	w.file(o.Schema)
	return w.Bytes(), nil
}

// relative returns path as it is seen from dir, with slashes.
func relative(dir, path string) (string, error) {
	from, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(from, to)
	if err != nil { // they are on two drives
		rel = to
	}
	return filepath.ToSlash(rel), nil
}

// A defaults is what each key has when a project leaves it out.
type defaults struct {
	tree    map[string]any // default.toml
	release oci.Release    // the oldest that knows all requests of the bases
	targets map[tags.Platform]*Target
}

func newDefaults(p *Project) (*defaults, error) {
	d := &defaults{release: oci.R21SP1, targets: make(map[tags.Platform]*Target)}
	if _, err := toml.Decode(string(defaultTOML), &d.tree); err != nil {
		return nil, err
	}
	r, fs := Compile(p)
	if err := fs.Err(); err != nil {
		return nil, err
	}
	for _, t := range r.Targets {
		d.targets[t.Platform] = t
		doc, err := t.requests()
		if err != nil {
			return nil, err
		}
		for _, request := range doc.Requests {
			if known, ok := oci.Lookup(request.Type); ok {
				d.release = max(d.release, known.Since())
			}
		}
	}
	return d, nil
}

// of returns the default of the key at a path, and false if it has none.
func (d *defaults) of(path ...string) (any, bool) {
	if len(path) == 1 && path[0] == "broadworks" {
		return d.release.String(), true
	}
	if platform, err := tags.ParsePlatform(path[0]); err == nil && len(path) > 1 {
		value := d.ofTarget(d.targets[platform], path[1:])
		return value, value != nil && value != "" && value != 0 || path[1] == "base"
	}
	var value any = d.tree
	for _, step := range path {
		table, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		value = table[step]
	}
	return value, value != nil
}

// ofTarget returns the default of a platform's key.
func (d *defaults) ofTarget(t *Target, path []string) any {
	switch strings.Join(path, ".") {
	case "enabled":
		return true
	case "base":
		return ""
	case "device_type":
		return t.DeviceType
	case "tag_set":
		return t.TagSet
	case "encoding":
		return t.Encoding
	case "access.host":
		return t.Access.Host
	case "access.port":
		return t.Access.Port
	case "access.protocol":
		return strings.ToLower(t.Access.Protocol)
	case "access.uri":
		return t.Access.URI
	}
	return nil
}

// An element is an element of a device type request that a project can set.
type deviceElement struct {
	leaf  oci.Leaf
	value string
}

// device returns the elements of a target's device type request that have a value
// and no key of their own, in the request's order.
func (d *defaults) device(t *Target) []deviceElement {
	doc, err := t.requests()
	if err != nil {
		return nil
	}
	request := dtaf.DeviceTypeRequest(doc)
	known, ok := oci.Lookup(request.Type)
	if !ok {
		return nil
	}
	var list []deviceElement
	for _, leaf := range known.Leaves() {
		_, own := ownKeys[leaf.Name]
		if value, ok := request.Get(leaf.Name); ok && !own {
			list = append(list, deviceElement{leaf, value})
		}
	}
	return list
}

// A starter writes a starter file.
type starter struct {
	bytes.Buffer
	*defaults
	project *Project
	bases   tags.PlatformSet
}

// comment writes an explanation, in lines of a length that can be read.
func (w *starter) comment(format string, args ...any) {
	const width = 98
	line := "#"
	for word := range strings.FieldsSeq(fmt.Sprintf(format, args...)) {
		if len(line)+1+len(word) > width {
			fmt.Fprintln(w, line)
			line = "#"
		}
		line += " " + word
	}
	fmt.Fprintln(w, line)
}

func (w *starter) file(jsonSchema string) {
	if jsonSchema != "" {
		fmt.Fprintf(w, "#:schema %s\n\n", jsonSchema)
	}
	w.comment("The configuration of the Webex app for Cisco BroadWorks. \"dtafgen check\" tells what is wrong with it, \"dtafgen build\" makes the archives and the tag sets of it.")
	w.comment("")
	w.comment("Everything that can be set stands here at its default. A line that begins with # and no space is a setting: take the # away and change the value. What is left out keeps its default.")
	for _, k := range projectKeys {
		if k.kind != kindTable && k.kind != kindValues && k.kind != kindLevels {
			fmt.Fprintln(w)
			w.setting(k, k.name)
		}
	}
	for _, k := range projectKeys {
		switch k.kind {
		case kindTable:
			w.table(k, k.name)
		case kindValues:
			w.header(k, k.name)
			w.tags()
		case kindLevels:
			w.header(k, k.name)
			w.comment("%s", k.allowed())
			for _, r := range schema.Rules() {
				if !r.Fixed {
					fmt.Fprintf(w, "#%s = %q  # %s: %s\n", r.Code, r.Severity, r.Name, r.Protects)
				}
			}
		}
	}
}

func (w *starter) header(k key, path ...string) {
	fmt.Fprintln(w)
	w.comment("%s", k.text)
	fmt.Fprintf(w, "[%s]\n", strings.Join(path, "."))
}

// table writes a table, its own keys first.
func (w *starter) table(k key, path ...string) {
	w.header(k, path...)
	for _, sub := range k.keys {
		if sub.kind != kindTable && sub.kind != kindValues {
			w.setting(sub, append(slices.Clone(path), sub.name)...)
		}
	}
	for _, sub := range k.keys {
		here := append(slices.Clone(path), sub.name)
		switch sub.kind {
		case kindTable:
			w.table(sub, here...)
		case kindValues:
			platform, err := tags.ParsePlatform(path[0])
			if err != nil {
				continue
			}
			w.header(sub, here...)
			if sub.name == "device" {
				w.deviceElements(w.targets[platform])
			} else {
				w.platformTags(w.targets[platform])
			}
		}
	}
}

// setting writes a key with its explanation.
func (w *starter) setting(k key, path ...string) {
	value, ok := w.of(path...)
	text, example := k.text, ""
	if allowed := k.allowed(); allowed != "" {
		text += " " + allowed
	}
	if !ok {
		if k.example == nil {
			return
		}
		value, example = k.example, "  # an example"
	}
	w.comment("%s", text)
	mark := "#"
	if k.name == "base" {
		platform, _ := tags.ParsePlatform(path[0])
		if w.bases.Has(platform) {
			mark, value = "", w.project.Platform(platform).Base
		}
	}
	fmt.Fprintf(w, "%s%s = %s%s\n", mark, k.name, tomlValue(value, k.keys), example)
}

// allowed says which values a key takes, in words.
func (k key) allowed() string {
	switch {
	case k.kind == kindBool:
		return "true or false."
	case k.kind == kindInt && k.max > 0:
		return fmt.Sprintf("%d to %d%s.", k.min, k.max, unitText(k.unit))
	case k.kind == kindInt:
		return fmt.Sprintf("%d or more%s.", k.min, unitText(k.unit))
	case k.values != nil && k.pattern != "":
		return "Known: " + strings.Join(k.values(), ", ") + "."
	case k.values != nil:
		return "One of " + strings.Join(k.values(), ", ") + "."
	case k.kind == kindString && k.max > 0:
		return fmt.Sprintf("%d to %d characters.", k.min, k.max)
	}
	return ""
}

func unitText(unit string) string {
	if unit == "" {
		return ""
	}
	return " " + unit
}

// tags writes the tags of the table for all platforms.
func (w *starter) tags() {
	w.byFeature(slices.Collect(tags.Default().All()), func(t tags.Tag) (string, string) {
		where := ""
		if t.Platforms != tags.AllPlatforms {
			where = " Of " + t.Platforms.String() + " alone."
		}
		if len(t.Defaults) > 0 {
			where += " The default differs between the platforms."
		}
		value := t.Default
		for p := range t.Platforms.All() {
			value, _ = t.DefaultOn(p)
			break
		}
		return value, where
	})
}

// platformTags writes the tags of one platform: of its template, if it has a base.
func (w *starter) platformTags(t *Target) {
	var list, unknown []tags.Tag
	var absent []string
	for tag := range t.Catalogue.On(t.Platform) {
		_, known := tags.Default().Lookup(tag.Name)
		switch {
		case t.base != nil && !t.used[tag.Name]:
			absent = append(absent, tag.Name)
		case !known:
			unknown = append(unknown, tag)
		default:
			list = append(list, tag)
		}
	}
	if len(unknown) > 0 {
		fmt.Fprintln(w)
		w.comment("Tags of the vendor's template that the catalogue does not know. Their defaults are not known: set each of them, or the app gets the placeholder.")
		for _, tag := range unknown {
			w.comment("%s", tag.DescribeValues())
			fmt.Fprintf(w, "#%s = %s\n", tomlKey(tag.Name), tomlTag(tag, unknownValue(tag)))
		}
	}
	w.byFeature(list, func(tag tags.Tag) (string, string) {
		value, ok := tag.DefaultOn(t.Platform)
		if !ok {
			value = unknownValue(tag)
		}
		return value, ""
	})
	if len(absent) > 0 {
		fmt.Fprintln(w)
		w.comment("The vendor's template does not have:")
		for _, name := range absent {
			w.comment("- %s", name)
		}
	}
}

// unknownValue returns a value that fits a tag whose default is not known.
func unknownValue(t tags.Tag) string {
	for _, v := range append([]string{"", "false", strconv.Itoa(max(t.Min, 1))}, t.Values...) {
		if schema.CheckValue(t, v) == nil {
			return v
		}
	}
	return ""
}

// byFeature writes custom tags, the features in the order in which they come. The
// function returns a tag's value, and what else there is to say.
func (w *starter) byFeature(list []tags.Tag, of func(tags.Tag) (value, more string)) {
	var features []string
	groups := make(map[string][]tags.Tag)
	for _, t := range list {
		if t.System {
			continue
		}
		if groups[t.Feature] == nil {
			features = append(features, t.Feature)
		}
		groups[t.Feature] = append(groups[t.Feature], t)
	}
	for _, feature := range features {
		fmt.Fprintln(w)
		w.comment("-- %s --", feature)
		for _, t := range groups[feature] {
			value, more := of(t)
			w.comment("%s (%s)%s", t.Text, t.DescribeValues(), more)
			fmt.Fprintf(w, "#%s = %s\n", tomlKey(t.Name), tomlTag(t, value))
		}
	}
}

// deviceElements writes the elements of the device type request.
func (w *starter) deviceElements(t *Target) {
	for _, e := range w.device(t) {
		value := tomlfile.Basic(e.value)
		switch {
		case e.leaf.Type.Base == "xs:boolean" && (e.value == "true" || e.value == "false"):
			value = e.value
		case e.leaf.Type.Base == "xs:int" && isNumber(e.value):
			value = e.value
		}
		fmt.Fprintf(w, "#%s = %s", e.leaf.Name, value)
		if allowed := describeElement(e.leaf.Type); allowed != "" {
			fmt.Fprintf(w, "  # %s", allowed)
		}
		fmt.Fprintln(w)
	}
}

// describeElement says which values an element of a request takes.
func describeElement(v oci.ValueType) string {
	switch {
	case v.Base == "xs:boolean":
		return "true or false"
	case v.Base == "xs:int":
		s := fmt.Sprintf("%d to %d", v.Min, v.Max)
		if v.Max == 1<<31-1 {
			s = fmt.Sprintf("%d or more", v.Min)
		}
		if v.Unlimited {
			s += `, or "unlimited"`
		}
		return s
	case len(v.Enumeration) > 0:
		quoted := make([]string, len(v.Enumeration))
		for i, e := range v.Enumeration {
			quoted[i] = strconv.Quote(e)
		}
		return strings.Join(quoted, ", ")
	case v.MaxLength > 0:
		return fmt.Sprintf("%d to %d characters", v.MinLength, v.MaxLength)
	}
	return ""
}

func isNumber(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && strconv.Itoa(n) == s && n >= 0
}

// tomlTag returns a tag's value as TOML: a boolean and a number bare.
func tomlTag(t tags.Tag, value string) string {
	switch t.Type {
	case tags.Bool:
		if value == "true" || value == "false" {
			return value
		}
	case tags.Port, tags.Seconds, tags.Milliseconds, tags.Bytes:
		if isNumber(value) {
			return value
		}
	}
	return tomlfile.Basic(value)
}

// tomlKey returns a name as a key of TOML: in quotation marks where a dot would
// part it.
func tomlKey(name string) string {
	if strings.Contains(name, ".") {
		return tomlfile.Basic(name)
	}
	return name
}

// tomlValue returns a value as TOML, on one line. The keys give the order of an
// inline table's.
func tomlValue(value any, keys []key) string {
	switch v := value.(type) {
	case string:
		return tomlfile.Basic(v)
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = tomlValue(e, keys)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case object:
		var parts []string
		for _, k := range keys {
			if e, ok := v[k.name]; ok {
				parts = append(parts, k.name+" = "+tomlValue(e, k.keys))
			}
		}
		if keys == nil {
			for _, name := range slices.Sorted(maps.Keys(v)) {
				parts = append(parts, name+" = "+tomlValue(v[name], nil))
			}
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	default:
		return fmt.Sprint(v)
	}
}
