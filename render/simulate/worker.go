package simulate

import (
	"context"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/expand"
	"github.com/dtafgen/wxt/internal/records"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/schema"
)

// A worker renders subscribers, one after the other.
type worker struct {
	*bulk
	header  *columns // that the subscribers have at present
	binding *binding // of the header
	plan    *plan
	text    *expand.Values // of the plan's bound
	quoted  *expand.Values // of the plan's quoted
	given   []string       // by slot
	has     []bool
	unset   []int                            // slots without a value
	slots   [][]int                          // of the plan, by column of CSV
	mixed   []*expand.Values                 // of the plan's mixtures
	right   map[checkedValue]schema.Findings // what is wrong with a value, or none
	names   map[string]column                // that stand in no header
	cols    []column                         // of the subscriber's own names
	buf     []byte
	deflate compressor
}

type checkedValue struct {
	slot  int
	value string
}

// maxRemembered is how many values a worker remembers to be right, and how many
// names it knows.
const maxRemembered = 1 << 12

func newWorker(b *bulk) *worker { return &worker{bulk: b, names: make(map[string]column)} }

// use changes to another plan.
func (w *worker) use(p *plan) {
	if w.plan == p {
		return
	}
	w.plan = p
	w.text, w.quoted = p.bound.NewValues(nil), p.quoted.NewValues(nil)
	w.given, w.has = make([]string, len(p.vars)), make([]bool, len(p.vars))
	w.slots, w.mixed = w.slots[:0], w.mixed[:0]
	for _, c := range w.binding.columns {
		w.slots = append(w.slots, p.slots[c.canonical])
	}
	for _, m := range p.mixed {
		w.mixed = append(w.mixed, m.bound.NewValues(nil))
	}
	w.right = make(map[checkedValue]schema.Findings)
}

// process renders the subscribers of a job, and hands on what has become large.
// It returns false if ctx ends.
func (w *worker) process(ctx context.Context, j *job) bool {
	j.out, j.items = j.out[:0], j.items[:0]
	for i, e := range j.entries {
		if len(j.out) >= partSize {
			j.done <- false
			if _, ok := receive(ctx, j.resume); !ok {
				return false
			}
			j.out, j.items = j.out[:0], j.items[:0]
		}
		if len(j.items) < cap(j.items) {
			j.items = j.items[:len(j.items)+1]
		} else {
			j.items = append(j.items, item{})
		}
		it := &j.items[len(j.items)-1]
		*it = item{start: len(j.out), findings: it.findings[:0]}
		if it.err = e.err; it.err == nil {
			it.err = w.row(j, it, e.sub, j.first+int64(i))
		}
		if it.err != nil {
			j.out = j.out[:it.start]
			it.pos = e.position()
		}
		it.end = len(j.out)
	}
	j.done <- true
	return true
}

// row renders one subscriber.
func (w *worker) row(j *job, it *item, sub *Subscriber, number int64) error {
	if it.id = sub.ID; it.id == "" {
		it.id = fmt.Sprintf("%07d", number)
	}
	it.pos = sub.top()
	if w.form == formFile || w.form == formZip {
		if err := records.CheckID(it.id); err != nil {
			return rowErrorf(it.pos, "", "%s", err)
		}
	}
	if header := sub.row.header(); w.binding == nil || header != w.header {
		w.header, w.binding = header, w.bind(header)
	}
	it.binding = w.binding
	if err := w.binding.err; err != nil {
		return err
	}
	w.use(w.binding.planner.current.Load())
	if err := w.take(it, sub); err != nil {
		return err
	}
	if sub.hasLevels() || !w.set() {
		return w.look(j, it, sub)
	}
	if w.size() != nil {
		return w.look(j, it, sub) // which tells
	}
	for _, slot := range w.unset {
		for _, f := range w.plan.vars[slot].undefined {
			w.tell(it, sub, "", f)
		}
	}
	w.checkValues(it, sub)
	if w.form == formJSON {
		j.out = w.quoted.Append(openJSON(j.out, it.id))
		j.out = append(j.out, closeJSON...)
		return nil
	}
	if w.form != formZip {
		j.out = w.text.Append(j.out)
		return nil
	}
	w.buf = w.text.Append(w.buf[:0])
	w.compress(j, it, w.buf)
	return nil
}

// compress puts a file into a job.
func (w *worker) compress(j *job, it *item, file []byte) {
	it.crc, it.size = crc32.ChecksumIEEE(file), len(file)
	j.out = w.deflate.append(j.out, file)
}

// take takes the values of a subscriber.
func (w *worker) take(it *item, sub *Subscriber) error {
	if len(sub.row.pairs) > 0 || len(sub.Tags) > 0 {
		if err := w.resolve(it, sub); err != nil {
			return err
		}
	}
	clear(w.has)
	for i := range sub.row.fields {
		f, c := &sub.row.fields[i], &w.binding.columns[i]
		if c.kind == columnSystem || c.kind == columnCustom && (!f.Empty() || f.Quoted) {
			w.give(c, w.slots[i], f.Value(sub.row.text))
		}
	}
	for i := range sub.row.pairs {
		p, c := &sub.row.pairs[i], &w.cols[i]
		if c.kind != columnCustom && c.kind != columnSystem && c.kind != columnIdle {
			continue
		}
		for _, other := range w.cols[:i] {
			if other.canonical == c.canonical {
				return rowErrorf(sub.row.at(p.At), "", "it has two values of %s", c.canonical)
			}
		}
		if c.kind != columnIdle {
			w.give(c, w.plan.slots[c.canonical], p.Value)
		}
	}
	if len(sub.Tags) == 0 {
		return nil
	}
	for name, value := range sub.Tags {
		c := w.names[name]
		if c.canonical != name {
			for other := range sub.Tags {
				if other != name && w.names[other].canonical == c.canonical {
					return rowErrorf(it.pos, "", "it has two values of %s", c.canonical)
				}
			}
		}
		if c.kind == columnCustom || c.kind == columnSystem {
			for _, slot := range w.plan.slots[c.canonical] {
				w.given[slot], w.has[slot] = value, true
			}
		}
	}
	return nil
}

// give gives the slots of a column their value.
func (w *worker) give(c *column, slots []int, value string) {
	if c.boolean && isBoolean(value) {
		value = strings.ToLower(value)
	}
	for _, slot := range slots {
		w.given[slot], w.has[slot] = value, true
	}
}

// resolve looks up what the names mean that stand in no header, and makes room
// for their values. A custom tag that turns up for the first time takes another
// plan.
func (w *worker) resolve(it *item, sub *Subscriber) error {
	var unknown []string
	var first schema.Position
	look := func(name string, pos func() schema.Position) (column, error) {
		c, ok := w.names[name]
		if !ok {
			c = w.column(tagname.Bare(name), pos())
			w.names[name] = c
		}
		switch {
		case c.kind == columnUnknown && len(unknown) == 0:
			first = pos()
			fallthrough
		case c.kind == columnUnknown:
			unknown = append(unknown, tagname.Bare(name))
		case c.kind == columnCustom && !w.plan.open[c.canonical]:
			p, err := w.binding.planner.withOpen(c.canonical)
			if err != nil {
				return c, rowErrorf(it.pos, "", "%s", err)
			}
			w.use(p)
		}
		if c.warning != nil {
			w.warn(it, c, pos())
		}
		return c, nil
	}
	if len(w.names) > maxRemembered {
		clear(w.names)
	}
	w.cols = w.cols[:0]
	for i := range sub.row.pairs {
		p := &sub.row.pairs[i]
		c, err := look(p.Name, func() schema.Position { return sub.row.at(p.At) })
		if err != nil {
			return err
		}
		w.cols = append(w.cols, c)
	}
	for name := range sub.Tags {
		if _, err := look(name, func() schema.Position { return sub.at(name) }); err != nil {
			return err
		}
	}
	if len(unknown) > 0 && !w.ignoreUnknown {
		slices.Sort(unknown)
		return &rowError{w.unknown(unknown, "name", first)}
	}
	return nil
}

// warn adds the warning about a name, where the item has it not already.
func (w *worker) warn(it *item, c column, pos schema.Position) {
	f := *c.warning
	f.Position = pos
	it.findings = append(it.findings, rowFinding{f, c.canonical})
}

// set gives the values of the subscriber to the template. It returns false if
// they need a closer look.
func (w *worker) set() bool {
	p := w.plan
	if !p.plain {
		return false
	}
	w.unset = w.unset[:0]
	for i := range p.vars {
		v := &p.vars[i]
		switch {
		case w.has[i]:
			if !v.isPlain(w.given[i]) {
				return false
			}
		case v.has:
			w.given[i] = v.fallback
		case v.told || v.undefined != nil:
			w.text.Unset(i)
			w.quoted.Unset(i)
			if !v.told {
				w.unset = append(w.unset, i)
			}
			continue
		default:
			return false
		}
		w.put(i, w.given[i])
	}
	return true
}

// size returns an error if the file may be too large.
func (w *worker) size() error {
	if w.form == formJSON {
		return w.quoted.Check()
	}
	return w.text.Check()
}

// put gives a slot of the template a value.
func (w *worker) put(slot int, value string) {
	if w.form != formJSON {
		w.text.Set(slot, value)
		return
	}
	for i := range len(value) {
		if !jsonPlain[value[i]] {
			value = string(appendJSON(nil, value))
			break
		}
	}
	w.quoted.Set(slot, value)
}

// checkValues reports values that are none of their tag's.
func (w *worker) checkValues(it *item, sub *Subscriber) {
	p := w.plan
	for i := range p.vars {
		if v := &p.vars[i]; v.checked && w.has[i] {
			w.check(it, sub, i, w.given[i])
		}
	}
	for i, m := range p.mixed {
		for inner, slot := range m.slots {
			if v := &p.vars[slot]; w.has[slot] || v.has {
				w.mixed[i].Set(inner, w.given[slot])
			}
		}
		w.buf = w.mixed[i].Append(w.buf[:0])
		w.check(it, sub, len(p.vars)+i, string(w.buf))
	}
}

// check tells what is wrong with the value of a variable, or of a mixture: the
// slots of these come after all others.
func (w *worker) check(it *item, sub *Subscriber, slot int, value string) {
	key := checkedValue{slot, value}
	fs, known := w.right[key]
	name := ""
	if slot < len(w.plan.vars) {
		name = w.plan.vars[slot].canonical
	}
	if !known {
		if slot < len(w.plan.vars) {
			v := &w.plan.vars[slot]
			fs = w.sim.checkValue(v.name, value, value, w.sim.secret(v.name), v.pos)
		} else {
			m := &w.plan.mixed[slot-len(w.plan.vars)]
			fs = w.sim.checkValue(m.name, m.raw, value, m.secret, m.pos)
		}
		if len(w.right) >= maxRemembered {
			clear(w.right)
		}
		key.value = strings.Clone(value)
		w.right[key] = fs
	}
	for _, f := range fs {
		w.tell(it, sub, name, f)
	}
}

// tell adds a finding about a subscriber's tag, unless it is one of all of them.
func (w *worker) tell(it *item, sub *Subscriber, tag string, f schema.Finding) {
	if w.binding.planner.known[keyOf(f)] {
		return
	}
	f.Message += " (at " + f.Position.String() + ")"
	f.Position = it.pos
	for name, pos := range sub.row.places() {
		if tag != "" && w.sim.tagOf(name) == tag {
			f.Position = pos
		}
	}
	it.findings = append(it.findings, rowFinding{Finding: f})
}

// look renders the subscriber as a preview, and tells what is wrong with it and
// not with all of them.
func (w *worker) look(j *job, it *item, sub *Subscriber) error {
	p := w.sim.preview(w.sim.merge(sub, w.common))
	if p.trace.Err != nil {
		return rowErrorf(it.pos, "", "%s", p.trace.Err)
	}
	for _, f := range p.Findings {
		if f.File != noFile {
			w.tell(it, sub, w.sim.canonical(p.about[keyOf(f)]), f)
		}
	}
	switch w.form {
	case formJSON:
		text, _ := encodeReplacing(p.charset, p.trace.Text)
		j.out = appendLine(j.out, it.id, text)
	case formZip:
		w.compress(j, it, p.File)
	default:
		j.out = append(j.out, p.File...)
	}
	return nil
}
