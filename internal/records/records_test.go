package records_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
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
	in := records.NewReader(r, f)
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
		{"line ends", records.CSV, "\xEF\xBB\xBFa,b\r\nc,d\n\n\r\ne,f", []records.Record{{Line: 1, Text: "a,b"}, {Line: 2, Text: "c,d"}, {Line: 5, Text: "e,f"}}},
		{"quoted lines", records.CSV, "a,\"x\n\n\"\"y\"\nb\n", []records.Record{{Line: 1, Text: "a,\"x\n\n\"\"y\""}, {Line: 4, Text: "b"}}},
		{"stray marks", records.CSV, "a\"b\n\"a\"b\nc\n", []records.Record{{Line: 1, Text: "a\"b"}, {Line: 2, Text: "\"a\"b"}, {Line: 3, Text: "c"}}},
		{"open at the end", records.CSV, "a\n\"b\nc", []records.Record{{Line: 1, Text: "a"}, {Line: 2, Text: "\"b\nc"}}},
		{"json", records.NDJSON, "{\"a\":\"\n{}\r\n", []records.Record{{Line: 1, Text: "{\"a\":\""}, {Line: 2, Text: "{}"}}},
		{"too long", records.NDJSON, "a\n" + long + "y\nb\n" + long, []records.Record{{Line: 1, Text: "a"}, {Line: 2, Err: records.ErrTooLong}, {Line: 3, Text: "b"}, {Line: 4, Text: long}}},
		{"too long at the end", records.CSV, "a\n" + long + "y", []records.Record{{Line: 1, Text: "a"}, {Line: 2, Err: records.ErrTooLong}}},
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
	_, err = read(strings.NewReader("\xFF\xFEa\x00"), records.CSV, 10)
	assert.ErrorContains(t, err, "UTF-16")
	got, err := read(io.MultiReader(strings.NewReader("a\nb\n"), iotest.ErrReader(errors.New("broken"))), records.CSV, 10)
	assert.EqualError(t, err, "broken")
	assert.Len(t, got, 2)
}

func TestParseCSV(t *testing.T) {
	for text, want := range map[string][]records.Field{
		"":                       {{}},
		"a,b":                    {{Value: "a"}, {Value: "b"}},
		`"a","",,`:               {{Value: "a", Quoted: true}, {Quoted: true}, {}, {}},
		`"a,""b""` + "\n" + `c"`: {{Value: "a,\"b\"\nc", Quoted: true}},
		` a , é`:                 {{Value: " a "}, {Value: " é"}},
	} {
		got, err := records.ParseCSV(nil, text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for text, want := range map[string]string{
		`a,b"c`:   "field 2 has a quotation mark inside",
		`a,"b`:    "field 2 begins with a quotation mark and has none",
		`"a"b,c`:  "field 1 goes on after its closing quotation mark",
		"a\xE9,b": "not valid UTF-8",
	} {
		_, err := records.ParseCSV(nil, text)
		assert.ErrorContains(t, err, want, text)
	}
}

func TestParseJSON(t *testing.T) {
	got, err := records.ParseJSON(nil, `{ "a" : "x\n\u00e9\ud83d\ude00\/" , "b":true,"c":false,"d":-1.50e+3, "e":0,"":""} `)
	require.NoError(t, err)
	assert.Equal(t, []records.Pair{{"a", "x\né😀/"}, {"b", "true"}, {"c", "false"}, {"d", "-1.50e+3"}, {"e", "0"}, {"", ""}}, got)
	for text, want := range map[string]string{
		"":                  "column 1: it ends: expected an object",
		`[1]`:               `column 1: '[': expected an object`,
		`{"é":`:             `column 6: it ends: expected for "é" a string`,
		`{"a":null}`:        "leave the name out",
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

// FuzzCSV compares with encoding/csv.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\xEF\xBB\xBFa\r\n\"x\r\ny\"\r\n", "a\"b\n", "\"a\"b\n", "\"a", "\n\n", "a,\"\"\"\"\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := read(bytes.NewReader(data), records.CSV, 3)
		if err != nil {
			return
		}
		again, err := read(iotest.OneByteReader(bytes.NewReader(data)), records.CSV, 100)
		require.NoError(t, err)
		require.Equal(t, got, again)
		var mine [][]string
		for _, r := range got {
			fields, err := records.ParseCSV(nil, r.Text)
			if r.Err != nil || err != nil {
				return // Where encoding/csv goes on after an error is its own affair.
			}
			var row []string
			for _, field := range fields {
				row = append(row, strings.ReplaceAll(field.Value, "\r\n", "\n"))
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
				case nil, []any, map[string]any:
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
		require.Len(t, mine, len(theirs))
		for name, v := range theirs {
			switch v := v.(type) {
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
	for _, format := range []records.Format{records.CSV, records.NDJSON} {
		r := records.NewReader(io.MultiReader(strings.NewReader("a\n"), endless{}), format)
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
