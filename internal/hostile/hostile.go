// Package hostile makes archives and project files that are to be refused, for
// tests of everything that reads them.
package hostile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/tags"
)

// An Input is a hostile file, and what has to be said about it.
type Input struct {
	Name string // without an extension
	Data []byte
	Want string // in the message
}

// The files of an honest archive for the desktop.
const (
	ManifestName = "oci/Phone.oci"
	TemplateName = "type/Phone/config-wxt.xml.template"
	Template     = `<?xml version="1.0" encoding="UTF-8"?>` + "\n<config><a>%SBC_ADDRESS_WXT%</a></config>\n"
)

// Manifest returns a manifest that adds the device type Phone and its files,
// with something more among its requests.
func Manifest(more string) string {
	d := dtaf.NewManifest(tags.Desktop, 0)
	if err := manifest.SetDeviceType(d, "Phone"); err != nil {
		panic(err)
	}
	start, end, _ := strings.Cut(string(d.Bytes()), "</BroadsoftDocument>")
	return start + more + "</BroadsoftDocument>" + end
}

func file(format, source string) string {
	return `<command xmlns="" xsi:type="SystemSIPDeviceTypeFileAddRequest14sp8"><deviceType>Phone</deviceType><fileFormat>` + format +
		`</fileFormat><sourceFileName>` + source + "</sourceFileName></command>\n"
}

// An entry is an entry of an archive.
type entry struct {
	name string
	data string
	edit func(*zip.FileHeader)
}

func pack(entries ...entry) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.edit != nil {
			e.edit(h)
		}
		w, err := z.CreateHeader(h)
		if err == nil && !strings.HasSuffix(e.name, "/") {
			_, err = w.Write([]byte(e.data))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// honest returns an archive with everything that is needed, and more.
func honest(more ...entry) []byte {
	return pack(append([]entry{{ManifestName, Manifest(""), nil}, {TemplateName, Template, nil}}, more...)...)
}

// raw returns an archive with an entry whose header says what edit makes it say.
func raw(name, data string, edit func(*zip.FileHeader)) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h := &zip.FileHeader{
		Name: name, CRC32: crc32.ChecksumIEEE([]byte(data)),
		CompressedSize64: uint64(len(data)), UncompressedSize64: uint64(len(data)),
	}
	edit(h)
	w, err := z.CreateRaw(h)
	if err == nil {
		_, err = w.Write([]byte(data))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(err)
	}
	return b.Bytes()
}

func mode(m fs.FileMode) func(*zip.FileHeader) {
	return func(h *zip.FileHeader) { h.SetMode(m) }
}

// withManifest returns an archive with this manifest, and template one with this
// template.
func withManifest(s string) []byte {
	return pack(entry{ManifestName, s, nil}, entry{TemplateName, Template, nil})
}

func template(s string) []byte {
	return pack(entry{ManifestName, Manifest(""), nil}, entry{TemplateName, s, nil})
}

// Honest returns an archive that is fine.
func Honest() []byte { return honest() }

// Archives returns hostile archives, which nothing reads, each of less than 10 MiB.
func Archives() []Input {
	good := honest()
	flip := func(at int) []byte {
		b := slices.Clone(good)
		b[at] ^= 0x55
		return b
	}
	directory := bytes.Index(good, []byte("PK\x01\x02"))
	many := func(n int) []byte {
		var list []entry
		for i := range n {
			list = append(list, entry{fmt.Sprintf("type/Phone/%d", i), "", nil})
		}
		return honest(list...)
	}
	var parts []entry
	for i := range 3 {
		parts = append(parts, entry{fmt.Sprintf("type/Phone/%d.bin", i), strings.Repeat(noise(4096), 12<<20/4096), nil})
	}
	entities := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]><config>&lol1;</config>`
	external := `<?xml version="1.0"?><!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><config>&x;</config>`
	var requests, files strings.Builder
	for range 2000 {
		requests.WriteString(file("x", "y"))
	}
	var templates []entry
	for i := range 10 {
		name := fmt.Sprintf("type/Phone/%d.template", i)
		files.WriteString(file(fmt.Sprintf("%d.xml", i), name))
		templates = append(templates, entry{name, strings.Repeat(noise(4096), 3<<20/4096), nil})
	}
	list := []Input{
		{"nothing", nil, "not a zip archive"},
		{"text", []byte("PK is not enough"), "not a zip archive"},
		{"climbing", honest(entry{"../../etc/cron.d/x", "x", nil}), `"../../etc/cron.d/x": climbs out of its folder`},
		{"climbing-inside", honest(entry{"type/../../x", "x", nil}), "climbs out of its folder"},
		{"absolute", honest(entry{"/etc/passwd", "x", nil}), `"/etc/passwd": is an absolute path`},
		{"climbing-with-backslashes", honest(entry{`type\..\..\x`, "x", nil}), "climbs out of its folder"},
		{"drive", honest(entry{"C:/x", "x", nil}), "drive letter"},
		{"nul", honest(entry{"type/Phone/x\x00.template", "x", nil}), "control character"},
		{"escape", honest(entry{"type/\x1b[2Jx", "x", nil}), "control character"},
		{"long-name", honest(entry{strings.Repeat("n", 300), "x", nil}), "has a name of 300 bytes"},
		{"twice", honest(entry{ManifestName, "x", nil}), "comes twice"},
		{"twice-in-another-case", honest(entry{"OCI/PHONE.OCI", "x", nil}), "only in case"},
		{"file-and-folder", honest(entry{ManifestName + "/x", "x", nil}), "stands in a folder with the name of the file"},
		{"link-to-device", honest(entry{"type/Phone/x", "/dev/zero", mode(fs.ModeSymlink | 0o777)}), "is not a regular file but a symbolic link"},
		{"device", honest(entry{"type/Phone/x", "", mode(fs.ModeDevice | fs.ModeCharDevice | 0o666)}), "is not a regular file but a device"},
		{"pipe", honest(entry{"type/Phone/x", "", mode(fs.ModeNamedPipe | 0o666)}), "is not a regular file but a named pipe"},
		{"encrypted", raw("x", "data", func(h *zip.FileHeader) { h.Flags = 1 }), "is encrypted"},
		{"bomb", honest(entry{"type/Phone/x", strings.Repeat("\x00", 64<<20), nil}), "makes more than 200 bytes of each compressed one"},
		{"bomb-of-sizes", honest(parts...), "makes more than 33554432 bytes of all files together"},
		{"bomb-of-count", many(5000), "entries: expected at most"},
		{"bomb-of-a-million", countBomb(100_000), "entries: expected at most"},
		{"overlapping", overlapping(900), "bytes of all files together"},
		{"size-too-small", raw("x", "data", func(h *zip.FileHeader) { h.UncompressedSize64 = 2 }), "is damaged"},
		{"size-too-large", raw("x", "data", func(h *zip.FileHeader) { h.UncompressedSize64 = 1 << 62 }), "is damaged"},
		{"packed-size-too-large", raw("x", "data", func(h *zip.FileHeader) { h.CompressedSize64 = 1 << 40 }), ".zip: "},
		{"wrong-sum", raw("x", "data", func(h *zip.FileHeader) { h.CRC32++ }), "checksum error"},
		{"unknown-method", raw("x", "data", func(h *zip.FileHeader) { h.Method = 99 }), "unsupported compression"},
		{"flip-in-data", flip(len(ManifestName) + 60), "is damaged"},
		{"flip-in-directory", flip(directory), ".zip: "},
		{"deep-manifest", withManifest(strings.Repeat("<a>", 100_000)), "stands too deep"},
		{"deep-requests", withManifest(Manifest(`<command xmlns="">` + strings.Repeat("<a>", 50) + strings.Repeat("</a>", 50) + "</command>")), "stands too deep"},
		{"entities-in-manifest", withManifest(entities), "document type declaration"},
		{"external-entity-in-manifest", withManifest(external), "document type declaration"},
		{"requests", withManifest(Manifest(requests.String())), "more than 1000 requests"},
		{"elements-in-manifest", withManifest(Manifest("<command xmlns=\"\">" + elements(400_000) + "</command>")), "more than 100000 nodes"},
		{"attributes-in-manifest", withManifest("<a " + attributes(300_000) + "/>"), "more than 100000 nodes"},
		{"large-manifest", withManifest(Manifest("<!--" + strings.Repeat(noise(4096), 1100) + "-->")), "more than 4194304 bytes"},
		{"placeholders", template(strings.Repeat("%A%\n", 50_000)), "more than 10000 placeholders"},
		{"placeholders-together", pack(
			entry{ManifestName, Manifest(file("b.xml", "type/Phone/b.template")), nil},
			entry{TemplateName, strings.Repeat("%A%"+noise(20)+"\n", 7_500), nil},
			entry{"type/Phone/b.template", strings.Repeat("%B%"+noise(20)+"\n", 7_500), nil},
		), "more than 10000 placeholders together"},
		{"large-template", template(strings.Repeat(noise(4096), 1100)), "more than 4194304 bytes"},
		{"large-templates", pack(append(templates, entry{ManifestName, Manifest(files.String()), nil}, entry{TemplateName, Template, nil})...), "more than 16777216 bytes together"},
		{"deep-template", template("<config>" + strings.Repeat("<a>", 100_000)), "stands too deep"},
		{"entities-in-template", template(`<!DOCTYPE c [<!ENTITY a "b">]><config>&a;</config>`), "document type declaration"},
		{"elements-in-template", template("<config>" + elements(400_000) + "</config>"), "more than 100000 nodes"},
		{"attributes-in-template", template("<config " + attributes(300_000) + "/>"), "more than 100000 nodes"},
	}
	for i := 1; i < 8; i++ {
		list = append(list, Input{fmt.Sprintf("truncated-%d", i), good[:len(good)*i/8], "not a zip archive, or damaged"})
	}
	return list
}

// NoBases returns archives that tell what they hold, and can't be compiled from.
func NoBases() []Input {
	return []Input{
		{"no-manifest", pack(entry{TemplateName, Template, nil}), "there is no manifest"},
		{"two-manifests", honest(entry{"oci/Other.oci", Manifest(""), nil}), "there are 2 manifests"},
		{"no-template", pack(entry{ManifestName, Manifest(""), nil}), "is not in it"},
		{"not-in-its-encoding", template("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\xff</a>"), "0xFF is not valid UTF-8"},
	}
}

// A Heavy is archives that are within the limits, and cost as much as any: three
// versions of one, which differ all over.
type Heavy struct {
	Name           string
	Old, New, Mine []byte // the vendor's, the vendor's next, and a partner's of the first
}

// HeavyArchives returns archives that are within the limits, and cost as much as
// any.
func HeavyArchives() []Heavy {
	var list []Heavy
	for _, h := range []struct {
		name string
		make func(version) []byte
	}{
		{"large", func(v version) []byte {
			var entries []entry
			for i := range 2 {
				text := noise(4096)[int(v)*7:]
				entries = append(entries, entry{fmt.Sprintf("type/Phone/%d.bin", i), strings.Repeat(text, 13<<20/len(text)), nil})
			}
			return honest(entries...)
		}},
		{"long-line", func(v version) []byte { return template(v.places(v.elements(75_000), "")) }},
		{"many-findings-in-a-line", func(v version) []byte { return template(v.misspelt("")) }},
		{"short-lines", func(v version) []byte {
			lines := strings.Join(strings.Split(noise(8192)[int(v):], ""), "\n")
			return template("<config>" + strings.Repeat(lines, 250) + "</config>")
		}},
		{"other-lines", func(v version) []byte {
			var lines strings.Builder
			for i := 0; lines.Len() < 4_000_000; i++ {
				lines.WriteString(strconv.FormatInt(int64(i*(7+int(v))), 36) + "\n")
			}
			return template("<config>" + lines.String() + "</config>")
		}},
		{"many-secrets", func(v version) []byte { return template(v.secrets()) }},
		{"long-texts", func(v version) []byte {
			return template("<config>" + strings.Repeat(fmt.Sprintf("<a>%d%s</a>\n", v, noise(300_000)), 10) + "</config>")
		}},
		{"manifest", func(v version) []byte {
			var b strings.Builder
			for i := range 49_000 {
				fmt.Fprintf(&b, "<a>%t</a>", v == first || i%(1+int(v)) > 0)
			}
			return withManifest(Manifest(`<command xmlns="" xsi:type="UserModifyRequest">` + b.String() + "</command>"))
		}},
		{"many-attributes", func(v version) []byte {
			var b strings.Builder
			for i := range 3 {
				fmt.Fprintf(&b, "<a i='%d'%s/>", i, attributes(33_000-int(v)*(i+1)))
			}
			return template("<config>" + b.String() + "</config>")
		}},
		{"deep-chains", func(v version) []byte {
			var b strings.Builder
			for i := range 390 {
				b.WriteString(strings.Repeat("<a>", 250) + strconv.Itoa(i*(1+int(v))) + strings.Repeat("</a>", 250))
			}
			return template("<config>" + b.String() + "</config>")
		}},
		{"deep-placeholders", func(v version) []byte {
			var b strings.Builder
			name := strings.Repeat("a", 50)
			for i := range 130 {
				b.WriteString(strings.Repeat("<"+name+">", 250))
				for j := range 75 {
					fmt.Fprintf(&b, "%%T_%d_%d%%", j, i*int(v))
				}
				b.WriteString(strings.Repeat("</"+name+">", 250))
			}
			return template("<config>" + b.String() + "</config>")
		}},
		{"never-closed", func(v version) []byte {
			return template(noisy("password <", v))
		}},
		{"quotation-marks", func(v version) []byte {
			return template(noisy(`password=" >'`, v))
		}},
		{"many-templates", func(v version) []byte {
			var requests strings.Builder
			entries := make([]entry, 0, 902)
			for i := range 900 {
				name := fmt.Sprintf("type/Phone/%d.template", i)
				requests.WriteString(file(fmt.Sprintf("%d.xml", i), name))
				entries = append(entries, entry{name, fmt.Sprintf("<a b='%d'>%%SBC_ADDRES%c_WXT%%%%T_%d%%%s</a>\n", v, 'A'+i%26, i, strings.Repeat(noise(1000), 15)), nil})
			}
			return pack(append(entries, entry{ManifestName, Manifest(requests.String()), nil}, entry{TemplateName, Template, nil})...)
		}},
		{"many-requests", func(v version) []byte {
			var requests strings.Builder
			for i := range 990 {
				fmt.Fprintf(&requests, `<command xmlns="" xsi:type="UserModifyRequest"><userId>u%d</userId><a>%d</a></command>`, i, v)
			}
			return withManifest(Manifest(requests.String()))
		}},
	} {
		list = append(list, Heavy{h.name, h.make(first), h.make(next), h.make(partners)})
	}
	return list
}

// A version of an archive.
type version int

const (
	first version = iota
	next
	partners
)

// places returns a template with as many placeholders as may be, each in an element
// of its own.
func (v version) places(elements, sep string) string {
	var b strings.Builder
	b.WriteString("<config>" + elements)
	for i := range 9_900 {
		switch {
		case v == next && i%3 == 0:
			fmt.Fprintf(&b, "<b/><a>%%NEW_%d_WXT%%</a>%s", i, sep)
		case v == partners && i%2 == 0:
			fmt.Fprintf(&b, `<a mine="%d">%%TAG_%d_WXT%%</a>%s`, i, i, sep)
		default:
			fmt.Fprintf(&b, "<a>%%TAG_%d_WXT%%</a>%s", i, sep)
		}
	}
	return b.String() + "</config>"
}

// noisy returns a template of 3 MiB of a text again and again, with enough between to
// compress no better than it may.
func noisy(text string, v version) string {
	between := noise(60_000)[v:]
	var b strings.Builder
	for i := range 3_000 {
		b.WriteString(strings.Repeat(text, 1000/len(text)) + between[19*i:19*i+19])
	}
	return b.String() + "%SBC_ADDRESS_WXT%"
}

// misspelt returns a template with as many wrong placeholders as may be.
func (v version) misspelt(sep string) string {
	var b strings.Builder
	b.WriteString("<config>")
	for i := range 4_900 {
		fmt.Fprintf(&b, `<a b="%%SBC_ADDRES%c_WXT%%">%%BWFOO%d%%</a>%s`, 'A'+i%26, i*(1+int(v)), sep)
	}
	return b.String() + "</config>"
}

// secrets returns a template with very many of them, in text that is not XML.
func (v version) secrets() string {
	var b strings.Builder
	for i := range 90_000 {
		fmt.Fprintf(&b, "pin:%d\nx://a:%d@\n", i, i*(1+int(v)))
	}
	return b.String() + "<!-- %SBC_ADDRESS_WXT%"
}

func (v version) elements(n int) string {
	text := elements(n)
	switch v {
	case next:
		text = strings.ReplaceAll(text, "<a", "<z")
	case partners:
		text = strings.ReplaceAll(text, "<b", "<y")
	}
	return text
}

// Projects returns hostile project files.
func Projects() []Input {
	var declared strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&declared, "[[declare]]\ntag='T%d'\ntype='bool'\n", i)
	}
	return []Input{
		{"large", []byte("# " + strings.Repeat("x", 2<<20)), "more than 1048576 bytes"},
		{"arrays", []byte("a = " + strings.Repeat("[", 1<<20-10)), "nest 1048566 deep: expected at most 32"},
		{"tables", []byte("a = " + strings.Repeat("{a=", 300_000)), "nest 300000 deep: expected at most 32"},
		{"dots", []byte("a" + strings.Repeat(".a", 500_000) + " = 1"), "nest 500000 deep: expected at most 32"},
		{"header", []byte("[a" + strings.Repeat(" . a", 200_000) + "]"), "nest 200001 deep: expected at most 32"},
		{"arrays-behind-a-string", []byte(`a = ["""x"""", ` + strings.Repeat("[", 1<<20-100)), "deep: expected at most 32"},
		{"keys", []byte("a = [" + strings.Repeat("1,", 500_000) + "]"), "keys and elements of lists: expected at most 10000"},
		{"declarations", []byte(declared.String()), "keys and elements of lists: expected at most 10000"},
		{"binary", []byte(strings.Repeat("\x00\xff", 1000)), "WXT001"},
		{"utf-16", []byte("\xff\xfea\x00=\x001\x00"), "save the file as UTF-8"},
	}
}

// Files returns hostile files of the other kinds, with names that say which: lists of
// subscribers (.csv, .ndjson), one subscriber or overrides (.toml), and a server's
// response (.oci).
func Files() []Input {
	const response = `<?xml version="1.0"?><BroadsoftDocument protocol="OCI" xmlns="C">`
	return []Input{
		{"columns.csv", []byte("id" + strings.Repeat(",", 9_000_000) + "\n"), "longer than 1048576 bytes"},
		{"field.csv", []byte("BWHOST-1,id\n\"" + strings.Repeat("x", 9_000_000)), "longer than 1048576 bytes"},
		{"quotes.csv", []byte("id,BWHOST-1\na,\"" + strings.Repeat("\n", 5_000_000)), "quotes.csv:2: error: a quoted field begins"},
		{"binary.csv", bytes.Repeat([]byte("\x00\xff"), 4_000_000), "longer than 1048576 bytes"},
		{"deep.ndjson", []byte(`{"id":"a","BWHOST-1":` + strings.Repeat("[", 100_000)), "deep.ndjson:1"},
		{"deeper.ndjson", []byte(strings.Repeat(`{"id":`, 1_500_000)), "longer than 1048576 bytes"},
		{"value.ndjson", []byte(`{"id":"a","BWHOST-1":"` + strings.Repeat("x", 9_000_000) + `"}`), "longer than 1048576 bytes"},
		{"binary.ndjson", bytes.Repeat([]byte("\x00\xff"), 4_000_000), "longer than 1048576 bytes"},
		{"deep.toml", []byte("a = " + strings.Repeat("[", 1<<20-10)), "nest 1048566 deep: expected at most 32"},
		{"keys.toml", []byte("a = [" + strings.Repeat("1,", 500_000) + "]"), "keys and elements of lists: expected at most 10000"},
		{"large.toml", []byte("# " + strings.Repeat("x", 2<<20)), "more than 1048576 bytes"},
		{"deep.oci", []byte(response + strings.Repeat("<a>", 1_000_000)), "stands too deep"},
		{"entities.oci", []byte(`<!DOCTYPE a [<!ENTITY a "b">]><a>&a;</a>`), "document type declaration"},
		{"elements.oci", []byte(response + "<command>" + elements(400_000) + "</command></BroadsoftDocument>"), "000 nodes"},
		{"large.oci", []byte(response + strings.Repeat(" ", 3<<20)), "the document ends"},
	}
}

// noise returns text that compresses badly, of n bytes, and the same always.
func noise(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = 'a' + byte(x>>24)%26
	}
	return string(b)
}

func elements(n int) string {
	names := noise(2*n + 2)
	var b strings.Builder
	for i := range n {
		b.WriteString("<" + names[2*i:2*i+2] + "/>")
	}
	return b.String()
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " a%d=''", i)
	}
	return b.String()
}

// countBomb returns an archive of n entries that are the same file.
func countBomb(n int) []byte {
	one := pack(entry{"x", "", nil})
	return repeatDirectory(one, n)
}

// overlapping returns an archive whose entries all are the same megabyte.
func overlapping(n int) []byte {
	one := pack(entry{"xxxxx", strings.Repeat(noise(4096), 1<<20/4096), nil})
	return repeatDirectory(one, n)
}

// repeatDirectory repeats the only record of an archive's directory, with other
// names where they are of five bytes.
func repeatDirectory(one []byte, n int) []byte {
	start := bytes.Index(one, []byte("PK\x01\x02"))
	end := bytes.Index(one, []byte("PK\x05\x06"))
	record := one[start:end]
	out := slices.Clone(one[:start])
	for i := range n {
		r := slices.Clone(record)
		if at := bytes.Index(r, []byte("xxxxx")); at >= 0 {
			copy(r[at:], fmt.Sprintf("%05d", i))
		}
		out = append(out, r...)
	}
	tail := slices.Clone(one[end:])
	binary.LittleEndian.PutUint16(tail[8:], uint16(min(n, 0xFFFE)))
	binary.LittleEndian.PutUint16(tail[10:], uint16(min(n, 0xFFFE)))
	binary.LittleEndian.PutUint32(tail[12:], uint32(len(record)*n))
	return append(out, tail...)
}
