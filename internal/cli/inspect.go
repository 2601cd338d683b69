package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/archivename"
	"github.com/dtafgen/wxt/internal/configwxt"
	"github.com/dtafgen/wxt/internal/content"
	"github.com/dtafgen/wxt/internal/inspect"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

func newInspect() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "inspect ARCHIVE",
		Short: "Show what an archive holds",
		Long: `Inspect shows what a Device Type Archive File holds, for the Webex app or any other
device: the device type, the oldest release that accepts its requests, the device
management options that matter, the files with their tags, and how many findings there
are.

A template of the Webex app's configuration file is compared with the catalogue of tags
and the places where they should be: which tags the template lacks, which the catalogue
lacks, and which stand elsewhere. Most of these places are reconstructed: where they
differ, the vendor's template is right.

For a container it lists the archives inside: name, device type, release, files. The
findings are those of "check"; the exit status is 1 if one is an error.

With --format json it is one document:
    archive, root  the name of the file, and the folder around its files
    deviceType     and platform (guessed: desktop, mobile or tablet), tagMode,
                   tagSet
    release        the oldest release that accepts all requests; left out if every
                   release does
    requests       request, subject, since (a release; left out if every release
                   knows it), known
    options        name and value, by OCI names
    files          name, size, kind (manifest, xml, text or binary), encoding,
                   request, format, remoteFormat, category, customization, tags,
                   tagsInComments
    findings       code, severity, file, line, column, message, remedy; and the
                   numbers errors, warnings and infos
    comparisons    file, platform, tags (how many are known), missing (tag,
                   expected, known), unknown (tag, nearest, found), foreign (tag,
                   platforms, known, found), misplaced (tag, expected, found,
                   known), settings (setting, expected, found, value, codecs); each
                   place found has tag, path and position
A container has container (its name), archives (archive, deviceType, platform, label,
files) and findings.`,
		Example: `  dtafgen inspect ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip
  dtafgen inspect --format json phone.zip`,
		Args: wants("an archive"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"zip"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := dtaf.OpenAll(args[0])
			if err != nil {
				return err
			}
			if len(all) > 1 {
				return inspectContainer(cmd.OutOrStdout(), args[0], all, format)
			}
			i := inspect.Archive(all[0], tags.Default())
			i.Findings = wxt.CheckArchive(all[0])
			if format == "json" {
				err = writeJSON(cmd.OutOrStdout(), inspectReport{
					i, i.Findings.Count(schema.Error), i.Findings.Count(schema.Warning), i.Findings.Count(schema.Info),
				})
			} else {
				err = printInspection(cmd.OutOrStdout(), i)
			}
			if err == nil && i.Findings.Err() != nil {
				err = errFound
			}
			return err
		},
	}
	formatFlag(cmd, &format, "text", "json")
	return cmd
}

// inspectReport is the JSON of inspect.
type inspectReport struct {
	*inspect.Inspection
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
}

// containerReport is the JSON of inspect for a container.
type containerReport struct {
	Container string            `json:"container"`
	Archives  []containedReport `json:"archives"`
	Findings  schema.Findings   `json:"findings"` // about the container itself
}

type containedReport struct {
	Archive    string        `json:"archive"` // a path that every command takes
	DeviceType string        `json:"deviceType"`
	Platform   tags.Platform `json:"platform,omitempty"`
	Label      string        `json:"label,omitempty"`
	Files      []string      `json:"files"`
}

// inspectContainer lists the archives of a container.
func inspectContainer(w io.Writer, name string, all []*dtaf.Archive, format string) error {
	r := containerReport{Container: name, Archives: []containedReport{}, Findings: schema.Findings{}}
	for _, a := range all {
		r.Findings = append(r.Findings, a.Findings()...)
		label, _ := archivename.LabelOf(a.Name())
		c := containedReport{Archive: a.Name(), DeviceType: a.DeviceType(), Label: label.String(), Files: []string{}}
		if len(a.WebexTemplates()) > 0 {
			c.Platform, _ = a.Platform()
		}
		for f := range a.Files() {
			c.Files = append(c.Files, f.Name)
		}
		r.Archives = append(r.Archives, c)
	}
	if format == "json" {
		return writeJSON(w, r)
	}
	p := &outline{w: w}
	p.line(0, "%s", name)
	p.line(1, "a container of %s: inspect one by its name", count(len(all), "archive", "archives"))
	for _, c := range r.Archives {
		p.line(0, "")
		p.line(0, "%s", c.Archive)
		p.line(1, "%-12s %s", "device type", or(c.DeviceType, "not known"))
		if c.Platform != 0 {
			p.line(1, "%-12s %s", "platform", c.Platform.String()+" of the Webex app")
		}
		p.line(1, "%-12s %s", "for", or(c.Label, "no release that its name tells"))
		p.line(1, "files")
		for _, f := range c.Files {
			p.line(2, "%s", f)
		}
	}
	if len(r.Findings) > 0 {
		p.heading("findings")
		for _, f := range r.Findings {
			p.line(1, "%s", f)
			if f.Remedy != "" {
				p.line(2, "%s", f.Remedy)
			}
		}
	}
	return p.err
}

func printInspection(w io.Writer, i *inspect.Inspection) error {
	p := &outline{w: w}
	p.line(0, "%s", i.Archive)
	p.line(0, "")
	fact := func(name, value string) {
		if value != "" {
			p.line(1, "%-12s %s", name, value)
		}
	}
	fact("device type", or(i.DeviceType, "not known"))
	if i.Platform != 0 {
		fact("platform", i.Platform.String()+" of the Webex app")
	}
	fact("release", release(i))
	fact("tags", tagMode(i))
	fact("access", i.Access())
	fact("folder", i.Root)
	fact("findings", summarise(i.Findings))

	if len(i.Requests) > 0 {
		p.heading("requests")
		rows := make([][]string, 0, len(i.Requests))
		for _, r := range i.Requests {
			since := "every release"
			switch {
			case !r.Known:
				since = "not known"
			case r.Since != 0:
				since = r.Since.String() + " and later"
			}
			rows = append(rows, []string{r.Request, since, r.Subject})
		}
		p.table(rows)
	}
	if len(i.Options) > 0 {
		p.heading("options")
		rows := make([][]string, 0, len(i.Options))
		for _, o := range i.Options {
			rows = append(rows, []string{o.Name, o.Value})
		}
		p.table(rows)
	}
	p.heading("files")
	for _, f := range i.Files {
		p.fileSummary(f)
	}
	for _, c := range i.Comparisons {
		p.heading("%s against what is known of %s", c.File, c.Platform)
		p.comparison(c.Comparison)
	}
	if len(i.Findings) > 0 {
		p.heading("findings")
		for _, f := range i.Findings {
			p.line(1, "%s", f)
			if f.Remedy != "" {
				p.line(2, "%s", f.Remedy)
			}
		}
	}
	return p.err
}

// heading writes a line behind an empty one.
func (p *outline) heading(format string, args ...any) {
	p.line(0, "")
	p.line(0, format, args...)
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// release says which releases take the requests of an archive.
func release(i *inspect.Inspection) string {
	if len(i.Requests) == 0 {
		return ""
	}
	unknown := 0
	for _, r := range i.Requests {
		if !r.Known {
			unknown++
		}
	}
	s := "every release takes its requests"
	if i.Release != 0 {
		s = i.Release.String() + " and later take its requests"
	}
	if unknown > 0 {
		s += fmt.Sprintf(", as far as is known: %s not known", count(unknown, "request is", "requests are"))
	}
	return s
}

func tagMode(i *inspect.Inspection) string {
	if i.TagSet == "" {
		return i.TagMode
	}
	return fmt.Sprintf("%s, tag set %s", or(i.TagMode, "no tag mode"), i.TagSet)
}

func summarise(fs schema.Findings) string {
	var parts []string
	for _, s := range []struct {
		severity  schema.Severity
		one, many string
	}{{schema.Error, "error", "errors"}, {schema.Warning, "warning", "warnings"}, {schema.Info, "info", "infos"}} {
		if n := fs.Count(s.severity); n > 0 {
			parts = append(parts, count(n, s.one, s.many))
		}
	}
	return or(strings.Join(parts, ", "), "none")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// table writes rows of columns.
func (p *outline) table(rows [][]string) {
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i := range row {
			row[i] = strings.ReplaceAll(printable(row[i]), "\t", " ")
		}
		fmt.Fprintln(tw, strings.Join(row, "\t"))
	}
	tw.Flush() // to memory: can't fail
	for line := range strings.Lines(b.String()) {
		p.line(1, "%s", strings.TrimRight(line, " \n"))
	}
}

func (p *outline) fileSummary(f inspect.FileSummary) {
	what := []string{size(f.Size), string(f.Kind)}
	if f.Encoding != "" {
		what = append(what, f.Encoding)
	}
	if f.Category != "" {
		what = append(what, f.Category)
	}
	if f.Request == "" && f.Kind != content.Manifest {
		what = append(what, "no request names it")
	}
	p.line(1, "%s", f.Name)
	p.line(2, "%s", strings.Join(what, ", "))
	if f.Format != "" {
		line := "the device asks for " + f.Format
		if f.RemoteFormat != "" && f.RemoteFormat != f.Format {
			line += ", kept as " + f.RemoteFormat
		}
		p.line(2, "%s", line)
	}
	var custom, system []string
	for _, t := range f.Tags {
		if tagname.IsSystem(t) {
			system = append(system, t)
		} else {
			custom = append(custom, t)
		}
	}
	p.names("system tag", system, "")
	p.names("custom tag", custom, "")
	p.names("tag", f.TagsInComments, " only in comments")
}

// names lists names, as many on a line as fit.
func (p *outline) names(what string, names []string, where string) {
	const indent = 2
	if len(names) == 0 {
		return
	}
	p.line(indent, "%s%s", count(len(names), what, what+"s"), where)
	line := ""
	for _, name := range names {
		if line != "" && len(line)+1+len(name) > 90 {
			p.line(indent+1, "%s", line)
			line = ""
		}
		line = strings.TrimLeft(line+" "+name, " ")
	}
	p.line(indent+1, "%s", line)
}

func (p *outline) comparison(c *configwxt.Comparison) {
	p.line(1, "%s of the catalogue", count(c.Tags, "tag", "tags"))
	if c.AsExpected() {
		p.line(1, "no difference")
		return
	}
	section := func(title string, rows [][]string) {
		if len(rows) > 0 {
			p.line(1, "%s", title)
			for i := range rows {
				rows[i][0] = "  " + rows[i][0]
			}
			p.table(rows)
		}
	}
	var rows [][]string
	for _, t := range c.Missing {
		rows = append(rows, []string{t.Tag, "expected at " + or(strings.Join(t.Expected, ", "), "no known place")})
	}
	section("the template lacks", rows)
	rows = nil
	for _, t := range c.Unknown {
		row := []string{t.Tag, "at " + paths(t.Found)}
		if t.Nearest != "" {
			row[1] += " (the catalogue has " + t.Nearest + ")"
		}
		rows = append(rows, row)
	}
	section("the catalogue lacks", rows)
	rows = nil
	for _, t := range c.Foreign {
		rows = append(rows, []string{t.Tag, fmt.Sprintf("at %s: the catalogue has it for %s (%s)", paths(t.Found), t.Platforms, t.Known)})
	}
	section("of other platforms, as the catalogue has it", rows)
	rows = nil
	for _, t := range c.Misplaced {
		var words []string
		if len(t.Found) > 0 {
			words = append(words, "at "+paths(t.Found))
		}
		if len(t.Expected) > 0 {
			words = append(words, "not at "+strings.Join(t.Expected, ", "))
		}
		rows = append(rows, []string{t.Tag, strings.Join(words, "; ")})
	}
	section("elsewhere than believed", rows)
	rows = nil
	for _, s := range c.Settings {
		switch {
		case s.AsExpected():
		case len(s.Found) == 0:
			rows = append(rows, []string{string(s.Setting), "not found: expected at " + s.Expected})
		default:
			rows = append(rows, []string{string(s.Setting), fmt.Sprintf("at %s: expected at %s", strings.Join(s.Found, ", "), s.Expected)})
		}
	}
	section("settings elsewhere than believed", rows)
}

// paths returns the paths of places, each once.
func paths(list []configwxt.Place) string {
	var found []string
	seen := make(map[string]bool)
	for _, p := range list {
		if !seen[p.Path] {
			seen[p.Path] = true
			found = append(found, p.Path)
		}
	}
	return strings.Join(found, ", ")
}
