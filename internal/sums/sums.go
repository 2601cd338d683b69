// Package sums reads SHA256SUMS, and finds by it what an earlier run has written into a
// folder.
package sums

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Name is the name of the file of sums.
const Name = "SHA256SUMS"

// maxSize is how many bytes a file of sums may have to be read.
const maxSize = 1 << 20

var line = regexp.MustCompile(`^([0-9a-f]{64}) [ *](.+)$`)

// Stale returns the files of a folder that an earlier run wrote there, as SHA256SUMS
// tells, and that are none of those to write now. A file that somebody has changed since
// is none of them, and neither is one that leads out of the folder. Names have slashes.
func Stale(dir string, now []string) ([]string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, ignoreAbsent(err)
	}
	defer root.Close()
	data, err := read(root, Name, maxSize)
	if err != nil {
		return nil, nil // there is none, or none that a run wrote
	}
	var stale []string
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		m := line.FindStringSubmatch(s.Text())
		if m == nil || !fs.ValidPath(m[2]) || !filepath.IsLocal(filepath.FromSlash(m[2])) || m[2] == Name {
			continue
		}
		if slices.ContainsFunc(now, func(name string) bool { return strings.EqualFold(name, m[2]) }) {
			continue
		}
		if is, err := sum(root, m[2]); err == nil && is == m[1] {
			stale = append(stale, m[2])
		}
	}
	return stale, nil
}

// Remove removes files of a folder, and the folders below it that are empty then.
func Remove(dir string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, name := range names {
		if err := root.Remove(filepath.FromSlash(name)); ignoreAbsent(err) != nil {
			return err
		}
		for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
			if root.Remove(filepath.FromSlash(folder)) != nil {
				break // something else is in it
			}
		}
	}
	return nil
}

// Same reports whether a file of a folder has the content of data.
func Same(dir, name string, data []byte) (same, exists bool) {
	is, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	return err == nil && bytes.Equal(is, data), err == nil
}

func ignoreAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// open opens a regular file of a folder.
func open(root *os.Root, name string) (*os.File, error) {
	name = filepath.FromSlash(name)
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fs.ErrInvalid
	}
	return root.Open(name)
}

func read(root *os.Root, name string, limit int64) ([]byte, error) {
	f, err := open(root, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

func sum(root *os.Root, name string) (string, error) {
	f, err := open(root, name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
