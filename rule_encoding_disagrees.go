package wxt

import (
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/schema"
)

// checkEncodingDisagrees compares what the template declares with the encoding
// that the Application Server writes the file in. Where a letter of the template
// is lost by that, the letter is told of and not this.
func checkEncodingDisagrees(p *Pass) {
	if p.Template == nil || !p.isXML() {
		return
	}
	deviceType, encoding, r := deviceEncoding(p)
	if r == nil || encoding == "" || sameEncoding(p.Template.Encoding(), encoding) {
		return
	}
	if cs, err := charset.Lookup(encoding); err == nil {
		if _, _, lacks := cs.Missing(p.Template.Source()); lacks {
			return
		}
	}
	p.Report(p.atDeclaration(), "declare the device type's encoding; or make it that of the template: "+setEncoding(deviceType),
		"the template is in %s, and the device type's encoding is %s", p.Template.Encoding(), encoding)
}

func sameEncoding(a, b string) bool {
	x, errX := charset.Lookup(a)
	y, errY := charset.Lookup(b)
	return errX == nil && errY == nil && x.Name() == y.Name()
}

// atDeclaration returns where the XML declaration of a template names its
// encoding, or where the template begins.
func (p *Pass) atDeclaration() schema.Position {
	if p.xml != nil {
		if first := p.xml.Nodes[0]; first.Kind == xmltext.ProcInst && first.Name == "xml" {
			if a, ok := first.Attr("encoding"); ok {
				return p.atOffset(a.ValueStart)
			}
		}
	}
	return schema.Position{File: p.file, Line: 1, Column: 1}
}
