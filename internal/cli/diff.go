package cli

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt/dtaf/diff"
	"github.com/dtafgen/wxt/internal/content"
)

func newDiff() *cobra.Command {
	var format string
	var unified bool
	var platform string
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Show what changed between two archives, manifests, templates or projects",
		Long: `Diff compares two archives, two manifests or two templates by meaning. It shows which
elements of the manifest's requests changed, by their OCI names, which requests have
another version, which tags were added, removed or moved, which elements and attributes
of a template changed, and which files are new, gone or different. Text that isn't XML
is compared line by line; a file of more than 4 MiB is treated as binary. Two project
files are compared as "dtafgen plan" does it.

A folder around an archive's files, the details of the zip, line ends, comments, the
order of attributes, and the white space that lays out XML make no difference. Passwords
are masked.

The exit status is 0 if there is no difference, 1 if there is one, and 2 if a file can't
be used.

In the text, + is new, - is gone, ~ is changed, > is moved. With --format json it is one
document:
    old, new    the names of the files; kind: archive, manifest, xml or text
    different   whether there is a difference
    deviceType  old and new, if the device type has another name
    requests    change (added, removed, changed, replaced by another version, or
                reordered), old and new (their names), subject, options (change,
                option, path, old, new)
    files       change (added, removed, changed or renamed), name, oldName, kind,
                oldSize, newSize, encoding, omitted, unified, and
      tags      change (added, removed, moved or changed), tag, and the places old
                and new
      elements  change (added, removed, changed, moved, reordered or renamed),
                path, oldPath, which (of several siblings), attribute, old, new,
                oldLine, newLine
      lines     oldLine, newLine, old, new`,
		Example: `  dtafgen diff vendor/3.9.17.zip vendor/3.9.18.zip
  dtafgen diff --unified old/config-wxt.xml.template new/config-wxt.xml.template
  dtafgen diff --platform tablet vendor/3.9.17.zip vendor/3.9.18.zip
  dtafgen diff --format json vendor.zip dist/desktop.zip`,
		Args: wants("an old archive", "a new archive"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if isTOMLName(args[0]) && isTOMLName(args[1]) {
				p, err := makePlan(cmd, args[0], args[1], options{shelf: &shelf{}})
				if err != nil {
					return err
				}
				return printPlan(cmd, p, format)
			}
			deviceTypes, err := platformTypes(platform)
			if err != nil {
				return err
			}
			d, kind, err := diffPaths(cmd, deviceTypes, args[0], args[1])
			if err != nil {
				return err
			}
			if unified {
				d.AddUnified()
			}
			if format == "json" {
				err = writeJSON(cmd.OutOrStdout(), diffReport{args[0], args[1], string(kind), !d.Empty(), d})
			} else {
				err = colorChanges(cmd.OutOrStdout(), func(w io.Writer) error { return printDiff(w, d) })
			}
			if err == nil && !d.Empty() {
				err = errFound
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&unified, "unified", false, "add a unified diff of each text file that differs")
	cmd.Flags().StringVar(&platform, "platform", "", "the archives of a container to compare: desktop, mobile or tablet")
	complete(cmd, "platform", platformNames()...)
	formatFlag(cmd, &format, "text", "json")
	return cmd
}

func isTOMLName(name string) bool { return strings.EqualFold(filepath.Ext(name), ".toml") }

// diffReport is the JSON of diff.
type diffReport struct {
	Old       string `json:"old"`
	New       string `json:"new"`
	Kind      string `json:"kind"`
	Different bool   `json:"different"`
	*diff.Difference
}

// changeMarks are how a person sees what became of something.
var changeMarks = map[diff.Change]string{
	diff.Added: "+", diff.Removed: "-", diff.Changed: "~", diff.Moved: ">", diff.Reordered: ">", diff.Renamed: "~", diff.Replaced: "~",
}

// An outline writes indented text, and keeps the first error.
type outline struct {
	w      io.Writer
	indent int // of all lines
	err    error
}

func (p *outline) line(indent int, format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, "%s%s\n", strings.Repeat("  ", p.indent+indent), printable(fmt.Sprintf(format, args...)))
	}
}

// block writes several lines.
func (p *outline) block(format string, args ...any) {
	for text := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		p.line(0, "%s", text)
	}
}

func printDiff(w io.Writer, d *diff.Difference) error {
	buffered := bufio.NewWriter(w)
	p := &outline{w: buffered}
	if d.DeviceType != nil {
		p.line(0, "device type: %q -> %q", d.DeviceType.Old, d.DeviceType.New)
	}
	if len(d.Requests) > 0 {
		p.line(0, "manifest")
		for _, r := range d.Requests {
			p.request(r)
		}
	}
	for _, f := range d.Files {
		p.file(f)
	}
	if p.err == nil {
		p.err = buffered.Flush()
	}
	return p.err
}

func (p *outline) request(r diff.RequestChange) {
	name := r.New
	switch {
	case name == "":
		name = r.Old
	case r.Change == diff.Replaced:
		name = r.Old + " -> " + r.New
	}
	if r.Subject != "" {
		name += " (" + r.Subject + ")"
	}
	if r.Change == diff.Reordered {
		name += ": stands elsewhere among the requests"
	}
	p.line(1, "%s %s", changeMarks[r.Change], name)
	for _, o := range r.Options {
		p.line(2, "%s %s: %s", changeMarks[o.Change], option(o), values(o.Change, o.Old, o.New))
	}
}

// option names an element of a request: by its OCI name, or by its path where
// others around it are repeated.
func option(o diff.OptionChange) string {
	if strings.ContainsAny(o.Path, "[@") {
		return o.Path
	}
	return o.Option
}

// values tells what a value was and is.
func values(c diff.Change, old, new string) string {
	switch c {
	case diff.Added:
		return quote(new)
	case diff.Removed:
		return quote(old)
	}
	return quote(old) + " -> " + quote(new)
}

// quote quotes a value, and cuts it where it is longer than a line.
func quote(s string) string {
	const most = 200
	if utf8.RuneCountInString(s) > most {
		return strconv.Quote(string([]rune(s)[:most])) + "..."
	}
	return strconv.Quote(s)
}

func (p *outline) file(f diff.FileChange) {
	name := f.Name
	if f.OldName != "" {
		name = f.OldName + " -> " + f.Name
	}
	switch f.Change {
	case diff.Added:
		p.line(0, "+ %s: new, %s", name, size(f.NewSize))
	case diff.Removed:
		p.line(0, "- %s: gone, %s", name, size(f.OldSize))
	case diff.Renamed:
		p.line(0, "~ %s: renamed", name)
	default:
		p.line(0, "~ %s", name)
	}
	if f.Kind == content.Binary && f.Change == diff.Changed {
		p.line(1, "other bytes: %s -> %s", size(f.OldSize), size(f.NewSize))
	}
	if f.Encoding != nil {
		p.line(1, "encoding: %s -> %s", f.Encoding.Old, f.Encoding.New)
	}
	if len(f.Tags) > 0 {
		p.line(1, "tags")
		p.tags(f.Tags)
	}
	if len(f.Elements) > 0 {
		p.line(1, "elements")
		for _, e := range f.Elements {
			p.element(e)
		}
	}
	if len(f.Lines) > 0 && f.Unified == "" {
		p.line(1, "lines")
		for _, l := range f.Lines {
			for i, text := range l.Old {
				p.line(2, "- %d: %s", l.OldLine+i, text)
			}
			for i, text := range l.New {
				p.line(2, "+ %d: %s", l.NewLine+i, text)
			}
		}
	}
	if f.Omitted > 0 {
		p.line(1, "and %d more", f.Omitted)
	}
	if f.Unified != "" {
		for text := range strings.SplitSeq(strings.TrimSuffix(f.Unified, "\n"), "\n") {
			p.line(0, "%s", text)
		}
	}
}

func (p *outline) tags(list []diff.TagChange) {
	width := 0
	for _, t := range list {
		width = max(width, len(t.Tag))
	}
	for _, t := range list {
		old, new := strings.Join(t.Old, ", "), strings.Join(t.New, ", ")
		var places string
		switch {
		case t.Change == diff.Added:
			places = new
		case t.Change == diff.Removed:
			places = old
		case t.Change == diff.Moved:
			places = old + " -> " + new
		case new != "":
			places = "also at " + new
		default:
			places = "no more at " + old
		}
		p.line(2, "%s", strings.TrimRight(fmt.Sprintf("%s %-*s  %s", changeMarks[t.Change], width, t.Tag, places), " "))
	}
}

func (p *outline) element(e diff.ElementChange) {
	which := ""
	// The XML of an element that is new or gone says it itself.
	if e.Which != "" && (e.Attribute != "" || e.Change != diff.Added && e.Change != diff.Removed) {
		which = " (" + e.Which + ")"
	}
	place := e.Path + which
	if e.Attribute != "" {
		place = e.Path + "/@" + e.Attribute + which
	}
	mark := changeMarks[e.Change]
	switch e.Change {
	case diff.Moved:
		p.line(2, "%s %s -> %s", mark, oldPath(e), place)
	case diff.Reordered:
		if e.OldPath != "" {
			p.line(2, "%s %s -> %s", mark, e.OldPath, place)
		} else {
			p.line(2, "%s %s: stands elsewhere among its siblings", mark, place)
		}
	case diff.Renamed:
		p.line(2, "%s %s -> %s: renamed", mark, oldPath(e), e.Path)
	case diff.Added, diff.Removed:
		text := values(e.Change, e.Old, e.New)
		if e.Attribute == "" {
			text = fragment(e.Old + e.New)
		}
		p.line(2, "%s %s: %s", mark, place, text)
	default:
		p.line(2, "%s %s: %s", mark, place, values(e.Change, e.Old, e.New))
	}
}

func oldPath(e diff.ElementChange) string {
	if e.OldPath != "" {
		return e.OldPath
	}
	return e.Path
}

// fragment returns an element's XML on one line.
func fragment(xml string) string {
	const most = 200
	xml = strings.Join(strings.Fields(xml), " ")
	xml = strings.ReplaceAll(xml, "> <", "><")
	if utf8.RuneCountInString(xml) > most {
		return string([]rune(xml)[:most]) + "..."
	}
	return xml
}

// size returns a number of bytes for people to read.
func size(n int) string {
	switch {
	case n < 1<<10:
		return count(n, "byte", "bytes")
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}
