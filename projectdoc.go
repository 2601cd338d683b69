package wxt

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/projectdoc"
	"github.com/dtafgen/wxt/tags"
)

// Starter returns a project file to start from. What most projects set is in it, or
// every key, every tag and every element of the device types if it is to be full:
// commented out, at its default, with a line that says what it is and which values it
// takes. Each of them can be uncommented by itself. It decides nothing but the bases. Dir is the folder that it will be in,
// from which it names the vendor's archives, and jsonSchema what it names as its JSON
// Schema, or nothing.
//
// A platform with a base has the device type, the tag set and the tags of that
// archive. Which platform an archive is for, [dtaf.Archive.Platform] tells.
func Starter(dir, jsonSchema string, full bool, bases ...string) ([]byte, error) {
	p := &Project{document: document{file: filepath.Join(dir, FileName)}}
	var seen tags.PlatformSet
	for _, path := range bases {
		all, err := dtaf.OpenAll(path)
		if err != nil {
			return nil, err
		}
		byPlatform := make(map[tags.Platform][]*dtaf.Archive)
		for _, a := range all {
			if platform, ok := a.Platform(); ok {
				byPlatform[platform] = append(byPlatform[platform], a)
			}
		}
		if len(byPlatform) == 0 {
			return nil, fmt.Errorf("%s: nothing in it tells which platform of the app it is for: start without it, and set base yourself", path)
		}
		for platform, list := range byPlatform {
			if seen.Has(platform) {
				return nil, fmt.Errorf("%s: there is another archive for %s already", path, platform)
			}
			seen |= tags.NewPlatformSet(platform)
			if err := p.Platform(platform).startFrom(dir, path, list, platform); err != nil {
				return nil, err
			}
		}
	}
	d, err := newDefaults(p)
	if err != nil {
		return nil, err
	}
	return d.document(p).Starter(jsonSchema, full), nil
}

// startFrom makes the newest of the archives for a platform its base. It is named by
// its container, where that is enough to find it again.
func (s *PlatformSettings) startFrom(dir, path string, list []*dtaf.Archive, platform tags.Platform) error {
	chosen, err := dtaf.Select(list, 0)
	if err != nil {
		return err
	}
	deviceType := ""
	if d, err := chosen.Manifest(); err == nil {
		deviceType, _ = manifest.DeviceType(d)
	}
	if deviceType != dtaf.Spec(platform).Name && len(list) > 1 {
		path = chosen.Name()
	}
	s.BaseArchive = chosen
	s.Base, err = relative(dir, path)
	return err
}

// JSONSchema returns the JSON Schema (2020-12) of the project file, with what each
// key and each tag means, the values that it takes and its default. Editors
// complete and explain a project file with it. It refuses nothing that [Check]
// takes; what a schema can't see, such as a range of ports that runs backwards, is
// only for Check.
func JSONSchema() []byte {
	p := &Project{}
	d, err := newDefaults(p)
	if err != nil {
		panic("wxt: the embedded default project is broken: " + err.Error())
	}
	return d.document(p).JSONSchema()
}

// document returns what is known of the project file, with the bases of a project.
func (d *defaults) document(p *Project) projectdoc.Document {
	doc := projectdoc.Document{Keys: projectKeys, Default: d.of, Platforms: make(map[tags.Platform]projectdoc.Platform), OwnKeys: ownKeys}
	for platform, t := range d.targets {
		doc.Platforms[platform] = projectdoc.Platform{
			Base:      p.Platform(platform).Base,
			Tags:      slices.Collect(t.Catalogue.All(platform)),
			Used:      t.used,
			Templates: t.Templates(),
			Elements:  d.device(t),
		}
	}
	return doc
}

// relative returns path as it is seen from dir, with slashes.
func relative(dir, path string) (string, error) {
	from, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(from, to)
	if err != nil { // they are on two drives
		rel = to
	}
	return filepath.ToSlash(rel), nil
}

// A defaults is what each key has when a project leaves it out.
type defaults struct {
	tree    map[string]any // default.toml
	targets map[tags.Platform]*Target
}

func newDefaults(p *Project) (*defaults, error) {
	d := &defaults{targets: make(map[tags.Platform]*Target)}
	if _, err := toml.Decode(string(defaultTOML), &d.tree); err != nil {
		return nil, err
	}
	r, fs := Compile(p)
	if err := fs.Err(); err != nil {
		return nil, err
	}
	for _, t := range r.Targets {
		d.targets[t.Platform] = t
	}
	return d, nil
}

// of returns the default of the key at a path, and false if it has none.
func (d *defaults) of(path ...string) (any, bool) {
	if platform, err := tags.ParsePlatform(path[0]); err == nil && len(path) > 1 {
		value := d.ofTarget(d.targets[platform], path[1:])
		return value, value != nil && value != "" && value != 0 || path[1] == "base"
	}
	var value any = d.tree
	for _, step := range path {
		table, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		value = table[step]
	}
	return value, value != nil
}

// ofTarget returns the default of a platform's key.
func (d *defaults) ofTarget(t *Target, path []string) any {
	switch strings.Join(path, ".") {
	case "enabled":
		return true
	case "base":
		return ""
	case "device_type":
		return t.DeviceType
	case "tag_set":
		return t.TagSet
	case "encoding":
		return t.Encoding
	case "access.host":
		return t.Access.Host
	case "access.port":
		return t.Access.Port
	case "access.protocol":
		return strings.ToLower(t.Access.Protocol)
	case "access.uri":
		return t.Access.URI
	}
	return nil
}

// device returns the elements of a target's device type request that have a value
// and no key of their own, in the request's order.
func (d *defaults) device(t *Target) []projectdoc.Element {
	doc, err := t.requests()
	if err != nil {
		return nil
	}
	request := manifest.DeviceTypeRequest(doc)
	known, ok := oci.Lookup(request.Type)
	if !ok {
		return nil
	}
	var list []projectdoc.Element
	for _, leaf := range known.Leaves {
		_, own := ownKeys[leaf.Name]
		if value, ok := request.Get(leaf.Name); ok && !own {
			list = append(list, projectdoc.Element{Name: leaf.Name, Value: value, Type: leaf.Type})
		}
	}
	return list
}
