package oci

import (
	"iter"

	"github.com/beevik/etree"

	"github.com/dtafgen/wxt/schema"
)

// MaxCommands is how many requests one message to an Application Server holds
// at most. The manifest of an archive, which is no message, may have more.
const MaxCommands = 15

// A Document is a BroadsoftDocument: a message to an Application Server, or the
// manifest of an archive, which has no session.
type Document struct {
	Protocol  string          // "OCI", which is also what an empty one means, or "NSOCI"
	SessionID string          // the session that a message belongs to; empty in a manifest
	Header    []*Element      // what else stands ahead of the commands: userId, trackingId and so on
	Requests  []*Request      // the commands, in order
	Pos       schema.Position // of the start tag
}

// A Request is one command of a document. Responses are commands too.
type Request struct {
	Type     string          // the name of the request, such as "SystemSIPDeviceTypeAddRequest21"
	Attrs    []Attr          // attributes but for the type: echo, requestLocale
	Elements []*Element      // in order
	Pos      schema.Position // of the start tag
}

// An Element is an element of a request. It has a value, or elements of its
// own.
type Element struct {
	Name     string
	Value    string // the text as it stands, white space included
	Nil      bool   // xsi:nil is true: the element is empty on purpose
	Attrs    []Attr // attributes, of which the schema allows none
	Children []*Element
	Pos      schema.Position // of the start tag
	ValuePos schema.Position // of the value, or of the first child
}

// An Attr is an attribute. Its name has no prefix, or is "xsi:nil" or
// "xsi:type", or that of another namespace as it is written.
type Attr struct {
	Name, Value string
}

// All yields e and every element inside it, in the order of the document.
func (e *Element) All() iter.Seq[*Element] {
	return func(yield func(*Element) bool) { e.walk(yield) }
}

func (e *Element) walk(yield func(*Element) bool) bool {
	if !yield(e) {
		return false
	}
	for _, c := range e.Children {
		if !c.walk(yield) {
			return false
		}
	}
	return true
}

// Find returns the first element with the given name, in the order of the
// document and however deep it stands, or nil.
func (r *Request) Find(name string) *Element {
	for _, e := range r.Elements {
		for x := range e.All() {
			if x.Name == name {
				return x
			}
		}
	}
	return nil
}

// Get returns the value of the first element with the given name, as a reader
// takes it, and whether there is one. White space around it is left out. For an
// element that takes a quantity it is the quantity, or "unlimited". A nil
// element has an empty value.
func (r *Request) Get(name string) (string, bool) {
	e := r.Find(name)
	if e == nil {
		return "", false
	}
	if len(e.Children) == 1 {
		switch c := e.Children[0]; c.Name {
		case unlimited:
			return unlimited, true
		case quantity:
			return collapse(c.Value), true
		}
	}
	return collapse(e.Value), true
}

const xsiNamespace = "http://www.w3.org/2001/XMLSchema-instance"

// Bytes returns the document as XML in UTF-8, indented by two spaces, with a
// line end at its end. The same document gives the same bytes. A sessionId
// stands in it only if SessionID is set.
//
// Characters that XML cannot hold are replaced with U+FFFD; [Document.Check]
// reports them.
func (d *Document) Bytes() []byte {
	doc := etree.NewDocument()
	doc.WriteSettings.CanonicalText = true
	doc.WriteSettings.CanonicalAttrVal = true
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	root := doc.CreateElement("BroadsoftDocument")
	protocol := d.Protocol
	if protocol == "" {
		protocol = "OCI"
	}
	root.CreateAttr("protocol", protocol)
	root.CreateAttr("xmlns", "C")
	root.CreateAttr("xmlns:xsi", xsiNamespace)
	if d.SessionID != "" {
		e := root.CreateElement("sessionId")
		e.CreateAttr("xmlns", "")
		e.SetText(d.SessionID)
	}
	for _, h := range d.Header {
		h.write(root).CreateAttr("xmlns", "")
	}
	for _, r := range d.Requests {
		command := root.CreateElement("command")
		command.CreateAttr("xsi:type", r.Type)
		command.CreateAttr("xmlns", "")
		for _, a := range r.Attrs {
			command.CreateAttr(a.Name, a.Value)
		}
		for _, e := range r.Elements {
			e.write(command)
		}
	}
	indent := etree.NewIndentSettings()
	indent.Spaces = 2
	indent.PreserveLeafWhitespace = true
	doc.IndentWithSettings(indent)
	b, err := doc.WriteToBytes()
	if err != nil {
		// Writing to memory does not fail.
		panic("oci: " + err.Error())
	}
	return b
}

func (e *Element) write(parent *etree.Element) *etree.Element {
	x := parent.CreateElement(e.Name)
	if e.Nil {
		x.CreateAttr("xsi:nil", "true")
	}
	for _, a := range e.Attrs {
		x.CreateAttr(a.Name, a.Value)
	}
	if e.Value != "" {
		x.SetText(e.Value)
	}
	for _, c := range e.Children {
		c.write(x)
	}
	return x
}

// Split returns the requests of the document as messages of at most n each, in
// order, with the same session and header. An n below 1 means [MaxCommands].
// The messages share the document's requests.
func (d *Document) Split(n int) []*Document {
	if n < 1 {
		n = MaxCommands
	}
	var list []*Document
	for i := 0; i < len(d.Requests); i += n {
		part := *d
		part.Requests = d.Requests[i:min(i+n, len(d.Requests)):min(i+n, len(d.Requests))]
		list = append(list, &part)
	}
	return list
}
