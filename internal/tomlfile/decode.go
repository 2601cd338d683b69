package tomlfile

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/BurntSushi/toml"

	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/text"
)

// A Document is a TOML file that was read.
type Document struct {
	Tree   map[string]any
	Source string           // its text, without a byte order mark
	Lines  *text.Lines      // of Source
	Places map[string]Place // where its keys and values stand, by Path
}

// A SyntaxError is the place where a file stops being TOML, and why.
type SyntaxError struct {
	Line, Column int
	Message      string
	Remedy       string // what to do; may be empty
}

// Error implements the error interface.
func (e *SyntaxError) Error() string { return e.Message }

// Limits says how much of a file is read.
type Limits struct {
	Size    int64 // in bytes
	Nesting int   // of tables, keys and lists
	Keys    int   // and elements of lists
}

const saveAsUTF8 = "save the file as UTF-8"

// Decode reads a file. The error is about a file that is not TOML or has more than the
// limits allow; the document has what is known of its text then.
func Decode(data []byte, limits Limits) (*Document, *SyntaxError) {
	d := new(Document)
	wrong := func(offset int, remedy, format string, args ...any) *SyntaxError {
		e := &SyntaxError{Line: 1, Column: 1, Message: fmt.Sprintf(format, args...), Remedy: remedy}
		if d.Lines != nil {
			e.Line, e.Column = d.Lines.Position(offset)
		}
		return e
	}
	if int64(len(data)) > limits.Size {
		return d, wrong(0, "", "the file has more than %d bytes: expected at most that many", limits.Size)
	}
	src, cs, err := charset.Decode(data)
	if bytes.HasPrefix(data, []byte("\xEF\xBB\xBF\xEF\xBB\xBF")) {
		return d, wrong(0, "delete the first characters, and save the file as UTF-8", "the file begins with two byte order marks")
	}
	if err == nil && !cs.IsUTF8() {
		err = errors.New("the file is in " + cs.Name() + ", and TOML is in UTF-8")
	}
	if err != nil {
		e := wrong(0, saveAsUTF8, "%s", err)
		var be *charset.ByteError
		if errors.As(err, &be) {
			e.Line, e.Column = be.Line, be.Column
		}
		return d, e
	}
	d.Source, d.Lines = src, text.NewLines(src)
	if depth, offset := Depth(src); depth > limits.Nesting {
		return d, wrong(offset, "", "tables, keys or lists nest %d deep: expected at most %d levels", depth, limits.Nesting)
	}
	if _, err := toml.Decode(src, &d.Tree); err != nil {
		var pe toml.ParseError
		if !errors.As(err, &pe) {
			return d, wrong(0, "", "not TOML: %s", err)
		}
		m := explain(src, pe.Position.Start, pe.Message)
		return d, wrong(m.at, m.remedy, "%s", m.message)
	}
	if d.Places, err = Find([]byte(src)); err != nil {
		return d, wrong(0, "", "not TOML: %s", err)
	}
	if len(d.Places) > limits.Keys {
		return d, wrong(0, "", "the file has %d keys and elements of lists: expected at most %d", len(d.Places), limits.Keys)
	}
	return d, nil
}
