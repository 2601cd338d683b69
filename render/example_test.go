package render_test

import (
	"fmt"

	"github.com/dtafgen/wxt/render"
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

// Where in the file the tags stand.
func ExampleTemplate_Places() {
	t, err := render.Parse("config.xml", []byte(`<sip><!-- %OLD% --><proxy address="%SBC_ADDRESS_WXT%"/><user>%BWLINEPORT-1%</user></sip>`))
	if err != nil {
		fmt.Println(err)
		return
	}
	places, err := t.Places()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range places {
		fmt.Println(p.Path, p.Name)
	}
	// Output:
	// sip/proxy/@address SBC_ADDRESS_WXT
	// sip/user BWLINEPORT-1
}
