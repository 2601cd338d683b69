package simulate_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/tags"
)

// A preview is the file of one subscriber, and what is wrong with it.
func ExampleSimulation_Preview() {
	project, err := wxt.Parse("dtafgen.toml", []byte(`tags.SBC_ADDRESS_WXT = "sbc.example.com"`))
	if err != nil {
		fmt.Println(err)
		return
	}
	compilation, _ := wxt.Compile(project)
	simulation, err := compilation.Simulation(tags.Desktop)
	if err != nil {
		fmt.Println(err)
		return
	}
	alice := simulation.Example()
	alice.Tags["BWLINEPORT-1"] = "alice&co"
	preview := simulation.Preview(alice)
	for _, line := range strings.Split(string(preview.Masked()), "\n") {
		if strings.Contains(line, "<proxy ") || strings.Contains(line, "<password>") {
			fmt.Println(strings.TrimSpace(line))
		}
	}
	for _, f := range preview.Findings {
		fmt.Println(f.Line, f.Message)
	}
	// Output:
	// <proxy address="sbc.example.com" port="5060"/>
	// <password>********</password>
	// 17 BWLINEPORT-1: the value has &, and the Application Server puts it into the template's text as it is: the app can't parse its file
}

// Many subscribers are rendered in one go, in constant memory, and in their order.
func ExampleSimulation_Render() {
	compilation, _ := wxt.Compile(&wxt.Project{})
	simulation, err := compilation.Simulation(tags.Desktop)
	if err != nil {
		fmt.Println(err)
		return
	}
	export := "User ID;use_tls_wxt\nalice;TRUE\nbob;yes\ncarol;\n"
	subscribers := simulate.ReadCSV(strings.NewReader(export), simulate.ReadOptions{File: "export.csv"})
	for r, err := range simulation.Render(context.Background(), subscribers, simulate.WithCommon(simulation.Example())) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(r.ID, strings.Contains(string(r.File), "<username>example-user-1</username>"))
		for _, f := range r.Findings {
			fmt.Println(f)
		}
	}
	// Output:
	// alice true
	// bob true
	// export.csv:3:5: error: USE_TLS_WXT: "yes" is not true or false (at type/Business Communicator - PC/config-wxt.xml.template:25:24) [WXT010]
	// carol true
}

// Subscribers may come from anywhere, such as the rows of a database.
func ExampleWriteNDJSON() {
	template, err := render.Parse("config.xml", []byte("<config><user>%BWLINEPORT-1%</user><port>%SBC_PORT_WXT%</port></config>"))
	if err != nil {
		fmt.Println(err)
		return
	}
	simulation, err := simulate.New(simulate.Config{Template: template, Values: map[string]string{"SBC_PORT_WXT": "5060"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	rows := func(yield func(*simulate.Subscriber, error) bool) {
		for _, user := range []string{"alice", "bob"} {
			if !yield(&simulate.Subscriber{ID: user, Tags: map[string]string{"BWLINEPORT-1": user + "@example.com"}}, nil) {
				return
			}
		}
	}
	err = simulate.WriteNDJSON(os.Stdout, simulation.Render(context.Background(), rows, simulate.ForNDJSON()))
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"id":"alice","config":"<config><user>alice@example.com</user><port>5060</port></config>"}
	// {"id":"bob","config":"<config><user>bob@example.com</user><port>5060</port></config>"}
}

// Files go to a folder, or to a zip.
func ExampleWriteFiles() {
	template, err := render.Parse("config.xml", []byte("<config><user>%BWLINEPORT-1%</user></config>"))
	if err != nil {
		fmt.Println(err)
		return
	}
	simulation, err := simulate.New(simulate.Config{Template: template})
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "files")
	export := strings.NewReader(`{"id": "alice", "BWLINEPORT-1": "alice@example.com"}`)
	subscribers := simulate.ReadNDJSON(export, simulate.ReadOptions{})
	if err := simulate.WriteFiles(out, simulation.Render(context.Background(), subscribers, simulate.ForFiles(out))); err != nil {
		fmt.Println(err)
		return
	}
	data, err := os.ReadFile(filepath.Join(out, "alice.xml"))
	fmt.Println(string(data), err)
	// Output: <config><user>alice@example.com</user></config> <nil>
}
