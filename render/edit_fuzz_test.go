package render

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/xmlpath"
	"github.com/dtafgen/wxt/internal/xmltext"
)

// FuzzEdit checks that a template without edits gives its bytes back, and that an
// edit leaves every byte outside of its own span alone: for an attribute the
// start tag, for a text and an insertion the element, for a removal the element
// and the white space of its lines.
func FuzzEdit(f *testing.F) {
	vendor, err := os.ReadFile(filepath.Join("testdata", "edit", "vendor.template"))
	require.NoError(f, err)
	f.Add(vendor, "config/services/calls/call-pull", uint8(1), "enabled", "x", false)
	f.Add(vendor, "//codec", uint8(3), "", "", true)
	f.Add([]byte("<a><b c='d'/></a>"), "//b", uint8(2), "c", "<&>", false)
	f.Add([]byte("\xFF\xFE<\x00a\x00/\x00>\x00"), "a", uint8(5), "", "<b/>", false)
	f.Add([]byte("<a>\r\n <b/>\r\n <b/>\r\n</a>"), "a/b[2]", uint8(3), "", "", false)
	f.Add([]byte("<a>\r\n <b/>\r\n</a>"), "a/b", uint8(6), "", "<c/>", false)
	f.Add([]byte("<a>\r\n <b/>\r\n</a>"), "a/b", uint8(7), "", "<c/>", false)
	f.Fuzz(func(t *testing.T, data []byte, path string, op uint8, attr, value string, all bool) {
		tmpl, err := Parse("f", data)
		if err != nil {
			return
		}
		same, err := tmpl.Edit()
		require.NoError(t, err)
		back, err := same.Encode(same.Source())
		require.NoError(t, err)
		require.Equal(t, data, back)

		e := Edit{Path: path, All: all, Op: Op(op % 8), Attr: attr, Value: value}
		edited, err := tmpl.Edit(e)
		if err != nil {
			return
		}
		_, err = xmltext.Parse(edited.Source())
		require.NoError(t, err, "what is left is well-formed")
		doc, err := tmpl.parseXML(tmpl.Source())
		require.NoError(t, err)
		nodes, err := xmlpath.Find(doc, path)
		require.NoError(t, err)
		splices, _, err := tmpl.splices(doc, e)
		require.NoError(t, err)
		src := tmpl.Source()
		for _, s := range splices {
			inside := false
			for _, n := range nodes {
				switch e.Op {
				case SetAttr, RemoveAttr:
					inside = inside || n.Start < s.Start && s.End < n.OpenEnd
				case InsertBefore, InsertAfter:
					inside = inside || s.Start == s.End && (s.Start <= n.Start || s.Start >= n.End)
				case SetText, Insert:
					inside = inside || n.Start < s.Start && s.End <= n.End
				case Remove:
					inside = inside || s.Start <= n.Start && n.End <= s.End &&
						strings.Trim(src[s.Start:n.Start], " \t") == "" && strings.Trim(src[n.End:s.End], " \t\r\n") == ""
				}
			}
			require.True(t, inside, "%q: %+v", src, s)
		}
	})
}
