// Package content tells what files hold: an archive, an OCI-P document, a template
// or other text. The content tells which, and where it does not, the name.
package content

import (
	"bytes"
	"errors"
	"io"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/xmltext"
	"github.com/dtafgen/wxt/render"
)

// A Kind says what a file is.
type Kind string

// The kinds of file.
const (
	Archive  Kind = "archive"  // a zip
	Manifest Kind = "manifest" // an OCI-P document
	XML      Kind = "xml"      // well-formed XML
	Text     Kind = "text"     // any other text
	Binary   Kind = "binary"   // anything else
)

// A Content is a file as far as it can be read.
type Content struct {
	Kind     Kind              // but for Archive
	Encoding string            // of text: the one that a device goes by
	Charset  charset.Charset   // of text that is in the encoding that it names
	Named    bool              // whether it is
	Text     string            // in UTF-8
	Doc      *xmltext.Document // of XML
}

// Read reads a file that is no archive. Text that is in no encoding that it names
// is taken for ISO-8859-1, if it has no control characters. What is over a limit
// is not taken for text, or not for XML.
func Read(data []byte, l render.Limits) Content {
	c, _ := ReadStrictly(data, l)
	return c
}

// ReadStrictly is Read with an error about XML that is not to be read, since it is
// over a limit or has a document type declaration: a [*xmltext.SyntaxError].
func ReadStrictly(data []byte, l render.Limits) (Content, error) {
	if len(data) > l.Size {
		return Content{Kind: Binary}, nil
	}
	text, set, err := charset.Decode(data)
	c := Content{Kind: Text, Encoding: set.Name(), Charset: set, Named: err == nil, Text: text}
	if err != nil {
		latin, lerr := charmap.ISO8859_1.NewDecoder().Bytes(data)
		if lerr != nil || bytes.HasPrefix(data, []byte("\xFE\xFF")) || bytes.HasPrefix(data, []byte("\xFF\xFE")) {
			return Content{Kind: Binary}, nil
		}
		c.Text, c.Encoding = string(latin), "ISO-8859-1"
	}
	if strings.ContainsFunc(c.Text, isBinary) {
		return Content{Kind: Binary}, nil
	}
	if !startsLikeXML(c.Text) {
		return c, nil
	}
	doc, err := xmltext.Parse(c.Text, xmltext.MaxDepth(l.Depth), xmltext.MaxNodes(l.Nodes))
	if at := (*xmltext.SyntaxError)(nil); errors.As(err, &at) {
		if at.Refused {
			return c, at
		}
		return c, nil
	}
	c.Kind, c.Doc = XML, doc
	if doc.Encoding != "" {
		c.Encoding = doc.Encoding
		if named, err := charset.Lookup(doc.Encoding); err == nil {
			c.Encoding = named.Name()
		}
	}
	if isDocument(doc.Root.Name) {
		c.Kind = Manifest
	}
	return c, nil
}

// isBinary reports whether a character stands in no text.
func isBinary(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' || r >= 0x7F && r < 0xA0 && r != 0x85
}

// isDocument reports whether a root element is that of an OCI-P document.
func isDocument(name string) bool {
	return name[strings.IndexByte(name, ':')+1:] == "BroadsoftDocument"
}

// IsArchive reports whether a file is an archive, or is meant to be one, by how it
// begins and by its name.
func IsArchive(name string, head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) ||
		strings.EqualFold(path.Ext(filepath.ToSlash(name)), ".zip")
}

// IsManifest reports whether a file is an OCI-P document, or is meant to be one: its
// name ends with .oci, or its first element says so. It need not be well-formed.
func IsManifest(name string, data []byte) bool {
	if strings.EqualFold(path.Ext(filepath.ToSlash(name)), ".oci") {
		return true
	}
	text, _, err := charset.Decode(data)
	if err != nil || !startsLikeXML(text) {
		return false
	}
	found, seen := false, false
	xmltext.Scan(text, func(start, end int, ctx xmltext.Context, _ byte) {
		if ctx != xmltext.InMarkup || seen {
			return
		}
		seen = true
		name := strings.TrimPrefix(text[start:end], "<")
		if i := strings.IndexAny(name, " \t\r\n/>"); i >= 0 {
			name = name[:i]
		}
		found = isDocument(name)
	})
	return found
}

// IsTemplate reports whether a file that is no manifest is a template, by its name
// or because it begins like XML.
func IsTemplate(name string, data []byte) bool { return HasTemplateName(name) || IsXML("", data) }

// HasTemplateName reports whether a file has a name as templates have.
func HasTemplateName(name string) bool {
	ext := strings.ToLower(path.Ext(filepath.ToSlash(name)))
	return ext == ".template" || ext == ".xml"
}

// IsXML reports whether a file is meant to be XML, by its name or how it begins.
func IsXML(name string, data []byte) bool {
	if strings.HasSuffix(strings.TrimSuffix(strings.ToLower(name), ".template"), ".xml") {
		return true
	}
	text, set, err := charset.Decode(data)
	if err != nil {
		return startsLikeXML(string(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))))
	}
	return startsLikeXML(text) || set.HasBOM() && text == ""
}

func startsLikeXML(text string) bool {
	return strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "<")
}

// IsText reports whether a file may be the text of a template.
func IsText(data []byte) bool {
	if set, err := charset.Detect(data); err == nil && set.HasBOM() {
		return true
	}
	return bytes.IndexByte(data, 0) < 0 && (IsXML("", data) || utf8.Valid(data))
}

// ReadAll reads up to a number of bytes, and one more if there are more.
func ReadAll(r io.Reader, most int64) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, most+1))
}
