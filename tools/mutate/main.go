// Mutate measures how much the tests notice: it changes the code in one place at a
// time, runs the tests of the package, and tells which changes no test noticed.
//
//	mutate [-n 200] [-seed 1] [-since REVISION] [-budget 5m] [PACKAGE...]
//
// It takes a sample of all changes, the same for the same seed. With -since it
// changes only lines that have changed since a revision of git. The source tree
// stays as it is: the compiler gets the changed file by -overlay.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// options say what is mutated, and for how long.
type options struct {
	dir      string        // of the module
	packages []string      // patterns, as the go command takes them
	count    int           // of mutants
	seed     uint64        // of the sample
	since    string        // a revision of git, or ""
	budget   time.Duration // no mutant is begun after it; 0 is no limit
	timeout  time.Duration // of the tests with a mutant, at the least
	workers  int           // at once
	verbose  bool
}

func main() {
	var o options
	flag.StringVar(&o.dir, "C", ".", "the `folder` of the module")
	flag.IntVar(&o.count, "n", 200, "`how many` mutants to try")
	flag.Uint64Var(&o.seed, "seed", 1, "the `number` that the sample is drawn with")
	flag.StringVar(&o.since, "since", "", "mutate only what has changed since this `revision` of git")
	flag.DurationVar(&o.budget, "budget", 0, "begin no mutant after this `time`")
	flag.DurationVar(&o.timeout, "timeout", 20*time.Second, "the `time` that tests with a mutant have at the least; they have eight times what they take without")
	flag.IntVar(&o.workers, "p", runtime.NumCPU(), "`how many` to try at once")
	flag.BoolVar(&o.verbose, "v", false, "tell of every mutant")
	flag.Parse()
	o.packages = flag.Args()
	if len(o.packages) == 0 {
		o.packages = []string{"./..."}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

// run tries a sample of mutants, and writes which survived, and the score.
func run(ctx context.Context, o options, w io.Writer) error {
	begun := time.Now()
	dir, err := filepath.Abs(o.dir)
	if err != nil {
		return err
	}
	changed := func(string, int) bool { return true }
	if o.since != "" {
		lines, err := changedLines(ctx, dir, o.since)
		if err != nil {
			return err
		}
		changed = lines.has
	}
	mutants, err := load(ctx, dir, o.packages)
	if err != nil {
		return err
	}
	mutants = slices.DeleteFunc(mutants, func(m *mutant) bool { return !changed(m.file, m.line) })
	rand.New(rand.NewPCG(o.seed, 0)).Shuffle(len(mutants), func(i, j int) { mutants[i], mutants[j] = mutants[j], mutants[i] })
	fmt.Fprintf(w, "%d mutants can be made\n", len(mutants))

	temp, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if err := os.Chmod(temp, 0o755); err != nil { // a test may start a process of another user
		return err
	}
	tester := &tester{dir: dir, temp: temp, timeout: o.timeout}
	var (
		mu    sync.Mutex
		wg    sync.WaitGroup
		tried []*mutant
		fails error
		next  int
		open  = o.count // how many are still to be tried
	)
	take := func() *mutant {
		mu.Lock()
		defer mu.Unlock()
		if fails != nil || ctx.Err() != nil || open == 0 || next == len(mutants) || o.budget > 0 && time.Since(begun) > o.budget {
			return nil
		}
		next++
		open--
		return mutants[next-1]
	}
	for range max(o.workers, 1) {
		wg.Go(func() {
			for m := take(); m != nil; m = take() {
				err := tester.try(ctx, m)
				mu.Lock()
				switch {
				case ctx.Err() != nil:
				case err != nil:
					fails = err
				case m.outcome == invalid:
					open++ // another one takes its place
				default:
					tried = append(tried, m)
				}
				if o.verbose && err == nil {
					fmt.Fprintln(w, m)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if fails != nil {
		return fails
	}
	report(w, dir, tried)
	return ctx.Err()
}

// report writes which mutants survived, and the score of each package and of all.
func report(w io.Writer, dir string, tried []*mutant) {
	slices.SortFunc(tried, func(a, b *mutant) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column), cmp.Compare(a.what, b.what))
	})
	for _, m := range tried {
		if !m.outcome.killed() {
			fmt.Fprintln(w, m)
		}
	}
	byPackage := make(map[string][]*mutant)
	for _, m := range tried {
		name, err := filepath.Rel(dir, m.pkg.dir)
		if err != nil {
			name = m.pkg.dir
		}
		byPackage[filepath.ToSlash(name)] = append(byPackage[filepath.ToSlash(name)], m)
	}
	var names []string
	for name := range byPackage {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(w, "%-20s %s\n", name, score(byPackage[name]))
	}
	fmt.Fprintf(w, "%-20s %s\n", "score", score(tried))
}

// score says how many of the mutants were killed.
func score(list []*mutant) string {
	if len(list) == 0 {
		return "there was nothing to try"
	}
	count := make(map[outcome]int)
	dead := 0
	for _, m := range list {
		count[m.outcome]++
		if m.outcome.killed() {
			dead++
		}
	}
	var others []string
	for _, o := range []outcome{slow, survived, unreached} {
		if count[o] > 0 {
			others = append(others, fmt.Sprintf("%d %s", count[o], o))
		}
	}
	text := fmt.Sprintf("%d of %d killed (%.0f%%)", dead, len(list), 100*float64(dead)/float64(len(list)))
	if len(others) > 0 {
		text += ": " + strings.Join(others, ", ")
	}
	return text
}
