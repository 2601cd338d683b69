package oci

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/schema"
)

// Check compares the document with what the OCI schema asks for and returns
// what it finds, in the order of the document. A document has a finding of
// severity error exactly if the schema refuses it, but for three things: a
// manifest needs no session, only a message is held to [MaxCommands], and the
// elements of requests that are not modelled are not looked at, of which an
// info tells.
//
// The codes are WXT201 for requests that are not known or not modelled, WXT202
// for elements and attributes that a request does not have, WXT203 for elements
// that are missing, doubled or not at their place, and WXT204 for values. Of
// these, a warning says that a reader will change the white space of a value.
func (d *Document) Check() schema.Findings {
	c := &checker{}
	c.header(d)
	if len(d.Requests) == 0 {
		c.add(codes.ElementOrder, schema.Error, d.Pos, "the document has no command", "put at least one request into it")
	}
	if n := len(d.Requests); n > MaxCommands && (d.SessionID != "" || len(d.Header) > 0) {
		c.add(codes.ElementOrder, schema.Error, d.Requests[MaxCommands].Pos,
			fmt.Sprintf("the message has %d commands: expected at most %d", n, MaxCommands), "send it as several messages")
	}
	for _, r := range d.Requests {
		c.request(r)
	}
	return c.sorted()
}

type checker struct {
	name  string // of the request
	found schema.Findings
}

// sorted returns the findings in the order of the document, as far as it has
// positions.
func (c *checker) sorted() schema.Findings {
	slices.SortStableFunc(c.found, func(a, b schema.Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return c.found
}

func (c *checker) add(code string, severity schema.Severity, pos schema.Position, message, remedy string) {
	if c.name != "" {
		message = c.name + ": " + message
	}
	c.found = append(c.found, schema.Finding{Code: code, Severity: severity, Position: pos, Message: message, Remedy: remedy})
}

// header checks what stands ahead of the commands.
func (c *checker) header(d *Document) {
	if d.Protocol != "" && d.Protocol != "OCI" && d.Protocol != "NSOCI" {
		c.add(codes.ElementValue, schema.Error, d.Pos, fmt.Sprintf("the protocol is %s: expected OCI", excerpt(d.Protocol)), `write protocol="OCI"`)
	}
	if strings.ContainsFunc(d.SessionID, notXML) {
		c.add(codes.ElementValue, schema.Error, d.Pos, "sessionId has a character that XML cannot hold", "")
	}
	identities := []string{"sessionId", "userId", "phoneNumber", "linePort", "externalUserIdentity"}
	identity, tracking := "", false
	if d.SessionID != "" {
		identity = "sessionId"
	}
	for _, h := range d.Header {
		c.attrs(h, &part{})
		switch {
		case slices.Contains(identities, h.Name):
			switch {
			case identity != "":
				c.add(codes.ElementOrder, schema.Error, h.Pos, fmt.Sprintf("%s beside %s: expected one of %s", h.Name, identity, strings.Join(identities, ", ")), "remove one of them")
			case tracking:
				c.add(codes.ElementOrder, schema.Error, h.Pos, h.Name+" comes after trackingId: expected it before", "move it")
			}
			identity = h.Name
			if h.Name == "externalUserIdentity" {
				c.externalIdentity(h)
			} else {
				c.token(h, 0, 0)
			}
		case h.Name == "trackingId":
			if tracking {
				c.add(codes.ElementOrder, schema.Error, h.Pos, "trackingId stands twice", "remove one of them")
			}
			tracking = true
			c.token(h, 1, 0)
		default:
			c.add(codes.UnknownElement, schema.Error, h.Pos, fmt.Sprintf("element %s is not known ahead of the commands", h.Name), didYouMean(likely(h.Name, append(identities, "trackingId", "command"))))
		}
	}
}

// token checks an element of the header that holds text.
func (c *checker) token(e *Element, least, most int) {
	v := ValueType{Name: "xs:token", Base: "xs:token", MinLength: least, MaxLength: most}
	c.value(e, &part{name: e.Name, typeName: v.Name, simple: v})
}

func (c *checker) externalIdentity(e *Element) {
	token := func(most int) ValueType {
		return ValueType{Name: "NonEmptyToken", Base: "xs:token", MinLength: 1, MaxLength: most}
	}
	role := token(0)
	role.Enumeration = []string{"User", "Administrator"}
	t := &Type{Name: "externalUserIdentity", parts: []*part{
		{name: "id", simple: token(161)}, {name: "organizationId", simple: token(36)}, {name: "role", simple: role},
	}}
	t.index = map[string]int{"id": 0, "organizationId": 1, "role": 2}
	c.content(t, e.Name, e.Pos, e.Value, e.Children)
}

// request checks one command.
func (c *checker) request(r *Request) {
	c.name = ""
	t, ok := Lookup(r.Type)
	if !ok {
		c.unknown(r)
		return
	}
	c.name = r.Type
	for _, a := range r.Attrs {
		if a.Name != "echo" && a.Name != "requestLocale" {
			c.add(codes.UnknownElement, schema.Error, r.Pos, fmt.Sprintf("the command has an attribute %s, which the schema does not know", a.Name), "remove it")
		}
	}
	c.content(t, "the request", r.Pos, "", r.Elements)
}

// looksLikeVersion matches what may stand after the name of a family to name a
// version, whether there is such a version or not: 24, V2, 22V12, 23V9V9.
var looksLikeVersion = regexp.MustCompile(`^((V|sp)?[0-9]+)*$`)

// unknown tells what is to be said of a request that the table does not have.
func (c *checker) unknown(r *Request) {
	names := model().names
	switch trimmed := strings.TrimSpace(local(r.Type)); {
	case trimmed == "":
		c.add(codes.UnknownRequest, schema.Error, r.Pos, "a command without an xsi:type: expected the name of its request", "write it as <command xsi:type=...>")
		return
	case r.Type != trimmed:
		c.add(codes.UnknownRequest, schema.Error, r.Pos, fmt.Sprintf("%q is not the name of a request: expected a name without a prefix and white space", r.Type), "write it as "+trimmed)
		return
	}
	for _, f := range model().families {
		version, ok := strings.CutPrefix(r.Type, f.name)
		if !ok || !f.types[0].request {
			continue
		}
		if looksLikeVersion.MatchString(version) {
			last := f.types[len(f.types)-1].Name
			c.add(codes.UnknownRequest, schema.Error, r.Pos, fmt.Sprintf("there is no request %s: the last version is %s", r.Type, last), "use that version, or an earlier one")
			return
		}
	}
	if n := oneSlip(r.Type, names); n != "" {
		c.add(codes.UnknownRequest, schema.Error, r.Pos, fmt.Sprintf("there is no request %s", r.Type), didYouMean(n))
		return
	}
	c.add(codes.UnknownRequest, schema.Info, r.Pos, r.Type+" is not modelled: its elements are not checked", didYouMean(likely(r.Type, names)))
}

// content checks the elements and the text of a request or of an element with
// elements of its own. The name is how messages call it.
func (c *checker) content(t *Type, name string, pos schema.Position, text string, elements []*Element) {
	if collapse(text) != "" {
		c.add(codes.ElementValue, schema.Error, pos, fmt.Sprintf("%s holds the text %s: expected only elements", name, excerpt(text)), "remove the text")
	}
	known, meant := c.names(t, elements)
	c.order(t, known)
	c.missing(t, name, pos, elements, meant)
	for _, e := range elements {
		if i, ok := t.index[e.Name]; ok {
			c.element(e, t.parts[i])
		}
	}
}

// placed is an element that stands where the type knows one.
type placed struct {
	*Element
	part int // index in the type's parts
}

// names finds elements that the type does not know or knows once, and returns
// the others. The elements that are likely meant by misspelt ones are there too.
func (c *checker) names(t *Type, elements []*Element) (list []placed, meant map[string]bool) {
	meant = make(map[string]bool)
	seen := make([]*Element, len(t.parts))
	chosen := make(map[int]*Element)
	for _, e := range elements {
		i, ok := t.index[e.Name]
		if !ok {
			meant[c.unknownElement(t, e)] = true
			continue
		}
		p := t.parts[i]
		if seen[i] != nil && !p.unbounded {
			c.add(codes.ElementOrder, schema.Error, e.Pos, fmt.Sprintf("%s stands twice%s", e.Name, firstAt(seen[i])), "remove one of them")
			continue
		}
		if p.choice != 0 {
			if other := chosen[p.choice]; other != nil && other.Name != e.Name {
				c.add(codes.ElementOrder, schema.Error, e.Pos, fmt.Sprintf("%s beside %s: expected %s", e.Name, other.Name, t.group(p.choice)), "remove one of them")
				continue
			}
			chosen[p.choice] = e
		}
		seen[i] = e
		list = append(list, placed{e, i})
	}
	return list, meant
}

func firstAt(e *Element) string {
	if e.Pos.Line == 0 {
		return ""
	}
	return fmt.Sprintf(", first in line %d", e.Pos.Line)
}

// unknownElement tells what is to be said of an element that t does not have,
// and returns the one that is likely meant.
func (c *checker) unknownElement(t *Type, e *Element) string {
	var names []string
	for _, p := range t.parts {
		names = append(names, p.name)
	}
	history, meant := t.history(e.Name), ""
	if history == "" {
		meant = likely(e.Name, names)
	}
	remedy := cmp.Or(history, didYouMean(meant), "remove it")
	within := ""
	if t.Name != c.name {
		within = " in " + t.Name
	}
	c.add(codes.UnknownElement, schema.Error, e.Pos, fmt.Sprintf("element %s is not known%s", e.Name, within), remedy)
	return meant
}

// order finds the elements that do not stand at their place: as few as have to
// be moved.
func (c *checker) order(t *Type, list []placed) {
	parts := make([]int, len(list))
	for i, e := range list {
		parts[i] = e.part*len(list) + i // a part may come several times in a row
	}
	keep := text.Rising(parts)
	for i, e := range list {
		if keep[i] {
			continue
		}
		c.add(codes.ElementOrder, schema.Error, e.Pos, fmt.Sprintf("%s does not stand at its place: expected it %s", e.Name, place(t, e.part, list, keep)), "move it")
	}
}

// place says where the element of a type belongs among those that are at their
// place.
func place(t *Type, part int, list []placed, keep []bool) string {
	before := ""
	for i, e := range list {
		if !keep[i] {
			continue
		}
		if e.part > part {
			if before == "" {
				return "ahead of " + e.Name
			}
			return "between " + before + " and " + e.Name
		}
		before = e.Name
	}
	if before == "" {
		return "first"
	}
	return "behind " + before
}

// missing finds the elements that have to be there and are not, not even
// misspelt.
func (c *checker) missing(t *Type, name string, pos schema.Position, elements []*Element, meant map[string]bool) {
	present := make(map[string]bool)
	for _, e := range elements {
		present[e.Name] = true
	}
	for i := 0; i < len(t.parts); i++ {
		first, p := i, t.parts[i]
		needed, there := !p.optional, present[p.name] || meant[p.name]
		for p.choice != 0 && i+1 < len(t.parts) && t.parts[i+1].choice == p.choice {
			i++
			needed = needed && !t.parts[i].optional
			there = there || present[t.parts[i].name]
		}
		if there || !needed {
			continue
		}
		what := p.name
		if p.choice != 0 {
			what = t.group(p.choice)
		}
		where, at := "", pos
		for _, before := range slices.Backward(t.parts[:first]) {
			if present[before.name] {
				where = " behind " + before.name
				break
			}
		}
		for _, e := range elements {
			if k, ok := t.index[e.Name]; ok && k > i {
				at = e.Pos
				if where == "" {
					where = " ahead of " + e.Name
				}
				break
			}
		}
		expected := ""
		if p.complex == nil && p.choice == 0 {
			expected = ", " + p.simple.String()
		}
		c.add(codes.ElementOrder, schema.Error, at, fmt.Sprintf("%s has no %s: expected it%s%s", name, what, where, expected), "add it")
	}
}

// element checks what an element holds.
func (c *checker) element(e *Element, p *part) {
	c.attrs(e, p)
	if e.Nil {
		switch {
		case !p.nillable:
			c.add(codes.ElementValue, schema.Error, e.Pos, fmt.Sprintf("%s has xsi:nil, which it does not take", e.Name), "give it a value, or remove it")
		case e.Value != "" || len(e.Children) > 0:
			c.add(codes.ElementValue, schema.Error, e.ValuePos, fmt.Sprintf("%s has xsi:nil and is not empty", e.Name), "remove xsi:nil, or what is in it")
		}
		return
	}
	if p.complex != nil {
		c.content(p.complex, e.Name, e.Pos, e.Value, e.Children)
		return
	}
	c.value(e, p)
}

// attrs checks the attributes of an element.
func (c *checker) attrs(e *Element, p *part) {
	for _, a := range e.Attrs {
		switch {
		case a.Name == "xsi:type" && a.Value == p.typeName && p.typeName != "":
		case a.Name == "xsi:nil" && p.nillable && slices.Contains([]string{"false", "0"}, collapse(a.Value)):
		case a.Name == "xsi:nil" && !p.nillable:
			c.add(codes.ElementValue, schema.Error, e.Pos, fmt.Sprintf("%s has xsi:nil, which it does not take", e.Name), "remove xsi:nil")
		case a.Name == "xsi:nil":
			c.add(codes.ElementValue, schema.Error, e.Pos, fmt.Sprintf("xsi:nil of %s is %s: expected true or false", e.Name, excerpt(a.Value)), "")
		default:
			c.add(codes.UnknownElement, schema.Error, e.Pos, fmt.Sprintf("%s has an attribute %s: expected none", e.Name, a.Name), "remove it")
		}
	}
}

// value checks an element that holds a value.
func (c *checker) value(e *Element, p *part) {
	if len(e.Children) > 0 {
		c.add(codes.UnknownElement, schema.Error, e.Children[0].Pos, fmt.Sprintf("element %s in %s: expected %s", e.Children[0].Name, e.Name, p.simple), "remove it")
		return
	}
	if e.Value == "" && (p.def != "" || p.fixed != "") {
		return
	}
	if p.fixed != "" {
		if e.Value != p.fixed {
			c.add(codes.ElementValue, schema.Error, e.ValuePos, fmt.Sprintf("%s is %s: expected %s, the only value that it takes", e.Name, excerpt(e.Value), p.fixed), fmt.Sprintf("write %s, or remove the element", p.fixed))
		}
		return
	}
	if problem := p.simple.problem(e.Value); problem != "" {
		remedy := ""
		switch {
		case len(p.simple.Enumeration) > 0:
			remedy = didYouMean(likely(collapse(e.Value), p.simple.Enumeration))
		case e.Value == "" && p.nillable:
			remedy = `write xsi:nil="true" for no value`
		case e.Value == "" && p.optional:
			remedy = "remove the element for no value"
		}
		c.add(codes.ElementValue, schema.Error, e.ValuePos, fmt.Sprintf("%s: %s: expected %s", e.Name, problem, p.simple), remedy)
		return
	}
	if kept := collapse(e.Value); kept != e.Value && p.simple.Base == "xs:token" {
		c.add(codes.ElementValue, schema.Warning, e.ValuePos, fmt.Sprintf("%s has white space that is not kept: it is read as %s", e.Name, p.simple.excerpt(kept)), "write it so")
	}
}

func didYouMean(name string) string {
	if name == "" {
		return ""
	}
	return "did you mean " + name + "?"
}

// history says which versions of t have an element, if t has not and others
// do.
func (t *Type) history(name string) string {
	has := func(x *Type) bool {
		_, leaf := x.path(name)
		_, own := x.index[name]
		return leaf || own
	}
	all := t.Versions
	first := slices.IndexFunc(all, has)
	if first < 0 {
		return ""
	}
	at := slices.Index(all, t)
	for _, later := range all[at+1:] {
		switch {
		case has(later) && later == all[first]:
			return fmt.Sprintf("%s is the first to have it%s", later.Name, fromRelease(later.Since))
		case has(later):
			return fmt.Sprintf("%s has it%s", later.Name, fromRelease(later.Since))
		}
	}
	last := at
	for !has(all[last]) {
		last--
	}
	return all[last].Name + " was the last to have it"
}

func fromRelease(r Release) string {
	if r == 0 {
		return ""
	}
	return " (" + r.String() + ")"
}
