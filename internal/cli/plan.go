package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/diff"
	"github.com/dtafgen/wxt/internal/plan"
)

func newPlan() *cobra.Command {
	var projects projectFlags
	var flags optionFlags
	var against, format string
	cmd := &cobra.Command{
		Use:   "plan --against OLD",
		Short: "Show what a change to a project does",
		Long: `Plan compares a project with an earlier state, and shows what the change does on each
platform: settings and tags with their old and new values and where they are set, the
requests of the device type that differ, elements of templates, and the lines of the
files that subscribers get. It lists the messages that bring the change to a system, in
the order to send ("dtafgen oci" writes them), what the servers need now and didn't
before, and what they no longer need.

OLD is a project file, a built archive, or a revision of the project itself: git:HEAD,
git:v1.4. An archive doesn't hold the values of tags. Secrets are masked.

Format markdown is for a pull request. Format json is one document: "old", "new",
"different", the list "platforms" (platform, change, and the lists settings, tags,
deviceType, templates and files; deviceType and templates are as in "dtafgen diff"),
and the lists "send" (name, requests), "needed" and "notNeeded" (server, kind, item,
features) and "notes".

The exit status is 1 if something changes.`,
		Example: `  dtafgen plan --against git:HEAD
  dtafgen plan -f acme.toml --against acme-last-month.toml --format markdown
  dtafgen plan --against 'dist/Business_Communicator_-_PC(R24.0).DTAF.zip'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if against == "" {
				return errors.New("--against is missing: expected a project file, git:REVISION or an archive")
			}
			o, err := flags.of(&projects)
			if err != nil {
				return err
			}
			file, err := projects.file(cmd)
			if err != nil {
				return err
			}
			p, err := makePlan(cmd, against, file, o)
			if err != nil {
				return err
			}
			return printPlan(cmd, p, format)
		},
	}
	projects.add(cmd)
	flags.add(cmd)
	cmd.Flags().StringVar(&against, "against", "", "the earlier state: a project file, git:REVISION, or a built archive")
	cobra.CheckErr(cmd.MarkFlagFilename("against", "toml", "zip"))
	formatFlag(cmd, &format, "text", "json", "markdown")
	return cmd
}

// compileSound compiles a project, which must be without errors.
func compileSound(p *wxt.Project, o options) (*wxt.Compilation, error) {
	c, _ := wxt.Compile(p, o.compile()...)
	return c, c.Check().Err()
}

// makePlan compares a project with what it was.
func makePlan(cmd *cobra.Command, against, file string, o options) (*plan.Plan, error) {
	project, err := load(file, o)
	if err != nil {
		return nil, err
	}
	now, err := compileSound(project, o)
	if err != nil {
		return nil, err
	}
	if rev, ok := strings.CutPrefix(against, "git:"); ok {
		if file == "" {
			return nil, fmt.Errorf("%s: there is no %s here or above: name the project with -f", against, wxt.FileName)
		}
		r, err := openRevision(rev, file)
		if err != nil {
			return nil, err
		}
		old, missing, err := r.load(file)
		if err != nil {
			return nil, err
		}
		before, findings := wxt.Compile(old, o.compile()...)
		if err := findings.Err(); err != nil {
			return nil, err
		}
		p, err := plan.New(before, now, plan.FindSecrets(before, now).Tags)
		if err != nil {
			return nil, err
		}
		p.Old = against
		for _, name := range missing() {
			p.Notes = append(p.Notes, fmt.Sprintf("The revision does not have the base %s: it is compared with the one that is there now.", name))
		}
		return p, nil
	}
	if !strings.EqualFold(filepath.Ext(against), ".toml") {
		archives, err := dtaf.OpenAll(against)
		if err != nil {
			return nil, err
		}
		return plan.NewAgainstArchives(against, archives, now)
	}
	old, err := load(against, o.plain())
	if err != nil {
		return nil, err
	}
	before, findings := wxt.Compile(old, o.compile()...)
	if err := findings.Err(); err != nil {
		return nil, err
	}
	return plan.New(before, now, plan.FindSecrets(before, now).Tags)
}

// printPlan prints a plan, and returns errFound if something changes.
func printPlan(cmd *cobra.Command, p *plan.Plan, format string) error {
	var err error
	switch format {
	case "json":
		err = writeJSON(cmd.OutOrStdout(), p)
	case "markdown":
		err = planMarkdown(cmd.OutOrStdout(), p)
	default:
		err = colorChanges(cmd.OutOrStdout(), func(w io.Writer) error { return planText(w, p) })
	}
	if err == nil && p.Different {
		err = errFound
	}
	return err
}

// planText writes a plan for a terminal.
func planText(w io.Writer, p *plan.Plan) error {
	o := &outline{w: w}
	if !p.Different {
		o.line(0, "%s does the same as %s.", p.New, p.Old)
	}
	for _, c := range p.Platforms {
		if c.Change != diff.Changed {
			o.line(0, "%s %s: the platform is %s", changeMarks[c.Change], c.Platform, c.Change)
		} else {
			o.line(0, "%s", c.Platform)
		}
		o.values("settings", c.Settings)
		o.values("tags", c.Tags)
		if len(c.DeviceType) > 0 {
			o.line(1, "device type")
			nested := &outline{w: w, indent: 1, err: o.err}
			for _, r := range c.DeviceType {
				nested.request(r)
			}
			o.err = nested.err
		}
		if len(c.Templates) > 0 {
			o.line(1, "templates")
			nested := &outline{w: w, indent: 2, err: o.err}
			for _, f := range c.Templates {
				nested.file(f)
			}
			o.err = nested.err
		}
		if len(c.Files) > 0 {
			o.line(1, "subscribers' files")
		}
		for _, f := range c.Files {
			o.line(2, "%s %s", changeMarks[f.Change], f.Name)
			for _, l := range f.Lines {
				for i, text := range l.Old {
					o.line(3, "- %d: %s", l.OldLine+i, strings.TrimSpace(text))
				}
				for i, text := range l.New {
					o.line(3, "+ %d: %s", l.NewLine+i, strings.TrimSpace(text))
				}
			}
			if f.Omitted > 0 {
				o.line(3, "and %d more lines", f.Omitted)
			}
		}
	}
	if len(p.Send) > 0 {
		o.line(0, "to send, in this order")
	}
	for _, m := range p.Send {
		o.line(1, "%s: %s", m.Name, requests(m))
	}
	needs := func(title, mark string, list []plan.Need) {
		if len(list) > 0 {
			o.line(0, "%s", title)
		}
		for _, n := range list {
			o.line(1, "%s %s: %s (%s)", mark, whatFor(n), n.Item, strings.Join(n.Features, ", "))
		}
	}
	needs("needed now", "+", p.Needed)
	needs("not needed any more", "-", p.NotNeeded)
	for _, note := range p.Notes {
		o.line(0, "note: %s", note)
	}
	return o.err
}

func (p *outline) values(title string, list []plan.Value) {
	if len(list) > 0 {
		p.line(1, "%s", title)
	}
	for _, v := range list {
		p.line(2, "%s %s: %s%s", changeMarks[v.Change], v.Name, values(v.Change, v.Old, v.New), placeOf(v))
	}
}

// placeOf says where a value is set.
func placeOf(v plan.Value) string {
	if v.Position.IsZero() {
		return ""
	}
	if v.Change == diff.Removed {
		return " (was set at " + v.Position.String() + ")"
	}
	return " (" + v.Position.String() + ")"
}

// whatFor says what kind of thing is needed, and by which server.
func whatFor(n plan.Need) string {
	if n.Server == "-" {
		return "to know"
	}
	return n.Server + " " + n.Kind
}

// requests lists the requests of a message.
func requests(m plan.Message) string {
	var list []string
	for _, r := range m.Requests {
		s := r.Type
		if r.Count > 1 {
			s += fmt.Sprintf(" (%d)", r.Count)
		}
		list = append(list, s)
	}
	return strings.Join(list, ", ")
}

// planMarkdown writes a plan for a pull request.
func planMarkdown(w io.Writer, p *plan.Plan) error {
	o := &outline{w: w}
	o.line(0, "## Plan: %s against %s", markdownText(p.New), markdownText(p.Old))
	if !p.Different {
		o.block("\nNothing changes.")
	}
	for _, c := range p.Platforms {
		o.block("\n### %s", c.Platform)
		if c.Change != diff.Changed {
			o.block("\nThe platform is %s.", c.Change)
		}
		for _, part := range []struct {
			title string
			list  []plan.Value
		}{{"setting", c.Settings}, {"tag", c.Tags}} {
			if len(part.list) == 0 {
				continue
			}
			o.block("\n| %s | old | new | set at |\n| --- | --- | --- | --- |", part.title)
			for _, v := range part.list {
				old, new, place := cellCode(v.Old), cellCode(v.New), ""
				if v.Change == diff.Added {
					old = ""
				}
				if v.Change == diff.Removed {
					new = ""
				}
				if !v.Position.IsZero() {
					place = cellCode(v.Position.String())
				}
				o.line(0, "| %s | %s | %s | %s |", cellCode(v.Name), old, new, place)
			}
		}
		if len(c.DeviceType)+len(c.Templates)+len(c.Files) > 0 {
			o.block("\n```diff")
			for _, r := range c.DeviceType {
				o.request(r)
			}
			for _, f := range c.Templates {
				o.file(f)
			}
			for _, f := range c.Files {
				o.line(0, "# what subscribers get: %s is %s", f.Name, f.Change)
				for _, l := range f.Lines {
					o.line(0, "@@ -%d +%d @@", l.OldLine, l.NewLine)
					for _, text := range l.Old {
						o.line(0, "-%s", unfenced(text))
					}
					for _, text := range l.New {
						o.line(0, "+%s", unfenced(text))
					}
				}
				if f.Omitted > 0 {
					o.line(0, "# and %d more lines", f.Omitted)
				}
			}
			o.line(0, "```")
		}
	}
	if len(p.Send) > 0 {
		o.block("\n### To send, in this order\n")
	}
	for i, m := range p.Send {
		o.line(0, "%d. %s: %s", i+1, cellCode(m.Name), markdownText(requests(m)))
	}
	for _, part := range []struct {
		title, mark string
		list        []plan.Need
	}{{"Needed now", "- [ ] ", p.Needed}, {"Not needed any more", "- ", p.NotNeeded}} {
		if len(part.list) > 0 {
			o.block("\n### %s\n", part.title)
		}
		for _, n := range part.list {
			o.line(0, "%s%s: %s (%s)", part.mark, whatFor(n), cellCode(n.Item), strings.Join(n.Features, ", "))
		}
	}
	if len(p.Notes) > 0 {
		o.line(0, "")
	}
	for _, note := range p.Notes {
		o.line(0, "> %s", markdownText(note))
	}
	return o.err
}

// cellCode returns text as code in a cell of a table of Markdown.
func cellCode(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return "*empty*"
	}
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if fence != "`" {
		s = " " + s + " "
	}
	return fence + strings.ReplaceAll(s, "|", `\|`) + fence
}

// unfenced returns a line that ends no block of code of Markdown.
func unfenced(s string) string { return strings.ReplaceAll(s, "```", "` ` `") }
