package dtaf

import (
	"path"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/archivename"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/tags"
)

// Platform guesses which platform of the Webex app an archive is for: by the
// conventional name of its file, then by its device type and its tag set, then
// by the folders and the tags of its template. It returns false where none of
// them tells, as for archives of other devices.
func (a *Archive) Platform() (tags.Platform, bool) {
	if p, ok := archivename.PackageOf(a.name, a.Root()); ok && !a.inner {
		return p.Platform, true
	}
	d, err := a.Manifest()
	if err == nil {
		name, _ := manifest.DeviceType(d)
		tagSet, uri := "", ""
		if r := manifest.DeviceTypeRequest(d); r != nil {
			tagSet, _ = r.Get("tagSet")
			uri, _ = r.Get("deviceAccessURI")
		}
		for _, is := range []func(DeviceType) bool{
			func(t DeviceType) bool { return t.Name == name },
			func(t DeviceType) bool { return t.TagSet == tagSet && tagSet != "" },
			func(t DeviceType) bool { return t.URI == uri && uri != "" },
		} {
			for _, p := range tags.Platforms() {
				if is(Spec(p)) {
					return p, true
				}
			}
		}
		if len(a.WebexTemplates()) == 0 {
			return 0, false
		}
		if p, ok := platformOf(name); ok {
			return p, true
		}
	}
	for _, name := range a.WebexTemplates() {
		data, _ := a.File(name)
		if t, err := render.Parse(name, data, render.WithLimits(a.Limits().Rendering())); err == nil {
			if p, ok := platformByTags(t.Tags()); ok {
				return p, true
			}
		}
	}
	p, ok := archivename.PackageOf(a.name, a.Root())
	return p.Platform, ok
}

// platformOf tells the platform by what people call its device types.
func platformOf(deviceType string) (tags.Platform, bool) {
	name := strings.ToLower(deviceType)
	for _, is := range []struct {
		platform tags.Platform
		words    []string
	}{
		{tags.Tablet, []string{"tablet", "ipad"}},
		{tags.Mobile, []string{"mobile", "iphone", "android"}},
		{tags.Desktop, []string{"desktop", "communicator", "windows", "mac"}},
	} {
		if slices.ContainsFunc(is.words, func(word string) bool { return strings.Contains(name, word) }) {
			return is.platform, true
		}
	}
	return 0, false
}

// platformByTags tells the platform by the tags that others do not have.
func platformByTags(names []string) (tags.Platform, bool) {
	votes := make(map[tags.Platform]int)
	for _, name := range names {
		t, ok := tags.Default().Lookup(name)
		if !ok || t.System || t.Platforms == tags.NewPlatformSet(tags.Platforms()...) {
			continue
		}
		for p := range t.Platforms.All() {
			votes[p]++
		}
	}
	var best tags.Platform
	tie := true
	for _, p := range tags.Platforms() {
		switch {
		case votes[p] > votes[best]:
			best, tie = p, false
		case votes[p] == votes[best]:
			tie = true
		}
	}
	return best, !tie && best != 0
}

// WebexTemplates returns the names of the templates of the Webex app's
// configuration file in an archive: those of the file that the app asks for, or,
// where the manifest names none, those of the customary name.
func (a *Archive) WebexTemplates() []string {
	var found []string
	add := func(name string) {
		if _, ok := a.File(name); ok && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	spec := Spec(tags.Desktop)
	if d, err := a.Manifest(); err == nil {
		for _, r := range manifest.FileRequests(d) {
			format, _ := r.Get("fileFormat")
			if source, ok := r.Get("sourceFileName"); ok && format == spec.FileFormat {
				add(source)
			}
		}
	}
	if found == nil {
		for f := range a.Files() {
			if path.Base(f.Name) == spec.Template && strings.HasPrefix(f.Name, "type/") {
				add(f.Name)
			}
		}
	}
	return found
}
