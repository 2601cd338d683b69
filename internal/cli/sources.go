package cli

import (
	"io"
	"os"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/schema"
)

// sources are the files that findings are about, read a second time to show
// their lines: files on disk, and files in archives.
type sources struct {
	lines    map[string]*text.Lines
	archives map[string][]*dtaf.Archive
}

func newSources() sources {
	return sources{make(map[string]*text.Lines), make(map[string][]*dtaf.Archive)}
}

// around returns what stands around a place in its line, n characters to each side
// at most, and false if it can't be had.
func (s sources) around(pos schema.Position, n int) (text.Excerpt, bool) {
	lines, ok := s.lines[pos.File]
	if !ok {
		lines = text.NewLines(masked(textOf(s.read(pos.File))))
		s.lines[pos.File] = lines
	}
	return lines.Around(pos.Line, pos.Column, n)
}

// mayTell reports whether the line of a place, in a file that is not TOML, may hold a
// secret.
func (s sources) mayTell(pos schema.Position) bool {
	src := textOf(s.read(pos.File))
	at := text.NewLines(src).Offset(pos.Line, pos.Column)
	start, end := tomlfile.Line([]byte(src), at, at)
	return tomlfile.MayTell(src, start, end)
}

// read returns the bytes of a file, or of archive/file.
func (s sources) read(name string) []byte {
	if isRegular(name) {
		return readSome(name)
	}
	for i := range len(name) {
		if name[i] != '/' || !isRegular(name[:i]) {
			continue
		}
		archives, ok := s.archives[name[:i]]
		if !ok {
			archives, _ = dtaf.OpenAll(name[:i])
			s.archives[name[:i]] = archives
		}
		for _, a := range archives {
			if file, ok := strings.CutPrefix(name, a.Name()+"/"); ok {
				if data, ok := a.File(file); ok {
					return data
				}
			}
		}
	}
	return nil
}

func isRegular(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// mostSource is how many bytes of a file are read for its lines.
const mostSource = 16 << 20

func readSome(name string) []byte {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, _ := io.ReadAll(io.LimitReader(f, mostSource))
	return data
}

// textOf returns a file as text. One that is not in the encoding that it says is
// taken byte by byte, as positions in it are.
func textOf(data []byte) string {
	text, _, err := charset.Decode(data)
	if err != nil {
		return string(data)
	}
	return text
}

// masked returns a text with an asterisk for each character of what reads like a
// secret, so that lines and columns stay what they are.
func masked(source string) string {
	spans := secret.Find(source)
	if len(spans) == 0 {
		return source
	}
	var b strings.Builder
	at := 0
	for _, span := range spans {
		b.WriteString(source[at:span.Start])
		for _, r := range source[span.Start:span.End] {
			if r != '\n' && r != '\r' {
				r = '*'
			}
			b.WriteRune(r)
		}
		at = span.End
	}
	b.WriteString(source[at:])
	return b.String()
}
