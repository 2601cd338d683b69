package wxt

import (
	_ "embed"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// Requirements are what the servers of a BroadWorks system need for a project's
// features: what "dtafgen requirements --format json" prints.
type Requirements struct {
	Release      string        `json:"release"`                // such as "R23"; empty: those of every release
	Features     []Feature     `json:"features"`               // that the project switches on
	Requirements []Requirement `json:"requirements"`           // by release, server and kind
	Undocumented []string      `json:"undocumented,omitempty"` // features that need something of other releases, and of which nothing is documented for this one
}

// A Feature is a feature of the app that needs something of the servers.
type Feature struct {
	Name    string   `json:"name"` // as in the catalogue, such as "call-park"; or "base": what any deployment needs
	Reasons []Reason `json:"reasons,omitempty"`
}

// A Reason is a value that switches a feature on.
type Reason struct {
	Platform tags.Platform `json:"platform"`
	Setting  string        `json:"setting"` // a tag, or an element of the device type request
	Value    string        `json:"value"`
	schema.Position
}

// A Requirement is one thing that a server needs.
type Requirement struct {
	Release  string   `json:"release"`            // such as "R23", or "all" where none was asked for
	Server   string   `json:"server"`             // such as "AS" or "XSP|ADP"
	Kind     string   `json:"kind"`               // patch, app, activate, cli or note
	Item     string   `json:"item"`               // the patch, the application, the feature's number, the command or the text
	Commands []string `json:"commands,omitempty"` // the item with the project's device types filled in, where it names one
	Note     string   `json:"note,omitempty"`
	Features []string `json:"features"` // that need it
}

// BaseFeature is the name of what any deployment needs.
const BaseFeature = "base"

// everyRelease is what the table has for what any release needs.
const everyRelease = "all"

//go:embed requirements.csv
var requirementsCSV string

// A requirementRow is a line of the table: feature, release, server, kind, item,
// note.
type requirementRow struct{ feature, release, server, kind, item, note string }

var requirementRows = sync.OnceValue(func() []requirementRow {
	records, err := csv.NewReader(strings.NewReader(requirementsCSV)).ReadAll()
	if err != nil {
		panic("wxt: the embedded table of requirements is broken: " + err.Error())
	}
	var rows []requirementRow
	for _, r := range records[1:] {
		rows = append(rows, requirementRow{r[0], r[1], r[2], r[3], r[4], r[5]})
	}
	return rows
})

// The orders in which requirements come.
var (
	serverOrder = []string{"AS", "XSP|ADP", "PS", "Platform", "XS", "XSA", "UMS", "NFM", "SBC", "third party", "other", "-"}
	kindOrder   = []string{"patch", "app", "activate", "cli", "note"}
)

// switches say what switches each feature of the table on: a value of a tag, or
// of an element of the device type request.
var switches = []struct {
	feature string
	setting string
	on      func(value string) bool
}{
	{"unified-call-history", "ENABLE_UNIFIED_CALL_HISTORY_WXT", isTrueValue},
	{"unified-call-history-redirection", "ENABLE_UNIFIED_CALL_HISTORY_WXT", isTrueValue},
	{"call-recording", "ENABLE_CALL_RECORDING_WXT", isTrueValue},
	{"call-park", "ENABLE_CALL_PARK_WXT", isTrueValue},
	{"busy-lamp-field", "ENABLE_BUSY_LAMP_FIELD_WXT", isTrueValue},
	{"shared-lines", "numberOfPorts", hasSharedLines},
	{"desktop-sharing", "supportRemotePartyInfo", isTrueValue},
	{"call-settings-webview", "WEB_CALL_SETTINGS_TARGET_WXT", func(v string) bool { return v == "csw" }},
	{"call-settings-webview", "WEB_CALL_SETTINGS_URL_WXT", func(v string) bool { return v != "" }},
	{"auto-answer", "ENABLE_AUTO_ANSWER_WXT", isTrueValue},
}

// desktopOnly are the features that the desktop app alone has, whatever the
// other platforms' device types say.
var desktopOnly = []string{"shared-lines", "desktop-sharing"}

func isTrueValue(v string) bool {
	on, ok := schema.Truth(v)
	return ok && on
}

// hasSharedLines reports whether a device type has ports for more lines than the
// primary one.
func hasSharedLines(ports string) bool {
	n, err := strconv.Atoi(ports)
	return ports == "unlimited" || err == nil && n > 1
}

// RequirementsOf returns what the servers need for the features that a project
// switches on, for the release of the options or else of the project, and for
// every release where neither says one. With base it has what any deployment
// needs too. The findings are those of [Compile]: with errors among them, the
// requirements are only those of what could be resolved.
func RequirementsOf(p *Project, o Options, base bool) (*Requirements, schema.Findings) {
	resolution, findings := Compile(p, o)
	return requirementsOf(p, resolution, o, base), findings
}

func requirementsOf(p *Project, resolution *Compilation, o Options, base bool) *Requirements {
	release := p.BroadWorks
	if o.Release != 0 {
		release = o.Release
	}
	result := &Requirements{Features: []Feature{}, Requirements: []Requirement{}}
	if release != 0 {
		result.Release = release.String()
	}
	if base {
		result.Features = append(result.Features, Feature{Name: BaseFeature})
	}
	deviceTypes := make(map[string][]string)
	for _, s := range switches {
		for _, t := range resolution.Targets {
			reason, ok := switchedOn(p, t, s.setting, s.on)
			if !ok || t.Platform != tags.Desktop && slices.Contains(desktopOnly, s.feature) {
				continue
			}
			i := slices.IndexFunc(result.Features, func(f Feature) bool { return f.Name == s.feature })
			if i < 0 {
				result.Features = append(result.Features, Feature{Name: s.feature})
				i = len(result.Features) - 1
			}
			result.Features[i].Reasons = append(result.Features[i].Reasons, reason)
			if !slices.Contains(deviceTypes[s.feature], t.DeviceType) {
				deviceTypes[s.feature] = append(deviceTypes[s.feature], t.DeviceType)
			}
		}
	}
	for _, f := range result.Features {
		if !result.add(f.Name, deviceTypes[f.Name]) {
			result.Undocumented = append(result.Undocumented, f.Name)
		}
	}
	result.sort()
	return result
}

// RequirementsOfTag returns what the servers need for the features that a value of
// the tag switches on, for every release. Most tags need nothing.
func RequirementsOfTag(tag string) *Requirements {
	result := &Requirements{Features: []Feature{}, Requirements: []Requirement{}}
	for _, s := range switches {
		known := slices.ContainsFunc(result.Features, func(f Feature) bool { return f.Name == s.feature })
		if s.setting != tags.Bare(tag) || known {
			continue
		}
		result.Features = append(result.Features, Feature{Name: s.feature})
		result.add(s.feature, nil)
	}
	result.sort()
	return result
}

// switchedOn returns why a setting of a target switches a feature on.
func switchedOn(p *Project, t *Target, setting string, on func(string) bool) (Reason, bool) {
	if v, ok := t.Value(setting); ok {
		return Reason{t.Platform, setting, v.Value, v.Position}, on(v.Value)
	}
	if _, isTag := tags.Default().Lookup(setting); isTag {
		return Reason{}, false
	}
	r := dtaf.DeviceTypeRequest(t.Manifest)
	if r == nil {
		return Reason{}, false
	}
	v, ok := r.Get(setting)
	return Reason{t.Platform, setting, v, p.atElement(t.Platform, setting)}, ok && on(v)
}

// add adds the requirements of a feature. It returns false if the table has
// some for other releases and none for this one.
func (r *Requirements) add(feature string, deviceTypes []string) bool {
	documented, elsewhere := false, false
	for _, row := range requirementRows() {
		if row.feature != feature {
			continue
		}
		if r.Release != "" {
			if row.release != r.Release && row.release != everyRelease {
				elsewhere = true
				continue
			}
			documented = documented || row.release == r.Release
			row.release = r.Release
		}
		i := slices.IndexFunc(r.Requirements, func(q Requirement) bool {
			return q.Release == row.release && q.Server == row.server && q.Kind == row.kind && q.Item == row.item
		})
		if i < 0 {
			r.Requirements = append(r.Requirements, Requirement{Release: row.release, Server: row.server, Kind: row.kind, Item: row.item})
			i = len(r.Requirements) - 1
		}
		r.Requirements[i].merge(feature, row.note, deviceTypes)
	}
	return documented || !elsewhere
}

// merge adds a feature that needs q, a note, and the device types that it is
// about.
func (q *Requirement) merge(feature, note string, deviceTypes []string) {
	if !slices.Contains(q.Features, feature) {
		q.Features = append(q.Features, feature)
	}
	if note != "" && !strings.Contains(q.Note, note) {
		q.Note = strings.TrimPrefix(q.Note+"; "+note, "; ")
	}
	const placeholder = "<device_profile_type>"
	if !strings.Contains(q.Item, placeholder) {
		return
	}
	for _, name := range deviceTypes {
		command := strings.ReplaceAll(q.Item, placeholder, strconv.Quote(name))
		if !slices.Contains(q.Commands, command) {
			q.Commands = append(q.Commands, command)
		}
	}
}

// sort sorts the requirements by release, server and kind, and leaves those that
// are alike in the order of the table.
func (r *Requirements) sort() {
	rank := func(order []string, name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}
	releaseOrder := []string{everyRelease}
	for _, release := range oci.Releases() {
		releaseOrder = append(releaseOrder, release.String())
	}
	slices.SortStableFunc(r.Requirements, func(a, b Requirement) int {
		if a.Release != b.Release {
			return rank(releaseOrder, a.Release) - rank(releaseOrder, b.Release)
		}
		if a.Server != b.Server {
			return rank(serverOrder, a.Server) - rank(serverOrder, b.Server)
		}
		return rank(kindOrder, a.Kind) - rank(kindOrder, b.Kind)
	})
}
