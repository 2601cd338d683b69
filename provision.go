package wxt

import (
	"errors"
	"fmt"

	"github.com/dtafgen/wxt/dtaf/provision"
	"github.com/dtafgen/wxt/schema"
)

// Provision returns what messages to an Application Server are made of: the targets
// with their archives as [Build] makes them, the tag sets' values and where things
// are set. Whether the project is well is for [Compilation.Check] to say. The source
// is there with an error too, without the archives that can't be made.
func (c *Compilation) Provision() (*provision.Source, error) {
	s := &provision.Source{Name: c.Project.file, Title: c.Project.Name, Release: c.Release, Inline: c.Mode == Inline}
	var wrong error
	for _, t := range c.Targets {
		to := provision.Target{
			Platform: t.Platform, DeviceType: t.DeviceType, TagSet: t.TagSet, Encoding: t.Encoding,
			Catalogue: t.Catalogue, Templates: t.Templates(), ArchiveName: t.archiveName(),
			Where: func(key ...any) schema.Position {
				return c.Project.at(append([]any{t.Platform.String()}, key...)...)
			},
		}
		for _, v := range t.Values {
			to.Values = append(to.Values, provision.Value{Tag: v.Tag, Value: v.Value, Default: v.Origin == FromDefault})
		}
		if a, err := buildArchive(t, c.Mode); err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("%s: %w", t.Platform, err))
		} else {
			to.Archive = a.Archive
		}
		s.Targets = append(s.Targets, to)
	}
	return s, wrong
}
