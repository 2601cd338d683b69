package dtaf

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"time"
	"unicode/utf8"
)

// Bytes returns the archive as a zip with oci and type at its root. The same
// files and the same time give the same bytes: entries are sorted by name, and
// have the permissions 0644, no extra fields, and modified, in UTC and to two
// seconds, as their time. A zip knows the years 1980 to 2107; times before and
// after are taken for the nearest.
//
// Files are deflated, as in the archives of vendors, but for one that gets so small by
// that that [Read] would take it for a bomb, such as silence: it is stored. Another version of Go may
// compress them a little differently, so that the bytes are the same for
// programs that are built with the same Go release; what is in the files is the
// same always.
func (a *Archive) Bytes(modified time.Time) ([]byte, error) {
	var b bytes.Buffer
	if err := a.write(&b, modified); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (a *Archive) write(w io.Writer, modified time.Time) error {
	z := zip.NewWriter(w)
	date, clock := dosTime(modified)
	pack, err := flate.NewWriter(io.Discard, flate.BestCompression)
	if err != nil {
		return err
	}
	for _, f := range a.files {
		if err := writeFile(z, pack, f, date, clock); err != nil {
			return fmt.Errorf("writing %s: %w", f.Name, err)
		}
	}
	return z.Close()
}

func writeFile(z *zip.Writer, pack *flate.Writer, f File, date, clock uint16) error {
	const (
		version = 20       // of zip: that with deflate
		unix    = 3 << 8   // who made the entry
		mode    = 0o100644 // a regular file
		isUTF8  = 0x800
	)
	var packed bytes.Buffer
	pack.Reset(&packed)
	if _, err := pack.Write(f.Data); err != nil {
		return err
	}
	if err := pack.Close(); err != nil {
		return err
	}
	method, content := zip.Deflate, packed.Bytes()
	if len(f.Data) > ratioFrom && looksLikeBomb(packed.Bytes(), defaultLimits()) {
		method, content = zip.Store, f.Data
	}
	h := &zip.FileHeader{
		Name: f.Name, Method: method,
		CreatorVersion: unix | version, ReaderVersion: version, ExternalAttrs: mode << 16,
		CRC32:            crc32.ChecksumIEEE(f.Data),
		CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(f.Data)),
	}
	for i := range len(f.Name) {
		if f.Name[i] >= utf8.RuneSelf {
			h.Flags |= isUTF8
			break
		}
	}
	//lint:ignore SA1019 Modified is not what a raw entry is written with.
	h.ModifiedDate, h.ModifiedTime = date, clock
	// A raw entry has its sizes in its header, and nothing is added to it.
	w, err := z.CreateRaw(h)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}

// looksLikeBomb reports whether a deflated file is one that [Read] would refuse.
func looksLikeBomb(packed []byte, l Limits) bool {
	p := &reading{limits: l}
	in := &counter{Reader: bufio.NewReader(bytes.NewReader(packed))}
	_, err := p.read(&source{}, "", flate.NewReader(in), p.mayBe(in))
	return err != nil
}

// dosTime returns a time as a zip has it.
func dosTime(t time.Time) (date, clock uint16) {
	t = t.UTC()
	switch {
	case t.Year() < 1980:
		t = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	case t.Year() > 2107:
		t = time.Date(2107, 12, 31, 23, 59, 58, 0, time.UTC)
	}
	date = uint16(t.Day() | int(t.Month())<<5 | (t.Year()-1980)<<9)
	clock = uint16(t.Second()/2 | t.Minute()<<5 | t.Hour()<<11)
	return date, clock
}
