// Package ruledoc has what there is to read about the rules: their examples, which
// are their test data at the same time.
package ruledoc

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dtafgen/wxt/schema"
)

// A Doc is what there is to read about a rule: an element of the list "rules" that
// "dtafgen check --list --format json" prints.
type Doc struct {
	schema.Rule
	Bad  Example `json:"bad"`  // a file that the rule says something about
	Good Example `json:"good"` // a file that is right
}

// An Example is a file, and what a rule says of it.
type Example struct {
	Name     string `json:"name"`               // such as bad.toml; a .txtar is an archive's files as text, each after a line "-- name --"
	Text     string `json:"text"`               //
	Findings string `json:"findings,omitempty"` // as "dtafgen check" prints them, without the source
}

// The examples are the rules' test data at the same time: a folder for each,
// whose files begin with bad or good, and findings.out.
//
//go:embed testdata/rules
var exampleFiles embed.FS

var load = sync.OnceValue(func() []Doc {
	var list []Doc
	for _, r := range schema.Rules() {
		dir := "testdata/rules/" + r.Code + "-" + r.Name
		list = append(list, Doc{Rule: r, Bad: example(dir, "bad"), Good: example(dir, "good")})
	}
	return list
})

// All returns the rules with their examples, by code.
func All() []Doc { return slices.Clone(load()) }

// example returns the first example of a kind in a folder: the one with the
// shortest name.
func example(dir, kind string) Example {
	names, err := fs.Glob(exampleFiles, dir+"/"+kind+"*")
	if err != nil || len(names) == 0 {
		return Example{}
	}
	best := names[0]
	for _, name := range names {
		if len(name) < len(best) || len(name) == len(best) && path.Ext(name) == ".toml" {
			best = name
		}
	}
	text, _ := exampleFiles.ReadFile(best)
	e := Example{Name: path.Base(best), Text: string(text)}
	findings, _ := exampleFiles.ReadFile(dir + "/findings.out")
	take := false
	for line := range strings.Lines(string(findings)) {
		if !strings.HasPrefix(line, "\t") {
			take = strings.HasPrefix(line, e.Name+":") || strings.HasPrefix(line, e.Name+"/")
		}
		if take {
			e.Findings += line
		}
	}
	return e
}
