package edits

import (
	"errors"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/xmlmerge"
	"github.com/dtafgen/wxt/internal/xmlpath"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
)

// A State says what becomes of an edit when the template under it is
// replaced by a newer release.
type State uint8

// The states.
const (
	Applies   State = iota // it can be made, and does what it did
	NotNeeded              // the new template is as the edit wants it
	Changed                // the new template has changed what the edit changes
	Gone                   // the new template lacks the element
)

// A Carriage is an edit in a newer release of its template.
type Carriage struct {
	State  State
	Edit   render.Edit // the edit with the path that the element has now
	Old    *string     // what the edit replaces in the old template: a value, or XML; nil for nothing
	New    *string     // what it would replace in the new one
	Remedy string      // where the element may be, if it is gone
}

// Carry tells what becomes of an edit of the template old in the template new, a
// later release. The element is followed where it went. The error is an
// [*render.Error] for a template that is not well-formed XML, and an [*render.EditError] if the
// edit can't be made in old.
func Carry(old, new *render.Template, e render.Edit) (Carriage, error) {
	c := Carriage{Edit: e}
	a, err := Parse(old)
	if err != nil {
		return c, err
	}
	b, err := Parse(new)
	if err != nil {
		return c, err
	}
	if _, err := old.Edit(e); err != nil {
		return c, err
	}
	targets, err := xmlpath.Find(a, e.Path)
	if err != nil {
		return c, err
	}
	found, missing := xmlpath.Find(b, e.Path)
	if e.All {
		return carryAll(c, targets, found, missing), nil
	}
	match := xmlmerge.Match(a, b)
	o := targets[0]
	c.Old = target(a, o, e)
	n := match.Mate(o)
	if n == nil {
		c.State = Gone
		if e.Op == render.Remove {
			c.State = NotNeeded
		}
		var not *xmlpath.Error
		if errors.As(missing, &not) {
			c.Remedy = not.Remedy
		} else if missing == nil {
			c.Remedy = "what has its path now is another element"
		}
		return c, nil
	}
	c.New = target(b, n, e)
	if len(found) != 1 || found[0] != n {
		c.Edit.Path = strings.TrimPrefix(match.Path(n), "/")
	}
	same := c.Old == c.New || c.Old != nil && c.New != nil && *c.Old == *c.New
	switch e.Op {
	case render.SetAttr, render.SetText:
		if c.New != nil && (*c.New == e.Value || e.Op == render.SetText && strings.TrimSpace(*c.New) == strings.TrimSpace(e.Value)) {
			c.State = NotNeeded
		} else if !same {
			c.State = Changed
		}
	case render.RemoveAttr:
		if c.New == nil {
			c.State = NotNeeded
		} else if !same {
			c.State = Changed
		}
	case render.Remove:
		if !match.Same(o, match, n) {
			c.State = Changed
		}
	case render.Insert, render.InsertBefore, render.InsertAfter:
		c.insert(match, n)
	}
	return c, nil
}

// target returns what an edit replaces.
func target(d *xmltext.Document, n *xmltext.Node, e render.Edit) *string {
	value := ""
	switch e.Op {
	case render.SetAttr, render.RemoveAttr:
		a, ok := n.Attr(e.Attr)
		if !ok {
			return nil
		}
		value = a.Value
	case render.SetText:
		value = strings.Trim(n.Text(), " \t\r\n")
	case render.Remove:
		value = d.Src[n.Start:n.End]
	default:
		return nil
	}
	return &value
}

// carryAll tells what becomes of an edit of many elements.
func carryAll(c Carriage, targets, found []*xmltext.Node, missing error) Carriage {
	if len(found) == 0 {
		c.State = Gone
		if c.Edit.Op == render.Remove {
			c.State = NotNeeded
		}
		var not *xmlpath.Error
		if errors.As(missing, &not) {
			c.Remedy = not.Remedy
		}
		return c
	}
	wanted := func(n *xmltext.Node) bool {
		switch a, ok := n.Attr(c.Edit.Attr); c.Edit.Op {
		case render.SetAttr:
			return ok && a.Value == c.Edit.Value
		case render.RemoveAttr:
			return !ok
		case render.SetText:
			return strings.TrimSpace(n.Text()) == strings.TrimSpace(c.Edit.Value)
		}
		return false
	}
	if !slices.ContainsFunc(found, func(n *xmltext.Node) bool { return !wanted(n) }) {
		c.State = NotNeeded
	}
	return c
}

// insert tells whether what an edit inserts at n is there already, or something
// like it.
func (c *Carriage) insert(match *xmlmerge.Matching, n *xmltext.Node) {
	doc, err := xmltext.Parse("<a>" + c.Edit.Value + "</a>")
	if err != nil {
		return
	}
	inside := n
	if c.Edit.Op != render.Insert {
		inside = n.Parent
	}
	own := xmlmerge.Match(doc, doc)
	count, there := 0, 0
	for x := range doc.Root.Elements() {
		count++
		for y := range inside.Elements() {
			if match.Mate(y) != nil || y.Name != x.Name {
				continue
			}
			if own.Same(x, match, y) {
				there++
				break
			}
			p, hasP := x.Attr("name")
			q, hasQ := y.Attr("name")
			if !hasP || !hasQ || p.Value == q.Value {
				text := match.New.Src[y.Start:y.End]
				c.State, c.New = Changed, &text
				return
			}
		}
	}
	if count > 0 && there == count {
		c.State = NotNeeded
	}
}
