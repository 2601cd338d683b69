package dtaf

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/archivename"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/content"
	"github.com/dtafgen/wxt/schema"
)

// maxNesting is how deep archives may nest: a container in one that somebody made of
// it, and the archive.
const maxNesting = 3

// archives returns the archives that a source is or holds. Where no file tells, it is
// one archive.
func (p *reading) archives(s *source, depth int) ([]*Archive, error) {
	roots := manifestRoots(s.files)
	var list []*Archive
	if len(roots) == 0 {
		for _, f := range s.files {
			if !content.IsArchive("", f.Data) || !strings.EqualFold(path.Ext(f.Name), ".zip") {
				continue
			}
			if depth+1 >= maxNesting {
				return nil, s.errorf(f.Name, over("the archive", "levels of archives", maxNesting), "is an archive in an archive too many: expected at most %d, one in the other", maxNesting)
			}
			inner, err := p.zip(s.name+"/"+f.Name, bytes.NewReader(f.Data), int64(len(f.Data)), depth+1)
			if err != nil {
				return nil, err
			}
			for _, a := range inner {
				if a.hasParts() {
					list = append(list, a)
				}
			}
		}
		if len(list) > 0 {
			for _, a := range list {
				a.inner = true
			}
			list[0].outer = append([]*source{s}, list[0].outer...)
			return list, nil
		}
		roots = []string{typeRoot(s.files)}
	}
	for _, root := range roots {
		a, err := p.archive(s, root, len(roots) > 1)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	list[0].outer = []*source{s}
	return list, nil
}

// archive returns the archive with oci and type in a folder, which ends with a slash,
// or is empty. One of several has only the files of its folder.
func (p *reading) archive(s *source, root string, several bool) (*Archive, error) {
	a := &Archive{name: s.name, root: root, limits: p.limits}
	if several || s.folder && root != "" {
		a.name, a.root, a.inner = s.name+"/"+strings.TrimSuffix(root, "/"), "", several
	}
	var taken archivename.Taken
	for _, f := range s.files {
		name, isIn := strings.CutPrefix(f.Name, root)
		if several && !isIn {
			continue
		}
		if reason := taken.Add(name); reason != "" {
			return nil, s.errorf(name, ErrUnsafeName, "%s", reason)
		}
		a.files = append(a.files, File{name, f.Data})
	}
	slices.SortFunc(a.files, func(x, y File) int { return strings.Compare(x.Name, y.Name) })
	if err := a.checkContents(); err != nil {
		return nil, err
	}
	return a, nil
}

// manifestRoots returns the folders that hold a folder oci with a manifest.
func manifestRoots(files []File) []string {
	roots := make(map[string]bool)
	for _, f := range files {
		if dir := path.Dir(f.Name); isManifest(f.Name) && path.Base(dir) == "oci" {
			roots[strings.TrimSuffix(dir, "oci")] = true
		}
	}
	return slices.Sorted(maps.Keys(roots))
}

// typeRoot returns the folder that holds the folder type, if there is one.
func typeRoot(files []File) string {
	roots := make(map[string]bool)
	for _, f := range files {
		if root, _, ok := strings.Cut("/"+f.Name, "/type/"); ok {
			roots[strings.TrimPrefix(root+"/", "/")] = true
		}
	}
	if len(roots) == 1 {
		for root := range roots {
			return root
		}
	}
	return ""
}

// hasParts reports whether an archive has a manifest, or templates.
func (a *Archive) hasParts() bool {
	return slices.ContainsFunc(a.files, func(f File) bool { return isManifest(f.Name) || strings.HasPrefix(f.Name, "type/") })
}

// Select returns the archive of a container that serves a release: of those of the
// first of the device types that one of them has, the newest that is not newer than
// the release. No release stands for the newest of all, and no device type for any. An
// only archive is taken as it is. What was chosen is one of [Archive.Findings].
//
// The error is an [*Error] that lists what there is.
func Select(list []*Archive, r oci.Release, deviceTypes ...string) (*Archive, error) {
	if len(list) == 0 {
		return nil, &Error{Reason: "there is no archive to choose from", Err: ErrNotArchive}
	}
	if len(list) == 1 {
		return list[0].chosen(list, ""), nil
	}
	refuse := func(why string) (*Archive, error) {
		return nil, &Error{Archive: container(list), Reason: why + ": " + whatThereIs(list), Err: ErrChoice}
	}
	candidates, what := list, ""
	for _, name := range deviceTypes {
		of := slices.DeleteFunc(slices.Clone(list), func(a *Archive) bool { return a.DeviceType() != name })
		if name != "" && len(of) > 0 {
			candidates, what = of, name
			break
		}
	}
	if what == "" {
		for _, a := range list[1:] {
			if a.DeviceType() != list[0].DeviceType() {
				why := "it holds archives of several device types, and nothing says which is meant"
				if names := slices.DeleteFunc(slices.Clone(deviceTypes), func(s string) bool { return s == "" }); len(names) > 0 {
					why = fmt.Sprintf("it holds no archive of the device type %q", names[0])
				}
				return refuse(why)
			}
		}
		what = list[0].DeviceType()
	}
	var best *Archive
	twice := false
	for _, a := range candidates {
		l, _ := archivename.LabelOf(a.name)
		if r != 0 && len(candidates) > 1 && l.Compare(archivename.LabelFor(r)) > 0 {
			continue
		}
		if best == nil {
			best = a
			continue
		}
		b, _ := archivename.LabelOf(best.name)
		switch l.Compare(b) {
		case 0:
			twice = true
		case 1:
			best, twice = a, false
		}
	}
	switch {
	case best == nil:
		return refuse(fmt.Sprintf("it holds no archive of %q for %s or earlier", what, r))
	case twice:
		return refuse(fmt.Sprintf("it holds several archives of %q for the same release, and nothing says which is meant", what))
	}
	why := fmt.Sprintf("the newest of %q", what)
	switch {
	case len(candidates) == 1:
		why = fmt.Sprintf("the only one of %q", what)
	case r != 0:
		why += fmt.Sprintf(" that is not newer than %s", r)
	}
	return best.chosen(list, why), nil
}

// chosen returns the archive with what is to be said of its container.
func (a *Archive) chosen(list []*Archive, why string) *Archive {
	c := a.Clone()
	if a != list[0] {
		c.outer = append(containers(list, a), a.outer...)
	}
	if c.inner && !c.named {
		c.why = why
	}
	return c
}

// containers returns what one of the archives was read from, but for itself, as the
// first of them remembers.
func containers(list []*Archive, a *Archive) []*source {
	return slices.DeleteFunc(slices.Clone(list[0].outer), func(s *source) bool {
		return !strings.HasPrefix(a.name, s.name+"/")
	})
}

// container returns the name of the file or folder that all of the archives are in.
func container(list []*Archive) string {
	for _, s := range list[0].outer {
		return s.name
	}
	return path.Dir(list[0].name)
}

// whatThereIs lists archives by their names in their container, and what is known of
// them.
func whatThereIs(list []*Archive) string {
	var words []string
	outer := container(list) + "/"
	for _, a := range list {
		words = append(words, fmt.Sprintf("%q (device type %q)", strings.TrimPrefix(a.name, outer), a.DeviceType()))
	}
	if len(words) == 1 {
		return "there is " + words[0]
	}
	return fmt.Sprintf("there are %s and %s; name one as %q", strings.Join(words[:len(words)-1], ", "), words[len(words)-1], list[0].name)
}

// Findings tells what is worth knowing about how the archive was read: which one of a
// container was chosen, what was left out of it since a system had put it there, and
// names that had backslashes for slashes.
func (a *Archive) Findings() schema.Findings {
	var fs schema.Findings
	if a.why != "" {
		outer := container([]*Archive{a})
		fs = append(fs, schema.NewFinding(codes.Chosen, schema.Position{File: outer}, "another one is named as "+path.Base(outer)+"/<its name>",
			"used of this container: %s, %s", strings.TrimPrefix(a.name, outer+"/"), a.why))
	}
	for _, s := range a.outer {
		if len(s.junk) > 0 {
			fs = append(fs, schema.NewFinding(codes.Junk, schema.Position{File: s.name}, "",
				"left out what a system has put there: %s", few(s.junk)))
		}
		if len(s.backslashes) > 0 {
			fs = append(fs, schema.NewFinding(codes.Backslash, schema.Position{File: s.name}, "make the archive again with slashes: other programs don't read these as folders",
				"backslashes in names are taken for slashes: %s", few(s.backslashes)))
		}
	}
	return fs
}

// few lists the first of some names, and counts the others.
func few(list []string) string {
	const most = 3
	quoted := make([]string, 0, most)
	for _, name := range list[:min(len(list), most)] {
		quoted = append(quoted, strconv.Quote(name))
	}
	s := strings.Join(quoted, ", ")
	if n := len(list) - most; n > 0 {
		s += fmt.Sprintf(" and %d more", n)
	}
	return s
}
