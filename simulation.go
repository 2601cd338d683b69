package wxt

import (
	"fmt"

	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// NewSimulation returns a simulation of a platform of a project. Values that are
// wrong are no error here: they are findings of the previews. An error that is
// about the project's text is a [schema.Findings].
func NewSimulation(p *Project, platform tags.Platform) (*simulate.Simulation, error) {
	r, fs := Resolve(p, Options{Platforms: tags.NewPlatformSet(platform)})
	if err := fs.Err(); err != nil {
		return nil, err
	}
	if len(r.Targets) == 0 {
		return nil, fmt.Errorf("the project has %s disabled", platform)
	}
	t := r.Targets[0]
	c := simulate.Config{
		Template: t.template, Catalogue: t.Catalogue, Platform: platform, Encoding: t.Encoding,
		Date: t.Package.Date.Time(), Values: make(map[string]string),
	}
	for _, v := range t.Values {
		c.Values[v.Tag.Name] = v.Value
	}
	s, err := simulate.New(c)
	if err != nil {
		return nil, schema.Findings{schema.NewFinding(schema.CodeEncoding, p.at(platform.String(), "encoding"), "use UTF-8", "%s.encoding: %s", platform, err)}
	}
	return s, nil
}

// maxSubscriberSize is the size in bytes that a subscriber file may have.
const maxSubscriberSize = 1 << 20

// LoadSubscriber reads a subscriber file, as [simulate.ParseSubscriber] does.
func LoadSubscriber(path string) (*simulate.Subscriber, error) {
	data, err := readFile(path, maxSubscriberSize)
	if err != nil {
		return nil, err
	}
	return simulate.ParseSubscriber(path, data)
}
