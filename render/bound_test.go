package render

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/schema"
)

// TestEditsAreBounded has edits that say little and make much: each is refused by
// itself, by the limit that it crosses.
func TestEditsAreBounded(t *testing.T) {
	double := Edit{Path: "//a", All: true, Op: InsertAfter, Value: "<a/>"}
	long := Edit{Path: "//a", All: true, Op: SetText, Value: strings.Repeat("x", 1000)}
	attr := Edit{Path: "//a", All: true, Op: SetAttr, Attr: "x", Value: strings.Repeat("&", 100)}
	limits := Limits{Size: 100_000, Nodes: 1000, Steps: 100_000}
	for _, tt := range []struct {
		name  string
		edits []Edit
		index int
		what  string
		limit int64
	}{
		{"elements", slices.Repeat([]Edit{double}, 12), 9, "elements, attributes and texts", 1000},
		{"texts", append(slices.Repeat([]Edit{double}, 7), long), 7, "bytes", 100_000},
		{"attributes", append(slices.Repeat([]Edit{double}, 8), attr), 8, "bytes", 100_000},
		{"steps", slices.Repeat([]Edit{{Path: strings.Repeat("//a/..", 200) + "//a", All: true, Op: SetAttr, Attr: "x"}}, 100), 82, "steps", 100_000},
		{"many edits", slices.Repeat([]Edit{{Path: "//a", Op: SetText, Value: strings.Repeat("x", 9000)}}, 1000), 654, "steps", 100_000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tmpl, err := Parse("t.xml", []byte("<config><a/></config>"), WithLimits(limits))
			require.NoError(t, err)
			check := func(err error, index int) {
				t.Helper()
				var ee *EditError
				require.ErrorAs(t, err, &ee)
				assert.Equal(t, index, ee.Index)
				var over *schema.LimitError
				require.ErrorAs(t, err, &over)
				assert.Equal(t, tt.what, over.What)
				assert.Equal(t, tt.limit, over.Limit)
				assert.Contains(t, ee.Reason, "expected at most that many")
			}
			_, err = tmpl.Edit(tt.edits...)
			check(err, tt.index)
			// One by one they count as well.
			for i, e := range tt.edits {
				next, err := tmpl.Edit(e)
				if err != nil {
					assert.Equal(t, tt.index, i)
					check(err, 0)
					return
				}
				tmpl = next
			}
			t.Error("nothing was refused")
		})
	}
}
