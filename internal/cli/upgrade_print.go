package cli

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/dtafgen/wxt/dtaf/merge"
	"github.com/dtafgen/wxt/internal/text"
)

// printUpgrades prints the reports of all projects and platforms, with what the vendor
// changed once for each platform.
func printUpgrades(out io.Writer, reports []*upgradeReport, written []string) {
	w := bufio.NewWriter(out)
	defer w.Flush()
	told := make(map[[sha256.Size]byte]bool) // what the vendor changed
	for i, r := range reports {
		if len(reports) > 1 {
			if i > 0 {
				fmt.Fprintln(w)
			}
			fmt.Fprintf(w, "%s: %s\n", r.File, r.Platform)
		}
		sum := sha256.New()
		for _, v := range r.Vendor {
			fmt.Fprintf(sum, "%q%q%q%q%s%s\n", v.File, v.Kind, v.Tag, v.Path, brief(v.Old), brief(v.New))
		}
		vendor := [sha256.Size]byte(sum.Sum(nil))
		printUpgrade(w, r, !told[vendor])
		told[vendor] = true
	}
	for _, name := range written {
		fmt.Fprintf(w, "Written: %s\n", name)
	}
}

// printUpgrade prints a report for people.
func printUpgrade(w io.Writer, r *upgradeReport, withVendor bool) {
	section := func(title string, n int) { fmt.Fprintf(w, "%s (%d)\n", title, n) }
	vendor := r.Vendor
	if withVendor {
		section("The vendor changed", len(vendor))
	} else {
		vendor = nil
	}
	for _, v := range vendor {
		what := string(v.Kind)
		if v.Tag != "" {
			what += " " + v.Tag
		}
		fmt.Fprintf(w, "  %s: %s: %s", filepath.Base(v.File), what, v.Path)
		if v.OldPath != "" {
			fmt.Fprintf(w, ", from %s", v.OldPath)
		}
		switch {
		case v.Old != nil && v.New != nil:
			fmt.Fprintf(w, ": %s, was %s", brief(v.New), brief(v.Old))
		case v.New != nil:
			fmt.Fprintf(w, ": %s", brief(v.New))
		case v.Old != nil:
			fmt.Fprintf(w, ": was %s", brief(v.Old))
		}
		fmt.Fprintln(w)
	}
	for _, s := range []struct {
		title   string
		outcome merge.Outcome
	}{{"Carried", merge.Carried}, {"There already", merge.Present}, {"In conflict", merge.Conflict}} {
		n := r.count(s.outcome)
		if n == 0 {
			continue
		}
		section(s.title, n)
		for _, c := range r.Changes {
			if c.Outcome == s.outcome {
				printChange(w, c)
			}
		}
	}
	if len(r.Notes) > 0 {
		section("Notes", len(r.Notes))
		for _, n := range r.Notes {
			fmt.Fprintf(w, "  %s\n", n)
		}
	}
}

func printChange(w io.Writer, c merge.Change) {
	place := filepath.Base(c.File)
	if c.Path != "" {
		place += ":" + c.Path
	}
	fmt.Fprintf(w, "  %s (%s)", place, c.Kind)
	if c.Outcome != merge.Conflict {
		switch {
		case c.Mine != nil && c.Old != nil:
			fmt.Fprintf(w, ": %s, was %s", brief(c.Mine), brief(c.Old))
		case c.Mine != nil:
			fmt.Fprintf(w, ": %s", brief(c.Mine))
		case c.Old != nil:
			fmt.Fprintf(w, ": removed %s", brief(c.Old))
		}
		if c.Reason != "" {
			fmt.Fprintf(w, "; %s", c.Reason)
		}
		fmt.Fprintln(w)
		return
	}
	fmt.Fprintf(w, ": %s\n", c.Reason)
	fmt.Fprintf(w, "    old:    %s\n    ours:   %s\n    theirs: %s\n", brief(c.Old), brief(c.Mine), brief(c.New))
	for _, what := range c.Within {
		fmt.Fprintf(w, "    you %s\n", what)
	}
	if c.Choice != "" {
		fmt.Fprintf(w, "    decided for %s\n", c.Choice)
	} else {
		fmt.Fprintf(w, "    decide with --ours '%s' or --theirs '%s'\n", place, place)
	}
}

// brief returns a value on one line.
func brief(s *string) string {
	if s == nil {
		return "(none)"
	}
	return fmt.Sprintf("%q", text.Clip(strings.Join(strings.Fields(*s), " "), 120))
}
