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

// An Edit is a change to a template that touches the bytes of its own spot
// alone: line ends, indentation, quotation marks, comments and references
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
}

// Error implements the error interface.
func (e *EditError) Error() string { return fmt.Sprintf("edit of %s: %s", e.Edit.Path, e.Reason) }

// Edit returns the template with the edits made, one after the other: each sees
// what those before it left. The template has to be well-formed XML; its error
// is an [*Error]. An edit that can't be made is an [*EditError].
func (t *Template) Edit(edits ...Edit) (*Template, error) {
	if len(edits) == 0 {
		return t, nil
	}
	src := t.text
	for i, e := range edits {
		doc, err := t.parseXML(src)
		if err != nil {
			return nil, err
		}
		splices, err := t.splices(doc, e)
		if err == nil {
			src, err = text.Apply(src, splices)
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
	return parseText(t.origin, src), nil
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

// splices returns the changes of one edit.
func (t *Template) splices(doc *xmltext.Document, e Edit) ([]text.Splice, error) {
	nodes, err := xmlpath.Find(doc, e.Path)
	if err != nil {
		var not *xmlpath.Error
		if errors.As(err, &not) {
			err = &EditError{Reason: not.Reason, Remedy: not.Remedy}
		}
		return nil, err
	}
	if len(nodes) > 1 && !e.All {
		return nil, &EditError{
			Reason: fmt.Sprintf("%s matches %d elements", e.Path, len(nodes)),
			Remedy: "make the path match one, as in " + strings.TrimPrefix(nodes[0].Path(), "/") + ", or say all = true",
		}
	}
	if e.Op == Remove {
		nodes = outermost(nodes)
	}
	var all []text.Splice
	for _, n := range nodes {
		splices, err := t.change(doc, n, e)
		if err != nil {
			return nil, err
		}
		all = append(all, splices...)
	}
	return all, nil
}

// change returns the changes of one edit to one element.
func (t *Template) change(doc *xmltext.Document, n *xmltext.Node, e Edit) ([]text.Splice, error) {
	switch e.Op {
	case SetAttr, SetText:
		if err := xmltext.CheckText(e.Value); err != nil {
			return nil, &EditError{Part: "value", Reason: "the value can't be: " + err.Error()}
		}
	}
	switch e.Op {
	case SetAttr:
		if _, err := xmltext.Parse("<a " + e.Attr + `=""/>`); err != nil || strings.ContainsAny(e.Attr, " \t\r\n=") {
			return nil, &EditError{Part: "attr", Reason: fmt.Sprintf("%q can't be the name of an attribute", e.Attr)}
		}
		return t.encodable(xmltext.SetAttr(doc.Src, n, e.Attr, e.Value)), nil
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
		return t.encodable(splices), nil
	case Remove:
		if n == doc.Root {
			return nil, &EditError{Reason: "the root element can't be removed"}
		}
		return []text.Splice{xmltext.Remove(doc.Src, n)}, nil
	case Insert, InsertBefore, InsertAfter:
		if err := checkFragment(e.Value); err != nil {
			return nil, err
		}
		switch {
		case e.Op == Insert:
			return []text.Splice{xmltext.InsertLast(doc.Src, n, e.Value)}, nil
		case n == doc.Root:
			return nil, &EditError{Reason: "nothing can stand beside the root element"}
		case e.Op == InsertAfter:
			return []text.Splice{xmltext.InsertAfter(doc.Src, n.Parent, n, e.Value)}, nil
		}
		return xmltext.InsertAll(doc.Src, n.Parent, nil, n, []xmltext.Fragment{{Text: e.Value, Fixed: true}}), nil
	}
	return nil, &EditError{Reason: "the edit does nothing"}
}

// encodable writes the characters that the template's encoding lacks as
// references, in splices of text.
func (t *Template) encodable(splices []text.Splice) []text.Splice {
	for i := range splices {
		splices[i].Text = t.charset.References(splices[i].Text)
	}
	return splices
}

// checkFragment says what is wrong with a piece of XML that is to be inserted.
func checkFragment(xml string) error {
	const before = "<a>"
	doc, err := xmltext.Parse(before + xml + "</a>")
	if err != nil {
		reason := err.Error()
		var se *xmltext.SyntaxError
		if errors.As(err, &se) {
			reason = se.Msg
		}
		return &EditError{Part: "value", Reason: "what is to be inserted is not well-formed XML: " + reason}
	}
	if doc.Root.End != len(doc.Src) || len(doc.Root.Children) == 0 {
		return &EditError{Part: "value", Reason: "there is nothing to insert: expected an element"}
	}
	return nil
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
