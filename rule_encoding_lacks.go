package wxt

import (
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/schema"
)

// checkEncodingLacks looks for letters of a template that the device type's
// encoding does not have.
func checkEncodingLacks(p *Pass) {
	deviceType, encoding, r := deviceEncoding(p)
	if p.Template == nil || r == nil {
		return
	}
	if encoding == "" {
		encoding = "ISO-8859-1"
	}
	cs, err := charset.Lookup(encoding)
	if err != nil {
		return
	}
	if letter, offset, ok := cs.Missing(p.Template.Source()); ok {
		p.Report(p.atOffset(offset), "write it as a reference, or: "+setEncoding(deviceType),
			"the template has %q, which the device type's encoding %s has not", letter, encoding)
	}
}

// atOffset returns the place of a byte of the template's text.
func (p *Pass) atOffset(offset int) schema.Position {
	line, column := p.lines().Position(offset)
	return schema.Position{File: p.file, Line: line, Column: column}
}
