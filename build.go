package wxt

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/atomicfile"
	"github.com/dtafgen/wxt/internal/memfs"
	"github.com/dtafgen/wxt/internal/ocimsg"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/internal/sums"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// sumsName is the name of the file that holds the SHA-256 sums of a bundle's
// other files.
const sumsName = sums.Name

// A Bundle is what [Build] makes of a project: an archive for each platform, as an
// Application Server imports it and in a container, the tag sets, and their sums.
type Bundle struct {
	Archives []BuiltArchive  // desktop, mobile, tablet
	TagSets  []BuiltTagSet   // by name; none in mode inline
	Findings schema.Findings // of severity warning and info
}

// A BuiltArchive is the archive of one platform.
type BuiltArchive struct {
	Platform   tags.Platform
	DeviceType string
	Name       string // the file's, named as the vendor's, as in Business_Communicator_-_PC(R24.0).DTAF.zip
	Archive    *dtaf.Archive
	Data       []byte // the zip, which an Application Server imports

	// Container is a zip that holds it, named as the one that the vendor offers for
	// download, as in ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip.
	Container File

	secret bool // it has the value of a secret tag
}

// A BuiltTagSet is a tag set, and the requests that make it: one document, which
// has more requests than one message to an Application Server may
// ([oci.MaxCommands]); [oci.Document.Split] makes messages of it.
type BuiltTagSet struct {
	Set      tags.Set
	Name     string // the file's, as in tagsets/BroadTouch_Tags.oci
	Document *oci.Document

	secret bool // it has the value of a secret tag
}

// A File is a file of a bundle.
type File struct {
	Name string // relative, with slashes
	Data []byte
}

// Build checks a project and makes its bundle, in memory. The same project and
// options give the same bytes. If the check finds errors, they are the error, as
// [schema.Findings], and nothing is built.
func Build(p *Project, opts ...CheckOption) (*Bundle, error) {
	c, rules := checked(p, opts)
	return c.Build(rules...)
}

// Build checks the project of the compilation, by rules of the caller's too, and
// makes its bundle, as the function [Build] does.
func (c *Compilation) Build(rules ...Rule) (*Bundle, error) {
	findings := c.Check(rules...)
	if err := findings.Err(); err != nil {
		return nil, err
	}
	b := &Bundle{Findings: findings}
	for _, t := range c.Targets {
		a, err := buildArchive(t, c.Mode)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.Platform, err)
		}
		if slices.ContainsFunc(b.Archives, func(other BuiltArchive) bool { return strings.EqualFold(other.Name, a.Name) }) {
			a.Name = t.Platform.String() + "_" + a.Name // two platforms with one device type
		}
		if a.Container, err = container(t, a); err != nil {
			return nil, fmt.Errorf("%s: %w", t.Platform, err)
		}
		b.Archives = append(b.Archives, a)
	}
	if c.Mode == Tags {
		sets, err := buildTagSets(c.Targets)
		if err != nil {
			return nil, err
		}
		b.TagSets = sets
	}
	return b, nil
}

// buildArchive makes the zip of a target's archive.
func buildArchive(t *Target, mode Mode) (BuiltArchive, error) {
	archive, err := t.archive(mode)
	if err != nil {
		return BuiltArchive{}, err
	}
	zip, err := archive.Bytes(t.Package.Date.Time())
	if err != nil {
		return BuiltArchive{}, err
	}
	// What no one could open is not built.
	if _, err := dtaf.Read(bytes.NewReader(zip), int64(len(zip)), dtaf.WithLimits(t.limits)); err != nil {
		return BuiltArchive{}, fmt.Errorf("the archive would be refused: %w", err)
	}
	return BuiltArchive{Platform: t.Platform, DeviceType: t.DeviceType, Name: t.archiveName(), Archive: archive, Data: zip, secret: mode == Inline && t.holdsSecret()}, nil
}

// archive returns the target's archive: that of its base, if it has one, with its
// templates and its manifest.
func (t *Target) archive(mode Mode) (*dtaf.Archive, error) {
	archive := &dtaf.Archive{}
	if t.base != nil {
		archive = t.base.archive.Clone()
	}
	for _, tmpl := range t.Templates() {
		data, err := templateBytes(t, tmpl, mode)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", tmpl.File(), err)
		}
		if err := archive.Put(tmpl.File(), data); err != nil {
			return nil, err
		}
	}
	return archive, archive.SetManifest(t.Manifest)
}

// container returns the zip that holds the archive of a platform.
func container(t *Target, a BuiltArchive) (File, error) {
	c, err := dtaf.New(dtaf.File{Name: a.Name, Data: a.Data})
	if err != nil {
		return File{}, err
	}
	data, err := c.Bytes(t.Package.Date.Time())
	return File{t.packageName(), data}, err
}

// templateBytes returns what stands in the archive for a template.
func templateBytes(t *Target, tmpl *render.Template, mode Mode) ([]byte, error) {
	if mode == Inline {
		return inline(t, tmpl)
	}
	return tmpl.Encode(tmpl.Source())
}

// tagSets returns the tag sets of some targets, by name. Targets that share a
// tag set share its tags; a tag that they give different values has the value of
// the first. A target without a tag set has none.
func tagSets(targets []*Target) ([]tags.Set, error) {
	var names []string
	values := make(map[string][]tags.Assignment)
	for _, t := range targets {
		if t.TagSet == "" {
			continue // a base whose device type has no tag set
		}
		if !slices.Contains(names, t.TagSet) {
			names = append(names, t.TagSet)
		}
		for _, v := range t.Values {
			has := func(a tags.Assignment) bool { return a.Tag == v.Tag.Name }
			if !slices.ContainsFunc(values[t.TagSet], has) {
				values[t.TagSet] = append(values[t.TagSet], tags.Assignment{Tag: v.Tag.Name, Value: v.Value})
			}
		}
	}
	slices.Sort(names)
	var sets []tags.Set
	for _, name := range names {
		set, err := tags.NewSet(name, values[name]...)
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	return sets, nil
}

func buildTagSets(targets []*Target) ([]BuiltTagSet, error) {
	sets, err := tagSets(targets)
	if err != nil {
		return nil, err
	}
	var built []BuiltTagSet
	for _, set := range sets {
		values := make([]ocimsg.TagValue, len(set.Tags))
		for i, a := range set.Tags {
			values[i] = ocimsg.TagValue{Name: a.Tag, Value: a.Value}
		}
		doc, err := ocimsg.NewTagSet(targets[0].Release, set.Name, values)
		if err != nil {
			return nil, err
		}
		built = append(built, BuiltTagSet{Set: set, Name: "tagsets/" + atomicfile.SafeName(set.Name) + ".oci", Document: doc, secret: slices.ContainsFunc(targets, func(t *Target) bool {
			return t.TagSet == set.Name && t.holdsSecret()
		})})
	}
	return built, nil
}

// FS returns the files of the bundle as a file system.
func (b *Bundle) FS() fs.FS {
	return memfs.New(func(yield func(string, []byte) bool) {
		for f := range b.Files() {
			if !yield(f.Name, f.Data) {
				return
			}
		}
	})
}

// Files yields the files of the bundle: the archives, each with its container, the tag sets, and at last
// SHA256SUMS, which has a line for each of the others as sha256sum writes it.
func (b *Bundle) Files() iter.Seq[File] {
	return func(yield func(File) bool) {
		var sums strings.Builder
		next := func(f File) bool {
			fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(f.Data), f.Name)
			return yield(f)
		}
		for _, a := range b.Archives {
			if !next(File{a.Name, a.Data}) || !next(a.Container) {
				return
			}
		}
		for _, s := range b.TagSets {
			if !next(File{s.Name, s.Document.Bytes()}) {
				return
			}
		}
		yield(File{sumsName, []byte(sums.String())})
	}
}

// WriteDir writes the bundle's files below dir, which is made if need be. Each
// file appears whole or not at all, and SHA256SUMS comes last: if it matches,
// all is there. A file that is there already is replaced. What an earlier run
// that was killed left half written is removed, and so is what an earlier run wrote
// that is not among the files now: SHA256SUMS tells, and what somebody has changed since
// stays. No file appears before all could be written. Files with the value of a secret
// tag are readable by their owner only.
func (b *Bundle) WriteDir(dir string) error {
	var names []string
	for f := range b.Files() {
		names = append(names, f.Name)
	}
	stale, err := sums.Stale(dir, names)
	if err != nil {
		return err
	}
	private := b.private()
	var list []atomicfile.Content
	for f := range b.Files() {
		list = append(list, atomicfile.Content{Name: f.Name, Data: f.Data, Private: private[f.Name]})
	}
	// The sums that tell what is stale stay until that is gone.
	list[len(list)-1].Before = func() error { return sums.Remove(dir, stale) }
	return atomicfile.WriteAll(dir, list, 0o666)
}

// private returns the names of the files that hold the value of a secret tag.
func (b *Bundle) private() map[string]bool {
	names := make(map[string]bool)
	for _, a := range b.Archives {
		if a.secret {
			names[a.Name], names[a.Container.Name] = true, true
		}
	}
	for _, s := range b.TagSets {
		if s.secret {
			names[s.Name] = true
		}
	}
	return names
}

// holdsSecret reports whether one of a target's values is a secret.
func (t *Target) holdsSecret() bool {
	return slices.ContainsFunc(t.Values, func(v Value) bool {
		return v.Tag.Secret && secret.Tells(v.Value) || secret.Value(v.Tag.Name, v.Value)
	})
}
