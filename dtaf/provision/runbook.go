package provision

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/ocimsg"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/value"
)

// runbookName is the name of the file that tells a person the steps.
const runbookName = "runbook.md"

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

var runbookHeadings = map[string]string{
	kindTagSet:    "## Tag sets",
	kindImport:    "## Import",
	kindFiles:     "## Templates",
	kindOverrides: "## Overrides",
	kindRebuild:   "## Rebuild",
}

// A section is what a runbook says of the messages of one kind.
type section struct {
	kind     string
	intro    string // what the messages are made of, and what they need
	notes    []string
	messages []Message
	hand     string // the steps for a person
}

// text returns the section, without its intro if that stands above all sections.
func (s section) text(shared bool) string {
	var t steps
	if !shared {
		t.WriteString(s.intro)
	}
	for _, note := range s.notes {
		t.para("%s", note)
	}
	t.para("### Messages")
	for _, m := range s.messages {
		t.step("%s: %d of %s", code(m.Name), len(m.Document.Requests), requestNames(m.Document))
	}
	t.end()
	t.para("### By hand")
	t.WriteString(s.hand)
	return t.String()
}

// runbook returns the runbook for a folder: what is there of other kinds, and the
// sections of these.
func (p *Provisioning) runbook(dir string) (string, error) {
	path := filepath.Join(dir, runbookName)
	old, err := readRunbook(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	if err == nil && !strings.HasPrefix(old, runbookTitle) {
		return "", fmt.Errorf("%s is there already and not from dtafgen: move it, or choose another folder", path)
	}
	head := runbookHead
	if p.all {
		old = ""
		head += "\n" + strings.TrimRight(p.sections[0].intro, "\n") + "\n"
	}
	texts := make(map[string]string)
	for _, s := range p.sections {
		texts[s.kind] = s.text(p.all)
	}
	return mergeRunbook(old, head, texts), nil
}

// readRunbook reads a runbook, which is a regular file that is not large.
func readRunbook(path string) (string, error) {
	const most = 16 << 20
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return "", fmt.Errorf("%s: expected a file of at most %d bytes", path, most)
	}
	data, err := os.ReadFile(path)
	return string(data), err
}

// mergeRunbook returns a runbook with the sections of some kinds, and with those of
// an old one that are of other kinds.
func mergeRunbook(old, head string, texts map[string]string) string {
	sections := make(map[string]string)
	heading := ""
	for line := range strings.Lines(old) {
		if strings.HasPrefix(line, "## ") {
			heading = strings.TrimSpace(line)
		}
		if heading != "" {
			sections[heading] += line
		}
	}
	for kind, text := range texts {
		sections[runbookHeadings[kind]] = runbookHeadings[kind] + "\n\n" + text
	}
	var b strings.Builder
	b.WriteString(head)
	for _, kind := range kinds {
		if s := sections[runbookHeadings[kind]]; s != "" {
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

// acceptance is the last step: what a subscriber's app says when all is well.
func (s *steps) acceptance() {
	s.step("Sign in to the app as one of the users, and open Phone Services in its settings: it says %s, \"You're signed in\".", code("SSO Session"))
}

// intro says what messages are made of, and what they need.
func (s *Source) intro() string {
	var t steps
	from, flags := "the embedded default", ""
	if s.Name != "" {
		from, flags = code(s.Name), " -f "+shellQuote(s.Name)
	}
	if s.Title != "" {
		from = code(s.Title) + " (" + from + ")"
	}
	target := "any release"
	if s.Release != 0 {
		target = s.Release.String()
		flags += " --broadworks " + target
	}
	t.para("Made from %s for %s.", from, target)
	t.para("First: the patches, activations and settings that the project's features need, which %s lists.", code("dtafgen requirements"+flags))
	if len(s.Hub) > 0 {
		t.para("In Control Hub and Partner Hub:")
		for _, q := range s.Hub {
			fmt.Fprintf(&t, "- %s: %s", q.Server, q.Item)
			if q.Note != "" {
				fmt.Fprintf(&t, " (%s)", q.Note)
			}
			t.WriteString("\n")
		}
		t.end()
	}
	return t.String()
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

func (src *Source) tagSetSteps(o TagSetOptions, changes []tagSetChange) *steps {
	s := &steps{}
	s.step("Open %s.", portalTagSets)
	for _, c := range changes {
		name := code(c.Name)
		switch c.verb {
		case "make":
			s.step("See that there is no tag set %s. If there is, stop: its tags have to be modified, not added.", name)
			s.step("Add the tag set %s with these tags:", name)
		case "modify":
			s.step("Open the tag set %s, and give its tags these values:", name)
		case "change":
			s.step("Open the tag set %s, and change only this:", name)
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
		return s
	}
	s.para("Rebuild the files of the device types: the apps get the values with their next download. To see that the tag sets are as they should, ask for them (%s) and compare each answer with the project: %s.",
		code("dtafgen oci tagset --query"), code("dtafgen oci compare RESPONSE.xml"))
	s.para("### Going back")
	for _, c := range changes {
		name := code(c.Name)
		switch c.verb {
		case "make":
			s.step("Delete the tag set %s, once no device type uses it.", name)
		case "modify":
			s.step("The values that %s had are known only if they were asked for before (%s): give its tags those, from the answer.", name, code("dtafgen oci tagset --query"))
		case "change":
			s.step("Make messages the other way round for %s, with the two project files swapped: %s.", name, code(swapped(src, o.From)))
		case "delete":
			s.step("Make the tag set %s again from the earlier project file.", name)
		}
	}
	s.step("Rebuild the files of the device types again.")
	return s
}

// swapped returns the command that undoes what was made with From.
func swapped(now, from *Source) string {
	name := func(s *Source) string { return shellQuote(cmp.Or(s.Name, "dtafgen.toml")) }
	return "dtafgen oci tagset -f " + name(from) + " --from " + name(now)
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
		case c.Secret[tagname.Bare(name)]:
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

func (src *Source) importSteps(o ImportOptions, imports []ocimsg.Import) (*steps, error) {
	s := &steps{}
	if !src.Inline {
		s.step("See at %s that the tag sets are there.", portalTagSets)
	}
	s.step("Open %s, Import. For each of these archives choose Device Type File Upload and browse for it. It is the inner archive, which has a release in its name, and not the container:", portalDeviceTypes)
	for i, t := range src.Targets {
		fmt.Fprintf(s, "   - %s, for %s\n", code(t.ArchiveName), code(cmp.Or(imports[i].NewName, t.DeviceType)))
	}
	if o.UpdateFiles {
		s.step("Tick Device Type File Update: the archive's templates overwrite those of the device type.")
	} else {
		s.step("Leave Device Type File Update unticked: it is for a device type that is there already.")
	}
	for i, t := range src.Targets {
		name := cmp.Or(imports[i].NewName, t.DeviceType)
		manifest, err := t.manifest()
		if err != nil {
			return nil, err
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
		party, _ := get("supportRemotePartyInfo")
		if set, _ := value.Truth(party); set {
			fmt.Fprintf(s, "   - see that Support Remote Party Info is set, or set it: %s\n", code(fmt.Sprintf("AS_CLI/System/DeviceType/SIP> set %q supportRemotePartyInfo true", name)))
		}
		if encoding, ok := get("defaultDeviceEncoding"); ok {
			fmt.Fprintf(s, "   - set the encoding, if it is another: %s\n", code(fmt.Sprintf("AS_CLI/System/DeviceType/SIP> set %q defaultDeviceEncoding %s", name, encoding)))
		}
		s.WriteString("   - save it\n")
	}
	s.step("In each profile's Files and Authentication, rebuild all system files.")
	if !o.UpdateFiles {
		s.step("Give each user of the app an identity/device profile of these types.")
	}
	s.acceptance()
	s.end()
	s.para("### Going back")
	if o.UpdateFiles {
		s.step("Import the archives that were imported before, in the same way. Keep them: the system does not.")
	} else {
		s.step("Delete the device types that were imported, as long as no device uses them.")
	}
	s.step("Rebuild the files of the device types.")
	return s, nil
}

func filesSteps(scope Scope, files []changedFile) *steps {
	s := &steps{}
	where := portalDeviceTypes + ", the profile's Files and Authentication"
	if scope.Group != "" {
		where = fmt.Sprintf("the group %s of %s, its device types' files", code(scope.Group), code(scope.ServiceProvider))
	}
	s.step("Save the templates that are there now, from %s: going back needs them.", where)
	s.step("Upload:")
	for _, f := range files {
		fmt.Fprintf(s, "   - for %s, file %s: %s of %s\n", code(f.deviceType), code(f.format), code(f.source), code(f.archive))
	}
	s.step("Rebuild the files of the device types.")
	s.acceptance()
	s.end()
	s.para("### Going back")
	if scope.Group != "" {
		s.step("Set the files' source to Default: the group has the system's templates again. As a message that is fileSource Default in a %s.", "GroupDeviceTypeFileModifyRequest14sp8")
	} else {
		s.step("Upload the templates that were saved, or make these messages again from the earlier project file.")
	}
	s.step("Rebuild the files of the device types.")
	return s
}

func (src *Source) rebuildSteps(scope Scope) *steps {
	s := &steps{}
	for _, t := range src.Targets {
		if scope.Group != "" {
			s.step("Group %s of %s, device type %s: rebuild its files.", code(scope.Group), code(scope.ServiceProvider), code(t.DeviceType))
			continue
		}
		s.step("%s, %s, Files and Authentication: rebuild all system files.", portalDeviceTypes, code(t.DeviceType))
	}
	s.end()
	s.para("### Going back")
	s.para("A rebuild changes nothing but the built files: what they are built from decides. Put that back, and rebuild.")
	return s
}

func overrideSteps(groups []overrideGroup) *steps {
	s := &steps{}
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
	return s
}
