package simulate

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/expand"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A bulk is the rendering of many subscribers.
type bulk struct {
	renderOptions
	sim  *Simulation
	used map[string]bool // tags of the template, and of values in it, by canonical name

	mu       sync.Mutex
	bindings map[*columns]*binding
}

// A binding is what a header means in a simulation. The one of subscribers
// without a header leaves all of it open.
type binding struct {
	columns  []column
	planner  *planner
	findings schema.Findings // about all of its subscribers
	err      error           // none of them can be rendered
	told     bool            // the findings
}

// A column is what stands in a column of CSV, or what a name means.
type column struct {
	canonical string
	kind      columnKind
	boolean   bool            // its tag is true or false
	warning   *schema.Finding // about the name
}

type columnKind uint8

const (
	columnNone columnKind = iota // the id, or what is passed over
	columnSystem
	columnCustom
	columnIdle // it has no effect
	columnUnknown
)

func newBulk(s *Simulation, o renderOptions) *bulk {
	b := &bulk{renderOptions: o, sim: s, used: make(map[string]bool), bindings: make(map[*columns]*binding)}
	for _, span := range expand.Trace(s.template, s.resolver(o.common)).Spans {
		for _, tag := range span.Tags {
			b.used[s.canonical(tag)] = true
		}
	}
	return b
}

// bind returns what a header means, or the absence of one.
func (b *bulk) bind(c *columns) *binding {
	b.mu.Lock()
	defer b.mu.Unlock()
	bind, ok := b.bindings[c]
	if !ok {
		bind = new(binding)
		bind.err = b.open(bind, c)
		b.bindings[c] = bind
	}
	return bind
}

// open fills a binding.
func (b *bulk) open(bind *binding, c *columns) (err error) {
	open, system := make(map[string]bool), func(string) bool { return true }
	if c != nil {
		seen := make(map[string]bool)
		system = func(name string) bool { return seen[name] }
		if err := b.header(bind, c, open, seen); err != nil {
			return err
		}
	}
	if bind.planner, err = newPlanner(b.sim, b.common, open, system); err != nil {
		return err
	}
	bind.findings = append(bind.findings, bind.planner.shared...)
	return nil
}

// header reads the columns of a header: open are its custom tags, seen all of
// its tags.
func (b *bulk) header(bind *binding, c *columns, open, seen map[string]bool) error {
	var unknown []int
	var wrong schema.Findings
	for i, name := range c.names {
		col := b.column(name, c.pos[i])
		switch {
		case col.kind == columnUnknown:
			unknown = append(unknown, i)
			col = column{}
		case col.kind != columnNone:
			if seen[col.canonical] {
				wrong = append(wrong, schema.NewFinding(codes.SubscriberKey, c.pos[i], "keep one of the two", "there are two columns %s", col.canonical))
			}
			seen[col.canonical] = true
			open[col.canonical] = col.kind == columnCustom
		}
		if col.warning != nil {
			bind.findings = append(bind.findings, *col.warning)
		}
		bind.columns = append(bind.columns, col)
	}
	for name, custom := range open {
		if !custom {
			delete(open, name)
		}
	}
	switch {
	case len(wrong) > 0:
		return wrong
	case !b.sim.isHeader(c, b.used):
		return schema.Findings{noHeader(c)}
	case len(unknown) > 0 && !b.ignoreUnknown:
		var names []string
		for _, i := range unknown {
			names = append(names, c.names[i])
		}
		f := b.unknown(names, "column", c.pos[unknown[0]])
		return schema.Findings{f}
	}
	return nil
}

// isHeader reports whether one of the columns is an id or a tag. Used are the tags in
// the template.
func (s *Simulation) isHeader(c *columns, used map[string]bool) bool {
	return c.id >= 0 || slices.ContainsFunc(c.names, func(name string) bool {
		name = s.tagOf(name)
		return s.checkKey(name, used[name], schema.Position{}).Err() == nil
	})
}

// noHeader tells that a first line is no header, and not what it has: there may be
// passwords in it.
func noHeader(c *columns) schema.Finding {
	return schema.NewFinding(codes.SubscriberKey, c.pos[0], "begin the file with a header, such as id,BWLINEPORT-1,BWAUTHPASSWORD-1",
		"the first line has no tag and no id: it is not a header")
}

// unknown returns the finding about names that are no tags.
func (b *bulk) unknown(names []string, what string, pos schema.Position) schema.Finding {
	const most = 20
	var list []string
	for i, name := range names {
		if i == most {
			list = append(list, fmt.Sprintf("and %d more", len(names)-most))
			break
		}
		text := shorten(name)
		if near, ok := b.sim.catalogue.Nearest(name); ok {
			text += " (did you mean " + near + "?)"
		}
		list = append(list, text)
	}
	message := "unknown tag " + list[0]
	if len(names) > 1 {
		message = fmt.Sprintf("%d %ss are no tags: %s", len(names), what, strings.Join(list, ", "))
	}
	return schema.NewFinding(codes.SubscriberKey, pos, fmt.Sprintf("say which tag one means (--map %q), or leave them out (--ignore-unknown)", shorten(names[0])+"=TAG"), "%s", message)
}

// shorten returns a name as it can be told.
func shorten(name string) string {
	runes := []rune(name)
	if len(runes) > 64 {
		return string(runes[:64]) + "..."
	}
	return name
}

// column tells what a name means.
func (b *bulk) column(name string, pos schema.Position) column {
	if name == "" {
		return column{}
	}
	s := b.sim
	c := column{canonical: s.tagOf(name), kind: columnCustom}
	tag, _ := s.catalogue.Lookup(c.canonical)
	c.boolean = tag.Type == tags.Bool
	used := b.used[c.canonical]
	for _, f := range s.checkKey(c.canonical, used, pos) {
		if f.Severity == schema.Error {
			return column{canonical: c.canonical, kind: columnUnknown}
		}
		c.warning = &f
	}
	switch {
	case tagname.IsSystem(c.canonical):
		c.kind = columnSystem
	case used:
		probe := &Subscriber{Tags: map[string]string{c.canonical: "\x00"}}
		if v, _ := s.resolver(s.merge(probe, b.common))(c.canonical); v != "\x00" {
			c.kind = columnIdle
			f := schema.NewFinding(codes.NotOverridable, pos, "", "%s: the subscribers' values do nothing: a weaker place does not let them be overridden", c.canonical)
			c.warning = &f
		}
	}
	return c
}
