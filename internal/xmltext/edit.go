package xmltext

import (
	"fmt"
	"strings"

	"github.com/dtafgen/wxt/internal/text"
)

func splice(start, end int, by string) text.Splice {
	return text.Splice{Start: start, End: end, Text: by}
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
func SetAttr(src string, n *Node, name, value string) []text.Splice {
	if a, ok := n.Attr(name); ok {
		if a.Value == value {
			return nil
		}
		return []text.Splice{splice(a.ValueStart, a.ValueEnd, EscapeAttr(value, a.Quote))}
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
	return []text.Splice{splice(at, at, space+name+"="+q+EscapeAttr(value, quote)+q)}
}

// RemoveAttr removes the attribute name of n, with the white space ahead of it.
// There is no splice if n does not have it.
func RemoveAttr(n *Node, name string) []text.Splice {
	before := n.Start + 1 + len(n.Name)
	for _, a := range n.Attrs {
		if a.Name == name {
			return []text.Splice{splice(before, a.End, "")}
		}
		before = a.End
	}
	return nil
}

// SetText gives n the text value. White space around the text that n has, its
// comments and its CDATA section stay. There is no splice if n has the text
// already; an element that has elements inside is an error.
func SetText(src string, n *Node, value string) ([]text.Splice, error) {
	comments := false
	for _, c := range n.Children {
		switch c.Kind {
		case Element:
			return nil, fmt.Errorf("<%s> has elements inside, and no text of its own", n.Name)
		case Comment, ProcInst:
			comments = true
		}
	}
	if strings.Trim(n.Text(), space) == value || n.Text() == value {
		return nil, nil
	}
	if n.SelfClosing {
		return []text.Splice{open(src, n, EscapeText(value))}, nil
	}
	var splices []text.Splice
	rest := value
	for _, c := range n.Children {
		if c.Kind == CDATA {
			if len(splices) == 0 {
				splices = append(splices, splice(c.Start+len("<![CDATA["), c.End-len("]]>"), strings.ReplaceAll(rest, "]]>", "]]]]><![CDATA[>")))
				rest = ""
			} else {
				splices = append(splices, splice(c.Start, c.End, ""))
			}
			continue
		}
		raw := src[c.Start:c.End]
		if c.Kind != Text || strings.Trim(raw, space) == "" {
			continue
		}
		start := c.End - len(strings.TrimLeft(raw, space))
		end := c.Start + len(strings.TrimRight(raw, space))
		splices = append(splices, splice(start, end, EscapeText(rest)))
		rest = ""
	}
	switch {
	case len(splices) > 0:
	case comments:
		splices = []text.Splice{splice(n.OpenEnd, n.OpenEnd, EscapeText(value))}
	default:
		splices = []text.Splice{splice(n.OpenEnd, n.CloseStart, EscapeText(value))}
	}
	return splices, nil
}

// Remove removes n, and the line that it stands on if nothing else does.
func Remove(src string, n *Node) text.Splice {
	start, end := n.Start-len(blanksBefore(src, n.Start)), n.End
	for end < len(src) && strings.IndexByte(blank, src[end]) >= 0 {
		end++
	}
	begins := start == 0 || strings.IndexByte("\r\n", src[start-1]) >= 0
	ends := end == len(src) || strings.IndexByte("\r\n", src[end]) >= 0
	if !begins || !ends {
		return splice(n.Start, n.End, "")
	}
	return splice(start, end+len(lineEnd(src[end:])), "")
}

// InsertLast puts xml into n, behind all that is in it.
func InsertLast(src string, n *Node, xml string) text.Splice {
	for i := len(n.Children) - 1; i >= 0; i-- {
		c := n.Children[i]
		switch {
		case c.Kind == Element, c.Kind == Comment:
			return InsertAfter(src, n, c, xml)
		case strings.Trim(c.Value, space) != "":
			return splice(n.CloseStart, n.CloseStart, xml)
		}
	}
	return InsertAfter(src, n, nil, xml)
}

// InsertAfter puts xml into n, behind the child prev, or ahead of all children if
// prev is nil.
func InsertAfter(src string, n, prev *Node, xml string) text.Splice {
	if prev != nil {
		if indent, ok := indentOf(src, prev); ok {
			return splice(prev.End, prev.End, eol(src)+indent+xml)
		}
		return splice(prev.End, prev.End, xml)
	}
	for _, c := range n.Children {
		if c.Kind != Element && c.Kind != Comment {
			continue
		}
		if indent, ok := indentOf(src, c); ok {
			return splice(n.OpenEnd, n.OpenEnd, eol(src)+indent+xml)
		}
		return splice(n.OpenEnd, n.OpenEnd, xml)
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
	return splice(n.OpenEnd, n.OpenEnd, inner+tail)
}

// open gives an element that closes itself an end tag, and content.
func open(src string, n *Node, content string) text.Splice {
	slash := n.End - len("/>")
	start := len(strings.TrimRight(src[:slash], space))
	return splice(start, n.End, ">"+content+"</"+n.Name+">")
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
func indentOf(src string, n *Node) (string, bool) {
	indent := blanksBefore(src, n.Start)
	rest := src[:n.Start-len(indent)]
	return indent, rest == "" || rest == text.BOM || strings.IndexByte("\r\n", rest[len(rest)-1]) >= 0
}

// unit returns what an element is indented by within its parent.
func unit(src string, n *Node) string {
	for ; n.Parent != nil; n = n.Parent {
		inner, ok := indentOf(src, n)
		outer, parentOK := indentOf(src, n.Parent)
		if rest, more := strings.CutPrefix(inner, outer); ok && parentOK && more && rest != "" {
			return rest
		}
	}
	for _, c := range n.Children[:min(len(n.Children), 100)] { // The first ones tell.
		if inner, ok := indentOf(src, c); ok && c.Kind == Element && inner != "" {
			return inner
		}
	}
	return "  "
}
