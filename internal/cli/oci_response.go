package cli

import (
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/files"
	"github.com/dtafgen/wxt/schema"
)

// maxResponse is the size in bytes that a file of responses may have.
const maxResponse = 16 << 20

// readResponse reads a file of responses, or standard input for "-", and returns
// what the tags are to be looked for in: of several lists of tags the one with a
// number, from 1.
func readResponse(name string, number int, stdin io.Reader) (*oci.Document, error) {
	label := name
	var data []byte
	var err error
	if name == "-" {
		label = "(standard input)"
		data, err = files.ReadAll(label, stdin, maxResponse)
	} else {
		data, err = files.Read(name, maxResponse)
	}
	if err != nil {
		return nil, err
	}
	d, err := parseResponses(label, data)
	if err != nil {
		return nil, err
	}
	return chooseResponse(label, d, number)
}

// chooseResponse returns a document with one list of tags, if d has any.
func chooseResponse(label string, d *oci.Document, number int) (*oci.Document, error) {
	var lists []*oci.Request
	for _, r := range d.Requests {
		if strings.Contains(r.Type, "SystemDeviceManagementTagGetListResponse") {
			lists = append(lists, r)
		}
	}
	switch {
	case number == 0 && len(lists) > 1:
		return nil, fmt.Errorf("%s: it has %d lists of tags: choose one with --response, 1 to %d", label, len(lists), len(lists))
	case number == 0:
		return d, nil
	case len(lists) == 0:
		return d, nil // which its tags tell
	case number > len(lists):
		return nil, fmt.Errorf("--response: %s has no list of tags number %d: expected 1 to %d", label, number, len(lists))
	}
	return &oci.Document{Protocol: d.Protocol, Pos: d.Pos, Requests: lists[number-1 : number]}, nil
}

// parseResponses reads one response, or all of several: one after the other, or in
// SOAP envelopes, where they stand as text. The document has the commands of all.
func parseResponses(label string, data []byte) (*oci.Document, error) {
	d, wrong := oci.Parse(label, data)
	if wrong == nil {
		return d, nil
	}
	var at *oci.Error
	source, _, err := charset.Decode(data)
	if err != nil || errors.As(wrong, &at) && at.Refused {
		return nil, wrong
	}
	found := findResponses(source)
	if len(found) == 0 || len(found) == 1 && strings.TrimSpace(source) == found[0].source {
		return nil, wrong
	}
	var all *oci.Document
	for _, r := range found {
		d, err := oci.Parse(label, []byte(r.source))
		if errors.As(err, &at) {
			at.Position = r.moved(at.Position)
		}
		if err != nil {
			return nil, err
		}
		r.move(d)
		if all == nil {
			all = d
		} else {
			all.Requests = append(all.Requests, d.Requests...)
		}
	}
	return all, nil
}

// A foundResponse is a response inside a text, and where it begins there.
type foundResponse struct {
	source       string
	line, column int // from 0
}

var (
	// A response in an envelope is mostly text, in which < is &lt;.
	responseStart = regexp.MustCompile(`(<|&lt;|&#60;|&#x3[cC];)(?:[A-Za-z_][\w.-]*:)?BroadsoftDocument[\s/>&]`)
	responseEnd   = regexp.MustCompile(`</(?:[A-Za-z_][\w.-]*:)?BroadsoftDocument\s*>`)
	escapedEnd    = regexp.MustCompile(`(?:&lt;|&#60;|&#x3[cC];)/(?:[A-Za-z_][\w.-]*:)?BroadsoftDocument\s*(?:>|&gt;|&#62;|&#x3[eE];)`)
)

// findResponses returns the responses in a text.
func findResponses(source string) []foundResponse {
	var list []foundResponse
	line, lineStart, counted := 0, 0, 0
	for at := 0; ; {
		m := responseStart.FindStringSubmatchIndex(source[at:])
		if m == nil {
			return list
		}
		start, escaped := at+m[0], source[at+m[2]:at+m[3]] != "<"
		ending := responseEnd
		if escaped {
			ending = escapedEnd
		}
		end := len(source)
		if e := ending.FindStringIndex(source[start:]); e != nil {
			end = start + e[1]
		}
		before := source[counted:start]
		line += strings.Count(before, "\n")
		if i := strings.LastIndexByte(before, '\n'); i >= 0 {
			lineStart = counted + i + 1
		}
		counted = start
		r := foundResponse{source[start:end], line, len([]rune(source[lineStart:start]))}
		if escaped {
			r.source = html.UnescapeString(r.source)
		}
		list = append(list, r)
		at = end
	}
}

// moved returns where a place of the response is in the text.
func (r foundResponse) moved(p schema.Position) schema.Position {
	if p.Line == 1 {
		p.Column += r.column
	}
	if p.Line > 0 {
		p.Line += r.line
	}
	return p
}

// move has the places of a response be those in the text.
func (r foundResponse) move(d *oci.Document) {
	d.Pos = r.moved(d.Pos)
	for _, request := range d.Requests {
		request.Pos = r.moved(request.Pos)
		for _, top := range request.Elements {
			for e := range top.All() {
				e.Pos, e.ValuePos = r.moved(e.Pos), r.moved(e.ValuePos)
			}
		}
	}
}
