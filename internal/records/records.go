// Package records reads files of many records, one after the other: CSV as RFC
// 4180 has it, and NDJSON, a flat JSON object on each line. It cuts a stream
// into records in one go, and leaves what is in them to be read later and
// elsewhere.
package records

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
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
	NDJSON
)

// A Record is one record, as it stands in the file.
type Record struct {
	Line int    // of its first character, from 1
	Text string // without the line end
	Err  error  // why the record can't be read; there is no text then
}

// A Batch is some records that follow each other.
type Batch struct {
	Records []Record
	Bytes   int64 // how much of the stream is read, after them

	buf  []byte
	ends []int
}

// ErrTooLong is the error of a record that is larger than [MaxSize].
var ErrTooLong = fmt.Errorf("the record is longer than %d bytes", MaxSize)

// A Reader cuts a stream into records. Empty lines are passed over, in NDJSON
// those of white space too, and so is a byte order mark at the start.
type Reader struct {
	r      *bufio.Reader
	format Format
	line   int   // of the next character
	bytes  int64 // read so far
	err    error
}

// NewReader returns a reader of r.
func NewReader(r io.Reader, f Format) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, 1<<16), format: f, line: 1}
}

// Next reads records until there are most of them, or the batch is large, and
// replaces those of b by them. It returns an error if there are none: io.EOF at
// the end, an [*Error], or that of the stream.
func (r *Reader) Next(b *Batch, most int) error {
	b.Records, b.buf, b.ends = b.Records[:0], b.buf[:0], b.ends[:0]
	for r.err == nil && len(b.Records) < most && len(b.buf) < 1<<16 {
		r.err = r.record(b)
	}
	text := string(b.buf)
	start := 0
	for i, end := range b.ends {
		b.Records[i].Text = text[start:end]
		start = end
	}
	b.Bytes = r.bytes
	if len(b.Records) == 0 {
		return r.err
	}
	return nil
}

// An Error is what keeps a stream from being read on.
type Error struct {
	Line int // where the record begins, from 1
	Msg  string
}

// Error implements the error interface.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Msg) }

// record reads a record into b.
func (r *Reader) record(b *Batch) error {
	if r.bytes == 0 {
		switch mark, _ := r.r.Peek(3); {
		case bytes.HasPrefix(mark, []byte("\xEF\xBB\xBF")):
			r.bytes = 3
			if _, err := r.r.Discard(3); err != nil {
				return err
			}
		case bytes.HasPrefix(mark, []byte("\xFE\xFF")), bytes.HasPrefix(mark, []byte("\xFF\xFE")):
			return &Error{1, "the file is in UTF-16: expected UTF-8"}
		}
	}
	first, start := r.line, len(b.buf)
	var quotes quoteState
	for {
		from := len(b.buf)
		long, err := r.readLine(b, start)
		if err != nil && err != io.EOF {
			return err
		}
		if long {
			b.buf = b.buf[:start]
			if r.format == CSV && first != r.line-1 {
				return &Error{first, fmt.Sprintf("a quoted field begins in this record and does not end within %d bytes", MaxSize)}
			}
			b.Records = append(b.Records, Record{Line: first, Err: ErrTooLong})
			b.ends = append(b.ends, start)
			return err
		}
		if r.format == CSV && quotes.feed(b.buf[from:]) && err == nil {
			continue
		}
		b.buf = trimEnd(b.buf, start)
		if r.format == NDJSON && len(bytes.TrimSpace(b.buf[start:])) == 0 {
			b.buf = b.buf[:start]
		}
		if len(b.buf) > start {
			b.Records = append(b.Records, Record{Line: first})
			b.ends = append(b.ends, len(b.buf))
		}
		return err
	}
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
			return long, &Error{r.line, fmt.Sprintf("the line does not end within %d bytes: expected records, one in a line", maxSkip)}
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
