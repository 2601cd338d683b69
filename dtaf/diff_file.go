package dtaf

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmlmerge"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/tags"
)

// content is a file as far as it can be read.
type content struct {
	kind     Kind
	encoding string            // of text
	text     string            // of text, in UTF-8
	doc      *xmltext.Document // of XML
	secrets  []secret.Span     // in the text
}

// readContent reads a file. Text that is in no encoding that it names is taken
// for ISO-8859-1, if it has no control characters. What is larger than a template
// may be is not taken for text.
func readContent(data []byte) content {
	if len(data) > DefaultLimits().Template {
		return content{kind: KindBinary}
	}
	text, set, err := charset.Decode(data)
	encoding := set.Name()
	if err != nil {
		latin, lerr := charmap.ISO8859_1.NewDecoder().Bytes(data)
		if lerr != nil || bytes.HasPrefix(data, []byte("\xFE\xFF")) || bytes.HasPrefix(data, []byte("\xFF\xFE")) {
			return content{kind: KindBinary}
		}
		text, encoding = string(latin), "ISO-8859-1"
	}
	if strings.ContainsFunc(text, isBinary) {
		return content{kind: KindBinary}
	}
	c := content{kind: KindText, encoding: encoding, text: text}
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "<") {
		if doc, err := xmltext.Parse(text); err == nil {
			c.kind, c.doc, c.secrets = KindXML, doc, secret.InDocument(doc)
			if doc.Encoding != "" {
				c.encoding = doc.Encoding // what the device goes by
				if named, err := charset.Lookup(doc.Encoding); err == nil {
					c.encoding = named.Name()
				}
			}
			if isOCI(doc.Root) {
				c.kind = KindManifest
			}
			return c
		}
	}
	c.secrets = secret.InText(text)
	return c
}

// isBinary reports whether a character stands in no text.
func isBinary(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' || r >= 0x7F && r < 0xA0 && r != 0x85
}

// isOCI reports whether an element is the root of an OCI-P document.
func isOCI(n *xmltext.Node) bool {
	_, local, ok := strings.Cut(n.Name, ":")
	return n.Name == "BroadsoftDocument" || ok && local == "BroadsoftDocument"
}

// kindOf says what a file is.
func kindOf(data []byte) Kind { return readContent(data).kind }

// file compares the two files of a pair, and reports whether they differ.
func (c *comparer) file(p filePair) (FileChange, bool) {
	f := FileChange{Change: Changed, Name: p.name, Tags: []TagChange{}, Elements: []ElementChange{}, Lines: []LineChange{}}
	switch {
	case p.old == nil:
		f.Change, f.NewSize = Added, len(p.new.Data)
		n := readContent(p.new.Data)
		f.Kind, f.Tags = n.kind, tagChanges(nil, tagPlaces(p.new))
		return f, true
	case p.new == nil:
		f.Change, f.Name, f.OldSize = Removed, p.old.Name, len(p.old.Data)
		o := readContent(p.old.Data)
		f.Kind, f.Tags = o.kind, tagChanges(tagPlaces(p.old), nil)
		return f, true
	}
	f.OldSize, f.NewSize = len(p.old.Data), len(p.new.Data)
	renamed := p.oldName != p.name
	if renamed {
		f.Change, f.OldName = Renamed, p.old.Name
	}
	if bytes.Equal(p.old.Data, p.new.Data) {
		f.Kind = kindOf(p.new.Data)
		return f, renamed
	}
	o, n := readContent(p.old.Data), readContent(p.new.Data)
	f.Kind = n.kind
	if o.kind == KindBinary || n.kind == KindBinary {
		f.Kind = KindBinary
		return f, true
	}
	if o.encoding != n.encoding {
		f.Encoding = &Values{o.encoding, n.encoding}
	}
	if o.doc != nil && n.doc != nil {
		c.elements(&f, o, n)
	} else {
		c.lines(&f, o, n)
	}
	f.Tags = tagChanges(tagPlaces(p.old), tagPlaces(p.new))
	differs := renamed || f.Encoding != nil || len(f.Elements)+len(f.Lines)+len(f.Tags)+f.Omitted > 0
	if differs && c.unified {
		f.Unified = unified(p, o, n)
	}
	return f, differs
}

// unified returns a unified diff of two texts, without secrets.
func unified(p filePair, o, n content) string {
	edits := text.Diff(text.Split(o.text), text.Split(n.text))
	return text.Unified("a/"+p.old.Name, "b/"+p.new.Name, o.lines(), n.lines(), edits)
}

// lines returns the lines of a text, without secrets.
func (c content) lines() []string {
	return text.Split(secret.Redact(c.text, 0, len(c.text), c.secrets))
}

// lines compares two texts line by line.
func (c *comparer) lines(f *FileChange, o, n content) {
	old, new := o.lines(), n.lines()
	for _, e := range text.Diff(text.Split(o.text), text.Split(n.text)) {
		change := LineChange{e.OldStart + 1, e.NewStart + 1, clone(old[e.OldStart:e.OldEnd]), clone(new[e.NewStart:e.NewEnd])}
		size := 0
		for _, line := range append(old[e.OldStart:e.OldEnd:e.OldEnd], new[e.NewStart:e.NewEnd]...) {
			size += len(line) + 16
		}
		if len(f.Lines) == maxListed || !c.take(size) {
			f.Omitted++
			continue
		}
		f.Lines = append(f.Lines, change)
	}
}

// clone returns a copy that is not nil.
func clone(list []string) []string { return append([]string{}, list...) }

// elements compares two documents.
func (c *comparer) elements(f *FileChange, o, n content) {
	m := xmlmerge.Match(o.doc, n.doc)
	oldLines, newLines := lineStarts(o.text), lineStarts(n.text)
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
			e.New = secret.Redact(n.text, x.NewSpan.Start, x.NewSpan.End, n.secrets)
		case xmlmerge.NodeRemoved:
			e.Old = secret.Redact(o.text, x.OldSpan.Start, x.OldSpan.End, o.secrets)
		default:
			isSecret := tags.SoundsSecret(cmp.Or(x.Attr, x.New.Name)) ||
				(secret.Element(x.Old) || secret.Element(x.New)) && !secret.IsIdentity(x.Attr)
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
		f.Elements = append(f.Elements, e)
	}
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
func tagPlaces(f *File) map[string][]string {
	t, err := render.Parse(f.Name, f.Data)
	if err != nil {
		return nil
	}
	m := make(map[string][]string)
	if places, err := t.Places(); err == nil {
		for _, p := range places {
			m[p.Tag] = append(m[p.Tag], p.Path)
		}
		return m
	}
	for _, tag := range t.Tags() {
		m[tag] = nil
	}
	return m
}

// tagChanges compares where tags stand.
func tagChanges(old, new map[string][]string) []TagChange {
	list := []TagChange{}
	for _, tag := range sortedKeys(new) {
		if _, ok := old[tag]; !ok {
			list = append(list, TagChange{Added, tag, []string{}, clone(new[tag])})
		}
	}
	for _, tag := range sortedKeys(old) {
		is, ok := new[tag]
		if !ok {
			list = append(list, TagChange{Removed, tag, clone(old[tag]), []string{}})
			continue
		}
		c := TagChange{Changed, tag, without(old[tag], is), without(is, old[tag])}
		switch {
		case len(c.Old) > 0 && len(c.New) > 0:
			c.Change = Moved
		case len(c.Old)+len(c.New) == 0:
			continue
		}
		list = append(list, c)
	}
	return list
}

// without returns the paths of a that b lacks, as often as it lacks them.
func without(a, b []string) []string {
	count := make(map[string]int)
	for _, p := range b {
		count[p]++
	}
	rest := []string{}
	for _, p := range a {
		if count[p]--; count[p] < 0 {
			rest = append(rest, p)
		}
	}
	return rest
}
