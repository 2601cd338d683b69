package configwxt

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/internal/edits"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
)

// A CodecChange is what became of a template's lists of codecs.
type CodecChange struct {
	Lists    int      // how many there are
	Removed  []string // names of codecs that were taken out of a list, each once
	Missing  []string // names that no list has
	Repeated []string // names that stand more than once in a list, which all stay
	Left     []int    // the lines of the lists that have none of the names, and stay as they are
}

// SetCodecs returns the template with the codecs of a medium, "audio" or "video",
// that are named, in that order, highest priority first. Others are taken out, or,
// with keepOthers, keep their order behind them. Each list of codec elements is
// handled by itself: those below an element of the medium's name, and those for
// adaptive quality, in elements such as audio-codecs. Priorities stay with the
// places: the highest one of a list goes to the first codec that has a priority.
// The error is a [*render.Error].
func SetCodecs(t *render.Template, media string, names []string, keepOthers bool) (*render.Template, CodecChange, error) {
	var change CodecChange
	doc, err := edits.Parse(t)
	if err != nil {
		return nil, change, err
	}
	note := func(list *[]string, name string) {
		if !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	seen := make(map[string]bool)
	var splices []text.Splice
	for _, list := range codecLists(doc.Root, media) {
		change.Lists++
		var kept, others []*xmltext.Node
		here := make(map[string]bool)
		for _, c := range list {
			name := codecName(c)
			if here[name] {
				note(&change.Repeated, name)
			}
			here[name], seen[name] = true, true
			if keepOthers || slices.Contains(names, name) {
				kept = append(kept, c)
			} else {
				others = append(others, c)
			}
		}
		if len(kept) == 0 {
			line, _ := text.NewLines(doc.Src).Position(list[0].Start)
			change.Left = append(change.Left, line)
			continue
		}
		splices = append(splices, orderCodecs(doc.Src, kept, names, prioritiesOf(list))...)
		for _, c := range others {
			note(&change.Removed, codecName(c))
			splices = append(splices, xmltext.Remove(doc.Src, c))
		}
	}
	for _, name := range names {
		if !seen[name] {
			change.Missing = append(change.Missing, name)
		}
	}
	edited, err := text.Apply(t.Source(), splices)
	if err != nil {
		return nil, change, err
	}
	data, err := t.Encode(edited)
	if err != nil {
		return nil, change, err
	}
	t, err = render.Parse(t.File(), data, render.WithLimits(t.Limits()))
	return t, change, err
}

func codecName(n *xmltext.Node) string {
	if a, ok := n.Attr("name"); ok {
		return a.Value
	}
	return ""
}

// codecLists returns the codec elements of each parent that stands in an element
// named media, or has that name with "-codecs" behind it.
func codecLists(root *xmltext.Node, media string) [][]*xmltext.Node {
	var lists [][]*xmltext.Node
	var walk func(n *xmltext.Node, inside bool)
	walk = func(n *xmltext.Node, inside bool) {
		inside = inside || n.Name == media || n.Name == media+"-codecs"
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

// orderCodecs puts the bytes of the codec elements in order, and gives them the
// first of the priorities.
func orderCodecs(src string, list []*xmltext.Node, names, priorities []string) []text.Splice {
	rank := func(n *xmltext.Node) int {
		if i := slices.Index(names, codecName(n)); i >= 0 {
			return i
		}
		return len(names)
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b *xmltext.Node) int { return rank(a) - rank(b) })
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
// different, they are made again.
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
