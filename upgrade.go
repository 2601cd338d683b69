package wxt

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/merge"
	"github.com/dtafgen/wxt/internal/choice"
	"github.com/dtafgen/wxt/internal/edits"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// An UpgradeResult is a project on the vendor's next release.
type UpgradeResult struct {
	Platform tags.Platform

	// Report tells what the vendor changed and what became of the project's own
	// changes: of its edits (kind edit), of the elements of the device type that it
	// sets (option), and of the tags that it gives values (tag; the new value is
	// the tag that stands in its place now, if there is one).
	Report *merge.Report

	// Source is the project file with the new base, and with the edits as the new
	// template wants them; what is not needed any more is a comment.
	Source string

	// Built is the archive of Source, and Findings what a check of it finds. Built
	// is nil if one of the findings is an error.
	Built    *BuiltArchive
	Findings schema.Findings
}

// Upgrade brings a project from one of the vendor's archives to the next: old is
// the base that its platform has, new the one that it shall have, and base the
// name of that for the project file. Each edit is followed to where its element is
// now. A conflict that is not decided leaves what the vendor has.
//
// The project has to be read from a file. An error is a [schema.Findings] if the
// project can't be compiled from old.
func Upgrade(p *Project, platform tags.Platform, old, new *dtaf.Archive, base string, o merge.Options) (*UpgradeResult, error) {
	if p.source == "" {
		return nil, errors.New("there is no project file to upgrade")
	}
	if p.Platform(platform).Base == "" {
		return nil, fmt.Errorf("%s: %s has no base: expected the archive that the project is compiled from", p.file, platform)
	}
	u := &upgrade{
		project: p, platform: platform, options: o, used: make(map[string]bool),
		file: filepath.Base(p.file),
	}
	if err := u.run(old, new, base); err != nil {
		return nil, err
	}
	return u.result, nil
}

type upgrade struct {
	project  *Project
	platform tags.Platform
	options  merge.Options
	file     string
	used     map[string]bool
	others   *Compilation // of the other platforms, once somebody asks

	result  *UpgradeResult
	splices []text.Splice // of the project file
	places  map[string]tomlfile.Place
	edits   []render.Edit // that stay
}

// on returns the project with another base.
func (u *upgrade) on(p *Project, base *dtaf.Archive) *Project {
	c := *p
	c.Platform(u.platform).BaseArchive = base
	return &c
}

// compile compiles the platform of the upgrade, whose target there has to be.
func (u *upgrade) compile(p *Project) (*Compilation, error) {
	c := compile(p, config{platforms: tags.NewPlatformSet(u.platform)})
	if len(c.Targets) == 0 {
		if err := c.findings.Err(); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("%s: %s is not enabled", p.file, u.platform)
	}
	if c.Targets[0].settled == nil {
		return nil, c.findings
	}
	return c, nil
}

func (u *upgrade) run(old, new *dtaf.Archive, base string) error {
	was, err := u.compile(u.on(u.project, old))
	if err != nil {
		return err
	}
	built, err := was.Build()
	if err != nil {
		return err
	}
	_, vendor, err := merge.Merge(merge.Input{Old: old, New: new, Mine: old}, merge.Options{})
	if err != nil {
		return err
	}
	u.result = &UpgradeResult{Platform: u.platform, Report: vendor}
	if u.places, err = tomlfile.Find([]byte(u.project.source)); err != nil {
		return err
	}
	if err := u.setBase(base); err != nil {
		return err
	}
	after := u.on(u.project, new)
	after.Platform(u.platform).Edits = nil
	now, err := u.compile(after)
	if err != nil {
		return err
	}
	if err := u.carryEdits(was.Targets[0], now.Targets[0]); err != nil {
		return err
	}
	if err := u.carryOptions(old, new, built.Archives[0].Archive); err != nil {
		return err
	}
	u.carryTags(was.Targets[0], now.Targets[0])
	for _, place := range slices.Concat(u.options.Ours, u.options.Theirs) {
		if !u.used[place] {
			u.result.Report.Unused = append(u.result.Report.Unused, place)
		}
	}
	return u.finish(new, base)
}

// finish writes the project file, and builds it.
func (u *upgrade) finish(new *dtaf.Archive, base string) error {
	source, err := text.Apply(u.project.source, u.splices)
	if err != nil {
		return fmt.Errorf("%s: %w", u.project.file, err)
	}
	p, err := Parse(u.project.file, []byte(source))
	if err != nil {
		return fmt.Errorf("the project file can't be written anew: %w", err)
	}
	if s := p.Platform(u.platform); s.Base != base || !slices.Equal(s.Edits, u.edits) {
		return fmt.Errorf("%s: its edits can't be changed in place: write each as [[%s.edit]], on lines of its own", u.project.file, u.platform)
	}
	u.result.Source = source
	b, err := Build(u.on(p, new), WithPlatforms(u.platform))
	var fs schema.Findings
	switch {
	case errors.As(err, &fs):
		u.result.Findings = fs
	case err != nil:
		return err
	default:
		u.result.Built, u.result.Findings = &b.Archives[0], b.Findings
	}
	return nil
}

// add notes a change. It returns whether it is to be kept.
func (u *upgrade) add(c merge.Change) bool {
	c.File = u.file
	if c.Outcome == merge.Conflict {
		for _, place := range slices.Concat(u.options.Ours, u.options.Theirs) {
			if choice.Covers(place, c.File, c.Path) {
				u.used[place] = true
			}
		}
		switch isOurs, place := choice.Of(u.options.Ours, u.options.Theirs, c.File, c.Path); {
		case place == "":
			c.Choice = u.options.Default
		case isOurs:
			c.Choice = merge.Ours
		default:
			c.Choice = merge.Theirs
		}
	}
	u.result.Report.Changes = append(u.result.Report.Changes, c)
	return c.Outcome == merge.Carried || c.Choice == merge.Ours
}

// stuck reopens the last change, which can't be made as it was chosen.
func (u *upgrade) stuck(format string, args ...any) {
	c := &u.result.Report.Changes[len(u.result.Report.Changes)-1]
	c.Outcome, c.Choice = merge.Conflict, ""
	if c.Reason != "" {
		c.Reason += "; "
	}
	c.Reason += fmt.Sprintf(format, args...)
}

// setBase names the new base in the project file.
func (u *upgrade) setBase(base string) error {
	place, ok := u.places[tomlfile.Path(u.platform.String(), "base")]
	end, isString := tomlfile.StringEnd([]byte(u.project.source), place.Value)
	if !ok || !isString {
		return fmt.Errorf("%s: the base of %s can't be found", u.project.file, u.platform)
	}
	u.splices = append(u.splices, text.Splice{Start: place.Value, End: end, Text: tomlfile.String(base)})
	return nil
}

// conflictNote stands ahead of what was taken out of the project file.
const conflictNote = "In conflict with the new base, which has its own:"

// comment makes a comment of the lines of a span.
func (u *upgrade) comment(start, end int, why string) {
	src := u.project.source
	eol := "\n"
	if strings.Contains(src, "\r\n") {
		eol = "\r\n"
	}
	comment := "# " + why + eol + "# " + strings.ReplaceAll(src[start:end], "\n", "\n# ")
	u.splices = append(u.splices, text.Splice{Start: start, End: end, Text: comment})
}

// dropEdit makes a comment of an edit in the project file.
func (u *upgrade) dropEdit(i int, why string) {
	if place, ok := u.places[tomlfile.Path(u.platform.String(), "edit", u.index(i))]; ok {
		if start, end, ok := tomlfile.Table([]byte(u.project.source), place.Key); ok {
			u.comment(start, end, why)
		}
	}
}

// index returns the number that an edit has in the project file.
func (u *upgrade) index(i int) int {
	if list := u.project.Platform(u.platform).edits; i < len(list) {
		return list[i]
	}
	return i
}

// movePath changes the path of an edit in the project file.
func (u *upgrade) movePath(i int, path string) {
	place, ok := u.places[tomlfile.Path(u.platform.String(), "edit", u.index(i), "path")]
	if end, isString := tomlfile.StringEnd([]byte(u.project.source), place.Value); ok && isString {
		u.splices = append(u.splices, text.Splice{Start: place.Value, End: end, Text: tomlfile.String(path)})
	}
}

// carryEdits follows each edit to the new template.
func (u *upgrade) carryEdits(was, now *Target) error {
	a, b := was.settled, now.settled
	for i, e := range u.project.Platform(u.platform).Edits {
		c, err := edits.Carry(a, b, e)
		if err != nil {
			return fmt.Errorf("%s: edit of %s: %w", u.project.file, e.Path, err)
		}
		change := merge.Change{Kind: "edit", Path: e.Path, Old: c.Old, New: c.New, Mine: wanted(e)}
		if e.Op == render.SetAttr || e.Op == render.RemoveAttr {
			change.Path += "/@" + e.Attr
		}
		moved := c.Edit.Path != e.Path
		switch c.State {
		case edits.Applies:
			change.Outcome = merge.Carried
			if moved {
				change.Reason = "its path is " + c.Edit.Path + " now"
			}
		case edits.NotNeeded:
			change.Outcome, change.Reason = merge.Present, "the edit is not needed any more"
		case edits.Changed:
			change.Outcome, change.Reason = merge.Conflict, "the vendor changed it too"
		case edits.Gone:
			change.Outcome, change.Reason = merge.Conflict, "the new template has no such element"
			if c.Remedy != "" {
				change.Reason += ": " + c.Remedy
			}
		}
		if keep := u.add(change); !keep {
			why := conflictNote
			if change.Outcome == merge.Present {
				why = "Not needed any more:"
			}
			u.dropEdit(i, why)
		} else if edited, err := b.Edit(c.Edit); err != nil {
			var ee *render.EditError
			reason := err.Error()
			if errors.As(err, &ee) {
				reason = ee.Reason
			}
			u.stuck("the edit can't be made: %s", reason)
			u.dropEdit(i, conflictNote)
		} else {
			b = edited
			u.edits = append(u.edits, c.Edit)
			if moved {
				u.movePath(i, c.Edit.Path)
			}
		}
		next, err := a.Edit(e)
		if err != nil {
			return fmt.Errorf("%s: %w", u.project.file, err)
		}
		a = next
	}
	return nil
}

// wanted returns what an edit wants there to be.
func wanted(e render.Edit) *string {
	switch e.Op {
	case render.Remove, render.RemoveAttr:
		return nil
	}
	return &e.Value
}

// carryOptions compares the elements of the device type that the project sets.
func (u *upgrade) carryOptions(old, new, mine *dtaf.Archive) error {
	_, report, err := merge.Merge(merge.Input{Old: old, New: new, Mine: mine}, merge.Options{})
	if err != nil {
		return err
	}
	for _, c := range report.Changes {
		if c.Kind != "option" || strings.Contains(c.Path, "/") {
			continue
		}
		path, ok := u.optionKey(c.Path)
		if !ok {
			continue
		}
		key := dotted(path)
		c.Path = key
		if u.add(c) || c.Outcome != merge.Conflict {
			continue
		}
		if path[0] != u.platform.String() {
			if last := u.result.Report.Changes[len(u.result.Report.Changes)-1]; last.Choice == merge.Theirs {
				u.stuck("%s is for other platforms too: set %s.%s", key, u.platform, key)
			}
			continue
		}
		u.dropKey(path)
	}
	return nil
}

// optionKey returns the key of the project file that sets an element of the device
// type, if one does.
func (u *upgrade) optionKey(element string) ([]any, bool) {
	platform := u.platform.String()
	candidates := [][]any{{platform, "device", element}}
	if own, ok := ownKeys[element]; ok {
		rest, isAccess := strings.CutPrefix(own, "access.")
		if isAccess {
			candidates = [][]any{{platform, "access", rest}, {"access", rest}}
		} else {
			candidates = [][]any{{platform, own}}
		}
	}
	for _, path := range candidates {
		if _, ok := u.places[tomlfile.Path(path...)]; ok {
			return path, true
		}
	}
	return nil, false
}

// dropKey makes a comment of a key of the project file.
func (u *upgrade) dropKey(path []any) {
	place, ok := u.places[tomlfile.Path(path...)]
	if !ok {
		return
	}
	src := []byte(u.project.source)
	to := place.Value
	if end, ok := tomlfile.StringEnd(src, to); ok {
		to = end
	}
	start, end := tomlfile.Line(src, place.Key, to)
	if strings.TrimSpace(string(src[start:place.Key])) != "" {
		u.stuck("the key is not on a line of its own")
		return
	}
	u.comment(start, end, conflictNote)
}

// carryTags looks for tags that the project sets and the new templates lack.
func (u *upgrade) carryTags(was, now *Target) {
	platform := u.platform.String()
	for _, list := range []struct {
		path   []any
		values map[string]string
	}{{[]any{"tags"}, u.project.Tags}, {[]any{platform, "tags"}, u.project.Platform(u.platform).Tags}} {
		for _, name := range slices.Sorted(maps.Keys(list.values)) {
			if !was.used[name] {
				continue
			}
			path := append(slices.Clone(list.path), name)
			if _, ok := u.places[tomlfile.Path(path...)]; !ok {
				path[len(path)-1] = "%" + name + "%"
			}
			value := list.values[name]
			c := merge.Change{Kind: "tag", Path: dotted(append(slices.Clone(list.path), name)), Mine: &value}
			if now.used[name] {
				c.Outcome = merge.Carried
				u.add(c)
				continue
			}
			renamed := renamedTag(was, now, name)
			if len(list.path) == 1 && u.usedElsewhere(name) {
				c.Outcome, c.Reason = merge.Carried, "the new template lacks the tag: the value is for other platforms alone"
				u.add(c)
				continue
			}
			c.Outcome, c.Reason = merge.Conflict, "the new template lacks the tag"
			if renamed != "" {
				c.Reason += ": " + renamed + " stands in its place"
				c.New = &renamed
			}
			if u.add(c) {
				continue // it stays, and a check tells if nothing knows it
			}
			if place := u.places[tomlfile.Path(path...)]; renamed != "" && u.result.Report.Changes[len(u.result.Report.Changes)-1].Choice == merge.Theirs {
				at := strings.Index(u.project.source[place.Key:], name)
				if _, set := list.values[renamed]; at >= 0 && at <= 2 && !set {
					u.splices = append(u.splices, text.Splice{Start: place.Key + at, End: place.Key + at + len(name), Text: renamed})
					continue
				}
			}
			u.dropKey(path)
		}
	}
}

// renamedTag returns the tag that is new and stands where another one stood, or
// the one new tag with much the same name, or "".
func renamedTag(was, now *Target, name string) string {
	if was.Template == nil || now.Template == nil {
		return ""
	}
	before, err := was.Template.Places()
	if err != nil {
		return ""
	}
	after, err := now.Template.Places()
	if err != nil {
		return ""
	}
	var fresh []string
	for _, p := range after {
		if !was.used[p.Name] && !tagname.IsSystem(p.Name) {
			fresh = append(fresh, p.Name)
			for _, q := range before {
				if q.Name == name && q.Path == p.Path {
					return p.Name
				}
			}
		}
	}
	near, _ := text.Nearest(name, slices.Values(fresh))
	return near
}

// usedElsewhere reports whether another platform of the project has the tag.
func (u *upgrade) usedElsewhere(name string) bool {
	if u.others == nil {
		others := u.project.bare()
		others.Platform(u.platform).Disabled = true
		u.others = compile(others, config{})
	}
	return slices.ContainsFunc(u.others.Targets, func(t *Target) bool { return t.used[name] })
}

// FormatEdits writes edits as the project file has them, each as a table
// [[platform.edit]].
func FormatEdits(platform tags.Platform, edits []render.Edit) string {
	var b strings.Builder
	for i, e := range edits {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "[[%s.edit]]\npath = %s\n", platform, tomlfile.String(e.Path))
		if e.All {
			b.WriteString("all = true\n")
		}
		switch e.Op {
		case render.SetAttr:
			fmt.Fprintf(&b, "attr = %s\nvalue = %s\n", tomlfile.String(e.Attr), tomlfile.String(e.Value))
		case render.RemoveAttr:
			fmt.Fprintf(&b, "attr = %s\nremove = true\n", tomlfile.String(e.Attr))
		case render.SetText:
			fmt.Fprintf(&b, "text = %s\n", tomlfile.String(e.Value))
		case render.Remove:
			b.WriteString("remove = true\n")
		case render.Insert, render.InsertBefore, render.InsertAfter:
			fmt.Fprintf(&b, "insert = %s\n", tomlfile.String(e.Value))
			switch e.Op {
			case render.InsertBefore:
				b.WriteString("place = \"before\"\n")
			case render.InsertAfter:
				b.WriteString("place = \"after\"\n")
			}
		}
	}
	return b.String()
}

// DeriveEdits returns the edits that make the template of a platform in mine of
// that in old, two archives, and what else differs between the two, which no edit
// can say. Errors are about an archive that has no such template, and an
// [*render.Error], or that no edits do.
func DeriveEdits(platform tags.Platform, old, mine *dtaf.Archive) ([]render.Edit, []merge.Change, error) {
	var templates [2]*render.Template
	var names [2]string
	for i, a := range []*dtaf.Archive{old, mine} {
		p := &Project{}
		p.Platform(platform).BaseArchive = a
		c := compile(p, config{platforms: tags.NewPlatformSet(platform)})
		b, fs := c.base(platform)
		if b == nil {
			return nil, nil, fmt.Errorf("%s", fs[0].Message)
		}
		templates[i], names[i] = b.templates[b.main], b.main
	}
	list, err := edits.Derive(templates[0], templates[1])
	if err != nil {
		return nil, nil, err
	}
	_, r, err := merge.Merge(merge.Input{Old: old, New: old, Mine: mine}, merge.Options{})
	if err != nil {
		return nil, nil, err
	}
	var rest []merge.Change
	for _, c := range r.Changes {
		if c.File != names[0] {
			rest = append(rest, c)
		}
	}
	return list, rest, nil
}
