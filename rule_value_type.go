package wxt

import "github.com/dtafgen/wxt/schema"

// checkValues compares every value with its tag's type. What it finds has the
// codes WXT010 to WXT014.
func checkValues(p *Pass) {
	for _, v := range p.Target.Values {
		if v, ok := p.Value(v.Tag.Name); ok {
			*p.findings = append(*p.findings, schema.Check(v.Tag, v.Value, v.Position)...)
		}
	}
}
