package wxt

import (
	"fmt"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/merge"
	"github.com/dtafgen/wxt/internal/edits"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/tags"
)

// FormatEdits writes edits as the project file has them, each as a table
// [[platform.edit]].
func FormatEdits(platform tags.Platform, edits []render.Edit) string {
	var b strings.Builder
	for i, e := range edits {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "[[%s.edit]]\npath = %s\n", platform, tomlfile.String(e.Path))
		if e.All {
			b.WriteString("all = true\n")
		}
		switch e.Op {
		case render.SetAttr:
			fmt.Fprintf(&b, "attr = %s\nvalue = %s\n", tomlfile.String(e.Attr), tomlfile.String(e.Value))
		case render.RemoveAttr:
			fmt.Fprintf(&b, "attr = %s\nremove = true\n", tomlfile.String(e.Attr))
		case render.SetText:
			fmt.Fprintf(&b, "text = %s\n", tomlfile.String(e.Value))
		case render.Remove:
			b.WriteString("remove = true\n")
		case render.Insert, render.InsertBefore, render.InsertAfter:
			fmt.Fprintf(&b, "insert = %s\n", tomlfile.String(e.Value))
			switch e.Op {
			case render.InsertBefore:
				b.WriteString("place = \"before\"\n")
			case render.InsertAfter:
				b.WriteString("place = \"after\"\n")
			}
		}
	}
	return b.String()
}

// DeriveEdits returns the edits that make the template of a platform in mine of
// that in old, two archives, and what else differs between the two, which no edit
// can say. Errors are about an archive that has no such template, and an
// [*render.Error], or that no edits do.
func DeriveEdits(platform tags.Platform, old, mine *dtaf.Archive) ([]render.Edit, []merge.Change, error) {
	var templates [2]*render.Template
	var names [2]string
	for i, a := range []*dtaf.Archive{old, mine} {
		p := &Project{}
		p.Platform(platform).BaseArchive = a
		c := compile(p, config{platforms: tags.NewPlatformSet(platform)})
		b, fs := c.base(platform)
		if b == nil {
			return nil, nil, fmt.Errorf("%s", fs[0].Message)
		}
		templates[i], names[i] = b.templates[b.main], b.main
	}
	list, err := edits.Derive(templates[0], templates[1])
	if err != nil {
		return nil, nil, err
	}
	_, r, err := merge.Merge(merge.Input{Old: old, New: old, Mine: mine}, merge.Options{})
	if err != nil {
		return nil, nil, err
	}
	var rest []merge.Change
	for _, c := range r.Changes {
		if c.File != names[0] {
			rest = append(rest, c)
		}
	}
	return list, rest, nil
}
