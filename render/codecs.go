package render

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
)

// OrderCodecs returns the template with the codecs of a medium, "audio" or
// "video", in the given order, highest priority first: each list of codec
// elements below an element of that name. Codecs that are not named keep their
// order behind those that are. Priorities move with the places: the highest one
// of the template stays with the first codec that has a priority. Missing are the
// names that the template lacks; the error is that of [Template.Edit].
func (t *Template) OrderCodecs(media string, names []string) (ordered *Template, missing []string, err error) {
	doc, err := t.parseXML(t.text)
	if err != nil {
		return nil, nil, err
	}
	seen := make(map[string]bool)
	var splices []text.Splice
	for _, list := range codecLists(doc.Root, media) {
		for _, c := range list {
			seen[codecName(c)] = true
		}
		splices = append(splices, orderCodecs(doc.Src, list, names)...)
	}
	for _, name := range names {
		if !seen[name] {
			missing = append(missing, name)
		}
	}
	text, err := text.Apply(t.text, splices)
	if err != nil {
		return nil, nil, err
	}
	return parseText(t.origin, text), missing, nil
}

func codecName(n *xmltext.Node) string {
	if a, ok := n.Attr("name"); ok {
		return a.Value
	}
	return ""
}

// codecLists returns the codec elements of each parent that stands in an element
// named media.
func codecLists(root *xmltext.Node, media string) [][]*xmltext.Node {
	var lists [][]*xmltext.Node
	var walk func(n *xmltext.Node, inside bool)
	walk = func(n *xmltext.Node, inside bool) {
		inside = inside || n.Name == media
		var list []*xmltext.Node
		for c := range n.Elements() {
			if c.Name == "codec" && codecName(c) != "" {
				list = append(list, c)
			}
			walk(c, inside)
		}
		if inside && len(list) > 0 {
			lists = append(lists, list)
		}
	}
	walk(root, false)
	return lists
}

// orderCodecs puts the bytes of the codec elements in order, and then their
// priorities.
func orderCodecs(src string, list []*xmltext.Node, names []string) []text.Splice {
	rank := func(n *xmltext.Node) int {
		if i := slices.Index(names, codecName(n)); i >= 0 {
			return i
		}
		return len(names)
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b *xmltext.Node) int { return rank(a) - rank(b) })
	priorities := prioritiesOf(list)
	var splices []text.Splice
	next := 0
	for i, n := range sorted {
		codec := src[n.Start:n.End]
		if a, ok := n.Attr("priority"); ok {
			if a.Value != priorities[next] {
				start, end := a.ValueStart-n.Start, a.ValueEnd-n.Start
				codec = codec[:start] + xmltext.EscapeAttr(priorities[next], a.Quote) + codec[end:]
			}
			next++
		}
		if spot := list[i]; codec != src[spot.Start:spot.End] {
			splices = append(splices, text.Splice{Start: spot.Start, End: spot.End, Text: codec})
		}
	}
	return splices
}

// prioritiesOf returns the priorities of the codecs that have one, highest first,
// in the template's own spelling. Where they are no numbers, or not all
// different, they are made anew.
func prioritiesOf(list []*xmltext.Node) []string {
	var values []string
	number := make(map[string]float64)
	good := true
	for _, n := range list {
		a, ok := n.Attr("priority")
		if !ok {
			continue
		}
		f, err := strconv.ParseFloat(strings.TrimSpace(a.Value), 64)
		good = good && err == nil
		for _, v := range values {
			good = good && number[v] != f
		}
		values = append(values, a.Value)
		number[a.Value] = f
	}
	if !good {
		for i := range values {
			values[i] = priority(i, len(values))
		}
		return values
	}
	slices.SortStableFunc(values, func(a, b string) int {
		switch {
		case number[a] > number[b]:
			return -1
		case number[a] < number[b]:
			return 1
		}
		return 0
	})
	return values
}
