package diff

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/content"
	"github.com/dtafgen/wxt/internal/linediff"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/xmlmerge"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
)

// A readable is what a file holds, and where there are secrets in it.
type readable struct {
	content.Content
	secrets []secret.Span
}

func read(f *dtaf.File, l render.Limits) readable {
	t := readable{Content: content.Read(f.Data, l)}
	if t.Doc != nil || t.Kind == content.Text {
		t.secrets = secret.Find(t.Text)
	}
	return t
}

// file compares the two files of a pair, and reports whether they differ.
func (c *comparer) file(p filePair) (FileChange, bool) {
	f := FileChange{Change: Changed, Name: p.name, Tags: []TagChange{}, Elements: []ElementChange{}, Lines: []LineChange{}}
	switch {
	case p.old == nil:
		f.Change, f.NewSize = Added, len(p.new.Data)
		f.Kind = content.Read(p.new.Data, c.limits[1]).Kind
		c.tags(&f, nil, c.tagPlaces(p.new, 1))
		return f, true
	case p.new == nil:
		f.Change, f.Name, f.OldSize = Removed, p.old.Name, len(p.old.Data)
		f.Kind = content.Read(p.old.Data, c.limits[0]).Kind
		c.tags(&f, c.tagPlaces(p.old, 0), nil)
		return f, true
	}
	f.OldSize, f.NewSize = len(p.old.Data), len(p.new.Data)
	isRenamed := p.oldName != p.name
	if isRenamed {
		f.Change, f.OldName = Renamed, p.old.Name
	}
	if bytes.Equal(p.old.Data, p.new.Data) {
		f.Kind = content.Read(p.new.Data, c.limits[1]).Kind
		return f, isRenamed
	}
	o, n := read(p.old, c.limits[0]), read(p.new, c.limits[1])
	f.Kind = n.Kind
	if o.Kind == content.Binary || n.Kind == content.Binary {
		f.Kind = content.Binary
		return f, true
	}
	if o.Encoding != n.Encoding {
		f.Encoding = &pair{o.Encoding, n.Encoding}
	}
	if o.Doc != nil && n.Doc != nil {
		c.elements(&f, o, n)
	} else {
		c.lines(&f, o, n)
	}
	c.tags(&f, c.tagPlaces(p.old, 0), c.tagPlaces(p.new, 1))
	differs := isRenamed || f.Encoding != nil || len(f.Elements)+len(f.Lines)+len(f.Tags)+f.Omitted > 0
	if differs {
		f.old, f.new, f.limits = p.old, p.new, c.limits
	}
	return f, differs
}

// unified returns a unified diff of two texts, without secrets.
func unified(old, new *dtaf.File, l [2]render.Limits) string {
	o, n := read(old, l[0]), read(new, l[1])
	edits := linediff.Diff(linediff.Split(o.Text), linediff.Split(n.Text))
	return linediff.Unified("a/"+old.Name, "b/"+new.Name, o.lines(), n.lines(), edits)
}

// lines returns the lines of a text, without secrets.
func (t readable) lines() []string {
	return linediff.Split(secret.Redact(t.Text, 0, len(t.Text), t.secrets))
}

// lines compares two texts line by line.
func (c *comparer) lines(f *FileChange, o, n readable) {
	old, new := o.lines(), n.lines()
	for _, e := range linediff.Diff(linediff.Split(o.Text), linediff.Split(n.Text)) {
		size := 0
		for _, line := range append(old[e.OldStart:e.OldEnd:e.OldEnd], new[e.NewStart:e.NewEnd]...) {
			size += len(line) + 16
		}
		if len(f.Lines) == maxListed || !c.take(size) {
			f.Omitted++
			continue
		}
		f.Lines = append(f.Lines, LineChange{e.OldStart + 1, e.NewStart + 1, apart(old[e.OldStart:e.OldEnd]), apart(new[e.NewStart:e.NewEnd])})
	}
}

// clone returns a copy that is not nil.
func clone(list []string) []string { return append([]string{}, list...) }

// apart returns a copy of lines that does not keep all of their text in memory.
func apart(lines []string) []string {
	list := clone(lines)
	for i := range list {
		list[i] = strings.Clone(list[i])
	}
	return list
}

// elements compares two documents.
func (c *comparer) elements(f *FileChange, o, n readable) {
	m := xmlmerge.Match(o.Doc, n.Doc)
	oldLines, newLines := lineStarts(o.Text), lineStarts(n.Text)
	for x := range m.Differences() {
		if len(f.Elements) == maxListed {
			f.Omitted++
			continue
		}
		e := ElementChange{Change: elementChanges[x.Kind], Attribute: x.Attr}
		if x.Old != nil {
			e.Path = m.Path(x.Old)
			e.OldLine = oldLines.line(at(x.OldSpan, x.Old))
		}
		if x.New != nil {
			path := m.Path(x.New)
			if e.Path != path {
				e.OldPath, e.Path = e.Path, path
			}
			e.NewLine = newLines.line(at(x.NewSpan, x.New))
		}
		switch x.Kind {
		case xmlmerge.NodeAdded:
			e.New = secret.Redact(n.Text, x.NewSpan.Start, x.NewSpan.End, n.secrets)
		case xmlmerge.NodeRemoved:
			e.Old = secret.Redact(o.Text, x.OldSpan.Start, x.OldSpan.End, o.secrets)
		default:
			isSecret := secret.Named(cmp.Or(x.Attr, x.New.Name)) ||
				o.hides(x.OldSpan, x.OldValue) || n.hides(x.NewSpan, x.NewValue)
			e.Old, e.New = x.OldValue, x.NewValue
			if x.Kind != xmlmerge.Renamed {
				e.Old, e.New = mask(isSecret, x.OldValue, x.NewValue)
			}
		}
		if strings.HasSuffix(e.Path, "]") {
			e.Which = which(cmp.Or(x.New, x.Old))
		}
		if !c.take(len(e.Path) + len(e.OldPath) + len(e.Old) + len(e.New) + 64) {
			f.Omitted++
			continue
		}
		for _, text := range []*string{&e.Path, &e.OldPath, &e.Attribute, &e.Old, &e.New} {
			*text = strings.Clone(*text) // they don't keep all of the file in memory
		}
		f.Elements = append(f.Elements, e)
	}
}

// hides reports whether what stands in a span is secret as a whole, and not just the
// password in a URL.
func (t readable) hides(s xmlmerge.Span, value string) bool {
	return len(secret.InURLs(value)) == 0 && secret.Overlap(t.secrets, s.Start, s.End)
}

// which returns the attribute that tells an element from its siblings, or "".
func which(n *xmltext.Node) string {
	for _, name := range []string{"id", "name", "key"} {
		if a, ok := n.Attr(name); ok && len(a.Value) <= 100 {
			return fmt.Sprintf("%s=%q", name, a.Value)
		}
	}
	return ""
}

var elementChanges = [...]Change{
	xmlmerge.NodeAdded: Added, xmlmerge.NodeRemoved: Removed, xmlmerge.NodeMoved: Moved, xmlmerge.Reordered: Reordered, xmlmerge.Renamed: Renamed,
	xmlmerge.AttrAdded: Added, xmlmerge.AttrRemoved: Removed, xmlmerge.AttrChanged: Changed, xmlmerge.TextChanged: Changed,
}

// at returns the offset of what a change is about: the element, where it has no
// place of its own.
func at(s xmlmerge.Span, n *xmltext.Node) int {
	if s == (xmlmerge.Span{}) {
		return n.Start
	}
	return s.Start
}

// starts are the offsets of a text's lines.
type starts []int

func lineStarts(text string) starts {
	s := starts{0}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' || text[i] == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			s = append(s, i+1)
		}
	}
	return s
}

// line returns the line of an offset, from 1.
func (s starts) line(offset int) int {
	i, ok := slices.BinarySearch(s, offset)
	if ok {
		i++
	}
	return i
}

// tagPlaces returns where each tag of a file stands: the places of XML, and no
// places in other text.
func (c *comparer) tagPlaces(f *dtaf.File, side int) map[string][]string {
	t, err := render.Parse(f.Name, f.Data, render.WithLimits(c.limits[side]))
	if err != nil {
		return nil
	}
	m := make(map[string][]string)
	if places, err := t.Places(); err == nil {
		for _, p := range places {
			m[p.Name] = append(m[p.Name], p.Path)
		}
		return m
	}
	for _, tag := range t.Tags() {
		m[tag] = nil
	}
	return m
}

// tags compares where tags stand.
func (c *comparer) tags(f *FileChange, old, new map[string][]string) {
	add := func(change Change, tag string, was, is []string) {
		size := len(tag) + 64
		for _, path := range slices.Concat(was, is) {
			size += len(path)
		}
		if !c.take(size) {
			f.Omitted++
			return
		}
		f.Tags = append(f.Tags, TagChange{change, tag, clone(was), clone(is)})
	}
	for _, tag := range sortedKeys(new) {
		if _, ok := old[tag]; !ok {
			add(Added, tag, nil, new[tag])
		}
	}
	for _, tag := range sortedKeys(old) {
		is, ok := new[tag]
		if !ok {
			add(Removed, tag, old[tag], nil)
			continue
		}
		gone, come := without(old[tag], is), without(is, old[tag])
		switch {
		case len(gone) > 0 && len(come) > 0:
			add(Moved, tag, gone, come)
		case len(gone)+len(come) > 0:
			add(Changed, tag, gone, come)
		}
	}
}

// without returns the paths of a that b lacks, as often as it lacks them.
func without(a, b []string) []string {
	count := make(map[string]int)
	for _, p := range b {
		count[p]++
	}
	var rest []string
	for _, p := range a {
		if count[p]--; count[p] < 0 {
			rest = append(rest, p)
		}
	}
	return rest
}
