package wxt_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/dtaf/provision"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// Five lines make the archives of a project.
func Example() {
	dir, _ := os.MkdirTemp("", "dist")
	defer os.RemoveAll(dir)

	project, err := wxt.Load(filepath.Join("examples", "partner", "dtafgen.toml"))
	if err != nil {
		fmt.Println(err)
		return
	}
	bundle, err := wxt.Build(project)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := bundle.WriteDir(dir); err != nil {
		fmt.Println(err)
		return
	}
	for f := range bundle.Files() {
		fmt.Println(f.Name)
	}
	// Output:
	// Business_Communicator_-_PC(R23.0).DTAF.zip
	// ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip
	// Connect_-_Mobile(R23.0).DTAF.zip
	// ucone-mobile-ucaas-3.9.18-wxt-Nov2026_DTAF.zip
	// Connect_-_Tablet(R23.0).DTAF.zip
	// ucone-tablet-ucaas-3.9.18-wxt-Nov2026_DTAF.zip
	// tagsets/Acme_Desktop.oci
	// tagsets/Acme_Mobile.oci
	// tagsets/Acme_Tablet.oci
	// SHA256SUMS
}

func ExampleCheck() {
	project, err := wxt.Parse("dtafgen.toml", []byte(`
[tags]
SBC_ADDRESS_WXT = "sbc.example.com:5061"
USE_TSL_WXT     = true
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range wxt.Check(project, wxt.WithPlatforms(tags.Desktop)) {
		if f.Line > 1 {
			fmt.Println(f, "-", f.Remedy)
		}
	}
	// Output:
	// dtafgen.toml:3:19: error: SBC_ADDRESS_WXT: "sbc.example.com:5061" is not a host name or an IP address [WXT010] - leave out the port
	// dtafgen.toml:4:1: error: unknown tag USE_TSL_WXT [WXT003] - did you mean USE_TLS_WXT?
}

// What has changed between two project files goes to an Application Server as
// numbered messages.
func ExampleCompilation_Provision() {
	before, err := wxt.Parse("before.toml", []byte("[tags]\nSBC_PORT_WXT = 5060\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := wxt.Parse("after.toml", []byte("[tags]\nSBC_PORT_WXT = 5061\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	var sources []*provision.Source
	for _, p := range []*wxt.Project{before, after} {
		compilation, _ := wxt.Compile(p)
		if err := compilation.Check().Err(); err != nil {
			fmt.Println(err)
			return
		}
		source, err := compilation.Provision()
		if err != nil {
			fmt.Println(err)
			return
		}
		sources = append(sources, source)
	}
	p, err := provision.TagSets(sources[1], provision.TagSetOptions{From: sources[0]})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range p.Messages {
		for _, r := range m.Document.Requests {
			value, _ := r.Get("tagValue")
			fmt.Println(m.Name, r.Type, value)
		}
	}
	// Output:
	// 01-tagset-BroadTouch_Tags.xml SystemDeviceManagementTagModifyRequest 5061
	// 02-tagset-ConnectTablet_Tags.xml SystemDeviceManagementTagModifyRequest 5061
	// 03-tagset-Connect_Tags.xml SystemDeviceManagementTagModifyRequest 5061
}

// A partner has rules of their own, and checks by them beside the others.
func ExampleRule() {
	rule := wxt.Rule{
		Rule: schema.Rule{
			Code: "ACME001", Name: "acme-domain", Severity: schema.Warning,
			Protects: "An SBC that is not ours.", Source: "Acme's network plan",
		},
		Target: func(p *wxt.Pass) {
			sbc, ok := p.Value("SBC_ADDRESS_WXT")
			if ok && !strings.HasSuffix(sbc.Value, ".acme.example") {
				p.Report(sbc.Position, "use sbc.acme.example", "%s is not below acme.example", sbc.Value)
			}
		},
	}
	project, err := wxt.Parse("dtafgen.toml", []byte(`
[checks]
WXT030 = "off"
WXT031 = "off"
ACME001 = "error"

[tags]
SBC_ADDRESS_WXT = "sbc.example.com"
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range wxt.Check(project, wxt.WithRules(rule)) {
		fmt.Println(f, "-", f.Remedy)
	}
	// Output:
	// dtafgen.toml:8:19: error: sbc.example.com is not below acme.example [ACME001] - use sbc.acme.example
}

// Templates, manifests and archives are checked by themselves.
func ExampleCheckBytes() {
	template := []byte("<config>\n  <proxy address=\"%SBC_ADDRESS_WXT\" port=\"%SBC_PROT_WXT%\"/>\n</config>\n")
	findings, err := wxt.CheckBytes("config-wxt.xml.template", template)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range findings {
		fmt.Println(f)
	}
	// Output:
	// config-wxt.xml.template:2:19: error: %SBC_ADDRESS_WXT is cut: its last percent sign is missing [WXT072]
	// config-wxt.xml.template:2:43: warning: %SBC_PROT_WXT% is no known tag [WXT073]
}

// What the servers need for a feature of the project.
func ExampleCompilation_Requirements() {
	project := &wxt.Project{Tags: map[string]string{"ENABLE_CALL_PARK_WXT": "true"}}
	c, _ := wxt.Compile(project, wxt.WithRelease(oci.R24), wxt.WithPlatforms(tags.Mobile))
	r, err := c.Requirements(schema.RequirementQuery{Edge: "adp"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, q := range r.Requirements {
		if q.Kind != "note" {
			fmt.Println(q.Server, q.Kind, q.Item)
		}
	}
	// Output:
	// AS cli AS_CLI/Interface/SIP> set sendCallCorrelationIDNetwork true
	// AS cli AS_CLI/Interface/SIP> set sendCallCorrelationIDAccess true
	// AS user-service Create a call park group and add its users
	// XSP|ADP cli XSP|ADP_CLI/Applications/Xsi-Actions/GeneralSettings> set enableCallCorrelationID true
}

// A full starter file has everything in it, commented out at its default.
func ExampleStarter() {
	file, err := wxt.Starter("", "", true)
	if err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(string(file)) {
		if strings.HasPrefix(line, "#SBC_PORT_WXT") {
			fmt.Print(line)
			break
		}
	}
	// Output:
	// #SBC_PORT_WXT = 5060
}

// The JSON Schema knows each tag.
func ExampleJSONSchema() {
	var document struct {
		Defs map[string]struct {
			Description string
			Default     any
		} `json:"$defs"`
	}
	if err := json.Unmarshal(wxt.JSONSchema(), &document); err != nil {
		fmt.Println(err)
		return
	}
	port := document.Defs["SBC_PORT_WXT"]
	fmt.Println(port.Default, port.Description)
	// Output:
	// 5060 Port of the SBC. Values: port: 1 to 65535. Feature: sip-transport. Platforms: desktop, mobile, tablet.
}

// Projects that stand in a database extend others that stand there, too.
func ExampleWithReader() {
	stored := map[string]string{
		"common": "[tags]\nSBC_ADDRESS_WXT = \"sbc.example.com\"\nSBC_PORT_WXT = 5061\n",
		"acme":   "extends = \"common\"\ntags.SBC_ADDRESS_WXT = \"sbc.acme.example\"\n",
	}
	read := wxt.WithReader(func(name string) ([]byte, error) {
		text, ok := stored[name]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return []byte(text), nil
	})
	p, err := wxt.Parse("acme", []byte(stored["acme"]), read)
	if err != nil {
		panic(err)
	}
	for _, tag := range []string{"SBC_ADDRESS_WXT", "SBC_PORT_WXT"} {
		place, _ := p.Where("tags", tag)
		fmt.Println(tag, p.Tags[tag], place)
	}
	// Output:
	// SBC_ADDRESS_WXT sbc.acme.example acme:2:24
	// SBC_PORT_WXT 5061 common:3:16
}
