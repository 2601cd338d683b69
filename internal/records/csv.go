package records

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A quoteState follows the quotation marks of a CSV record from line to line.
type quoteState struct {
	delimiter byte
	at        quotePlace
}

type quotePlace uint8

const (
	atStart   quotePlace = iota // of a field
	unquoted                    // within a field without quotation marks
	quoted                      // within quotation marks
	afterMark                   // after one that ends a field or is the first of two
)

// feed reads a line of the record, and reports whether it ends within quotation
// marks.
func (s *quoteState) feed(line []byte) bool {
	if bytes.IndexByte(line, '"') < 0 {
		if s.at != quoted {
			s.at = atStart
		}
		return s.at == quoted
	}
	for _, c := range line {
		switch {
		case s.at == quoted:
			if c == '"' {
				s.at = afterMark
			}
		case s.at == afterMark && c == '"', s.at == atStart && c == '"':
			s.at = quoted
		case c == s.delimiter || c == '\n':
			s.at = atStart
		default:
			s.at = unquoted
		}
	}
	return s.at == quoted
}

// A Field is one field of a CSV record. It is small, and has no pointers, since
// there are many.
type Field struct {
	At      uint32 // where it begins in the record, in bytes
	end     uint32 // of its value
	Quoted  bool   // it stands in quotation marks
	doubled bool   // there are some inside, each written twice
}

// Value returns the value of a field of a record.
func (f Field) Value(record string) string {
	if !f.Quoted {
		return record[f.At:f.end]
	}
	value := record[f.At+1 : f.end]
	if f.doubled {
		return strings.ReplaceAll(value, `""`, `"`)
	}
	return value
}

// Empty reports whether the value is empty.
func (f Field) Empty() bool { return f.end == f.At || f.Quoted && f.end == f.At+1 }

// ErrUTF8 is the error of a record that is not in UTF-8.
var ErrUTF8 = errors.New("it is not valid UTF-8")

// ParseCSV appends the fields of a record to dst. A line end within quotation
// marks stays as it is.
func ParseCSV(dst []Field, text string, delimiter byte) ([]Field, error) {
	if !utf8.ValidString(text) {
		return dst, ErrUTF8
	}
	rest := text
	for n := 1; ; n++ {
		at := len(text) - len(rest)
		if !strings.HasPrefix(rest, `"`) {
			value, more := rest, false
			if i := strings.IndexByte(rest, delimiter); i >= 0 {
				value, rest, more = rest[:i], rest[i+1:], true
			}
			if i := strings.IndexByte(value, '"'); i >= 0 {
				return dst, &FieldError{at + i, fmt.Sprintf("field %d has a quotation mark inside: expected all of the field in quotation marks, and the one inside twice", n)}
			}
			dst = append(dst, Field{At: uint32(at), end: uint32(at + len(value))})
			if !more {
				return dst, nil
			}
			continue
		}
		end, doubled := closingMark(rest)
		if end < 0 {
			return dst, &FieldError{at, fmt.Sprintf("field %d begins with a quotation mark and has none at its end", n)}
		}
		dst = append(dst, Field{uint32(at), uint32(at + end), true, doubled})
		switch rest = rest[end+1:]; {
		case rest == "":
			return dst, nil
		case rest[0] != delimiter:
			return dst, &FieldError{at + end + 1, fmt.Sprintf("field %d goes on after its closing quotation mark: expected %s, or the mark twice", n, delimiterName(delimiter))}
		}
		rest = rest[1:]
	}
}

// A FieldError is what keeps a record from being read.
type FieldError struct {
	At  int // in the record, in bytes
	Msg string
}

// Error implements the error interface.
func (e *FieldError) Error() string { return e.Msg }

// delimiterName names a delimiter.
func delimiterName(c byte) string {
	switch c {
	case ',':
		return "a comma"
	case ';':
		return "a semicolon"
	case '\t':
		return "a tab"
	}
	return strconv.QuoteRune(rune(c))
}

// closingMark returns the index of the quotation mark that closes the field at
// the start of text, or -1, and whether there are doubled ones before it.
func closingMark(text string) (end int, doubled bool) {
	for i := 1; ; {
		j := strings.IndexByte(text[i:], '"')
		if j < 0 {
			return -1, doubled
		}
		i += j
		if i+1 < len(text) && text[i+1] == '"' {
			doubled = true
			i += 2
			continue
		}
		return i, doubled
	}
}
