package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed style.css
	styleCSS string
	//go:embed script.js
	scriptJS string
)

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"title":        title,
	"step":         step,
	"changed":      countChanged,
	"lineChanged":  lineChanged,
	"lineTags":     lineTags,
	"groups":       groups,
	"reasons":      reasons,
	"platformName": platformName,
	"count":        count,
	"placeFile":    func(p schema.Position) string { return p.File },
	"placeNumbers": func(p schema.Position) string { return strings.TrimPrefix(p.String(), p.File) },
}).Parse(pageHTML))

// A view is what the page is made of.
type view struct {
	*Report
	Style                 template.CSS
	Script                template.JS
	StyleHash, ScriptHash string // for the content security policy
	Errors                int
	Warnings              int
	Infos                 int
}

// Write writes the page of a report, in many small pieces. The same report gives
// the same bytes. Its own style and script are all that the page lets a browser use.
func Write(w io.Writer, r *Report) error {
	v := view{
		Report: r,
		Style:  template.CSS(styleCSS), StyleHash: hash(styleCSS),
		Script: template.JS(scriptJS), ScriptHash: hash(scriptJS),
	}
	for _, f := range r.Findings {
		switch f.Severity {
		case schema.Error:
			v.Errors++
		case schema.Warning:
			v.Warnings++
		default:
			v.Infos++
		}
	}
	return page.Execute(w, v)
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// title says what a segment of a template is.
func title(s Segment) string {
	switch {
	case s.Unfilled && tagname.IsSystem(s.Tag):
		return s.Tag + ": filled in by the Application Server"
	case s.Unfilled:
		return s.Tag + ": no value"
	case s.Text == "":
		return s.Tag + ": an empty value"
	}
	return s.Tag + ": " + s.Text
}

func countChanged(values []Value) int {
	n := 0
	for _, v := range values {
		if v.Changed {
			n++
		}
	}
	return n
}

func lineChanged(l Line) bool {
	return slices.ContainsFunc(l.Segments, func(s Segment) bool { return s.Changed })
}

// lineTags returns the names of the tags in a line, which its text has not where
// they are filled in.
func lineTags(l Line) string {
	var names []string
	seen := make(map[string]bool)
	for _, s := range l.Segments {
		if s.Tag != "" && !seen[s.Tag] {
			seen[s.Tag] = true
			names = append(names, s.Tag)
		}
	}
	return strings.Join(names, " ")
}

func platformName(p tags.Platform) string {
	name := p.String()
	return strings.ToUpper(name[:1]) + name[1:]
}

// count returns a number with the word for what it counts.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// A group is the requirements of one server, of one release where there is more
// than one.
type group struct {
	Title string
	Items []schema.Requirement
}

func groups(r *schema.Requirements) []group {
	var list []group
	for _, q := range r.Requirements {
		name := q.Server
		switch name {
		case "-":
			name = "To know"
		}
		if r.Release == "" {
			release := q.Release
			if release == "all" {
				release = "every release"
			}
			name += ", " + release
		}
		if len(list) == 0 || list[len(list)-1].Title != name {
			list = append(list, group{Title: name})
		}
		last := &list[len(list)-1]
		items := q.Commands
		if len(items) == 0 {
			items = []string{q.Item}
		}
		for _, item := range items {
			q.Item = item
			last.Items = append(last.Items, q)
		}
	}
	return list
}

// step says what is to be done with a kind of requirement.
func step(kind string) string {
	switch kind {
	case "patch":
		return "Install the patch"
	case "app":
		return "Deploy"
	case "activate":
		return "Activate the feature"
	case "cli":
		return "Run"
	}
	return ""
}

// A reason is what switches a feature on, on one or more platforms.
type reason struct {
	Setting, Value, Platforms, Place string
}

func reasons(f schema.Feature) []reason {
	var list []reason
	for _, r := range f.Reasons {
		n := reason{Setting: r.Setting, Value: r.Value, Platforms: r.Platform.String(), Place: filepath.ToSlash(r.Position.String())}
		same := slices.IndexFunc(list, func(o reason) bool {
			return o.Setting == n.Setting && o.Value == n.Value && o.Place == n.Place
		})
		if same >= 0 {
			list[same].Platforms += ", " + n.Platforms
			continue
		}
		list = append(list, n)
	}
	return list
}
