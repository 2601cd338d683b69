// Package zipstream writes zip archives of any number of files in constant
// memory: the central directory, which stands at an archive's end and which
// archive/zip keeps in memory, waits in a temporary file.
package zipstream

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"time"
)

// A Compressor compresses one file after the other. Several can be used beside
// each other, for one archive.
type Compressor struct {
	w   *flate.Writer
	buf bytes.Buffer
}

// A File is a file's place in what a [Compressor] appended.
type File struct {
	CRC              uint32
	Size, Compressed int
}

// Append appends data to dst, compressed.
func (c *Compressor) Append(dst, data []byte) ([]byte, File) {
	c.buf.Reset()
	if c.w == nil {
		c.w, _ = flate.NewWriter(&c.buf, flate.BestSpeed) // the level is right
	} else {
		c.w.Reset(&c.buf)
	}
	// A bytes.Buffer takes everything.
	_, _ = c.w.Write(data)
	_ = c.w.Close()
	return append(dst, c.buf.Bytes()...), File{crc32.ChecksumIEEE(data), len(data), c.buf.Len()}
}

// A Writer writes an archive.
type Writer struct {
	w         *bufio.Writer
	offset    uint64
	count     uint64
	date      uint16
	directory *os.File
	spool     *bufio.Writer
	size      uint64 // of the directory
}

// NewWriter returns a writer of an archive to w, all of whose files have the
// date of the given time. [Writer.Close] or [Writer.Abort] has to be called.
func NewWriter(w io.Writer, modified time.Time) (*Writer, error) {
	f, err := os.CreateTemp("", "dtafgen-zip-*.dtafgen-tmp")
	if err != nil {
		return nil, err
	}
	year, month, day := modified.Date()
	return &Writer{
		w: bufio.NewWriterSize(w, 1<<18), directory: f, spool: bufio.NewWriterSize(f, 1<<16),
		date: uint16((year-1980)<<9 | int(month)<<5 | day),
	}, nil
}

const (
	utf8Names = 0x800
	deflate   = 8
	version   = 20 // of the format; 45 is the one with 64-bit sizes
	version64 = 45
	unix      = 3 << 8
	mode      = 0o100600
)

// fields appends values in the order of the archive's bytes.
func fields(dst []byte, values ...any) []byte {
	for _, v := range values {
		switch v := v.(type) {
		case uint16:
			dst = binary.LittleEndian.AppendUint16(dst, v)
		case uint32:
			dst = binary.LittleEndian.AppendUint32(dst, v)
		case uint64:
			dst = binary.LittleEndian.AppendUint64(dst, v)
		}
	}
	return dst
}

// Add adds a file, of which the compressed data is data.
func (w *Writer) Add(name string, f File, data []byte) error {
	if len(name) > math.MaxUint16 {
		return fmt.Errorf("the name %.20q... is too long for a zip archive", name)
	}
	common := fields(nil, uint16(utf8Names), uint16(deflate), uint16(0), w.date, f.CRC, uint32(f.Compressed), uint32(f.Size), uint16(len(name)))
	header := fields(nil, uint32(0x04034b50), uint16(version))
	header = append(header, common...)
	header = append(fields(header, uint16(0)), name...)

	needs, offset, extra := uint16(version), uint32(w.offset), []byte(nil)
	if w.offset >= math.MaxUint32 {
		needs, offset = version64, math.MaxUint32
		extra = fields(nil, uint16(1), uint16(8), w.offset)
	}
	entry := fields(nil, uint32(0x02014b50), uint16(unix|version64), needs)
	entry = append(entry, common...)
	entry = fields(entry, uint16(len(extra)), uint16(0), uint16(0), uint16(0), uint32(mode<<16), offset)
	entry = append(append(entry, name...), extra...)

	for _, part := range [][]byte{header, data} {
		n, err := w.w.Write(part)
		w.offset += uint64(n)
		if err != nil {
			return err
		}
	}
	w.count++
	w.size += uint64(len(entry))
	_, err := w.spool.Write(entry)
	return err
}

// Close writes the central directory, and so ends the archive.
func (w *Writer) Close() error {
	defer w.Abort()
	if err := w.spool.Flush(); err != nil {
		return err
	}
	if _, err := w.directory.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.Copy(w.w, w.directory); err != nil {
		return err
	}
	var end []byte
	count, size, offset := uint16(w.count), uint32(w.size), uint32(w.offset)
	if w.count >= math.MaxUint16 || w.size >= math.MaxUint32 || w.offset >= math.MaxUint32 {
		end = fields(end, uint32(0x06064b50), uint64(44), uint16(unix|version64), uint16(version64), uint32(0), uint32(0),
			w.count, w.count, w.size, w.offset)
		end = fields(end, uint32(0x07064b50), uint32(0), w.offset+w.size, uint32(1))
		count, size, offset = math.MaxUint16, math.MaxUint32, math.MaxUint32
	}
	end = fields(end, uint32(0x06054b50), uint16(0), uint16(0), count, count, size, offset, uint16(0))
	if _, err := w.w.Write(end); err != nil {
		return err
	}
	return w.w.Flush()
}

// Abort lets the archive be, and removes the temporary file. After Close it does
// nothing.
func (w *Writer) Abort() {
	if w.directory != nil {
		w.directory.Close()
		os.Remove(w.directory.Name())
		w.directory = nil
	}
}
