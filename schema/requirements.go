package schema

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/value"
	"github.com/dtafgen/wxt/tags"

	"github.com/dtafgen/wxt/internal/secret"
)

// baseFeature is the name of what any deployment needs.
const baseFeature = "base"

// everyRelease is what the table has for what any release needs.
const everyRelease = "all"

// releases are the releases of the Application Server, oldest first.
var releases = []string{"R21SP1", "R22", "R23", "R24", "R25", "R26"}

//go:embed requirements.csv
var requirementsCSV string

// A Requirement is one thing that a server, or somebody, needs.
type Requirement struct {
	Release  string   `json:"release"`            // such as "R23", a range such as "R22-R24" or "R25-", or "all"
	Server   string   `json:"server"`             // such as "AS" or "XSP|ADP"
	Kind     string   `json:"kind"`               // patch, app, activate, cli, namedef, dns, partner-hub, user-service or note
	Item     string   `json:"item"`               // the patch, the application, the feature's number, the command, the record or the text
	Commands []string `json:"commands,omitempty"` // the item with what the project says filled in, where it leaves room for that
	Note     string   `json:"note,omitempty"`     // what it is for, and what else there is to know
	Source   string   `json:"source"`             // the guide and its section
	Features []string `json:"features"`           // that need it
}

// requirements is the table: its rows, each with the features that need it.
var requirements = sync.OnceValue(func() []Requirement {
	records, err := csv.NewReader(strings.NewReader(requirementsCSV)).ReadAll()
	if err != nil {
		panic("schema: the table of requirements is broken: " + err.Error())
	}
	var rows []Requirement
	for _, r := range records[1:] {
		rows = append(rows, Requirement{Features: strings.Fields(r[0]), Release: r[1], Server: r[2], Kind: r[3], Item: r[4], Note: r[5], Source: r[6]})
	}
	return rows
})

// The orders in which requirements come.
var (
	serverOrder = []string{"AS", "XSP|ADP", "XSP", "ADP", "PS", "Platform", "XS", "XSA", "UMS", "NFM", "MS", "NPS", "SBC", "DNS", "Control Hub", "Partner Hub", "third party", "-"}
	kindOrder   = []string{"patch", "app", "activate", "cli", "namedef", "dns", "partner-hub", "user-service", "note"}
)

// A Given is a value that a project gives something on a platform: a tag, an
// element of the device type request, or "lines", the number of lines.
type Given struct {
	Platform   tags.Platform
	DeviceType string
	Setting    string
	Value      string
	Position   Position
}

// A Reason is a value that switches a feature on.
type Reason struct {
	Platform tags.Platform `json:"platform"`
	Setting  string        `json:"setting"`
	Value    string        `json:"value"`
	Position
}

// A Feature is a feature of the app that needs something of the servers.
type Feature struct {
	Name     string   `json:"name"`               // such as "call-park"; or "base": what any deployment needs
	Text     string   `json:"text"`               // what it is
	Settings []string `json:"settings,omitempty"` // whose values may switch it on; none: it is asked for by name
	Reasons  []Reason `json:"reasons,omitempty"`
}

// A featureRule says what a feature is, and what switches it on.
type featureRule struct {
	name, text string
	platforms  tags.PlatformSet // none: it is only asked for by name
	settings   []string
	on         func(value string) bool
}

func isOn(v string) bool  { on, ok := value.Truth(v); return ok && on }
func isOff(v string) bool { on, ok := value.Truth(v); return ok && !on }
func isSet(v string) bool { return v != "" }
func isMany(v string) bool {
	n, err := strconv.Atoi(v)
	return err == nil && n > 1
}

// featureRules are the features of the table, in the order of the guides.
var featureRules = func() []featureRule {
	all := tags.NewPlatformSet(tags.Platforms()...)
	desktop, mobile := tags.NewPlatformSet(tags.Desktop), tags.NewPlatformSet(tags.Mobile, tags.Tablet)
	tag := func(names ...string) []string { return names }
	return []featureRule{
		{name: baseFeature, text: "what any deployment needs"},
		{"unified-call-history", "BroadWorks calls in the history of calls and meetings", all, tag("ENABLE_UNIFIED_CALL_HISTORY_WXT"), isOn},
		{"unified-call-history-redirection", "redirections in that history", all, tag("ENABLE_UNIFIED_CALL_HISTORY_WXT"), isOn},
		{name: "unified-call-history-executive-assistant", text: "Executive-Assistant in that history"},
		{"call-recording", "call recording", all, tag("ENABLE_CALL_RECORDING_WXT"), isOn},
		{"call-park", "Group Call Park", all, tag("ENABLE_CALL_PARK_WXT"), isOn},
		{"busy-lamp-field", "the Busy Lamp Field", desktop, tag("ENABLE_BUSY_LAMP_FIELD_WXT"), isOn},
		{"shared-lines", "shared lines", desktop, tag("lines"), isMany},
		{"desktop-sharing", "desktop sharing", desktop, tag("supportRemotePartyInfo"), isOff},
		{"remote-party-info", "the remote party's caller ID", mobile, tag("supportRemotePartyInfo"), isOff},
		{"call-settings-webview", "the Call Settings Webview", all, tag("WEB_CALL_SETTINGS_TARGET_WXT"), func(v string) bool { return v == "csw" }},
		{"call-settings-webview", "the Call Settings Webview", all, tag("WEB_CALL_SETTINGS_URL_WXT"), isSet},
		{"auto-answer", "automatic answer with tone", desktop, tag("ENABLE_AUTO_ANSWER_WXT"), isOn},
		{"caller-id", "the choice of the caller ID", all, tag("ENABLE_CLID_OUTGOING_CALLS_WXT"), isOn},
		{"personal-assistant", "Personal Assistant status sync", all, tag("PERSONAL_ASSISTANT_ENABLED_WXT"), isOn},
		{"xsi", "Xsi addresses of the project's own", all, tag("XSI_ROOT_WXT"), isSet},
		{"voice-mail", "playback of voice messages", all, tag("ENABLE_VOICE_MAIL_WXT", "ENABLE_VISUAL_VOICE_MAIL_WXT"), isOn},
		{name: "dnd-sync", text: "Do Not Disturb sync"},
		{name: "spam-indication", text: "visual spam indication"},
		{name: "native-call-to-meeting", text: "a native call moved to a meeting"},
		{name: "push-notifications", text: "push notifications for calls"},
		{name: "extension-dialing", text: "extension and location dialling"},
		{name: "flow-through", text: "flow-through provisioning"},
	}
}()

// A RequirementQuery says whose requirements are wanted.
type RequirementQuery struct {
	Base     bool     // those of any deployment
	Features []string // those of these features, whatever the project says
	Given    []Given  // those of the features that these values switch on
	Release  string   // such as "R23"; empty: of every release
	Edge     string   // "XSP" or "ADP", in any case: what there is; empty: either
}

// Requirements are what the servers of a BroadWorks system need for features: what
// "dtafgen requirements --format json" prints.
type Requirements struct {
	Release      string        `json:"release"`                // such as "R23"; empty: those of every release
	Edge         string        `json:"edge,omitempty"`         // "XSP" or "ADP"; empty: those of either
	Features     []Feature     `json:"features"`               // that are switched on or asked for
	Requirements []Requirement `json:"requirements"`           // by release, server and kind
	Undocumented []string      `json:"undocumented,omitempty"` // features that need something of other releases, and of which nothing is documented for this one

	given []Given
}

// Features returns every feature that needs something, without reasons, in the
// order of the guides.
func Features() []Feature {
	var list []Feature
	for _, r := range featureRules {
		i := slices.IndexFunc(list, func(f Feature) bool { return f.Name == r.name })
		if i < 0 {
			i = len(list)
			list = append(list, Feature{Name: r.name, Text: r.text})
		}
		list[i].Settings = append(list[i].Settings, r.settings...)
	}
	return list
}

// RequirementsFor returns what a query asks for. The error is about a feature or an
// edge that there is not.
func RequirementsFor(q RequirementQuery) (*Requirements, error) {
	r := &Requirements{Release: q.Release, Edge: strings.ToUpper(q.Edge), Features: []Feature{}, Requirements: []Requirement{}, given: q.Given}
	if r.Edge != "" && r.Edge != "XSP" && r.Edge != "ADP" {
		return nil, fmt.Errorf("unknown edge %q: expected xsp or adp", q.Edge)
	}
	for _, name := range q.Features {
		if !slices.ContainsFunc(featureRules, func(f featureRule) bool { return f.name == name }) {
			return nil, unknownFeature(name)
		}
	}
	for _, rule := range featureRules {
		reasons := rule.reasons(q.Given)
		if len(reasons) == 0 && !slices.Contains(q.Features, rule.name) && (rule.name != baseFeature || !q.Base) {
			continue
		}
		i := slices.IndexFunc(r.Features, func(f Feature) bool { return f.Name == rule.name })
		if i < 0 {
			i = len(r.Features)
			r.Features = append(r.Features, Feature{Name: rule.name, Text: rule.text})
		}
		r.Features[i].Reasons = append(r.Features[i].Reasons, reasons...)
	}
	for _, f := range r.Features {
		if !r.add(f) {
			r.Undocumented = append(r.Undocumented, f.Name)
		}
	}
	r.keepNewest()
	r.sort()
	return r, nil
}

func unknownFeature(name string) error {
	names := func(yield func(string) bool) {
		for _, f := range featureRules {
			if !yield(f.name) {
				return
			}
		}
	}
	if near, ok := text.Nearest(name, names); ok {
		return fmt.Errorf("unknown feature %q: did you mean %s?", name, near)
	}
	return fmt.Errorf("unknown feature %q: \"dtafgen requirements --list\" names them all", name)
}

// reasons returns the values that switch a feature on.
func (f featureRule) reasons(given []Given) []Reason {
	var list []Reason
	for _, name := range f.settings {
		for _, g := range given {
			if g.Setting == name && f.platforms.Has(g.Platform) && f.on(g.Value) {
				list = append(list, Reason{g.Platform, name, secret.HideURLs(g.Value), g.Position})
			}
		}
	}
	return list
}

// add adds the requirements of a feature. It returns false if the table has some
// for other releases and none for this one.
func (r *Requirements) add(f Feature) bool {
	documented, elsewhere := false, false
	for _, row := range requirements() {
		if !slices.Contains(row.Features, f.Name) {
			continue
		}
		if r.Release != "" {
			if !inRange(r.Release, row.Release) {
				elsewhere = true
				continue
			}
			documented = documented || row.Release != everyRelease
			row.Release = r.Release
		}
		if r.Edge != "" && (row.Server == "XSP" || row.Server == "ADP") && row.Server != r.Edge {
			continue
		}
		i := slices.IndexFunc(r.Requirements, func(q Requirement) bool {
			return q.Release == row.Release && q.Server == row.Server && q.Kind == row.Kind && q.Item == row.Item
		})
		if i < 0 {
			row.Features = nil
			r.Requirements = append(r.Requirements, row)
			i = len(r.Requirements) - 1
		} else {
			r.Requirements[i].merge(row)
		}
		r.Requirements[i].Features = append(r.Requirements[i].Features, f.Name)
		r.fill(&r.Requirements[i], f)
	}
	return documented || !elsewhere
}

// merge adds what another row says of the same thing.
func (q *Requirement) merge(row Requirement) {
	for _, note := range strings.Split(row.Note, "; ") {
		if !strings.Contains(q.Note, note) {
			q.Note = strings.TrimPrefix(q.Note+"; "+note, "; ")
		}
	}
	if !strings.Contains(q.Source, row.Source) {
		q.Source += "; " + row.Source
	}
}

// inRange reports whether a release is in a range of the table.
func inRange(release, span string) bool {
	if span == everyRelease {
		return true
	}
	first, last, isSpan := strings.Cut(span, "-")
	if !isSpan {
		return release == span
	}
	i := slices.Index(releases, release)
	return i >= 0 && (first == "" || i >= slices.Index(releases, first)) && (last == "" || i <= slices.Index(releases, last))
}

// fill fills in what the project says, where an item leaves room for it.
func (r *Requirements) fill(q *Requirement, f Feature) {
	add := func(command string) {
		if !slices.Contains(q.Commands, command) {
			q.Commands = append(q.Commands, command)
		}
	}
	for _, reason := range f.Reasons {
		switch {
		case strings.Contains(q.Item, "<device_profile_type>"):
			for _, g := range r.given {
				if g.Platform == reason.Platform && g.Setting == reason.Setting {
					add(strings.ReplaceAll(q.Item, "<device_profile_type>", strconv.Quote(g.DeviceType)))
				}
			}
		case strings.Contains(q.Item, "<xsi_host>"):
			if u, err := url.Parse(reason.Value); err == nil && value.ParseDomain(u.Hostname()) == nil {
				port := u.Port()
				if port == "" {
					port = "443"
				}
				add(strings.NewReplacer("<xsi_host>", u.Hostname(), "<xsi_port>", port).Replace(q.Item))
			}
		case strings.Contains(q.Item, "<context_path>") && reason.Setting == "WEB_CALL_SETTINGS_URL_WXT":
			if u, err := url.Parse(reason.Value); err == nil && len(u.Path) > 1 {
				add(strings.ReplaceAll(q.Item, "<context_path>", strings.TrimSuffix(u.Path, "/")))
			}
		}
	}
}

// version finds the name of an application and its version.
var version = regexp.MustCompile(`^(.+?)_(\d{4})\.(\d{2})(?:_(\d+)\.(\d+))?(?:\.bwar)?$`)

// keepNewest keeps the newest of several versions of an application: it serves
// what the older ones do.
func (r *Requirements) keepNewest() {
	type app struct{ release, server, name string }
	newest := make(map[app]int)
	var drop []int
	for i, q := range r.Requirements {
		m := version.FindStringSubmatch(q.Item)
		if q.Kind != "app" || m == nil {
			continue
		}
		key := app{q.Release, q.Server, m[1]}
		j, ok := newest[key]
		switch {
		case !ok:
			newest[key] = i
			continue
		case newer(m, version.FindStringSubmatch(r.Requirements[j].Item)):
			i, j = j, i
			newest[key] = j
		}
		// What is needed for j serves i as well.
		keep, old := &r.Requirements[j], r.Requirements[i]
		keep.merge(Requirement{Note: "in place of " + old.Item, Source: old.Source})
		for _, f := range old.Features {
			if !slices.Contains(keep.Features, f) {
				keep.Features = append(keep.Features, f)
			}
		}
		drop = append(drop, i)
	}
	for i := len(r.Requirements) - 1; i >= 0; i-- {
		if slices.Contains(drop, i) {
			r.Requirements = slices.Delete(r.Requirements, i, i+1)
		}
	}
}

// newer reports whether the version a is newer than b, both as [version] finds them.
func newer(a, b []string) bool {
	for i := 2; i < len(a); i++ {
		x, _ := strconv.Atoi(a[i])
		y, _ := strconv.Atoi(b[i])
		if x != y {
			return x > y
		}
	}
	return false
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
	// A range stands after its first release.
	release := func(name string) int {
		first, _, isSpan := strings.Cut(name, "-")
		n := 2 * (slices.Index(releases, first) + 1)
		if isSpan {
			n++
		}
		return n
	}
	slices.SortStableFunc(r.Requirements, func(a, b Requirement) int {
		if a.Release != b.Release {
			return release(a.Release) - release(b.Release)
		}
		if a.Server != b.Server {
			return rank(serverOrder, a.Server) - rank(serverOrder, b.Server)
		}
		return rank(kindOrder, a.Kind) - rank(kindOrder, b.Kind)
	})
}
