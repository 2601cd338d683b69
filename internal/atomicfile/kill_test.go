package atomicfile

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// childEnv names the folder that a child process writes to.
const childEnv = "DTAFGEN_ATOMICFILE_CHILD"

// TestMain lets the test binary be the process that is killed: it writes the two
// versions in turn until then.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		fmt.Println("writing")
		for i := 0; ; i++ {
			if err := WriteAll(dir, bulky(i%2), 0o666); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
	}
	os.Exit(m.Run())
}

// bulky is the files of a version that take a while to write.
func bulky(version int) []Content {
	fill := func(size int) []byte { return slices.Repeat([]byte{'1' + byte(version)}, size) }
	return []Content{{Name: "a", Data: fill(1 << 20)}, {Name: "sub/b", Data: fill(1 << 18)}, {Name: "SUMS", Data: fill(100)}}
}

// inspectBulky checks that each file that is there is whole.
func inspectBulky(t *testing.T, dir string) {
	t.Helper()
	for i, f := range bulky(0) {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Name)))
		if os.IsNotExist(err) {
			continue
		}
		require.NoError(t, err)
		if string(data) != string(f.Data) && string(data) != string(bulky(1)[i].Data) {
			t.Fatalf("%s is not whole: it has %d bytes", f.Name, len(data))
		}
	}
}

func temps(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{".*" + Suffix, "sub/.*" + Suffix} {
		list, err := filepath.Glob(filepath.Join(dir, pattern))
		require.NoError(t, err)
		all = append(all, list...)
	}
	return all
}

// TestKilled kills processes that write, two at once into one folder, at random
// moments. What has a final name is whole, and a run after the bound leaves nothing
// behind.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	left := 0
	for range 15 {
		var children []*exec.Cmd
		for range 2 {
			c := exec.Command(os.Args[0])
			c.Env = append(os.Environ(), childEnv+"="+dir)
			out, err := c.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, c.Start())
			_, err = out.Read(make([]byte, 1)) // it has started, however slow the machine is
			require.NoError(t, err)
			children = append(children, c)
		}
		time.Sleep(rand.N(60 * time.Millisecond))
		for _, c := range children {
			require.NoError(t, c.Process.Kill())
		}
		for _, c := range children {
			err := c.Wait()
			require.Error(t, err)
			require.Negative(t, c.ProcessState.ExitCode(), "it ended before it was killed")
		}
		inspectBulky(t, dir)
		left += len(temps(t, dir))
	}
	require.Positive(t, left, "no process was killed while it wrote")
	age(t, dir)
	require.NoError(t, WriteAll(dir, bulky(0), 0o666))
	inspectBulky(t, dir)
	assert.Empty(t, temps(t, dir))
}

// TestTwoAtOnce writes two versions into one folder from many goroutines: nobody
// takes the temporary files of the others for leftovers.
func TestTwoAtOnce(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	errs := make(chan error, 1000)
	for i := range 8 {
		wg.Go(func() {
			for range 10 {
				errs <- WriteAll(dir, bulky(i%2), 0o666)
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	inspectBulky(t, dir)
	assert.Empty(t, temps(t, dir))
}
