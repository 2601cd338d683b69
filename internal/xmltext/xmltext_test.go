package xmltext

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/beevik/etree"
	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/text"
)

// slowPosition counts lines and columns from the start.
func slowPosition(src string, offset int) (line, column int) {
	line, column = 1, 1
	i := 0
	if strings.HasPrefix(src, text.BOM) {
		i = len(text.BOM)
	}
	for i < len(src) {
		_, size := utf8.DecodeRuneInString(src[i:])
		if offset < i+size {
			break
		}
		if src[i] == '\n' || src[i] == '\r' && (i+1 == len(src) || src[i+1] != '\n') {
			line, column = line+1, 0
		}
		column++
		i += size
	}
	return line, column
}

// dump writes a tree with its spans, one node on a line.
func dump(doc *Document) string {
	var b strings.Builder
	var write func(ns []*Node, indent string)
	numbered := 0
	write = func(ns []*Node, indent string) {
		for _, n := range ns {
			fmt.Fprintf(&b, "%s%v", indent, n.Kind)
			if n.Kind == Element || n.Kind == ProcInst {
				if int(n.Number) != numbered {
					fmt.Fprintf(&b, " has the number %d, not %d", n.Number, numbered)
				}
				numbered++
			}
			if n.Name != "" {
				fmt.Fprintf(&b, " %s", n.Name)
			}
			if n.Kind != Element {
				fmt.Fprintf(&b, " %q", n.Value)
			}
			line, column := doc.Lines().Position(n.Start)
			fmt.Fprintf(&b, " %d-%d @%d:%d", n.Start, n.End, line, column)
			if n.Kind == Element {
				fmt.Fprintf(&b, " content %d-%d", n.OpenEnd, n.CloseStart)
				if n.SelfClosing {
					b.WriteString(" self-closing")
				}
			}
			b.WriteByte('\n')
			for _, a := range n.Attrs {
				line, column := doc.Lines().Position(a.Start)
				fmt.Fprintf(&b, "%s  @%s %q %d-%d @%d:%d name-%d value %d-%d %c\n", indent, a.Name, a.Value, a.Start, a.End, line, column, a.NameEnd, a.ValueStart, a.ValueEnd, a.Quote)
			}
			write(n.Children, indent+"  ")
		}
	}
	write(doc.Nodes, "")
	if doc.Numbered != numbered {
		fmt.Fprintf(&b, "%d are numbered, not %d\n", doc.Numbered, numbered)
	}
	return b.String()
}

func TestParse(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"smallest", `<a/>`, `
element a 0-4 @1:1 content 4-4 self-closing
`},
		{"empty content", `<a></a >`, `
element a 0-8 @1:1 content 3-3
`},
		{"declaration, BOM, comments and instructions around the root",
			text.BOM + "<?xml version='1.0' encoding=\"UTF-8\"\r\n standalone = 'yes' ?>\r\n<!-- é -->\n<a\t/>\r<?p  q\r\nr ?>\n", `
processing instruction xml "version='1.0' encoding=\"UTF-8\"\n standalone = 'yes' " 3-63 @1:1
  @version "1.0" 9-22 @1:7 name-16 value 18-21 '
  @encoding "UTF-8" 23-39 @1:21 name-31 value 33-38 "
  @standalone "yes" 42-60 @2:2 name-52 value 56-59 '
comment " é " 65-76 @3:1
element a 77-82 @4:1 content 82-82 self-closing
processing instruction p "q\nr " 83-95 @5:1
`},
		{"attributes: quotes, white space, references",
			"<a b='\"' c = \"'\"\n\td='1\t2\n3\r\n4\r5&#10;&#x9;&#13;' e=\"&lt;&gt;&amp;&quot;&apos;>\"/>", `
element a 0-80 @1:1 content 80-80 self-closing
  @b "\"" 3-8 @1:4 name-4 value 6-7 '
  @c "'" 9-16 @1:10 name-10 value 14-15 "
  @d "1 2 3 4 5\n\t\r" 18-47 @2:2 name-19 value 21-46 '
  @e "<>&\"'>" 48-78 @5:19 name-49 value 51-77 "
`},
		{"an empty value and a prefix", `<x:a x:b=""><x:c/></x:a>`, `
element x:a 0-24 @1:1 content 12-18
  @x:b "" 5-11 @1:6 name-8 value 10-10 "
  element x:c 12-18 @1:13 content 18-18 self-closing
`},
		{"text: line ends and references", "<a>1\r\n2\r3&#13;\n&#x20AC;&#128512;€</a>", `
element a 0-39 @1:1 content 3-35
  text "1\n2\n3\r\n€😀€" 3-35 @1:4
`},
		{"all kinds of content", "<a>t<!--c\r-x--><![CDATA[<&\r\n]] >]]><b>%X%</b>&amp;<?p?>]] ></a>", `
element a 0-63 @1:1 content 3-59
  text "t" 3-4 @1:4
  comment "c\n-x" 4-15 @1:5
  CDATA section "<&\n]] >" 15-35 @2:6
  element b 35-45 @3:8 content 38-41
    text "%X%" 38-41 @3:11
  text "&" 45-50 @3:18
  processing instruction p "" 50-55 @3:23
  text "]] >" 55-59 @3:28
`},
		{"empty comment and CDATA section", "<a><!----><![CDATA[]]></a>", `
element a 0-26 @1:1 content 3-22
  comment "" 3-10 @1:4
  CDATA section "" 10-22 @1:11
`},
		{"CDATA full of brackets", "<a><![CDATA[]]]]></a>", `
element a 0-21 @1:1 content 3-17
  CDATA section "]]" 3-17 @1:4
`},
		{"names beyond ASCII", "<ñ·‿ 名='é'>\u00a0</ñ·‿>", `
element ñ·‿ 0-30 @1:1 content 18-20
  @名 "é" 9-17 @1:6 name-12 value 14-16 '
  text "\u00a0" 18-20 @1:12
`},
		{"a target that begins with xml", "<?xml-stylesheet href='a'?><a/>", `
processing instruction xml-stylesheet "href='a'" 0-27 @1:1
element a 27-31 @1:28 content 31-31 self-closing
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := Parse(tt.src)
			require.NoError(t, err)
			if diff := cmp.Diff(strings.TrimPrefix(tt.want, "\n"), dump(doc)); diff != "" {
				t.Errorf("tree (-want +got):\n%s", diff)
			}
			checkTree(t, doc)
		})
	}
}

func TestParseEncoding(t *testing.T) {
	for src, want := range map[string]string{
		`<a/>`:                      "",
		`<?xml version="1.0"?><a/>`: "",
		`<?xml version="1.0" encoding='ISO-8859-1'?><a/>`:                     "ISO-8859-1",
		`<?xml version="1.0" encoding="utf-8" standalone="no"?><a/>`:          "utf-8",
		`<?xml version="1.0" standalone="no"?><?x encoding="no"?><a/>`:        "",
		text.BOM + `<?xml version="1.1" encoding="x.Y_2" ?><a encoding="b"/>`: "x.Y_2",
	} {
		doc, err := Parse(src)
		if assert.NoError(t, err, src) {
			assert.Equal(t, want, doc.Encoding, src)
		}
	}
}

func TestParseError(t *testing.T) {
	for _, tt := range []struct {
		name, src    string
		line, column int
		msg          string // part of the message
	}{
		{"empty", "", 1, 1, "no root element"},
		{"only white space", " \n ", 2, 2, "no root element"},
		{"only a BOM", text.BOM, 1, 1, "no root element"},
		{"only a comment", "<!-- -->", 1, 9, "no root element"},
		{"text before the root", "x<a/>", 1, 1, `"x" before the root`},
		{"text after the root", "<a/>\n  x", 2, 3, `"x" after the root`},
		{"reference after the root", "<a/>&#32;", 1, 5, `"&" after the root`},
		{"second BOM", text.BOM + text.BOM + "<a/>", 1, 1, "before the root"},
		{"CDATA after the root", "<a/><![CDATA[]]>", 1, 5, "CDATA section outside"},
		{"second root", "<a/>\n<b/>", 2, 1, "second root element <b>: expected nothing more after the root element <a>, which begins in line 1"},
		{"end tag only", "</a>", 1, 1, "has no start tag"},
		{"end tag after the root", "<a/></a>", 1, 5, "has no start tag"},
		{"wrong end tag", "<a>\r\n<b>\r</a>", 3, 1, "end tag </a> does not match the start tag <b> in line 2: expected </b>"},
		{"end tag in another case", "<a></A>", 1, 4, "expected </a>"},
		{"longer end tag", "<a></ab>", 1, 4, "end tag </ab> does not match"},
		{"open element", "<a>\n <b>\n</b>\n", 4, 1, "inside element <a>, which begins in line 1: expected </a>"},
		{"attribute in an end tag", "<a></a b='1'>", 1, 8, `expected ">"`},
		{"space in an end tag", "<a></ a>", 1, 6, "found white space"},
		{"end tag not closed", "<a></a", 1, 4, "not closed"},
		{"end tag not closed after space", "<a></a ", 1, 4, "not closed"},
		{"end tag cut", "<a></", 1, 4, `ends after "</"`},
		{"tag cut", "<a><", 1, 4, `ends after "<"`},
		{"tag cut after its name", "<a", 1, 3, `expected ">" or "/>"`},
		{"tag cut after white space", "<a\n", 2, 1, "start tag <a>, which begins in line 1"},
		{"tag cut after a slash", "<a/", 1, 4, `expected ">" after "/"`},
		{"tag cut after an attribute's name", "<a b", 1, 5, "the value of the attribute b"},
		{"tag cut after =", "<a b=", 1, 6, "the value of the attribute b"},
		{"value cut", "<a b='x", 1, 6, "no closing quotation mark: expected '"},
		{"space after <", "<a>1 < 2</a>", 1, 7, `found white space: write < as &lt;`},
		{"digit after <", "<a><1/></a>", 1, 5, `found "1"`},
		{"placeholder as a name", "<%X%/>", 1, 2, `found "%"`},
		{"placeholder in a name", "<a%X%/>", 1, 3, `expected white space, ">" or "/>" in the start tag <a>, found "%"`},
		{"placeholder as an attribute", "<a %X%/>", 1, 4, `expected the name of an attribute, ">" or "/>", found "%"`},
		{"placeholder without quotation marks", "<a>\n\t<b é='1' enabled=%X%/></a>", 2, 19, `expected a quotation mark before the value of the attribute enabled, found "%": write enabled="%X%"`},
		{"no value", "<a enabled>", 1, 11, `expected "=" after the attribute enabled of element <a>, found ">": write enabled="..."`},
		{"no value, then another attribute", "<a b c='1'/>", 1, 6, `found "c"`},
		{"value is missing", "<a b=/>", 1, 6, `write b="..."`},
		{"no opening quotation mark", `<a b=x"/>`, 1, 6, `write b="x"`},
		{"attributes without white space", `<a b="1"c="2"/>`, 1, 9, `expected white space`},
		{"slash within", `<a / b="1">`, 1, 5, `expected ">" after "/"`},
		{"attribute twice", "<a b='1'\n b='2'/>", 2, 2, "the attribute b of element <a> stands there twice"},
		{"attribute twice among many", "<a a1='' a2='' a3='' a4='' a5='' a6='' a7='' a8='' a9='' b1='' b2='' b3='' b4='' b5='' b6='' b7='' b8='' a9=''/>", 1, 106, "the attribute a9"},
		{"< in a value", "<a b='x<y'/>", 1, 8, "write < as &lt;"},
		{"value not closed", "<a b=\"x>\n <c d=\"y\"/></a>", 2, 2, `the value of the attribute b, which begins in line 1: write < as &lt;, or put the missing " before it`},
		{"& before < in a value", "<a b='&<'/>", 1, 7, "write & as &amp;"},
		{"tag not closed", "<a\n<b/></a>", 2, 1, `"<" inside the start tag <a>, which begins in line 1`},
		{"two colons", "<a:b:c/>", 1, 5, `second ":"`},
		{"colon first", "<:a/>", 1, 2, `begins with ":"`},
		{"colon last", "<a: />", 1, 4, "expected a name after a:"},
		{"digit after the colon", "<a b:1=''/>", 1, 6, "expected a name after b:"},
		{"colon first in an attribute", "<a :b=''/>", 1, 4, `begins with ":"`},
		{"colon first in an end tag", "<a></:a>", 1, 6, `begins with ":"`},
		{"bare &", "<a>AT&T & co</a>", 1, 6, "write & as &amp;"},
		{"bare & and space", "<a>x & y</a>", 1, 6, `"&" begins no reference`},
		{"bare & at the end", "<a>x &</a>", 1, 6, "write & as &amp;"},
		{"bare & in a value", "<a b='?x=1&y=2'/>", 1, 11, `reference &y has no ";"`},
		{"reference cut by <", "<a>&lt</a>", 1, 4, `reference &lt has no ";"`},
		{"HTML entity", "<a>&nbsp;</a>", 1, 4, "entity &nbsp; is not declared"},
		{"entity in another case", "<a>&LT;</a>", 1, 4, "entity &LT; is not declared"},
		{"entity in a value", "<a b='&x.y;'/>", 1, 7, "entity &x.y; is not declared"},
		{"reference to NUL", "<a>&#0;</a>", 1, 4, "character reference &#0; is for no character"},
		{"reference to a surrogate", "<a>&#xD800;</a>", 1, 4, "no character that XML allows"},
		{"reference to U+FFFE", "<a>&#xfffe;</a>", 1, 4, "no character that XML allows"},
		{"reference past Unicode", "<a>&#x110000;</a>", 1, 4, "no character that XML allows"},
		{"huge reference", "<a>&#99999999999999999999999999;</a>", 1, 4, "no character that XML allows"},
		{"reference without digits", "<a>&#;</a>", 1, 4, "expected decimal digits"},
		{"hexadecimal reference without digits", "<a>&#x;</a>", 1, 4, "expected hexadecimal digits"},
		{"capital X", "<a>&#X41;</a>", 1, 4, "expected decimal digits"},
		{"hexadecimal digit", "<a>&#1a;</a>", 1, 4, "expected decimal digits"},
		{"character reference cut", "<a>&#65</a>", 1, 4, `expected decimal digits and ";"`},
		{"]]> in text", "<a>é]]]></a>", 1, 6, `write it as "]]&gt;"`},
		{"& before ]]>", "<a>&]]></a>", 1, 4, "write & as &amp;"},
		{"-- in a comment", "<a><!-- a -- b --></a>", 1, 11, `"--" in a comment`},
		{"comment that ends in --->", "<a><!-- a ---></a>", 1, 11, `"--" in a comment`},
		{"short comment", "<!--->", 1, 1, "comment is not closed"},
		{"comment not closed", "<a>\n<!-- a ></a>", 2, 1, "comment is not closed: expected -->"},
		{"comment cut in its end", "<a/><!-- --", 1, 5, "comment is not closed"},
		{"comment cut in its start", "<a/><!-", 1, 5, `ends inside "<!-"`},
		{"CDATA not closed", "<a><![CDATA[ ]] ></a>", 1, 4, "CDATA section is not closed"},
		{"CDATA in another case", "<a><![cdata[]]></a>", 1, 4, `"<!" begins nothing here`},
		{"CDATA cut", "<a><![CDA", 1, 4, "ends inside"},
		{"DOCTYPE", "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", 2, 1, "documents with a DTD are not accepted"},
		{"DOCTYPE in HTML", "<!doctype html><html/>", 1, 1, "documents with a DTD are not accepted"},
		{"ELEMENT", "<!ELEMENT a ANY><a/>", 1, 1, `"<!" begins nothing here`},
		{"instruction not closed", "<a/><?p >", 1, 5, "processing instruction <?p is not closed"},
		{"instruction cut", "<?p", 1, 1, "not closed"},
		{"instruction without a name", "<a><? p?></a>", 1, 6, "found white space"},
		{"instruction without white space", "<a><?p%?></a>", 1, 7, "expected white space"},
		{"instruction with a colon", "<a><?p:q?></a>", 1, 7, `":" in the name`},
		{"declaration after a space", " <?xml version='1.0'?><a/>", 1, 2, "very start of the document"},
		{"declaration in the root", "<a>\n<?xml version='1.0'?></a>", 2, 1, "very start of the document"},
		{"declaration twice", "<?xml version='1.0'?><?xml version='1.0'?><a/>", 1, 22, "very start"},
		{"reserved target", "<?XML version='1.0'?><a/>", 1, 3, "reserved"},
		{"reserved target later", "<a><?Xml?></a>", 1, 6, "reserved"},
		{"empty declaration", "<?xml?><a/>", 1, 6, `expected version="1.0"`},
		{"empty declaration with a space", "<?xml ?><a/>", 1, 7, `expected version="1.0"`},
		{"declaration not closed", "<?xml version='1.0'><a/>", 1, 1, "not closed: expected ?>"},
		{"declaration cut", "<?xml", 1, 1, "not closed"},
		{"no version", "<?xml encoding='UTF-8'?><a/>", 1, 7, `expected version="1.0" first`},
		{"version 2", "<?xml version='2.0'?><a/>", 1, 16, `version of the XML declaration is "2.0": expected "1.0"`},
		{"version 1", "<?xml version='1'?><a/>", 1, 16, `expected "1.0"`},
		{"version 1.", "<?xml version='1.'?><a/>", 1, 16, `expected "1.0"`},
		{"version twice", "<?xml version='1.0' version='1.0'?><a/>", 1, 21, "its order is version, encoding, standalone"},
		{"wrong order", "<?xml version='1.0' standalone='no' encoding='x'?><a/>", 1, 37, `expected "?>"`},
		{"unknown in the declaration", "<?xml version='1.0' a='b'?><a/>", 1, 21, "found a"},
		{"capitals in the declaration", "<?xml Version='1.0'?><a/>", 1, 7, "found Version"},
		{"declaration without white space", "<?xml version='1.0'encoding='x'?><a/>", 1, 20, "expected white space"},
		{"declaration without =", "<?xml version '1.0'?><a/>", 1, 15, `expected "=" after version`},
		{"declaration without quotation marks", "<?xml version=1.0?><a/>", 1, 15, "expected a quotation mark"},
		{"declaration without closing quotation mark", "<?xml version='1.0?><a/>", 1, 15, "no closing quotation mark"},
		{"empty encoding", "<?xml version='1.0' encoding=''?><a/>", 1, 31, "the name of an encoding"},
		{"encoding with a space", "<?xml version='1.0' encoding=' UTF-8'?><a/>", 1, 31, "the name of an encoding"},
		{"encoding that is a placeholder", "<?xml version='1.0' encoding='%E%'?><a/>", 1, 31, "the name of an encoding"},
		{"standalone", "<?xml version='1.0' standalone='true'?><a/>", 1, 33, `expected "yes" or "no"`},
		{"NUL", "<a>\x00</a>", 1, 4, "U+0000"},
		{"control character", "<a>\n<b>é\x1b</b></a>", 2, 5, "U+001B is a character that XML does not allow"},
		{"control character in a value", "<a b='\x01'/>", 1, 7, "U+0001"},
		{"control character in a comment", "<a/><!--\x02-->", 1, 9, "U+0002"},
		{"control character in a tag", "<a\x0b/>", 1, 3, "U+000B"},
		{"control character at the start", "\x01<a/>", 1, 1, "U+0001"},
		{"control character at the end", "<a/>\n\x1a", 2, 1, "U+001A"},
		{"control character after another mistake", "<a>&</a>\x00", 1, 4, "write & as &amp;"},
		{"U+FFFE", "<a>\uFFFE</a>", 1, 4, "U+FFFE"},
		{"U+FFFF in CDATA", "<a><![CDATA[\uFFFF]]></a>", 1, 13, "U+FFFF"},
		{"invalid UTF-8", "<a>caf\xe9</a>", 1, 7, "byte 0xE9 is not valid UTF-8: convert"},
		{"invalid UTF-8 in a name", "<a\xe9/>", 1, 3, "byte 0xE9"},
		{"invalid UTF-8 under another encoding", "<?xml version='1.0' encoding='ISO-8859-1'?>\n<a>\xe9</a>", 2, 4, "names the encoding ISO-8859-1"},
		{"surrogate in UTF-8", "<a>\xed\xa0\x80</a>", 1, 4, "byte 0xED"},
		{"overlong UTF-8", "<a>\xc0\x80</a>", 1, 4, "byte 0xC0"},
		{"truncated UTF-8", "<a>\xe2\x82", 1, 4, "byte 0xE2"},
		{"UTF-16 with a BOM", "\xff\xfe<\x00a\x00/\x00>\x00", 1, 1, "UTF-16"},
		{"UTF-16 without one", "\x00<\x00a\x00/\x00>", 1, 1, "UTF-16"},
		{"name cut after its colon", "<a:", 1, 4, "ends inside a name"},
		{"no-break space in a tag", "<a\u00a0b='1'/>", 1, 3, "found U+00A0"},
		{"quotation mark in a tag", `<a "b"/>`, 1, 4, `found '"'`},
		{"line end in a tag", "<\na/>", 1, 2, "found the end of the line"},
		{"long names", "<" + strings.Repeat("é", 100) + "></a>", 1, 103, "<" + strings.Repeat("é", 30) + "...> in line 1"},
		{"long value without quotation marks", "<a b=" + strings.Repeat("x", 100) + "/>", 1, 6, `write b="` + strings.Repeat("x", 60) + `..."`},
		{"BOM and error", text.BOM + "<a>\n</b>", 2, 1, "expected </a>"},
		{"BOM and error in the first line", text.BOM + "<é></b>", 1, 4, "expected </é>"},
		{"too deep", strings.Repeat("<a>", 257), 1, 769, "element <a> stands too deep: elements can nest 256 deep"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := Parse(tt.src)
			require.Error(t, err)
			assert.Nil(t, doc)
			var se *SyntaxError
			require.True(t, errors.As(err, &se))
			assert.Equal(t, [2]int{tt.line, tt.column}, [2]int{se.Line, se.Column}, se.Msg)
			line, column := slowPosition(tt.src, se.Offset)
			assert.Equal(t, [2]int{line, column}, [2]int{se.Line, se.Column}, "offset %d", se.Offset)
			assert.Contains(t, se.Msg, tt.msg)
			assert.Equal(t, fmt.Sprintf("line %d, column %d: %s", se.Line, se.Column, se.Msg), err.Error())
		})
	}
}

// Every document that is cut short is refused, at a place within it.
func TestParseTruncated(t *testing.T) {
	src := "<?xml version='1.0' encoding='UTF-8'?><!-- c --><a b='é&amp;'><?p q?>t&#x41;<![CDATA[ c ]]><d/></a>"
	_, err := Parse(src)
	require.NoError(t, err)
	for i := range src {
		_, err := Parse(src[:i])
		var se *SyntaxError
		if assert.ErrorAs(t, err, &se, src[:i]) {
			assert.LessOrEqual(t, se.Offset, i)
		}
	}
}

func TestMaxDepth(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	for _, tt := range []struct {
		opts  []Option
		depth int
	}{
		{nil, DefaultMaxDepth},
		{[]Option{MaxDepth(0)}, DefaultMaxDepth},
		{[]Option{MaxDepth(1)}, 1},
		{[]Option{MaxDepth(3)}, 3},
		{[]Option{MaxDepth(50_000)}, 50_000},
	} {
		_, err := Parse(nested(tt.depth), tt.opts...)
		assert.NoError(t, err, tt.depth)
		_, err = Parse(nested(tt.depth+1), tt.opts...)
		assert.ErrorContains(t, err, "too deep")
	}
	_, err := Parse("<a><b/><b/><b></b></a>", MaxDepth(2))
	assert.NoError(t, err)
}

func TestNode(t *testing.T) {
	doc, err := Parse(`<a x='1' p:x='2'>one<b/><![CDATA[ two]]><!-- no --><b>not</b><c> three</c>&amp;</a>`)
	require.NoError(t, err)
	assert.Equal(t, "one two&", doc.Root.Text())
	var names, texts []string
	for e := range doc.Root.Elements() {
		names, texts = append(names, e.Name), append(texts, e.Text())
	}
	assert.Equal(t, []string{"b", "b", "c"}, names)
	assert.Equal(t, []string{"", "not", " three"}, texts)
	for range doc.Root.Elements() {
		break
	}
	a, ok := doc.Root.Attr("p:x")
	require.True(t, ok)
	assert.Equal(t, "2", a.Value)
	assert.Same(t, &doc.Root.Attrs[1], a)
	_, ok = doc.Root.Attr("X")
	assert.False(t, ok)
}

func TestPath(t *testing.T) {
	src := `<?p?><config><protocols><sip/><x:tls/></protocols><codec>1</codec><!-- --><codec>2<sub/></codec><other/><codec>3<sub/><sub/></codec></config>`
	doc, err := Parse(src)
	require.NoError(t, err)
	var got []string
	walk(doc.Root, func(n *Node) {
		if n.Kind == Element {
			got = append(got, n.Path())
		}
	})
	assert.Equal(t, []string{
		"/config", "/config/protocols", "/config/protocols/sip", "/config/protocols/x:tls", "/config/codec[1]",
		"/config/codec[2]", "/config/codec[2]/sub", "/config/other", "/config/codec[3]", "/config/codec[3]/sub[1]", "/config/codec[3]/sub[2]",
	}, got)
	assert.Equal(t, "/", doc.Nodes[0].Path())
	assert.Equal(t, "/config/codec[1]", doc.Root.Children[1].Children[0].Path())

	// etree finds the same elements by these paths.
	tree := etree.NewDocument()
	require.NoError(t, tree.ReadFromString(src))
	walk(doc.Root, func(n *Node) {
		if n.Kind != Element {
			return
		}
		found := tree.FindElements(n.Path())
		if assert.Len(t, found, 1, n.Path()) {
			assert.Equal(t, n.Name, found[0].FullTag())
			assert.Equal(t, n.Text(), found[0].Text())
		}
	})
}

func TestEscape(t *testing.T) {
	for _, tt := range []struct{ in, text, double, single string }{
		{"", "", "", ""},
		{"plain é", "plain é", "plain é", "plain é"},
		{"a&b<c>d]]>", "a&amp;b&lt;c&gt;d]]&gt;", "a&amp;b&lt;c&gt;d]]&gt;", "a&amp;b&lt;c&gt;d]]&gt;"},
		{`"'`, `"'`, `&quot;'`, `"&apos;`},
		{"\t\n\r", "\t\n&#13;", "&#9;&#10;&#13;", "&#9;&#10;&#13;"},
		{"x\x00\xff\uFFFEy", "x���y", "x���y", "x���y"},
		{"\x00", "�", "�", "�"},
	} {
		assert.Equal(t, tt.text, EscapeText(tt.in), "%q", tt.in)
		assert.Equal(t, tt.double, EscapeAttr(tt.in, '"'), "%q", tt.in)
		assert.Equal(t, tt.single, EscapeAttr(tt.in, '\''), "%q", tt.in)
	}
	assert.Equal(t, "&quot;&apos;", EscapeAttr(`"'`, 0))
}

// checkEscape reads back what the escape functions write.
func checkEscape(t *testing.T, s string) {
	t.Helper()
	want := s
	if illegal(s) < len(s) {
		want = strings.Map(func(r rune) rune {
			if !isChar(r) {
				return utf8.RuneError
			}
			return r
		}, s) // Map also turns each invalid byte into U+FFFD.
	}
	doc, err := Parse("<a b=\"" + EscapeAttr(s, '"') + "\" c='" + EscapeAttr(s, '\'') + "'>" + EscapeText(s) + "</a>")
	require.NoError(t, err, "%q", s)
	assert.Equal(t, want, doc.Root.Text())
	assert.Equal(t, want, doc.Root.Attrs[0].Value)
	assert.Equal(t, want, doc.Root.Attrs[1].Value)
}

func TestDocumentLinesConcurrently(t *testing.T) {
	doc, err := Parse("<a>\n<b/></a>")
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			line, column := doc.Lines().Position(doc.Root.Children[1].Start)
			assert.Equal(t, [2]int{2, 1}, [2]int{line, column})
		})
	}
	wg.Wait()
}

type run struct {
	Text  string
	Ctx   Context
	Quote byte
}

func scan(src string) (runs []run) {
	Scan(src, func(start, end int, ctx Context, quote byte) {
		runs = append(runs, run{src[start:end], ctx, quote})
	})
	return runs
}

func TestScan(t *testing.T) {
	for _, tt := range []struct {
		name, src string
		want      []run
	}{
		{"empty", "", nil},
		{"no XML", "key = %VALUE%\n", []run{{"key = %VALUE%\n", Outside, 0}}},
		{"no XML with <", "if a < b & c <= d << 2", []run{{"if a < b & c <= d << 2", Outside, 0}}},
		{"a document", text.BOM + "<?xml?>\n<!-- a --><!-- b --><a b='%X%' c = \"\" d=\"'>\">t<![CDATA[<b>]]><d/>&lt;</a>\n", []run{
			{text.BOM, Outside, 0}, {"<?xml?>", InProcInst, 0}, {"\n", Outside, 0}, {"<!-- a --><!-- b -->", InComment, 0},
			{"<a b='", InMarkup, 0}, {"%X%", InAttr, '\''}, {"' c = \"\" d=\"", InMarkup, 0}, {"'>", InAttr, '"'}, {"\">", InMarkup, 0},
			{"t", InText, 0}, {"<![CDATA[<b>]]>", InCDATA, 0}, {"<d/>", InMarkup, 0}, {"&lt;", InText, 0}, {"</a>", InMarkup, 0}, {"\n", Outside, 0},
		}},
		{"value without quotation marks", "<a b=%X% c='%Y%'>%Z%</a>", []run{
			{"<a b=%X% c='", InMarkup, 0}, {"%Y%", InAttr, '\''}, {"'>", InMarkup, 0}, {"%Z%", InText, 0}, {"</a>", InMarkup, 0}}},
		{"stray quotation mark", `<a b=%X%" c="%Y%"/>`, []run{
			{`<a b=%X%" c="`, InMarkup, 0}, {"%Y%", InAttr, '"'}, {`"/>`, InMarkup, 0}}},
		{"value not closed", `<a b="%X%><c d='%Y%'/>z`, []run{
			{`<a b="`, InMarkup, 0}, {"%X%>", InAttr, '"'}, {"<c d='", InMarkup, 0}, {"%Y%", InAttr, '\''}, {"'/>", InMarkup, 0}, {"z", InText, 0}}},
		{"< in a value", `<a b="1 < 2"/>`, []run{{`<a b="`, InMarkup, 0}, {"1 < 2", InAttr, '"'}, {`"/>`, InMarkup, 0}}},
		{"value to the end", `<a b="%X%`, []run{{`<a b="`, InMarkup, 0}, {"%X%", InAttr, '"'}}},
		{"tag not closed", "<a %X%<b>%Y%</b>", []run{{"<a %X%<b>", InMarkup, 0}, {"%Y%", InText, 0}, {"</b>", InMarkup, 0}}},
		{"< in text", "<a>1 < 2 <%X% <3</a>", []run{{"<a>", InMarkup, 0}, {"1 < 2 <%X% <3", InText, 0}, {"</a>", InMarkup, 0}}},
		{"after the root", "<a>x</a>y</a>z<b>w", []run{{"<a>", InMarkup, 0}, {"x", InText, 0}, {"</a>", InMarkup, 0}, {"y", Outside, 0},
			{"</a>", InMarkup, 0}, {"z", Outside, 0}, {"<b>", InMarkup, 0}, {"w", InText, 0}}},
		{"slash in a tag", "<a / >x</a>", []run{{"<a / >", InMarkup, 0}, {"x", InText, 0}, {"</a>", InMarkup, 0}}},
		{"slash in a value", "<a b='/'>x", []run{{"<a b='", InMarkup, 0}, {"/", InAttr, '\''}, {"'>", InMarkup, 0}, {"x", InText, 0}}},
		{"slash in a value without quotation marks", "<a b=/>x", []run{{"<a b=/>", InMarkup, 0}, {"x", Outside, 0}}},
		{"quotation mark in an end tag", "<a></a b='>'>", []run{{"<a></a b='>", InMarkup, 0}, {"'>", Outside, 0}}},
		{"comment not closed", "<a><!-- x --</a>", []run{{"<a>", InMarkup, 0}, {"<!-- x --</a>", InComment, 0}}},
		{"short comment", "<!-->x-->y", []run{{"<!-->x-->", InComment, 0}, {"y", Outside, 0}}},
		{"CDATA not closed", "<a><![CDATA[x</a>", []run{{"<a>", InMarkup, 0}, {"<![CDATA[x</a>", InCDATA, 0}}},
		{"instruction not closed", "<?x >", []run{{"<?x >", InProcInst, 0}}},
		{"DOCTYPE", "<!DOCTYPE a>\n<a>", []run{{"<!DOCTYPE a>", InMarkup, 0}, {"\n", Outside, 0}, {"<a>", InMarkup, 0}}},
		{"DTD", "<!DOCTYPE a [<!ENTITY x 'a[1]'> ] ><a>y", []run{{"<!DOCTYPE a [<!ENTITY x 'a[1]'> ] ><a>", InMarkup, 0}, {"y", InText, 0}}},
		{"DTD with brackets", "<!DOCTYPE a []] ]>y", []run{{"<!DOCTYPE a []] ]>", InMarkup, 0}, {"y", Outside, 0}}},
		{"DTD not closed", "<!DOCTYPE a [<!ENTITY ] ", []run{{"<!DOCTYPE a [<!ENTITY ] ", InMarkup, 0}}},
		{"<! alone", "<! x", []run{{"<! x", Outside, 0}}},
		{"< at the end", "<a><", []run{{"<a>", InMarkup, 0}, {"<", InText, 0}}},
		{"</ at the end", "<a></", []run{{"<a></", InMarkup, 0}}},
		{"name start that looks like an error", "<\uFFFD>x", []run{{"<\uFFFD>", InMarkup, 0}, {"x", InText, 0}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, scan(tt.src)); diff != "" {
				t.Errorf("runs (-want +got):\n%s", diff)
			}
			checkScan(t, tt.src, nil)
		})
	}
}

func TestStrings(t *testing.T) {
	assert.Equal(t, "CDATA section", CDATA.String())
	assert.Equal(t, "none", Kind(0).String())
	assert.Equal(t, "none", Kind(99).String())
	assert.Equal(t, "outside", Outside.String())
	assert.Equal(t, "markup", InMarkup.String())
	assert.Equal(t, "none", Context(99).String())
}

func walk(n *Node, fn func(*Node)) {
	fn(n)
	for _, c := range n.Children {
		walk(c, fn)
	}
}

// checkTree checks that all spans lie as they should, and that Scan agrees
// with the tree.
func checkTree(t *testing.T, doc *Document) {
	t.Helper()
	src := doc.Src
	ctx := make([]byte, len(src)) // context of each byte, by the tree
	quotes := make([]byte, len(src))
	paint := func(start, end int, c Context) {
		for i := start; i < end; i++ {
			ctx[i] = byte(c)
		}
	}
	require.NotNil(t, doc.Root)
	roots, at := 0, 0
	for _, n := range doc.Nodes {
		require.LessOrEqual(t, at, n.Start)
		require.Empty(t, strings.Trim(strings.TrimPrefix(src[at:n.Start], text.BOM), " \t\r\n"))
		require.Nil(t, n.Parent)
		if n.Kind == Element {
			roots++
			require.Same(t, doc.Root, n)
		}
		at = n.End
		walk(n, func(n *Node) {
			require.True(t, 0 <= n.Start && n.Start < n.End && n.End <= len(src), "span")
			raw := src[n.Start:n.End]
			switch n.Kind {
			case Element:
				require.True(t, n.Start < n.OpenEnd && n.OpenEnd <= n.CloseStart && n.CloseStart <= n.End, "order")
				require.True(t, strings.HasPrefix(raw, "<"+n.Name))
				if n.SelfClosing {
					require.True(t, strings.HasSuffix(raw, "/>") && n.OpenEnd == n.End && n.CloseStart == n.End && len(n.Children) == 0)
				} else {
					require.True(t, src[n.OpenEnd-1] == '>' && strings.HasPrefix(src[n.CloseStart:n.End], "</"+n.Name))
				}
				paint(n.Start, n.End, InMarkup)
				at := n.OpenEnd
				text := false
				for _, c := range n.Children {
					require.Equal(t, at, c.Start, "gap or overlap")
					require.Same(t, n, c.Parent)
					require.False(t, text && c.Kind == Text, "two texts")
					text = c.Kind == Text
					at = c.End
				}
				require.Equal(t, at, n.CloseStart, "gap at the end")
			case Text:
				require.NotContains(t, raw, "<")
				paint(n.Start, n.End, InText)
			case CDATA:
				require.True(t, strings.HasPrefix(raw, "<![CDATA[") && strings.HasSuffix(raw, "]]>"))
				paint(n.Start, n.End, InCDATA)
			case Comment:
				require.True(t, strings.HasPrefix(raw, "<!--") && strings.HasSuffix(raw, "-->"))
				paint(n.Start, n.End, InComment)
			case ProcInst:
				require.True(t, strings.HasPrefix(raw, "<?"+n.Name) && strings.HasSuffix(raw, "?>"))
				paint(n.Start, n.End, InProcInst)
			default:
				require.Fail(t, "kind", n.Kind)
			}
			at := n.Start
			for _, a := range n.Attrs {
				require.True(t, at < a.Start && a.Start < a.NameEnd && a.NameEnd < a.ValueStart && a.ValueStart <= a.ValueEnd && a.ValueEnd+1 == a.End, "attribute")
				require.Equal(t, a.Name, src[a.Start:a.NameEnd])
				require.Equal(t, a.Quote, src[a.ValueStart-1])
				require.Equal(t, a.Quote, src[a.ValueEnd])
				at = a.End
				if n.Kind != Element {
					require.Equal(t, "xml", n.Name)
					continue
				}
				paint(a.ValueStart, a.ValueEnd, InAttr)
				for i := a.ValueStart; i < a.ValueEnd; i++ {
					quotes[i] = a.Quote
				}
			}
		})
	}
	require.Equal(t, 1, roots)
	require.Empty(t, strings.Trim(src[at:], " \t\r\n"))
	checkScan(t, src, func(i int, c Context, quote byte) bool { return ctx[i] == byte(c) && quotes[i] == quote })
}

// checkScan checks that Scan covers src with maximal runs, and asks agrees
// about each byte.
func checkScan(t *testing.T, src string, agrees func(i int, c Context, quote byte) bool) {
	t.Helper()
	at := 0
	var lastCtx Context
	var lastQuote byte
	Scan(src, func(start, end int, c Context, quote byte) {
		require.True(t, start == at && start < end && end <= len(src), "run %d-%d after %d", start, end, at)
		require.False(t, start > 0 && c == lastCtx && quote == lastQuote, "run %d-%d is not maximal", start, end)
		require.Equal(t, c == InAttr, quote == '"' || quote == '\'')
		require.True(t, c == InAttr || quote == 0)
		at, lastCtx, lastQuote = end, c, quote
		for i := start; agrees != nil && i < end; i++ {
			if !agrees(i, c, quote) {
				require.Fail(t, "contexts", "byte %d of %q: Scan says %v, which the tree does not", i, src, c)
			}
		}
	})
	require.Equal(t, len(src), at)
}

func FuzzParse(f *testing.F) {
	for _, s := range goodDocuments {
		f.Add(s)
	}
	for _, s := range badDocuments {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		checkScan(t, src, nil)
		checkEscape(t, src)
		doc, err := Parse(src)
		if err != nil {
			var se *SyntaxError
			require.ErrorAs(t, err, &se)
			require.True(t, 0 <= se.Offset && se.Offset <= len(src), "offset %d", se.Offset)
			line, column := slowPosition(src, se.Offset)
			require.Equal(t, [2]int{line, column}, [2]int{se.Line, se.Column})
			require.True(t, utf8.ValidString(se.Msg))
			return
		}
		checkTree(t, doc)
		checkStandardDecoder(t, doc)
	})
}

// template makes a document of about 20 kB that looks like a configuration
// template.
func template() string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!-- configuration -->\r\n<config>\r\n")
	for i := 0; b.Len() < 20_000; i++ {
		fmt.Fprintf(&b, "  <service-%d enabled=\"%%ENABLE_SERVICE_%d_WXT%%\" mode='a &amp; b'>\r\n", i, i)
		fmt.Fprintf(&b, "    <!-- number %d of the services -->\r\n    <address>%%ADDRESS_%d_WXT%%</address>\r\n", i, i)
		fmt.Fprintf(&b, "    <port secure=\"true\" retry=\"%d\"/>\r\n    <domain>sip:%d@example.com;a=1&amp;b=2</domain>\r\n  </service-%d>\r\n", i, i, i)
	}
	b.WriteString("</config>\r\n")
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	src := template()
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(src); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	src := template()
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		Scan(src, func(int, int, Context, byte) {})
	}
}

// TestNameChars checks the code points against the productions of XML 1.0, but
// for some in the middle of planes that are all alike.
func TestNameChars(t *testing.T) {
	in := func(r rune, ranges [][2]rune) bool {
		for _, x := range ranges {
			if x[0] <= r && r <= x[1] {
				return true
			}
		}
		return false
	}
	start := [][2]rune{{'A', 'Z'}, {'_', '_'}, {'a', 'z'}, {0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x2FF}, {0x370, 0x37D}, {0x37F, 0x1FFF}, {0x200C, 0x200D},
		{0x2070, 0x218F}, {0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}}
	more := [][2]rune{{'-', '-'}, {'.', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}}
	char := [][2]rune{{9, 10}, {13, 13}, {0x20, 0xD7FF}, {0xE000, 0xFFFD}, {0x10000, 0x10FFFF}}
	for r := rune(0); r <= utf8.MaxRune; r++ {
		switch r {
		case 0x11000:
			r = 0xEF000
		case 0xF1000:
			r = 0x10F000
		}
		if isNameStart(r) != in(r, start) || isNameChar(r) != (in(r, start) || in(r, more)) || isChar(r) != in(r, char) {
			t.Errorf("%U: name start %v, name character %v, character %v", r, isNameStart(r), isNameChar(r), isChar(r))
		}
	}
}

// Input that is made to be slow: a reader that takes quadratic time does not end
// within the time that tests have.
func TestLinear(t *testing.T) {
	n := 80_000
	if testing.CoverMode() != "" {
		n = 4_000 // counting makes every step slow
	}
	for _, s := range []string{"<", "<a>", "<a b='", "<a b=''", "&", "&#", "<!--", "<!-- -", "<![CDATA[", "]]", "<?p ", "<!D[", "]", "\r", "<a ", "<!D[]", "\"", "<a b='<a", "</a>", "<a/>"} {
		src := strings.Repeat(s, n)
		for _, prefix := range []string{"", "<r>", "<r b='", "<!D[", "<r " + attributes(2000)} {
			_, _ = Parse(prefix+src, MaxDepth(10*n))
			Scan(prefix+src, func(int, int, Context, byte) {})
		}
	}
	_, err := Parse("<r" + attributes(90_000) + "/>")
	assert.NoError(t, err)
}
