package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/cli"
)

// asDtafgen has the test binary run as dtafgen.
const asDtafgen = "DTAFGEN_TEST_RUN"

func init() {
	if os.Getenv(asDtafgen) != "" {
		os.Exit(cli.Run(os.Args[1:], os.Stdout, os.Stderr))
	}
}

// feed writes subscribers: more than the pipe and the reader's buffers hold, so
// that some have been rendered when it returns.
func feed(t *testing.T, w io.Writer) {
	_, err := io.WriteString(w, "id,BWLINEPORT-1\n")
	require.NoError(t, err)
	for i := range 2000 {
		_, err = fmt.Fprintf(w, "user%d,%0200d\n", i, i)
		require.NoError(t, err)
	}
}

// TestEndedMidway ends a render in the middle, in ways that it can and can't
// react to: nothing that looks complete is left.
func TestEndedMidway(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("signals are sent otherwise there")
	}
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, os.Kill} {
		for _, output := range []string{"out", "out.zip"} {
			t.Run(fmt.Sprint(signal, " ", output), func(t *testing.T) {
				dir, elsewhere := t.TempDir(), t.TempDir()
				cmd := exec.Command(os.Args[0], "render", "--platform", "desktop", "--subscribers", "-", "-o", output)
				cmd.Dir = dir
				cmd.Env = append(os.Environ(), asDtafgen+"=1", "TMPDIR="+elsewhere)
				var stderr bytes.Buffer
				cmd.Stderr = &stderr
				in, err := cmd.StdinPipe()
				require.NoError(t, err)
				require.NoError(t, cmd.Start())
				feed(t, in)
				require.NoError(t, cmd.Process.Signal(signal))
				err = cmd.Wait()
				require.Error(t, err)

				others, err := os.ReadDir(elsewhere)
				require.NoError(t, err)
				assert.Empty(t, others, "what has passwords in it is beside its target")
				var left []string
				require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
					if info, _ := e.Info(); info.Mode().IsRegular() {
						assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), path)
					}
					if rel, _ := filepath.Rel(dir, path); rel != "." {
						left = append(left, strings.Split(rel, string(filepath.Separator))[0])
					}
					return err
				}))
				if signal == os.Kill {
					require.NotEmpty(t, left, "it had begun")
					for _, name := range left {
						assert.Regexp(t, `^\.out.*\.dtafgen-tmp$`, name)
					}
					return
				}
				assert.Empty(t, left)
				assert.Equal(t, 2, cmd.ProcessState.ExitCode())
				assert.Contains(t, stderr.String(), "dtafgen: interrupted: nothing was written\n")
			})
		}
	}
}

// TestInterruptedNDJSON checks that what was written before an interrupt are
// whole lines.
func TestInterruptedNDJSON(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("signals are sent otherwise there")
	}
	cmd := exec.Command(os.Args[0], "render", "--platform", "desktop", "--subscribers", "-", "-o", "-")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), asDtafgen+"=1")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	feed(t, in)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.Error(t, cmd.Wait())
	assert.Equal(t, 2, cmd.ProcessState.ExitCode())
	assert.Regexp(t, `dtafgen: interrupted after \d+ subscribers`, stderr.String())
	lines := strings.SplitAfter(stdout.String(), "\n")
	require.Greater(t, len(lines), 1)
	assert.Empty(t, lines[len(lines)-1], "the last line is whole")
}
