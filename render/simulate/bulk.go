package simulate

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"github.com/dtafgen/wxt/internal/records"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// BulkOptions say how the files of many subscribers are rendered. The zero value
// will do.
//
// The subscribers come as CSV with a header or as NDJSON, a JSON object on each
// line; which of the two is told by the first character. Columns and names are
// tags, with or without percent signs, and id, which is optional. What a system
// tag has is what the Application Server fills in; what a custom tag has is an
// override at the device's own level. In CSV an empty field of a custom tag is no
// override, unless it stands in quotation marks.
//
// Memory does not grow with the number of subscribers. All cores work, and the
// results have the order of the input.
type BulkOptions struct {
	File      string      // the name of what is read, for positions
	Common    *Subscriber // what every subscriber has, unless it has something else
	KeepGoing bool        // pass over subscribers who can't be read, and tell
	Workers   int         // how many work at the same time; 0: one for each core

	// Report is called with each finding, in the order of the subscribers. Those
	// that are about all of them come first.
	Report func(schema.Finding)
	// Progress is called from time to time.
	Progress func(BulkStats)
}

// BulkStats count what a rendering of many subscribers has done.
type BulkStats struct {
	Subscribers int64 // files that were made
	Skipped     int64 // subscribers who could not be read, with KeepGoing
	Errors      int64 // findings of severity error, those of the skipped included
	Bytes       int64 // read
}

// RenderDir renders the file of each subscriber that in holds to a new folder,
// as <id>.xml, readable by its owner alone. The folder appears when all is done;
// if it can't be done, or ctx ends, nothing is left. It is an error if two ids
// make the same name on some system, or if one makes an unsafe name. A
// subscriber without an id goes by its number.
//
// Errors that are about the subscribers are [schema.Findings].
func (s *Simulation) RenderDir(ctx context.Context, in io.Reader, dir string, o BulkOptions) (BulkStats, error) {
	out, err := newDirSink(dir)
	if err != nil {
		return BulkStats{}, err
	}
	return s.bulk(ctx, in, out, o)
}

// RenderZip is [Simulation.RenderDir] for a zip, which replaces one that is there
// already.
func (s *Simulation) RenderZip(ctx context.Context, in io.Reader, path string, o BulkOptions) (BulkStats, error) {
	out, err := newZipSink(path, s.date)
	if err != nil {
		return BulkStats{}, err
	}
	return s.bulk(ctx, in, out, o)
}

// RenderNDJSON writes a line for each subscriber that in holds, in the same
// order: a JSON object whose id is the subscriber's, or its number, and whose
// config is the text of the file, as the app reads it. Each call of w.Write has
// whole lines.
func (s *Simulation) RenderNDJSON(ctx context.Context, in io.Reader, w io.Writer, o BulkOptions) (BulkStats, error) {
	return s.bulk(ctx, in, &jsonSink{w}, o)
}

// CheckSubscribers renders the file of each subscriber that in holds, and keeps
// nothing but the findings.
func (s *Simulation) CheckSubscribers(ctx context.Context, in io.Reader, o BulkOptions) (BulkStats, error) {
	return s.bulk(ctx, in, &checkSink{}, o)
}

// batchSize is how many subscribers are worked on at a time.
const batchSize = 64

// A job is some subscribers who follow each other, and what became of them.
type job struct {
	batch    records.Batch
	first    int64 // the number of the first record, from 1
	out      []byte
	items    []item
	findings []rowFinding
	err      error         // what keeps the whole from going on
	done     chan struct{} // has room for one
}

// An item is one file of a job.
type item struct {
	id         string
	line       int
	start, end int // in out
	zip        zipFile
}

// A rowFinding is a finding of a job.
type rowFinding struct {
	schema.Finding
	fatal bool   // its row has no file
	once  string // it is about this name of NDJSON, and told once
}

// A bulk is the rendering of many subscribers.
type bulk struct {
	sim     *Simulation
	options BulkOptions
	out     sink
	planner *planner
	format  records.Format
	columns []column        // of CSV
	names   *nameSet        // of files; nil where there are none
	told    map[string]bool // names of NDJSON that were warned of
}

// A column is what stands in a column of CSV, or what a name of NDJSON means.
type column struct {
	canonical string
	kind      columnKind
	warning   *schema.Finding // of NDJSON
}

type columnKind uint8

const (
	columnID columnKind = iota
	columnSystem
	columnCustom
	columnIdle // it has no effect
	columnUnknown
)

func (s *Simulation) bulk(ctx context.Context, in io.Reader, out sink, o BulkOptions) (stats BulkStats, err error) {
	defer func() {
		if err != nil {
			out.abort()
		}
	}()
	b := &bulk{sim: s, options: o, out: out, told: make(map[string]bool)}
	if out.named() {
		b.names = newNameSet()
		defer b.names.close()
	}
	buffered := bufio.NewReaderSize(contextReader{ctx, in}, 1<<16)
	if b.format, err = sniff(buffered); err != nil {
		return stats, err
	}
	reader := records.NewReader(buffered, b.format)
	fs, err := b.begin(reader)
	if err != nil {
		return stats, b.unreadable(err)
	}
	for _, f := range fs {
		b.report(&stats, f)
	}
	stats, err = b.run(ctx, reader, stats)
	if err != nil {
		return stats, b.unreadable(err)
	}
	if b.names != nil {
		if err := b.names.finish(); err != nil {
			return stats, b.sameName(err)
		}
	}
	return stats, out.commit()
}

// A contextReader reads until a context ends.
type contextReader struct {
	ctx context.Context
	io.Reader
}

func (r contextReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}

// unreadable returns the finding of a stream that can't be read on, or the error if
// it is about something else.
func (b *bulk) unreadable(err error) error {
	var at *records.Error
	if !errors.As(err, &at) {
		return err
	}
	return schema.Findings{schema.NewFinding(schema.CodeSubscriber, b.at(at.Line), "", "%s", at.Msg)}
}

// sniff tells the format by the first character that is no white space.
func sniff(r *bufio.Reader) (records.Format, error) {
	for n := 1; n <= r.Size(); n++ {
		data, err := r.Peek(n)
		data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), " \t\r\n")
		partial := n < 3 && len(data) > 0 && data[0] == 0xEF
		if len(data) > 0 && !partial {
			if data[0] == '{' {
				return records.NDJSON, nil
			}
			return records.CSV, nil
		}
		if err == io.EOF {
			return records.CSV, nil
		}
		if err != nil {
			return 0, err
		}
	}
	return records.CSV, nil
}

func (b *bulk) report(stats *BulkStats, f schema.Finding) {
	if f.Severity == schema.Error {
		stats.Errors++
	}
	if b.options.Report != nil {
		b.options.Report(f)
	}
}

// at returns a place in the input.
func (b *bulk) at(line int) schema.Position {
	return schema.Position{File: cmp.Or(b.options.File, "-"), Line: line}
}

// begin reads CSV's header and makes the first plan. It returns what is wrong
// for all subscribers.
func (b *bulk) begin(r *records.Reader) (schema.Findings, error) {
	if b.format == records.NDJSON {
		b.planner = newPlanner(b.sim, b.options.Common, map[string]bool{}, func(string) bool { return true })
		return b.planner.shared, nil
	}
	var batch records.Batch
	if err := r.Next(&batch, 1); err == io.EOF {
		return nil, schema.Findings{schema.NewFinding(schema.CodeSubscriber, b.at(1), "", "there is no header: expected the names of tags, separated by commas")}
	} else if err != nil {
		return nil, err
	}
	header := batch.Records[0]
	fields, err := records.ParseCSV(nil, header.Text)
	if err = cmp.Or(header.Err, err); err != nil {
		return nil, schema.Findings{schema.NewFinding(schema.CodeSubscriber, b.at(header.Line), "", "the header: %s", err)}
	}
	if strings.Count(header.Text, ";") > len(fields) {
		return nil, schema.Findings{schema.NewFinding(schema.CodeSubscriber, b.at(header.Line), "separate the columns with commas", "the header has more semicolons than columns")}
	}
	var fs schema.Findings
	open, seen := make(map[string]bool), make(map[string]bool)
	for i, f := range fields {
		c, found := b.column(strings.TrimSpace(f.Value), header.Line)
		key := c.canonical
		if c.kind == columnID {
			key = "id"
		}
		if key == "" {
			found = append(found, schema.NewFinding(schema.CodeSubscriberKey, b.at(header.Line), "name it, or take it out", "column %d has no name", i+1))
		} else if seen[key] {
			found = append(found, schema.NewFinding(schema.CodeSubscriberKey, b.at(header.Line), "keep one of the two", "there are two columns %s", key))
		}
		seen[key] = true
		if c.kind == columnCustom {
			open[c.canonical] = true
		}
		fs = append(fs, found...)
		b.columns = append(b.columns, c)
	}
	if err := fs.Err(); err != nil {
		return nil, fs
	}
	b.planner = newPlanner(b.sim, b.options.Common, open, func(name string) bool { return seen[name] })
	return append(fs, b.planner.shared...), nil
}

// column tells what a name means, and what is wrong with it.
func (b *bulk) column(name string, line int) (column, schema.Findings) {
	bare := tags.Bare(name)
	if bare == "" {
		return column{kind: columnUnknown}, nil
	}
	if bare == "id" {
		return column{kind: columnID}, nil
	}
	s := b.sim
	c := column{canonical: s.canonical(bare), kind: columnCustom}
	used := false
	for _, span := range s.template.Trace(s.resolver(cmp.Or(b.options.Common, &Subscriber{}))).Spans {
		for _, tag := range span.Tags {
			used = used || s.canonical(tag) == c.canonical
		}
	}
	fs := s.checkKey(bare, used, b.at(line))
	switch {
	case fs.Err() != nil:
		c.kind = columnUnknown
	case tags.IsSystem(bare):
		c.kind = columnSystem
	case used:
		probe := &Subscriber{Tags: map[string]string{bare: "\x00"}}
		if v, _ := s.resolver(probe.with(b.options.Common))(bare); v != "\x00" {
			c.kind = columnIdle
			fs = append(fs, schema.NewFinding(schema.CodeNotOverridable, b.at(line), "", "%s: the subscribers' values do nothing: a weaker place does not let them be overridden", bare))
		}
	}
	return c, fs
}

func (b *bulk) run(ctx context.Context, r *records.Reader, stats BulkStats) (BulkStats, error) {
	ctx, cancel := context.WithCancel(ctx)
	workers := b.options.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	// There are this many jobs and no more, so memory has a bound.
	free := make(chan *job, 2*workers+2)
	for range cap(free) {
		free <- &job{done: make(chan struct{}, 1)}
	}
	todo, order := make(chan *job, cap(free)), make(chan *job, cap(free))
	var readErr error
	go func() {
		defer close(todo)
		defer close(order)
		next := int64(1)
		for {
			var j *job
			select {
			case j = <-free:
			case <-ctx.Done():
				return
			}
			if err := r.Next(&j.batch, batchSize); err != nil {
				if err != io.EOF {
					readErr = err
				}
				return
			}
			j.first = next
			next += int64(len(j.batch.Records))
			order <- j // Both have room for every job.
			todo <- j
		}
	}()
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			w := newWorker(b)
			for {
				select {
				case j, ok := <-todo:
					if !ok {
						return
					}
					w.process(j)
					j.done <- struct{}{}
				case <-ctx.Done():
					return
				}
			}
		})
	}
	// The workers end before what they wrote is removed. The reader may hang in
	// a read; it writes nothing.
	defer group.Wait()
	defer cancel()
	for {
		var j *job
		var ok bool
		select {
		case j, ok = <-order:
			if !ok {
				if err := ctx.Err(); err != nil {
					return stats, err
				}
				return stats, readErr
			}
		case <-ctx.Done():
			return stats, ctx.Err()
		}
		select {
		case <-j.done:
		case <-ctx.Done():
			return stats, ctx.Err()
		}
		if err := b.finish(j, &stats); err != nil {
			return stats, err
		}
		free <- j
	}
}

// finish takes a job's results in order.
func (b *bulk) finish(j *job, stats *BulkStats) error {
	for _, f := range j.findings {
		if f.once != "" {
			if b.told[f.once] {
				continue
			}
			b.told[f.once] = true
		}
		if f.fatal {
			if !b.options.KeepGoing {
				return schema.Findings{f.Finding}
			}
			stats.Skipped++
		}
		b.report(stats, f.Finding)
	}
	if b.names != nil {
		for _, it := range j.items {
			if err := b.names.add(foldID(it.id), it.line); err != nil {
				return b.sameName(err)
			}
		}
	}
	if j.err != nil {
		return j.err
	}
	if err := b.out.write(j); err != nil {
		return err
	}
	stats.Subscribers += int64(len(j.items))
	stats.Bytes = j.batch.Bytes
	if b.options.Progress != nil {
		b.options.Progress(*stats)
	}
	return nil
}

// sameName gives a [sameNameError] its place.
func (b *bulk) sameName(err error) error {
	var same *sameNameError
	if !errors.As(err, &same) {
		return err
	}
	return schema.Findings{schema.NewFinding(schema.CodeSubscriber, b.at(same.line), "", "%s", same)}
}

// A worker renders subscribers, one after the other.
type worker struct {
	*bulk
	enc    encoder
	plan   *plan
	text   *render.Values // of the plan's bound
	quoted *render.Values // of the plan's quoted
	given  []string       // by slot
	has    []bool
	slots  [][]int                          // of the plan, by column of CSV
	mixed  []*render.Values                 // of the plan's mixtures
	right  map[checkedValue]schema.Findings // what is wrong with a value, or none
	names  map[string]column                // of NDJSON
	fields []records.Field
	pairs  []records.Pair
	buf    []byte
}

type checkedValue struct {
	slot  int
	value string
}

// maxRemembered is how many values a worker remembers to be right, and how many
// names it knows.
const maxRemembered = 1 << 12

func newWorker(b *bulk) *worker {
	w := &worker{bulk: b, enc: b.out.encoder(), names: make(map[string]column)}
	w.use(b.planner.current.Load())
	return w
}

// use changes to another plan.
func (w *worker) use(p *plan) {
	if w.plan == p {
		return
	}
	w.plan = p
	w.text, w.quoted = p.bound.NewValues(nil), p.quoted.NewValues(nil)
	w.given, w.has = make([]string, len(p.vars)), make([]bool, len(p.vars))
	w.slots, w.mixed = w.slots[:0], w.mixed[:0]
	for _, c := range w.columns {
		w.slots = append(w.slots, p.slots[c.canonical])
	}
	for _, m := range p.mixed {
		w.mixed = append(w.mixed, m.bound.NewValues(nil))
	}
	w.right = make(map[checkedValue]schema.Findings)
}

// process renders the subscribers of a job.
func (w *worker) process(j *job) {
	j.out, j.items, j.findings, j.err = j.out[:0], j.items[:0], j.findings[:0], nil
	w.use(w.planner.current.Load())
	for i, r := range j.batch.Records {
		if err := w.row(j, r, j.first+int64(i)); err != nil {
			if j.err != nil {
				return
			}
			f, ok := err.(rowError)
			if !ok {
				f = rowError{schema.NewFinding(schema.CodeSubscriber, w.at(r.Line), "", "%s", err)}
			}
			j.findings = append(j.findings, rowFinding{Finding: f.Finding, fatal: true})
		}
	}
}

// A rowError is a row that can't be read, as a finding.
type rowError struct{ schema.Finding }

func (e rowError) Error() string { return e.Message }

// row renders one subscriber.
func (w *worker) row(j *job, r records.Record, number int64) error {
	if r.Err != nil {
		return r.Err
	}
	var id string
	var err error
	if w.format == records.CSV {
		id, err = w.readCSV(r)
	} else {
		id, err = w.readJSON(j, r)
	}
	if err != nil {
		return err
	}
	if id == "" {
		id = fmt.Sprintf("%07d", number)
	}
	if w.bulk.names != nil {
		if err := checkID(id); err != nil {
			return err
		}
	}
	it := item{id: id, line: r.Line, start: len(j.out)}
	if w.set(j, r.Line) {
		if w.enc.json {
			j.out = w.quoted.Append(openJSON(j.out, id), render.Raw)
			j.out = append(j.out, closeJSON...)
		} else {
			w.buf = w.text.Append(w.buf[:0], render.Raw)
			err = w.enc.add(j, &it, w.buf)
		}
	} else {
		err = w.look(j, &it)
	}
	it.end = len(j.out)
	j.items = append(j.items, it)
	j.err = err
	return err
}

// openJSON and closeJSON are what stands around the text of a file.
func openJSON(dst []byte, id string) []byte {
	dst = append(dst, `{"id":"`...)
	dst = appendJSON(dst, id)
	return append(dst, `","config":"`...)
}

const closeJSON = "\"}\n"

func (w *worker) readCSV(r records.Record) (id string, err error) {
	if w.fields, err = records.ParseCSV(w.fields[:0], r.Text); err != nil {
		return "", err
	}
	if len(w.fields) != len(w.columns) {
		return "", fmt.Errorf("it has %d fields: expected %d, as the header has", len(w.fields), len(w.columns))
	}
	clear(w.has)
	for i, f := range w.fields {
		switch c := w.columns[i]; c.kind {
		case columnID:
			id = f.Value
		case columnCustom:
			if f.Value != "" || f.Quoted {
				w.give(w.slots[i], f.Value)
			}
		case columnSystem:
			w.give(w.slots[i], f.Value)
		}
	}
	return id, nil
}

func (w *worker) give(slots []int, value string) {
	for _, slot := range slots {
		w.given[slot], w.has[slot] = value, true
	}
}

func (w *worker) readJSON(j *job, r records.Record) (id string, err error) {
	if w.pairs, err = records.ParseJSON(w.pairs[:0], r.Text); err != nil {
		return "", err
	}
	// A custom tag that turns up for the first time takes another plan.
	for _, p := range w.pairs {
		c, err := w.name(p.Name, r.Line)
		if err != nil {
			return "", err
		}
		if c.warning != nil {
			w.warn(j, c, r.Line)
		}
		if c.kind == columnCustom && !w.plan.open[c.canonical] {
			w.use(w.planner.withOpen(c.canonical))
		}
	}
	clear(w.has)
	hasID := false
	for i, p := range w.pairs {
		switch c := w.names[p.Name]; c.kind {
		case columnID:
			if hasID {
				return "", errors.New("it has two ids")
			}
			id, hasID = p.Value, true
		case columnCustom, columnSystem:
			slots := w.plan.slots[c.canonical]
			if len(slots) > 0 && w.has[slots[0]] || len(slots) == 0 && w.twice(i, c) {
				return "", fmt.Errorf("it has two values of %s", c.canonical)
			}
			w.give(slots, p.Value)
		}
	}
	return id, nil
}

// twice reports whether a tag of the pair i comes in an earlier one.
func (w *worker) twice(i int, c column) bool {
	for _, p := range w.pairs[:i] {
		if w.names[p.Name].canonical == c.canonical {
			return true
		}
	}
	return false
}

// name tells what a name of NDJSON means.
func (w *worker) name(name string, line int) (column, error) {
	if c, ok := w.names[name]; ok {
		return c, nil
	}
	c, fs := w.column(name, line)
	if name == "" {
		return c, errors.New("it has an empty name: expected a tag's")
	}
	if fs.Err() != nil {
		return c, rowError{fs[0]}
	}
	if len(w.names) >= maxRemembered {
		return c, fmt.Errorf("the file has more than %d different names", maxRemembered)
	}
	if len(fs) > 0 {
		c.warning = &fs[0]
	}
	w.names[name] = c
	return c, nil
}

// warn adds the warning about a name to a job, where it is not there already.
func (w *worker) warn(j *job, c column, line int) {
	for _, f := range j.findings {
		if f.once == c.canonical {
			return
		}
	}
	f := *c.warning
	f.Position = w.at(line)
	j.findings = append(j.findings, rowFinding{Finding: f, once: c.canonical})
}

// set gives the values of the row to the templates, and tells of those that are
// none of their tag's. It returns false if the row needs a closer look.
func (w *worker) set(j *job, line int) bool {
	p := w.plan
	if !p.plain {
		return false
	}
	for i := range p.vars {
		v := &p.vars[i]
		switch {
		case w.has[i]:
			if !v.isPlain(w.given[i]) {
				return false
			}
		case v.has:
			w.given[i] = v.fallback
		case v.told:
			w.text.Unset(i)
			w.quoted.Unset(i)
			continue
		default:
			return false
		}
		w.put(i, w.given[i])
	}
	for i := range p.vars {
		if v := &p.vars[i]; v.checked && w.has[i] {
			w.check(j, line, i, w.given[i])
		}
	}
	for i, m := range p.mixed {
		for inner, slot := range m.slots {
			if v := &p.vars[slot]; w.has[slot] || v.has {
				w.mixed[i].Set(inner, w.given[slot])
			}
		}
		w.buf = w.mixed[i].Append(w.buf[:0], render.Raw)
		w.check(j, line, len(p.vars)+i, string(w.buf))
	}
	return true
}

// check tells what is wrong with the value of a variable, or of a mixture: the
// slots of these come after all others.
func (w *worker) check(j *job, line, slot int, value string) {
	key := checkedValue{slot, value}
	fs, known := w.right[key]
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
		w.tell(j, line, f)
	}
}

// tell adds a finding of a row, unless it is one of all rows.
func (w *worker) tell(j *job, line int, f schema.Finding) {
	if w.planner.known[f] {
		return
	}
	f.Message += " (at " + f.Position.String() + ")"
	f.Position = w.at(line)
	j.findings = append(j.findings, rowFinding{Finding: f})
}

func (w *worker) put(slot int, value string) {
	if !w.enc.json {
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

// look renders the row as a preview, and tells what is wrong with it and not with
// all of them.
func (w *worker) look(j *job, it *item) error {
	sub := &Subscriber{Tags: make(map[string]string)}
	if w.format == records.CSV {
		for i, f := range w.fields {
			if c := w.columns[i]; c.kind == columnSystem || c.kind == columnCustom && (f.Value != "" || f.Quoted) {
				sub.Tags[c.canonical] = f.Value
			}
		}
	} else {
		for _, p := range w.pairs {
			if c := w.names[p.Name]; c.kind == columnSystem || c.kind == columnCustom {
				sub.Tags[c.canonical] = p.Value
			}
		}
	}
	p := w.sim.Preview(sub.with(w.options.Common))
	for _, f := range p.Findings {
		if f.File != noFile {
			w.tell(j, it.line, f)
		}
	}
	if w.enc.json {
		text, _ := encodeReplacing(p.charset, p.trace.Text)
		j.out = appendJSON(openJSON(j.out, it.id), text)
		j.out = append(j.out, closeJSON...)
		return nil
	}
	return w.enc.add(j, it, p.Bytes())
}

// String returns the counts in words.
func (s BulkStats) String() string {
	text := strconv.FormatInt(s.Subscribers, 10) + " subscribers"
	if s.Skipped > 0 {
		text += fmt.Sprintf(", %d skipped", s.Skipped)
	}
	if s.Errors > 0 {
		text += fmt.Sprintf(", %d errors", s.Errors)
	}
	return text
}
