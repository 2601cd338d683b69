package wxt

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/schema"
)

// An Ignore suppresses findings of one check: an [[ignore]] of the project file. What it
// leaves empty may be anything.
type Ignore struct {
	Code   string // of the check
	Tag    string // that the findings are about
	File   string // that they are in: its path or the end of it, or a pattern such as *.template
	Line   int    // that they are at
	Reason string // why they don't matter
}

// matches reports whether the ignore suppresses a finding.
func (i Ignore) matches(f schema.Finding) bool {
	return i.Code == f.Code &&
		(i.Tag == "" || tagname.Bare(i.Tag) == f.Tag) &&
		(i.Line == 0 || i.Line == f.Line) &&
		(i.File == "" || inFile(i.File, f.File))
}

// inFile reports whether a pattern is that of a file: of its path, or of the end of it.
func inFile(pattern, file string) bool {
	file = strings.ReplaceAll(file, `\`, "/")
	for {
		if ok, _ := path.Match(pattern, file); ok || pattern == file {
			return true
		}
		_, rest, more := strings.Cut(file, "/")
		if !more {
			return false
		}
		file = rest
	}
}

// judge gives findings the severities that a project asks for, and drops those that are
// off and those that it ignores. Fixed rules keep theirs. Used has whether each ignore
// suppresses anything.
func (p *Project) judge(fs schema.Findings) (kept schema.Findings, used []bool) {
	used = make([]bool, len(p.Ignore))
	if len(p.Checks) == 0 && len(p.Ignore) == 0 {
		return fs, used
	}
	kept = fs[:0]
	for _, f := range fs {
		if r, known := schema.LookupRule(f.Code); known && r.Fixed {
			kept = append(kept, f)
			continue
		}
		if level, ok := p.Checks[f.Code]; ok {
			f.Severity = level
		}
		keep := f.Severity != schema.Off
		for i, ignore := range p.Ignore {
			if keep && ignore.matches(f) {
				keep, used[i] = false, true
			}
		}
		if keep {
			kept = append(kept, f)
		}
	}
	return kept, used
}

// checkIgnores tells of those that suppress nothing, and of those that can't.
func (c *check) checkIgnores(used []bool, known []string) schema.Findings {
	var added schema.Findings
	for i, ignore := range c.Project.Ignore {
		pos := c.Project.at("ignore", i, "code")
		r, isRule := schema.LookupRule(ignore.Code)
		switch {
		case isRule && r.Fixed:
			added = append(added, schema.NewFinding(codes.Setting, pos, "remove it", "ignore: the check %s %s guards what is built, and can't be suppressed", r.Code, r.Name))
		case !isRule && !slices.Contains(known, ignore.Code):
			f := schema.NewFinding(codes.Setting, pos, `"dtafgen check --list" has them all`, "ignore: there is no check %s", ignore.Code)
			f.Severity = schema.Info
			added = append(added, f)
		case !used[i] && c.config.platforms == 0:
			added = append(added, schema.NewFinding(codes.IdleIgnore, pos, "remove it", "this [[ignore]] suppresses nothing: %s finds nothing%s", ignore.Code, ignore.where()))
		}
	}
	return added
}

// where says what an ignore is limited to.
func (i Ignore) where() string {
	s := ""
	if i.Tag != "" {
		s += " about " + tagname.Bare(i.Tag)
	}
	if i.File != "" {
		s += " in " + i.File
	}
	if i.Line != 0 {
		s += " in line " + strconv.Itoa(i.Line)
	}
	return s
}
