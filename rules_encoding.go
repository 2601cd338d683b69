package wxt

import (
	"fmt"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/schema"
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
	if t == nil {
		return
	}
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
	if p.inlines() {
		return // What the encoding lacks is written as a reference.
	}
	for _, v := range t.Values {
		if r, _, ok := cs.Missing(v.Value); ok {
			v, _ := p.Value(v.Tag.Name)
			p.reportTag(v.Tag.Name, v.Position, "set encoding to UTF-8, or build with --mode inline; for a device type that is imported already: "+setEncoding(t.DeviceType),
				"%s: %s has no character %q, which the value has", v.Tag.Name, t.Encoding, r)
		}
	}
}

// checkEncodingDisagrees compares what the template declares with the encoding
// that the Application Server writes the file in. Where a letter of the template
// is lost by that, the letter is reported and not this.
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
	if xml := p.shared().xml; xml != nil {
		if first := xml.Nodes[0]; first.Kind == xmltext.ProcInst && first.Name == "xml" {
			if a, ok := first.Attr("encoding"); ok {
				return p.atOffset(a.ValueStart)
			}
		}
	}
	return schema.Position{File: p.shared().file, Line: 1, Column: 1}
}

// checkEncodingBytes looks for bytes that are not in the encoding that the
// template declares.
func checkEncodingBytes(p *Pass) {
	if e := p.shared().unreadable; e != nil {
		deviceType, _, _ := deviceEncoding(p)
		p.Report(e.Position, "save it as UTF-8, declare UTF-8, and: "+setEncoding(deviceType), "%s", e.Err)
	}
}

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
			"the template has %q, which the device type's encoding %s lacks", letter, encoding)
	}
}

// deviceEncoding returns the device type that a manifest adds, its encoding, and
// the request; the request is nil if the type has no files to manage.
func deviceEncoding(p *Pass) (deviceType, encoding string, r *oci.Request) {
	if p.Manifest == nil {
		return "", "", nil
	}
	r = deviceManagement(p.Manifest)
	if r == nil {
		return "", "", nil
	}
	deviceType, _ = r.Get("deviceType")
	encoding, _ = r.Get("defaultDeviceEncoding")
	return deviceType, encoding, r
}

// checkEncodingMissing looks for device types without an encoding.
func checkEncodingMissing(p *Pass) {
	deviceType, encoding, r := deviceEncoding(p)
	if r == nil || encoding != "" {
		return
	}
	p.Report(p.element(r, "deviceManagementDeviceTypeOptions"), "add defaultDeviceEncoding, or after the import: "+setEncoding(deviceType),
		"the device type has no defaultDeviceEncoding: the Application Server uses ISO-8859-1")
}
