package wxt

import (
	"errors"

	"github.com/dtafgen/wxt/internal/xmltext"
)

// checkWellFormed looks for templates that are not XML.
func checkWellFormed(p *Pass) {
	var e *xmltext.SyntaxError
	if errors.As(p.notXML, &e) {
		p.Report(p.atOffset(e.Offset), "", "%s", e.Msg)
	}
}
