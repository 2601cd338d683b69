// Package release holds tests of what is released, and of the documents that
// promise something of it.
package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/testkit"
)

const root = "../.."

// goCommand runs the go command in dir and returns what it says.
func goCommand(t *testing.T, dir string, env []string, args ...string) []byte {
	t.Helper()
	c := exec.Command("go", args...)
	c.Dir = dir
	c.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	require.NoError(t, err, "go %v: %s", args, stderr.String())
	return out
}

// copyModule copies what the program is built of.
func copyModule(t *testing.T, to string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, path)
		if e.IsDir() {
			if base := e.Name(); name != "." && (strings.HasPrefix(base, ".") || slices.Contains([]string{"tools", "dist", "docs"}, base)) {
				return fs.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, name), 0o777)
		}
		if strings.HasSuffix(name, "_test.go") || !e.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), data, 0o666)
	}))
}

// TestReproducible builds the program as it is released, from two folders with
// different names and caches of their own for it, and compares the bytes.
func TestReproducible(t *testing.T) {
	testkit.OnlyLong(t)
	flags, err := os.ReadFile(filepath.Join(root, ".ci", "build-flags"))
	require.NoError(t, err)
	var sums []string
	for _, name := range []string{"a", "somewhere/else"} {
		dir := filepath.Join(t.TempDir(), name)
		copyModule(t, dir)
		args := append([]string{"build"}, strings.Fields(string(flags))...)
		goCommand(t, dir, []string{"CGO_ENABLED=0", "GOFLAGS=-buildvcs=false"}, append(args, "-o", "out", "./cmd/dtafgen")...)
		data, err := os.ReadFile(filepath.Join(dir, "out"))
		require.NoError(t, err)
		require.NotContains(t, string(data), dir, "the program has the name of the folder that it was built in")
		sums = append(sums, fmt.Sprintf("%x", sha256.Sum256(data)))
		out, err := exec.Command(filepath.Join(dir, "out"), "version").Output()
		require.NoError(t, err)
		assert.Regexp(t, `^dtafgen \S+ go1\.`, string(out), "the version comes from the build")
	}
	assert.Equal(t, sums[0], sums[1])
}

// A module is what go list says of one.
type module struct {
	Path, Version, Dir string
	Indirect, Main     bool
}

// modules returns the modules that the packages of the main module need, tests
// included.
func modules(t *testing.T) []module {
	t.Helper()
	out := goCommand(t, root, nil, "list", "-deps", "-test", "-json=Module", "./...")
	var list []module
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p struct{ Module *module }
		require.NoError(t, d.Decode(&p))
		if p.Module != nil && !p.Module.Main && !slices.Contains(list, *p.Module) {
			list = append(list, *p.Module)
		}
	}
	require.NotEmpty(t, list)
	return list
}

// licences are those that the module's own, Apache 2.0, goes with, each with words
// that only it has.
var licences = []struct{ name, words string }{
	{"Apache-2.0", "Apache License Version 2.0, January 2004"},
	{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy"},
	{"BSD-3-Clause", "Neither the name of"},
	{"BSD-2-Clause", "Redistributions in binary form must reproduce the above copyright notice"},
	{"Unlicense", "This is free and unencumbered software released into the public domain"},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose"},
}

var licenceFile = regexp.MustCompile(`(?i)^(licen[sc]e|copying)(-apache-2\.0|-bsd)?(\.(txt|md))?$`)

// licence returns the licence of a module, or "".
func licence(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		if !licenceFile.MatchString(e.Name()) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		// Some quote the text of their licence, as an e-mail does.
		text := strings.Join(strings.Fields(strings.ReplaceAll(string(data), ">", " ")), " ")
		for _, foreign := range []string{"GNU GENERAL PUBLIC", "GNU LESSER", "GNU AFFERO", "Mozilla Public License", "Business Source License"} {
			if strings.Contains(strings.ToUpper(text), strings.ToUpper(foreign)) {
				return foreign
			}
		}
		for _, l := range licences {
			if strings.Contains(text, l.words) {
				return l.name
			}
		}
	}
	return ""
}

// row is a row of the tables in docs/dependencies.md.
var row = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]*) \\|$")

// TestDependencies checks that docs/dependencies.md lists exactly the modules that
// are needed, with their licences, which have to be known ones, and says what each
// direct one is for.
func TestDependencies(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join(root, "docs", "dependencies.md"))
	require.NoError(t, err)
	direct, indirect, ok := strings.Cut(string(doc), "\n## Indirect")
	require.True(t, ok)
	listed := make(map[string]string)
	for text, isDirect := range map[string]bool{direct: true, indirect: false} {
		for _, m := range row.FindAllStringSubmatch(text, -1) {
			require.NotContains(t, listed, m[1])
			listed[m[1]] = strings.TrimSpace(m[2])
			if isDirect {
				assert.Greater(t, len(strings.Fields(m[3])), 5, "%s has to be justified", m[1])
			}
			assert.Equal(t, isDirect, strings.Contains(directRequirements(t), "\t"+m[1]+" v"), "%s stands in the other table", m[1])
		}
	}
	for _, m := range modules(t) {
		name := licence(t, m.Dir)
		known := false
		for _, l := range licences {
			known = known || l.name == name
		}
		assert.True(t, known, "%s has the licence %q", m.Path, name)
		assert.Equal(t, name, listed[m.Path], "the licence of %s in docs/dependencies.md", m.Path)
		delete(listed, m.Path)
	}
	assert.Empty(t, listed, "no package needs these")
}

// directRequirements returns the lines of go.mod that require modules directly.
func directRequirements(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	var direct []string
	for line := range strings.Lines(string(data)) {
		if !strings.Contains(line, "// indirect") {
			direct = append(direct, line)
		}
	}
	return strings.Join(direct, "")
}

// TestLimitsAreDocumented compares docs/reliability.md with the defaults.
func TestLimitsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join(root, "docs", "reliability.md"))
	require.NoError(t, err)
	documented := make(map[string]string)
	for _, m := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| [^|]+ \\| ([^|]+) \\|$").FindAllStringSubmatch(string(doc), -1) {
		documented[m[1]] = m[2]
	}
	limits := reflect.ValueOf(dtaf.Limits{}.WithDefaults())
	assert.Len(t, documented, limits.NumField())
	for i := range limits.NumField() {
		n := limits.Field(i).Int()
		want := fmt.Sprint(n)
		switch {
		case n%(1<<20) == 0:
			want = fmt.Sprintf("%d MiB", n>>20)
		case n%(1<<10) == 0:
			want = fmt.Sprintf("%d KiB", n>>10)
		case n >= 1_000_000:
			want = fmt.Sprintf("%d,%03d,%03d", n/1_000_000, n/1000%1000, n%1000)
		case n >= 1000:
			want = fmt.Sprintf("%d,%03d", n/1000, n%1000)
		}
		assert.Equal(t, want, documented[limits.Type().Field(i).Name], limits.Type().Field(i).Name)
	}
}

// TestPromises checks that the tests and fuzz targets that docs name exist.
func TestPromises(t *testing.T) {
	declared := make(map[string]bool)
	function := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Example)\w*)\(`)
	require.NoError(t, filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		folder, _ := filepath.Rel(root, filepath.Dir(path))
		if folder == "." {
			folder = "wxt"
		}
		for _, m := range function.FindAllStringSubmatch(string(data), -1) {
			declared[filepath.ToSlash(folder)+"."+m[1]] = true
		}
		return nil
	}))
	doc, err := os.ReadFile(filepath.Join(root, "docs", "reliability.md"))
	require.NoError(t, err)
	named := regexp.MustCompile("`([a-z./]+\\.(?:Test|Fuzz)\\w+)`").FindAllStringSubmatch(string(doc), -1)
	require.Greater(t, len(named), 20)
	for _, m := range named {
		assert.True(t, declared[m[1]], "docs/reliability.md names %s, which does not exist", m[1])
	}
	for line := range strings.Lines(string(doc)) {
		cells := strings.Split(line, "|")
		if len(cells) == 4 && !strings.Contains(cells[1], "---") && strings.TrimSpace(cells[1]) != "promise" {
			assert.Contains(t, cells[2], "`", "nothing stands behind the promise %q", strings.TrimSpace(cells[1]))
		}
	}
}
