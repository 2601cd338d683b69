// Package tomlfile finds where the keys and values of a TOML file stand, and writes
// and changes TOML in place. The decoder that the project uses tells places only for
// syntax errors, so a file is read a second time, by a parser that keeps them.
package tomlfile

import (
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A Place is where a key and its value begin, in bytes. The value of a table
// begins with its header.
type Place struct{ Key, Value int }

// A Path is the path of a key: table names and keys, and the index of an
// element of an array, from 0.
func Path(steps ...any) string {
	var b strings.Builder
	for i, s := range steps {
		if i > 0 {
			b.WriteByte(0)
		}
		switch s := s.(type) {
		case string:
			b.WriteString(s)
		case int:
			b.WriteString(strconv.Itoa(s))
		}
	}
	return b.String()
}

// Find returns the place of each key, table and array element of src, by its
// Path. Of a document that is not TOML it returns what comes before the error,
// and the error.
func Find(src []byte) (map[string]Place, error) {
	f := finder{src: src, places: make(map[string]Place), arrays: make(map[string]int)}
	f.parser.Reset(src)
	table := ""
	for f.parser.NextExpression() {
		e := f.parser.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = f.header(e)
		case unstable.KeyValue:
			f.keyValue(table, e)
		}
	}
	return f.places, f.parser.Error()
}

// Depth returns how deep the arrays, inline tables and dotted keys of src nest,
// and where the deepest begins. It reads src as far as it is TOML without building
// anything: parsers of TOML call themselves for each level, and keep every part of
// a dotted key.
func Depth(src string) (depth, offset int) {
	open, dots := 0, 0
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case '[', '{':
			open++
			dots = 0
		case ']', '}':
			open, dots = max(open-1, 0), 0
		case '.':
			dots++
		case ',', '=', '\n':
			dots = 0
		case '#':
			for i+1 < len(src) && src[i+1] != '\n' {
				i++
			}
		case '"', '\'':
			i = skipString(src, i)
		}
		if open+dots > depth {
			depth, offset = open+dots, i
		}
	}
	return depth, offset
}

// skipString returns the offset of the last byte of the string that begins at i.
// One on a single line that is not closed ends with the line.
func skipString(src string, i int) int {
	quote := src[i]
	long := strings.HasPrefix(src[i:], strings.Repeat(string(quote), 3))
	if long {
		i += 2
	}
	for i++; i < len(src); i++ {
		switch {
		case src[i] == '\\' && quote == '"':
			i++
		case src[i] == '\n' && !long:
			return i
		case src[i] == quote && !long:
			return i
		case src[i] == quote && strings.HasPrefix(src[i:], strings.Repeat(string(quote), 3)):
			// Two more can stand before the three that close it.
			for i += 2; i+1 < len(src) && src[i+1] == quote; {
				i++
			}
			return i
		}
	}
	return len(src)
}

type finder struct {
	src    []byte
	parser unstable.Parser
	places map[string]Place
	arrays map[string]int // number of elements that an array of tables has so far
}

func join(path, step string) string {
	if path == "" {
		return step
	}
	return path + "\x00" + step
}

// add notes a place, the first time that its path comes.
func (f *finder) add(path string, p Place) {
	if _, ok := f.places[path]; !ok {
		f.places[path] = p
	}
}

// header notes the tables that a header names, and returns the path of the last.
func (f *finder) header(e *unstable.Node) string {
	path := ""
	it := e.Key()
	for it.Next() {
		k := it.Node()
		at := int(k.Raw.Offset)
		path = join(path, string(k.Data))
		f.add(path, Place{at, at})
		n := f.arrays[path]
		if e.Kind == unstable.ArrayTable && it.IsLast() {
			n++
			f.arrays[path] = n
			path = join(path, strconv.Itoa(n-1))
			f.add(path, Place{at, at})
		} else if n > 0 {
			path = join(path, strconv.Itoa(n-1))
		}
	}
	return path
}

// keyValue notes a key and what its value holds.
func (f *finder) keyValue(table string, e *unstable.Node) {
	path, end := table, 0
	var at int
	it := e.Key()
	for it.Next() {
		k := it.Node()
		at, end = int(k.Raw.Offset), int(k.Raw.Offset+k.Raw.Length)
		path = join(path, string(k.Data))
		if !it.IsLast() {
			f.add(path, Place{at, at})
		}
	}
	for end < len(f.src) && strings.IndexByte(" \t=", f.src[end]) >= 0 {
		end++
	}
	f.add(path, Place{at, end})
	f.value(path, e.Value(), end)
}

// value notes what is inside a value that begins at the offset at.
func (f *finder) value(path string, v *unstable.Node, at int) {
	switch v.Kind {
	case unstable.Array:
		it := v.Children()
		for i := 0; it.Next(); i++ {
			element, start := it.Node(), at
			if element.Raw.Length > 0 {
				start = int(element.Raw.Offset)
			}
			p := join(path, strconv.Itoa(i))
			f.add(p, Place{start, start})
			f.value(p, element, start)
		}
	case unstable.InlineTable:
		it := v.Children()
		for it.Next() {
			if kv := it.Node(); kv.Kind == unstable.KeyValue {
				f.keyValue(path, kv)
			}
		}
	}
}

// End returns where the key that begins at an offset of src ends, or the value, if
// that is no array and no table: those end where they begin, as far as it is known.
func End(src string, offset int, isKey bool) int {
	if offset >= len(src) {
		return offset
	}
	switch src[offset] {
	case '"', '\'':
		return min(skipString(src, offset)+1, len(src))
	case '[', '{':
		return offset
	}
	stop := " \t\r\n,]}#"
	if isKey {
		stop = " \t\r\n=.]"
	}
	if n := strings.IndexAny(src[offset:], stop); n >= 0 {
		return offset + n
	}
	return len(src)
}
