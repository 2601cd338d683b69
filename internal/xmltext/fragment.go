package xmltext

import (
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/linediff"
	"github.com/dtafgen/wxt/internal/text"
)

// A Fragment is an element that can be put into a document.
type Fragment struct {
	Text  string // its lines end with \n, and have no indentation that all but the first have in common
	Fixed bool   // the indentation of its lines has a meaning
}

// Cut returns the text of n, after the splices, as a fragment. The splices have to
// be within n.
func Cut(src string, n *Node, splices []text.Splice) (Fragment, error) {
	shifted := make([]text.Splice, len(splices))
	for i, s := range splices {
		shifted[i] = splice(s.Start-n.Start, s.End-n.Start, s.Text)
	}
	moved, err := text.Apply(src[n.Start:n.End], shifted)
	if err != nil {
		return Fragment{}, err
	}
	f := Fragment{Text: linediff.Newlines(moved), Fixed: isFixed(src, n)}
	if indent, ok := indentOf(src, n); ok && indent != "" && !f.Fixed {
		f.Text = strings.ReplaceAll(f.Text, "\n"+indent, "\n")
	}
	return f, nil
}

// isFixed reports whether white space at the beginning of lines within n has a
// meaning: in the values of attributes, and below xml:space.
func isFixed(src string, n *Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if _, ok := p.Attr("xml:space"); ok {
			return true
		}
	}
	return hasFixed(src, n)
}

func hasFixed(src string, n *Node) bool {
	for _, a := range n.Attrs {
		if a.Name == "xml:space" || strings.ContainsAny(src[a.ValueStart:a.ValueEnd], "\r\n") {
			return true
		}
	}
	for c := range n.Elements() {
		if hasFixed(src, c) {
			return true
		}
	}
	return false
}

// InsertAll puts fragments into n, one after the other: behind its child prev, or
// else ahead of its child next, or else where there is place. Each takes the
// indentation of what is there.
func InsertAll(src string, n, prev, next *Node, list []Fragment) []text.Splice {
	if len(list) == 0 {
		return nil
	}
	beside := prev
	if beside == nil {
		beside = next
	}
	lines := eol(src)
	var splices []text.Splice
	if n != nil {
		list = slices.Clone(list)
		for i := range list {
			list[i] = list[i].indented(unit(src, n))
		}
	}
	if beside != nil {
		indent, ok := indentOf(src, beside)
		for _, f := range list {
			xml := f.laid(lines, indent, ok)
			switch {
			case prev != nil && ok:
				splices = append(splices, splice(prev.End, prev.End, lines+indent+xml))
			case prev != nil:
				splices = append(splices, splice(prev.End, prev.End, xml))
			case ok:
				splices = append(splices, splice(next.Start, next.Start, xml+lines+indent))
			default:
				splices = append(splices, splice(next.Start, next.Start, xml))
			}
		}
		return splices
	}
	outer, ok := indentOf(src, n)
	inner := outer + unit(src, n)
	var last *Node
	for _, c := range n.Children {
		switch c.Kind {
		case Element:
			// It goes, and leaves its place.
			if own, alone := indentOf(src, c); alone {
				inner = own
			} else {
				ok = false
			}
		case Comment:
			last = c
		}
	}
	var parts []string
	for _, f := range list {
		parts = append(parts, f.laid(lines, inner, ok))
	}
	sep := ""
	if ok {
		sep = lines + inner
	}
	return []text.Splice{InsertAfter(src, n, last, strings.Join(parts, sep))}
}

// indented returns the fragment with the indentation of its lines in units of
// another kind, if they have units.
func (f Fragment) indented(by string) Fragment {
	if f.Fixed || !strings.Contains(f.Text, "\n") {
		return f
	}
	rows := strings.Split(f.Text, "\n")
	own := "" // the unit: the shortest indentation
	for _, row := range rows[1:] {
		if w := row[:len(row)-len(strings.TrimLeft(row, blank))]; w != "" && (own == "" || len(w) < len(own)) {
			own = w
		}
	}
	if own == "" || own == by {
		return f
	}
	for i, row := range rows[1:] {
		rest, n := row, 0
		for strings.HasPrefix(rest, own) {
			rest, n = rest[len(own):], n+1
		}
		rows[i+1] = strings.Repeat(by, n) + rest
	}
	f.Text = strings.Join(rows, "\n")
	return f
}

// laid returns the text of a fragment as it stands in a document.
func (f Fragment) laid(lines, indent string, own bool) string {
	if f.Fixed || !own {
		indent = ""
	}
	return strings.ReplaceAll(f.Text, "\n", lines+indent)
}

// SetContent makes xml all that is in n. It is put in as it is.
func SetContent(src string, n *Node, xml string) text.Splice {
	xml = strings.ReplaceAll(linediff.Newlines(xml), "\n", eol(src))
	if n.SelfClosing {
		return open(src, n, xml)
	}
	return splice(n.OpenEnd, n.CloseStart, xml)
}

// Rename gives n another name.
func Rename(n *Node, name string) []text.Splice {
	splices := []text.Splice{splice(n.Start+1, n.Start+1+len(n.Name), name)}
	if !n.SelfClosing {
		at := n.CloseStart + len("</")
		splices = append(splices, splice(at, at+len(n.Name), name))
	}
	return splices
}
