package wxt_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/dtafgen/wxt"

// A source is the Go files of a package that are no tests.
type source struct {
	files   []*ast.File
	imports []string
}

// packages returns the packages of the module, by their folders.
func packages(t *testing.T) map[string]*source {
	t.Helper()
	all := make(map[string]*source)
	require.NoError(t, filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() {
			_, err := os.Stat(filepath.Join(name, "go.mod"))
			if name != "." && (err == nil || base == "testdata" || strings.HasPrefix(base, ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(base) != ".go" || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		if f.Comments != nil && strings.Contains(f.Comments[0].Text(), "ignore") && f.Name.Name == "main" && !strings.HasPrefix(name, "cmd") {
			return nil
		}
		dir := filepath.ToSlash(filepath.Dir(name))
		if all[dir] == nil {
			all[dir] = &source{}
		}
		all[dir].files = append(all[dir].files, f)
		for _, i := range f.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if !slices.Contains(all[dir].imports, p) {
				all[dir].imports = append(all[dir].imports, p)
			}
		}
		return nil
	}))
	return all
}

// local returns the folder of a package of this module.
func local(imported string) (string, bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// TestImports holds the packages' imports against the list in docs/architecture.md:
// no arrow leads upwards.
func TestImports(t *testing.T) {
	doc, err := os.ReadFile("docs/architecture.md")
	require.NoError(t, err)
	_, list, ok := strings.Cut(string(doc), "\n## Packages\n")
	require.True(t, ok)
	_, list, _ = strings.Cut(list, "```\n")
	list, _, ok = strings.Cut(list, "```\n")
	require.True(t, ok)
	level := make(map[string]int)
	for i, line := range strings.Split(strings.TrimSpace(list), "\n") {
		for _, name := range strings.Fields(line) {
			level[name] = i + 1
		}
	}
	all := packages(t)
	for dir, p := range all {
		if strings.HasPrefix(dir, "examples") || path.Base(dir) == "testkit" || strings.HasPrefix(dir, "internal/hostile") || strings.HasPrefix(dir, "tools") {
			continue
		}
		if !assert.NotZero(t, level[dir], "docs/architecture.md does not list %s", dir) {
			continue
		}
		for _, i := range p.imports {
			if to, ok := local(i); ok {
				assert.Less(t, level[to], level[dir], "%s imports %s", dir, to)
			}
		}
	}
	for name := range level {
		assert.NotNil(t, all[name], "docs/architecture.md lists %s, which is no package", name)
	}

	// What an importer has to download.
	var modules func(dir string, seen map[string]bool)
	modules = func(dir string, seen map[string]bool) {
		for _, i := range all[dir].imports {
			if to, ok := local(i); ok {
				if !seen[to] {
					seen[to] = true
					modules(to, seen)
				}
			} else if first, _, _ := strings.Cut(i, "/"); strings.Contains(first, ".") {
				seen[i] = true
			}
		}
	}
	for dir, allowed := range map[string][]string{
		"tags":   nil,
		"schema": nil,
		".": {"github.com/BurntSushi/toml", "github.com/pelletier/go-toml/v2", "github.com/beevik/etree", "golang.org/x/text",
			"github.com/aymanbagabas/go-udiff"},
	} {
		seen := make(map[string]bool)
		modules(dir, seen)
		for name := range seen {
			first, _, _ := strings.Cut(name, "/")
			ok := all[name] != nil || !strings.Contains(first, ".") || slices.ContainsFunc(allowed, func(m string) bool { return name == m || strings.HasPrefix(name, m+"/") })
			assert.True(t, ok, "importing %s costs %s", dir, name)
		}
	}
}

// TestExportedNames counts the names that the library exports, methods included:
// few enough to be read.
func TestExportedNames(t *testing.T) {
	total := 0
	for dir, p := range packages(t) {
		if dir != "." && (strings.Contains(dir, "internal") || strings.HasPrefix(dir, "cmd") || strings.HasPrefix(dir, "examples") || strings.HasPrefix(dir, "tools")) {
			continue
		}
		n := 0
		for _, f := range p.files {
			n += exportedNames(f)
		}
		total += n
		if dir == "." {
			assert.LessOrEqual(t, n, 90, "in the root")
		}
	}
	assert.LessOrEqual(t, total, 400, "in all")
}

// exportedNames counts the exported names of a file: those of its package, and the
// methods of exported types.
func exportedNames(f *ast.File) int {
	n := 0
	count := func(names ...*ast.Ident) {
		for _, name := range names {
			if name.IsExported() {
				n++
			}
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv != nil {
				typ := d.Recv.List[0].Type
				if star, ok := typ.(*ast.StarExpr); ok {
					typ = star.X
				}
				if id, ok := typ.(*ast.Ident); !ok || !id.IsExported() {
					continue
				}
			}
			count(d.Name)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					count(s.Name)
				case *ast.ValueSpec:
					count(s.Names...)
				}
			}
		}
	}
	return n
}
