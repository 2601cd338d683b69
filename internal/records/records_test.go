package records_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/records"
)

// read returns all records, in batches of most.
func read(r io.Reader, f records.Format, most int) ([]records.Record, error) {
	in := records.NewReader(r, records.Options{Format: f, Delimiter: ','})
	var all []records.Record
	for {
		var b records.Batch
		err := in.Next(&b, most)
		all = append(all, b.Records...)
		if err != nil {
			if err == io.EOF {
				err = nil
			}
			return all, err
		}
	}
}

func TestReader(t *testing.T) {
	long := strings.Repeat("x", records.MaxSize)
	for _, tt := range []struct {
		name   string
		format records.Format
		text   string
		want   []records.Record
	}{
		{"empty", records.CSV, "", nil},
		{"mark alone", records.CSV, "\xEF\xBB\xBF", nil},
		{"line ends", records.CSV, "\xEF\xBB\xBFa,b\r\nc,d\n\n\r\ne,f", []records.Record{{Column: 1, Line: 1, Text: "a,b"}, {Column: 1, Line: 2, Text: "c,d"}, {Column: 1, Line: 5, Text: "e,f"}}},
		{"quoted lines", records.CSV, "a,\"x\n\n\"\"y\"\nb\n", []records.Record{{Column: 1, Line: 1, Text: "a,\"x\n\n\"\"y\""}, {Column: 1, Line: 4, Text: "b"}}},
		{"stray marks", records.CSV, "a\"b\n\"a\"b\nc\n", []records.Record{{Column: 1, Line: 1, Text: "a\"b"}, {Column: 1, Line: 2, Text: "\"a\"b"}, {Column: 1, Line: 3, Text: "c"}}},
		{"open at the end", records.CSV, "a\n\"b\nc", []records.Record{{Column: 1, Line: 1, Text: "a"}, {Column: 1, Line: 2, Text: "\"b\nc"}}},
		{"json", records.JSON, "{\"a\":\"\n{}\r\n", []records.Record{{Column: 1, Line: 1, Text: "{\"a\":\""}, {Column: 1, Line: 2, Text: "{}"}}},
		{"too long", records.JSON, "a\n" + long + "y\nb\n" + long, []records.Record{{Column: 1, Line: 1, Text: "a"}, {Column: 1, Line: 2, Err: records.ErrTooLong}, {Column: 1, Line: 3, Text: "b"}, {Column: 1, Line: 4, Text: long}}},
		{"too long at the end", records.CSV, "a\n" + long + "y", []records.Record{{Column: 1, Line: 1, Text: "a"}, {Column: 1, Line: 2, Err: records.ErrTooLong}}},
	} {
		for _, most := range []int{1, 2, 100} {
			got, err := read(strings.NewReader(tt.text), tt.format, most)
			require.NoError(t, err, tt.name)
			assert.Empty(t, cmp.Diff(tt.want, got, cmp.Comparer(func(a, b error) bool { return errors.Is(a, b) })), tt.name)
		}
	}
}

func TestReaderErrors(t *testing.T) {
	_, err := read(strings.NewReader("a\n\"b\n"+strings.Repeat("xxxxxxxxx\n", records.MaxSize/10+1)), records.CSV, 10)
	assert.ErrorContains(t, err, "line 2: a quoted field begins")
	got, err := read(io.MultiReader(strings.NewReader("a\nb\n"), iotest.ErrReader(errors.New("broken"))), records.CSV, 10)
	assert.EqualError(t, err, "broken")
	assert.Len(t, got, 2)
}

func TestParseCSV(t *testing.T) {
	type field struct {
		Value  string
		Quoted bool
		At     int
	}
	for _, tt := range []struct {
		text      string
		delimiter byte
		want      []field
	}{
		{"", ',', []field{{}}},
		{"a,b", ',', []field{{"a", false, 0}, {"b", false, 2}}},
		{`"a","",,`, ',', []field{{"a", true, 0}, {"", true, 4}, {"", false, 7}, {"", false, 8}}},
		{`"a,""b""` + "\n" + `c"`, ',', []field{{"a,\"b\"\nc", true, 0}}},
		{` a , é`, ',', []field{{" a ", false, 0}, {" é", false, 4}}},
		{`a;"b;";`, ';', []field{{"a", false, 0}, {"b;", true, 2}, {"", false, 7}}},
	} {
		fields, err := records.ParseCSV(nil, tt.text, tt.delimiter)
		require.NoError(t, err, tt.text)
		var got []field
		for _, f := range fields {
			v := f.Value(tt.text)
			assert.Equal(t, v == "", f.Empty())
			got = append(got, field{v, f.Quoted, int(f.At)})
		}
		assert.Equal(t, tt.want, got, tt.text)
	}
	for text, want := range map[string]string{
		`a,b"c`:   "field 2 has a quotation mark inside",
		`a,"b`:    "field 2 begins with a quotation mark and has none",
		`"a"b,c`:  "field 1 goes on after its closing quotation mark",
		"a\xE9,b": "not valid UTF-8",
	} {
		_, err := records.ParseCSV(nil, text, ',')
		assert.ErrorContains(t, err, want, text)
	}
}

func TestParseJSON(t *testing.T) {
	got, err := records.ParseJSON(nil, `{ "a" : "x\n\u00e9\ud83d\ude00\/" , "b":true,"c":false,"d":-1.50e+3, "n":null, "e":0,"":""} `)
	require.NoError(t, err)
	assert.Equal(t, []records.Pair{{"a", "x\né😀/", 2}, {"b", "true", 36}, {"c", "false", 45}, {"d", "-1.50e+3", 55}, {"e", "0", 79}, {"", "", 85}}, got)
	for text, want := range map[string]string{
		"":                  "it ends: expected an object",
		`[1]`:               `'[': expected an object`,
		`{"é":`:             `it ends: expected for "é" a string`,
		`{"a":[1]}`:         "this is a list",
		`{"a":{}}`:          "this is an object",
		`{"a":01}`:          "expected a comma",
		`{"a":1.}`:          "a number",
		`{"a":-}`:           "a number",
		`{"a":nope}`:        "a number",
		`{"a":"x`:           "a quotation mark at the string's end",
		"{\"a\":\"x\ty\"}":  "no control character",
		`{"a":"\x"}`:        "after a backslash",
		`{"a":"\u12"}`:      "four hexadecimal digits",
		`{"a":"\ud800"}`:    "half of a surrogate pair",
		`{"a":"1"} x`:       "nothing after the object",
		`{"a":"1",}`:        "a name in quotation marks",
		`{"a" "1"}`:         "a colon",
		"{\"a\":\"\xE9\"}":  "not valid UTF-8",
		`{"a":"1" "b":"2"}`: "a comma or a closing brace",
	} {
		_, err := records.ParseJSON(nil, text)
		assert.ErrorContains(t, err, want, text)
	}
}

// extended finds a line that names the delimiter, which encoding/csv takes for data.
var extended = regexp.MustCompile(`(?is)^(\x{FEFF})?[\r\n]*sep=.\r*(\n|$)`)

// FuzzCSV compares with encoding/csv.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\xEF\xBB\xBFa\r\n\"x\r\ny\"\r\n", "a\"b\n", "\"a\"b\n", "\"a", "\n\n", "a,\"\"\"\"\n", "\r\x14", "\r\n\r\n\ra\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if extended.Match(data) || bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")) {
			return
		}
		got, err := read(bytes.NewReader(data), records.CSV, 3)
		if err != nil {
			return
		}
		again, err := read(iotest.OneByteReader(bytes.NewReader(data)), records.CSV, 100)
		require.NoError(t, err)
		require.Equal(t, got, again)
		var mine [][]string
		for _, r := range got {
			fields, err := records.ParseCSV(nil, r.Text, ',')
			if r.Err != nil || err != nil {
				return // Where encoding/csv goes on after an error is its own affair.
			}
			var row []string
			for _, field := range fields {
				row = append(row, strings.ReplaceAll(field.Value(r.Text), "\r\n", "\n"))
			}
			mine = append(mine, row)
		}
		in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))))
		in.FieldsPerRecord = -1
		theirs, err := in.ReadAll()
		if bytes.HasSuffix(data, []byte("\r")) {
			return // It drops a carriage return at the end of a file.
		}
		require.NoError(t, err)
		require.Equal(t, theirs, mine)
	})
}

// FuzzJSON compares with encoding/json.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":"\u00e9","b":1e5,"c":true}`, `{"a":null}`, `{"a":[]}`, `{"a":"\ud83d\ude00"}`, ` {"a" : -0.1 } `} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := records.ParseJSON(nil, text)
		var theirs map[string]any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		theirErr := d.Decode(&theirs)
		if theirErr == nil {
			if _, more := d.Token(); more != io.EOF {
				theirErr = errors.New("more")
			}
		}
		if err != nil {
			if theirErr != nil || theirs == nil || strings.Contains(err.Error(), "surrogate") || strings.Contains(err.Error(), "UTF-8") {
				return
			}
			for _, v := range theirs {
				switch v.(type) {
				case []any, map[string]any:
					return
				}
			}
			if strings.Count(text, "{")+strings.Count(text, "[")+strings.Count(text, "null") > 1 {
				return // A name that comes twice hides what was refused.
			}
			t.Fatalf("%q: refused, and it is right: %v", text, err)
		}
		require.NoError(t, theirErr)
		mine := make(map[string]string)
		for _, p := range got {
			mine[p.Name] = p.Value
		}
		for name, v := range theirs {
			switch v := v.(type) {
			case nil:
			case string:
				require.Equal(t, v, mine[name])
			case json.Number:
				require.Equal(t, v.String(), mine[name])
			case bool:
				require.Equal(t, map[bool]string{true: "true", false: "false"}[v], mine[name])
			default:
				t.Fatalf("%q: accepted %T", text, v)
			}
		}
	})
}

// endless is a line that does not end.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func TestEndless(t *testing.T) {
	for _, format := range []records.Format{records.CSV, records.JSON} {
		r := records.NewReader(io.MultiReader(strings.NewReader("a\n"), endless{}), records.Options{Format: format})
		var b records.Batch
		require.NoError(t, r.Next(&b, 1))
		err := r.Next(&b, 1)
		for err == nil {
			err = r.Next(&b, 1)
		}
		var at *records.Error
		require.ErrorAs(t, err, &at)
		assert.Equal(t, 2, at.Line)
	}
}

// TestForms reads the forms that people's exports have.
func TestForms(t *testing.T) {
	utf16 := func(order string, text string) string {
		out := order
		for _, c := range []byte(text) {
			if order == "\xFF\xFE" {
				out += string([]byte{c, 0})
			} else {
				out += string([]byte{0, c})
			}
		}
		return out
	}
	for _, tt := range []struct {
		name, text string
		options    records.Options
		format     records.Format
		delimiter  byte
		want       []string // with their places
	}{
		{"commas", "id,b;c\n1,2\n", records.Options{}, records.CSV, ',', []string{"1:1 id,b;c", "2:1 1,2"}},
		{"semicolons", "\"a,b,c\";d;e\n1;2;3\n", records.Options{}, records.CSV, ';', []string{"1:1 \"a,b,c\";d;e", "2:1 1;2;3"}},
		{"tabs", "\n\ta\tb\n1\t2\n", records.Options{}, records.CSV, '\t', []string{"2:1 \ta\tb", "3:1 1\t2"}},
		{"one column", "id\n1;2\n", records.Options{}, records.CSV, ',', []string{"1:1 id", "2:1 1;2"}},
		{"sep", "\uFEFFsep=|\r\na|b,c,d\r\n", records.Options{}, records.CSV, '|', []string{"2:1 a|b,c,d"}},
		{"given", "sep=;\na,b;c\n", records.Options{Delimiter: ','}, records.CSV, ',', []string{"2:1 a,b;c"}},
		{"quoted lines", "a;b\n\"x;\ny\";z\n", records.Options{}, records.CSV, ';', []string{"1:1 a;b", "2:1 \"x;\ny\";z"}},
		{"UTF-16LE", utf16("\xFF\xFE", "a\tb\r\n1\t2"), records.Options{}, records.CSV, '\t', []string{"1:1 a\tb", "2:1 1\t2"}},
		{"UTF-16BE", utf16("\xFE\xFF", "{\"a\":1}"), records.Options{Encoding: "windows-1252"}, records.JSON, 0, []string{"1:1 {\"a\":1}"}},
		{"Windows", "id;n\n1;M\xFCller \x80\n", records.Options{Encoding: "windows-1252"}, records.CSV, ';', []string{"1:1 id;n", "2:1 1;Müller €"}},
		{"mark beats name", "\uFEFFid\né\n", records.Options{Encoding: "windows-1252"}, records.CSV, ',', []string{"1:1 id", "2:1 é"}},
		{"array", "\n [ {\"a\":\"é]}\"},{\"b\":\"\\\"\"}\n,\n  {\"c\":[{}]} ] \n", records.Options{}, records.JSON, 0, []string{"2:4 {\"a\":\"é]}\"}", "2:16 {\"b\":\"\\\"\"}", "4:3 {\"c\":[{}]}"}},
		{"empty array", "[]", records.Options{}, records.JSON, 0, nil},
	} {
		for _, most := range []int{1, 100} {
			r := records.NewReader(strings.NewReader(tt.text), tt.options)
			var got []string
			var b records.Batch
			err := r.Next(&b, most)
			for ; err == nil; err = r.Next(&b, most) {
				for _, rec := range b.Records {
					got = append(got, fmt.Sprintf("%d:%d %s", rec.Line, rec.Column, rec.Text))
				}
			}
			require.ErrorIs(t, err, io.EOF, tt.name)
			assert.Equal(t, tt.format, r.Format, tt.name)
			assert.Equal(t, tt.delimiter, r.Delimiter, tt.name)
			assert.Equal(t, tt.want, got, tt.name)
		}
	}
	for text, want := range map[string]string{
		"[1]":    "expected an object",
		"[{}{}]": "expected a comma or a closing bracket",
		"[{}":    "the list does not end",
		"[{},":   "the list does not end",
		"[{}] x": "expected nothing after the list",
		"[{},]":  "expected an object",
		"[{\"a\":\"" + strings.Repeat("x", records.MaxSize) + "\"}]": "the record is longer",
	} {
		_, err := read(strings.NewReader(text), 0, 10)
		assert.ErrorContains(t, err, want)
	}
	line, column := records.Record{Line: 3, Column: 4, Text: "é,\nab"}.Position(3)
	assert.Equal(t, []int{3, 6}, []int{line, column})
	line, column = records.Record{Line: 3, Column: 4, Text: "é,\nab"}.Position(5)
	assert.Equal(t, []int{4, 2}, []int{line, column})
}
