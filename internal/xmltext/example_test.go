package xmltext_test

import (
	"fmt"
	"strings"

	"github.com/dtafgen/wxt/internal/xmltext"
)

func ExampleParse() {
	src := `<config>
  <services>
    <call-pull enabled='false'/> <!-- off -->
  </services>
</config>
`
	doc, err := xmltext.Parse(src)
	if err != nil {
		fmt.Println(err)
		return
	}
	for services := range doc.Root.Elements() {
		for e := range services.Elements() {
			a, ok := e.Attr("enabled")
			if !ok {
				continue
			}
			line, column := doc.Lines().Position(a.ValueStart)
			fmt.Printf("%s: %s at %d:%d\n", e.Path(), a.Value, line, column)
			// An edit replaces the bytes of the value and no others.
			fmt.Print(src[:a.ValueStart] + xmltext.EscapeAttr("true", a.Quote) + src[a.ValueEnd:])
		}
	}
	// Output:
	// /config/services/call-pull: false at 3:25
	// <config>
	//   <services>
	//     <call-pull enabled='true'/> <!-- off -->
	//   </services>
	// </config>
}

func ExampleParse_error() {
	_, err := xmltext.Parse("<config>\n  <xsi url=%XSI_URL%/>\n</config>")
	fmt.Println(err)
	// Output:
	// line 2, column 12: expected a quotation mark before the value of the attribute url, found "%": write url="%XSI_URL%"
}

func ExampleScan() {
	src := `<a host="%HOST%"><!-- %NOTE% -->%TEXT%</a>`
	xmltext.Scan(src, func(start, end int, ctx xmltext.Context, quote byte) {
		if strings.Contains(src[start:end], "%") {
			fmt.Printf("%s: %v\n", src[start:end], ctx)
		}
	})
	// Output:
	// %HOST%: attribute value
	// <!-- %NOTE% -->: comment
	// %TEXT%: text
}
