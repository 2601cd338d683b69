// Customers builds the archives of several customers at once: they share a
// project, and each has its own SBC and tag sets.
//
//	go run ./examples/customers -o dist
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/tags"
)

// customers and the address of each one's SBC.
var customers = []struct{ name, sbc string }{
	{"Acme", "sbc.acme.example"},
	{"Globex", "sbc.globex.example"},
	{"Initech", "sbc.initech.example"},
}

func main() {
	dir := flag.String("o", "dist", "folder to write to")
	flag.Parse()
	errs := make([]error, len(customers))
	var wg sync.WaitGroup
	for i, c := range customers {
		wg.Go(func() {
			errs[i] = build(c.name, c.sbc, filepath.Join(*dir, c.name))
		})
	}
	wg.Wait()
	if err := cmp.Or(errs...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, c := range customers {
		fmt.Println(filepath.Join(*dir, c.name))
	}
}

// build makes the archives of one customer.
func build(name, sbc, dir string) error {
	project := &wxt.Project{Tags: map[string]string{
		"SBC_ADDRESS_WXT": sbc,
		"SBC_PORT_WXT":    "5061",
		"USE_TLS_WXT":     "true",
	}}
	for _, p := range tags.Platforms() {
		project.Platform(p).TagSet = name + "_" + p.String()
	}
	bundle, err := wxt.Build(project)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return bundle.WriteDir(dir)
}
