package xmltext

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"

	"github.com/dtafgen/wxt/internal/text"
)

// goodDocuments are well-formed for Parse and for xmllint.
var goodDocuments = []string{
	`<a/>`,
	`<a></a>`,
	"\n\t<a\n/>\n",
	text.BOM + `<a/>`,
	text.BOM + `<?xml version="1.0"?><a/>`,
	`<?xml version="1.0" encoding="UTF-8"?><a/>`,
	`<?xml version='1.0' encoding='utf-8' standalone='no' ?><a/>`,
	"<?xml\tversion = \"1.0\"\r\nencoding\n=\n'UTF-8'?>\r\n<a/>",
	`<?xml version="1.0" standalone="yes"?><a/>`,
	`<a b="1" c='2'/>`,
	"<a b = \"1\"\r\n\tc\n=\n'2' ></a\t>",
	`<a b='"' c="'"/>`,
	`<a b="x > y"/>`,
	`<a b="]]>"/>`,
	`<a b="&lt;&amp;&gt;&quot;&apos;&#38;&#x3c;"/>`,
	`<a>&lt;&amp;&gt;&quot;&apos;&#0038;&#x003C;&#x10FFFF;&#9;</a>`,
	"<a b=' x\ty\r\nz '>x\ty\r\nz\rw</a>",
	`<a>x > y ] ]] > ]]&gt;</a>`,
	`<a><![CDATA[]]></a>`,
	`<a><![CDATA[<b>&x;]] > ]]]]><![CDATA[>--]]></a>`,
	`<a><!----><!-- - - > & < ]]> --></a>`,
	`<!-- a --><?p?><a/><!-- b --><?p ??>`,
	`<a><?p ?><?p q="&x;<"?><?xml-x y?><?xmlx?></a>`,
	`<a><b><c/></b><b/>t<c>u</c>v</a>`,
	`<é ü="ñ">日本語 😀</é>`,
	"<a-1._·x/>",
	"<\u0370\u2070\u3001\U00010000 \u200C=''/>",
	"<a>\u007f\u0085\ue000\ufffd\u2028</a>",
	`<x:a xmlns:x="urn:x" x:b="1" b="2"><x:c xml:space="preserve"/></x:a>`,
	`<a xmlns="urn:a"><b xmlns="urn:b"/></a>`,
	`<config><protocols><sip><proxy address="%SBC_ADDRESS_WXT%" port="%SBC_PORT_WXT%"/></sip></protocols></config>`,
	`<config>%TEXT%<!-- %COMMENT% --><![CDATA[%CDATA%]]><?p %PI%?></config>`,
	strings.Repeat("<a>", 200) + strings.Repeat("</a>", 200),
	"<a " + attributes(40) + "/>",
}

// badDocuments are not well-formed for Parse and for xmllint.
var badDocuments = []string{
	``, ` `, text.BOM, `x`, `<`, `<a`, `<a `, `<a/`, `<a>`, `<a><`, `<a></`, `<a></a`, `<a b`, `<a b=`, `<a b="`, `<a b="x`,
	`<a/><b/>`, `<a/>x`, `x<a/>`, `<a/>&#32;`, `<a/></a>`, `</a>`, `<a></b>`, `<a><b></a></b>`, `<a></A>`, `<a></ab>`, `<ab></a>`,
	`<a/><![CDATA[]]>`, `<![CDATA[]]><a/>`,
	`< a/>`, `<a></ a>`, `<1/>`, `<-a/>`, `<.a/>`, `<a></a b="1">`, `<a / >`, `<a / b="1">`, `<a/ >`, `<%X%/>`, `<a%X%/>`, `<a %X%/>`,
	"<\u00d7/>", "<a\u00f7/>", "<\u00b7a/>", "<\u0300a/>", "<a\u037e/>", "<a\u2190/>", "<\U000F0000/>",
	`<a enabled=%X%/>`, `<a b/>`, `<a b c="1"/>`, `<a b=1/>`, `<a b="1"c="2"/>`, `<a b='1"/>`, `<a b="1" b="2"/>`, `<a b="<"/>`, `<a b="1></a>`,
	"<a " + attributes(40) + " a7='x'/>",
	`<a b="&"/>`, `<a b="a & b"/>`, `<a b="?x=1&y=2"/>`, `<a>&</a>`, `<a>& </a>`, `<a>&amp</a>`, `<a>&x;</a>`, `<a>&nbsp;</a>`, `<a>&;</a>`, `<a>& amp;</a>`,
	`<a>&#;</a>`, `<a>&#x;</a>`, `<a>&#X41;</a>`, `<a>&#1a;</a>`, `<a>&#0;</a>`, `<a>&#8;</a>`, `<a>&#xD800;</a>`, `<a>&#xFFFE;</a>`, `<a>&#xFFFF;</a>`, `<a>&#x110000;</a>`,
	`<a>&#99999999999;</a>`, `<a>&#65</a>`, `<a>&#-1;</a>`, `<a>&#x4 1;</a>`,
	`<a>]]></a>`, `<a>x]]]>y</a>`, `<a><![CDATA[]]</a>`, `<a><![CDATA[ ]]>]]></a>`, `<a><![cdata[]]></a>`, `<a><! [CDATA[]]></a>`,
	`<!-->`, `<!---><a/>`, `<!-- -- --><a/>`, `<!-- ---><a/>`, `<a><!-- </a>`, `<a/><!-`, `<a/><! -- -->`, `<a/><!>`,
	`<a><?p</a>`, `<a><??></a>`, `<a><? p?></a>`, `<a><?1?></a>`, `<a><?p+?></a>`, `<a><?XML?></a>`, `<?xMl version="1.0"?><a/>`, `<a/><?p?`, `<a/><?p`, `<a/><?`,
	` <?xml version="1.0"?><a/>`, `<a><?xml version="1.0"?></a>`, `<?xml version="1.0"?><?xml version="1.0"?><a/>`, `<!-- --><?xml version="1.0"?><a/>`,
	`<?xml?><a/>`, `<?xml ?><a/>`, `<?xml encoding="UTF-8"?><a/>`, `<?xml version="1.0" standalone="yes" encoding="UTF-8"?><a/>`,
	`<?xml version="1.0"encoding="UTF-8"?><a/>`, `<?xml version="1.0" encoding=""?><a/>`, `<?xml version="1.0" encoding="1"?><a/>`, `<?xml version="1.0" standalone="maybe"?><a/>`, `<?xml version="1.0" standalone="YES"?><a/>`,
	`<?xml version="1.0" version="1.0"?><a/>`, `<?xml version=1.0?><a/>`, `<?xml version="1.0'?><a/>`, `<?xml version="1.0" x="y"?><a/>`, `<?xml version="1.0"><a/>`, `<?xml version="1.0"? ><a/>`, `<?xml version=""?><a/>`,
	"<a>\x00</a>", "<a>\x01</a>", "<a>\x0b</a>", "<a>\x1f</a>", "<a b='\x08'/>", "<a><!--\x07--></a>", "<a><![CDATA[\x06]]></a>", "<a><?p \x05?></a>", "<a\x0c/>", "<a/>\x1a",
	"<a>\ufffe</a>", "<a>\uffff</a>", "<a b='\uffff'/>", "<a>\xe9</a>", "<a>\xc0\x80</a>", "<a>\xed\xa0\x80</a>", "<a>\xf4\x90\x80\x80</a>", "<a b='\xff'/>", "<a>\xe2\x82</a>", "<\xe9/>",
	text.BOM + text.BOM + `<a/>`,
	strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300),
	`<a><!DOCTYPE a></a>`, `<a/><!DOCTYPE a>`, `<!ELEMENT a ANY><a/>`,
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " a%d=\"%d\"", i, i)
	}
	return b.String()
}

// mutants returns documents that are made from the good ones by small changes:
// pieces of syntax are put in, bytes are taken out or doubled, and pieces of
// one document are put into another.
func mutants(n int, seed uint64) []string {
	pieces := []string{"<", ">", "/", "&", ";", "'", "\"", "=", "-", "--", "!", "?", "]]>", "]]", "<!--", "-->", "<![CDATA[", "<?", "?>", "<b>", "</b>", "<b/>",
		" ", "\n", "\r", "\t", "&lt;", "&#65;", "&#x41;", "&#1;", " b='1'", "x", "1", ".", "%X%", "é", "\u00d7", "\x01", "\xff", "<?xml version='1.0'?>", "#"}
	rnd := rand.New(rand.NewPCG(seed, 7))
	out := make([]string, n)
	for i := range out {
		s := goodDocuments[rnd.IntN(len(goodDocuments))]
		for len(s) > 1000 {
			s = goodDocuments[rnd.IntN(len(goodDocuments))]
		}
		for range 1 + rnd.IntN(3) {
			at := rnd.IntN(len(s) + 1)
			end := min(at+1+rnd.IntN(3), len(s))
			switch rnd.IntN(5) {
			case 0:
				s = s[:at] + s[end:]
			case 1:
				s = s[:end] + s[at:]
			case 2:
				other := goodDocuments[rnd.IntN(20)]
				from := rnd.IntN(len(other))
				s = s[:at] + other[from:from+rnd.IntN(len(other)-from)+1] + s[at:]
			default:
				s = s[:at] + pieces[rnd.IntN(len(pieces))] + s[at:]
			}
		}
		out[i] = s
	}
	return out
}

var lintLine = regexp.MustCompile(`(?m)^(?:.*[/\\])?(\d{5})\.xml:\d+: (?:(namespace (?:error|warning)|parser warning)|\w+ error)\b.*`)

// lint gives the documents to xmllint and returns the first complaint about
// each, and the first about colons in names, which are namespace errors.
func lint(t *testing.T, docs []string) (errs, namespace map[int]string) {
	t.Helper()
	testkit.Oracle(t, "xmllint")
	dir := t.TempDir()
	args := []string{"--noout", "--nonet"}
	for i, doc := range docs {
		name := fmt.Sprintf("%05d.xml", i)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(doc), 0o644))
		args = append(args, name)
	}
	cmd := exec.Command("xmllint", args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatalf("xmllint: %v", err)
	}
	errs, namespace = map[int]string{}, map[int]string{}
	for _, m := range lintLine.FindAllStringSubmatch(stderr.String(), -1) {
		i, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		into := errs
		if m[2] != "" {
			into = namespace
		}
		if into[i] == "" {
			into[i] = m[0]
		}
	}
	return errs, namespace
}

func TestAgreesWithXmllint(t *testing.T) {
	docs := append(append([]string{}, goodDocuments...), badDocuments...)
	errs, _ := lint(t, docs)
	for i, src := range docs {
		_, err := Parse(src)
		if i < len(goodDocuments) {
			assert.NoError(t, err, "%q", src)
			assert.Empty(t, errs[i], "%q", src)
		} else {
			assert.Error(t, err, "%q", src)
			assert.NotEmpty(t, errs[i], "xmllint accepts %q", src)
		}
	}
}

func TestAgreesWithXmllintOnMutants(t *testing.T) {
	docs := mutants(1000, 1)
	errs, namespace := lint(t, docs)
	good := 0
	for i, src := range docs {
		doc, err := Parse(src)
		switch {
		case err == nil && doc.Encoding != "" && !strings.EqualFold(doc.Encoding, "UTF-8"):
			// xmllint converts; Parse leaves that to its caller.
		case err == nil:
			good++
			assert.Empty(t, errs[i], "Parse accepts %q", src)
		case errs[i] == "" && namespace[i] == "":
			t.Errorf("xmllint accepts %q, Parse says %v", src, err)
		}
	}
	assert.Greater(t, good, 100, "too few of the mutants are well-formed to say anything")
	assert.Greater(t, len(docs)-good, 100)
}

// checkStandardDecoder checks that encoding/xml reads the document, too, and
// reads the same from it.
func checkStandardDecoder(t *testing.T, doc *Document) {
	t.Helper()
	if v, ok := doc.Nodes[0].Attr("version"); ok && v.Value != "1.0" {
		return // encoding/xml takes no other version
	}
	if strings.HasPrefix(doc.Src, text.BOM) {
		return // and has no byte order mark
	}
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(doc.Src))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	depth := 0
	for {
		tok, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			// Its names are those of the first editions of XML 1.0, which lack
			// many characters beyond ASCII.
			if !ascii(doc.Src) {
				return
			}
			require.NoError(t, err, "%q", doc.Src)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			depth++
			fmt.Fprintf(&b, "<%s", rawName(tok.Name))
			for _, a := range tok.Attr {
				fmt.Fprintf(&b, " %s=%q", rawName(a.Name), spaces.Replace(a.Value))
			}
			b.WriteString(">")
		case xml.EndElement:
			depth--
			fmt.Fprintf(&b, "</%s>", rawName(tok.Name))
		case xml.CharData:
			if depth > 0 {
				b.WriteString(string(tok))
			}
		case xml.Comment:
			fmt.Fprintf(&b, "<!--%s-->", normal(string(tok)))
		case xml.ProcInst:
			fmt.Fprintf(&b, "<?%s %s?>", tok.Target, normal(string(tok.Inst)))
		}
	}
	require.Equal(t, tokens(doc.Nodes), b.String(), "%q", doc.Src)
}

// encoding/xml leaves line ends and tabs in attribute values.
var spaces = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ")

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

func rawName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// tokens writes nodes as checkStandardDecoder writes what encoding/xml reads.
func tokens(nodes []*Node) string {
	var b strings.Builder
	var write func([]*Node)
	write = func(nodes []*Node) {
		for _, n := range nodes {
			switch n.Kind {
			case Element:
				fmt.Fprintf(&b, "<%s", n.Name)
				for _, a := range n.Attrs {
					fmt.Fprintf(&b, " %s=%q", a.Name, spaces.Replace(a.Value))
				}
				b.WriteString(">")
				write(n.Children)
				fmt.Fprintf(&b, "</%s>", n.Name)
			case Comment:
				fmt.Fprintf(&b, "<!--%s-->", n.Value)
			case ProcInst:
				fmt.Fprintf(&b, "<?%s %s?>", n.Name, n.Value)
			default:
				b.WriteString(n.Value)
			}
		}
	}
	write(nodes)
	return b.String()
}

func TestAgreesWithStandardDecoder(t *testing.T) {
	checked := 0
	for _, src := range append(mutants(2500, 2), goodDocuments...) {
		if doc, err := Parse(src); err == nil {
			checked++
			checkTree(t, doc)
			checkStandardDecoder(t, doc)
		}
	}
	assert.Greater(t, checked, 300)
	// What encoding/xml refuses, Parse refuses.
	refused := 0
	for _, src := range append(mutants(2500, 3), badDocuments...) {
		d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(src, text.BOM)))
		var err error
		for err == nil {
			_, err = d.Token()
		}
		if err != io.EOF && ascii(src) && !strings.Contains(err.Error(), "unsupported version") && !strings.Contains(err.Error(), "encoding") {
			refused++
			_, ours := Parse(src)
			assert.Error(t, ours, "%q: encoding/xml says %v", src, err)
		}
	}
	assert.Greater(t, refused, 250)
}
