// Package plan tells what a change of a project does, by meaning: to tags and settings,
// templates, device types and subscribers' files, which requests bring it to a system,
// and what its servers need from then on, or need no more.
package plan

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/diff"
	"github.com/dtafgen/wxt/dtaf/provision"
	"github.com/dtafgen/wxt/internal/expand"
	"github.com/dtafgen/wxt/internal/linediff"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A Plan is what a change of a project does. It holds no secrets.
type Plan struct {
	Old       string     `json:"old"` // what they are called
	New       string     `json:"new"`
	Different bool       `json:"different"`
	Platforms []Platform `json:"platforms"` // that differ
	Send      []Message  `json:"send"`      // in the order to send
	Needed    []Need     `json:"needed"`    // what the servers need now, and did not before
	NotNeeded []Need     `json:"notNeeded"` // what they needed before, and don't now
	Notes     []string   `json:"notes,omitempty"`
}

// A Platform is what differs on one platform.
type Platform struct {
	Platform   tags.Platform        `json:"platform"`
	Change     diff.Change          `json:"change"`
	Settings   []Value              `json:"settings"`   // by their keys in the project file
	Tags       []Value              `json:"tags"`       // that have another value
	DeviceType []diff.RequestChange `json:"deviceType"` // the requests of the manifest that differ
	Templates  []diff.FileChange    `json:"templates"`  // and other files of the archive, with placeholders
	Files      []File               `json:"files"`      // of subscribers, with the values of the tag set

	was string // the device type's name, if it has another one now
}

// A Value is a setting or a tag with another value.
type Value struct {
	Change   diff.Change     `json:"change"`
	Name     string          `json:"name"`
	Old      string          `json:"old"`
	New      string          `json:"new"`
	Position schema.Position `json:"position,omitzero"` // where the new value is set, or the old one of what is gone
}

// A File is a file that subscribers get, and that differs.
type File struct {
	Change  diff.Change `json:"change"`
	Name    string      `json:"name"`
	Lines   []Line      `json:"lines,omitempty"`
	Omitted int         `json:"omitted,omitempty"` // more lines that differ
}

// A Line is a run of lines that differ.
type Line struct {
	OldLine int      `json:"oldLine"` // the first, from 1
	NewLine int      `json:"newLine"`
	Old     []string `json:"old"`
	New     []string `json:"new"`
}

// maxLines is how many lines of a file are listed at most, and maxText how many bytes
// of text of all files.
const (
	maxLines = 500
	maxText  = 2 << 20
)

// A Message is a message to send.
type Message struct {
	Name     string    `json:"name"` // as in 01-tagset-Acme_Tags.xml
	Requests []Request `json:"requests"`
}

// A Request is how many of a message's requests are of one type.
type Request struct {
	Type  string `json:"type"`
	Count int    `json:"count"`
}

// A Need is something that a server needs, for some features.
type Need struct {
	Server   string   `json:"server"`
	Kind     string   `json:"kind"`
	Item     string   `json:"item"`
	Features []string `json:"features"`
}

// New compares two projects, and hides the values of some tags, those that [FindSecrets]
// finds. Both
// have to be compiled without errors.
func New(old, new *wxt.Compilation, hidden map[string]bool) (*Plan, error) {
	p := &Plan{Old: name(old.Project), New: name(new.Project)}
	from, to, err := provisionBoth(old, new)
	if err != nil {
		return nil, err
	}
	room := maxText
	for _, platform := range tags.Platforms() {
		was, is := old.Target(platform), new.Target(platform)
		change := Platform{Platform: platform, Change: diff.Changed, Settings: []Value{}, Tags: []Value{}, DeviceType: []diff.RequestChange{}, Templates: []diff.FileChange{}, Files: []File{}}
		switch {
		case was == nil && is == nil:
			continue
		case was == nil:
			change.Change = diff.Added
			change.Files = files(nil, is, hidden, &room)
		case is == nil:
			change.Change = diff.Removed
			change.Files = files(was, nil, hidden, &room)
		default:
			change.Settings = Settings(old.Project, new.Project, was, is)
			change.Tags = Tags(was, is, hidden)
			change.compare(target(from, platform).Archive, target(to, platform).Archive)
			change.Files = files(was, is, hidden, &room)
		}
		p.add(change)
	}
	if err := p.send(from, to); err != nil {
		return nil, err
	}
	if err := p.requirements(old, new); err != nil {
		return nil, err
	}
	p.finish()
	return p, nil
}

// provisionBoth makes the archives of two projects at the same time.
func provisionBoth(old, new *wxt.Compilation) (from, to *provision.Source, err error) {
	var both sync.WaitGroup
	var oldErr error
	both.Go(func() { from, oldErr = old.Provision() })
	to, err = new.Provision()
	both.Wait()
	return from, to, cmp.Or(oldErr, err)
}

// NewAgainstArchives compares a project with built archives. These don't tell what the
// tags' values were.
func NewAgainstArchives(title string, archives []*dtaf.Archive, new *wxt.Compilation) (*Plan, error) {
	p := &Plan{Old: title, New: name(new.Project), Notes: []string{"An archive has no tag set: that tags have other values than before can't be told."}}
	to, err := new.Provision()
	if err != nil {
		return nil, err
	}
	found := false
	for _, t := range to.Targets {
		old, err := dtaf.Select(archives, new.Release, t.DeviceType)
		if err != nil {
			continue // it is of another platform
		}
		if platform, ok := old.Platform(); ok && platform != t.Platform {
			continue
		}
		found = true
		change := Platform{Platform: t.Platform, Change: diff.Changed, Settings: []Value{}, Tags: []Value{}, Files: []File{}}
		change.compare(old, t.Archive)
		for _, f := range change.Templates {
			change.Files = append(change.Files, File{Change: f.Change, Name: fileName(f.Name)})
		}
		p.add(change)
	}
	if !found {
		return nil, fmt.Errorf("%s: none of the project's platforms has a device type that is in it", title)
	}
	if err := p.send(&provision.Source{Inline: true}, to); err != nil {
		return nil, err
	}
	p.finish()
	return p, nil
}

func name(p *wxt.Project) string { return cmp.Or(p.File(), wxt.EmbeddedName) }

func target(s *provision.Source, platform tags.Platform) *provision.Target {
	for i := range s.Targets {
		if s.Targets[i].Platform == platform {
			return &s.Targets[i]
		}
	}
	return nil
}

// finish gives the plan its lists, if they are empty too, and tells whether there is a
// difference.
func (p *Plan) finish() {
	if p.Platforms == nil {
		p.Platforms = []Platform{}
	}
	if p.Send == nil {
		p.Send = []Message{}
	}
	if p.Needed == nil {
		p.Needed = []Need{}
	}
	if p.NotNeeded == nil {
		p.NotNeeded = []Need{}
	}
	p.Different = len(p.Platforms) > 0 || len(p.Send) > 0 || len(p.Needed) > 0 || len(p.NotNeeded) > 0
}

func (p *Plan) add(c Platform) {
	if c.Change != diff.Changed || c.was != "" || len(c.Settings)+len(c.Tags)+len(c.DeviceType)+len(c.Templates)+len(c.Files) > 0 {
		p.Platforms = append(p.Platforms, c)
	}
}

// compare compares the archives of a platform.
func (c *Platform) compare(old, new *dtaf.Archive) {
	d := diff.Archives(old, new)
	c.DeviceType, c.Templates = d.Requests, d.Files
	if d.DeviceType != nil {
		c.was = d.DeviceType.Old
	}
}

// Filled returns a template with the values of custom tags in it.
func Filled(t *wxt.Target, tmpl *render.Template) *expand.Result {
	return expand.Trace(tmpl, func(name string) (string, bool) {
		v, ok := t.Value(name)
		return v.Value, ok
	})
}

// masked returns the text that a subscriber gets, without secrets.
func masked(t *wxt.Target, tmpl *render.Template, hidden map[string]bool) string {
	trace := expand.Trace(tmpl, func(name string) (string, bool) {
		v, ok := t.Value(name)
		if ok && v.Value != "" && hidden[v.Tag.Name] {
			return secret.Masked, true
		}
		return v.Value, ok
	})
	return secret.Hide(trace.Text)
}

// files compares what subscribers of a platform get; one of the targets may be nil.
// There is room for a number of bytes of text, of which it takes what it lists.
func files(old, new *wxt.Target, hidden map[string]bool, room *int) []File {
	templates := func(t *wxt.Target) map[string]*render.Template {
		list := make(map[string]*render.Template)
		if t != nil {
			for _, tmpl := range t.Templates() {
				list[fileName(tmpl.File())] = tmpl
			}
		}
		return list
	}
	was, is := templates(old), templates(new)
	var names []string
	for name := range was {
		names = append(names, name)
	}
	for name := range is {
		if was[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	list := []File{}
	for _, name := range names {
		a, b := was[name], is[name]
		switch {
		case a == nil:
			list = append(list, File{Change: diff.Added, Name: name})
		case b == nil:
			list = append(list, File{Change: diff.Removed, Name: name})
		case Filled(old, a).Text != Filled(new, b).Text:
			f := File{Change: diff.Changed, Name: name}
			f.compare(linediff.Split(masked(old, a, hidden)), linediff.Split(masked(new, b, hidden)), room)
			list = append(list, f)
		}
	}
	return list
}

// maxCompared is how many lines of a file are compared, from the first that differs:
// more than a file of the app has.
const maxCompared = 20_000

// compare lists the lines that differ, as far as there is room for their bytes.
func (f *File) compare(old, new []string, text *int) {
	same := 0
	for same < min(len(old), len(new)) && old[same] == new[same] {
		same++
	}
	was, is := old[:min(len(old), same+maxCompared)], new[:min(len(new), same+maxCompared)]
	if restOld, restNew := old[len(was):], new[len(is):]; !slices.Equal(restOld, restNew) {
		f.Omitted = len(restOld) + len(restNew)
	}
	old, new = was, is
	room := maxLines
	for _, e := range linediff.Diff(old, new) {
		was, is := old[e.OldStart:e.OldEnd], new[e.NewStart:e.NewEnd]
		n := len(was) + len(is)
		if n > room { // half of the room is for what was
			was = was[:min(len(was), max(room/2, room-len(is)))]
			is = is[:min(len(is), room-len(was))]
		}
		if size := size(was) + size(is); size <= *text {
			*text -= size
		} else {
			was, is = nil, nil
		}
		shown := len(was) + len(is)
		f.Omitted += n - shown
		room -= shown
		if shown > 0 {
			f.Lines = append(f.Lines, Line{OldLine: e.OldStart + 1, NewLine: e.NewStart + 1, Old: clean(was), New: clean(is)})
		}
	}
}

// size returns how many bytes lines have.
func size(lines []string) int {
	n := 0
	for _, l := range lines {
		n += len(l)
	}
	return n
}

// clean returns lines without their ends, and without the text that they are from.
func clean(lines []string) []string {
	list := []string{}
	for _, l := range lines {
		list = append(list, strings.Clone(strings.TrimRight(l, "\r\n")))
	}
	return list
}

// fileName returns the name of the file that is made of a template.
func fileName(template string) string {
	return strings.TrimSuffix(path.Base(template), ".template")
}

// send notes the messages that bring the change to a system: values of tag sets, an
// import where the device type itself differs, and else its files; and the rebuild of
// what subscribers get.
func (p *Plan) send(from, to *provision.Source) error {
	imported, sent, rebuilt := *to, *to, *to
	imported.Targets, sent.Targets, rebuilt.Targets = nil, nil, nil
	for _, c := range p.Platforms {
		t := target(to, c.Platform)
		if t == nil {
			p.Notes = append(p.Notes, fmt.Sprintf("No message takes %s away: its device type stays on the system.", c.Platform))
			continue
		}
		switch {
		case c.Change == diff.Added || c.was != "" || len(c.DeviceType) > 0:
			imported.Targets = append(imported.Targets, *t)
		case len(c.Templates) > 0:
			sent.Targets = append(sent.Targets, *t)
		}
		if c.was != "" {
			p.Notes = append(p.Notes, fmt.Sprintf("%s: the device type %q stays on the system, and its devices with it.", c.Platform, c.was))
			continue
		}
		if c.Change != diff.Added && len(c.Files) > 0 || len(c.Templates) > 0 {
			rebuilt.Targets = append(rebuilt.Targets, *t)
		}
	}
	var list []*provision.Provisioning
	var wrong error
	add := func(made *provision.Provisioning, err error) {
		if err != nil {
			wrong = errors.Join(wrong, err)
			return
		}
		for _, m := range made.Messages { // only the requests' types count
			for _, r := range m.Document.Requests {
				r.Elements = nil
			}
		}
		list = append(list, made)
	}
	if !to.Inline && !from.Inline {
		add(provision.TagSets(to, provision.TagSetOptions{From: from}))
	}
	if len(imported.Targets) > 0 {
		add(provision.Import(&imported, provision.ImportOptions{BaseURL: "http://files.example.com"}))
	}
	for _, t := range sent.Targets {
		one := sent
		one.Targets = []provision.Target{t} // the templates of all at once would take much memory
		add(provision.Files(&one, provision.Scope{}, true))
	}
	if len(rebuilt.Targets) > 0 {
		add(provision.Rebuild(&rebuilt, provision.Scope{}, ""))
	}
	if wrong != nil || len(list) == 0 {
		return wrong
	}
	for _, m := range provision.Join(list...).Messages {
		message := Message{Name: m.Name}
		for _, r := range m.Document.Requests {
			if n := len(message.Requests); n > 0 && message.Requests[n-1].Type == r.Type {
				message.Requests[n-1].Count++
				continue
			}
			message.Requests = append(message.Requests, Request{r.Type, 1})
		}
		p.Send = append(p.Send, message)
	}
	return nil
}

// requirements compares what the servers need.
func (p *Plan) requirements(old, new *wxt.Compilation) error {
	before, err := old.Requirements(schema.RequirementQuery{})
	if err != nil {
		return err
	}
	after, err := new.Requirements(schema.RequirementQuery{})
	if err != nil {
		return err
	}
	p.Needed, p.NotNeeded = without(after, before), without(before, after)
	return nil
}

// without returns what is needed in one list, and not in the other.
func without(list, others *schema.Requirements) []Need {
	type key struct{ server, kind, item, commands string }
	of := func(q schema.Requirement) key {
		return key{q.Server, q.Kind, q.Item, strings.Join(q.Commands, "\n")}
	}
	there := make(map[key]bool)
	for _, q := range others.Requirements {
		there[of(q)] = true
	}
	needs := []Need{}
	for _, q := range list.Requirements {
		if there[of(q)] {
			continue
		}
		there[of(q)] = true
		items := q.Commands
		if len(items) == 0 {
			items = []string{q.Item}
		}
		for _, item := range items {
			needs = append(needs, Need{q.Server, q.Kind, item, q.Features})
		}
	}
	return needs
}
