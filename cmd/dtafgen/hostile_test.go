//go:build unix

package main

import (
	"cmp"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/hostile"
	"github.com/dtafgen/wxt/internal/testkit"
)

// The tests below give every hostile input to the code that all commands read it
// with, by a command that runs in the test's own process; and one that costs much
// to every command, in a process whose memory is measured. With the build tag long
// every command gets every input, in a process.

// runner returns how a command is run: in a process or here, or nil for not at all.
func runner(process, here bool) func(*testing.T, string, ...string) outcome {
	switch {
	case testkit.Long || process:
		return run
	case here:
		return runHere
	}
	return nil
}

// A taker is a command that takes an archive: the file archive.zip. Beside it are
// new.zip and mine.zip, which differ from it if it can be read, and a project file
// p.toml whose base it is, with the same of mine.zip in q.toml.
type taker struct {
	name   string
	args   []string
	status int // with an archive that is refused
}

// alike are commands that do with projects what others do, and no more.
var alike = []string{"build inline", "check for SARIF", "oci import", "oci files", "oci overrides", "oci rebuild", "oci compare"}

// takers are the commands that take a project. A new one has a line here.
var takers = []taker{
	{"build", []string{"build", "-f", "p.toml", "-o", "out"}, 2},
	{"build inline", []string{"build", "-f", "p.toml", "-o", "out", "--mode", "inline"}, 2},
	{"check", []string{"check", "-f", "p.toml"}, 1},
	{"check for SARIF", []string{"check", "-f", "p.toml", "--format", "sarif"}, 1},
	{"preview", []string{"preview", "-f", "p.toml", "--platform", "desktop"}, 2},
	{"render", []string{"render", "-f", "p.toml", "--platform", "desktop", "--subscribers", "list.csv", "-o", "out"}, 2},
	{"report", []string{"report", "-f", "p.toml", "--against", "q.toml", "-o", "report.html"}, 0}, // which has it on its page
	{"requirements", []string{"requirements", "-f", "p.toml"}, 1},
	{"oci tagset", []string{"oci", "tagset", "-f", "p.toml", "--from", "q.toml", "-o", "out"}, 2},
	{"oci import", []string{"oci", "import", "-f", "p.toml", "-o", "out", "--url", "http://x.example/"}, 2},
	{"oci files", []string{"oci", "files", "-f", "p.toml", "-o", "out"}, 2},
	{"oci overrides", []string{"oci", "overrides", "overrides.toml", "-f", "p.toml", "-o", "out"}, 2},
	{"oci rebuild", []string{"oci", "rebuild", "-f", "p.toml", "-o", "out"}, 2},
	{"oci compare", []string{"oci", "compare", "-f", "p.toml", "--platform", "desktop", "response.oci"}, 2},
	{"upgrade of a project", []string{"upgrade", "--old", "archive.zip", "--new", "new.zip", "-f", "p.toml", "--platform", "desktop", "-o", "out"}, 2},
}

// readers are the commands that read archives without a project.
var readers = []taker{
	{"check of the archive", []string{"check", "archive.zip"}, 1},
	{"inspect", []string{"inspect", "archive.zip"}, 2},
	{"diff", []string{"diff", "archive.zip", "new.zip"}, 2},
	{"unified diff", []string{"diff", "--unified", "archive.zip", "new.zip"}, 2},
	{"edits", []string{"edits", "--platform", "desktop", "archive.zip", "mine.zip"}, 2},
	{"upgrade", []string{"upgrade", "--old", "archive.zip", "--new", "new.zip", "--mine", "mine.zip", "-o", "out"}, 2},
	{"init", []string{"init", "--from", "archive.zip", "out"}, 2},
}

// formats are other formats of what readers print.
var formats = []taker{
	{"check of the archive as JSON", []string{"check", "archive.zip", "--format", "json"}, 1},
	{"inspect as JSON", []string{"inspect", "archive.zip", "--format", "json"}, 2},
	{"diff as JSON", []string{"diff", "archive.zip", "new.zip", "--format", "json"}, 2},
	{"tags of the archive", []string{"tags", "--from", "archive.zip"}, 2},
	{"tags of the archive as JSON", []string{"tags", "--from", "archive.zip", "--format", "json"}, 2},
	{"upgrade as JSON", []string{"upgrade", "--old", "archive.zip", "--new", "new.zip", "--mine", "mine.zip", "-o", "out", "--format", "json"}, 2},
}

const (
	plainProject = "[desktop]\nbase = \"archive.zip\"\n[mobile]\nenabled = false\n[tablet]\nenabled = false\n"
	threeProject = "[desktop]\nbase = \"archive.zip\"\n[mobile]\nbase = \"archive.zip\"\ndevice_type = \"M\"\n[tablet]\nbase = \"archive.zip\"\ndevice_type = \"T\"\n"
)

// folder makes a folder with three versions of an archive, a project, and what
// else the commands take.
func folder(t *testing.T, project string, archive, next, mine []byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"archive.zip": archive, "new.zip": next, "mine.zip": mine,
		"p.toml": []byte(project), "q.toml": []byte(strings.ReplaceAll(project, "archive.zip", "mine.zip")),
		"list.csv":       []byte("id,BWLINEPORT-1\na,b\n"),
		"overrides.toml": []byte("[[group]]\nservice_provider = \"p\"\nid = \"g\"\nplatform = \"desktop\"\n[group.tags]\nSBC_ADDRESS_WXT = \"x.example\"\n"),
		"response.oci": []byte(`<?xml version="1.0"?><BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
			`<command xmlns="" xsi:type="SystemDeviceManagementTagGetListResponse"><tagsTable><colHeading>Tag Name</colHeading><colHeading>Tag Value</colHeading></tagsTable></command></BroadsoftDocument>`),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	return dir
}

// TestHostileInput runs the commands that take archives with hostile ones: they are
// refused by name, without a panic, in seconds, in little memory, and nothing is
// written.
func TestHostileInput(t *testing.T) {
	testkit.Costly(t)
	try := func(in hostile.Input, c taker, dir string) {
		run := runner(in.Name == "bomb", c.name == "check" || c.name == "inspect")
		if run == nil {
			return
		}
		t.Run(c.name+"/"+in.Name, func(t *testing.T) {
			o := run(t, dir, c.args...)
			assert.Equal(t, c.status, o.status, o.output())
			output := o.output()
			if page := filepath.Join(dir, "report.html"); c.name == "report" {
				data, err := os.ReadFile(page)
				require.NoError(t, err)
				output = html.UnescapeString(string(data))
			}
			output = strings.ReplaceAll(output, `\"`, `"`)
			assert.Contains(t, strings.ReplaceAll(output, `\\`, `\`), in.Want)
			assert.Contains(t, output, "archive.zip")
			assert.NotContains(t, output, "goroutine ")
			o.checkBehaved(t)
			assert.NoDirExists(t, filepath.Join(dir, "out"))
		})
	}
	for _, in := range hostile.Archives() {
		require.Less(t, len(in.Data), 10<<20, in.Name)
		dir := folder(t, plainProject, in.Data, hostile.Honest(), hostile.Honest())
		for _, c := range slices.Concat(takers, readers) {
			try(in, c, dir)
		}
	}
	for _, in := range hostile.NoBases() {
		dir := folder(t, plainProject, in.Data, hostile.Honest(), hostile.Honest())
		for _, c := range takers {
			if c.name != "upgrade of a project" { // which names the new one
				try(in, c, dir)
			}
		}
	}
}

// TestHeavyInput runs commands of every kind with archives that are barely within the
// limits, three platforms at once: each takes seconds, and little memory.
func TestHeavyInput(t *testing.T) {
	costs := make(map[string][]cost)
	for _, in := range hostile.HeavyArchives() {
		require.Less(t, len(in.Old)+len(in.New)+len(in.Mine), 10<<20, in.Name)
		for _, c := range slices.Concat(takers, readers, formats) {
			most := in.Name == "many-secrets" && c.name == "report" || in.Name == "large" && c.name == "build"
			if !testkit.Long && !most {
				continue
			}
			t.Run(c.name+"/"+in.Name, func(t *testing.T) {
				if !testkit.Updating() {
					t.Parallel()
				}
				dir := folder(t, threeProject, in.Old, in.New, in.Mine)
				o := run(t, dir, c.args...)
				if testkit.Updating() { // one after the other
					if o.time > 2*time.Second { // the better of two, since something else may have run
						again := run(t, folder(t, threeProject, in.Old, in.New, in.Mine), c.args...)
						o.time, o.memory = min(o.time, again.time), max(o.memory, again.memory)
					}
					costs[c.name] = append(costs[c.name], cost{in.Name, o.time, o.memory})
				}
				assert.Contains(t, []int{0, 1, 2}, o.status)
				o.checkBehaved(t)
				if c.name != "edits" { // which may be too many
					assert.NotRegexp(t, `expected at most (that many|\d+)`, o.output(), "it is within the limits")
				}
			})
		}
	}
	if testkit.Long && testkit.Updating() {
		writeCosts(t, costs)
	}
}

// A cost is what an input took of a command.
type cost struct {
	input  string
	time   time.Duration
	memory int64
}

// writeCosts writes the table of docs/reliability.md: for each command the input that
// took longest, and the one that took the most memory.
func writeCosts(t *testing.T, costs map[string][]cost) {
	var table strings.Builder
	fmt.Fprintf(&table, "Measured with %d cores.\n\n| command | seconds | with | MiB | with |\n| --- | --: | --- | --: | --- |\n", runtime.GOMAXPROCS(0))
	for _, c := range slices.Concat(takers, readers, formats) {
		if len(costs[c.name]) == 0 {
			continue
		}
		slow := slices.MaxFunc(costs[c.name], func(a, b cost) int { return cmp.Compare(a.time, b.time) })
		large := slices.MaxFunc(costs[c.name], func(a, b cost) int { return cmp.Compare(a.memory, b.memory) })
		fmt.Fprintf(&table, "| %s | %.1f | %s | %d | %s |\n", c.name, slow.time.Seconds(), slow.input, large.memory>>20, large.input)
	}
	path := filepath.Join("..", "..", "docs", "reliability.md")
	page, err := os.ReadFile(path)
	require.NoError(t, err)
	const begin, end = "<!-- what the commands take -->\n", "<!-- end of what the commands take -->\n"
	before, rest, ok := strings.Cut(string(page), begin)
	require.True(t, ok)
	_, after, ok := strings.Cut(rest, end)
	require.True(t, ok)
	require.NoError(t, os.WriteFile(path, []byte(before+begin+"\n"+table.String()+"\n"+end+after), 0o666))
}

// TestHostileProjects runs the commands that take a project with hostile ones.
func TestHostileProjects(t *testing.T) {
	testkit.Costly(t)
	for _, in := range hostile.Projects() {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "p.toml"), in.Data, 0o600))
		for _, c := range takers {
			run := runner(in.Name == "declarations", c.name == "check")
			if run == nil || strings.HasPrefix(c.name, "upgrade") || slices.Contains(alike, c.name) {
				continue // upgrade reads the archives first
			}
			t.Run(c.name+"/"+in.Name, func(t *testing.T) {
				o := run(t, dir, c.args...)
				assert.Contains(t, []int{1, 2}, o.status)
				assert.Contains(t, o.output(), in.Want)
				assert.Contains(t, o.output(), "p.toml")
				o.checkBehaved(t)
				assert.NoDirExists(t, filepath.Join(dir, "out"))
				assert.NoFileExists(t, filepath.Join(dir, "report.html"))
			})
		}
	}
}

// TestHostileFiles runs the commands that take files of other kinds with hostile
// ones.
func TestHostileFiles(t *testing.T) {
	testkit.Costly(t)
	commands := map[string][][]string{
		".csv":    {{"render", "--platform", "desktop", "-o", "out", "--subscribers"}, {"render", "--platform", "desktop", "--check", "--subscribers"}},
		".ndjson": {{"render", "--platform", "desktop", "-o", "out.zip", "--subscribers"}},
		".toml":   {{"preview", "--platform", "desktop", "--subscriber"}, {"oci", "overrides", "-o", "out"}},
		".oci":    {{"oci", "compare", "--platform", "desktop"}, {"check"}},
	}
	costly := []string{"columns.csv", "value.ndjson", "keys.toml", "elements.oci"}
	for _, in := range hostile.Files() {
		require.Less(t, len(in.Data), 10<<20, in.Name)
		dir := folder(t, plainProject, hostile.Honest(), hostile.Honest(), hostile.Honest())
		require.NoError(t, os.WriteFile(filepath.Join(dir, in.Name), in.Data, 0o600))
		for _, args := range commands[filepath.Ext(in.Name)] {
			t.Run(args[0]+"/"+in.Name, func(t *testing.T) {
				o := runner(slices.Contains(costly, in.Name), true)(t, dir, append(args[:len(args):len(args)], in.Name)...)
				assert.Contains(t, []int{1, 2}, o.status)
				assert.Contains(t, o.output(), in.Want)
				assert.Contains(t, o.output(), in.Name)
				o.checkBehaved(t)
				assert.NoDirExists(t, filepath.Join(dir, "out"))
				assert.NoFileExists(t, filepath.Join(dir, "out.zip"))
			})
		}
	}
}

// TestSpecialFiles gives the commands files that are none.
func TestSpecialFiles(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink("/dev/zero", link))
	for _, special := range []string{pipe, link, "/dev/zero", "/dev/stdin", dir, "/proc/self/mem"} {
		run := runner(special == "/dev/zero", true)
		if special != dir { // a folder stands for its projects
			o := run(t, dir, "check", "-f", special)
			assert.Equal(t, 2, o.status, special)
			assert.Contains(t, o.stderr, special)
			if special == pipe {
				assert.Contains(t, o.stderr, "it is a named pipe")
			}
		}
		base := filepath.Join(dir, "p.toml")
		require.NoError(t, os.WriteFile(base, []byte("[desktop]\nbase = \""+special+"\"\n"), 0o600))
		o := run(t, dir, "check", "-f", base)
		assert.Equal(t, 1, o.status, special)
		assert.Contains(t, o.stdout, special)
		assert.Contains(t, o.stdout, "WXT040")
		if special == pipe || special == "/dev/stdin" {
			continue // which a shell's <(command) is for some commands
		}
		for _, args := range [][]string{
			{"check", special},
			{"inspect", special},
			{"diff", special, special},
			{"edits", "--platform", "desktop", special, special},
			{"upgrade", "--old", special, "--new", special, "--mine", special, "-o", "out"},
			{"init", "--from", special, "out"},
			{"preview", "--platform", "desktop", "--subscriber", special},
			{"render", "--platform", "desktop", "--subscribers", special, "-o", "out"},
			{"report", "-f", special, "-o", "out/report.html"},
			{"oci", "overrides", special, "-o", "out"},
			{"oci", "compare", "--platform", "desktop", special},
		} {
			if special == dir && (args[0] == "check" || args[0] == "report") {
				continue // they read folders
			}
			o := run(t, dir, args...)
			assert.Equal(t, 2, o.status, args)
			assert.Contains(t, o.stderr, special, args)
			assert.Less(t, o.memory, int64(maxMemory), args)
			assert.NoDirExists(t, filepath.Join(dir, "out"))
		}
	}
}
