//go:build unix

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/atomicfile"
	"github.com/dtafgen/wxt/internal/cli"
	"github.com/dtafgen/wxt/internal/testkit"
)

// Most that a command may take of any input of less than 10 MiB. It takes seconds;
// there is room for a slow machine that has other things to do.
const (
	maxMemory = 256 << 20
	maxTime   = 60 * time.Second
)

// home is the folder of this package; tests that run commands here leave it.
var home, _ = os.Getwd()

// binary is dtafgen that measures itself. It is built once, without what the tests
// are built with.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "dtafgen")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "dtafgen")
	c := exec.Command("go", "build", "-o", path, "../../internal/hostile/measured")
	c.Dir = home
	out, err := c.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// An outcome is what a command did.
type outcome struct {
	status         int
	stdout, stderr string
	time           time.Duration // of a process
	memory         int64         // the most that it had at once, in bytes; 0 if it is not known, or the test's own process
}

func (o outcome) output() string { return o.stdout + o.stderr }

// checkBehaved checks that a command did not panic, and took little memory.
func (o outcome) checkBehaved(t *testing.T) {
	t.Helper()
	assert.NotContains(t, o.output(), "goroutine ")
	assert.Less(t, o.memory, int64(maxMemory))
}

// runHere runs dtafgen in dir, in the process of the test.
func runHere(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	t.Chdir(dir)
	var stdout, stderr bytes.Buffer
	status := cli.Run(args, &stdout, &stderr)
	return outcome{status: status, stdout: stdout.String(), stderr: stderr.String()}
}

// run runs dtafgen in dir, in a process of its own: for what only a process shows.
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
	o := outcome{status: c.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String(), time: time.Since(begun)}
	data, err := os.ReadFile(measured)
	require.NoError(t, err, "dtafgen did not end by itself: %s", o.output())
	o.memory, err = strconv.ParseInt(string(data), 10, 64)
	require.NoError(t, err)
	if runtime.GOOS == "linux" {
		require.Positive(t, o.memory)
	}
	if testing.Verbose() {
		t.Logf("%d MiB, %s", o.memory>>20, o.time.Round(time.Millisecond))
	}
	return o
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
		o := runHere(t, dir, "build", "-f", name, "-o", out)
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
	for i := range testkit.Upto(8, 40) {
		c := exec.Command(path, "build", "-f", projects[i%2], "-o", "out")
		c.Dir = dir
		require.NoError(t, c.Start())
		time.Sleep(rand.N(usual + usual/4))
		c.Process.Kill()
		c.Wait()
		for name, sum := range sums(t, filepath.Join(dir, "out")) {
			if !strings.HasSuffix(name, atomicfile.Suffix) {
				require.Contains(t, []string{want[0][name], want[1][name]}, sum, "%s is not whole", name)
			}
		}
	}
	old := time.Now().Add(-2 * atomicfile.LeftAfter)
	for name := range sums(t, filepath.Join(dir, "out")) {
		if strings.HasSuffix(name, atomicfile.Suffix) {
			require.NoError(t, os.Chtimes(filepath.Join(dir, "out", name), old, old))
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
		if err != nil {
			refused++
			require.Equal(t, 2, c.ProcessState.ExitCode(), "%s", out)
			require.Contains(t, string(out), "file too large")
			require.Equal(t, want[0], sums(t, filepath.Join(dir, "out")), "nothing is new, and nothing is left over")
		}
	}
	assert.Positive(t, refused)
	for _, args := range []string{"oci tagset", "man"} {
		c := exec.Command("sh", "-c", fmt.Sprintf("ulimit -f 4; exec %q %s -o other", path, args))
		c.Dir = dir
		out, err := c.CombinedOutput()
		require.Error(t, err, args)
		require.Contains(t, string(out), "file too large", args)
		require.Empty(t, sums(t, filepath.Join(dir, "other")), args)
	}
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
		o := runHere(t, dir, "build", "-f", projects[0], "-o", out)
		assert.Equal(t, 2, o.status)
		assert.Contains(t, o.stderr, "in the way")
		assert.Contains(t, o.stderr, filepath.Base(name))
		assert.NoFileExists(t, filepath.Join(dir, out, "SHA256SUMS"))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	o := runHere(t, dir, "build", "-f", projects[0], "-o", "file")
	assert.Equal(t, 2, o.status)

	// A link in the place of one of the files: nothing else is written.
	for _, c := range []struct {
		name string
		args []string
	}{
		{"SHA256SUMS", []string{"build", "-f", projects[0]}},
		{"02-tagset-BroadTouch_Tags.xml", []string{"oci", "tagset", "-f", projects[0]}},
		{"dtafgen-version.1", []string{"man"}},
	} {
		require.Zero(t, runHere(t, dir, append(c.args, "-o", "well")...).status, c.args)
		require.FileExists(t, filepath.Join(dir, "well", c.name))
		out := "link-" + c.name
		require.NoError(t, os.Mkdir(filepath.Join(dir, out), 0o700))
		require.NoError(t, os.Symlink(filepath.Join(dir, "file"), filepath.Join(dir, out, c.name)))
		o := runHere(t, dir, append(c.args, "-o", out)...)
		assert.Equal(t, 2, o.status, c.args)
		assert.Contains(t, o.stderr, "in the way", c.args)
		assert.Len(t, sums(t, filepath.Join(dir, out)), 1, "%s: more than the link is there", c.args)
	}
}
