package render

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/xmlpath"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/schema"
)

// An Op is what an edit does.
type Op uint8

// The kinds of edit. The root element has nothing beside it.
const (
	SetAttr      Op = iota + 1 // give the attribute Attr the value Value
	SetText                    // give the element the text Value
	Remove                     // remove the element
	RemoveAttr                 // remove the attribute Attr
	Insert                     // put the XML Value into the element, behind what is in it
	InsertBefore               // put the XML Value ahead of the element
	InsertAfter                // put the XML Value behind the element
)

// An Edit is a change to a template that touches only the bytes of its own
// spot: line ends, indentation, quotation marks, comments and references
// elsewhere stay as they are.
type Edit struct {
	Path  string // the element, as an etree path from the document, such as "config/services/calls/call-pull"
	All   bool   // change every element that the path matches; otherwise it has to match one
	Op    Op
	Attr  string // for SetAttr and RemoveAttr
	Value string // for SetAttr and SetText as plain text, which is escaped; to insert as XML
}

// An EditError is an edit that can't be made.
type EditError struct {
	Index  int // of the edit, from 0
	Edit   Edit
	Part   string // what of the edit is wrong: "path", "attr" or "value"
	Reason string
	Remedy string // what to do, or ""

	limit error // that is crossed
}

// Unwrap returns the [*schema.LimitError] of an edit that is over a limit.
func (e *EditError) Unwrap() error { return e.limit }

// Error implements the error interface.
func (e *EditError) Error() string {
	return fmt.Sprintf("edit of %s: %s", text.Clip(e.Edit.Path, 200), e.Reason)
}

// Edit returns the template with the edits made, one after the other: each sees
// what those before it left. The template has to be well-formed XML; its error
// is an [*Error]. An edit that can't be made is an [*EditError], also one that is
// over a limit: what it makes counts, and what the edits of a template look at.
func (t *Template) Edit(edits ...Edit) (*Template, error) {
	if len(edits) == 0 {
		return t, nil
	}
	src, o := t.text, t.origin
	for i, e := range edits {
		doc, err := t.parseXML(src)
		if err != nil {
			return nil, err
		}
		if err = o.look(doc.Count + len(src)/64); err == nil {
			src, err = o.edit(doc, e)
		}
		if err != nil {
			var ee *EditError
			if !errors.As(err, &ee) {
				ee = &EditError{Reason: err.Error()}
			}
			ee.Index, ee.Edit, ee.Part = i, e, cmp.Or(ee.Part, "path")
			return nil, ee
		}
	}
	if err := t.limits.check(t.file, src); err != nil {
		return nil, err
	}
	return parseText(o, src), nil
}

// look counts what an edit looks at.
func (o *origin) look(steps int) error {
	if o.steps += steps; o.steps > o.limits.Steps {
		return overSteps(o.limits.Steps)
	}
	return nil
}

func overSteps(limit int) *EditError {
	return &EditError{
		Reason: fmt.Sprintf("the edits up to this one look at more than %d elements: expected at most that many", limit),
		Remedy: "make fewer edits, with paths that name the elements on the way in place of // and *",
		limit:  &schema.LimitError{Of: "the edits", What: "steps", Limit: int64(limit)},
	}
}

// edit returns what one edit makes of a document.
func (o *origin) edit(doc *xmltext.Document, e Edit) (string, error) {
	splices, nodes, err := o.splices(doc, e)
	if err != nil {
		return "", err
	}
	src, err := text.Apply(doc.Src, splices)
	if err != nil {
		return "", err
	}
	if len(src) > o.limits.Size {
		return "", o.tooMuch("bytes", o.limits.Size)
	}
	if doc.Count+nodes > o.limits.Nodes {
		return "", o.tooMuch("elements, attributes and texts", o.limits.Nodes)
	}
	return src, nil
}

// tooMuch is the error of an edit whose template would be over a limit.
func (o *origin) tooMuch(what string, limit int) *EditError {
	return &EditError{
		Part:   "value",
		Reason: fmt.Sprintf("the edit makes a template of more than %d %s: expected at most that many", limit, what),
		limit:  &schema.LimitError{Of: "the template", What: what, Limit: int64(limit)},
	}
}

// parseXML parses a text of the template.
func (t *Template) parseXML(text string) (*xmltext.Document, error) {
	doc, err := xmltext.Parse(text, xmltext.MaxDepth(t.limits.Depth), xmltext.MaxNodes(t.limits.Nodes))
	if err != nil {
		e := &Error{Position: schema.Position{File: t.file}, Err: err}
		var se *xmltext.SyntaxError
		if errors.As(err, &se) {
			e.Line, e.Column, e.Err = se.Line, se.Column, errors.New("not well-formed XML: "+se.Msg)
		}
		return nil, e
	}
	return doc, nil
}

// splices returns the changes of one edit, and how many nodes they add.
func (o *origin) splices(doc *xmltext.Document, e Edit) (all []text.Splice, added int, err error) {
	steps := xmlpath.Steps{Taken: o.steps, Limit: o.limits.Steps}
	nodes, err := xmlpath.FindWithin(doc, e.Path, &steps)
	o.steps = steps.Taken
	if not := (*xmlpath.Error)(nil); errors.As(err, &not) {
		if not.Limit > 0 {
			return nil, 0, overSteps(not.Limit)
		}
		return nil, 0, &EditError{Reason: not.Reason, Remedy: not.Remedy}
	}
	if err != nil {
		return nil, 0, err
	}
	if len(nodes) > 1 && !e.All {
		return nil, 0, &EditError{
			Reason: fmt.Sprintf("%s matches %d elements", e.Path, len(nodes)),
			Remedy: "make the path match one, as in " + strings.TrimPrefix(nodes[0].Path(), "/") + ", or say all = true",
		}
	}
	if e.Op == Remove {
		nodes = outermost(nodes)
	}
	each, err := e.check()
	if err != nil {
		return nil, 0, err
	}
	// What shrinks may come last: twice of what is allowed is enough to stop at.
	room := 2*o.limits.Size - len(doc.Src)
	for _, n := range nodes {
		splices, err := o.change(doc, n, e)
		if err != nil {
			return nil, 0, err
		}
		if added += each; e.adds(n) {
			added++
		}
		for _, s := range splices {
			room -= len(s.Text) - (s.End - s.Start)
		}
		if room < 0 {
			return nil, 0, o.tooMuch("bytes", o.limits.Size)
		}
		all = append(all, splices...)
	}
	return all, added, nil
}

// check says what is wrong with an edit whatever it is made to, and how many nodes it
// inserts.
func (e Edit) check() (nodes int, err error) {
	switch e.Op {
	case SetAttr, SetText:
		if err := xmltext.CheckText(e.Value); err != nil {
			return 0, &EditError{Part: "value", Reason: "the value can't be: " + err.Error()}
		}
		if e.Op == SetText {
			return 0, nil
		}
		if _, err := xmltext.Parse("<a " + e.Attr + `=""/>`); err != nil || strings.ContainsAny(e.Attr, " \t\r\n=") {
			return 0, &EditError{Part: "attr", Reason: fmt.Sprintf("%q can't be the name of an attribute", e.Attr)}
		}
	case Insert, InsertBefore, InsertAfter:
		return checkFragment(e.Value)
	}
	return 0, nil
}

// adds reports whether an edit that inserts nothing adds a node to an element.
func (e Edit) adds(n *xmltext.Node) bool {
	switch e.Op {
	case SetAttr:
		_, has := n.Attr(e.Attr)
		return !has
	case SetText:
		return len(n.Children) == 0 && e.Value != ""
	}
	return false
}

// change returns the changes of one edit to one element.
func (o *origin) change(doc *xmltext.Document, n *xmltext.Node, e Edit) ([]text.Splice, error) {
	switch e.Op {
	case SetAttr:
		return o.encodable(xmltext.SetAttr(doc.Src, n, e.Attr, e.Value)), nil
	case RemoveAttr:
		splices := xmltext.RemoveAttr(n, e.Attr)
		if splices == nil {
			return nil, &EditError{Part: "attr", Reason: fmt.Sprintf("<%s> has no attribute %s", n.Name, e.Attr), Remedy: attrRemedy(n, e.Attr)}
		}
		return splices, nil
	case SetText:
		splices, err := xmltext.SetText(doc.Src, n, e.Value)
		if err != nil {
			return nil, &EditError{Reason: err.Error(), Remedy: "edit one of the elements inside"}
		}
		return o.encodable(splices), nil
	case Remove:
		if n == doc.Root {
			return nil, &EditError{Reason: "the root element can't be removed"}
		}
		return []text.Splice{xmltext.Remove(doc.Src, n)}, nil
	case Insert:
		return []text.Splice{xmltext.InsertLast(doc.Src, n, e.Value)}, nil
	case InsertBefore, InsertAfter:
		if n == doc.Root {
			return nil, &EditError{Reason: "nothing can stand beside the root element"}
		}
		if e.Op == InsertAfter {
			return []text.Splice{xmltext.InsertAfter(doc.Src, n.Parent, n, e.Value)}, nil
		}
		return xmltext.InsertAll(doc.Src, n.Parent, nil, n, []xmltext.Fragment{{Text: e.Value, Fixed: true}}), nil
	}
	return nil, &EditError{Reason: "the edit does nothing"}
}

// encodable writes the characters that the template's encoding lacks as
// references, in splices of text.
func (o *origin) encodable(splices []text.Splice) []text.Splice {
	for i := range splices {
		splices[i].Text = o.charset.References(splices[i].Text)
	}
	return splices
}

// checkFragment says what is wrong with a piece of XML that is to be inserted, and how
// many nodes it has.
func checkFragment(xml string) (nodes int, err error) {
	const before = "<a>"
	doc, err := xmltext.Parse(before + xml + "</a>")
	if err != nil {
		reason := err.Error()
		var se *xmltext.SyntaxError
		if errors.As(err, &se) {
			reason = se.Msg
		}
		return 0, &EditError{Part: "value", Reason: "what is to be inserted is not well-formed XML: " + reason}
	}
	if doc.Root.End != len(doc.Src) || len(doc.Root.Children) == 0 {
		return 0, &EditError{Part: "value", Reason: "there is nothing to insert: expected an element"}
	}
	return doc.Count - 1, nil
}

// outermost leaves out elements that stand in others of the list.
func outermost(nodes []*xmltext.Node) []*xmltext.Node {
	var kept []*xmltext.Node
	for _, n := range nodes { // in the order of the document: parents first
		if len(kept) == 0 || n.Start >= kept[len(kept)-1].End {
			kept = append(kept, n)
		}
	}
	return kept
}

func attrRemedy(n *xmltext.Node, name string) string {
	near, ok := text.Nearest(name, func(yield func(string) bool) {
		for _, a := range n.Attrs {
			if !yield(a.Name) {
				return
			}
		}
	})
	if ok {
		return "did you mean " + near + "?"
	}
	return ""
}
