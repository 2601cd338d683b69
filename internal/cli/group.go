package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt/schema"
)

// allFlag adds the flag that has each finding printed by itself.
func allFlag(cmd *cobra.Command) {
	cmd.Flags().Bool(allFindings, false, "print each finding by itself instead of grouping those that are alike")
	annotate(cmd, allFindings, "")
}

// Annotations of a command that say how findings are printed.
const (
	allFindings = "all"     // there is a flag for it
	privateFile = "private" // a file whose lines are not shown
)

// keepPrivate has no lines of a file shown. A list of subscribers has passwords where
// nothing beside them tells.
func keepPrivate(cmd *cobra.Command, file string) { annotate(cmd, privateFile, file) }

func annotate(cmd *cobra.Command, key, value string) {
	if cmd.Annotations == nil {
		cmd.Annotations = make(map[string]string)
	}
	cmd.Annotations[key] = value
}

// showsAll reports whether a command has each finding printed by itself, and how
// to ask for that.
func showsAll(cmd *cobra.Command) (all bool, hint string) {
	if _, ok := cmd.Annotations[allFindings]; !ok {
		return false, `"dtafgen check --all" shows each`
	}
	all, _ = cmd.Flags().GetBool(allFindings)
	return all, "--all shows each"
}

// printFindings prints findings to standard error as text, those of one cause as
// one, and counts them on the last line, which ends in more. With --quiet it prints
// the errors and nothing else.
func printFindings(cmd *cobra.Command, findings schema.Findings, more string) {
	p, findings := stderrPrinter(cmd, findings)
	if len(findings) == 0 {
		return
	}
	p.findings(cmd, findings)
	p.printf("%s%s\n", tally(findings), more)
}

// stderrPrinter returns a printer on standard error, and those of the findings that
// it is to print: with --quiet the errors.
func stderrPrinter(cmd *cobra.Command, findings schema.Findings) (*printer, schema.Findings) {
	w := cmd.ErrOrStderr()
	if q, quiet := w.(quietWriter); quiet {
		w = q.errors
		findings = slices.DeleteFunc(slices.Clone(findings), func(f schema.Finding) bool { return f.Severity != schema.Error })
	}
	colored, _ := useColor("auto", w)
	return newPrinter(cmd, w, colored, findings), findings
}

// findings prints findings, those of one cause as one unless all are asked for.
func (p *printer) findings(cmd *cobra.Command, findings schema.Findings) {
	all, hint := showsAll(cmd)
	if all {
		for _, f := range findings {
			p.finding(f)
		}
		return
	}
	for _, g := range grouped(findings) {
		p.finding(g.Finding)
		if s := g.alike(); s != "" {
			p.printf("\t%s (%s)\n", printable(s), hint)
		}
	}
}

// A group is findings of one cause in one file: they say the same of several tags,
// or of several places. Infos of one cause are a group across files, of several
// projects for instance.
type group struct {
	schema.Finding // the first of them
	more           schema.Findings
}

// leastGrouped is how many findings of one cause are said as one.
const leastGrouped = 3

// grouped puts findings of one cause together, in the order of the first of each.
func grouped(findings schema.Findings) []group {
	type cause struct{ code, file, severity, message, remedy string }
	of := func(f schema.Finding) cause {
		c := cause{f.Code, f.File, f.Severity.String(), f.Message, f.Remedy}
		if f.Tag != "" {
			c.message = strings.ReplaceAll(c.message, f.Tag, "%")
			c.remedy = strings.ReplaceAll(c.remedy, f.Tag, "%")
		}
		if f.Severity == schema.Info {
			c.file = ""
		}
		return c
	}
	count := make(map[cause]int)
	for _, f := range findings {
		count[of(f)]++
	}
	var groups []group
	first := make(map[cause]int)
	for _, f := range findings {
		c := of(f)
		if i, ok := first[c]; ok && count[c] >= leastGrouped {
			groups[i].more = append(groups[i].more, f)
			continue
		}
		first[c] = len(groups)
		groups = append(groups, group{Finding: f})
	}
	return groups
}

// alike says in a line what the other findings of a group are about, or "".
func (g group) alike() string {
	if len(g.more) == 0 {
		return ""
	}
	var names []string
	differIn := func(of func(schema.Finding) string) bool {
		for _, f := range g.more {
			if name := of(f); name != of(g.Finding) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		return len(names) > 0
	}
	in := ""
	switch {
	case differIn(func(f schema.Finding) string { return f.Tag }):
	case differIn(func(f schema.Finding) string { return f.File }):
		in = "in "
	case differIn(func(f schema.Finding) string { return strconv.Itoa(f.Line) }):
		in = "in lines "
	}
	const width = 70
	list, shown := "", 0
	for _, name := range names {
		if shown > 0 && len(list)+len(name) > width {
			break
		}
		list += ", " + name
		shown++
	}
	s := fmt.Sprintf("and %d more like it", len(g.more))
	if shown > 0 {
		s += ": " + in + strings.TrimPrefix(list, ", ")
		if shown < len(names) {
			s += " ..."
		}
	}
	return s
}

// tally counts findings in words, such as "2 errors, 14 warnings", or says "".
func tally(findings schema.Findings) string {
	var parts []string
	for _, s := range []schema.Severity{schema.Error, schema.Warning, schema.Info} {
		if n := findings.Count(s); n > 0 {
			parts = append(parts, counted(n, s.String()))
		}
	}
	return strings.Join(parts, ", ")
}

// counted returns a number and a noun that goes with it.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
