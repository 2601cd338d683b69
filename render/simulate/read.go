package simulate

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/records"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/schema"
)

// ReadOptions say how a file of many subscribers is read. The zero value will do.
type ReadOptions struct {
	File      string // its name, for positions
	Delimiter byte   // between the columns of CSV; 0: as the first line tells
	Encoding  string // such as windows-1252; empty: UTF-8, or UTF-16 with a byte order mark
	// Map says what columns and names mean: a tag, or id.
	Map map[string]string
}

// ErrSubscriber is wrapped by the error of one subscriber who can't be read or
// rendered. Those behind can be: a loop over a sequence may go on after it.
var ErrSubscriber = errors.New("a subscriber can't be read")

// A rowError is an error of one subscriber.
type rowError struct{ schema.Finding }

func (e *rowError) Error() string   { return e.Finding.String() }
func (e *rowError) Unwrap() []error { return []error{ErrSubscriber, schema.Findings{e.Finding}} }

// rowErrorf returns the error of a subscriber.
func rowErrorf(pos schema.Position, remedy, format string, args ...any) error {
	return &rowError{schema.NewFinding(codes.Subscriber, pos, remedy, format, args...)}
}

// Read reads subscribers from CSV or JSON, whichever it is: the first character
// tells. See [ReadCSV] and [ReadNDJSON].
func Read(r io.Reader, o ReadOptions) iter.Seq2[*Subscriber, error] { return read(r, o, 0) }

// ReadCSV reads subscribers from CSV with a header: with commas, semicolons or
// tabs between, in UTF-8, or in UTF-16 with a byte order mark. A column is a tag,
// in upper or lower case, with or without percent signs, or the id, which is
// optional and may be headed "User ID" as well. What a system tag has is what the
// Application Server fills in; what a custom tag has is an override at the
// device's own level. An empty field of a custom tag is no override, unless it
// stands in quotation marks.
//
// An error that wraps [ErrSubscriber] is about one subscriber; after any other
// one the sequence ends. Those that are about the file's text are
// [schema.Findings]. Whether there are such tags is for [Simulation.Render] to
// say. The sequence can be read once.
func ReadCSV(r io.Reader, o ReadOptions) iter.Seq2[*Subscriber, error] {
	return read(r, o, records.CSV)
}

// ReadNDJSON reads subscribers from NDJSON, a flat JSON object on each line, or
// from a JSON array of such objects. Names are those of [ReadCSV]'s columns; null
// is no value.
func ReadNDJSON(r io.Reader, o ReadOptions) iter.Seq2[*Subscriber, error] {
	return read(r, o, records.JSON)
}

// columns are the header of a file, which its subscribers share.
type columns struct {
	names []string // of tags; empty for the id
	id    int      // the index of the id's column, or -1
	pos   []schema.Position
}

// A table is what the subscribers of a file share.
type table struct {
	file    string
	columns *columns // of CSV
}

// A row is a subscriber as it stands in a file.
type row struct {
	table        *table
	text         string
	line, column int32
	fields       []records.Field // of CSV
	pairs        []records.Pair  // of JSON, without the id
}

// at returns where a value of the row stands: that of a field or a pair.
func (r *row) at(offset int) schema.Position {
	line, column := records.Record{Line: int(r.line), Column: int(r.column), Text: r.text}.Position(offset)
	return schema.Position{File: r.table.file, Line: line, Column: column}
}

// top returns where the row begins.
func (r *row) top() schema.Position {
	return schema.Position{File: r.table.file, Line: int(r.line), Column: int(r.column)}
}

// header returns the columns of the row's file, or nil if there are none.
func (r *row) header() *columns {
	if r.table == nil {
		return nil
	}
	return r.table.columns
}

// A tableReader reads subscribers from a file of records.
type tableReader struct {
	ReadOptions
	table
	in     *records.Reader
	roles  map[string]role // names of JSON
	fields []records.Field
	pairs  []records.Pair
}

// A role is what a column or a name means: a tag, or the id if the tag is empty.
type role struct {
	tag string
	may bool // it may mean the id, if nothing else does
}

func read(r io.Reader, o ReadOptions, format records.Format) iter.Seq2[*Subscriber, error] {
	t := &tableReader{ReadOptions: o, roles: make(map[string]role)}
	t.file = cmp.Or(o.File, "-")
	t.in = records.NewReader(r, records.Options{Format: format, Delimiter: o.Delimiter, Encoding: o.Encoding})
	return func(yield func(*Subscriber, error) bool) {
		var b records.Batch
		for {
			if err := t.in.Next(&b, batchSize); err != nil {
				if err == io.EOF {
					err = t.end()
				}
				if err != nil {
					yield(nil, t.unreadable(err))
				}
				return
			}
			rest := b.Records
			if t.in.Format == records.CSV && t.columns == nil {
				if err := t.header(rest[0]); err != nil {
					yield(nil, err)
					return
				}
				rest = rest[1:]
			}
			// One piece of memory for what all of them have.
			subs := make([]Subscriber, len(rest))
			if t.columns != nil {
				t.fields = make([]records.Field, 0, len(rest)*len(t.columns.names))
			}
			t.pairs = make([]records.Pair, 0, cap(t.pairs))
			for i := range rest {
				sub := &subs[i]
				err := t.subscriber(sub, rest[i])
				if err != nil {
					sub = nil
				}
				if !yield(sub, err) {
					return
				}
			}
		}
	}
}

// end is called at the end of the file.
func (t *tableReader) end() error {
	if t.in.Format == records.CSV && t.columns == nil {
		return schema.Findings{schema.NewFinding(codes.Subscriber, t.place(records.Record{Line: 1, Column: 1}, 0), "", "there is no header: expected the names of tags, with commas, semicolons or tabs between")}
	}
	return nil
}

// unreadable returns the finding of a stream that can't be read on, or the error if
// it is about something else.
func (t *tableReader) unreadable(err error) error {
	var at *records.Error
	if !errors.As(err, &at) {
		return err
	}
	return schema.Findings{schema.NewFinding(codes.Subscriber, schema.Position{File: t.file, Line: at.Line, Column: at.Column}, "", "%s", at.Msg)}
}

func (t *tableReader) place(r records.Record, offset int) schema.Position {
	line, column := r.Position(offset)
	return schema.Position{File: t.file, Line: line, Column: column}
}

// recordError returns the finding of a record that can't be parsed.
func (t *tableReader) recordError(r records.Record, err error, prefix string) schema.Finding {
	offset, remedy := 0, ""
	var at *records.FieldError
	if errors.As(err, &at) {
		offset = at.At
	}
	if errors.Is(err, records.ErrUTF8) {
		remedy = "save the file as UTF-8, or say what its encoding is, such as --encoding windows-1252"
	}
	return schema.NewFinding(codes.Subscriber, t.place(r, offset), remedy, "%s%s", prefix, err)
}

// header reads the header of CSV.
func (t *tableReader) header(r records.Record) error {
	fields, err := records.ParseCSV(nil, r.Text, t.in.Delimiter)
	if err = cmp.Or(r.Err, err); err != nil {
		return schema.Findings{t.recordError(r, err, "the header: ")}
	}
	c := &columns{id: -1}
	var fs schema.Findings
	add := func(f records.Field, remedy, format string, args ...any) {
		fs = append(fs, schema.NewFinding(codes.SubscriberKey, t.place(r, int(f.At)), remedy, format, args...))
	}
	roles := make([]role, len(fields))
	for i, f := range fields {
		roles[i] = t.role(f.Value(r.Text))
		c.pos = append(c.pos, t.place(r, int(f.At)))
		if roles[i].tag != "" {
			continue
		}
		if c.id >= 0 {
			add(f, "keep one of the two", "there are two columns id")
		}
		c.id = i
	}
	for i, f := range fields {
		if roles[i].may && c.id < 0 {
			c.id, roles[i].tag = i, ""
		}
		if strings.TrimSpace(f.Value(r.Text)) == "" {
			add(f, "name it, or take it out", "column %d has no name", i+1)
		}
		c.names = append(c.names, roles[i].tag)
	}
	if len(fs) > 0 {
		return fs
	}
	t.columns = c
	return nil
}

// role tells what a column or a name means.
func (t *tableReader) role(name string) role {
	name = strings.TrimSpace(name)
	to, mapped := t.Map[name]
	if mapped {
		name = to
	}
	bare := tagname.Bare(name)
	if strings.EqualFold(bare, "id") {
		return role{}
	}
	plain := strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(bare))
	return role{cmp.Or(bare, name, " "), !mapped && (plain == "userid" || plain == "subscriberid")}
}

// subscriber reads a record.
func (t *tableReader) subscriber(sub *Subscriber, r records.Record) error {
	if r.Err != nil {
		return &rowError{t.recordError(r, r.Err, "")}
	}
	sub.row = row{table: &t.table, text: r.Text, line: int32(r.Line), column: int32(r.Column)}
	if t.columns != nil {
		return t.csv(sub, r)
	}
	return t.json(sub, r)
}

func (t *tableReader) csv(sub *Subscriber, r records.Record) (err error) {
	from := len(t.fields)
	if t.fields, err = records.ParseCSV(t.fields, r.Text, t.in.Delimiter); err != nil {
		return &rowError{t.recordError(r, err, "")}
	}
	fields := t.fields[from:len(t.fields):len(t.fields)]
	if len(fields) != len(t.columns.names) {
		return rowErrorf(sub.row.top(), "", "it has %s: expected %d, as the header has", count(len(fields), "field"), len(t.columns.names))
	}
	for i, f := range fields {
		if !f.Quoted && isMangled(f.Value(r.Text)) {
			return t.mangled(sub, cmp.Or(t.columns.names[i], "id"), f.Value(r.Text), int(f.At))
		}
	}
	if t.columns.id >= 0 {
		sub.ID = fields[t.columns.id].Value(r.Text)
	}
	sub.row.fields = fields
	return nil
}

// maxNames is how many names of JSON are remembered.
const maxNames = 1 << 12

func (t *tableReader) json(sub *Subscriber, r records.Record) (err error) {
	from := len(t.pairs)
	if t.pairs, err = records.ParseJSON(t.pairs, r.Text); err != nil {
		return &rowError{t.recordError(r, err, "")}
	}
	pairs := t.pairs[from:len(t.pairs):len(t.pairs)]
	id, alias := -1, -1
	for i := range pairs {
		p := &pairs[i]
		what, ok := t.roles[p.Name]
		if !ok {
			if len(t.roles) >= maxNames {
				return rowErrorf(sub.row.at(p.At), "", "the file has more than %d different names", maxNames)
			}
			what = t.role(p.Name)
			t.roles[p.Name] = what
		}
		if strings.TrimSpace(p.Name) == "" {
			return rowErrorf(sub.row.at(p.At), "", "it has an empty name: expected a tag's")
		}
		if isMangled(p.Value) {
			return t.mangled(sub, cmp.Or(what.tag, "id"), p.Value, p.At)
		}
		switch {
		case what.tag == "" && id >= 0:
			return rowErrorf(sub.row.at(p.At), "", "it has two ids")
		case what.tag == "":
			id = i
		case what.may && alias < 0:
			alias = i
		}
		p.Name = what.tag
	}
	if id < 0 {
		id = alias
	}
	if id >= 0 {
		sub.ID = pairs[id].Value
		copy(pairs[1:id+1], pairs[:id])
		pairs = pairs[1:]
	}
	sub.row.pairs = pairs
	return nil
}

func (t *tableReader) mangled(sub *Subscriber, name, value string, at int) error {
	return rowErrorf(sub.row.at(at), "format the column as text, and export it again",
		"%s: a spreadsheet has shortened the number to %.20s, and its last digits are lost", name, value)
}

// isMangled reports whether a value is a number as a spreadsheet shortens it, such
// as 1.55512E+10.
func isMangled(v string) bool {
	n := len(v)
	if n < 5 || v[n-4] != 'E' && v[n-5] != 'E' {
		return false
	}
	i := strings.IndexByte(v, 'E')
	if i < 1 || n < i+4 || v[i+1] != '+' {
		return false
	}
	mantissa := strings.TrimPrefix(v[:i], "-")
	whole, fraction, dotted := strings.Cut(strings.Replace(mantissa, ",", ".", 1), ".")
	return len(whole) == 1 && (!dotted || fraction != "") && strings.Trim(whole+fraction+v[i+2:], "0123456789") == ""
}

// count returns a number of things in words.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
