package wxt

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/atomicfile"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// RunbookName is the name of the file that tells a person the steps of a
// provisioning.
const RunbookName = "runbook.md"

// DefaultSession is the sessionId of messages where nothing else is said.
const DefaultSession = "dtafgen"

// A ProvisionKind is what a provisioning is about.
type ProvisionKind string

// The kinds of provisioning, in the order in which a system needs them: a device
// type names its tag set, and files are built from what is there.
const (
	KindTagSet    ProvisionKind = "tagset"
	KindImport    ProvisionKind = "import"
	KindFiles     ProvisionKind = "files"
	KindOverrides ProvisionKind = "overrides"
	KindRebuild   ProvisionKind = "rebuild"
)

// ProvisionKinds returns the kinds in the order in which a system needs them.
func ProvisionKinds() []ProvisionKind {
	return []ProvisionKind{KindTagSet, KindImport, KindFiles, KindOverrides, KindRebuild}
}

// A Provisioning is the messages that bring a part of a project to an Application
// Server, in the order to send them, and the same as steps for a person.
type Provisioning struct {
	Kind     ProvisionKind
	Messages []Message
	Findings schema.Findings // of severity warning and info
	Notes    []string        // what there is to know of these messages, a sentence each
	Steps    string          // the section of the runbook, in Markdown
}

// A Message is one BroadsoftDocument of at most [oci.MaxCommands] requests.
type Message struct {
	Name     string // of its file, as in 01-tagset-BroadTouch_Tags.xml
	Document *oci.Document
}

// MessageOptions say how messages are made. The zero value is useful.
type MessageOptions struct {
	Session string // sessionId; empty: DefaultSession, which a gateway replaces
	Batch   int    // requests in a message, 1 to oci.MaxCommands; 0: oci.MaxCommands
}

// check returns the options with what is left out filled in.
func (o MessageOptions) check() (MessageOptions, error) {
	o.Session = cmp.Or(o.Session, DefaultSession)
	o.Batch = cmp.Or(o.Batch, oci.MaxCommands)
	if o.Batch < 1 || o.Batch > oci.MaxCommands {
		return o, fmt.Errorf("a message can't have %d commands: expected 1 to %d", o.Batch, oci.MaxCommands)
	}
	if strings.TrimSpace(o.Session) != o.Session {
		return o, fmt.Errorf("the session %q begins or ends with white space", o.Session)
	}
	return o, nil
}

// A part is requests that belong together, with the words of their files' names.
type part struct {
	label    string
	document *oci.Document
}

// provisioning makes numbered messages of parts, and has each of them checked
// against what the OCI schema and the release take.
func provisioning(kind ProvisionKind, release oci.Release, o MessageOptions, parts []part) (*Provisioning, error) {
	o, err := o.check()
	if err != nil {
		return nil, err
	}
	p := &Provisioning{Kind: kind}
	for _, part := range parts {
		if part.document.Since() > max(release, oci.R21SP1) {
			return nil, fmt.Errorf("%s: the requests take %s", part.label, part.document.Since())
		}
		for _, d := range part.document.Split(o.Batch) {
			d.SessionID = o.Session
			name := string(kind)
			if part.label != "" {
				name += "-" + part.label
			}
			if err := d.Check().Err(); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			p.Messages = append(p.Messages, Message{shorten(fileName(name)) + ".xml", d})
		}
	}
	width := max(2, len(fmt.Sprint(len(p.Messages))))
	for i, m := range p.Messages {
		p.Messages[i].Name = fmt.Sprintf("%0*d-%s", width, i+1, m.Name)
	}
	return p, nil
}

// shorten cuts a file's name, escaped as in a URL, to a length that every system
// takes. The number ahead of it tells apart what then reads the same.
func shorten(name string) string {
	const most = 120
	if len(name) <= most {
		return name
	}
	name = name[:most]
	if i := strings.LastIndexByte(name, '%'); i > most-3 {
		name = name[:i]
	}
	return strings.TrimRight(name, ". ")
}

// Files yields the messages, and at last the runbook, if there are messages.
func (p *Provisioning) Files() iter.Seq[File] {
	return func(yield func(File) bool) {
		for _, m := range p.Messages {
			if !yield(File{m.Name, m.Document.Bytes()}) {
				return
			}
		}
		if len(p.Messages) > 0 {
			yield(File{RunbookName, []byte(mergeRunbook(nil, p.Kind, p.Steps))})
		}
	}
}

var messageName = regexp.MustCompile(`^[0-9]{2,}-([a-z]+)(?:-.*)?\.xml$`)

// WriteDir writes the files of the provisioning to dir, which is made if need be,
// and returns their names. Each file appears whole or not at all.
//
// Messages of other kinds may be there already: the runbook then keeps their
// sections. Messages of the same kind that would stay behind, and be sent with
// the new ones, are an error; with replace they are removed. Then nothing, or
// nothing but what this provisioning has, is left of an earlier one.
func (p *Provisioning) WriteDir(dir string, replace bool) ([]string, error) {
	if len(p.Messages) == 0 && !replace {
		return nil, nil
	}
	var names []string
	for _, m := range p.Messages {
		names = append(names, m.Name)
	}
	stale, err := p.stale(dir, names)
	if err != nil {
		return nil, err
	}
	if len(stale) > 0 && !replace {
		return nil, fmt.Errorf("%s holds messages of an earlier run, such as %s, that would be sent with these: remove them, or choose another folder", dir, stale[0])
	}
	if len(p.Messages) > 0 {
		runbook, err := p.runbook(dir)
		if err != nil {
			return nil, err
		}
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return nil, err
		}
		for f := range p.Files() {
			if f.Name == RunbookName {
				f.Data = runbook
			}
			if err := atomicfile.Write(filepath.Join(dir, f.Name), f.Data, 0o666); err != nil {
				return nil, err
			}
		}
		names = append(names, RunbookName)
	}
	for _, name := range stale {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// stale returns the messages of this kind in dir that are not among names.
func (p *Provisioning) stale(dir string, names []string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var stale []string
	for _, e := range entries {
		m := messageName.FindStringSubmatch(e.Name())
		if m != nil && m[1] == string(p.Kind) && e.Type().IsRegular() && !slices.Contains(names, e.Name()) {
			stale = append(stale, e.Name())
		}
	}
	return stale, nil
}

// runbook returns the runbook for dir: what is there of other kinds, and the steps
// of this one.
func (p *Provisioning) runbook(dir string) ([]byte, error) {
	path := filepath.Join(dir, RunbookName)
	old, err := readFile(path, MaxProjectSize)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if err == nil && !strings.HasPrefix(string(old), runbookTitle) {
		return nil, fmt.Errorf("%s is there already and not from dtafgen: move it, or choose another folder", path)
	}
	return []byte(mergeRunbook(old, p.Kind, p.Steps)), nil
}

// ImportOptions say which archives are imported and how.
type ImportOptions struct {
	Options
	MessageOptions
	BaseURL     string            // where the server finds the archives: http or file
	UpdateFiles bool              // update the files of device types that are there; takes R25
	Rename      map[string]string // new names by platform or device type; takes R25
}

// ProvisionImport makes the messages that import the archives of a project: a dry
// run and the import for R25, and the import alone for other releases, of which
// no dry run is known. The archives have to be at BaseURL, under the names that
// [Build] gives them.
func ProvisionImport(p *Project, o ImportOptions) (*Provisioning, error) {
	bundle, err := Build(p, o.Options)
	if err != nil {
		return nil, err
	}
	base, err := importBase(o.BaseURL)
	if err != nil {
		return nil, err
	}
	release := cmp.Or(o.Release, p.BroadWorks)
	used := make(map[string]bool)
	var imports []oci.Import
	for _, a := range bundle.Archives {
		i := oci.Import{URL: base + url.PathEscape(a.Name), DeviceType: a.DeviceType, UpdateFiles: o.UpdateFiles}
		for _, key := range []string{a.DeviceType, a.Platform.String()} {
			if name, ok := o.Rename[key]; ok {
				if err := dtaf.CheckDeviceTypeName(name); err != nil {
					return nil, fmt.Errorf("rename %s: %w", key, err)
				}
				i.NewName, used[key] = name, true
			}
		}
		imports = append(imports, i)
	}
	for key := range o.Rename {
		if !used[key] {
			return nil, fmt.Errorf("rename: no platform and no device type of the project is called %q: expected one such as %q or %q", key, tags.Desktop, dtaf.Spec(tags.Desktop).Name)
		}
	}
	var parts []part
	if t, ok := oci.Lookup("SystemDeviceTypeImportDryRunRequest"); ok && t.KnownIn(release) {
		dry, err := oci.NewImportDryRun(release, imports...)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{"dry-run", dry})
	}
	doc, err := oci.NewImport(release, imports...)
	if err != nil {
		return nil, err
	}
	pr, err := provisioning(KindImport, release, o.MessageOptions, append(parts, part{"", doc}))
	if err != nil {
		return nil, err
	}
	pr.Findings = bundle.Findings
	if len(parts) == 0 {
		pr.Notes = append(pr.Notes, "No dry run: the request for it is known of R25 alone.")
	}
	if o.Mode == Tags && !o.UpdateFiles {
		pr.Notes = append(pr.Notes, "The tag sets have to be there before the import: each device type names its own.")
	}
	pr.Steps = importSteps(p, o, bundle, imports, pr)
	return pr, nil
}

// importBase checks the URL that archives are imported from, and returns it with a
// slash at its end.
func importBase(s string) (string, error) {
	u, err := url.Parse(s)
	switch {
	case s == "":
		return "", errors.New("there is no URL: expected where the Application Server finds the archives, such as http://files.example.com/dtaf")
	case err != nil:
		return "", fmt.Errorf("%q is not a URL: expected one such as http://files.example.com/dtaf", redactURL(s))
	case u.User != nil:
		return "", errors.New("the URL has a user or a password in it: a message is no place for them; serve the archives without")
	case u.Scheme != "http" && u.Scheme != "file":
		return "", fmt.Errorf("the URL's protocol is %q: an Application Server imports from http and file alone", u.Scheme)
	case u.Scheme == "http" && u.Host == "":
		return "", fmt.Errorf("the URL %q has no host", s)
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return "", fmt.Errorf("the URL %q has a query or a fragment: expected the folder of the archives", s)
	case u.Opaque != "" || u.Scheme == "file" && !strings.HasPrefix(u.Path, "/"):
		return "", fmt.Errorf("the URL %q has no absolute path: expected one such as file:///var/broadworks/dtaf", s)
	}
	return strings.TrimSuffix(u.String(), "/") + "/", nil
}

// redactURL leaves out of a text that is not quite a URL what may be a password.
func redactURL(s string) string {
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		return "..." + s[at:]
	}
	return s
}

// FileOptions say which templates go to a system, and where there.
type FileOptions struct {
	Options
	MessageOptions
	Scope oci.Scope // a group; zero: all of the system
	All   bool      // every file of the archive, not the app's own config-wxt.xml alone
}

// ProvisionFiles makes the messages that give device types that are there the
// templates of the project, without importing the types again.
func ProvisionFiles(p *Project, o FileOptions) (*Provisioning, error) {
	bundle, err := Build(p, o.Options)
	if err != nil {
		return nil, err
	}
	var parts []part
	var changed []changedFile
	for _, a := range bundle.Archives {
		manifest, err := a.Archive.Manifest()
		if err != nil {
			return nil, err
		}
		doc := &oci.Document{}
		var formats []string
		for _, r := range dtaf.FileRequests(manifest) {
			format, _ := r.Get("fileFormat")
			formats = append(formats, format)
			source, ok := r.Get("sourceFileName")
			if !ok || !o.All && format != dtaf.Spec(a.Platform).FileFormat {
				continue
			}
			template, ok := a.Archive.File(source)
			if !ok {
				return nil, fmt.Errorf("%s: the archive lacks %s, which its manifest names", a.Platform, source)
			}
			request, err := oci.NewFileModify(o.Scope, a.DeviceType, format, template)
			if err != nil {
				return nil, err
			}
			doc.Requests = append(doc.Requests, request)
			changed = append(changed, changedFile{a.Platform, a.DeviceType, format, source, a.Name})
		}
		if len(doc.Requests) == 0 {
			return nil, fmt.Errorf("%s: the archive has no file %s with a template: it has %s", a.Platform, dtaf.Spec(a.Platform).FileFormat, strings.Join(formats, ", "))
		}
		parts = append(parts, part{a.Platform.String(), doc})
	}
	pr, err := provisioning(KindFiles, cmp.Or(o.Release, p.BroadWorks), o.MessageOptions, parts)
	if err != nil {
		return nil, err
	}
	pr.Findings = bundle.Findings
	pr.Steps = filesSteps(p, o, changed, pr)
	return pr, nil
}

// A changedFile is a file whose template goes to a system.
type changedFile struct {
	platform                            tags.Platform
	deviceType, format, source, archive string
}

// RebuildOptions say whose files are rebuilt.
type RebuildOptions struct {
	Options
	MessageOptions
	Scope oci.Scope // a group; zero: all of the system
	Type  string    // rebuildType: "Device Type" or "Device Profiles"; empty: left to the server; of the system alone
}

// ProvisionRebuild makes the message that has the files of the project's device
// types built anew, which is what brings changed values and templates to the
// apps.
func ProvisionRebuild(p *Project, o RebuildOptions) (*Provisioning, error) {
	c, rules := checked(p, []CheckOption{o.Options})
	findings := c.Check(rules...)
	if err := findings.Err(); err != nil {
		return nil, err
	}
	doc := &oci.Document{}
	for _, t := range c.Targets {
		r, err := oci.NewRebuild(o.Scope, t.DeviceType, o.Type)
		if err != nil {
			return nil, err
		}
		doc.Requests = append(doc.Requests, r)
	}
	pr, err := provisioning(KindRebuild, cmp.Or(o.Release, p.BroadWorks), o.MessageOptions, []part{{"", doc}})
	if err != nil {
		return nil, err
	}
	pr.Findings = findings
	pr.Steps = rebuildSteps(p, o, c.Targets, pr)
	return pr, nil
}
