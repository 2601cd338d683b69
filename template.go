package wxt

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/configwxt"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// settle returns the template of a target with all of its placeholders: the
// schema's tree, or the vendor's template, with the project's settings; and what
// of these the template can't take. The template is nil if there is none.
func settle(p *Project, t *Target, c *tags.Catalogue) (*render.Template, schema.Findings) {
	if t.base != nil {
		return applySettings(p, t)
	}
	if cs, err := charset.Lookup(t.Encoding); err != nil || !cs.IsASCIICompatible() {
		return nil, nil // which checkEncoding tells
	}
	built, err := builtIn(t, c)
	if err != nil {
		return nil, schema.Findings{schema.NewFinding(codes.Setting, p.top(), "", "%s: the template can't be built: %s", t.Platform, err)}
	}
	return built, nil
}

// edit returns the settled template of a target with the project's edits, and what
// of these the template can't take.
func edit(p *Project, t *Target) (*render.Template, schema.Findings) {
	var fs schema.Findings
	tmpl := t.settled
	if n := t.limits.Edits; len(t.Edits) > n {
		return tmpl, append(fs, schema.NewFinding(codes.Edit, p.atEdit(t.Platform, n), "",
			"%s has %d edits: expected at most %d", t.Platform, len(t.Edits), n))
	}
	for i, e := range t.Edits {
		if n := t.limits.Value; len(e.Value) > n {
			fs = append(fs, schema.NewFinding(codes.Edit, p.atEdit(t.Platform, i, "value", "text", "insert"), "",
				"%s: the value has %d bytes: expected at most %d", t.Platform, len(e.Value), n))
			continue
		}
		edited, err := tmpl.Edit(e)
		if err != nil {
			fs = append(fs, editFinding(p, t, i, err))
			continue
		}
		tmpl = edited
	}
	return tmpl, append(fs, newAttributes(p, t, tmpl)...)
}

// newAttributes warns of edits that give an element an attribute which no element
// of its name has, in the template or in what is known of the file: most likely it
// is misspelt.
func newAttributes(p *Project, t *Target, edited *render.Template) schema.Findings {
	if !slices.ContainsFunc(t.Edits, func(e render.Edit) bool { return e.Op == render.SetAttr }) {
		return nil
	}
	before, after := make(attributes), make(attributes)
	if before.of(t.settled.Source()) != nil || after.of(edited.Source()) != nil {
		return nil // which the edits have told
	}
	for _, e := range t.Edits {
		switch e.Op {
		case render.Insert, render.InsertBefore, render.InsertAfter:
			_ = before.of("<config>" + e.Value + "</config>") // what can't be read was not inserted
		}
	}
	known := func(yield func(element, attr string) bool) {
		for _, path := range schema.Paths() {
			if of, attr, ok := strings.Cut(path.Path, "/@"); ok && !yield(of[strings.LastIndexByte(of, '/')+1:], attr) {
				return
			}
		}
	}
	for element, attr := range known {
		before.add(element, attr)
	}
	var fs schema.Findings
	for _, element := range slices.Sorted(maps.Keys(after)) {
		for _, attr := range slices.Sorted(maps.Keys(after[element])) {
			i := slices.IndexFunc(t.Edits, func(e render.Edit) bool { return e.Op == render.SetAttr && e.Attr == attr })
			if i < 0 || before[element][attr] {
				continue
			}
			remedy := ""
			if near, ok := text.Nearest(attr, maps.Keys(before[element])); ok {
				remedy = "did you mean " + near + "?"
			}
			f := schema.NewFinding(codes.Edit, p.atEdit(t.Platform, i, "attr"), remedy,
				"%s: no <%s> has an attribute %s, neither in the template nor in what is known of config-wxt.xml: the app may ignore it", t.Platform, element, attr)
			f.Severity = schema.Warning
			fs = append(fs, f)
		}
	}
	return fs
}

// attributes are the names of attributes that elements have, by the element's name.
type attributes map[string]map[string]bool

func (a attributes) add(element, attr string) {
	if a[element] == nil {
		a[element] = make(map[string]bool)
	}
	a[element][attr] = true
}

// of adds those of a document.
func (a attributes) of(source string) error {
	doc, err := xmltext.Parse(source)
	if err != nil {
		return err
	}
	var visit func(n *xmltext.Node)
	visit = func(n *xmltext.Node) {
		for _, attr := range n.Attrs {
			a.add(n.Name, attr.Name)
		}
		for c := range n.Elements() {
			visit(c)
		}
	}
	visit(doc.Root)
	return nil
}

// builtIn returns the template that the schema's tree and the project's settings
// make.
func builtIn(t *Target, c *tags.Catalogue) (*render.Template, error) {
	shape := schema.ShapeOf(t.Platform, c)
	if t.Lines > 1 {
		shape = shape.WithLines(t.Lines)
	}
	documented, inherited, reconstructed := countPlaces()
	data, err := configwxt.Document(shape, configwxt.Settings{
		Encoding: t.Encoding,
		Comment: fmt.Sprintf("config-wxt.xml of the Webex app, %s. Of the places of tags %d are documented, %d inherited from the file of the app's predecessor, "+
			"and %d reconstructed; the template in Cisco's own archive is the authority.", t.Platform, documented, inherited, reconstructed),
		AudioCodecs:      t.Codecs.Audio,
		VideoCodecs:      t.Codecs.Video,
		CodecAttributes:  t.Codecs.Attributes,
		RegisterRefresh:  t.SIP.RegisterRefresh,
		SubscribeRefresh: t.SIP.SubscribeRefresh,
		Transport:        t.SIP.Transport,
		SIPInfo:          t.SIP.info(),
		SIPInfoPeriod:    t.SIP.InfoPeriod,
	})
	if err != nil {
		return nil, err
	}
	return render.Parse(dtaf.Spec(t.Platform).TemplateName(t.DeviceType), data)
}

// info returns whether SIP INFO is used, as XML has it; empty: that is not set.
func (s SIP) info() string {
	if s.Info == nil {
		return ""
	}
	return strconv.FormatBool(*s.Info)
}

// countPlaces returns how many places of tags have which mark.
func countPlaces() (documented, inherited, reconstructed int) {
	for _, place := range schema.Paths() {
		switch {
		case place.Tag == "":
		case place.Known.Mark == tags.Documented:
			documented++
		case place.Known.Mark == tags.Inherited:
			inherited++
		default:
			reconstructed++
		}
	}
	return documented, inherited, reconstructed
}

// applySettings returns the vendor's template with the codecs and intervals that
// the project sets.
func applySettings(p *Project, t *Target) (*render.Template, schema.Findings) {
	var fs schema.Findings
	tmpl := t.base.templates[t.base.main]
	for _, list := range []struct {
		media string
		names []string
	}{{"audio", t.Codecs.Audio}, {"video", t.Codecs.Video}} {
		if list.names == nil {
			continue
		}
		edited, change, err := configwxt.SetCodecs(tmpl, list.media, list.names, t.Codecs.KeepOthers)
		if err != nil {
			return nil, append(fs, schema.NewFinding(codes.Base, p.at(t.Platform.String(), "base"), "", "%s.base: %s", t.Platform, err))
		}
		tmpl = edited
		fs = append(fs, codecFindings(p, t, list.media, list.names, change)...)
	}
	tmpl, lacks := codecAttributesIn(p, t, tmpl)
	fs = append(fs, lacks...)
	for _, s := range []struct {
		key     string
		setting schema.Setting
		value   string
	}{
		{"register_refresh", configwxt.RegisterRefresh, strconv.Itoa(t.SIP.RegisterRefresh)},
		{"subscribe_refresh", configwxt.SubscribeRefresh, strconv.Itoa(t.SIP.SubscribeRefresh)},
		{"transport", configwxt.Transport, t.SIP.Transport},
		{"info", configwxt.SIPInfo, t.SIP.info()},
		{"info_period", configwxt.SIPInfoPeriod, strconv.Itoa(t.SIP.InfoPeriod)},
	} {
		if s.value == "0" || s.value == "" {
			continue
		}
		path := settingPath(s.setting)
		change := render.Edit{Path: path, Op: render.SetText, Value: s.value}
		if element, attr, ok := strings.Cut(path, "/@"); ok {
			change = render.Edit{Path: element, Op: render.SetAttr, Attr: attr, Value: s.value}
		}
		edited, err := tmpl.Edit(change)
		if err != nil {
			fs = append(fs, schema.NewFinding(codes.BaseLacks, p.at("sip", s.key),
				fmt.Sprintf("set the template's own element with a [[%s.edit]]", t.Platform),
				"sip.%s is not set: the template for %s has no %s", s.key, t.Platform, path))
			continue
		}
		tmpl = edited
	}
	return tmpl, fs
}

// codecAttributesIn gives the codecs of the template's main lists the attributes that
// the project sets, and tells which codecs it lacks.
func codecAttributesIn(p *Project, t *Target, tmpl *render.Template) (*render.Template, schema.Findings) {
	var fs schema.Findings
	for _, key := range codecAttributes {
		attr := codecAttribute(key)
		values := t.Codecs.Attributes[attr]
		for _, codec := range slices.Sorted(maps.Keys(values)) {
			if !codecName.MatchString(codec) {
				continue // which checkCodecs tells
			}
			set := false
			for _, list := range []string{settingPath(configwxt.AudioCodecs) + "/codec", settingPath(configwxt.VideoCodecs) + "/codec", "//codec"} {
				edited, err := tmpl.Edit(render.Edit{Path: list + "[@name='" + codec + "']", Op: render.SetAttr, Attr: attr, Value: values[codec], All: true})
				if err == nil {
					tmpl, set = edited, true
					break
				}
			}
			if !set {
				fs = append(fs, schema.NewFinding(codes.BaseLacks, p.at("codecs", key, codec), "",
					"codecs.%s is not set: the template for %s has no codec %s", key, t.Platform, codec))
			}
		}
	}
	return tmpl, fs
}

// codecFindings tells what of the project's codecs the vendor's template lacks, and
// what became of its own.
func codecFindings(p *Project, t *Target, media string, names []string, change configwxt.CodecChange) schema.Findings {
	var fs schema.Findings
	for i, name := range names {
		if slices.Contains(change.Missing, name) {
			fs = append(fs, schema.NewFinding(codes.BaseLacks, p.at("codecs", media, i), "",
				"the template for %s has no %s codec %s", t.Platform, media, name))
		}
	}
	pos := p.atKey("codecs", media)
	for _, line := range change.Left {
		fs = append(fs, schema.NewFinding(codes.BaseLacks, pos, "name one that it has, or edit it with [["+t.Platform.String()+".edit]]",
			"the list of %s codecs in line %d of the template for %s has none of these, and stays as it is", media, line, t.Platform))
	}
	var told []string
	if len(change.Removed) > 0 {
		told = append(told, "takes out "+strings.Join(change.Removed, ", "))
	}
	if len(change.Repeated) > 0 {
		told = append(told, "keeps each "+strings.Join(change.Repeated, ", ")+" where the list has several")
	}
	if len(told) > 0 {
		where := "the list"
		if change.Lists > 1 {
			where = fmt.Sprintf("each of the %d lists", change.Lists)
		}
		remedy := ""
		if len(change.Removed) > 0 {
			remedy = "set codecs.keep_others = true to keep the template's others behind yours"
		}
		f := schema.NewFinding(codes.BaseLacks, pos, remedy, "codecs.%s puts %s of the template for %s in order, and %s", media, where, t.Platform, strings.Join(told, ", and "))
		f.Severity = schema.Info
		fs = append(fs, f)
	}
	return fs
}

// settingPath returns where a setting stands.
func settingPath(s schema.Setting) string {
	for _, p := range schema.Paths() {
		if p.Setting == s {
			return p.Path
		}
	}
	return ""
}

// editFinding tells why an edit can't be made.
func editFinding(p *Project, t *Target, i int, err error) schema.Finding {
	var ee *render.EditError
	if !errors.As(err, &ee) {
		return schema.NewFinding(codes.Edit, p.atEdit(t.Platform, i), "", "%s: %s", t.Platform, err)
	}
	pos := p.atEdit(t.Platform, i, "path")
	switch ee.Part {
	case "attr":
		pos = p.atEdit(t.Platform, i, "attr", "path")
	case "value":
		pos = p.atEdit(t.Platform, i, "value", "text", "insert", "path")
	}
	return schema.NewFinding(codes.Edit, pos, ee.Remedy, "%s: %s", t.Platform, ee.Reason)
}

// Templates returns every template of the target's archive, the one of
// config-wxt.xml first. There are none if that one can't be made.
func (t *Target) Templates() []*render.Template {
	if t.Template == nil {
		return nil
	}
	list := []*render.Template{t.Template}
	if t.base != nil {
		for _, name := range t.base.others() {
			list = append(list, t.base.templates[name])
		}
	}
	return list
}

// inline returns the bytes of a template with the target's values written into
// it, escaped for XML.
func inline(t *Target, tmpl *render.Template) ([]byte, error) {
	substitution := render.Escaped
	if cs, err := charset.Lookup(t.Encoding); err != nil || !cs.IsUTF8() || tmpl.Encoding() != cs.Name() {
		substitution = render.EscapedASCII
	}
	bound := tmpl.Bind(func(name string) (string, bool) {
		v, ok := t.Value(name)
		return v.Value, ok
	}, substitution)
	return bound.Encode(bound.Source())
}
