// Package testkit holds what the tests of several packages share.
package testkit

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Golden compares got with the file testdata/name, or writes the file where the
// tests run with -update.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o666))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run the tests with -update to write it")
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}

// Shared returns the path of name in the folder "shared" beside the module: the
// facts, samples and schema that the project is checked against. The test is
// skipped where the folder is not there.
func Shared(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		require.NotEqual(t, dir, parent, "no go.mod above the test")
		dir = parent
	}
	shared := filepath.Join(filepath.Dir(dir), "shared")
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("%s is absent: nothing to compare with", shared)
	}
	return filepath.Join(shared, filepath.FromSlash(name))
}

// Tool returns the path of a program that the test runs. Where the program is
// missing the test is skipped, but for continuous integration (CI is set), where
// it fails: .ci/run installs what the tests need.
func Tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is missing: .ci/run has to install it", name)
		}
		t.Skipf("%s is missing", name)
	}
	return path
}

// Oracle returns the path of a program that judges what we do. As it takes long, the
// test is skipped unless the tests run with the build tag long.
func Oracle(t testing.TB, name string) string {
	t.Helper()
	OnlyLong(t)
	return Tool(t, name)
}

// Updating reports whether the tests run with -update: they write what is expected
// then, and do not compare with it.
func Updating() bool { return *update }

// OnlyLong skips the test unless the tests run with the build tag long.
func OnlyLong(t testing.TB) {
	t.Helper()
	if !Long {
		t.Skip("it takes long: go test -tags long runs it")
	}
}

// Costly skips a test under the race detector: one that costs much, which it makes ten
// times as much, and that shares nothing between goroutines. CI runs it without the
// detector, too.
func Costly(t testing.TB) {
	t.Helper()
	if Race {
		t.Skip("the race detector looks on: go test runs it without")
	}
}

// Upto returns how often a test tries something: often with the build tag long, and
// a few times without it.
func Upto(few, often int) int {
	if Long {
		return often
	}
	return few
}
