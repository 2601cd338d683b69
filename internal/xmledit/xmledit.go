// Package xmledit changes XML in place: each change is a few splices of the
// source, and every byte outside of them stays as it is. New elements take the
// line ends and the indentation of what is around them.
package xmledit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/xmltext"
)

// A Splice replaces the bytes from Start to End with Text.
type Splice struct {
	Start, End int
	Text       string
}

// Apply returns src with the splices, which may come in any order. Splices that
// overlap are an error; of two insertions at one place the first comes first.
func Apply(src string, splices []Splice) (string, error) {
	sorted := slices.Clone(splices)
	slices.SortStableFunc(sorted, func(a, b Splice) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	var b strings.Builder
	at := 0
	for _, s := range sorted {
		if s.Start < at || s.End < s.Start || s.End > len(src) {
			return "", fmt.Errorf("two changes of the bytes %d to %d get into each other's way", s.Start, s.End)
		}
		b.WriteString(src[at:s.Start])
		b.WriteString(s.Text)
		at = s.End
	}
	b.WriteString(src[at:])
	return b.String(), nil
}

// CheckText returns an error if s has a character that XML can't hold.
func CheckText(s string) error {
	for i, r := range s {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF || r == 0xFFFD && !strings.HasPrefix(s[i:], "\uFFFD") {
			return fmt.Errorf("it has the character %U, which XML can't hold", r)
		}
	}
	return nil
}

// SetAttr gives n the attribute name with the given value: it replaces the
// value, or adds the attribute behind the others, in their style. There is no
// splice if the attribute has the value already.
func SetAttr(src string, n *xmltext.Node, name, value string) []Splice {
	if a, ok := n.Attr(name); ok {
		if a.Value == value {
			return nil
		}
		return []Splice{{a.ValueStart, a.ValueEnd, xmltext.EscapeAttr(value, a.Quote)}}
	}
	at, space, quote := n.Start+1+len(n.Name), " ", byte('"')
	if k := len(n.Attrs); k > 0 {
		before := at
		if k > 1 {
			before = n.Attrs[k-2].End
		}
		last := n.Attrs[k-1]
		at, space, quote = last.End, src[before:last.Start], last.Quote
	}
	q := string(rune(quote))
	return []Splice{{at, at, space + name + "=" + q + xmltext.EscapeAttr(value, quote) + q}}
}

// RemoveAttr removes the attribute name of n, with the white space ahead of it.
// There is no splice if n does not have it.
func RemoveAttr(n *xmltext.Node, name string) []Splice {
	before := n.Start + 1 + len(n.Name)
	for _, a := range n.Attrs {
		if a.Name == name {
			return []Splice{{before, a.End, ""}}
		}
		before = a.End
	}
	return nil
}

// SetText gives n the text value. White space around the text that n has, its
// comments and its CDATA section stay. There is no splice if n has the text
// already; an element that has elements inside is an error.
func SetText(src string, n *xmltext.Node, value string) ([]Splice, error) {
	comments := false
	for _, c := range n.Children {
		switch c.Kind {
		case xmltext.Element:
			return nil, fmt.Errorf("<%s> has elements inside, and no text of its own", n.Name)
		case xmltext.Comment, xmltext.ProcInst:
			comments = true
		}
	}
	if strings.Trim(n.Text(), space) == value || n.Text() == value {
		return nil, nil
	}
	if n.SelfClosing {
		return []Splice{open(src, n, xmltext.EscapeText(value))}, nil
	}
	var splices []Splice
	text := value
	for _, c := range n.Children {
		if c.Kind == xmltext.CDATA {
			if len(splices) == 0 {
				splices = append(splices, Splice{c.Start + len("<![CDATA["), c.End - len("]]>"), strings.ReplaceAll(text, "]]>", "]]]]><![CDATA[>")})
				text = ""
			} else {
				splices = append(splices, Splice{c.Start, c.End, ""})
			}
			continue
		}
		raw := src[c.Start:c.End]
		if c.Kind != xmltext.Text || strings.Trim(raw, space) == "" {
			continue
		}
		start := c.End - len(strings.TrimLeft(raw, space))
		end := c.Start + len(strings.TrimRight(raw, space))
		splices = append(splices, Splice{start, end, xmltext.EscapeText(text)})
		text = ""
	}
	switch {
	case len(splices) > 0:
	case comments:
		splices = []Splice{{n.OpenEnd, n.OpenEnd, xmltext.EscapeText(value)}}
	default:
		splices = []Splice{{n.OpenEnd, n.CloseStart, xmltext.EscapeText(value)}}
	}
	return splices, nil
}

// Remove removes n, and the line that it stands on if nothing else does.
func Remove(src string, n *xmltext.Node) Splice {
	start, end := n.Start-len(blanksBefore(src, n.Start)), n.End
	for end < len(src) && strings.IndexByte(blank, src[end]) >= 0 {
		end++
	}
	begins := start == 0 || strings.IndexByte("\r\n", src[start-1]) >= 0
	ends := end == len(src) || strings.IndexByte("\r\n", src[end]) >= 0
	if !begins || !ends {
		return Splice{n.Start, n.End, ""}
	}
	return Splice{start, end + len(lineEnd(src[end:])), ""}
}

// InsertLast puts xml into n, behind all that is in it.
func InsertLast(src string, n *xmltext.Node, xml string) Splice {
	for i := len(n.Children) - 1; i >= 0; i-- {
		c := n.Children[i]
		switch {
		case c.Kind == xmltext.Element, c.Kind == xmltext.Comment:
			return InsertAfter(src, n, c, xml)
		case strings.Trim(c.Value, space) != "":
			return Splice{n.CloseStart, n.CloseStart, xml}
		}
	}
	return InsertAfter(src, n, nil, xml)
}

// InsertAfter puts xml into n, behind the child prev, or ahead of all children if
// prev is nil.
func InsertAfter(src string, n, prev *xmltext.Node, xml string) Splice {
	if prev != nil {
		if indent, ok := indentOf(src, prev); ok {
			return Splice{prev.End, prev.End, eol(src) + indent + xml}
		}
		return Splice{prev.End, prev.End, xml}
	}
	for _, c := range n.Children {
		if c.Kind != xmltext.Element && c.Kind != xmltext.Comment {
			continue
		}
		if indent, ok := indentOf(src, c); ok {
			return Splice{n.OpenEnd, n.OpenEnd, eol(src) + indent + xml}
		}
		return Splice{n.OpenEnd, n.OpenEnd, xml}
	}
	indent, ok := indentOf(src, n)
	inner, tail := xml, ""
	if ok {
		inner, tail = eol(src)+indent+unit(src, n)+xml, eol(src)+indent
	}
	if n.SelfClosing {
		return open(src, n, inner+tail)
	}
	if strings.ContainsAny(src[n.OpenEnd:n.CloseStart], "\r\n") {
		tail = ""
	}
	return Splice{n.OpenEnd, n.OpenEnd, inner + tail}
}

// open gives an element that closes itself an end tag, and content.
func open(src string, n *xmltext.Node, content string) Splice {
	slash := n.End - len("/>")
	start := len(strings.TrimRight(src[:slash], space))
	return Splice{start, n.End, ">" + content + "</" + n.Name + ">"}
}

const (
	blank = " \t"
	space = " \t\r\n"
)

// blanksBefore returns the blanks ahead of an offset.
func blanksBefore(src string, at int) string {
	start := at
	for start > 0 && strings.IndexByte(blank, src[start-1]) >= 0 {
		start--
	}
	return src[start:at]
}

// lineEnd returns the line end that s begins with, or "".
func lineEnd(s string) string {
	for _, e := range []string{"\r\n", "\n", "\r"} {
		if strings.HasPrefix(s, e) {
			return e
		}
	}
	return ""
}

// eol returns the line end of a text: that of its first line, if that is not
// longer than any that people write.
func eol(src string) string {
	if i := strings.IndexAny(src[:min(len(src), 1<<16)], "\r\n"); i >= 0 {
		return lineEnd(src[i:])
	}
	return "\n"
}

// indentOf returns the white space ahead of n on its line, and whether nothing
// else is there.
func indentOf(src string, n *xmltext.Node) (string, bool) {
	indent := blanksBefore(src, n.Start)
	rest := src[:n.Start-len(indent)]
	return indent, rest == "" || rest == "\uFEFF" || strings.IndexByte("\r\n", rest[len(rest)-1]) >= 0
}

// unit returns what an element is indented by within its parent.
func unit(src string, n *xmltext.Node) string {
	for ; n.Parent != nil; n = n.Parent {
		inner, ok := indentOf(src, n)
		outer, parentOK := indentOf(src, n.Parent)
		if rest, more := strings.CutPrefix(inner, outer); ok && parentOK && more && rest != "" {
			return rest
		}
	}
	for _, c := range n.Children[:min(len(n.Children), 100)] { // The first ones tell.
		if inner, ok := indentOf(src, c); ok && c.Kind == xmltext.Element && inner != "" {
			return inner
		}
	}
	return "  "
}
