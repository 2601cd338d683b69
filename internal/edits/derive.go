package edits

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmlmerge"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
)

// ErrNoEdits says that no edits make one template of another.
var ErrNoEdits = errors.New("no edits of elements make the one template of the other")

// The limits of what is derived.
const (
	maxDerived = 2000    // edits
	maxWork    = 1 << 29 // bytes of the template, times edits
)

// Derive returns edits that make, of the template old, one that says what mine
// says: comments, and how it is written, are not what counts. An element that was
// moved or renamed is removed and inserted, and so is one that has text between
// its elements. The error is an [*render.Error] if one of the templates is not well-formed
// XML, and otherwise wraps [ErrNoEdits]: the root element is another one or has
// text between its elements, a processing instruction of the document changed, or
// there are more than 2000 edits, or fewer of a very large template.
func Derive(old, mine *render.Template) ([]render.Edit, error) {
	a, err := Parse(old)
	if err != nil {
		return nil, err
	}
	b, err := Parse(mine)
	if err != nil {
		return nil, err
	}
	d := &deriver{old: a, mine: b, match: xmlmerge.Match(a, b), present: make(map[*xmltext.Node]bool)}
	if !d.match.Same(a.Root, d.match, b.Root) {
		if d.match.Mate(a.Root) != b.Root || a.Root.Name != b.Root.Name || d.whole(a.Root, b.Root) {
			return nil, fmt.Errorf("the root element can't be edited as a whole: %w", ErrNoEdits)
		}
		d.pair(a.Root, b.Root)
		d.present[b.Root] = true
		slices.Reverse(d.removes)
		d.insert(b.Root)
	}
	edits := slices.Concat(d.sets, d.removes, d.inserts)
	if d.many || len(edits)*len(old.Source()) > maxWork {
		return nil, fmt.Errorf("there would be too many: %w", ErrNoEdits)
	}
	edited, err := old.Edit(edits...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoEdits, err)
	}
	got, err := Parse(edited)
	if err != nil {
		return nil, err
	}
	for range xmlmerge.Match(got, b).Differences() {
		return nil, ErrNoEdits
	}
	return edits, nil
}

type deriver struct {
	old, mine *xmltext.Document
	match     *xmlmerge.Matching

	present map[*xmltext.Node]bool // elements of mine that are there, once the edits so far are made

	sets, removes, inserts []render.Edit
	many                   bool
}

func (d *deriver) add(list *[]render.Edit, e render.Edit) {
	if len(d.sets)+len(d.removes)+len(d.inserts) >= maxDerived {
		d.many = true
		return
	}
	*list = append(*list, e)
}

// whole reports whether two mates can't be made the same by edits within.
func (d *deriver) whole(o, c *xmltext.Node) bool {
	if d.match.Same(o, d.match, c) {
		return false
	}
	if o.Name != c.Name || o.Kind != xmltext.Element {
		return true
	}
	text, elements := d.match.HasText(o) || d.match.HasText(c), false
	for _, n := range []*xmltext.Node{o, c} {
		if _, ok := n.Attr("xml:space"); ok {
			return true
		}
		for _, x := range n.Children {
			switch x.Kind {
			case xmltext.Element:
				elements = true
			case xmltext.ProcInst:
				return true
			}
		}
	}
	return text && elements
}

// pair compares two mates that stay, and what is in them.
func (d *deriver) pair(o, c *xmltext.Node) {
	path := strings.TrimPrefix(o.Path(), "/")
	for _, a := range o.Attrs {
		if _, ok := c.Attr(a.Name); !ok {
			d.add(&d.sets, render.Edit{Path: path, Op: render.RemoveAttr, Attr: a.Name})
		}
	}
	for _, a := range c.Attrs {
		if was, ok := o.Attr(a.Name); !ok || was.Value != a.Value {
			d.add(&d.sets, render.Edit{Path: path, Op: render.SetAttr, Attr: a.Name, Value: a.Value})
		}
	}
	if d.match.Text(o) != d.match.Text(c) {
		d.add(&d.sets, render.Edit{Path: path, Op: render.SetText, Value: strings.Trim(c.Text(), " \t\r\n")})
	}
	// The most that can stay where it is.
	var stay []*xmltext.Node
	for x := range c.Elements() {
		if was := d.match.Mate(x); was != nil && was.Parent == o && !d.whole(was, x) {
			stay = append(stay, x)
		}
	}
	starts := make([]int, len(stay))
	for i, x := range stay {
		starts[i] = d.match.Mate(x).Start
	}
	kept := make(map[*xmltext.Node]bool)
	for i, rising := range text.Rising(starts) {
		if rising {
			d.present[stay[i]] = true
			kept[d.match.Mate(stay[i])] = true
		}
	}
	for x := range o.Elements() {
		if !kept[x] {
			d.add(&d.removes, render.Edit{Path: strings.TrimPrefix(x.Path(), "/"), Op: render.Remove})
		} else if m := d.match.Mate(x); !d.match.Same(x, d.match, m) {
			d.pair(x, m)
		}
		if d.many {
			return
		}
	}
}

// insert inserts what c has and is not there, in order.
func (d *deriver) insert(c *xmltext.Node) {
	var prev *xmltext.Node
	list := slices.Collect(c.Elements())
	for i, x := range list {
		if d.many {
			return
		}
		if d.present[x] {
			prev = x
			if o := d.match.Mate(x); !d.match.Same(o, d.match, x) {
				d.insert(x)
			}
			continue
		}
		next := slices.IndexFunc(list[i:], func(n *xmltext.Node) bool { return d.present[n] })
		e := render.Edit{Op: render.Insert}
		switch {
		case next < 0:
			e.Path = d.path(c)
		case prev != nil:
			e.Path, e.Op = d.path(prev), render.InsertAfter
		default:
			e.Path, e.Op = d.path(list[i+next]), render.InsertBefore
		}
		f, err := xmltext.Cut(d.mine.Src, x, nil)
		if err != nil {
			continue // which shows at the end
		}
		e.Value = f.Text
		d.add(&d.inserts, e)
		d.present[x] = true
		prev = x
	}
}

// path returns the path of an element of mine among those that are there.
func (d *deriver) path(n *xmltext.Node) string {
	var steps []string
	for ; n != nil; n = n.Parent {
		step := n.Name
		if n.Parent != nil {
			at, several := 0, 0
			for x := range n.Parent.Elements() {
				if x.Name == n.Name && d.present[x] {
					several++
					if x == n {
						at = several
					}
				}
			}
			if several > 1 {
				step += "[" + strconv.Itoa(at) + "]"
			}
		}
		steps = append(steps, step)
	}
	slices.Reverse(steps)
	return strings.Join(steps, "/")
}
