package oci

import (
	"cmp"

	"github.com/dtafgen/wxt/schema"
)

// Limits says how much of a document is read before it is refused. A field that
// is 0 stands for its default.
type Limits struct {
	Size     int // bytes: 16 MiB
	Requests int // requests, or responses: 20,000
	Depth    int // how deep elements may nest: 32; requests nest four deep, responses a little deeper
	Nodes    int // elements, attributes, texts and comments: 250,000
}

// DefaultLimits returns the limits that hold where nothing else is said.
func DefaultLimits() Limits {
	return Limits{Size: 16 << 20, Requests: 20_000, Depth: 32, Nodes: 250_000}
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	return Limits{
		Size:     cmp.Or(l.Size, d.Size),
		Requests: cmp.Or(l.Requests, d.Requests),
		Depth:    cmp.Or(l.Depth, d.Depth),
		Nodes:    cmp.Or(l.Nodes, d.Nodes),
	}
}

// An Option changes how [Parse] works.
type Option func(*Limits)

// WithLimits sets the limits.
func WithLimits(l Limits) Option { return func(to *Limits) { *to = l } }

// over returns the error of a document that is over a limit.
func over(pos schema.Position, what string, limit int) *Error {
	err := &schema.LimitError{Of: "the document", What: what, Limit: int64(limit)}
	return &Error{pos, err.Error(), true, err}
}
