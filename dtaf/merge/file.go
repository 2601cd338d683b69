package merge

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/content"
	"github.com/dtafgen/wxt/internal/linediff"
	"github.com/dtafgen/wxt/internal/xmlmerge"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
)

// read reads a file of one of the archives. Text that is not in the encoding that it
// names is no text here, since it could not be written again.
func (m *archiveMerge) read(data []byte, side int) content.Content {
	c := content.Read(data, m.sides[side].archive.Limits().Rendering())
	if !c.Named {
		c.Kind, c.Doc = content.Binary, nil
	}
	return c
}

// sameXML reports whether files of two archives are XML that says the same.
func (m *archiveMerge) sameXML(a []byte, sideA int, b []byte, sideB int) bool {
	x, y := m.read(a, sideA), m.read(b, sideB)
	return x.Doc != nil && y.Doc != nil && saysSame(x.Doc, y.Doc)
}

func saysSame(a, b *xmltext.Document) bool {
	for range xmlmerge.Match(a, b).Differences() {
		return false
	}
	return true
}

// contents merges a file that all three archives have.
func (m *archiveMerge) contents(file string, old, new, mine []byte) ([]byte, error) {
	var texts [3]content.Content
	isText, isXML := true, true
	for i, data := range [3][]byte{old, new, mine} {
		texts[i] = m.read(data, i)
		isText = isText && texts[i].Kind != content.Binary
		isXML = isXML && texts[i].Doc != nil
	}
	if isXML {
		if merged, done := m.xml(file, texts, old, new, mine); done {
			return merged, nil
		}
	} else if isText {
		return m.lines(file, texts)
	}
	whole := func(data []byte) *string { return about(data, true) }
	c := Change{File: file, Kind: "file", Old: whole(old), Mine: whole(mine), New: whole(new), Outcome: Conflict, Reason: "both changed it, and it can't be merged"}
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
func (m *archiveMerge) xml(file string, texts [3]content.Content, old, new, mine []byte) ([]byte, bool) {
	cs := texts[sideNew].Charset
	used := make(map[string]bool)
	for place := range m.used {
		used[place] = true
	}
	merged, changes, err := xmlmerge.Merge(texts[sideOld].Doc, texts[sideNew].Doc, texts[sideMine].Doc, xmlmerge.Options{
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
		change := Change{File: file, Kind: c.Kind.String(), Path: c.Path, Old: c.Old, Mine: c.Mine, New: c.New, Reason: c.Reason, Within: c.Within}
		change.Outcome = map[xmlmerge.Outcome]Outcome{xmlmerge.Carried: Carried, xmlmerge.Present: Present, xmlmerge.Conflict: Conflict}[c.Outcome]
		change.Choice = map[xmlmerge.Choice]Choice{xmlmerge.Ours: Ours, xmlmerge.Theirs: Theirs}[c.Choice]
		m.report.Changes = append(m.report.Changes, change)
	}
	if bytes.Equal(old, new) {
		return mine, true
	}
	if comments(texts[sideMine].Doc) != comments(texts[sideOld].Doc) {
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
func (m *archiveMerge) lines(file string, texts [3]content.Content) ([]byte, error) {
	var lines [3][]string
	for i, t := range texts {
		lines[i] = linediff.Split(t.Text)
	}
	cs := texts[sideNew].Charset
	theirs := linediff.Diff(lines[sideOld], lines[sideNew])
	ours := linediff.Diff(lines[sideOld], lines[sideMine])
	if len(ours) == 0 {
		return cs.Encode(texts[sideNew].Text)
	}
	ends := lineEnds(texts[sideNew].Text)
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
		var a, b []linediff.Edit
		start, end := 0, -1
		take := func(list *[]linediff.Edit, to *[]linediff.Edit) bool {
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
			continue // only the vendor's
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
		return cs.Encode(texts[sideNew].Text)
	}
	data, err := cs.Encode(out.String())
	if err != nil {
		// The new encoding lacks a character of the partner's: none of the changes
		// can be made.
		m.report.Changes = slices.DeleteFunc(m.report.Changes, func(c Change) bool { return c.File == file })
		m.report.Changes = append(m.report.Changes, Change{File: file, Kind: "file", Outcome: Conflict, Reason: err.Error(),
			Old: &texts[sideOld].Text, Mine: &texts[sideMine].Text, New: &texts[sideNew].Text, Choice: onlyTheirs(m.choose(file, ""))})
		return cs.Encode(texts[sideNew].Text)
	}
	return data, nil
}

// onlyTheirs drops a choice that can't be made.
func onlyTheirs(c Choice) Choice {
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
	a, b := m.read(old, sideOld), m.read(new, sideNew)
	if a.Doc == nil || b.Doc == nil {
		if a.Kind == content.Binary || b.Kind == content.Binary || !slices.Equal(linediff.Split(a.Text), linediff.Split(b.Text)) {
			m.vendor(VendorChange{File: file, Kind: "file changed", Old: about(old, true), New: about(new, true)})
		}
		return
	}
	m.vendorTags(file, old, new)
	match := xmlmerge.Match(a.Doc, b.Doc)
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
			v.New = value(b.Text[c.NewSpan.Start:c.NewSpan.End])
		}
		switch c.Kind {
		case xmlmerge.AttrRemoved, xmlmerge.AttrChanged, xmlmerge.TextChanged, xmlmerge.Renamed:
			v.Old = value(c.OldValue)
		case xmlmerge.NodeRemoved:
			v.Old = value(a.Text[c.OldSpan.Start:c.OldSpan.End])
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
	was, now := m.placesOfTags(file, old, sideOld), m.placesOfTags(file, new, sideNew)
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

func (m *archiveMerge) placesOfTags(file string, data []byte, side int) tagged {
	t := tagged{paths: make(map[string][]string)}
	if data == nil {
		return t
	}
	tmpl, err := render.Parse(file, data, render.WithLimits(m.sides[side].archive.Limits().Rendering()))
	if err != nil {
		return t
	}
	places, err := tmpl.Places()
	if err != nil {
		return t
	}
	for _, p := range places {
		if t.paths[p.Name] == nil {
			t.order = append(t.order, p.Name)
		}
		if list := t.paths[p.Name]; len(list) < 100 && !slices.Contains(list, p.Path) {
			t.paths[p.Name] = append(list, p.Path)
		}
	}
	for _, list := range t.paths {
		slices.Sort(list)
	}
	return t
}
