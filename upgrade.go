package wxt

import (
	"errors"
	"fmt"
	"maps"
	"path"
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

	// Built is the archive of the project as it is to be, and Findings what a check of
	// it finds. Built is nil if one of the findings is an error.
	Built    *BuiltArchive
	Findings schema.Findings
}

// An UpgradeStep is one platform of a project, and the vendor's archive that it goes to.
type UpgradeStep struct {
	Project  *Project // that was read from a file
	Platform tags.Platform
	Old, New *dtaf.Archive // the base that the platform has, and the one that it shall have
	Base     string        // the name of the new one for the project file, seen from its folder
}

// Upgrade brings projects from the vendor's archives to the next ones, a platform with
// each step. Each edit is followed to where its element is now. A conflict that is not
// decided leaves what the vendor has.
//
// There is a result for each step, and the project files that change, as they are to be:
// with the new bases, and with the edits as the new templates want them; what is not
// needed any more is a comment. A file that several projects extend is among them once.
// An error is a [schema.Findings] if a project can't be compiled from the old archive.
func Upgrade(o merge.Options, steps ...UpgradeStep) ([]*UpgradeResult, []File, error) {
	w := rewriter{files: make(map[string]*rewritten)}
	var list []*upgrade
	for _, s := range steps {
		p := s.Project
		if p.source == "" {
			return nil, nil, errors.New("there is no project file to upgrade")
		}
		if p.Platform(s.Platform).Base == "" {
			return nil, nil, fmt.Errorf("%s: %s has no base: expected the archive that the project is compiled from", p.file, s.Platform)
		}
		u := &upgrade{UpgradeStep: s, project: p, platform: s.Platform, options: o, used: make(map[string]bool), rewriter: &w}
		if err := u.run(s.Old, s.New, s.Base); err != nil {
			return nil, nil, err
		}
		list = append(list, u)
	}
	files, err := w.apply()
	if err != nil {
		return nil, nil, err
	}
	var results []*UpgradeResult
	for _, u := range list {
		if err := u.finish(files, list); err != nil {
			return nil, nil, err
		}
		results = append(results, u.result)
	}
	return results, files, nil
}

type upgrade struct {
	UpgradeStep
	project  *Project
	platform tags.Platform
	options  merge.Options
	used     map[string]bool
	others   *Compilation // of the other platforms, once somebody asks

	result   *UpgradeResult
	rewriter *rewriter
	edits    []render.Edit // that stay
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
	return nil
}

// finish reads the project as it is to be, and builds it.
func (u *upgrade) finish(files []File, all []*upgrade) error {
	p, err := u.project.changed(files)
	if err != nil {
		return fmt.Errorf("can't rewrite the project file: %w", err)
	}
	if s := p.Platform(u.platform); path.Clean(s.Base) != path.Clean(u.Base) || !slices.Equal(s.Edits, u.edits) {
		return fmt.Errorf("%s: its edits can't be changed in place: write each as [[%s.edit]], on lines of its own", u.project.file, u.platform)
	}
	for _, other := range all {
		if other.project == u.project {
			p.Platform(other.platform).BaseArchive = other.New
		}
	}
	b, err := Build(p, WithPlatforms(u.platform))
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

// add notes a change, of what stands at a path of the project file. It returns whether
// it is to be kept.
func (u *upgrade) add(c merge.Change, path ...any) bool {
	c.File = filepath.Base(u.project.file)
	if d, _, ok := u.place(path...); ok {
		c.File = filepath.Base(d.file)
	}
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
	d, place, ok := u.place(u.platform.String(), "base")
	if ok {
		var end int
		if end, ok = tomlfile.StringEnd([]byte(d.source), place.Value); ok {
			u.rewriter.add(d, place.Value, end, tomlfile.String(u.project.seenFrom(d, base)))
		}
	}
	if !ok {
		return fmt.Errorf("%s: the base of %s can't be found", u.project.file, u.platform)
	}
	return nil
}

// dropEdit makes a comment of an edit in the project file.
func (u *upgrade) dropEdit(i int, why string) {
	if d, place, ok := u.place(u.platform.String(), "edit", u.index(i)); ok {
		if start, end, ok := tomlfile.Table([]byte(d.source), place.Key); ok {
			u.comment(d, start, end, why)
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
	d, place, ok := u.place(u.platform.String(), "edit", u.index(i), "path")
	if !ok {
		return
	}
	if end, isString := tomlfile.StringEnd([]byte(d.source), place.Value); isString {
		u.rewriter.add(d, place.Value, end, tomlfile.String(path))
	}
}

// carryEdits follows each edit to the new template.
func (u *upgrade) carryEdits(was, now *Target) error {
	a, b := was.settled, now.settled
	for i, e := range u.project.Platform(u.platform).Edits {
		c, err := edits.Carry(a, b, e)
		if err != nil {
			return fmt.Errorf("%s: edit of %s: %w", u.project.file, text.Clip(e.Path, 200), err)
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
		if keep := u.add(change, u.platform.String(), "edit", u.index(i)); !keep {
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
		key := tomlfile.Dotted(path)
		c.Path = key
		if u.add(c, path...) || c.Outcome != merge.Conflict {
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
		if _, ok := u.project.lookup(path...); ok {
			return path, true
		}
	}
	return nil, false
}

// dropKey makes a comment of a key of the project file.
func (u *upgrade) dropKey(path []any) {
	d, place, ok := u.place(path...)
	if !ok {
		u.stuck("the key is in no file")
		return
	}
	src := []byte(d.source)
	to := place.Value
	if end, ok := tomlfile.StringEnd(src, to); ok {
		to = end
	}
	start, end := tomlfile.Line(src, place.Key, to)
	if strings.TrimSpace(string(src[start:place.Key])) != "" {
		u.stuck("the key is not on a line of its own")
		return
	}
	u.comment(d, start, end, conflictNote)
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
			value := list.values[name]
			c := merge.Change{Kind: "tag", Path: tomlfile.Dotted(append(slices.Clone(list.path), name)), Mine: &value}
			if now.used[name] {
				c.Outcome = merge.Carried
				u.add(c, path...)
				continue
			}
			renamed := renamedTag(was, now, name)
			if len(list.path) == 1 && u.usedElsewhere(name) {
				c.Outcome, c.Reason = merge.Carried, "the new template lacks the tag: the value is only for other platforms"
				u.add(c, path...)
				continue
			}
			c.Outcome, c.Reason = merge.Conflict, "the new template lacks the tag"
			if renamed != "" {
				c.Reason += ": " + renamed + " stands in its place"
				c.New = &renamed
			}
			if u.add(c, path...) {
				continue // it stays, and a check tells if nothing knows it
			}
			if d, place, ok := u.place(path...); ok && renamed != "" && u.result.Report.Changes[len(u.result.Report.Changes)-1].Choice == merge.Theirs {
				at := strings.Index(d.source[place.Key:], name)
				if _, set := list.values[renamed]; at >= 0 && at <= 2 && !set {
					u.rewriter.add(d, place.Key+at, place.Key+at+len(name), renamed)
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
