//go:build unix

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"html"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/hostile"
)

// Most that a command may take of any input of less than 10 MiB. It takes seconds;
// there is room for a slow machine that has other things to do.
const (
	maxMemory = 256 << 20
	maxTime   = 60 * time.Second
)

// binary is dtafgen that measures itself. It is built once, without what the tests
// are built with.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "dtafgen")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "dtafgen")
	out, err := exec.Command("go", "build", "-o", path, "../../internal/hostile/measured").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// An outcome is what a command did.
type outcome struct {
	status         int
	stdout, stderr string
	memory         int64 // the most that it had at once, in bytes; 0 if it is not known
}

func (o outcome) output() string { return o.stdout + o.stderr }

// checkBehaved checks that a command did not panic, and took little memory.
func (o outcome) checkBehaved(t *testing.T) {
	t.Helper()
	assert.NotContains(t, o.output(), "goroutine ")
	assert.Less(t, o.memory, int64(maxMemory))
}

// run runs dtafgen in dir, in a process of its own.
func run(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	path, err := binary()
	require.NoError(t, err)
	begun := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), maxTime)
	defer cancel()
	var stdout, stderr bytes.Buffer
	c := exec.CommandContext(ctx, path, args...)
	c.Dir, c.Stdout, c.Stderr = dir, &stdout, &stderr
	measured := filepath.Join(t.TempDir(), "measured")
	c.Env = append(os.Environ(), "MEASURED="+measured)
	err = c.Run()
	require.NoError(t, ctx.Err(), "dtafgen %v took more than %s", args, maxTime)
	if err != nil {
		require.IsType(t, &exec.ExitError{}, err)
	}
	o := outcome{status: c.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
	data, err := os.ReadFile(measured)
	require.NoError(t, err, "dtafgen did not end by itself: %s", o.output())
	o.memory, err = strconv.ParseInt(string(data), 10, 64)
	require.NoError(t, err)
	if runtime.GOOS == "linux" {
		require.Positive(t, o.memory)
	}
	if testing.Verbose() {
		t.Logf("%d MiB, %s", o.memory>>20, time.Since(begun).Round(time.Millisecond))
	}
	return o
}

// A taker is a command that takes an archive: the file archive.zip. Beside it are
// new.zip and mine.zip, which differ from it if it can be read, and a project file
// p.toml whose base it is, with the same of mine.zip in q.toml.
type taker struct {
	name   string
	args   []string
	status int // with an archive that is refused
}

// alike are commands that do with archives and projects what others do, and no more:
// those that take long are left to the others.
var alike = []string{"build inline", "check for SARIF", "unified diff", "oci import", "oci files", "oci overrides", "oci rebuild", "oci compare"}

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

// TestHostileInput runs every command that takes an archive with every hostile one:
// it is refused by name, without a panic, in seconds, in little memory, and nothing
// is written.
func TestHostileInput(t *testing.T) {
	try := func(in hostile.Input, c taker, dir string) {
		t.Run(c.name+"/"+in.Name, func(t *testing.T) {
			t.Parallel()
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
			if c.name != "upgrade of a project" { // which tells of the new one
				try(in, c, dir)
			}
		}
	}
}

// TestHeavyInput runs commands of every kind with archives that are barely within the
// limits, three platforms at once: each takes seconds, and little memory.
func TestHeavyInput(t *testing.T) {
	for _, in := range hostile.HeavyArchives() {
		require.Less(t, len(in.Old)+len(in.New)+len(in.Mine), 10<<20, in.Name)
		for _, c := range slices.Concat(takers, readers) {
			if slices.Contains(alike, c.name) {
				continue
			}
			t.Run(c.name+"/"+in.Name, func(t *testing.T) {
				t.Parallel()
				dir := folder(t, threeProject, in.Old, in.New, in.Mine)
				o := run(t, dir, c.args...)
				assert.Contains(t, []int{0, 1, 2}, o.status)
				o.checkBehaved(t)
				assert.NotRegexp(t, `expected at most (that many|\d+)`, o.output(), "it is within the limits")
			})
		}
	}
}

// TestHostileProjects runs the commands that take a project with hostile ones.
func TestHostileProjects(t *testing.T) {
	for _, in := range hostile.Projects() {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "p.toml"), in.Data, 0o600))
		for _, c := range takers {
			if strings.HasPrefix(c.name, "upgrade") || slices.Contains(alike, c.name) {
				continue // upgrade reads the archives first
			}
			t.Run(c.name+"/"+in.Name, func(t *testing.T) {
				t.Parallel()
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
	commands := map[string][][]string{
		".csv":    {{"render", "--platform", "desktop", "-o", "out", "--subscribers"}, {"render", "--platform", "desktop", "--check", "--subscribers"}},
		".ndjson": {{"render", "--platform", "desktop", "-o", "out.zip", "--subscribers"}},
		".toml":   {{"preview", "--platform", "desktop", "--subscriber"}, {"oci", "overrides", "-o", "out"}},
		".oci":    {{"oci", "compare", "--platform", "desktop"}, {"check"}},
	}
	for _, in := range hostile.Files() {
		require.Less(t, len(in.Data), 10<<20, in.Name)
		dir := folder(t, plainProject, hostile.Honest(), hostile.Honest(), hostile.Honest())
		require.NoError(t, os.WriteFile(filepath.Join(dir, in.Name), in.Data, 0o600))
		for _, args := range commands[filepath.Ext(in.Name)] {
			t.Run(args[0]+"/"+in.Name, func(t *testing.T) {
				t.Parallel()
				o := run(t, dir, append(args[:len(args):len(args)], in.Name)...)
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
		o := run(t, dir, "check", "-f", special)
		assert.Equal(t, 2, o.status, special)
		assert.Contains(t, o.stderr, special)
		base := filepath.Join(dir, "p.toml")
		require.NoError(t, os.WriteFile(base, []byte("[desktop]\nbase = \""+special+"\"\n"), 0o600))
		o = run(t, dir, "check", "-f", base)
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
			o := run(t, dir, args...)
			assert.Equal(t, 2, o.status, args)
			assert.Contains(t, o.stderr, special, args)
			assert.Less(t, o.memory, int64(maxMemory), args)
			assert.NoDirExists(t, filepath.Join(dir, "out"))
		}
	}
}

// sums returns the SHA-256 sums of the files below dir, by name.
func sums(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[name] = fmt.Sprintf("%x", sha256.Sum256(data))
		return err
	})
	if !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	return all
}

// versions writes two projects that make files of the same names, and returns the
// sums of each one's files.
func versions(t *testing.T, dir string) (names []string, want []map[string]string) {
	t.Helper()
	for i, address := range []string{"one.example", "two.example"} {
		name := fmt.Sprintf("%d.toml", i)
		text := fmt.Sprintf("[access]\nhost = %q\n[tags]\nSBC_ADDRESS_WXT = %q\n", "x."+address, address)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
		out := fmt.Sprintf("want%d", i)
		o := run(t, dir, "build", "-f", name, "-o", out)
		require.Zero(t, o.status, o.stderr)
		names, want = append(names, name), append(want, sums(t, filepath.Join(dir, out)))
	}
	require.Greater(t, len(want[0]), 4)
	require.Len(t, want[1], len(want[0]))
	return names, want
}

// TestKilledBuild kills builds at random: whatever has a final name is whole.
func TestKilledBuild(t *testing.T) {
	dir := t.TempDir()
	projects, want := versions(t, dir)
	path, err := binary()
	require.NoError(t, err)
	begun := time.Now()
	require.Zero(t, run(t, dir, "build", "-f", projects[0], "-o", "out").status)
	usual := time.Since(begun)
	for i := range 40 {
		c := exec.Command(path, "build", "-f", projects[i%2], "-o", "out")
		c.Dir = dir
		require.NoError(t, c.Start())
		time.Sleep(rand.N(usual + usual/4))
		c.Process.Kill()
		c.Wait()
		for name, sum := range sums(t, filepath.Join(dir, "out")) {
			if !strings.HasSuffix(name, ".dtafgen-tmp") {
				require.Contains(t, []string{want[0][name], want[1][name]}, sum, "%s is not whole", name)
			}
		}
	}
	require.Zero(t, run(t, dir, "build", "-f", projects[1], "-o", "out").status)
	assert.Equal(t, want[1], sums(t, filepath.Join(dir, "out")), "all is there, and nothing else")
}

// TestTwoBuilds lets builds of two projects write into one folder at once.
func TestTwoBuilds(t *testing.T) {
	dir := t.TempDir()
	projects, want := versions(t, dir)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() { assert.Zero(t, run(t, dir, "build", "-f", projects[i%2], "-o", "out").status) })
	}
	wg.Wait()
	got := sums(t, filepath.Join(dir, "out"))
	assert.Len(t, got, len(want[0]))
	for name, sum := range got {
		assert.Contains(t, []string{want[0][name], want[1][name]}, sum, "%s is not whole", name)
	}
}

// TestFullDisk builds where files can't be longer than some kilobytes.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	projects, want := versions(t, dir)
	require.Zero(t, run(t, dir, "build", "-f", projects[0], "-o", "out").status)
	path, err := binary()
	require.NoError(t, err)
	refused := 0
	for _, blocks := range []int{0, 1, 2, 4, 8, 16, 32} { // of 512 bytes
		c := exec.Command("sh", "-c", fmt.Sprintf("ulimit -f %d; exec %q build -f %s -o out", blocks, path, projects[1]))
		c.Dir = dir
		// Standard error is a pipe, which has no limit.
		out, err := c.CombinedOutput()
		got := sums(t, filepath.Join(dir, "out"))
		for name, sum := range got {
			require.Contains(t, []string{want[0][name], want[1][name]}, sum, "%s is not whole", name)
		}
		if err != nil {
			refused++
			require.Equal(t, 2, c.ProcessState.ExitCode(), "%s", out)
			require.Contains(t, string(out), "file too large")
			require.Equal(t, want[0]["SHA256SUMS"], got["SHA256SUMS"], "the sums come last")
		}
	}
	assert.Positive(t, refused)
	require.Zero(t, run(t, dir, "build", "-f", projects[1], "-o", "out").status)
	assert.Equal(t, want[1], sums(t, filepath.Join(dir, "out")))
}

// TestFullOutput writes results to where nothing can be written.
func TestFullOutput(t *testing.T) {
	path, err := binary()
	require.NoError(t, err)
	for _, args := range [][]string{{"tags"}, {"tags", "--format", "json"}, {"check"}, {"check", "--format", "json"}, {"version"}, {"build"}} {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip("there is no /dev/full")
		}
		defer full.Close()
		var stderr bytes.Buffer
		c := exec.Command(path, args...)
		c.Dir, c.Stdout, c.Stderr = t.TempDir(), full, &stderr
		require.Error(t, c.Run(), args)
		assert.Equal(t, 2, c.ProcessState.ExitCode(), args)
		assert.Contains(t, stderr.String(), "no space left on device", args)
	}
}

// TestInTheWay puts something in the way of a file.
func TestInTheWay(t *testing.T) {
	dir := t.TempDir()
	projects, want := versions(t, dir)
	for name := range want[0] {
		out := "way-" + strings.ReplaceAll(name, "/", "-")
		require.NoError(t, os.MkdirAll(filepath.Join(dir, out, name), 0o700))
		o := run(t, dir, "build", "-f", projects[0], "-o", out)
		assert.Equal(t, 2, o.status)
		assert.Contains(t, o.stderr, "in the way")
		assert.Contains(t, o.stderr, filepath.Base(name))
		assert.NoFileExists(t, filepath.Join(dir, out, "SHA256SUMS"))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	o := run(t, dir, "build", "-f", projects[0], "-o", "file")
	assert.Equal(t, 2, o.status)
}
