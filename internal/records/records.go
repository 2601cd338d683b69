// Package records reads files of many records, one after the other, as people
// export them: CSV with commas, semicolons or tabs between, NDJSON, a flat JSON
// object on each line, and a JSON array of such objects. It cuts a stream into
// records in one go, and leaves what is in them to be read later and elsewhere.
// It knows which of their ids can be names of files.
package records

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/dtafgen/wxt/internal/charset"
)

// MaxSize is the size in bytes that a record may have.
const MaxSize = 1 << 20

// maxSkip is how many bytes of a line that is too long are passed over. A stream
// that goes on behind that is no file of records.
const maxSkip = 64 << 20

// A Format is how records are written.
type Format uint8

// The formats.
const (
	CSV Format = iota + 1
	JSON
)

// Options say how a stream is read. The zero value will do.
type Options struct {
	Format    Format // 0: JSON if the first character is a brace or a bracket
	Delimiter byte   // between the fields of CSV; 0: as the first line tells
	Encoding  string // empty: UTF-8, or UTF-16 with a byte order mark
}

// A Record is one record, as it stands in the file.
type Record struct {
	Line, Column int    // of its first character, from 1
	Text         string // without the line end
	Err          error  // why the record can't be read; there is no text then
}

// Position returns the line and the column of the byte at an offset of the text.
func (r Record) Position(at int) (line, column int) {
	before := r.Text[:min(max(at, 0), len(r.Text))]
	last := strings.LastIndexByte(before, '\n')
	if last < 0 {
		return r.Line, r.Column + utf8.RuneCountInString(before)
	}
	return r.Line + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[last+1:])
}

// A Batch is some records that follow each other.
type Batch struct {
	Records []Record

	buf  []byte
	ends []int
}

// ErrTooLong is the error of a record that is larger than [MaxSize].
var ErrTooLong = fmt.Errorf("the record is longer than %d bytes", MaxSize)

// A Reader cuts a stream into records. Empty lines are passed over, in JSON those
// of white space too, and so are a byte order mark at the start and a line such
// as "sep=;", by which spreadsheets name the delimiter.
type Reader struct {
	// Format and Delimiter are those of the stream. They are known after the
	// first call of Next.
	Format    Format
	Delimiter byte

	encoding string
	in       io.Reader
	r        *bufio.Reader
	line     int   // of the next character
	column   int   // the same, in an array
	bytes    int64 // read so far
	array    bool
	objects  int // read of the array
	err      error
}

// NewReader returns a reader of r.
func NewReader(r io.Reader, o Options) *Reader {
	return &Reader{in: r, Format: o.Format, Delimiter: o.Delimiter, encoding: o.Encoding, line: 1, column: 1}
}

// Next reads records until there are most of them, or the batch is large, and
// replaces those of b by them. It returns an error if there are none: io.EOF at
// the end, an [*Error], or that of the stream.
func (r *Reader) Next(b *Batch, most int) error {
	b.Records, b.buf, b.ends = b.Records[:0], b.buf[:0], b.ends[:0]
	if r.r == nil && r.err == nil {
		r.err = r.begin()
	}
	for r.err == nil && len(b.Records) < most && len(b.buf) < 1<<16 {
		if r.array {
			r.err = r.object(b)
		} else {
			r.err = r.record(b)
		}
	}
	text := string(b.buf)
	start := 0
	for i, end := range b.ends {
		b.Records[i].Text = text[start:end]
		start = end
	}
	if len(b.Records) == 0 {
		return r.err
	}
	return nil
}

// An Error is what keeps a stream from being read on.
type Error struct {
	Line, Column int // where, from 1; a column of 0 is not known
	Msg          string
}

// Error implements the error interface.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Msg) }

// begin finds out how the stream is written.
func (r *Reader) begin() error {
	in := bufio.NewReaderSize(r.in, 1<<16)
	r.r = in
	mark, err := in.Peek(3)
	if err != nil && err != io.EOF {
		return err
	}
	encoding := r.encoding
	switch {
	case bytes.HasPrefix(mark, []byte("\xEF\xBB\xBF")):
		encoding = ""
		_, _ = in.Discard(3) // They are there.
	case bytes.HasPrefix(mark, []byte("\xFE\xFF")), bytes.HasPrefix(mark, []byte("\xFF\xFE")):
		encoding = "UTF-16"
	}
	if encoding != "" {
		cs, err := charset.Lookup(encoding)
		if err != nil {
			return err
		}
		if !cs.IsUTF8() {
			r.r = bufio.NewReaderSize(cs.NewReader(in), 1<<16)
		}
	}
	if r.Format == CSV {
		return r.beginCSV()
	}
	c, err := r.firstSolid()
	switch {
	case err != nil:
		return err
	case r.Format == 0 && c != '{' && c != '[':
		r.Format = CSV
		return r.beginCSV()
	case c == '[':
		r.array = true
		_, err = r.solid()
	}
	r.Format = JSON
	return err
}

// firstSolid returns the first character that is no white space, or 0 if none is
// near.
func (r *Reader) firstSolid() (byte, error) {
	for n := 1; n <= r.r.Size(); n++ {
		data, err := r.r.Peek(n)
		if data = bytes.TrimLeft(data, " \t\r\n"); len(data) > 0 {
			return data[0], nil
		}
		if err != nil && err != io.EOF {
			return 0, err
		}
		if err == io.EOF {
			break
		}
	}
	return 0, nil
}

// separators are those that a header can tell of.
const separators = ",;\t"

// beginCSV finds the delimiter.
func (r *Reader) beginCSV() error {
	first, err := r.firstLine()
	if err != nil {
		return err
	}
	if name, sep, ok := strings.Cut(strings.TrimRight(first, "\r\n"), "="); ok && strings.EqualFold(name, "sep") && len(sep) == 1 && sep != `"` {
		r.skip(len(first))
		r.line++
		if r.Delimiter == 0 {
			r.Delimiter = sep[0]
		}
	}
	if r.Delimiter != 0 {
		return nil
	}
	r.Delimiter = ','
	counts, quoted := make(map[byte]int), false
	for i := range len(first) {
		switch c := first[i]; {
		case c == '"':
			quoted = !quoted
		case !quoted:
			counts[c]++
		}
	}
	for i := range len(separators) {
		if c := separators[i]; counts[c] > counts[r.Delimiter] {
			r.Delimiter = c
		}
	}
	return nil
}

// firstLine returns the first line that is not empty, as far as it is buffered,
// and passes over those before.
func (r *Reader) firstLine() (string, error) {
	for n := 1; ; {
		data, err := r.r.Peek(n)
		if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
			return "", err
		}
		if blank := emptyLines(data); blank > 0 {
			r.line += bytes.Count(data[:blank], []byte("\n"))
			r.skip(blank)
			n = 1
			continue
		}
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			return string(data[:i+1]), nil
		}
		if err != nil {
			return string(data), nil
		}
		n = max(n+1, r.r.Buffered())
	}
}

// emptyLines returns how many bytes of empty lines data begins with.
func emptyLines(data []byte) int {
	n := 0
	for {
		switch rest := data[n:]; {
		case bytes.HasPrefix(rest, []byte("\n")):
			n++
		case bytes.HasPrefix(rest, []byte("\r\n")):
			n += 2
		default:
			return n
		}
	}
}

// skip passes over bytes that are buffered.
func (r *Reader) skip(n int) {
	_, _ = r.r.Discard(n) // They are there.
	r.column += n
}

// record reads a record of lines into b.
func (r *Reader) record(b *Batch) error {
	first, start := r.line, len(b.buf)
	quotes := quoteState{delimiter: r.Delimiter}
	for {
		from := len(b.buf)
		long, err := r.readLine(b, start)
		if err != nil && err != io.EOF {
			return err
		}
		if long {
			b.buf = b.buf[:start]
			if r.Format == CSV && first != r.line-1 {
				return &Error{first, 0, fmt.Sprintf("a quoted field begins in this record and does not end within %d bytes", MaxSize)}
			}
			b.add(Record{Line: first, Column: 1, Err: ErrTooLong})
			return err
		}
		if r.Format == CSV && quotes.feed(b.buf[from:]) && err == nil {
			continue
		}
		b.buf = trimEnd(b.buf, start)
		if r.Format == JSON && len(bytes.TrimSpace(b.buf[start:])) == 0 {
			b.buf = b.buf[:start]
		}
		if len(b.buf) > start {
			b.add(Record{Line: first, Column: 1})
		}
		return err
	}
}

// add adds a record whose text ends here.
func (b *Batch) add(r Record) {
	b.Records = append(b.Records, r)
	b.ends = append(b.ends, len(b.buf))
}

// readLine appends a line with its end to the batch, and reports whether that
// makes the record that begins at start too long; of a line that does, the rest
// is passed over.
func (r *Reader) readLine(b *Batch, start int) (long bool, err error) {
	begin := r.bytes
	for {
		part, err := r.r.ReadSlice('\n')
		r.bytes += int64(len(part))
		if r.bytes-begin > maxSkip {
			return long, &Error{r.line, 0, fmt.Sprintf("the line does not end within %d bytes: expected records, one in a line", maxSkip)}
		}
		if !long {
			b.buf = append(b.buf, part...)
			long = len(b.buf)-start > MaxSize
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		r.line++
		return long, err
	}
}

// trimEnd takes the line end off what begins at start.
func trimEnd(buf []byte, start int) []byte {
	if n := len(buf); n > start && buf[n-1] == '\n' {
		buf = buf[:n-1]
		if n--; n > start && buf[n-1] == '\r' {
			buf = buf[:n-1]
		}
	}
	return buf
}

// object reads the next object of an array into b.
func (r *Reader) object(b *Batch) error {
	c, err := r.solid()
	switch {
	case err == io.EOF:
		return r.wrong("the list does not end: expected a closing bracket")
	case err != nil:
		return err
	case c == ']':
		if _, err = r.solid(); err != io.EOF {
			return errors.Join(err, r.wrong("expected nothing after the list"))
		}
		return io.EOF
	case c == ',' && r.objects > 0:
		if c, err = r.solid(); err != nil {
			return r.wrong("the list does not end: expected an object")
		}
	case r.objects > 0:
		return r.wrong("expected a comma or a closing bracket after an object of the list")
	}
	if c != '{' {
		return r.wrong("expected an object, such as {\"id\": \"alice\"}")
	}
	r.objects++
	record, start := Record{Line: r.line, Column: r.column - 1}, len(b.buf)
	b.buf = append(b.buf, c)
	for depth, quoted, escaped := 1, false, false; depth > 0; {
		if len(b.buf)-start > MaxSize {
			b.buf = b.buf[:start]
			return &Error{record.Line, record.Column, ErrTooLong.Error()}
		}
		if c, err = r.readByte(); err != nil {
			if err == io.EOF {
				break // What is missing shows when the object is parsed.
			}
			return err
		}
		b.buf = append(b.buf, c)
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
	}
	b.add(record)
	return nil
}

// wrong is an error at the character before.
func (r *Reader) wrong(msg string) error { return &Error{r.line, max(r.column-1, 1), msg} }

func (r *Reader) readByte() (byte, error) {
	c, err := r.r.ReadByte()
	switch {
	case err != nil:
	case c == '\n':
		r.line, r.column = r.line+1, 1
	case c < 0x80 || c >= 0xC0: // A byte within a character is no column.
		r.column++
	}
	return c, err
}

// solid reads up to a character that is no white space.
func (r *Reader) solid() (byte, error) {
	for {
		if c, err := r.readByte(); err != nil || c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c, err
		}
	}
}
