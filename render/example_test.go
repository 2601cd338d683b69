package render_test

import (
	"fmt"
	"log"

	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/tags"
)

func Example() {
	t, err := render.Parse("config.xml", []byte(`<sip><proxy address="%SBC_ADDRESS_WXT%"/><user>%BWLINEPORT-1%</user></sip>`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range t.Placeholders() {
		fmt.Println(p.Position, p.Name, "in", p.Context)
	}
	bound := t.Bind(render.Map(map[string]string{"SBC_ADDRESS_WXT": "sbc.example.com"}), render.Escaped)
	fmt.Printf("%s\n", bound.Append(nil, render.Map(map[string]string{"BWLINEPORT-1": "alice"}), render.Raw))
	// Output:
	// config.xml:1:22 SBC_ADDRESS_WXT in attribute
	// config.xml:1:48 BWLINEPORT-1 in text
	// <sip><proxy address="sbc.example.com"/><user>alice</user></sip>
}

// A vendor's template is held against what is known of the platform's.
func ExampleCompare() {
	vendor, err := render.Parse("config-wxt.xml.template", []byte(`<config>
  <services>
    <screen-share enabled="%ENABLE_SCREEN_SHARE_WXT%"/>
    <park enabled="%ENABLE_CALL_PARK_WXT%"/>
  </services>
</config>`))
	if err != nil {
		log.Fatal(err)
	}
	c, err := render.Compare(vendor, tags.Desktop, tags.Default())
	if err != nil {
		log.Fatal(err)
	}
	for _, tag := range c.Unknown {
		fmt.Println("the catalogue lacks", tag.Tag, "at", tag.Found[0].Path)
	}
	for _, tag := range c.Misplaced {
		fmt.Println(tag.Tag, "is at", tag.Found[0].Path, "and not at", tag.Expected[0])
	}
	// Output:
	// the catalogue lacks ENABLE_SCREEN_SHARE_WXT at config/services/screen-share/@enabled
	// ENABLE_CALL_PARK_WXT is at config/services/park/@enabled and not at config/services/calls/call-park/@enabled
}

func ExampleValues() {
	t, err := render.Parse("config.xml", []byte(`<user name="%BWLINEPORT-1%" tls="%USE_TLS_WXT%"/>`))
	if err != nil {
		fmt.Println(err)
		return
	}
	// What all subscribers share is bound once; the rest has an index.
	bound := t.Bind(render.Map(map[string]string{"USE_TLS_WXT": "true"}), render.Raw)
	values := bound.NewValues(nil)
	var buf []byte
	for _, name := range []string{"alice", "bob"} {
		values.Set(0, name) // bound.Tags()[0] is BWLINEPORT-1
		buf = values.Append(buf[:0], render.Raw)
		fmt.Printf("%s\n", buf)
	}
	// Output:
	// <user name="alice" tls="true"/>
	// <user name="bob" tls="true"/>
}
