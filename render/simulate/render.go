package simulate

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dtafgen/wxt/schema"
)

// An Option changes how [Simulation.Render] works.
type Option func(*renderOptions)

type renderOptions struct {
	common        *Subscriber
	workers       int
	ignoreUnknown bool
	form          form
}

// A form is what the workers make of a file.
type form uint8

const (
	formPlain form = iota // the file, whatever the id is
	formFile              // the file, whose name the id is
	formZip               // the same, compressed
	formJSON              // a line of NDJSON
)

// WithCommon says what every subscriber has, unless it has something else.
func WithCommon(common *Subscriber) Option { return func(o *renderOptions) { o.common = common } }

// WithWorkers says how many work at the same time. Without it there is one for
// each core.
func WithWorkers(n int) Option { return func(o *renderOptions) { o.workers = n } }

// IgnoreUnknown passes over columns and names that are no tags. Without it they
// are an error.
func IgnoreUnknown() Option { return func(o *renderOptions) { o.ignoreUnknown = true } }

// ForFiles makes files for [WriteFiles] and its path: an id that can't be the name of
// a file is an error of its subscriber, and if the path ends in .zip the files are
// compressed.
func ForFiles(path string) Option {
	return func(o *renderOptions) {
		if o.form = formFile; isZip(path) {
			o.form = formZip
		}
	}
}

// ForNDJSON makes lines for [WriteNDJSON].
func ForNDJSON() Option { return func(o *renderOptions) { o.form = formJSON } }

// Rendered is the file of one subscriber.
type Rendered struct {
	ID string // the subscriber's, or its number in seven digits
	// File is the file in the encoding of the device type. For a zip it is
	// compressed, and with [ForNDJSON] it is a line that has it. It is changed
	// in the next round of the loop.
	File []byte
	// Findings are about the subscriber, with the place in the template at the
	// end of the message; the first of a file or of a sequence has those about
	// all of them too.
	Findings schema.Findings
	Position schema.Position // of the subscriber, if it comes from a file

	form form
	sim  *Simulation
	crc  uint32 // of the file, if it is compressed
	size int
	part *part  // that it belongs to
	rest []byte // of the part, from the file on
	last bool   // of the part
}

// A part is some files that stand behind each other in memory, which is used again
// when all of them were taken.
type part struct {
	keep func() // is called before it is used again, if somebody still needs it
}

// Render renders the file of each subscriber of a sequence, in its order, on all
// cores. Memory does not grow with their number. What subscribers share is worked
// out once, so one costs about a microsecond, be it from [Read] or from a
// program's own sequence. The subscribers of that must not change afterwards.
//
// An error that wraps [ErrSubscriber] is about one subscriber, and the loop may go
// on after it. After any other one the sequence ends; the errors of the subscribers'
// own sequence come through as they are. Breaking out of the loop, or the end of
// ctx, ends the work. Subscribers are taken from their sequence in another
// goroutine; if that is stuck then, it ends when the sequence goes on.
func (s *Simulation) Render(ctx context.Context, subscribers iter.Seq2[*Subscriber, error], opts ...Option) iter.Seq2[Rendered, error] {
	var o renderOptions
	for _, opt := range opts {
		opt(&o)
	}
	if o.workers <= 0 {
		o.workers = runtime.GOMAXPROCS(0)
	}
	if o.common == nil {
		o.common = &Subscriber{}
	}
	return func(yield func(Rendered, error) bool) {
		newBulk(s, o).run(ctx, subscribers, yield)
	}
}

// The sizes of what is worked on at a time.
const (
	batchSize = 64      // subscribers of a job
	batchText = 1 << 16 // bytes that they may have in their file
	partSize  = 1 << 20 // bytes of files that a job hands on at once
)

// A job is some subscribers who follow each other, and what became of them.
type job struct {
	entries []entry
	first   int64 // the number of the first one, from 1
	size    int   // bytes of the subscribers' records
	out     []byte
	items   []item
	part    part
	done    chan bool     // has room for one: items are ready, and whether they are the last
	resume  chan struct{} // has room for one: those were taken
}

// An entry is what the sequence of subscribers has.
type entry struct {
	sub *Subscriber
	err error
}

// An item is one file of a job.
type item struct {
	id         string
	pos        schema.Position
	start, end int // in out
	crc        uint32
	size       int
	err        error
	findings   []rowFinding
	binding    *binding // of its file's header; nil if the subscriber has none
}

// A rowFinding is a finding of an item.
type rowFinding struct {
	schema.Finding
	once string // it is about this name, and told once
}

// run takes subscribers, and yields what becomes of them.
func (b *bulk) run(ctx context.Context, subscribers iter.Seq2[*Subscriber, error], yield func(Rendered, error) bool) {
	outer := ctx
	ctx, cancel := context.WithCancel(ctx)
	// There are this many jobs and no more, so memory has a bound.
	free := make(chan *job, 2*b.workers+2)
	for range cap(free) {
		free <- &job{done: make(chan bool, 1), resume: make(chan struct{}, 1)}
	}
	todo, order := make(chan *job, cap(free)), make(chan *job, cap(free))
	fed := make(chan struct{})
	go func() {
		defer close(fed)
		defer close(order)
		defer close(todo)
		b.feed(ctx, subscribers, free, func(j *job) {
			order <- j // Both have room for every job.
			todo <- j
		})
	}()
	var group sync.WaitGroup
	for range b.workers {
		group.Go(func() {
			w := newWorker(b)
			for {
				select {
				case j, ok := <-todo:
					if !ok || !w.process(ctx, j) {
						return
					}
				case <-ctx.Done():
					return
				}
			}
		})
	}
	defer func() {
		cancel()
		group.Wait()
		// The sequence is not to be used when this is over. One that is stuck, in
		// a read of a pipe, say, can't be waited for.
		select {
		case <-fed:
		case <-time.After(patience):
		}
	}()
	told := make(map[string]bool)
	for {
		j, ok := receive(ctx, order)
		if !ok {
			if err := outer.Err(); err != nil {
				yield(Rendered{}, err)
			}
			return
		}
		for last := false; !last; {
			if last, ok = receive(ctx, j.done); !ok {
				yield(Rendered{}, outer.Err())
				return
			}
			if !b.hand(j, told, yield) {
				return
			}
			if !last {
				j.resume <- struct{}{}
			}
		}
		free <- j
	}
}

// patience is how long a sequence is waited for that is stuck.
const patience = 100 * time.Millisecond

// receive receives from a channel, and returns false if that is closed or ctx
// ends.
func receive[T any](ctx context.Context, from <-chan T) (v T, ok bool) {
	select {
	case v, ok = <-from:
		return v, ok && ctx.Err() == nil
	case <-ctx.Done():
		return v, false
	}
}

// feed makes jobs of the subscribers of a sequence.
func (b *bulk) feed(ctx context.Context, subscribers iter.Seq2[*Subscriber, error], free <-chan *job, send func(*job)) {
	var stopped atomic.Bool
	defer context.AfterFunc(ctx, func() { stopped.Store(true) })()
	// Of a large template there are few files in a job.
	most := max(1, min(batchSize, partSize/(len(b.sim.template.Source())+1)))
	next := int64(1)
	var j *job
	for sub, err := range subscribers {
		if stopped.Load() {
			return
		}
		if j == nil {
			var ok bool
			if j, ok = receive(ctx, free); !ok {
				return
			}
			j.entries, j.first, j.size = j.entries[:0], next, 0
		}
		j.entries = append(j.entries, entry{sub, err})
		next++
		if sub != nil {
			j.size += len(sub.row.text)
		}
		if len(j.entries) >= most || j.size >= batchText {
			send(j)
			j = nil
		}
		if err != nil && !errors.Is(err, ErrSubscriber) {
			break
		}
	}
	if j != nil {
		send(j)
	}
}

// hand yields the items of a job that are ready, and returns false if that is the
// end.
func (b *bulk) hand(j *job, told map[string]bool, yield func(Rendered, error) bool) bool {
	defer func() {
		if j.part.keep != nil {
			j.part.keep()
			j.part.keep = nil
		}
	}()
	for i := range j.items {
		it := &j.items[i]
		r := Rendered{
			ID: it.id, Position: it.pos, File: j.out[it.start:it.end:it.end], form: b.form, sim: b.sim, crc: it.crc, size: it.size,
			part: &j.part, rest: j.out[it.start:], last: i == len(j.items)-1,
		}
		if bind := it.binding; bind != nil && !bind.told {
			bind.told = true
			r.Findings = append(r.Findings, bind.findings...)
		}
		for _, f := range it.findings {
			if f.once != "" {
				if told[f.once] {
					continue
				}
				told[f.once] = true
			}
			r.Findings = append(r.Findings, f.Finding)
		}
		if !yield(r, it.err) {
			return false
		}
		if it.err != nil && !errors.Is(it.err, ErrSubscriber) {
			return false
		}
	}
	return true
}

// position returns where an entry stands, as much as is known of it.
func (e entry) position() schema.Position {
	if e.sub != nil {
		return e.sub.top()
	}
	var row *rowError
	if errors.As(e.err, &row) {
		return row.Position
	}
	return schema.Position{}
}

// top returns where a subscriber begins, as much as is known of it.
func (s *Subscriber) top() schema.Position {
	if s.row.table != nil {
		return s.row.top()
	}
	return schema.Position{File: cmp.Or(s.file, noFile)}
}
