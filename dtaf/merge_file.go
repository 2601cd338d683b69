package dtaf

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmlmerge"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
)

// A mergeText is a file that is text.
type mergeText struct {
	charset charset.Charset
	source  string
	xml     *xmltext.Document // nil if it is not well-formed XML
}

// readText reads a file, and returns false if it is no text, or larger than a
// template may be.
func readText(data []byte) (mergeText, bool) {
	if len(data) > DefaultLimits().Template {
		return mergeText{}, false
	}
	source, cs, err := charset.Decode(data)
	if err != nil || strings.IndexByte(source, 0) >= 0 {
		return mergeText{}, false
	}
	t := mergeText{charset: cs, source: source}
	if strings.IndexByte(source, '<') >= 0 {
		if doc, err := xmltext.Parse(source); err == nil {
			t.xml = doc
		}
	}
	return t, true
}

// sameXML reports whether two files are XML that says the same.
func sameXML(a, b []byte) bool {
	x, ok := readText(a)
	y, ok2 := readText(b)
	return ok && ok2 && x.xml != nil && y.xml != nil && saysSame(x.xml, y.xml)
}

func saysSame(a, b *xmltext.Document) bool {
	for range xmlmerge.Match(a, b).Differences() {
		return false
	}
	return true
}

// contents merges a file that all three archives have.
func (m *archiveMerge) contents(file string, old, new, mine []byte) ([]byte, error) {
	var texts [3]mergeText
	isText, isXML := true, true
	for i, data := range [3][]byte{old, new, mine} {
		t, ok := readText(data)
		texts[i] = t
		isText = isText && ok
		isXML = isXML && t.xml != nil
	}
	if isXML {
		if merged, done := m.xml(file, texts, old, new, mine); done {
			return merged, nil
		}
	} else if isText {
		return m.lines(file, texts)
	}
	whole := func(data []byte) *string { return about(data, true) }
	c := MergeChange{File: file, Kind: "file", Old: whole(old), Mine: whole(mine), New: whole(new), Outcome: Conflict, Reason: "both changed it, and it can't be merged"}
	switch {
	case bytes.Equal(mine, new):
		c.Outcome, c.Reason = Present, ""
	case bytes.Equal(old, new):
		c.Outcome, c.Reason = Carried, ""
	}
	if m.add(c) {
		return mine, nil
	}
	return new, nil
}

// xml merges templates, and other XML. It returns false if they can't be.
func (m *archiveMerge) xml(file string, texts [3]mergeText, old, new, mine []byte) ([]byte, bool) {
	cs := texts[sideNew].charset
	used := make(map[string]bool)
	for place := range m.used {
		used[place] = true
	}
	merged, changes, err := xmlmerge.Merge(texts[sideOld].xml, texts[sideNew].xml, texts[sideMine].xml, xmlmerge.Options{
		Choose: func(at string) xmlmerge.Choice {
			switch m.choose(file, at) {
			case Ours:
				return xmlmerge.Ours
			case Theirs:
				return xmlmerge.Theirs
			}
			return xmlmerge.Open
		},
		Encode: cs.References,
	})
	var data []byte
	if err == nil {
		data, err = cs.Encode(merged)
	}
	if err != nil {
		m.used = used
		return nil, false
	}
	for _, c := range changes {
		change := MergeChange{File: file, Kind: c.Kind.String(), Path: c.Path, Old: c.Old, Mine: c.Mine, New: c.New, Reason: c.Reason, Within: c.Within}
		change.Outcome = map[xmlmerge.Outcome]MergeOutcome{xmlmerge.Carried: Carried, xmlmerge.Present: Present, xmlmerge.Conflict: Conflict}[c.Outcome]
		change.Choice = map[xmlmerge.Choice]MergeChoice{xmlmerge.Ours: Ours, xmlmerge.Theirs: Theirs}[c.Choice]
		m.report.Changes = append(m.report.Changes, change)
	}
	if bytes.Equal(old, new) {
		return mine, true
	}
	if comments(texts[sideMine].xml) != comments(texts[sideOld].xml) {
		m.note("%s: your comments differ from the vendor's old ones: the new one has the vendor's", file)
	}
	return data, true
}

// comments returns the comments of a document, each with a line end.
func comments(d *xmltext.Document) string {
	var b strings.Builder
	var walk func(list []*xmltext.Node)
	walk = func(list []*xmltext.Node) {
		for _, n := range list {
			if n.Kind == xmltext.Comment {
				b.WriteString(strings.Join(strings.Fields(n.Value), " ") + "\n")
			}
			walk(n.Children)
		}
	}
	walk(d.Nodes)
	return b.String()
}

// lines merges texts line by line.
func (m *archiveMerge) lines(file string, texts [3]mergeText) ([]byte, error) {
	var lines [3][]string
	for i, t := range texts {
		lines[i] = text.Split(t.source)
	}
	cs := texts[sideNew].charset
	theirs := text.Diff(lines[sideOld], lines[sideNew])
	ours := text.Diff(lines[sideOld], lines[sideMine])
	if len(ours) == 0 {
		return cs.Encode(texts[sideNew].source)
	}
	ends := lineEnds(texts[sideNew].source)
	var out strings.Builder
	at := 0 // the line of new that comes next
	own := func(to int) {
		for ; at < to; at++ {
			out.WriteString(lines[sideNew][at] + ends.of(at))
		}
	}
	changed := false
	shift := 0 // from a line of old to that of new, behind the edits so far
	for len(ours) > 0 || len(theirs) > 0 {
		// Take the edits that touch one another.
		var a, b []text.Edit
		start, end := 0, -1
		take := func(list *[]text.Edit, to *[]text.Edit) bool {
			if len(*list) == 0 {
				return false
			}
			e := (*list)[0]
			if end >= 0 && e.OldStart > end {
				return false
			}
			if end < 0 {
				start = e.OldStart
			}
			start, end = min(start, e.OldStart), max(end, e.OldEnd)
			*to = append(*to, e)
			*list = (*list)[1:]
			return true
		}
		if len(ours) == 0 || len(theirs) > 0 && theirs[0].OldStart <= ours[0].OldStart {
			take(&theirs, &b)
		} else {
			take(&ours, &a)
		}
		for take(&ours, &a) || take(&theirs, &b) {
		}
		newStart := start + shift
		for _, e := range b {
			shift += (e.NewEnd - e.NewStart) - (e.OldEnd - e.OldStart)
		}
		newEnd := end + shift
		if len(a) == 0 {
			continue // the vendor's alone
		}
		mineStart := a[0].NewStart - (a[0].OldStart - start)
		mineEnd := a[len(a)-1].NewEnd + (end - a[len(a)-1].OldEnd)
		mine := lines[sideMine][mineStart:mineEnd]
		was, is, now := join(lines[sideOld][start:end]), join(mine), join(lines[sideNew][newStart:newEnd])
		own(newStart)
		if !m.three(file, "lines", fmt.Sprintf("line %d", newStart+1), &was, &is, &now) || is == now {
			continue
		}
		changed = true
		if out.Len() > 0 && !strings.HasSuffix(out.String(), "\n") && !strings.HasSuffix(out.String(), "\r") {
			out.WriteString(ends.common)
		}
		for i, line := range mine {
			last := newEnd == len(lines[sideNew]) && i == len(mine)-1
			out.WriteString(line)
			if !last || ends.final {
				out.WriteString(ends.common)
			}
		}
		at = newEnd
	}
	own(len(lines[sideNew]))
	if !changed {
		return cs.Encode(texts[sideNew].source)
	}
	data, err := cs.Encode(out.String())
	if err != nil {
		// The new encoding lacks a character of the partner's: none of the changes
		// can be made.
		m.report.Changes = slices.DeleteFunc(m.report.Changes, func(c MergeChange) bool { return c.File == file })
		m.report.Changes = append(m.report.Changes, MergeChange{File: file, Kind: "file", Outcome: Conflict, Reason: err.Error(),
			Old: &texts[sideOld].source, Mine: &texts[sideMine].source, New: &texts[sideNew].source, Choice: onlyTheirs(m.choose(file, ""))})
		return cs.Encode(texts[sideNew].source)
	}
	return data, nil
}

// onlyTheirs drops a choice that can't be made.
func onlyTheirs(c MergeChoice) MergeChoice {
	if c == Theirs {
		return c
	}
	return ""
}

func join(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// lineEnding is the line ends of a text.
type lineEnding struct {
	each   []string
	common string // that of the first line
	final  bool   // the last line has one
}

func (l lineEnding) of(i int) string {
	if i < len(l.each) {
		return l.each[i]
	}
	return ""
}

func lineEnds(s string) lineEnding {
	l := lineEnding{common: "\n", final: true}
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], "\r\n"):
			l.each = append(l.each, "\r\n")
			i++
		case s[i] == '\n' || s[i] == '\r':
			l.each = append(l.each, s[i:i+1])
		}
	}
	if len(l.each) > 0 {
		l.common = l.each[0]
	}
	l.final = s == "" || strings.HasSuffix(s, "\n") || strings.HasSuffix(s, "\r")
	return l
}

// vendorFile tells what the vendor changed in a file.
func (m *archiveMerge) vendorFile(file string, old, new []byte) {
	if bytes.Equal(old, new) {
		return
	}
	a, ok := readText(old)
	b, ok2 := readText(new)
	if !ok || !ok2 || a.xml == nil || b.xml == nil {
		if !ok || !ok2 || !slices.Equal(text.Split(a.source), text.Split(b.source)) {
			m.vendor(VendorChange{File: file, Kind: "file changed", Old: about(old, true), New: about(new, true)})
		}
		return
	}
	m.vendorTags(file, old, new)
	match := xmlmerge.Match(a.xml, b.xml)
	for c := range match.Differences() {
		v := VendorChange{File: file, Kind: c.Kind.String()}
		value := func(s string) *string {
			if len(s) > 4096 {
				s = strings.ToValidUTF8(s[:4096], "") + "..."
			}
			return &s
		}
		switch c.Kind {
		case xmlmerge.AttrAdded, xmlmerge.AttrChanged:
			v.New = value(c.NewValue)
		case xmlmerge.TextChanged, xmlmerge.Renamed:
			v.New = value(c.NewValue)
		case xmlmerge.NodeAdded:
			v.New = value(b.source[c.NewSpan.Start:c.NewSpan.End])
		}
		switch c.Kind {
		case xmlmerge.AttrRemoved, xmlmerge.AttrChanged, xmlmerge.TextChanged, xmlmerge.Renamed:
			v.Old = value(c.OldValue)
		case xmlmerge.NodeRemoved:
			v.Old = value(a.source[c.OldSpan.Start:c.OldSpan.End])
		}
		if c.New != nil {
			v.Path = strings.TrimPrefix(match.Path(c.New), "/")
		}
		if c.Old != nil {
			v.OldPath = strings.TrimPrefix(match.Path(c.Old), "/")
		}
		if c.New == nil || v.Path == v.OldPath {
			v.Path, v.OldPath = v.OldPath, ""
		}
		if c.Attr != "" {
			v.Path += "/@" + c.Attr
		}
		m.vendor(v)
		if len(m.report.Vendor) >= maxVendor {
			return
		}
	}
}

// vendorTags tells which tags came, went and moved.
func (m *archiveMerge) vendorTags(file string, old, new []byte) {
	was, now := placesOfTags(file, old), placesOfTags(file, new)
	for _, tag := range now.order {
		places := now.paths[tag]
		before, known := was.paths[tag]
		switch {
		case !known:
			m.vendor(VendorChange{File: file, Kind: "tag added", Tag: tag, Path: strings.Join(places, ", ")})
		case !slices.Equal(places, before):
			m.vendor(VendorChange{File: file, Kind: "tag moved", Tag: tag, Path: strings.Join(places, ", "), OldPath: strings.Join(before, ", ")})
		}
	}
	for _, tag := range was.order {
		if now.paths[tag] == nil {
			m.vendor(VendorChange{File: file, Kind: "tag removed", Tag: tag, Path: strings.Join(was.paths[tag], ", ")})
		}
	}
}

// tagged is the tags of a template, and where they stand.
type tagged struct {
	order []string
	paths map[string][]string
}

func placesOfTags(file string, data []byte) tagged {
	t := tagged{paths: make(map[string][]string)}
	if data == nil {
		return t
	}
	tmpl, err := render.Parse(file, data)
	if err != nil {
		return t
	}
	places, err := tmpl.Places()
	if err != nil {
		return t
	}
	for _, p := range places {
		if t.paths[p.Tag] == nil {
			t.order = append(t.order, p.Tag)
		}
		if list := t.paths[p.Tag]; len(list) < 100 && !slices.Contains(list, p.Path) {
			t.paths[p.Tag] = append(list, p.Path)
		}
	}
	for _, list := range t.paths {
		slices.Sort(list)
	}
	return t
}
