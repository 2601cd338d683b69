package projectdoc

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/internal/value"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// Starter returns a project file to start from: every key, every tag and every
// element of the device types is in it if it is to be full, and otherwise what most
// projects set. Everything but the bases is commented out, at its default. The first
// line names the JSON Schema, if there is one.
func (d Document) Starter(jsonSchema string, full bool) []byte {
	w := starter{Document: d, full: full}
	if !full {
		w.Keys = usual(d.Keys, "")
	}
	w.file(jsonSchema)
	return w.Bytes()
}

// usualKeys are the keys that most projects set, and usualTags the tags. (common sense)
var (
	usualKeys = []string{
		"name", "broadworks", "package", "package.version", "package.date", "access", "access.host", "tags",
		"desktop", "desktop.base", "desktop.tag_set", "desktop.tags",
		"mobile", "mobile.base", "mobile.tag_set", "mobile.tags",
		"tablet", "tablet.enabled", "tablet.base", "tablet.tag_set", "tablet.tags",
	}
	usualTags = []string{
		"SBC_ADDRESS_WXT", "SBC_PORT_WXT", "DOMAIN_OVERRIDE_WXT", "USE_TLS_WXT", "SRTP_ENABLED_WXT", "SRTP_MODE_WXT",
		"USE_PROXY_DISCOVERY_WXT", "XSI_ROOT_WXT", "WEB_CALL_SETTINGS_URL_WXT", "ENABLE_VOICE_MAIL_WXT", "ENABLE_VISUAL_VOICE_MAIL_WXT",
		"ENABLE_CALL_RECORDING_WXT", "ENABLE_EMERGENCY_DIALING_WXT", "EMERGENCY_DIALING_NUMBERS_WXT",
	}
)

// usual returns those of some keys that most projects set.
func usual(keys []Key, prefix string) []Key {
	var list []Key
	for _, k := range keys {
		if slices.Contains(usualKeys, prefix+k.Name) {
			k.Keys = usual(k.Keys, prefix+k.Name+".")
			list = append(list, k)
		}
	}
	return list
}

// A starter writes a starter file.
type starter struct {
	bytes.Buffer
	Document
	full bool // everything is in it, and not just what is usual
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
	w.comment("The configuration of the Webex app for Cisco BroadWorks. \"dtafgen check\" tells what is wrong with it, \"dtafgen build\" makes the archives and the tag sets from it.")
	w.comment("")
	if w.full {
		w.comment("Everything that can be set stands here at its default. A line that begins with # and no space is a setting: take the # away and change the value. What is left out keeps its default.")
	} else {
		w.comment("What most projects set stands here at its default. A line that begins with # and no space is a setting: take the # away and change the value. \"dtafgen init --full\" writes a file with everything that can be set, and \"dtafgen explain NAME\" explains a key or a tag.")
	}
	for _, k := range w.Keys {
		if k.Kind != Table && k.Kind != Values && k.Kind != Levels {
			fmt.Fprintln(w)
			w.setting(k, k.Name)
		}
	}
	for _, k := range w.Keys {
		switch k.Kind {
		case Table:
			w.table(k, k.Name)
		case Values:
			w.header(k, k.Name)
			w.tags()
		case Levels:
			w.header(k, k.Name)
			w.comment("%s", k.Allowed())
			for _, r := range schema.Rules() {
				if !r.Fixed {
					fmt.Fprintf(w, "#%s = %q  # %s: %s\n", r.Code, r.Severity, r.Name, r.Protects)
				}
			}
		}
	}
}

func (w *starter) header(k Key, path ...string) {
	fmt.Fprintln(w)
	w.comment("%s", k.Text)
	fmt.Fprintf(w, "[%s]\n", strings.Join(path, "."))
}

// table writes a table, its own keys first.
func (w *starter) table(k Key, path ...string) {
	w.header(k, path...)
	for _, sub := range k.Keys {
		if sub.Kind != Table && (sub.Kind != Values || sub.Example != nil) {
			w.setting(sub, append(slices.Clone(path), sub.Name)...)
		}
	}
	for _, sub := range k.Keys {
		here := append(slices.Clone(path), sub.Name)
		switch sub.Kind {
		case Table:
			w.table(sub, here...)
		case Values:
			platform, err := tags.ParsePlatform(path[0])
			if err != nil {
				continue
			}
			if !w.full && !w.Platforms[platform].hasUnknown() {
				continue
			}
			w.header(sub, here...)
			if sub.Name == "device" {
				w.deviceElements(w.Platforms[platform])
			} else {
				w.platformTags(platform, w.Platforms[platform])
			}
		}
	}
}

// setting writes a key with its explanation.
func (w *starter) setting(k Key, path ...string) {
	value, ok := w.Default(path...)
	text, example := k.Text, ""
	if allowed := k.Allowed(); allowed != "" {
		text += " " + allowed
	}
	if !ok {
		if k.Example == nil {
			return
		}
		value, example = k.Example, "  # an example"
	}
	w.comment("%s", text)
	mark := "#"
	if k.Name == "base" {
		platform, _ := tags.ParsePlatform(path[0])
		if base := w.Platforms[platform].Base; base != "" {
			mark, value = "", base
		}
	}
	fmt.Fprintf(w, "%s%s = %s%s\n", mark, k.Name, tomlValue(value, k.Keys), example)
}

// tags writes the tags of the table for all platforms.
func (w *starter) tags() {
	w.byFeature(slices.Collect(tags.Default().All()), func(t tags.Tag) (string, string) {
		where := ""
		if t.Platforms != tags.NewPlatformSet(tags.Platforms()...) {
			where = " Only for " + strings.ReplaceAll(t.Platforms.String(), ", ", " and ") + "."
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
func (w *starter) platformTags(platform tags.Platform, p Platform) {
	var list, unknown []tags.Tag
	var absent []string
	for _, tag := range p.Tags {
		_, known := tags.Default().Lookup(tag.Name)
		switch {
		case p.Base != "" && !p.Used[tag.Name]:
			absent = append(absent, tag.Name)
		case !known:
			unknown = append(unknown, tag)
		default:
			list = append(list, tag)
		}
	}
	if len(unknown) > 0 {
		fmt.Fprintln(w)
		w.comment("Tags of the vendor's template that the catalogue does not know, by the elements that they stand in. Their defaults are not known: set each of them, or the app gets the placeholder.")
		places := Places(p.Templates...)
		var last Place
		for _, tag := range unknown {
			place := places[tag.Name]
			if place.Element != last.Element {
				fmt.Fprintln(w)
				w.comment("-- %s --", text.Printable(place.Element))
			}
			if place.Says != "" && (place.Element != last.Element || place.Says != last.Says) {
				w.comment("The template says: %s", place.Says)
			}
			last = place
			if place.Attr == "" {
				w.comment("%s", tag.DescribeValues())
			} else {
				w.comment("@%s, %s", text.Printable(place.Attr), tag.DescribeValues())
			}
			fmt.Fprintf(w, "#%s = %s\n", tomlKey(tag.Name), tomlTag(tag, unknownValue(tag)))
		}
	}
	if !w.full {
		return
	}
	w.byFeature(list, func(tag tags.Tag) (string, string) {
		value, ok := tag.DefaultOn(platform)
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

// hasUnknown reports whether the template has tags that the catalogue does not know.
func (p Platform) hasUnknown() bool {
	return slices.ContainsFunc(p.Tags, func(t tags.Tag) bool {
		_, known := tags.Default().Lookup(t.Name)
		return !known && (p.Base == "" || p.Used[t.Name])
	})
}

// unknownValue returns a value that fits a tag whose default is not known.
func unknownValue(t tags.Tag) string {
	for _, v := range append([]string{"", "false", strconv.Itoa(max(t.Min, 1))}, t.Values...) {
		if value.Check(t, v) == nil {
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
		if t.System || !w.full && !slices.Contains(usualTags, t.Name) {
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
func (w *starter) deviceElements(p Platform) {
	for _, e := range p.Elements {
		value := tomlfile.Basic(e.Value)
		switch {
		case e.Type.Base == "xs:boolean" && (e.Value == "true" || e.Value == "false"):
			value = e.Value
		case e.Type.Base == "xs:int" && isNumber(e.Value):
			value = e.Value
		}
		fmt.Fprintf(w, "#%s = %s", e.Name, value)
		if allowed := describeElement(e.Type); allowed != "" {
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
func tomlValue(value any, keys []Key) string {
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
			if e, ok := v[k.Name]; ok {
				parts = append(parts, k.Name+" = "+tomlValue(e, k.Keys))
			}
		}
		if keys == nil {
			for _, name := range slices.Sorted(maps.Keys(v)) {
				parts = append(parts, tomlKey(name)+" = "+tomlValue(v[name], nil))
			}
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	default:
		return fmt.Sprint(v)
	}
}

// TOML returns a value as TOML, on one line.
func TOML(value any) string { return tomlValue(value, nil) }
