package tomlfile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var ample = Limits{Size: 1 << 20, Nesting: 32, Keys: 1000}

// TestMistakes has what people write in place of TOML, and what the message is.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"[desktop]\nbase = \"C:\\Users\\me\\vendor.zip\"", `2:11 between double quotation marks a backslash begins an escape: write it between single quotation marks: 'C:\Users\me\vendor.zip'`},
		{"base = \"new\\table\\vendor\\x.zip\"", `1:18 between double quotation marks a backslash begins an escape: write it between single quotation marks: 'new\table\vendor\x.zip'`},
		{"base = \"it's\\a\"", `1:13 between double quotation marks a backslash begins an escape: write the text between single quotation marks, or each backslash twice`},
		{"base = \"C:\\\\dir\\\"", `1:8 the text is not closed: \" at its end is a quotation mark in it: write the text between single quotation marks`},
		{"[tags]\nUSE_TLS_WXT = yes", "2:15 yes is not a value of TOML: expected true or false: write USE_TLS_WXT = true"},
		{"USE_TLS_WXT = True # on", "1:15 True is not a value of TOML: expected true or false: write USE_TLS_WXT = true"},
		{"USE_TLS_WXT = FALSE", "1:15 FALSE is not a value of TOML: expected true or false: write USE_TLS_WXT = false"},
		{"\tUSE_TLS_WXT\t=\toff", "1:16 off is not a value of TOML: expected true or false: write USE_TLS_WXT = false"},
		{"a = None", "1:5 None is not a value of TOML: leave the key out, or write \"\" for an empty text"},
		{"a = ", "1:5 a has no value: write \"\" for an empty text, or leave the key out"},
		{"a = # later", "1:5 a has no value: write \"\" for an empty text, or leave the key out"},
		{"host = sbc.acme.example", "1:8 a text without quotation marks: write host = \"sbc.acme.example\""},
		{"host = 10.0.0.1", "1:8 a text without quotation marks: write host = \"10.0.0.1\""},
		{"port = 05061", "1:8 a number can't begin with 0: write 5061, or \"05061\" if it is a text"},
		{"port = 5,061", "1:8 a number has no commas: write port = 5061"},
		{"host = “sbc”", "1:8 curly quotation marks, as word processors make them: expected straight ones: write host = \"sbc\""},
		{"host = ‘sbc’", "1:8 curly quotation marks, as word processors make them: expected straight ones: write host = \"sbc\""},
		{"host = `sbc`", "1:8 backquotes: expected quotation marks: write host = \"sbc\""},
		{"“host” = true", "1:1 curly quotation marks around a key: leave them out: host = true"},
		{"host: sbc.acme.example", "1:5 between a key and its value stands a colon: expected =: write host = \"sbc.acme.example\""},
		{"\"port\": 5061", "1:7 between a key and its value stands a colon: expected =: write port = 5061"},
		{"tags:\n  A: 1", "1:5 this looks like YAML: expected a table of TOML: write [tags]"},
		{"%A_WXT% = 'x'", "1:1 a key with percent signs needs quotation marks: leave the percent signs out: A_WXT = 'x'"},
		{"SBC ADDRESS = 1", "1:5 a key with a space: write it as one word, as in SBC_ADDRESS"},
		{"A = 1\nB", "2:1 B has no value: write B = \"...\""},
		{"A 1", "1:3 there is no = between a key and its value: write KEY = \"value\""},
		{"= 1", "1:1 a value without a key: write KEY = value"},
		{"A == 1", "1:4 there are two = between a key and its value: write one"},
		{"A\u00a0= 1", "1:2 a space that is not a plain one, as texts copied from a page have: write a plain space instead"},
		{"A = \u00a01", "1:5 a space that is not a plain one, as texts copied from a page have: write a plain space instead"},
		{"A = 'x';", "1:8 the line goes on behind the value with \";\": end the line behind the value"},
		{"A = 5,", "1:6 the line goes on behind the value with \",\": end the line behind the value"},
		{"A = \"a\"b\"", "1:8 a quotation mark within the text ends it: write the text between quotation marks of the other kind"},
		{"A = 'a' // b", "1:9 the line goes on behind the value: end the line behind the value, or put # before a comment"},
		{"A = 'a\nB = 1", "1:5 the text is not closed: put ' at its end"},
		{"A = \"a", "1:5 the text is not closed: put \" at its end"},
		{"A = '''a", "1:8 the file ends in the middle of a text or a list: close it"},
		{"A = ['a' 'b']", "1:10 there is no comma between two elements of a list: write a comma between them"},
		{"A = [\n1\n2]", "3:1 there is no comma between two elements of a list: write a comma between them"},
		{"A = ['a'\n[tags]", "2:1 a list above is not closed: write ] behind its last element"},
		{"A = ['a'\nB = ['b']", "2:1 a list above is not closed: write ] behind its last element"},
		{"A = {a = 1 b = 2}", "1:12 the inline table is not closed, or lacks a comma: write it on one line: { a = 1, b = 2 }"},
		{"[tags\nA = 1", "1:6 the header of a table is not closed: write [tags]"},
		{"[[mobile.edit]\nA = 1", "1:14 the header of a table is not closed: write [[mobile.edit]]"},
		{"[mobile edit]", "1:9 the header of a table has a space: write [mobile.edit]"},
		{"// a", "1:1 a comment begins with #, not with //: write # instead"},
		{"; a", "1:1 a comment begins with #, not with ;: write # instead"},
		{"a.b = 1\n[a]\nb = 2", "3:1 a.b is set twice; the first is in line 1: keep one of the two"},
		{"[tags]\nA = 1\nA = 2", "3:1 tags.A is set twice; the first is in line 2: keep one of the two"},
		{"[tags]\nA = 1\n[tags]", "3:2 the table [tags] is there twice; the first is in line 1: put all of its keys below the first"},
		{"\n{\"tags\": 1}", `2:1 this is JSON: expected TOML: "dtafgen init" writes a project file to start from`},
		{"<?xml version='1.0'?>", `1:1 this is XML: expected TOML: "dtafgen init" writes a project file to start from`},
		{"A = 1\n<<<<<<< HEAD\n", "2:1 a merge conflict of git was left here: keep one of the two sides, and delete the lines with the marks"},
		{"\uFEFF[tags]\r\nA = yes\r\n", "2:5 yes is not a value of TOML: expected true or false: write A = true"},
		{"\uFEFF\uFEFFA = 1", "1:1 the file begins with two byte order marks: delete the first characters, and save the file as UTF-8"},
		{"\xFF\xFEA\x00", "1:1 the file is in UTF-16, and TOML is in UTF-8: save the file as UTF-8"},
		{"A\x00=\x001\x00", "1:1 the file has NUL bytes: it may be UTF-16: save the file as UTF-8"},
		{"A = 'caf\xE9'", "1:9 the byte 0xE9 is not valid UTF-8: save the file as UTF-8"},
		{"A = 1\rB = 2\r", "1:6 a line ends with a lone carriage return, as on old Macs: save the file with line ends of Unix or Windows"},
		{"A = 'x\x07'", "1:7 the control character U+0007 can't stand here: delete it"},
		// What may be a secret is not repeated.
		{"SIP_PASSWORD_WXT = hunter2", "1:20 a text without quotation marks: write \"...\""},
		{"SIP_PASSWORD_WXT: hunter2", "1:17 between a key and its value stands a colon: expected =: write = instead"},
		{"%SIP_PASSWORD_WXT% = 'hunter2'", "1:1 a key with percent signs needs quotation marks: leave the percent signs out"},
		{"SIP_PASSWORD_WXT = “hunter2”", "1:20 curly quotation marks, as word processors make them: expected straight ones: write \"...\""},
		{"SIP_PASSWORD_WXT = \"hunter2\\hunter2\"", "1:28 between double quotation marks a backslash begins an escape: write the text between single quotation marks, or each backslash twice"},
		{"[[declare]]\ntag = 'CODE'\nsecret = yes\n", "3:10 a text without quotation marks: write \"...\""},
		{"[[declare]]\ntag = 'CODE'\nsecret = true\n[tags]\nCODE = hunter", "5:8 a text without quotation marks: write \"...\""},
	} {
		_, err := Decode([]byte(c.src), ample)
		require.NotNil(t, err, "%q", c.src)
		got := fmt.Sprintf("%d:%d %s: %s", err.Line, err.Column, err.Message, err.Remedy)
		assert.Equal(t, c.want, got, "%q", c.src)
		assert.NotContains(t, got, "hunter")
	}
}

func TestMayTell(t *testing.T) {
	for src, want := range map[string]bool{
		"A = 'x":                              false,
		"SIP_PASSWORD_WXT 'x'":                true,
		"%SIP_PASSWORD_WXT% = 'x'":            true,
		"A = 'https://me:hunter2@x.example":   true,
		"A = 1\nsecret = TRUE\nB = 2":         true,
		"[[declare]]\ntag = 'secret_service'": false,
	} {
		assert.Equal(t, want, MayTell(src, 0, strings.IndexByte(src+"\n", '\n')), "%q", src)
	}
}

// FuzzDecode checks that whatever is no TOML has a place and a message.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("[tags]\nA = yes\n"))
	f.Add([]byte("A = \"C:\\Users\"\n[x\n"))
	f.Add([]byte("\x01"))
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := Decode(src, ample)
		if err == nil {
			require.NotNil(t, d.Tree)
			return
		}
		require.True(t, err.Line > 0 && err.Column > 0)
		require.NotEmpty(t, err.Message)
	})
}
