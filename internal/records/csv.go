package records

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A quoteState follows the quotation marks of a CSV record from line to line.
type quoteState uint8

const (
	atStart   quoteState = iota // of a field
	unquoted                    // within a field without quotation marks
	quoted                      // within quotation marks
	afterMark                   // after one that ends a field or is the first of two
)

// feed reads a line of the record, and reports whether it ends within quotation
// marks.
func (s *quoteState) feed(line []byte) bool {
	if bytes.IndexByte(line, '"') < 0 {
		if *s != quoted {
			*s = atStart
		}
		return *s == quoted
	}
	for _, c := range line {
		switch {
		case *s == quoted:
			if c == '"' {
				*s = afterMark
			}
		case *s == afterMark && c == '"', *s == atStart && c == '"':
			*s = quoted
		case c == ',' || c == '\n':
			*s = atStart
		default:
			*s = unquoted
		}
	}
	return *s == quoted
}

// A Field is one field of a CSV record.
type Field struct {
	Value  string
	Quoted bool // it stands in quotation marks
}

// ErrUTF8 is the error of a record that is not in UTF-8.
var ErrUTF8 = errors.New("it is not valid UTF-8")

// ParseCSV appends the fields of a record to dst. A line end within quotation
// marks stays as it is.
func ParseCSV(dst []Field, text string) ([]Field, error) {
	if !utf8.ValidString(text) {
		return dst, ErrUTF8
	}
	for n := 1; ; n++ {
		if !strings.HasPrefix(text, `"`) {
			value, rest, more := strings.Cut(text, ",")
			if strings.IndexByte(value, '"') >= 0 {
				return dst, fmt.Errorf("field %d has a quotation mark inside: expected all of the field in quotation marks, and the one inside twice", n)
			}
			dst = append(dst, Field{Value: value})
			if !more {
				return dst, nil
			}
			text = rest
			continue
		}
		end, doubled := closingMark(text)
		if end < 0 {
			return dst, fmt.Errorf("field %d begins with a quotation mark and has none at its end", n)
		}
		value := text[1:end]
		if doubled {
			value = strings.ReplaceAll(value, `""`, `"`)
		}
		dst = append(dst, Field{value, true})
		switch text = text[end+1:]; {
		case text == "":
			return dst, nil
		case text[0] != ',':
			return dst, fmt.Errorf("field %d goes on after its closing quotation mark: expected a comma, or the mark twice", n)
		}
		text = text[1:]
	}
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
