package configwxt

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/beevik/etree"

	"github.com/dtafgen/wxt/schema"
)

// Settings are the parts of a document that come from the project file and not
// from a tag.
type Settings struct {
	Encoding    string   // the XML declaration's, such as "UTF-8"
	Comment     string   // stands before the root element, if not empty
	AudioCodecs []string // highest priority first
	VideoCodecs []string // highest priority first
	// CodecAttributes are the values that an attribute of a codec's element has, by
	// the codec's name.
	CodecAttributes  map[string]map[string]string
	RegisterRefresh  int    // seconds
	SubscribeRefresh int    // seconds
	Transport        string // udp, tcp or tls; empty: left out
	SIPInfo          string // true or false; empty: left out
	SIPInfoPeriod    int    // seconds; 0: left out
}

// Document returns the template that root describes: a placeholder for each of
// its tags, and the settings. The bytes are well-formed XML in ASCII, indented
// by two spaces, and the same for the same arguments every time.
func Document(root schema.Element, s Settings) ([]byte, error) {
	doc := etree.NewDocument()
	doc.WriteSettings.CanonicalText = true
	doc.WriteSettings.CanonicalAttrVal = true
	doc.CreateProcInst("xml", fmt.Sprintf(`version="1.0" encoding="%s"`, s.Encoding))
	if s.Comment != "" {
		doc.CreateComment(" " + s.Comment + " ")
	}
	if err := s.write(doc.CreateElement(root.Name), root); err != nil {
		return nil, err
	}
	doc.Indent(2)
	return doc.WriteToBytes()
}

// write fills e as the schema's element says.
func (s Settings) write(e *etree.Element, from schema.Element) error {
	for _, a := range from.Attrs {
		if a.Tag != "" {
			e.CreateAttr(a.Name, "%"+a.Tag+"%")
		} else if v := s.attr(a.Setting); v != "" {
			e.CreateAttr(a.Name, v)
		}
	}
	if from.Tag != "" {
		e.SetText("%" + from.Tag + "%")
	}
	switch from.Setting {
	case "":
	case AudioCodecs:
		s.writeCodecs(e, s.AudioCodecs)
	case VideoCodecs:
		s.writeCodecs(e, s.VideoCodecs)
	case RegisterRefresh:
		e.SetText(strconv.Itoa(s.RegisterRefresh))
	case SubscribeRefresh:
		e.SetText(strconv.Itoa(s.SubscribeRefresh))
	default:
		return fmt.Errorf("element %s has the setting %q, which nothing fills", from.Name, from.Setting)
	}
	for _, c := range from.Children {
		if s.leavesOut(c) {
			continue
		}
		if c.Comment != "" {
			e.CreateComment(" " + c.Comment + " ")
		}
		if err := s.write(e.CreateElement(c.Name), c); err != nil {
			return err
		}
	}
	return nil
}

// attr returns the value of a setting that is an attribute's, or "" if there is
// none.
func (s Settings) attr(setting schema.Setting) string {
	switch setting {
	case Transport:
		return s.Transport
	case SIPInfo:
		return s.SIPInfo
	case SIPInfoPeriod:
		if s.SIPInfoPeriod > 0 {
			return strconv.Itoa(s.SIPInfoPeriod)
		}
	}
	return ""
}

// leavesOut reports whether an element has nothing but attributes that are left
// out.
func (s Settings) leavesOut(e schema.Element) bool {
	if e.Tag != "" || e.Setting != "" || len(e.Children) > 0 {
		return false
	}
	return !slices.ContainsFunc(e.Attrs, func(a schema.Attr) bool { return a.Tag != "" || s.attr(a.Setting) != "" })
}

// writeCodecs writes an element for each codec. Priorities fall from 1.0 in
// equal steps, and all of them are above 0.
func (s Settings) writeCodecs(e *etree.Element, names []string) {
	known := make(map[string]schema.Codec)
	for _, c := range schema.Codecs() {
		known[c.Name] = c
	}
	ranked := func(name string) bool {
		c, ok := known[name]
		return !ok || c.Ranked
	}
	n := 0
	for _, name := range names {
		if ranked(name) {
			n++
		}
	}
	i := 0
	for _, name := range names {
		c := e.CreateElement("codec")
		c.CreateAttr("name", name)
		if ranked(name) {
			c.CreateAttr("priority", priority(i, n))
			i++
		}
		for _, a := range known[name].Attributes {
			c.CreateAttr(a[0], a[1])
		}
		for _, attr := range slices.Sorted(maps.Keys(s.CodecAttributes)) {
			if value, ok := s.CodecAttributes[attr][name]; ok {
				c.CreateAttr(attr, value)
			}
		}
	}
}

// priority returns the priority of codec i of n: 1.0, 0.9 and so on, in smaller
// steps for more than ten.
func priority(i, n int) string {
	steps, digits := 10, 1
	for n > steps {
		steps, digits = steps*10, digits+1
	}
	return strconv.FormatFloat(float64(steps-i)/float64(steps), 'f', digits, 64)
}
