// Package manifest reads what manifests say: their device type, its files, the options
// that requests set, and what these are about.
package manifest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/value"
)

// NilValue is how the value of an element that is empty on purpose is shown.
const NilValue = "xsi:nil"

// subjects are the elements that say what a request is about, beyond the device
// type.
var subjects = []string{"fileFormat", "tagName", "tagSetName", "deviceName", "serviceProviderId", "groupId"}

// Subject says what a request is about, such as "config-wxt.xml".
func Subject(r *oci.Request) string {
	var words []string
	for _, name := range subjects {
		if v, ok := r.Get(name); ok && v != "" {
			words = append(words, v)
		}
	}
	return strings.Join(words, ", ")
}

// An Option is an element of a request that holds a value.
type Option struct {
	Name, Path, Value string
	Secret            bool // the value is
}

// Heading returns what a document says beside its requests.
func Heading(d *oci.Document) []Option {
	f := &flattener{seen: make(map[string]int)}
	protocol := d.Protocol
	if protocol == "" {
		protocol = "OCI"
	}
	f.add("protocol", "@protocol", protocol)
	if d.SessionID != "" {
		f.add("sessionId", "sessionId", strings.TrimSpace(d.SessionID))
	}
	f.elements("", d.Header)
	return f.list
}

// Options returns the elements of a request that hold values, each with its path.
func Options(r *oci.Request) []Option {
	f := &flattener{seen: make(map[string]int)}
	f.model, _ = oci.Lookup(r.Type)
	if name, ok := r.Get("tagName"); ok {
		f.secretTag = secret.Named(name)
	}
	for _, a := range r.Attrs {
		f.add(a.Name, "@"+a.Name, strings.TrimSpace(a.Value))
	}
	f.elements("", r.Elements)
	return f.list
}

type flattener struct {
	model     *oci.Type
	secretTag bool // tagValue is a secret
	list      []Option
	seen      map[string]int
}

// add adds a value. Paths that come again get a number.
func (f *flattener) add(name, path, value string) {
	f.seen[path]++
	if n := f.seen[path]; n > 1 {
		path += "[" + strconv.Itoa(n) + "]"
	}
	isSecret := secret.Named(name) || f.secretTag && name == "tagValue"
	f.list = append(f.list, Option{name, path, value, isSecret})
}

func (f *flattener) elements(prefix string, list []*oci.Element) {
	for i, e := range list {
		path := prefix + short(e.Name)
		for _, a := range e.Attrs {
			f.add(a.Name, path+"/@"+a.Name, strings.TrimSpace(a.Value))
		}
		if v, ok := quantity(e); ok {
			f.add(e.Name, path, v)
			continue
		}
		value := strings.Join(strings.Fields(e.Value), " ")
		switch {
		case e.Nil:
			f.add(e.Name, path, NilValue)
		case len(e.Children) == 0:
			f.add(e.Name, path, f.normal(e.Name, value))
		case value != "":
			f.add(e.Name, path, value)
		}
		if len(e.Children) == 0 {
			continue
		}
		// Elements that are repeated are told apart by their first value.
		if first := e.Children[0]; repeated(list, i) && len(first.Children) == 0 {
			path += fmt.Sprintf("[%s=%q]", short(first.Name), short(strings.TrimSpace(first.Value)))
		}
		f.elements(path+"/", e.Children)
	}
}

// repeated reports whether element i stands beside another of its name, as
// repetitions do.
func repeated(list []*oci.Element, i int) bool {
	return i > 0 && list[i-1].Name == list[i].Name || i+1 < len(list) && list[i+1].Name == list[i].Name
}

// short returns a name or a value as it stands in a path. None that the schema
// knows is longer.
func short(s string) string {
	const most = 256
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

// quantity returns the value of an element that takes a quantity or "unlimited".
func quantity(e *oci.Element) (string, bool) {
	if len(e.Children) != 1 || e.Nil || strings.TrimSpace(e.Value) != "" {
		return "", false
	}
	c := e.Children[0]
	if len(c.Children) > 0 || len(c.Attrs) > 0 {
		return "", false
	}
	switch c.Name {
	case "unlimited":
		return "unlimited", true
	case "quantity":
		return strings.TrimSpace(c.Value), true
	}
	return "", false
}

// normal returns a value in the one spelling that it has: "1" is a true boolean,
// "05" a five.
func (f *flattener) normal(name, text string) string {
	if f.model == nil {
		return text
	}
	leaf, ok := f.model.Leaf(name)
	if !ok {
		return text
	}
	switch leaf.Type.Base {
	case "xs:boolean":
		if v, ok := value.Truth(text); ok {
			return strconv.FormatBool(v)
		}
	case "xs:int":
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return strconv.FormatInt(n, 10)
		}
	}
	return text
}
