package edits

import (
	"errors"
	"fmt"
	"regexp"
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
	edits, err := derive(old, a, b, true)
	if errors.Is(err, ErrNoEdits) {
		edits, err = derive(old, a, b, false)
	}
	return edits, err
}

// derive is Derive, with paths that name an element by an attribute where they can, or
// by numbers only.
func derive(old *render.Template, a, b *xmltext.Document, named bool) ([]render.Edit, error) {
	d := &deriver{old: a, mine: b, named: named, match: xmlmerge.Match(a, b), present: make(map[*xmltext.Node]bool)}
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
	named     bool // paths name an element by an attribute, where one tells it from its siblings
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
	path := d.pathIn(o, func(*xmltext.Node) bool { return true })
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
			d.add(&d.removes, render.Edit{Path: d.pathIn(x, func(*xmltext.Node) bool { return true }), Op: render.Remove})
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
	return d.pathIn(n, func(x *xmltext.Node) bool { return d.present[x] })
}

// pathIn returns the path of an element among those that are there.
func (d *deriver) pathIn(n *xmltext.Node, present func(*xmltext.Node) bool) string {
	var steps []string
	for ; n != nil; n = n.Parent {
		step := n.Name
		if n.Parent != nil {
			at, several := 0, 0
			for x := range n.Parent.Elements() {
				if x.Name == n.Name && present(x) {
					several++
					if x == n {
						at = several
					}
				}
			}
			if by, ok := d.identity(n, present); ok && several > 1 {
				step += by
			} else if several > 1 {
				step += "[" + strconv.Itoa(at) + "]"
			}
		}
		steps = append(steps, step)
	}
	slices.Reverse(steps)
	return strings.Join(steps, "/")
}

// identity returns the condition of a path that tells an element from its siblings by
// an attribute, such as [@name='G729'], and false if none does so before and after.
func (d *deriver) identity(n *xmltext.Node, present func(*xmltext.Node) bool) (string, bool) {
	if !d.named {
		return "", false
	}
	for _, name := range []string{"id", "name", "key", "type"} {
		a, ok := n.Attr(name)
		if !ok || !plainValue.MatchString(a.Value) {
			continue
		}
		if mate := d.match.Mate(n); mate != nil {
			if was, ok := mate.Attr(name); !ok || was.Value != a.Value {
				continue
			}
		}
		same := 0
		for x := range n.Parent.Elements() {
			if b, ok := x.Attr(name); ok && x.Name == n.Name && present(x) && b.Value == a.Value {
				same++
			}
		}
		if same == 1 {
			return "[@" + name + "='" + a.Value + "']", true
		}
	}
	return "", false
}

// plainValue matches a value that stands in a path as it is.
var plainValue = regexp.MustCompile(`^[A-Za-z0-9._-]{1,60}$`)
