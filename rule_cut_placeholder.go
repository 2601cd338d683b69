package wxt

import (
	"strings"

	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/tags"
)

// checkCutPlaceholders looks for placeholders that lack one of their percent
// signs. Percent signs in text are many; those count that have a tag's name
// beside them.
func checkCutPlaceholders(p *Pass) {
	if p.Template == nil {
		return
	}
	source := p.Template.Source()
	comment := inComment(source)
	literal := func(start, end int) {
		for i := start; i < end; i++ {
			if source[i] != '%' || comment(i) {
				continue
			}
			after, before := i+1, i
			for after < end && tags.IsNameByte(source[after], after == i+1) {
				after++
			}
			for before > start && tags.IsNameByte(source[before-1], false) {
				before--
			}
			if name := source[i+1 : after]; p.looksLikeTag(name) {
				p.Report(p.atOffset(i), "write %"+name+"%", "%%%s is cut: its last percent sign is missing", name)
			} else if name := source[before:i]; p.looksLikeTag(name) {
				p.Report(p.atOffset(before), "write %"+name+"%", "%s%% is cut: its first percent sign is missing", name)
			}
		}
	}
	at := 0
	for _, place := range p.Template.Placeholders() {
		literal(at, place.Offset)
		at = place.Offset + len(place.Name) + 2
	}
	literal(at, len(source))
}

// looksLikeTag reports whether a word is a tag's name, or looks like one.
func (p *Pass) looksLikeTag(name string) bool {
	if name == "" {
		return false
	}
	if _, ok := p.Catalogue.Lookup(name); ok {
		return true
	}
	if _, ok := p.Catalogue.Lookup(name + "_WXT"); ok {
		return true
	}
	_, line := tags.SplitLine(name)
	return len(name) > len("_WXT") && strings.HasSuffix(name, "_WXT") || line > 0
}

// inComment returns a function that tells which bytes of a text stand in
// comments. Its offsets must not go down.
func inComment(text string) func(offset int) bool {
	type span struct{ start, end int }
	var comments []span
	if strings.Contains(text, "<!--") {
		xmltext.Scan(text, func(start, end int, ctx xmltext.Context, _ byte) {
			if ctx == xmltext.InComment {
				comments = append(comments, span{start, end})
			}
		})
	}
	return func(offset int) bool {
		for len(comments) > 0 && comments[0].end <= offset {
			comments = comments[1:]
		}
		return len(comments) > 0 && comments[0].start <= offset
	}
}
