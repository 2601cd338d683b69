package report

import (
	"slices"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf/diff"
	"github.com/dtafgen/wxt/internal/linediff"
	"github.com/dtafgen/wxt/internal/plan"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// context is how many lines stand around a change.
const context = 3

func (m *reporter) target(p tags.Platform) *wxt.Target {
	for _, t := range m.compiled.Targets {
		if t.Platform == p {
			return t
		}
	}
	return nil
}

// changes returns what changed since an earlier project, but for the requests.
func (m *reporter) changes(earlier *reporter) []Changes {
	var list []Changes
	for _, platform := range tags.Platforms() {
		old, now := earlier.target(platform), m.target(platform)
		c := Changes{Platform: platform}
		switch {
		case old == nil && now == nil:
			continue
		case old == nil:
			c.Added = true
		case now == nil:
			c.Removed = true
		default:
			c.Values = m.changedValues(earlier.project, old, now)
			oldLines, oldTexts := earlier.templateLines(old)
			newLines, newTexts := m.templateLines(now)
			c.Lines = pairs(oldLines, newLines, linediff.Diff(oldTexts, newTexts))
		}
		list = append(list, c)
	}
	return list
}

// withRequests gives changes the requests of a plan, which may be nil, and leaves out
// platforms that did not change.
func withRequests(list []Changes, does *plan.Plan) []Changes {
	for i := range list {
		c := &list[i]
		if does == nil || c.Added || c.Removed {
			continue
		}
		for _, p := range does.Platforms {
			if p.Platform == c.Platform {
				c.DeviceType = p.DeviceType
			}
		}
	}
	return slices.DeleteFunc(list, func(c Changes) bool {
		return !c.Added && !c.Removed && len(c.Values)+len(c.Lines)+len(c.DeviceType) == 0
	})
}

func (m *reporter) templateLines(t *wxt.Target) ([]Line, []string) {
	if t.Template == nil {
		return nil, nil
	}
	lines, texts, _ := m.lines(t, nil)
	return lines, texts
}

// changedValues returns the settings and tags that two targets give different values:
// those that the new one has in its order, then those that are gone.
func (m *reporter) changedValues(before *wxt.Project, old, now *wxt.Target) []Change {
	var list []Change
	for _, v := range append(plan.Settings(before, m.project, old, now), plan.Tags(old, now, m.secret)...) {
		c := Change{Name: v.Name, Old: v.Old, New: v.New, HasOld: v.Change != diff.Added, HasNew: v.Change != diff.Removed, Position: v.Position}
		if !c.HasNew {
			c.Position = schema.Position{}
		}
		list = append(list, c)
	}
	return list
}

// pairs puts the lines of two templates side by side, as far as edits change them.
func pairs(old, now []Line, edits []linediff.Edit) []LinePair {
	var list []LinePair
	i, j := 0, 0 // what has been put out
	same := func(to int) {
		for ; i < to; i, j = i+1, j+1 {
			list = append(list, LinePair{Old: &old[i], New: &now[j]})
		}
	}
	for n, e := range edits {
		if from := e.OldStart - context; n == 0 && from > 0 || n > 0 && from > i+context {
			if n > 0 {
				same(i + context)
			}
			list = append(list, LinePair{})
			j += from - i
			i = from
		}
		same(e.OldStart)
		for i < e.OldEnd || j < e.NewEnd {
			pair := LinePair{Changed: true}
			if i < e.OldEnd {
				pair.Old = &old[i]
				i++
			}
			if j < e.NewEnd {
				pair.New = &now[j]
				j++
			}
			list = append(list, pair)
		}
	}
	if len(edits) > 0 {
		same(min(len(old), i+context))
		if i < len(old) {
			list = append(list, LinePair{})
		}
	}
	return list
}
