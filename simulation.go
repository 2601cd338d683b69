package wxt

import (
	"fmt"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// Simulation returns a simulation of a platform of the compilation. Values that
// are wrong are no error here: they are findings of the previews. An error that is
// about the project's text is a [schema.Findings].
func (c *Compilation) Simulation(platform tags.Platform) (*simulate.Simulation, error) {
	if err := c.findings.Err(); err != nil {
		return nil, err
	}
	t := c.Target(platform)
	if t == nil {
		return nil, fmt.Errorf("the project has %s disabled", platform)
	}
	config := simulate.Config{
		Template: t.Template, Catalogue: t.Catalogue, Platform: platform, Encoding: t.Encoding,
		Date: t.Package.Date.Time(), Values: make(map[string]string),
	}
	for _, v := range t.Values {
		config.Values[v.Tag.Name] = v.Value
	}
	s, err := simulate.New(config)
	if err != nil {
		return nil, schema.Findings{schema.NewFinding(codes.Encoding, c.Project.at(platform.String(), "encoding"), "use UTF-8", "%s.encoding: %s", platform, err)}
	}
	return s, nil
}
