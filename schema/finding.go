package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/tags"
)

// A Severity says how much a finding matters.
type Severity uint8

// The severities. An error stops a build, or will not work; a warning is likely
// to be a mistake; an info is worth knowing and needs nothing done. Off, the zero
// value, is the severity of what is not told at all.
const (
	Off Severity = iota
	Info
	Warning
	Error
)

var severityNames = [...]string{Off: "off", Info: "info", Warning: "warning", Error: "error"}

// String returns "off", "info", "warning" or "error".
func (s Severity) String() string {
	if s > Error {
		return "none"
	}
	return severityNames[s]
}

// MarshalText implements [encoding.TextMarshaler].
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]: it reads what String returns.
func (s *Severity) UnmarshalText(text []byte) error {
	for v := Off; v <= Error; v++ {
		if string(text) == v.String() {
			*s = v
			return nil
		}
	}
	return fmt.Errorf("unknown severity %q: expected off, info, warning or error", text)
}

// A Position is a place in a file. Lines and columns count from 1, columns in
// characters (Unicode code points); 0 is a line or column that is not known.
type Position struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// IsZero reports whether there is no place.
func (p Position) IsZero() bool { return p == Position{} }

// String returns file:line:column, without the parts that are not known. A
// position with a line and no file is written as "-:line:column".
func (p Position) String() string {
	file := p.File
	if file == "" {
		file = "-"
	}
	switch {
	case p.Line == 0:
		return file
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", file, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", file, p.Line, p.Column)
}

// A Finding is something that is wrong, or worth knowing, about a project, a
// template, a manifest or an archive. Everything in this module that checks
// anything returns findings.
type Finding struct {
	Code     string   `json:"code"` // "WXT" and three digits: see [Rules]
	Severity Severity `json:"severity"`
	Position
	EndLine   int           `json:"end_line,omitempty"`   // the end of the place, as a position after its last character; 0: not known
	EndColumn int           `json:"end_column,omitempty"` //
	Tag       string        `json:"tag,omitempty"`        // the tag that it is about, where it is about one
	Platform  tags.Platform `json:"platform,omitempty"`   // the platform that it is about; zero: none, or several
	Message   string        `json:"message"`              // names the tag or element that it is about
	Remedy    string        `json:"remedy,omitempty"`     // what to do, where there is something to do
	Fix       Fix           `json:"fix,omitzero"`         // the same as a change of the file; zero: there is none
}

// A Fix is a change of a file that takes a finding away: the text from a place to
// an end is replaced.
type Fix struct {
	Position
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	Text      string `json:"text"` // what stands there then
	Safe      bool   `json:"safe"` // there is hardly anything else that was meant: it may be made without a look
}

// String returns the finding as one line, without its remedy:
// file:line:col: severity: message [WXT012].
func (f Finding) String() string {
	return fmt.Sprintf("%s: %s: %s [%s]", f.Position, f.Severity, f.Message, f.Code)
}

// Findings is a list of findings. As an error it prints those of severity
// error, one on a line.
type Findings []Finding

// Error implements the error interface.
func (fs Findings) Error() string {
	var lines []string
	for _, f := range fs {
		if f.Severity == Error {
			lines = append(lines, f.String())
		}
	}
	return strings.Join(lines, "\n")
}

// Err returns the findings as an error if one of them has severity error, and
// nil otherwise.
func (fs Findings) Err() error {
	if fs.Count(Error) == 0 {
		return nil
	}
	return fs
}

// Count returns how many findings have the severity s.
func (fs Findings) Count(s Severity) int {
	n := 0
	for _, f := range fs {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// Sorted returns the findings by place, then by code and message, without
// repetitions. What is found on several platforms alike is one finding, of none of
// them.
func (fs Findings) Sorted() Findings {
	sorted := slices.Clone(fs)
	slices.SortStableFunc(sorted, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message),
			cmp.Compare(a.Remedy, b.Remedy),
		)
	})
	kept := sorted[:0]
	for _, f := range sorted {
		if n := len(kept); n > 0 {
			last, same := &kept[n-1], f
			same.Platform = last.Platform
			if *last == same {
				if f.Platform != last.Platform {
					last.Platform = 0
				}
				continue
			}
		}
		kept = append(kept, f)
	}
	return kept
}
