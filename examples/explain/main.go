// Explain tells what the catalogue knows of a tag.
//
//	go run ./examples/explain SBC_ADDRESS_WXT
package main

import (
	"fmt"
	"os"

	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: explain TAG")
		os.Exit(2)
	}
	catalogue := tags.Default()
	tag, ok := catalogue.Lookup(os.Args[1])
	if !ok {
		near, _ := catalogue.Nearest(os.Args[1])
		fmt.Fprintf(os.Stderr, "there is no tag %s; the nearest is %q\n", os.Args[1], near)
		os.Exit(1)
	}
	fmt.Printf("%%%s%%: %s\n", tag.Name, tag.Text)
	for p := range tag.Platforms.All() {
		if value, ok := tag.DefaultOn(p); ok {
			fmt.Printf("default on %s: %q (%s)\n", p, value, tag.Known.Default.Mark)
		}
	}
	for _, path := range schema.PathsOf(tag) {
		fmt.Printf("stands at %s (%s)\n", path.Path, path.Known.Mark)
	}
}
