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

func (l Limits) withDefaults() Limits {
	return Limits{
		Size:     cmp.Or(l.Size, 16<<20),
		Requests: cmp.Or(l.Requests, 20_000),
		Depth:    cmp.Or(l.Depth, 32),
		Nodes:    cmp.Or(l.Nodes, 250_000),
	}
}

// over returns the error of a document that is over a limit.
func over(pos schema.Position, what string, limit int) *Error {
	err := &schema.LimitError{Of: "the document", What: what, Limit: int64(limit)}
	return &Error{pos, err.Error(), true, err}
}
