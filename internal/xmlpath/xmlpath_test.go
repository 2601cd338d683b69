package xmlpath

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/xmltext"
)

func TestFind(t *testing.T) {
	doc, err := xmltext.Parse(`<a><calls><pull on="1"/><pull on="2"/><hold/></calls><b>text</b></a>`)
	require.NoError(t, err)
	for _, tt := range []struct {
		path   string
		found  []string
		reason string
		remedy string
	}{
		{path: "a/calls/pull", found: []string{`<pull on="1"/>`, `<pull on="2"/>`}},
		{path: "//pull[@on='2']", found: []string{`<pull on="2"/>`}},
		{path: "//b[text()='text']", found: []string{"<b>text</b>"}},
		{path: "a/calls/pul", reason: "the template has no a/calls/pul", remedy: "in a/calls, did you mean pull?"},
		{path: "a/calls/hold/zzz", reason: "the template has no a/calls/hold/zzz", remedy: "a/calls/hold has no elements inside"},
		{path: "a/zzzzzz", reason: "the template has no a/zzzzzz", remedy: "a has calls, b"},
		{path: "//zzz", reason: "the template has no //zzz"},
		{path: "a/calls/@on", reason: "the template has no a/calls/@on", remedy: `name the element alone, path = "a/calls", and the attribute apart, attr = "on"`},
		{path: "", reason: "the path is empty"},
		{path: "a[", reason: "the path is not one of etree's: path has invalid filter [brackets]."},
	} {
		nodes, err := Find(doc, tt.path)
		if tt.reason != "" {
			var not *Error
			require.ErrorAs(t, err, &not, tt.path)
			assert.Equal(t, Error{tt.reason, tt.remedy}, *not, tt.path)
			continue
		}
		require.NoError(t, err, tt.path)
		var found []string
		for _, n := range nodes {
			found = append(found, doc.Src[n.Start:n.End])
		}
		assert.Equal(t, tt.found, found, tt.path)
	}
}
