package provision

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/charset"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/ocimsg"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/tags"
)

// ImportOptions say how archives are imported.
type ImportOptions struct {
	BaseURL     string            // where the server finds the archives: http or file
	UpdateFiles bool              // update the files of device types that are there; takes R25
	Rename      map[string]string // new names by platform or device type; takes R25
}

// Import makes the messages that import the archives: a dry run and the import for
// R25, and only the import for other releases, where no dry run is known. The
// archives have to be at BaseURL, under their names.
func Import(s *Source, o ImportOptions) (*Provisioning, error) {
	base, err := importBase(o.BaseURL)
	if err != nil {
		return nil, err
	}
	used := make(map[string]bool)
	var imports []ocimsg.Import
	for _, t := range s.Targets {
		i := ocimsg.Import{URL: base + url.PathEscape(t.ArchiveName), DeviceType: t.DeviceType, UpdateFiles: o.UpdateFiles}
		for _, key := range []string{t.DeviceType, t.Platform.String()} {
			if name, ok := o.Rename[key]; ok {
				if err := manifest.CheckDeviceType(name); err != nil {
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
	var notes []string
	if t, ok := oci.Lookup("SystemDeviceTypeImportDryRunRequest"); ok && t.KnownIn(s.Release) {
		dry, err := ocimsg.NewImportDryRun(s.Release, imports...)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{label: "dry-run", document: dry})
	} else {
		notes = append(notes, "No dry run: only R25 is known to have the request for it.")
	}
	doc, err := ocimsg.NewImport(s.Release, imports...)
	if err != nil {
		return nil, err
	}
	if !s.Inline && !o.UpdateFiles {
		notes = append(notes, "The tag sets have to be there before the import: each device type names its own.")
	}
	hand, err := s.importSteps(o, imports)
	if err != nil {
		return nil, err
	}
	return s.provisioning(kindImport, append(parts, part{document: doc}), notes, hand)
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
		return "", fmt.Errorf("the URL's protocol is %q: an Application Server imports only from http and file", u.Scheme)
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

// Files makes the messages that give device types that are there the templates of
// the archives, without importing the types again: for a group, or all of the
// system. They are every file of the archives, or only the app's own
// config-wxt.xml.
func Files(s *Source, scope Scope, every bool) (*Provisioning, error) {
	var parts []part
	var changed []changedFile
	for _, t := range s.Targets {
		have, err := t.manifest()
		if err != nil {
			return nil, err
		}
		doc := &oci.Document{}
		var formats []string
		isSecret := false
		for _, r := range manifest.FileRequests(have) {
			format, _ := r.Get("fileFormat")
			formats = append(formats, format)
			source, ok := r.Get("sourceFileName")
			if !ok || !every && format != dtaf.Spec(t.Platform).FileFormat {
				continue
			}
			template, ok := t.Archive.File(source)
			if !ok {
				return nil, fmt.Errorf("%s: the archive lacks %s, which its manifest names", t.Platform, source)
			}
			if text, _, err := charset.Decode(template); err == nil && len(secret.Find(text)) > 0 {
				isSecret = true
			}
			request, err := ocimsg.NewFileModify(ocimsg.Scope(scope), t.DeviceType, format, template)
			if err != nil {
				return nil, err
			}
			doc.Requests = append(doc.Requests, request)
			changed = append(changed, changedFile{t.DeviceType, format, source, t.ArchiveName})
		}
		if len(doc.Requests) == 0 {
			return nil, fmt.Errorf("%s: the archive has no file %s with a template: it has %s", t.Platform, dtaf.Spec(t.Platform).FileFormat, strings.Join(formats, ", "))
		}
		parts = append(parts, part{t.Platform.String(), doc, func(*oci.Document) bool { return isSecret }})
	}
	return s.provisioning(kindFiles, parts, nil, filesSteps(scope, changed))
}

// manifest returns the manifest of a target's archive.
func (t *Target) manifest() (*oci.Document, error) {
	if t.Archive == nil {
		return nil, fmt.Errorf("%s: there is no archive", t.Platform)
	}
	return t.Archive.Manifest()
}

// A changedFile is a file whose template goes to a system.
type changedFile struct {
	deviceType, format, source, archive string
}

// Rebuild makes the message that rebuilds the files of the device types, for
// a group or all of the system, which is what brings changed values and templates
// to the apps. RebuildType is "Device Type", "Device Profiles", or empty, which
// leaves it to the server; a group has none.
func Rebuild(s *Source, scope Scope, rebuildType string) (*Provisioning, error) {
	doc := &oci.Document{}
	for _, t := range s.Targets {
		r, err := ocimsg.NewRebuild(ocimsg.Scope(scope), t.DeviceType, rebuildType)
		if err != nil {
			return nil, err
		}
		doc.Requests = append(doc.Requests, r)
	}
	return s.provisioning(kindRebuild, []part{{document: doc}}, nil, s.rebuildSteps(scope))
}
