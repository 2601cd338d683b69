package wxt

import (
	"embed"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// An Example is a file that a rule says something about, or nothing.
type Example struct {
	Name string `json:"name"` // such as bad.toml; a .txtar is an archive's files as text, each after a line "-- name --"
	Text string `json:"text"`
}

// The examples are the rules' test data at the same time: a folder for each,
// whose files begin with bad or good.
//
//go:embed testdata/rules
var exampleFiles embed.FS

var examples = sync.OnceValue(func() map[string][]Example {
	m := make(map[string][]Example)
	err := fs.WalkDir(exampleFiles, "testdata/rules", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := exampleFiles.ReadFile(name)
		code, _, _ := strings.Cut(path.Base(path.Dir(name)), "-")
		m[code] = append(m[code], Example{path.Base(name), string(data)})
		return err
	})
	if err != nil {
		panic("wxt: the embedded examples are broken: " + err.Error())
	}
	return m
})

// Bad returns a file that the rule says something about, and false for a rule
// without examples.
func (r Rule) Bad() (Example, bool) { return r.example("bad") }

// Good returns a file that is right, and false for a rule without examples.
func (r Rule) Good() (Example, bool) { return r.example("good") }

// example returns the first example of a kind: the one of the shortest name.
func (r Rule) example(kind string) (Example, bool) {
	best, found := Example{}, false
	for _, e := range examples()[r.Code] {
		if strings.HasPrefix(e.Name, kind) && (!found || len(e.Name) < len(best.Name)) {
			best, found = e, true
		}
	}
	return best, found
}
