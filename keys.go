package wxt

import (
	"math"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/projectdoc"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// accessKeys are the keys of [access] and of a platform's.
var accessKeys = []projectdoc.Key{
	{Name: "host", Kind: projectdoc.String, Min: 1, Pattern: `^[^\s/]+$`, Example: "xsp.example.com",
		Text: "Host name or address of the XSP|ADP farm that serves Device Management (deviceAccessNetAddress). Left out: it is entered in the profile after the import."},
	{Name: "port", Kind: projectdoc.Int, Min: 1, Max: 65535, Text: "Port of the farm (deviceAccessPort)."},
	{Name: "protocol", Kind: projectdoc.String, Values: just("https", "http"), Pattern: `^([Hh][Tt][Tt][Pp][Ss]?|FTP|TFTP)$`, Text: "Protocol of the farm (deviceAccessProtocol)."},
	{Name: "uri", Kind: projectdoc.String, Min: 1, Example: "bc/pc/", Text: "Path of the device type's files on the farm (deviceAccessURI). Each device type has its own."},
}

// platformKeys are the keys of [desktop], [mobile] and [tablet].
var platformKeys = []projectdoc.Key{
	{Name: "enabled", Kind: projectdoc.Bool, Text: "Whether the platform is built; false leaves it out."},
	{Name: "base", Kind: projectdoc.String, Text: "Path of the vendor's archive to compile from, relative to the folder of this file. Left out or empty: the built-in template."},
	{Name: "device_type", Kind: projectdoc.String, Min: 1, Max: 40, Text: "Name of the identity/device profile type."},
	{Name: "tag_set", Kind: projectdoc.String, Min: 1, Max: tagname.MaxSetLength, Example: "Acme_Tags", Text: "Name of the tag set that holds the custom tags' values."},
	{Name: "lines", Kind: projectdoc.Int, Min: 1, Max: maxLines, Example: int64(1), Text: "Number of lines, the primary one and shared ones: only the desktop app has more than one. Left out: one, or those of the base."},
	{Name: "encoding", Kind: projectdoc.String, Min: 1, Text: "Character encoding of the files that the Application Server makes (defaultDeviceEncoding), such as UTF-8 or ISO-8859-1."},
	{Name: "tags", Kind: projectdoc.Values, Unset: true, Text: "Values of tags, only for this platform: they beat those of the table tags."},
	{Name: "access", Kind: projectdoc.Table, Keys: accessKeys, Text: "Where the platform's app gets its files, key by key in place of the table access."},
	{Name: "device", Kind: projectdoc.Values, Unset: true, Text: "Elements of the request that adds the device type, by their names in the OCI schema."},
	{Name: "file", Kind: projectdoc.Named, Example: map[string]any{"config-wxt.xml": map[string]any{"allowHttp": "false"}},
		Text: "Elements of the requests that add the device type's files, by the name of the file, such as config-wxt.xml, and by their names in the OCI schema."},
	{Name: "edit", Kind: projectdoc.Tables, Example: []any{map[string]any{"path": "/*", "insert": "<!-- edited for Acme -->"}},
		Text: "Changes to the template, in order. A change names an element by its path, and says one thing: attr and value, attr and remove, text, insert, or remove.",
		Rule: projectdoc.OneChange,
		Keys: []projectdoc.Key{
			{Name: "path", Kind: projectdoc.String, Required: true, Text: "Path of the element, such as config/services/calls/call-pull, in etree's form of XPath."},
			{Name: "attr", Kind: projectdoc.String, Text: "The attribute to set, or to remove."},
			{Name: "value", Kind: projectdoc.Scalar, Text: "The attribute's value; it may be a placeholder, such as %ENABLE_X_WXT%."},
			{Name: "text", Kind: projectdoc.Scalar, Text: "The element's new text."},
			{Name: "remove", Kind: projectdoc.Bool, Text: "Removes the element, or the attribute if there is attr."},
			{Name: "insert", Kind: projectdoc.String, Text: "XML to put in as the element's last content."},
			{Name: "place", Kind: projectdoc.String, Values: insertPlaces, Text: "Where insert goes: inside the element, or before or after it; left out: inside."},
			{Name: "all", Kind: projectdoc.Bool, Text: "Takes every element that the path matches; without it, more than one is an error."},
		}},
}

// projectKeys are the keys of the project file.
var projectKeys = []projectdoc.Key{
	{Name: "extends", Kind: projectdoc.Paths, Min: 1, Example: "common.toml", Text: "The file that this one extends, or a list of several, relative to the folder of this file. Later files beat earlier ones, and this file beats them all; edits and declarations are added up. With { unset = true } a tag loses its value again."},
	{Name: "abstract", Kind: projectdoc.Bool, Example: true, Text: "Whether the file only exists for others to extend: nothing is built from it directly."},
	{Name: "name", Kind: projectdoc.String, Min: 1, Max: maxName, Pattern: `^[^\s\x00-\x1F\x7F]([^\x00-\x1F\x7F]*[^\s\x00-\x1F\x7F])?$`, Example: "Acme, lab", Text: "What people call the project, used in titles, the report, the runbook and session ids. Left out: the file's name."},
	{Name: "broadworks", Kind: projectdoc.String, Values: releaseNames, Example: "R25", Text: "Release of the Application Server: dtafgen uses requests that it knows. Left out: the oldest ones, which every release imports."},
	{Name: "edge", Kind: projectdoc.String, Values: edges, Example: "adp", Text: "What serves the apps at the edge of the network, an XSP or an ADP, for what it needs. Left out: the requirements of both."},
	{Name: "package", Kind: projectdoc.Table, Text: "What the names of the archives say.", Keys: []projectdoc.Key{
		{Name: "version", Kind: projectdoc.String, Pattern: `^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}$`, Text: "Version: three numbers with dots between them."},
		{Name: "date", Kind: projectdoc.String, Pattern: `^(19[89][0-9]|20[0-9][0-9]|210[0-7])-(0[1-9]|1[0-2])$`, Text: "Month, as in 2026-11. It is the time of the files in the archives, too."},
	}},
	{Name: "access", Kind: projectdoc.Table, Keys: accessKeys, Text: "Where the app gets its files: the XSP|ADP farm that serves Device Management."},
	{Name: "tags", Kind: projectdoc.Values, Unset: true, Text: "Values of tags, for every platform that has the tag. A tag's name may have its percent signs or not."},
	{Name: "declare", Kind: projectdoc.Tables, Text: "Tags that the catalogue lacks, or facts to correct in it where they are not documented.",
		Example: []any{map[string]any{"tag": "ENABLE_SCREEN_SHARE_WXT", "type": "bool", "default": "true", "platforms": []any{"desktop"}}},
		Keys: []projectdoc.Key{
			{Name: "tag", Kind: projectdoc.String, Required: true, Min: 1, Text: "The tag's name."},
			{Name: "type", Kind: projectdoc.String, Required: true, Values: typeNames, Text: "What its values are."},
			{Name: "default", Kind: projectdoc.Scalar, Text: "Its value where the project sets none; left out: empty."},
			{Name: "platforms", Kind: projectdoc.Strings, Min: 1, Values: platformNames, Text: "The platforms that have it; left out: all."},
			{Name: "values", Kind: projectdoc.Strings, Text: "The values of an enum."},
			{Name: "min", Kind: projectdoc.Int, Text: "The smallest value of a number."},
			{Name: "max", Kind: projectdoc.Int, Text: "The largest value of a number; 0 is no limit."},
			{Name: "feature", Kind: projectdoc.String, Text: "The feature that it belongs to."},
			{Name: "text", Kind: projectdoc.String, Text: "What it does, in one line."},
			{Name: "secret", Kind: projectdoc.Bool, Text: "Whether its value is never to be shown."},
			{Name: "path", Kind: projectdoc.String, Min: 1, Example: "config/services/calls/new-feature/@enabled", Text: "Where it stands in the built-in template: the path of an element, or of an attribute with @ before its name. Left out: where the catalogue has it, or nowhere."},
		}},
	{Name: "codecs", Kind: projectdoc.Table, Text: "The app's codecs, the preferred one first.", Keys: []projectdoc.Key{
		{Name: "audio", Kind: projectdoc.Strings, Min: 1, Values: codecNames("audio"), Pattern: codecName.String(), Text: "Audio codecs."},
		{Name: "video", Kind: projectdoc.Strings, Min: 1, Values: codecNames("video"), Pattern: codecName.String(), Text: "Video codecs."},
		codecKey("payload", map[string]any{"telephone-event": int64(101)}, "Payload types in SDP"),
		codecKey("in_band", map[string]any{"telephone-event": false}, "Whether events go in band"),
		codecKey("bitrate", map[string]any{"H264": int64(768000)}, "Bit rates, in bits per second"),
		codecKey("resolution", map[string]any{"H264": "CIF"}, "Resolutions of video"),
		codecKey("framerate", map[string]any{"H264": int64(25)}, "Frames of video per second"),
		codecKey("packetization_mode", map[string]any{"H264": "SingleMode"}, "How video is packetized"),
		{Name: "keep_others", Kind: projectdoc.Bool, Text: "Whether the codecs that a base has beside these stay, behind them; left out: the app gets those named and no others."},
	}},
	{Name: "sip", Kind: projectdoc.Table, Text: "Settings of SIP that no tag has. Use of rport and discovery of the proxy have tags: ENABLE_USE_RPORT_WXT, USE_PROXY_DISCOVERY_WXT.", Keys: []projectdoc.Key{
		{Name: "transport", Kind: projectdoc.String, Values: transports, Example: "tls", Text: "Transport of SIP. Left out: the app's own choice, or the base's."},
		{Name: "info", Kind: projectdoc.Bool, Example: true, Text: "Whether the app uses SIP INFO. Left out: its own choice, or the base's."},
		{Name: "info_period", Kind: projectdoc.Int, Min: 1, Example: int64(60), Unit: "seconds", Text: "Period of SIP INFO."},
		{Name: "register_refresh", Kind: projectdoc.Int, Min: 1, Unit: "seconds", Text: "Time between registrations."},
		{Name: "subscribe_refresh", Kind: projectdoc.Int, Min: 1, Unit: "seconds", Text: "Time between subscriptions."},
	}},
	{Name: "checks", Kind: projectdoc.Levels, Values: severityNames, Text: "How severe the findings of a check are, by its code. The checks that guard what is built are not among these."},
	{Name: "ignore", Kind: projectdoc.Tables, Text: "Findings to suppress, each with the reason. Without tag, file or line, any will do. An entry that suppresses nothing is a warning.",
		Example: []any{map[string]any{"code": "WXT101", "tag": "SBC_ADDRESS_WXT", "reason": "the certificate of our SBC has its address"}},
		Keys: []projectdoc.Key{
			{Name: "code", Kind: projectdoc.String, Required: true, Pattern: `^[A-Z]+[0-9]+$`, Text: "The code of the check, such as WXT101."},
			{Name: "tag", Kind: projectdoc.String, Min: 1, Text: "The tag that the findings are about."},
			{Name: "file", Kind: projectdoc.String, Min: 1, Text: "The file that they are in: its path, the end of its path, or a pattern such as *.template."},
			{Name: "line", Kind: projectdoc.Int, Min: 1, Text: "The line that they are at."},
			{Name: "reason", Kind: projectdoc.String, Required: true, Min: 1, Text: "Why they don't matter: the report lists it."},
		}},
	{Name: "desktop", Kind: projectdoc.Table, Keys: platformKeys, Text: "The desktop app."},
	{Name: "mobile", Kind: projectdoc.Table, Keys: platformKeys, Text: "The app on phones."},
	{Name: "tablet", Kind: projectdoc.Table, Keys: platformKeys, Text: "The app on tablets."},
}

// codecAttributes are the keys of [codecs] that give codecs an attribute. The
// attribute's name has hyphens.
var codecAttributes = []string{"payload", "in_band", "bitrate", "resolution", "framerate", "packetization_mode"}

func codecKey(name string, example any, text string) projectdoc.Key {
	return projectdoc.Key{Name: name, Kind: projectdoc.Values, Example: example, Pattern: codecName.String(),
		Text: text + ", by codec: the attribute " + codecAttribute(name) + " of the codec in the app's main list. Left out: the app's usual ones, or the base's."}
}

// codecAttribute returns the attribute that a key of [codecs] gives codecs.
func codecAttribute(key string) string { return strings.ReplaceAll(key, "_", "-") }

// maxName is how many characters the name of a project has at the most.
const maxName = 80

// maxLines is how many lines the desktop app has at the most. (documented)
const maxLines = 10

// edges are what may serve the apps.
func edges() []string { return []string{"xsp", "adp"} }

// transports are those of SIP.
func transports() []string { return []string{"udp", "tcp", "tls"} }

// just returns a function that returns a list.
func just(list ...string) func() []string { return func() []string { return list } }

func releaseNames() []string {
	var names []string
	for _, r := range oci.Releases() {
		names = append(names, r.String())
	}
	return names
}

func severityNames() []string {
	var names []string
	for s := schema.Off; s <= schema.Error; s++ {
		names = append(names, s.String())
	}
	return names
}

func platformNames() []string {
	var names []string
	for _, p := range tags.Platforms() {
		names = append(names, p.String())
	}
	return names
}

func typeNames() []string {
	var names []string
	for _, t := range []tags.Type{
		tags.Bool, tags.Port, tags.Enum, tags.Host, tags.Domain, tags.URL, tags.URLPath, tags.DialStrings,
		tags.Seconds, tags.Milliseconds, tags.Bytes, tags.Text,
	} {
		names = append(names, string(t))
	}
	return names
}

// codecNames returns a function that returns the names of the codecs that the app
// has.
func codecNames(media string) func() []string {
	return func() []string {
		var names []string
		for _, c := range schema.Codecs() {
			if c.Media == media {
				names = append(names, c.Name)
			}
		}
		return names
	}
}

// checkKeys compares a table with the keys that it may have.
func (d *document) checkKeys(table map[string]any, keys []projectdoc.Key, path ...any) schema.Findings {
	var fs schema.Findings
	for name, value := range table {
		here := append(slices.Clone(path), name)
		i := slices.IndexFunc(keys, func(k projectdoc.Key) bool { return k.Name == name })
		if i < 0 {
			f := schema.NewFinding(codes.Key, d.atKey(here...), nearestKey(name, keys), "unknown key %s", tomlfile.Dotted(here))
			f.Fix = d.renamed(here, keyNames(keys))
			fs = append(fs, f)
			continue
		}
		fs = append(fs, d.checkKind(value, keys[i], here)...)
	}
	return fs
}

func keyNames(keys []projectdoc.Key) []string {
	var names []string
	for _, k := range keys {
		names = append(names, k.Name)
	}
	return names
}

// nearestKey returns the remedy for an unknown key.
func nearestKey(name string, keys []projectdoc.Key) string {
	names := keyNames(keys)
	if near, ok := text.Nearest(name, slices.Values(names)); ok {
		return "did you mean " + near + "?"
	}
	return "expected one of " + strings.Join(names, ", ")
}

// checkKind compares a value with what its key takes.
func (d *document) checkKind(value any, k projectdoc.Key, path []any) schema.Findings {
	wrong := schema.Findings{schema.NewFinding(codes.Setting, d.at(path...), "",
		"%s is %s: expected %s", tomlfile.Dotted(path), tomlfile.Describe(value), k.Kind)}
	switch k.Kind {
	case projectdoc.String:
		if _, ok := value.(string); !ok {
			return wrong
		}
	case projectdoc.Scalar:
		if _, ok := tomlfile.Scalar(value); !ok {
			return wrong
		}
	case projectdoc.Bool:
		if _, ok := value.(bool); !ok {
			return wrong
		}
	case projectdoc.Int:
		n, ok := value.(int64)
		if !ok {
			return wrong
		}
		if n < 0 || n > math.MaxInt32 {
			return schema.Findings{schema.NewFinding(codes.Setting, d.at(path...), "", "%s is %d: expected a number from 0 to %d", tomlfile.Dotted(path), n, math.MaxInt32)}
		}
	case projectdoc.Strings:
		list, ok := value.([]any)
		if !ok {
			return wrong
		}
		var fs schema.Findings
		for i, v := range list {
			fs = append(fs, d.checkKind(v, projectdoc.Key{Kind: projectdoc.String}, append(slices.Clone(path), i))...)
		}
		return fs
	case projectdoc.Paths:
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		for _, v := range list {
			if _, ok := v.(string); !ok {
				return wrong
			}
		}
	case projectdoc.Table:
		table, ok := value.(map[string]any)
		if !ok {
			return wrong
		}
		return d.checkKeys(table, k.Keys, path...)
	case projectdoc.Tables:
		list, ok := tableList(value)
		if !ok {
			return wrong
		}
		var fs schema.Findings
		for i, table := range list {
			fs = append(fs, d.checkKeys(table, k.Keys, append(slices.Clone(path), i)...)...)
		}
		return fs
	case projectdoc.Named:
		table, ok := value.(map[string]any)
		if !ok {
			return wrong
		}
		var fs schema.Findings
		for name, v := range table {
			fs = append(fs, d.checkKind(v, projectdoc.Key{Kind: projectdoc.Values}, append(slices.Clone(path), name))...)
		}
		return fs
	case projectdoc.Levels:
		table, ok := value.(map[string]any)
		if !ok {
			return wrong
		}
		var fs schema.Findings
		for name, v := range table {
			fs = append(fs, d.checkKind(v, projectdoc.Key{Kind: projectdoc.String}, append(slices.Clone(path), name))...)
		}
		return fs
	case projectdoc.Values:
		table, ok := value.(map[string]any)
		if !ok {
			return wrong
		}
		var fs schema.Findings
		for name, v := range table {
			if k.Unset && isUnset(v) {
				continue
			}
			if _, ok := tomlfile.Scalar(v); !ok {
				here := append(slices.Clone(path), name)
				remedy := tomlfile.ScalarRemedy(v)
				if _, ok := v.(map[string]any); ok {
					remedy = "to take back what a file that it extends has, write { unset = true }"
				}
				fs = append(fs, schema.NewFinding(codes.Type, d.at(here...), remedy,
					"%s is %s: expected a boolean, a whole number or a string", tomlfile.Dotted(here), tomlfile.Describe(v)))
			}
		}
		return fs
	}
	return nil
}

// tableList returns an array of tables, which may be written as a list of
// inline tables too.
func tableList(value any) ([]map[string]any, bool) {
	switch v := value.(type) {
	case []map[string]any:
		return v, true
	case []any:
		var list []map[string]any
		for _, e := range v {
			table, ok := e.(map[string]any)
			if !ok {
				return nil, false
			}
			list = append(list, table)
		}
		return list, true
	}
	return nil, false
}

// insertPlaces are where an edit puts what it inserts.
func insertPlaces() []string { return []string{"inside", "before", "after"} }
