// Package edits follows the edits of a template to its next release, and
// derives them from two templates.
package edits

import (
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
)

// Parse parses the text of a template as XML, within its limits. The error is a
// [*render.Error].
func Parse(t *render.Template) (*xmltext.Document, error) {
	l := t.Limits()
	doc, err := xmltext.Parse(t.Source(), xmltext.MaxDepth(l.Depth), xmltext.MaxNodes(l.Nodes))
	if err != nil {
		_, err = t.Places() // which fails for the same reason, and names the file
	}
	return doc, err
}
