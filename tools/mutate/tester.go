package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// An outcome is what became of a mutant.
type outcome int

const (
	invalid   outcome = iota // it does not compile
	failed                   // a test fails
	slow                     // the tests take too long
	survived                 // no test notices
	unreached                // no test runs the code
)

func (o outcome) String() string {
	return [...]string{"does not compile", "killed", "killed by time", "survived", "not reached by tests"}[o]
}

func (o outcome) killed() bool { return o == failed || o == slow }

// A testedPackage is a package whose code is mutated.
type testedPackage struct {
	path, dir string

	once    sync.Once
	err     error
	reached func(file string, line, column int) bool // by the tests
	timeout time.Duration
}

// A tester runs tests with mutants.
type tester struct {
	dir, temp string
	timeout   time.Duration // that tests have with a mutant, at the least
}

// maxMemory is how many KiB of addresses a test may have, since a mutant may ask for
// more and more.
const maxMemory = 8 << 20

// With a mutant the tests may take some times as long as without: the machine may
// have other things to do.
const patience = 8

// compile compiles the tests of a package. Where it has none there is no program.
func (t *tester) compile(ctx context.Context, p *testedPackage, program string, flags ...string) error {
	args := append([]string{"test", "-c", "-vet=off", "-o", program}, flags...)
	c := exec.CommandContext(ctx, "go", append(args, p.path)...)
	c.Dir = t.dir
	out, err := c.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", p.path, err, out)
	}
	return nil
}

// errTime is that tests took too long.
var errTime = errors.New("the time was up")

// runTests runs the tests of a package, and returns what they wrote if they fail.
func (t *tester) runTests(ctx context.Context, p *testedPackage, program string, timeout time.Duration, flags ...string) error {
	temp, err := os.MkdirTemp(t.temp, "run")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	run, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	args := append([]string{program, "-test.failfast"}, flags...)
	if runtime.GOOS != "windows" {
		args = append([]string{"sh", "-c", fmt.Sprintf(`ulimit -v %d 2>/dev/null; exec "$@"`, maxMemory), "sh"}, args...)
	}
	c := exec.CommandContext(run, args[0], args[1:]...)
	c.Dir = p.dir
	c.Env = append(os.Environ(), "TMPDIR="+temp)
	c.WaitDelay = 2 * time.Second
	out, err := os.Create(filepath.Join(temp, "output"))
	if err != nil {
		return err
	}
	defer out.Close()
	c.Stdout, c.Stderr = out, out
	err = c.Run()
	if err != nil && run.Err() != nil && ctx.Err() == nil {
		return errTime
	}
	if err != nil {
		head := make([]byte, 4096)
		n, _ := out.ReadAt(head, 0)
		return fmt.Errorf("%s: %w: %s", p.path, err, head[:n])
	}
	return nil
}

// measure runs the tests of a package as they are, to learn how long they take and
// which code they reach. They have to pass.
func (t *tester) measure(ctx context.Context, p *testedPackage) error {
	dir, err := os.MkdirTemp(t.temp, "measure")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program, profile := filepath.Join(dir, "test"), filepath.Join(dir, "profile")
	if err := t.compile(ctx, p, program, "-cover"); err != nil {
		return err
	}
	if _, err := os.Stat(program); err != nil {
		p.reached = func(string, int, int) bool { return false } // there are no tests
		return nil
	}
	begun := time.Now()
	if err := t.runTests(ctx, p, program, 10*time.Minute, "-test.coverprofile="+profile); err != nil {
		return fmt.Errorf("the tests fail without any mutant: %w", err)
	}
	p.timeout = max(t.timeout, patience*time.Since(begun))
	data, err := os.ReadFile(profile)
	if err != nil {
		return err
	}
	p.reached = parseProfile(data)
	return nil
}

var profileLine = regexp.MustCompile(`^(.+):(\d+)\.(\d+),(\d+)\.(\d+) \d+ (\d+)$`)

// parseProfile returns whether a place is reached, as a profile of coverage says.
// Code outside of functions is in no block, and is taken to be.
func parseProfile(data []byte) func(file string, line, column int) bool {
	type block struct{ from, to [2]int }
	covered, missed := make(map[string][]block), make(map[string][]block)
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		m := profileLine.FindStringSubmatch(s.Text())
		if m == nil {
			continue
		}
		var n [5]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+2])
		}
		to := missed
		if n[4] > 0 {
			to = covered
		}
		name := path.Base(m[1])
		to[name] = append(to[name], block{[2]int{n[0], n[1]}, [2]int{n[2], n[3]}})
	}
	return func(file string, line, column int) bool {
		in := func(list []block) bool {
			for _, b := range list {
				if (line > b.from[0] || line == b.from[0] && column >= b.from[1]) && (line < b.to[0] || line == b.to[0] && column < b.to[1]) {
					return true
				}
			}
			return false
		}
		return in(covered[filepath.Base(file)]) || !in(missed[filepath.Base(file)])
	}
}

// try runs the tests with a mutant, and sets its outcome.
func (t *tester) try(ctx context.Context, m *mutant) error {
	m.pkg.once.Do(func() { m.pkg.err = t.measure(ctx, m.pkg) })
	if m.pkg.err != nil {
		return m.pkg.err
	}
	reached := m.pkg.reached(m.file, m.line, m.column)
	dir, err := os.MkdirTemp(t.temp, "mutant")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	source, err := os.ReadFile(m.file)
	if err != nil {
		return err
	}
	mutated := filepath.Join(dir, "mutated.go")
	text := string(source[:m.start]) + m.text + string(source[m.end:])
	if err := os.WriteFile(mutated, []byte(text), 0o600); err != nil {
		return err
	}
	overlay := filepath.Join(dir, "overlay.json")
	data, err := json.Marshal(map[string]any{"Replace": map[string]string{m.file: mutated}})
	if err != nil {
		return err
	}
	if err := os.WriteFile(overlay, data, 0o600); err != nil {
		return err
	}
	program := filepath.Join(dir, "test")
	if !reached {
		// Only whether it compiles is left to know.
		c := exec.CommandContext(ctx, "go", "build", "-overlay", overlay, "-o", os.DevNull, m.pkg.path)
		c.Dir = t.dir
		if c.Run() == nil {
			m.outcome = unreached
		}
		return nil
	}
	if t.compile(ctx, m.pkg, program, "-overlay", overlay) != nil {
		return nil // it is invalid
	}
	switch err := t.runTests(ctx, m.pkg, program, m.pkg.timeout); {
	case errors.Is(err, errTime):
		m.outcome = slow
	case err != nil:
		m.outcome = failed
	default:
		m.outcome = survived
	}
	return nil
}
