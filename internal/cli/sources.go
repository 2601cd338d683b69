package cli

import (
	"bytes"
	"io"
	"os"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/schema"
)

// sources are the files that findings are about, read a second time to show
// their lines: files on disk, and files in archives.
type sources struct {
	lines    map[string][]string
	archives map[string]*dtaf.Archive
}

func newSources() sources {
	return sources{make(map[string][]string), make(map[string]*dtaf.Archive)}
}

// line returns the line of a place, and false if it can't be had.
func (s sources) line(pos schema.Position) (string, bool) {
	lines, ok := s.lines[pos.File]
	if !ok {
		lines = splitLines(s.read(pos.File))
		s.lines[pos.File] = lines
	}
	if pos.Line < 1 || pos.Line > len(lines) {
		return "", false
	}
	return lines[pos.Line-1], true
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
		archive, ok := s.archives[name[:i]]
		if !ok {
			archive, _ = dtaf.Open(name[:i])
			s.archives[name[:i]] = archive
		}
		if archive != nil {
			data, _ := archive.File(name[i+1:])
			return data
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

// splitLines returns the lines of a text. One that is not in the encoding that
// it says is taken byte by byte, as positions in it are.
func splitLines(data []byte) []string {
	if len(data) == 0 {
		return nil
	}
	text, _, err := charset.Decode(data)
	if err != nil {
		text = string(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")))
	}
	return strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
}
