package cli

import (
	"io"
	"net/url"
	"path/filepath"
	"slices"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/dtafgen/wxt/schema"
)

// informationURI is where SARIF says that the tool is at home.
const informationURI = "https://github.com/dtafgen/wxt"

// writeSARIF writes findings as a SARIF 2.1.0 log of one run. All rules stand in
// it, so that a rule without findings is known to have been looked for.
func writeSARIF(w io.Writer, findings schema.Findings) error {
	levels := map[schema.Severity]string{schema.Error: "error", schema.Warning: "warning", schema.Info: "note"}
	text := func(s string) *sarif.MultiformatMessageString {
		return sarif.NewMultiformatMessageString().WithText(s)
	}
	run := sarif.NewRunWithInformationURI("dtafgen", informationURI)
	run.WithColumnKind("unicodeCodePoints")
	if v := moduleVersion(); v != "" {
		run.Tool.Driver.WithVersion(v)
	}
	rules := schema.Rules()
	for _, r := range rules {
		run.AddRule(r.Code).
			WithName(r.Name).
			WithShortDescription(text(r.Protects)).
			WithHelp(text(r.Protects + " Source: " + r.Source + ".")).
			WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(levels[r.Severity]))
	}
	for _, f := range findings {
		message := f.Message
		if f.Remedy != "" {
			message += "\n" + f.Remedy
		}
		result := sarif.NewRuleResult(f.Code).WithLevel(levels[f.Severity]).WithMessage(sarif.NewMessage().WithText(message))
		if i := slices.IndexFunc(rules, func(r schema.Rule) bool { return r.Code == f.Code }); i >= 0 {
			result.WithRuleIndex(i)
		}
		if hasFile(f) {
			place := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewArtifactLocation().WithURI(fileURI(f.File)))
			if f.Line > 0 {
				region := sarif.NewRegion().WithStartLine(f.Line)
				if f.Column > 0 {
					region.WithStartColumn(f.Column)
				}
				if f.EndLine > 0 {
					region.WithEndLine(f.EndLine).WithEndColumn(f.EndColumn)
				}
				place.WithRegion(region)
			}
			result.WithLocations([]*sarif.Location{sarif.NewLocation().WithPhysicalLocation(place)})
		}
		if f.Tag != "" || f.Platform != 0 {
			about := sarif.NewPropertyBag()
			if f.Tag != "" {
				about.AddTag(f.Tag)
			}
			if f.Platform != 0 {
				about.AddTag(f.Platform.String())
			}
			result.WithProperties(about)
		}
		if f.Fix != (schema.Fix{}) {
			result.AddFixe(sarifFix(f))
		}
		run.AddResult(result)
	}
	report := sarif.NewReport()
	report.AddRun(run)
	return report.PrettyWrite(w)
}

// sarifFix returns the fix of a finding.
func sarifFix(f schema.Finding) *sarif.Fix {
	region := sarif.NewRegion().WithStartLine(f.Fix.Line).WithStartColumn(f.Fix.Column).WithEndLine(f.Fix.EndLine).WithEndColumn(f.Fix.EndColumn)
	change := sarif.NewArtifactChange().
		WithArtifactLocation(sarif.NewArtifactLocation().WithURI(fileURI(f.Fix.File))).
		AddReplacement(sarif.NewReplacement().WithDeletedRegion(region).WithInsertedContent(sarif.NewArtifactContent().WithText(f.Fix.Text)))
	fix := sarif.NewFix().WithDescription(sarif.NewMessage().WithText(f.Remedy)).AddArtifactChange(change)
	if f.Fix.Safe {
		fix.WithProperties(sarif.NewPropertyBag().WithTags([]string{"safe"}))
	}
	return fix
}

// fileURI returns the name of a file as a reference relative to where dtafgen
// runs, or as a file URL if it is absolute.
func fileURI(name string) string {
	name = filepath.ToSlash(name)
	if filepath.IsAbs(name) {
		return (&url.URL{Scheme: "file", Path: "/" + trimSlash(name)}).String()
	}
	// The leading "./" keeps a colon in the first part from being a scheme.
	return (&url.URL{Path: name}).String()
}

func trimSlash(s string) string {
	for len(s) > 0 && s[0] == '/' {
		s = s[1:]
	}
	return s
}
