// Package charset tells how the bytes of a template or a manifest are encoded,
// and turns them into text and back.
package charset

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

// A Charset is an encoding of text. The zero value is UTF-8 without a byte
// order mark.
type Charset struct {
	name string
	bom  string            // the byte order mark that the bytes begin with
	enc  encoding.Encoding // nil for UTF-8
}

// The marks that bytes can begin with.
const (
	bomUTF8    = "\xEF\xBB\xBF"
	bomUTF16BE = "\xFE\xFF"
	bomUTF16LE = "\xFF\xFE"
)

// beginnings are how XML begins in encodings that no device reads (XML 1.0, appendix F).
var beginnings = []struct{ bytes, encoding string }{
	{"\x00\x00\xFE\xFF", "UTF-32"},
	{"\xFF\xFE\x00\x00", "UTF-32"},
	{"\x00\x00\x00<", "UTF-32"},
	{"<\x00\x00\x00", "UTF-32"},
	{"\x00<\x00", "UTF-16 without a byte order mark"},
	{"<\x00", "UTF-16 without a byte order mark"},
	{"\x4C\x6F\xA7\x94", "EBCDIC"},
}

// Name returns the encoding's name in XML's spelling, such as "UTF-8".
func (c Charset) Name() string {
	if c.name == "" {
		return "UTF-8"
	}
	return c.name
}

// IsUTF8 reports whether the encoding is UTF-8.
func (c Charset) IsUTF8() bool { return c.enc == nil }

// HasBOM reports whether the bytes begin with a byte order mark.
func (c Charset) HasBOM() bool { return c.bom != "" }

// Lookup returns the encoding with an IANA name, upper and lower case alike,
// or an error if there is none or it can't be used here.
func Lookup(name string) (Charset, error) {
	if strings.EqualFold(name, "UTF-8") || strings.EqualFold(name, "UTF8") {
		return Charset{}, nil
	}
	enc, err := ianaindex.IANA.Encoding(name)
	if err != nil || enc == nil {
		return Charset{}, fmt.Errorf("unknown encoding %q: expected a name such as UTF-8 or ISO-8859-1", name)
	}
	canonical, err := ianaindex.MIME.Name(enc)
	if err != nil || canonical == "" {
		canonical = name
	}
	return Charset{name: canonical, enc: enc}, nil
}

// IsASCIICompatible reports whether ASCII text has the same bytes in c.
func (c Charset) IsASCIICompatible() bool {
	const ascii = "<?xml version=\"1.0\"?>\n<a b='c'>&amp;%~{}[]\\^_`|</a>"
	b, err := c.Encode(ascii)
	return err == nil && string(b) == ascii
}

// Detect tells the encoding of data by its byte order mark, then by its XML
// declaration, then takes it for UTF-8. A declaration that names an encoding
// that can't be used is an error, and so is how XML begins in an encoding that can't.
func Detect(data []byte) (Charset, error) {
	for _, b := range beginnings {
		if bytes.HasPrefix(data, []byte(b.bytes)) {
			return Charset{}, fmt.Errorf("the bytes are in %s: expected UTF-8, an encoding that the XML declaration names, or UTF-16 with its byte order mark", b.encoding)
		}
	}
	switch {
	case bytes.HasPrefix(data, []byte(bomUTF8)):
		return Charset{bom: bomUTF8}, nil
	case bytes.HasPrefix(data, []byte(bomUTF16BE)):
		return Charset{"UTF-16", bomUTF16BE, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}, nil
	case bytes.HasPrefix(data, []byte(bomUTF16LE)):
		return Charset{"UTF-16", bomUTF16LE, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}, nil
	}
	name := Declared(string(data[:min(len(data), 1024)]))
	if name == "" {
		return Charset{}, nil
	}
	c, err := Lookup(name)
	if err != nil {
		return Charset{}, fmt.Errorf("the XML declaration names an %w", err)
	}
	if !c.IsASCIICompatible() {
		return Charset{}, fmt.Errorf("the XML declaration names the encoding %s, and the bytes don't begin with its byte order mark", c.Name())
	}
	return c, nil
}

// Declared returns the encoding that the XML declaration at the start of text
// names, or "".
func Declared(text string) string {
	text = strings.TrimPrefix(text, "\uFEFF")
	if !strings.HasPrefix(text, "<?xml") {
		return ""
	}
	declaration, _, ok := strings.Cut(text, "?>")
	if !ok {
		return ""
	}
	_, after, ok := strings.Cut(declaration, "encoding")
	if !ok {
		return ""
	}
	after = strings.TrimLeft(after, " \t\r\n")
	after, ok = strings.CutPrefix(after, "=")
	after = strings.TrimLeft(after, " \t\r\n")
	if !ok || after == "" || after[0] != '"' && after[0] != '\'' {
		return ""
	}
	name, _, ok := strings.Cut(after[1:], after[:1])
	if !ok {
		return ""
	}
	return name
}

// Decode returns the text of data, without its byte order mark, and its
// encoding. It is an error if the bytes are not in the encoding, or if encoding
// the text again would not give the same bytes.
func Decode(data []byte) (string, Charset, error) {
	c, err := Detect(data)
	if err != nil {
		return "", Charset{}, err
	}
	body := data[len(c.bom):]
	if c.enc == nil {
		if !utf8.Valid(body) {
			i := invalidUTF8(body)
			before := body[:i]
			start := bytes.LastIndexByte(before, '\n') + 1
			return "", Charset{}, &ByteError{
				Line:   1 + bytes.Count(before, []byte("\n")),
				Column: 1 + utf8.RuneCount(before[start:]),
				Byte:   body[i],
			}
		}
		return string(body), c, nil
	}
	text, err := c.enc.NewDecoder().Bytes(body)
	if err != nil {
		return "", Charset{}, fmt.Errorf("the bytes are not valid %s: %w", c.Name(), err)
	}
	if back, err := c.Encode(string(text)); err != nil || !bytes.Equal(back, data) {
		return "", Charset{}, fmt.Errorf("the bytes are not valid %s", c.Name())
	}
	return string(text), c, nil
}

func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// Encode returns text in the encoding, after the byte order mark that Decode
// found. It is an error if the encoding lacks a character of text; the error
// is a [*CharacterError].
func (c Charset) Encode(text string) ([]byte, error) {
	if c.enc == nil {
		return append([]byte(c.bom), text...), nil
	}
	b, err := c.enc.NewEncoder().Bytes([]byte(text))
	if err != nil {
		if r, i, ok := c.Missing(text); ok {
			return nil, &CharacterError{r, i, c.Name()}
		}
		return nil, err
	}
	return append([]byte(c.bom), b...), nil
}

// Text returns bytes of the encoding as text.
func (c Charset) Text(data []byte) (string, error) {
	text, err := io.ReadAll(c.NewReader(bytes.NewReader(data)))
	return string(text), err
}

// NewReader returns a reader of r that gives UTF-8. What is not in the encoding
// becomes U+FFFD.
func (c Charset) NewReader(r io.Reader) io.Reader {
	if c.enc == nil {
		return r
	}
	return c.enc.NewDecoder().Reader(r)
}

// Missing returns the first character of text that the encoding lacks and its
// byte offset, or false if it has them all.
func (c Charset) Missing(text string) (rune, int, bool) {
	if c.enc == nil {
		return 0, 0, false
	}
	e := c.enc.NewEncoder()
	for i, r := range text {
		if r < utf8.RuneSelf {
			continue
		}
		if _, err := e.String(string(r)); err != nil {
			return r, i, true
		}
	}
	return 0, 0, false
}

// References returns a piece of XML with the characters that the encoding lacks
// as references.
func (c Charset) References(xml string) string {
	var b strings.Builder
	for {
		r, at, ok := c.Missing(xml)
		if !ok {
			b.WriteString(xml)
			return b.String()
		}
		fmt.Fprintf(&b, "%s&#%d;", xml[:at], r)
		xml = xml[at+len(string(r)):]
	}
}

// A ByteError is the first byte that makes a file no UTF-8.
type ByteError struct {
	Line, Column int // from 1
	Byte         byte
}

// Error implements the error interface.
func (e *ByteError) Error() string {
	return fmt.Sprintf("the byte 0x%02X is not valid UTF-8", e.Byte)
}

// A CharacterError is a character that an encoding lacks.
type CharacterError struct {
	Rune    rune
	Offset  int // in bytes, in the text
	Charset string
}

// Error implements the error interface.
func (e *CharacterError) Error() string {
	return fmt.Sprintf("%s has no character %q (%U)", e.Charset, e.Rune, e.Rune)
}
