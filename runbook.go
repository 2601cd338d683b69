package wxt

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/tags"
)

// runbookTitle begins every runbook, so that one can be told from a file of
// somebody else's.
const runbookTitle = "# Runbook: the Webex app on an Application Server\n"

const runbookHead = runbookTitle + `
Each section says the same twice: which messages a gateway sends, and the steps for a person in the
portal and at the command line. Do one of the two, section by section, from the top.

A message is sent whole, in the order of the numbers, in a session of a system administrator: the
gateway logs in, and puts its own session in the place of the messages' sessionId. No password is
here. The answer to each command has to be a SuccessResponse, or the data that was asked for. Stop
at an ErrorResponse, and read its summary and detail: the commands after it may not have been tried.
`

var runbookHeadings = map[ProvisionKind]string{
	KindTagSet:    "## Tag sets",
	KindImport:    "## Import",
	KindFiles:     "## Templates",
	KindOverrides: "## Overrides",
	KindRebuild:   "## Rebuild",
}

// mergeRunbook returns a runbook with the sections of an old one, but for that of
// kind, which is steps.
func mergeRunbook(old []byte, kind ProvisionKind, steps string) string {
	sections := make(map[string]string)
	heading := ""
	for line := range strings.Lines(string(old)) {
		if strings.HasPrefix(line, "## ") {
			heading = strings.TrimSpace(line)
		}
		if heading != "" {
			sections[heading] += line
		}
	}
	sections[runbookHeadings[kind]] = runbookHeadings[kind] + "\n\n" + steps
	var b strings.Builder
	b.WriteString(runbookHead)
	for _, k := range ProvisionKinds() {
		if s := sections[runbookHeadings[k]]; s != "" {
			b.WriteString("\n" + strings.TrimRight(s, "\n") + "\n")
		}
	}
	return b.String()
}

// steps writes a section of a runbook.
type steps struct {
	strings.Builder
	number int
}

func (s *steps) para(format string, args ...any) {
	fmt.Fprintf(&s.Builder, format+"\n\n", args...)
	s.number = 0
}

func (s *steps) step(format string, args ...any) {
	s.number++
	fmt.Fprintf(&s.Builder, "%d. "+format+"\n", append([]any{s.number}, args...)...)
}

// end ends a list.
func (s *steps) end() {
	s.WriteString("\n")
	s.number = 0
}

// newSteps begins a section with what it is made of, what it needs and the
// messages.
func newSteps(p *Project, o Options, pr *Provisioning) *steps {
	s := &steps{}
	release := cmp.Or(o.Release, p.BroadWorks)
	from, flags := "the embedded default", ""
	if p.file != "" {
		from, flags = code(p.file), " -f "+shellQuote(p.file)
	}
	target := "any release"
	if release != 0 {
		target = release.String()
		flags += " --broadworks " + release.String()
	}
	s.para("Made from %s for %s.", from, target)
	s.para("First: the patches, activations and settings that the project's features need, which %s lists.", code("dtafgen requirements"+flags))
	for _, note := range pr.Notes {
		s.para("%s", note)
	}
	s.para("### Messages")
	for _, m := range pr.Messages {
		s.step("%s: %d of %s", code(m.Name), len(m.Document.Requests), requestNames(m.Document))
	}
	s.end()
	s.para("### By hand")
	return s
}

// requestNames lists the requests of a message, each once.
func requestNames(d *oci.Document) string {
	var names []string
	for _, r := range d.Requests {
		if !slices.Contains(names, r.Type) {
			names = append(names, r.Type)
		}
	}
	return strings.Join(names, ", ")
}

// code returns text as a code span of Markdown.
func code(text string) string {
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if text == "" {
		return "(empty)"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// shellQuote returns a word as a shell takes it.
func shellQuote(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") == "" && s != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// The places of the portal. (documented)
const (
	portalTagSets     = "System > Resources > Device Management Tag Sets"
	portalDeviceTypes = "System > Resources > Identity/Device Profile Types"
)

func tagSetSteps(p *Project, o TagSetOptions, changes []tagSetChange, pr *Provisioning) string {
	s := newSteps(p, o.Options, pr)
	s.step("Open %s.", portalTagSets)
	for _, c := range changes {
		name := code(c.name)
		switch c.verb {
		case "make":
			s.step("See that there is no tag set %s. If there is, stop: its tags have to be modified, not added.", name)
			s.step("Add the tag set %s with these tags:", name)
		case "modify":
			s.step("Open the tag set %s, and give its tags these values:", name)
		case "change":
			s.step("Open the tag set %s, and change this alone:", name)
		case "delete":
			s.step("See in %s that no device type uses the tag set %s, and delete it.", portalDeviceTypes, name)
			continue
		default:
			s.step("Open the tag set %s, and note its tags and their values.", name)
			continue
		}
		for _, r := range c.document.Requests {
			tagLine(s, c, r)
		}
	}
	s.end()
	s.para("### Afterwards")
	if o.Query {
		s.para("Compare each answer with the project: %s.", code("dtafgen oci compare RESPONSE.xml"))
		return s.String()
	}
	s.para("Rebuild the files of the device types: the apps get the values with their next download. To see that the tag sets are as they should, ask for them (%s) and compare each answer with the project: %s.",
		code("dtafgen oci tagset --query"), code("dtafgen oci compare RESPONSE.xml"))
	s.para("### Going back")
	for _, c := range changes {
		name := code(c.name)
		switch c.verb {
		case "make":
			s.step("Delete the tag set %s, once no device type uses it.", name)
		case "modify":
			s.step("The values that %s had are known only if they were asked for before (%s): give its tags those, from the answer.", name, code("dtafgen oci tagset --query"))
		case "change":
			s.step("Make messages the other way round for %s, with the two project files swapped: %s.", name, code(swapped(p, o)))
		case "delete":
			s.step("Make the tag set %s again from the earlier project file.", name)
		}
	}
	s.step("Rebuild the files of the device types again.")
	return s.String()
}

// swapped returns the command that undoes what was made with From.
func swapped(p *Project, o TagSetOptions) string {
	name := func(p *Project) string {
		if p.file == "" {
			return FileName
		}
		return shellQuote(p.file)
	}
	return "dtafgen oci tagset -f " + name(o.From) + " --from " + name(p)
}

// tagLine writes what a request does to a tag.
func tagLine(s *steps, c tagSetChange, r *oci.Request) {
	name, ok := r.Get("tagName")
	if !ok {
		return
	}
	what := ""
	switch r.Type {
	case "SystemDeviceManagementTagDeleteListRequest":
		what = "delete it"
	default:
		value, ok := r.Get("tagValue")
		switch {
		case !ok && strings.HasPrefix(r.Type, "SystemDeviceManagementTagModify"):
			what = "the value stays"
		case c.secret[tags.Bare(name)]:
			what = "the value that the project has, which is not printed"
		default:
			what = code(value)
		}
		if strings.HasPrefix(r.Type, "SystemDeviceManagementTagAdd") && c.verb == "change" {
			what = "add it: " + what
		}
		if overridable, _ := r.Get("isTagValueOverridable"); overridable == "false" {
			what += ", not overridable"
		}
	}
	fmt.Fprintf(s, "   - %s: %s\n", code(name), what)
}

func importSteps(p *Project, o ImportOptions, b *Bundle, imports []oci.Import, pr *Provisioning) string {
	s := newSteps(p, o.Options, pr)
	if o.Mode == Tags {
		s.step("See at %s that the tag sets are there.", portalTagSets)
	}
	s.step("Open %s, and import:", portalDeviceTypes)
	for i, a := range b.Archives {
		name := a.DeviceType
		if n := imports[i].NewName; n != "" {
			name = n
		}
		what := "as"
		if o.UpdateFiles {
			what = "to update the files of"
		}
		fmt.Fprintf(s, "   - %s %s %s\n", code(a.Name), what, code(name))
	}
	for i, a := range b.Archives {
		name := a.DeviceType
		if n := imports[i].NewName; n != "" {
			name = n
		}
		manifest, err := a.Archive.Manifest()
		if err != nil {
			continue // Build made it.
		}
		get := func(element string) (string, bool) {
			for _, r := range manifest.Requests {
				if v, ok := r.Get(element); ok && v != "" {
					return v, true
				}
			}
			return "", false
		}
		s.step("Open the profile %s:", code(name))
		if host, ok := get("deviceAccessNetAddress"); ok {
			fmt.Fprintf(s, "   - see that the XSP|ADP farm is %s\n", code(host))
		} else {
			s.WriteString("   - enter the name of the XSP|ADP farm\n")
		}
		if protocol, ok := get("deviceAccessProtocol"); ok {
			fmt.Fprintf(s, "   - see that the Device Access Protocol is %s\n", code(protocol))
		}
		if party, _ := get("supportRemotePartyInfo"); isTrueValue(party) {
			fmt.Fprintf(s, "   - see that Support Remote Party Info is set, or set it: %s\n", code(fmt.Sprintf("AS_CLI/System/DeviceType/SIP> set %q supportRemotePartyInfo true", name)))
		}
		if encoding, ok := get("defaultDeviceEncoding"); ok {
			fmt.Fprintf(s, "   - set the encoding, if it is another: %s\n", code(fmt.Sprintf("AS_CLI/System/DeviceType/SIP> set %q defaultDeviceEncoding %s", name, encoding)))
		}
	}
	s.step("Files and Authentication: rebuild all system files.")
	s.end()
	s.para("### Going back")
	if o.UpdateFiles {
		s.step("Import the archives that were imported before, in the same way. Keep them: the system does not.")
	} else {
		s.step("Delete the device types that were imported, as long as no device uses them.")
	}
	s.step("Rebuild the files of the device types.")
	return s.String()
}

func filesSteps(p *Project, o FileOptions, files []changedFile, pr *Provisioning) string {
	s := newSteps(p, o.Options, pr)
	where := portalDeviceTypes + ", the profile's Files and Authentication"
	if o.Scope.Group != "" {
		where = fmt.Sprintf("the group %s of %s, its device types' files", code(o.Scope.Group), code(o.Scope.ServiceProvider))
	}
	s.step("Save the templates that are there now, from %s: going back needs them.", where)
	s.step("Upload:")
	for _, f := range files {
		fmt.Fprintf(s, "   - for %s, file %s: %s of %s\n", code(f.deviceType), code(f.format), code(f.source), code(f.archive))
	}
	s.step("Rebuild the files of the device types.")
	s.step("Sign an app out and in, and see that phone services connect.")
	s.end()
	s.para("### Going back")
	if o.Scope.Group != "" {
		s.step("Set the files' source to Default: the group has the system's templates again. As a message that is fileSource Default in a %s.", "GroupDeviceTypeFileModifyRequest14sp8")
	} else {
		s.step("Upload the templates that were saved, or make these messages again from the earlier project file.")
	}
	s.step("Rebuild the files of the device types.")
	return s.String()
}

func rebuildSteps(p *Project, o RebuildOptions, targets []*Target, pr *Provisioning) string {
	s := newSteps(p, o.Options, pr)
	for _, t := range targets {
		if o.Scope.Group != "" {
			s.step("Group %s of %s, device type %s: rebuild its files.", code(o.Scope.Group), code(o.Scope.ServiceProvider), code(t.DeviceType))
			continue
		}
		s.step("%s, %s, Files and Authentication: rebuild all system files.", portalDeviceTypes, code(t.DeviceType))
	}
	s.end()
	s.para("### Going back")
	s.para("A rebuild changes nothing but the built files: what they are built from decides. Put that back, and rebuild.")
	return s.String()
}

func overrideSteps(p *Project, o OverrideOptions, groups []overrideGroup, pr *Provisioning) string {
	s := newSteps(p, o.Options, pr)
	for _, g := range groups {
		s.step("%s: add the custom tags", g.where())
		for _, v := range g.values {
			value := code(v.Value)
			if g.secret[v.Name] {
				value = "the value that the file has, which is not printed"
			}
			fmt.Fprintf(s, "   - %s: %s\n", code("%"+v.Name+"%"), value)
		}
	}
	s.step("Rebuild the files of the device types.")
	s.end()
	s.para("### Going back")
	s.step("Delete these custom tags at the same places.")
	s.step("Rebuild the files of the device types again.")
	return s.String()
}
