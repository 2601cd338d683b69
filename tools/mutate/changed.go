package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// fileLines are lines of files, by absolute path.
type fileLines map[string]map[int]bool

func (l fileLines) has(file string, line int) bool { return l[file][line] }

// hunk is the heading of a change: where it is in the new file, and how long.
var hunk = regexp.MustCompile(`^@@ -\S+ \+(\d+)(?:,(\d+))? @@`)

// changedLines returns the lines of Go files that have been changed or added since a
// revision.
func changedLines(ctx context.Context, dir, revision string) (fileLines, error) {
	git := func(args ...string) (string, error) {
		c := exec.CommandContext(ctx, "git", append([]string{"-c", "core.quotePath=false"}, args...)...)
		c.Dir = dir
		out, err := c.Output()
		if exit, ok := err.(*exec.ExitError); ok {
			err = fmt.Errorf("git %s: %w: %s", args[0], err, exit.Stderr)
		}
		return string(out), err
	}
	top, err := git("rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	diff, err := git("diff", "--unified=0", "--no-color", "--no-ext-diff", "--src-prefix=a/", "--dst-prefix=b/", revision, "--", "*.go")
	if err != nil {
		return nil, err
	}
	return parseDiff(strings.TrimSpace(top), diff), nil
}

// parseDiff returns the lines that a unified diff adds to the files below top.
func parseDiff(top, diff string) fileLines {
	lines := make(fileLines)
	var file map[int]bool
	for line := range strings.Lines(diff) {
		line = strings.TrimRight(line, "\r\n")
		if name, ok := strings.CutPrefix(line, "+++ b/"); ok {
			file = make(map[int]bool)
			lines[filepath.Join(top, filepath.FromSlash(name))] = file
			continue
		}
		m := hunk.FindStringSubmatch(line)
		if m == nil || file == nil {
			continue
		}
		first, _ := strconv.Atoi(m[1])
		count := 1
		if m[2] != "" {
			count, _ = strconv.Atoi(m[2])
		}
		for i := range count {
			file[first+i] = true
		}
	}
	return lines
}
