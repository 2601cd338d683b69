package wxt

import (
	"fmt"

	"github.com/dtafgen/wxt/internal/charset"
)

// setEncoding is the command that gives an imported device type its encoding.
func setEncoding(deviceType string) string {
	if deviceType == "" {
		deviceType = "<type>"
	}
	return fmt.Sprintf(`AS_CLI/System/DeviceType/SIP> set "%s" defaultDeviceEncoding UTF-8`, deviceType)
}

// checkEncoding looks at the encoding of a target, and at the letters of its
// values.
func checkEncoding(p *Pass) {
	t := p.Target
	pos := p.At(t.Platform.String(), "encoding")
	cs, err := charset.Lookup(t.Encoding)
	if err != nil {
		p.Report(pos, "", "%s.encoding: %s", t.Platform, err)
		return
	}
	if !cs.IsASCIICompatible() && t.base == nil {
		p.Report(pos, "use UTF-8", "%s.encoding: %s does not hold ASCII as it is, which a template needs", t.Platform, t.Encoding)
		return
	}
	if p.Options.Mode == Inline {
		return // What the encoding lacks is written as a reference.
	}
	for _, v := range t.Values {
		if r, _, ok := cs.Missing(v.Value); ok {
			v, _ := p.Value(v.Tag.Name)
			p.Report(v.Position, "set encoding to UTF-8, or build with --mode inline; for a device type that is imported already: "+setEncoding(t.DeviceType),
				"%s: %s has no character %q, which the value has", v.Tag.Name, t.Encoding, r)
		}
	}
}
