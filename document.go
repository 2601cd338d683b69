package wxt

import (
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/tomlfile"
	"github.com/dtafgen/wxt/schema"
)

// A document is a TOML file: its text, and where its keys and values stand. That of
// a project has the places of what it extends, too: each says which file it is in.
type document struct {
	file   string            // for positions
	path   string            // of what a project extends: as it was read, seen from the project file's folder
	source string            // its text
	lines  *text.Lines       // of the text
	places map[string]places // where keys and values stand, by path

	// parts are the files that a project was read from, by name, if it is merged from
	// several.
	parts map[string]*document
}

// places are the positions of a key and of its value.
type places struct{ key, value schema.Position }

// lookup returns the places of a key.
func (d *document) lookup(steps ...any) (places, bool) {
	pl, ok := d.places[tomlfile.Path(steps...)]
	return pl, ok
}

// at returns where the value of a key stands, or as much as is known of it.
func (d *document) at(steps ...any) schema.Position {
	if pl, ok := d.lookup(steps...); ok {
		return pl.value
	}
	return d.top()
}

// atKey returns where a key stands, or as much as is known of it.
func (d *document) atKey(steps ...any) schema.Position {
	if pl, ok := d.lookup(steps...); ok {
		return pl.key
	}
	return d.top()
}

// top is the place of what is about all of the project.
func (d *document) top() schema.Position {
	if d.file == "" {
		return schema.Position{File: EmbeddedName}
	}
	return schema.Position{File: d.file, Line: 1, Column: 1}
}

// part returns the file that a position is in, or nil if there is none: the project's
// own or one that it extends.
func (d *document) part(file string) *document {
	if d.parts == nil && file == d.file {
		return d
	}
	return d.parts[file]
}
