package report

import (
	"slices"
	"strings"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/linediff"
	"github.com/dtafgen/wxt/internal/plan"
	"github.com/dtafgen/wxt/internal/secret"
)

// What a report has of a template at most: lines, and segments of all lines. The line
// that has the last segment ends with three dots.
const (
	MaxLines    = 10_000
	MaxSegments = 50_000
)

// lines returns the lines of a target's template with the values filled in, their
// texts with the secrets, which are to compare, and how many more there are.
func (m *reporter) lines(t *wxt.Target, changed map[string]bool) ([]Line, []string, int) {
	trace := plan.Filled(t, t.Template)
	c := &cutter{source: trace.Text, hidden: secret.Find(trace.Text), lines: []Line{{Number: 1}}}
	end := 0
	for _, span := range trace.Spans {
		if c.literal(end, span.Start); c.isFull() {
			break
		}
		s := Segment{Tag: span.Tags[len(span.Tags)-1], Unfilled: span.Undefined}
		for _, name := range span.Tags {
			s.Changed = s.Changed || changed[name]
		}
		isSecret := slices.ContainsFunc(span.Tags, func(name string) bool { return m.secret[name] })
		if !span.Undefined && span.End > span.Start && (isSecret || secret.Overlap(c.hidden, span.Start, span.End)) {
			s.Text, s.Secret = secret.Masked, true
		}
		c.add(s, span.Start, span.End)
		end = span.End
	}
	c.literal(end, len(c.source))
	lines, texts := c.lines, linediff.Split(c.source)
	if last := len(lines) - 1; last >= len(texts) {
		if len(lines[last].Segments) == 0 {
			lines = lines[:last]
		} else {
			texts = append(texts, "") // with a tag without a value
		}
	}
	shown := min(len(lines), MaxLines)
	return lines[:shown], slices.Clone(texts[:shown]), len(texts) - shown
}

// A cutter cuts a text into lines of segments.
type cutter struct {
	source   string
	hidden   []secret.Span // of source
	lines    []Line
	segments int
}

// isFull reports whether there is all that a report takes.
func (c *cutter) isFull() bool { return len(c.lines) > MaxLines || c.segments > MaxSegments }

// literal adds source[start:end], which no tag has put there.
func (c *cutter) literal(start, end int) {
	for _, h := range secret.Overlapping(c.hidden, start, end) {
		if c.isFull() {
			return
		}
		if h.Start > start {
			c.add(Segment{}, start, h.Start)
			start = h.Start
		}
		stop := min(end, h.End)
		c.add(Segment{Text: secret.Masked, Secret: true}, start, stop)
		start = stop
	}
	if start < end {
		c.add(Segment{}, start, end)
	}
}

// add adds source[start:end], and begins new lines at its line ends, so that there
// are as many where it is masked.
func (c *cutter) add(s Segment, start, end int) {
	if start == end {
		c.put(s) // a tag without a value
	}
	for start < end && !c.isFull() {
		stop := end
		if i := strings.IndexAny(c.source[start:end], "\r\n"); i >= 0 {
			stop = start + i
		}
		if stop > start {
			if !s.Secret {
				s.Text = c.source[start:stop]
			}
			c.put(s)
		}
		start = stop + 1
		if stop < end && !strings.HasPrefix(c.source[stop:], "\r\n") {
			c.lines = append(c.lines, Line{Number: len(c.lines) + 1})
		}
	}
}

// put puts a segment behind the others, or three dots if it is one too many.
func (c *cutter) put(s Segment) {
	if c.segments++; c.segments > MaxSegments {
		s = Segment{Text: "..."}
	}
	line := &c.lines[len(c.lines)-1]
	line.Segments = append(line.Segments, s)
}
