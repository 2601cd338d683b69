package xmlmerge

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
)

// TestAgain merges the same changes into the result: nothing is left to do, since
// all that was carried is there.
func TestAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	bad := 0
	for range 200 {
		n := testkit.RandomTree(r, 4)
		for i, x := range n.All() {
			x.Attrs = append([][2]string{{"id", fmt.Sprint(i)}, {"tag", fmt.Sprintf("%%T%d%%", i)}}, x.Attrs...)
		}
		old, new, mine := n.XML(r), editedStable(n, r).XML(r), editedStable(n, r).XML(r)
		for _, o := range []Options{{}, all(Ours)} {
			text, changes := merge(t, old, new, mine, o)
			again, left := merge(t, old, text, mine, o)
			open := 0
			for _, c := range changes {
				if c.IsOpen() {
					open++
				}
			}
			carried, conflicts := 0, 0
			for _, c := range left {
				switch c.Outcome {
				case Carried:
					carried++
				case Conflict:
					conflicts++
				}
			}
			if carried > 0 || conflicts > open {
				bad++
				if bad < 6 {
					t.Logf("old:\n%s\nnew:\n%s\nmine:\n%s\nresult:\n%s\nagain:\n%s\nfirst: %q\nthen: %q", old, new, mine, text, again, lines(changes), lines(left))
				}
			}
		}
	}
	require.Zero(t, bad)
}

// editedStable changes a copy of a tree, and leaves its elements their names and
// what identifies them.
func editedStable(n *testkit.Tree, r *rand.Rand) *testkit.Tree {
	c := n.Clone()
	was := make(map[*testkit.Tree]testkit.Tree)
	for _, x := range c.All() {
		was[x] = testkit.Tree{Name: x.Name, Attrs: slices.Clone(x.Attrs[:2])}
	}
	for range 1 + r.IntN(5) {
		edit(c, r)
	}
	for x, old := range was {
		x.Name = old.Name
		x.Attrs = slices.DeleteFunc(x.Attrs, func(a [2]string) bool { return a[0] == "id" || a[0] == "tag" })
		x.Attrs = append(old.Attrs, x.Attrs...)
	}
	return c
}
