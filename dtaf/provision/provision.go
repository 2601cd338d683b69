// Package provision makes the OCI-P messages that bring a configuration of the
// Webex app to an Application Server, and the runbook that tells a person the same
// steps.
//
// A [Source] has what they are made of, in plain values. Each function makes the
// messages of one kind, [Join] puts several kinds into the order in which a system
// needs them, and [Provisioning.WriteDir] writes them to a folder. Nothing is sent,
// and no message logs in.
package provision

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/atomicfile"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// The kinds of messages. They stand in the names of the files.
const (
	kindTagSet    = "tagset"
	kindImport    = "import"
	kindFiles     = "files"
	kindOverrides = "overrides"
	kindRebuild   = "rebuild"
)

// kinds are in the order in which a system needs them: a device type names its tag
// set, and files are built from what is there.
var kinds = []string{kindTagSet, kindImport, kindFiles, kindOverrides, kindRebuild}

// A Source is what messages are made of.
type Source struct {
	Name    string      // of the project file, for the runbook; empty: the embedded default
	Title   string      // what people call the project, for the runbook; empty: its name
	Release oci.Release // of the Application Server; zero: requests that every release knows
	Inline  bool        // the device types have no tag sets: the values stand in the templates
	Session string      // sessionId, which a gateway replaces; empty: "dtafgen", with the title
	Batch   int         // requests in a message, 1 to oci.MaxCommands; 0: oci.MaxCommands
	Targets []Target    // one for each platform

	// Hub is what the features need in Control Hub and Partner Hub, for the runbook.
	Hub []schema.Requirement
}

// A Target is one platform of a source.
type Target struct {
	Platform    tags.Platform
	DeviceType  string
	TagSet      string // empty: the device type has none
	Encoding    string
	Values      []Value
	Catalogue   *tags.Catalogue
	Templates   []*render.Template // with all placeholders
	Archive     *dtaf.Archive      // for Import, Files and Overrides; nil: there is none
	ArchiveName string             // the file's, as in Business_Communicator_-_PC(R24.0).DTAF.zip

	// Where returns where the project sets a key of the platform; nil: nowhere.
	Where func(key ...any) schema.Position
}

// A Value is the value of a custom tag.
type Value struct {
	Tag     tags.Tag
	Value   string
	Default bool // it is the catalogue's: the project does not set it
}

// uses reports whether the app of a target can get the tag: it has a value, or its
// place in a template, which an override fills.
func (t *Target) uses(name string) bool {
	return slices.ContainsFunc(t.Values, func(v Value) bool { return v.Tag.Name == name }) ||
		slices.ContainsFunc(t.Templates, func(tmpl *render.Template) bool { return slices.Contains(tmpl.Tags(), name) })
}

// A Provisioning is messages to an Application Server, in the order to send them,
// and the same as steps for a person.
type Provisioning struct {
	Messages []Message
	Findings schema.Findings // of severity warning and info
	Notes    []string        // what there is to know of these messages, a sentence each

	all      bool // it has all that its folder is to have
	sections []section
}

// A Message is one BroadsoftDocument of at most [oci.MaxCommands] requests.
type Message struct {
	Name     string // of its file, as in 01-tagset-BroadTouch_Tags.xml
	Document *oci.Document
	Secret   bool // it has a value that is not for everybody to read
}

// A part is requests that belong together, with the words of their files' names.
type part struct {
	label    string
	document *oci.Document
	secret   func(*oci.Document) bool // nil: nothing in it is
}

// provisioning makes numbered messages of parts, and has each of them checked
// against what the OCI schema and the release take. Hand writes the steps for a
// person.
func (s *Source) provisioning(kind string, parts []part, notes []string, hand *steps) (*Provisioning, error) {
	batch := cmp.Or(s.Batch, oci.MaxCommands)
	if batch < 1 || batch > oci.MaxCommands {
		return nil, fmt.Errorf("a message can't have %d commands: expected 1 to %d", batch, oci.MaxCommands)
	}
	session := cmp.Or(s.Session, strings.TrimSuffix("dtafgen: "+s.Title, ": "))
	if strings.TrimSpace(session) != session {
		return nil, fmt.Errorf("the session %q begins or ends with white space", session)
	}
	p := &Provisioning{Notes: notes}
	for _, part := range parts {
		if part.document.Since() > max(s.Release, oci.R21SP1) {
			return nil, fmt.Errorf("%s: the requests take %s", part.label, part.document.Since())
		}
		for _, d := range part.document.Split(batch) {
			d.SessionID = session
			name := kind
			if part.label != "" {
				name += "-" + part.label
			}
			if err := d.Check().Err(); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			m := Message{Name: atomicfile.SafeName(name) + ".xml", Document: d}
			m.Secret = part.secret != nil && part.secret(d)
			p.Messages = append(p.Messages, m)
		}
	}
	p.number()
	p.sections = []section{{kind: kind, intro: s.intro(), notes: notes, messages: p.Messages, hand: hand.String()}}
	return p, nil
}

var messageName = regexp.MustCompile(`^[0-9]{2,}-([a-z]+)(?:-.*)?\.xml$`)

// number puts the messages' numbers ahead of their names.
func (p *Provisioning) number() {
	width := max(2, len(fmt.Sprint(len(p.Messages))))
	for i := range p.Messages {
		m := &p.Messages[i]
		if messageName.MatchString(m.Name) {
			_, m.Name, _ = strings.Cut(m.Name, "-")
		}
		m.Name = fmt.Sprintf("%0*d-%s", width, i+1, m.Name)
	}
}

// Join returns all that some provisionings have, numbered through in the order in
// which a system needs them. They are to be of different kinds. The folder that
// they are written to is for them and nothing else.
func Join(list ...*Provisioning) *Provisioning {
	joined := &Provisioning{all: true}
	for _, kind := range kinds {
		for _, p := range list {
			for _, s := range p.sections {
				if s.kind == kind && len(s.messages) > 0 {
					joined.sections = append(joined.sections, s)
					joined.Messages = append(joined.Messages, s.messages...)
				}
			}
		}
	}
	for _, p := range list {
		joined.Findings = append(joined.Findings, p.Findings...)
		joined.Notes = append(joined.Notes, p.Notes...)
	}
	joined.number()
	rest := joined.Messages
	for i := range joined.sections {
		n := len(joined.sections[i].messages)
		joined.sections[i].messages, rest = rest[:n:n], rest[n:]
	}
	return joined
}

// WriteDir writes the messages and the runbook, runbook.md, to dir, which is made
// if need be, and returns the names of the files. No file appears before all could be
// written, and what a run that was killed left half written is removed. A message with
// a secret is readable by the file's owner only. Without messages nothing is written.
//
// Messages of other kinds may be there already: the runbook then keeps their
// sections. Messages of the same kind that would stay behind, and be sent with
// the new ones, are an error; with replace they are removed. What [Join] returns
// takes all kinds for its own.
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
		var list []atomicfile.Content
		for _, m := range p.Messages {
			list = append(list, atomicfile.Content{Name: m.Name, Data: m.Document.Bytes(), Private: m.Secret})
		}
		if err := atomicfile.WriteAll(dir, append(list, atomicfile.Content{Name: runbookName, Data: []byte(runbook)}), 0o666); err != nil {
			return nil, err
		}
		names = append(names, runbookName)
	}
	for _, name := range stale {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// stale returns the messages in dir of the kinds that p is about, without those of
// these names.
func (p *Provisioning) stale(dir string, names []string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	mine := func(kind string) bool {
		return slices.ContainsFunc(p.sections, func(s section) bool { return s.kind == kind })
	}
	if p.all {
		mine = func(kind string) bool { return slices.Contains(kinds, kind) }
	}
	var stale []string
	for _, e := range entries {
		m := messageName.FindStringSubmatch(e.Name())
		if m != nil && mine(m[1]) && e.Type().IsRegular() && !slices.Contains(names, e.Name()) {
			stale = append(stale, e.Name())
		}
	}
	return stale, nil
}

// tellsSecret returns a function that reports whether a request of a document gives
// one of these tags a value that should not be read by everybody.
func tellsSecret(isSecret map[string]bool) func(*oci.Document) bool {
	return func(d *oci.Document) bool {
		return slices.ContainsFunc(d.Requests, func(r *oci.Request) bool {
			name, _ := r.Get("tagName")
			value, _ := r.Get("tagValue")
			return isSecret[tagname.Bare(name)] && secret.Tells(value)
		})
	}
}
