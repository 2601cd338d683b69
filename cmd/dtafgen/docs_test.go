package main

import (
	"archive/zip"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/testkit"
)

// A block is a fenced block of a document in Markdown.
type block struct {
	lang        string
	first, last int // the lines inside, from 0; last is that of the fence
}

// blocks returns the fenced blocks of a document.
func blocks(lines []string) []block {
	var list []block
	open := false
	for i, line := range lines {
		if lang, ok := strings.CutPrefix(line, "```"); ok {
			if open {
				list[len(list)-1].last = i
			} else {
				list = append(list, block{lang: lang, first: i + 1})
			}
			open = !open
		}
	}
	return list
}

// readLines returns the lines of a file of the module.
func readLines(t *testing.T, name string) []string {
	data, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

// shell runs a command line in dir, and returns all that it prints.
func shell(t *testing.T, dir, line string) (string, error) {
	c := exec.Command(testkit.Tool(t, "sh"), "-c", line)
	c.Dir = dir
	c.Env = append(os.Environ(), "LC_ALL=C", "HOME="+dir)
	out, err := c.CombinedOutput()
	return string(out), err
}

// runDocument runs a document as a reader would who follows it word for word: what
// stands after "$ " in a block of language console is run, and has to succeed and
// print what follows; a block of language diff is applied to the file that its
// first line names. With -update what is printed is written into the document.
func runDocument(t *testing.T, name, dir string) {
	lines := readLines(t, name)
	updated := slices.Clone(lines)
	list := blocks(lines)
	var texts [][]string
	for _, b := range list {
		text := lines[b.first:b.last]
		switch b.lang {
		case "console":
			text = runBlock(t, name, b.first, dir, text)
		case "diff":
			applyDiff(t, name, b.first, dir, text)
		}
		texts = append(texts, text)
		if t.Failed() {
			return // what follows builds on this
		}
	}
	if testkit.Updating() {
		for i := len(list) - 1; i >= 0; i-- {
			updated = slices.Replace(updated, list[i].first, list[i].last, texts[i]...)
		}
		require.NoError(t, os.WriteFile(filepath.Join("..", "..", filepath.FromSlash(name)), []byte(strings.Join(updated, "\n")+"\n"), 0o666))
	}
}

// runBlock runs the commands of a block, and returns the block as it should be.
func runBlock(t *testing.T, name string, first int, dir string, text []string) []string {
	var got []string
	for i, line := range text {
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			require.NotZero(t, i, "%s:%d: a block of language console begins with a command", name, first+1)
			continue
		}
		out, err := shell(t, dir, command)
		require.NoError(t, err, "%s:%d: %s\n%s", name, first+i+1, command, out)
		got = append(got, line)
		if out != "" {
			got = append(got, strings.Split(strings.TrimSuffix(out, "\n"), "\n")...)
		}
	}
	if !testkit.Updating() {
		if diff := cmp.Diff(text, got); diff != "" {
			t.Errorf("%s:%d: it prints something else; go test ./cmd/dtafgen -update writes it (-want +got):\n%s", name, first+1, diff)
		}
	}
	return got
}

// applyDiff makes the changes of a diff whose lines each have to match once, from
// where the last one did: + adds a line, - removes one, @@ and a space find one.
func applyDiff(t *testing.T, name string, first int, dir string, text []string) {
	file, ok := strings.CutPrefix(text[0], "+++ ")
	require.True(t, ok, "%s:%d: a diff begins with +++ and a file", name, first+1)
	path := filepath.Join(dir, file)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	lines := strings.Split(string(data), "\n")
	at := 0
	for i, line := range text[1:] {
		find := func(want string) {
			n := slices.Index(lines[at:], want)
			require.GreaterOrEqual(t, n, 0, "%s:%d: %s has no more line %q", name, first+i+2, file, want)
			at += n
		}
		switch {
		case strings.HasPrefix(line, "@@ "):
			at = 0
			find(line[3:])
			at++
		case strings.HasPrefix(line, " "):
			find(line[1:])
			at++
		case strings.HasPrefix(line, "-"):
			find(line[1:])
			lines = slices.Delete(lines, at, at+1)
		case strings.HasPrefix(line, "+"):
			lines = slices.Insert(lines, at, line[1:])
			at++
		default:
			t.Fatalf("%s:%d: a line of a diff begins with @@, +, - or a space", name, first+i+2)
		}
	}
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o666))
}

// TestGuide runs docs/guide.md, with containers in the place of Cisco's.
func TestGuide(t *testing.T) {
	for _, tool := range []string{"sh", "unzip", "sha256sum"} {
		testkit.Tool(t, tool)
	}
	dir := t.TempDir()
	vendor := filepath.Join(dir, "vendor")
	require.NoError(t, os.Mkdir(vendor, 0o777))
	out, err := shell(t, vendor, "dtafgen build -q -o . --platform mobile,tablet && rm -r SHA256SUMS tagsets *.DTAF.zip")
	require.NoError(t, err, out)
	writeDesktop(t, filepath.Join(vendor, "ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip"))
	runDocument(t, "docs/guide.md", dir)
}

// writeDesktop writes the container of desktop archives for two releases, which know
// more than the catalogue does.
func writeDesktop(t *testing.T, path string) {
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "base", name))
		require.NoError(t, err)
		return data
	}
	const name, folder = "Business Communicator - PC", "type/Business Communicator - PC/"
	inner := zipped(t, []dtaf.File{
		{Name: "oci/" + name + ".oci", Data: read("manifest.oci")},
		{Name: folder + "config-wxt.xml.template", Data: read("config-wxt.xml.template")},
		{Name: folder + "config.xml.template", Data: []byte("<uc-one tag='%LEGACY_TAG%'/>\n")},
		{Name: folder + "ring.wav", Data: []byte("\xFF\x00RIFF")},
	})
	require.NoError(t, os.WriteFile(path, zipped(t, []dtaf.File{
		{Name: "Business_Communicator_-_PC(R23.0).DTAF.zip", Data: inner},
		{Name: "Business_Communicator_-_PC(R24.0).DTAF.zip", Data: inner},
	}), 0o666))
}

func zipped(t *testing.T, files []dtaf.File) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		e, err := w.Create(f.Name)
		require.NoError(t, err)
		_, err = e.Write(f.Data)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

// TestReadme runs the command lines that README.md shows: those of its blocks of
// language sh, and those of language console with what they print.
func TestReadme(t *testing.T) {
	testkit.Tool(t, "sh")
	lines := readLines(t, "README.md")
	ran := 0
	for _, b := range blocks(lines) {
		if b.lang != "sh" {
			continue
		}
		for i, line := range lines[b.first:b.last] {
			line, _, _ = strings.Cut(line, "#")
			line = strings.TrimSpace(line)
			switch {
			case line == "", strings.HasPrefix(line, "go test "):
				continue // this is one of the tests
			case strings.HasPrefix(line, "go install "):
				continue // it needs the network
			}
			line = strings.Replace(line, "go run ./cmd/dtafgen", "dtafgen", 1)
			require.True(t, strings.HasPrefix(line, "dtafgen "), "README.md:%d: %q is not run by this test", b.first+i+1, line)
			out, err := shell(t, t.TempDir(), line)
			assert.NoError(t, err, "README.md:%d: %s\n%s", b.first+i+1, line, out)
			ran++
		}
	}
	assert.NotZero(t, ran)
	dir := t.TempDir()
	for _, b := range blocks(lines) {
		if b.lang == "toml" { // the first is the project that the README talks of
			text := strings.Join(lines[b.first:b.last], "\n") + "\n"
			require.NoError(t, os.WriteFile(filepath.Join(dir, "dtafgen.toml"), []byte(text), 0o666))
			break
		}
	}
	runDocument(t, "README.md", dir)
}

// TestContract compares docs/contract.md with what the command does.
func TestContract(t *testing.T) {
	testkit.Tool(t, "sh")
	page := strings.Join(readLines(t, "docs/contract.md"), "\n")
	dir := t.TempDir()
	run := func(line string, status int) string {
		out, err := shell(t, dir, line+"; test $? = "+strconv.Itoa(status))
		require.NoError(t, err, "%s\n%s", line, out)
		return out
	}
	written := regexp.MustCompile(`(?m)^dist/(.*)$`).FindAllStringSubmatch(run("dtafgen build -q --platform desktop", 0), -1)
	assert.Len(t, written, 4)
	for _, name := range written {
		name := name[1]
		if strings.HasPrefix(name, "tagsets/") {
			name = "tagsets/<tag set>.oci"
		}
		assert.Contains(t, page, "| `"+name+"` |")
	}
	assert.Contains(t, page, "`"+strings.TrimSpace(run("dtafgen tags --format csv | head -n 1", 0))+"`")
	for _, project := range []string{"[tags]\nUSE_TLS_WXT = \"yes\"\nREMOTE = 1\n", "[desktop.tags]\nUSE_TLS_WXT = \"yes\"\n"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "dtafgen.toml"), []byte(project), 0o666))
		for _, field := range regexp.MustCompile(`(?m)^      "(\w+)":`).FindAllStringSubmatch(run("dtafgen check --format json", 1), -1) {
			assert.Contains(t, page, "`"+field[1]+"`")
		}
	}
	run("dtafgen build -q", 2)
	run("dtafgen tags -q > /dev/full", 2)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "dtafgen.toml"), nil, 0o666))
	run("dtafgen diff dtafgen.toml dtafgen.toml", 0)
	printed := run(`printf 'id,BWHOST-1\nalice,a.example\n' | dtafgen render -q --platform desktop --subscribers - -o -`, 1)
	assert.Contains(t, printed, `{"id":"alice","config":`)
}

// TestApplyDiff pins how documents are read.
func TestApplyDiff(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	require.NoError(t, os.WriteFile(path, []byte("[a]\nx = 1\n[b]\nx = 1\n"), 0o666))
	applyDiff(t, "test", 0, dir, []string{"+++ f", "@@ [b]", "-x = 1", "+x = 2", "+y = 3", "@@ [a]", " x = 1", "+z = 4"})
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "[a]\nx = 1\nz = 4\n[b]\nx = 2\ny = 3\n", string(data))
	assert.Equal(t, []block{{"sh", 1, 2}, {"", 4, 4}}, blocks([]string{"```sh", "x", "```", "```", "```"}))
	assert.Equal(t, []string{"$ echo a; echo b", "a", "b"}, runBlock(t, "test", 0, dir, []string{"$ echo a; echo b", "a", "b"}))
}
