package simulate

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/expand"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A Preview is the file that one subscriber's app would download, and what is
// wrong with it.
type Preview struct {
	Encoding string          // of the bytes
	File     []byte          // passwords and all
	Findings schema.Findings // at places in the template, or in the subscriber file

	trace   *expand.Result
	charset charset.Charset
	secret  []bool                // whether a span of the trace is a secret
	about   map[findingKey]string // the tag of a finding
}

// Preview returns the file of a subscriber. The findings tell what of it the app
// could not use: it is not well-formed, its characters are not in its encoding,
// a tag stands in it that nobody set, a value is none of its tag's. They have
// their places in the template, and name the tag that brought them. If the values
// make more of the template than the limit allows, a finding says so and the file
// is empty.
//
// A system tag that the catalogue lacks and the subscriber has no value of gets one
// that is plainly made up, and a finding says so: real templates have many that no
// list names.
func (s *Simulation) Preview(sub *Subscriber) *Preview {
	invented := s.invented(sub)
	if len(invented) == 0 {
		return s.preview(sub)
	}
	full := *sub
	full.Tags = maps.Clone(sub.Tags)
	if full.Tags == nil {
		full.Tags = make(map[string]string)
	}
	for _, name := range invented {
		full.Tags[name] = exampleValue(name)
	}
	p := s.preview(&full)
	first := slices.IndexFunc(s.places, func(p render.Placeholder) bool { return p.Name == invented[0] })
	pos := schema.Position{File: s.file}
	if first >= 0 {
		pos = s.places[first].Position
	}
	const most = 5
	names := strings.Join(invented[:min(most, len(invented))], ", ")
	if n := len(invented) - most; n > 0 {
		names += fmt.Sprintf(" and %d more", n)
	}
	f := schema.NewFinding(codes.UnknownSystemTag, pos, "give the subscriber values of them, as your Application Server has them", "no list has %s: the values in this preview are made up", names)
	p.Findings = append(p.Findings, f).Sorted()
	return p
}

// invented returns the system tags of the template that the catalogue lacks and the
// subscriber has no value of, in the order of their places.
func (s *Simulation) invented(sub *Subscriber) []string {
	var names []string
	for _, span := range expand.Trace(s.template, s.resolver(sub)).Spans {
		name := last(span.Tags)
		if _, known := s.catalogue.Lookup(name); span.Undefined && tagname.IsSystem(name) && !known && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func (s *Simulation) preview(sub *Subscriber) *Preview {
	resolve := s.resolver(sub)
	p := &Preview{Encoding: s.charset.Name(), charset: s.charset, trace: expand.Trace(s.template, resolve), about: make(map[findingKey]string)}
	i := &inspection{Simulation: s, preview: p, trace: p.trace}
	var tooMuch *render.Error
	if errors.As(p.trace.Err, &tooMuch) {
		p.trace.Text, p.trace.Spans = "", nil
		i.add("", codes.TagInTag, tooMuch.Position, "", "%s", tooMuch.Err)
		return p
	}
	_, p.File = encodeReplacing(p.charset, p.trace.Text)
	for _, span := range p.trace.Spans {
		p.secret = append(p.secret, !span.Undefined && s.secret(span.Tags[len(span.Tags)-1]))
	}
	i.secrets = p.secret
	i.checkTags(resolve)
	i.checkEncoding()
	i.checkXML()
	i.checkSubscriber(sub, resolve)
	p.Findings = p.Findings.Sorted()
	return p
}

// Masked returns the file with asterisks for each value that is secret, and for what
// reads like a secret wherever it comes from, such as the password in a URL.
func (p *Preview) Masked() []byte {
	var values []secret.Span
	for i, span := range p.trace.Spans {
		if p.secret[i] && span.End > span.Start {
			values = append(values, secret.Span{Start: span.Start, End: span.End})
		}
	}
	text := p.trace.Text
	_, data := encodeReplacing(p.charset, secret.Redact(text, 0, len(text), secret.Union(values, secret.Find(text))))
	return data
}

// encodeReplacing returns text with question marks for the characters that an
// encoding lacks, and the same in the encoding.
func encodeReplacing(cs charset.Charset, text string) (string, []byte) {
	if data, err := cs.Encode(text); err == nil {
		return text, data
	}
	var b strings.Builder
	for _, r := range text {
		if r >= utf8.RuneSelf {
			if _, _, missing := cs.Missing(string(r)); missing {
				r = '?'
			}
		}
		b.WriteRune(r)
	}
	data, err := cs.Encode(b.String())
	if err != nil {
		data = []byte(b.String())
	}
	return b.String(), data
}

// An inspection looks for what is wrong with a preview.
type inspection struct {
	*Simulation
	preview *Preview
	trace   *expand.Result
	secrets []bool // whether a span of the trace is a secret
	broken  bool   // a finding tells already why the file is not well-formed
}

// add adds a finding about a tag, or about none.
func (i *inspection) add(tag, code string, pos schema.Position, remedy, format string, args ...any) {
	i.addAll(tag, schema.Findings{schema.NewFinding(code, pos, remedy, format, args...)})
}

func (i *inspection) addAll(tag string, fs schema.Findings) {
	for _, f := range fs {
		i.preview.about[keyOf(f)] = tag
	}
	i.preview.Findings = append(i.preview.Findings, fs...)
}

// last returns the tag whose value a span is.
func last(chain []string) string { return chain[len(chain)-1] }

// inside names the last of some tags that stand inside each other, and the
// others.
func inside(chain []string) string {
	var b strings.Builder
	b.WriteString(chain[len(chain)-1])
	for _, name := range slices.Backward(chain[:len(chain)-1]) {
		b.WriteString(" in " + name)
	}
	return b.String()
}

// groups yields the spans of each placeholder, as the range of their indices.
func (i *inspection) groups(yield func(from, to int) bool) {
	spans := i.trace.Spans
	for from := 0; from < len(spans); {
		to := from + 1
		for to < len(spans) && spans[to].Place == spans[from].Place {
			to++
		}
		if !yield(from, to) {
			return
		}
		from = to
	}
}

// checkTags looks at each placeholder's value.
func (i *inspection) checkTags(resolve render.Resolver) {
	for _, p := range i.trace.Problems {
		i.add(last(p.Tags), codes.TagInTag, i.places[p.Place].Position, "", "%s is left as it is: %s", inside(p.Tags), p.Trouble)
	}
	checked := make(map[string]bool)
	for from, to := range i.groups {
		spans := i.trace.Spans[from:to]
		place := spans[0].Place
		for _, span := range spans {
			if span.Undefined {
				i.addAll(last(span.Tags), schema.Findings{i.hole(i.places[place].Position, span.Tags)})
			}
		}
		if spans[0].Undefined && len(spans[0].Tags) == 1 {
			continue
		}
		value := i.trace.Text[spans[0].Start:spans[len(spans)-1].End]
		i.checkRaw(i.places[place], value, from, to)
		if name := i.places[place].Name; !checked[name] {
			checked[name] = true
			raw, _ := resolve(name)
			secret := slices.Contains(i.secrets[from:to], true)
			i.addAll(name, i.checkValue(name, raw, value, secret, i.places[place].Position))
		}
	}
}

// hole returns the finding of a tag without a value.
func (s *Simulation) hole(pos schema.Position, chain []string) schema.Finding {
	name := chain[len(chain)-1]
	remedy := "give it a value in a tag set, or declare it in the project"
	if tagname.IsSystem(name) {
		remedy = "give the subscriber a value for it"
	}
	if _, known := s.catalogue.Lookup(name); !known {
		if near, ok := s.catalogue.Nearest(name); ok {
			remedy = "did the template mean " + near + "?"
		}
	}
	f := schema.NewFinding(codes.UndefinedTag, pos, remedy, "%s has no value: it stays in the file as it is", inside(chain))
	f.Tag = name
	return f
}

// undefined returns the findings of a tag of the template without a value.
func (s *Simulation) undefined(name string) schema.Findings {
	var fs schema.Findings
	for _, p := range s.places {
		if p.Name == name {
			fs = append(fs, s.hole(p.Position, []string{name}))
		}
	}
	return fs
}

// checkRaw looks for what in a placeholder's value breaks the XML around it.
func (i *inspection) checkRaw(p render.Placeholder, value string, from, to int) {
	mark := p.BreaksXML(value)
	if mark == "" {
		return
	}
	i.broken = true
	culprit := i.trace.Spans[from]
	at := culprit.Start + strings.Index(value, mark)
	for _, span := range i.trace.Spans[from:to] {
		if span.Start <= at && at < span.End {
			culprit = span
		}
	}
	remedy := "write it as a reference, such as &amp; for &, or do without"
	if tagname.IsSystem(culprit.Tags[len(culprit.Tags)-1]) {
		remedy = "change it on the Application Server"
	}
	i.add(last(culprit.Tags), codes.RawXML, p.Position, remedy,
		"%s: the value has %s, and the Application Server puts it into the template's %s as it is: the app can't parse its file", inside(culprit.Tags), mark, p.Context)
}

// checkValue looks at a tag's value: as it is defined, and with the tags inside
// of it filled in, which may be secret.
func (s *Simulation) checkValue(name, raw, full string, secret bool, pos schema.Position) schema.Findings {
	var fs schema.Findings
	tag, ok := s.catalogue.Lookup(name)
	tag.Secret = tag.Secret || secret
	switch {
	case ok && tag.System:
		for _, f := range schema.Check(tag, full, pos) {
			if f.Code != codes.Token {
				f.Severity = schema.Warning
				fs = append(fs, f)
			}
		}
		return fs
	case !ok && tagname.IsSystem(name):
		return nil
	case ok && full == raw:
		return schema.Check(tag, raw, pos)
	}
	if err := tags.CheckValue(raw); err != nil {
		fs = append(fs, schema.NewFinding(codes.Token, pos, "", "%s: %s", name, err))
	}
	if ok {
		for _, f := range schema.Check(tag, full, pos) {
			if f.Code != codes.Token { // The limits are those of what a place holds.
				fs = append(fs, f)
			}
		}
	}
	return fs
}

// at returns the place in the template that an offset of the result comes from,
// and the span if it comes from a tag's value.
func (i *inspection) at(offset int) (schema.Position, *expand.Span) {
	at := offset // in the template
	spans := i.trace.Spans
	if n := sort.Search(len(spans), func(n int) bool { return spans[n].Start > offset }); n > 0 {
		span := &spans[n-1]
		p := i.places[span.Place]
		if offset < span.End {
			return p.Position, span
		}
		at = p.Offset + len(p.Name) + 2 + offset - span.End
	}
	line, column := i.lines.Position(at)
	return schema.Position{File: i.file, Line: line, Column: column}, nil
}

// checkEncoding looks for characters that the device type's encoding lacks, and
// for an XML declaration that names another encoding.
func (i *inspection) checkEncoding() {
	text := i.trace.Text
	end := 0
	lacks := func(part string, offset int, chain []string, secret bool) {
		r, at, missing := i.charset.Missing(part)
		if !missing {
			return
		}
		pos, _ := i.at(offset + at)
		what := fmt.Sprintf("the character %q", r)
		if secret {
			what = "a character"
		}
		who, tag := "the template", ""
		if chain != nil {
			who, tag = inside(chain)+": the value", last(chain)
		}
		i.add(tag, codes.Encoding, pos, "set the device type's encoding to UTF-8", "%s has %s, which %s lacks: the app gets a question mark", who, what, i.charset.Name())
	}
	for n, span := range i.trace.Spans {
		lacks(text[end:span.Start], end, nil, false)
		lacks(text[span.Start:span.End], span.Start, span.Tags, i.secrets[n])
		end = span.End
	}
	lacks(text[end:], end, nil, false)

	whole, data := encodeReplacing(i.charset, text)
	offset := strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
	if offset < 0 {
		return
	}
	if read, _, err := charset.Decode(data); err == nil && read == whole {
		return
	}
	declared := cmp.Or(charset.Declared(text), "UTF-8")
	pos, span := i.at(offset)
	who, tag := "the template", ""
	if span != nil {
		who, tag = inside(span.Tags), last(span.Tags)
	}
	i.broken = true
	i.add(tag, codes.Encoding, pos, "set the device type's encoding to "+declared,
		"%s has a character outside of ASCII, and the file is in %s while its XML declaration says %s: the app can't parse it (error 1507)", who, i.charset.Name(), declared)
}

// checkXML looks whether the file is well-formed, if nothing tells already why
// it is not.
func (i *inspection) checkXML() {
	if i.broken {
		return
	}
	_, err := xmltext.Parse(i.trace.Text)
	var syntax *xmltext.SyntaxError
	if !errors.As(err, &syntax) {
		return
	}
	pos, span := i.at(syntax.Offset)
	message, tag := "the file is not well-formed, the app can't parse it: "+syntax.Msg, ""
	if span != nil {
		tag = last(span.Tags)
		message = inside(span.Tags) + ": " + message
		if i.secret(span.Tags[len(span.Tags)-1]) {
			message = inside(span.Tags) + ": the value makes a file that is not well-formed, and the app can't parse it"
		}
	}
	i.add(tag, codes.FileNotWellFormed, pos, "", "%s", message)
}

// checkSubscriber looks for values of the subscriber that do nothing.
func (i *inspection) checkSubscriber(sub *Subscriber, resolve render.Resolver) {
	used := make(map[string]bool)
	for _, span := range i.trace.Spans {
		for _, name := range span.Tags {
			used[i.canonical(name)] = true
		}
	}
	if c := sub.row.header(); c != nil && !i.isHeader(c, used) {
		i.addAll("", schema.Findings{noHeader(c)})
		return
	}
	own := i.values(sub)
	check := func(written string) {
		name := i.tagOf(written)
		i.addAll(name, i.checkKey(name, used[name], sub.at(tagname.Bare(written))))
		if tagname.IsSystem(name) {
			return
		}
		if effective, ok := resolve(name); ok && effective != own[name] {
			i.add(name, codes.NotOverridable, sub.at(tagname.Bare(written)), "", "%s: the subscriber's value does nothing: a weaker place does not let it be overridden", name)
		}
	}
	for name := range sub.row.all() {
		check(name)
	}
	for name := range sub.Tags {
		check(name)
	}
}

// checkKey looks at the name of a tag that a subscriber has a value of. Used says
// whether it stands in the template, or in the value of a tag that does.
func (s *Simulation) checkKey(name string, used bool, pos schema.Position) schema.Findings {
	if used {
		return nil
	}
	near, hasNear := s.catalogue.Nearest(name)
	f := schema.NewFinding(codes.SubscriberKey, pos, "", "unknown tag %s", name)
	if hasNear {
		f.Remedy = "did you mean " + near + "?"
	}
	_, known := s.catalogue.Lookup(name)
	switch {
	case known:
		return schema.Findings{schema.NewFinding(codes.NoPlace, pos, "", "%s stands nowhere in the template for %s: its value does not reach the app", name, s.platform)}
	case tagname.IsSystem(name):
		f.Severity = schema.Warning
		f.Message = fmt.Sprintf("%s stands nowhere in the template for %s", name, s.platform)
	}
	return schema.Findings{f}
}
