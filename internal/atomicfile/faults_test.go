package atomicfile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var errInjected = errors.New("injected")

// faulty is a file system whose operations fail from one on: that one alone, or
// all behind it too, as when a disk is gone.
type faulty struct {
	system
	failAt  int // the operation to fail, from 0
	forever bool
	done    int
	log     []string

	room    int // bytes that files can take in all
	limited bool
}

func (f *faulty) fail(op string) error {
	n := f.done
	f.done++
	f.log = append(f.log, op)
	if n == f.failAt || f.forever && n > f.failAt {
		return &fs.PathError{Op: op, Path: "x", Err: errInjected}
	}
	return nil
}

func (f *faulty) MkdirAll(dir string, perm fs.FileMode) error {
	return errors.Join(f.fail("mkdir"), f.system.MkdirAll(dir, perm))
}

func (f *faulty) Lstat(path string) (fs.FileInfo, error) {
	if err := f.fail("lstat"); err != nil {
		return nil, err
	}
	return f.system.Lstat(path)
}

func (f *faulty) ReadDir(dir string) ([]fs.DirEntry, error) {
	if err := f.fail("readdir"); err != nil {
		return nil, err
	}
	return f.system.ReadDir(dir)
}

func (f *faulty) Create(path string, perm fs.FileMode) (file, error) {
	if err := f.fail("create"); err != nil {
		return nil, err
	}
	return f.wrap(f.system.Create(path, perm))
}

func (f *faulty) Rename(from, to string) error {
	if err := f.fail("rename"); err != nil {
		return err
	}
	return f.system.Rename(from, to)
}

func (f *faulty) Remove(path string) error {
	if err := f.fail("remove"); err != nil {
		return err
	}
	return f.system.Remove(path)
}

func (f *faulty) RemoveAll(path string) error {
	if err := f.fail("removeall"); err != nil {
		return err
	}
	return f.system.RemoveAll(path)
}

func (f *faulty) Mkdir(path string, perm fs.FileMode) error {
	if err := f.fail("mkdir"); err != nil {
		return err
	}
	return f.system.Mkdir(path, perm)
}

func (f *faulty) SyncDir(dir string) error {
	if err := f.fail("syncdir"); err != nil {
		return err
	}
	return f.system.SyncDir(dir)
}

func (f *faulty) wrap(inner file, err error) (file, error) {
	if err != nil {
		return nil, err
	}
	return &faultyFile{inner, f}, nil
}

type faultyFile struct {
	file
	on *faulty
}

func (f *faultyFile) Write(b []byte) (int, error) {
	if err := f.on.fail("write"); err != nil {
		return 0, err
	}
	if f.on.limited && len(b) > f.on.room {
		n, err := f.file.Write(b[:f.on.room])
		f.on.room = 0
		return n, errors.Join(err, errInjected)
	}
	f.on.room -= len(b)
	return f.file.Write(b)
}

func (f *faultyFile) Sync() error {
	if err := f.on.fail("sync"); err != nil {
		return err
	}
	return f.file.Sync()
}

// Close closes the file in any case, as close(2) does.
func (f *faultyFile) Close() error { return errors.Join(f.on.fail("close"), f.file.Close()) }

// never is no operation: nothing fails.
const never = 1 << 30

// set is the files of one version of a bundle. The sums come last.
func set(version string) []Content {
	return []Content{
		{Name: "a.zip", Data: []byte(strings.Repeat(version, 30))},
		{Name: "tagsets/b.oci", Data: []byte(strings.Repeat(version, 20))},
		{Name: "SUMS", Data: []byte("sums of " + version)},
	}
}

// begin makes a folder with the files of version 1, and a leftover.
func begin(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, WriteAll(dir, set("1"), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".a.zip.0123abcd"+Suffix), []byte("half"), 0o600))
	age(t, dir)
	return dir
}

// age makes all temporary files and folders below dir old enough to be leftovers.
func age(t *testing.T, dir string) {
	t.Helper()
	old := time.Now().Add(-2 * LeftAfter)
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && tempName.MatchString(e.Name()) {
			err = os.Chtimes(path, old, old)
		}
		return err
	}))
}

// inspect checks that each file below dir is whole and of version 1 or 2, and
// that the sums are of version 2 only if all is. It returns the versions in the
// order of set, and the temporary files.
func inspect(t *testing.T, dir string) (versions string, temps []string) {
	t.Helper()
	one, two := set("1"), set("2")
	for i := range one {
		data, err := os.ReadFile(filepath.Join(dir, one[i].Name))
		require.NoError(t, err)
		switch {
		case bytes.Equal(data, one[i].Data):
			versions += "1"
		case bytes.Equal(data, two[i].Data):
			versions += "2"
		default:
			t.Fatalf("%s is not whole: %q", one[i].Name, data)
		}
	}
	require.NotContains(t, versions, "12", "a file is new, and one before it is not")
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if strings.HasSuffix(path, Suffix) {
			temps = append(temps, path)
		}
		return err
	}))
	return versions, temps
}

// TestFaults fails every single operation of writing a bundle, and every
// operation from one on, as if the disk were gone or the process killed.
func TestFaults(t *testing.T) {
	for _, forever := range []bool{false, true} {
		told := make(map[string]bool)
		n := 0
		for ; ; n++ {
			dir := begin(t)
			f := &faulty{failAt: n, forever: forever}
			err := writer{f}.writeAll(dir, set("2"), 0o666)
			if f.done <= n {
				require.NoError(t, err)
				break
			}
			versions, _ := inspect(t, dir)
			if err == nil {
				assert.Equal(t, "222", versions, "%s failed, and nothing was said", f.log[n])
			} else {
				assert.ErrorIs(t, err, errInjected)
				told[f.log[n]] = true
			}
			// A later run makes all well.
			age(t, dir)
			require.NoError(t, WriteAll(dir, set("2"), 0o666))
			versions, temps := inspect(t, dir)
			assert.Equal(t, "222", versions)
			assert.Empty(t, temps, "left over after %s failed", f.log[n])
		}
		assert.Greater(t, n, 25, "operations")
		for _, op := range []string{"mkdir", "create", "write", "sync", "rename", "syncdir"} {
			assert.True(t, told[op], "%s can fail, and is told", op)
		}
	}
}

// TestNoLeftovers checks that one error leaves no temporary file.
func TestNoLeftovers(t *testing.T) {
	for n := 0; ; n++ {
		dir := t.TempDir()
		path := filepath.Join(dir, "f")
		f := &faulty{failAt: n}
		err := writer{f}.write(path, []byte("data"), 0o666)
		entries, dirErr := os.ReadDir(dir)
		require.NoError(t, dirErr)
		for _, e := range entries {
			assert.Equal(t, "f", e.Name(), "after %v", f.log)
		}
		if f.done <= n {
			require.NoError(t, err)
			require.Len(t, entries, 1)
			break
		}
	}
}

// TestFullDisk lets the disk be full at every byte.
func TestFullDisk(t *testing.T) {
	total := 0
	for _, f := range set("2") {
		total += len(f.Data)
	}
	dir := begin(t)
	for room := range total {
		f := &faulty{failAt: never, limited: true, room: room}
		require.ErrorIs(t, writer{f}.writeAll(dir, set("2"), 0o666), errInjected)
		versions, temps := inspect(t, dir)
		require.Equal(t, "111", versions, "nothing appears before all is written")
		require.Empty(t, temps)
	}
	f := &faulty{failAt: never, limited: true, room: total}
	require.NoError(t, writer{f}.writeAll(dir, set("2"), 0o666))
}

// TestCleanLeavesOthers checks that temporary files and folders which are younger
// than the bound stay, and so do files of other people.
func TestCleanLeavesOthers(t *testing.T) {
	dir := t.TempDir()
	young, old := ".young.0123abcd"+Suffix, time.Now().Add(-LeftAfter-time.Minute)
	names := []string{"x" + Suffix, ".x.1234" + Suffix, ".x.0123456789" + Suffix, ".x.0123abcd"}
	left := ".x.0123abcd" + Suffix
	for _, name := range append(names, left, young) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o666))
	}
	leftDir, youngDir, link := ".folder.0123abcd"+Suffix, ".young.01234567"+Suffix, ".link.0123abcd"+Suffix
	require.NoError(t, os.Mkdir(filepath.Join(dir, leftDir), 0o777))
	require.NoError(t, os.Mkdir(filepath.Join(dir, youngDir), 0o777))
	for _, name := range append(names, left, leftDir) {
		require.NoError(t, os.Chtimes(filepath.Join(dir, name), old, old))
	}
	almost := time.Now().Add(-LeftAfter + time.Minute)
	for _, name := range []string{young, youngDir} {
		require.NoError(t, os.Chtimes(filepath.Join(dir, name), almost, almost))
	}
	require.NoError(t, os.Symlink("x"+Suffix, filepath.Join(dir, link)))
	writer{system{}}.clean(dir)
	for _, name := range append(names, young, youngDir, link) {
		_, err := os.Lstat(filepath.Join(dir, name))
		assert.NoError(t, err, name)
	}
	assert.NoFileExists(t, filepath.Join(dir, left))
	assert.NoDirExists(t, filepath.Join(dir, leftDir))
	writer{system{}}.clean(filepath.Join(dir, "none"))
}

// TestDirFaults fails every operation of making a folder: it is there with all of
// its files or not at all, and the next run leaves nothing else behind.
func TestDirFaults(t *testing.T) {
	fill := func(w writer, path string) error {
		d, err := w.createDir(path)
		if err != nil {
			return err
		}
		defer d.Abort()
		if err := os.WriteFile(filepath.Join(d.Path, "f"), []byte("data"), 0o600); err != nil {
			return err
		}
		return d.Commit()
	}
	for _, forever := range []bool{false, true} {
		for n := 0; ; n++ {
			dir := t.TempDir()
			path := filepath.Join(dir, "out")
			f := &faulty{failAt: n, forever: forever}
			err := fill(writer{f}, path)
			if f.done <= n {
				require.NoError(t, err)
				break
			}
			data, readErr := os.ReadFile(filepath.Join(path, "f"))
			if readErr == nil {
				assert.Equal(t, "data", string(data))
			} else {
				assert.Error(t, err, "%v", f.log)
				assert.NoDirExists(t, path)
				age(t, dir)
				require.NoError(t, fill(writer{system{}}, path))
			}
			entries, err := os.ReadDir(dir)
			require.NoError(t, err)
			assert.Len(t, entries, 1, "%v", f.log)
		}
	}
}
