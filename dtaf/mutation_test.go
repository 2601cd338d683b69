package dtaf

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/tags"
)

// mutate changes one thing in one request of a manifest, and says what.
func mutate(r *rand.Rand, d *oci.Document) string {
	if r.IntN(20) == 0 {
		q := d.Requests[r.IntN(len(d.Requests))]
		q.Type += []string{"V99", "99", "x"}[r.IntN(2)]
		return "request " + q.Type
	}
	// The lists of elements, and who has them.
	var lists []*[]*oci.Element
	var visit func(list *[]*oci.Element)
	visit = func(list *[]*oci.Element) {
		if len(*list) > 0 {
			lists = append(lists, list)
		}
		for _, e := range *list {
			visit(&e.Children)
		}
	}
	for _, q := range d.Requests {
		visit(&q.Elements)
	}
	list := lists[r.IntN(len(lists))]
	i := r.IntN(len(*list))
	e := (*list)[i]
	switch r.IntN(6) {
	case 0:
		*list = slices.Delete(*list, i, i+1)
		return "dropped " + e.Name
	case 1:
		*list = slices.Insert(*list, i, e)
		return "doubled " + e.Name
	case 2:
		j := r.IntN(len(*list))
		(*list)[i], (*list)[j] = (*list)[j], (*list)[i]
		return "swapped " + e.Name + " and " + (*list)[i].Name
	case 3:
		at := 1 + r.IntN(len(e.Name)-1) // not the first letter of E164Capable
		e.Name = e.Name[:at] + e.Name[at+1:] + "x"
		return "misspelt " + e.Name
	case 4:
		at := r.IntN(len(*list) + 1)
		*list = slices.Insert(*list, at, &oci.Element{Name: []string{"macInCert", "webBasedConfigURL", "allowHttp"}[r.IntN(3)], Value: "true"})
		return "added " + (*list)[at].Name
	default:
		if len(e.Children) > 0 {
			e = e.Children[0]
		}
		values := []string{"", "true", "false", "yes", " true ", "0", "-1", "65536", "Https", "https", "UTF-8", "System", strings.Repeat("x", 41), strings.Repeat("x", 1000)}
		e.Value = values[r.IntN(len(values))]
		return "gave " + e.Name + " the value " + fmt.Sprintf("%q", e.Value)
	}
}

// FuzzManifestLikeSchema spoils the manifests of all platforms and releases, and has
// the OCI schema look at them: what it refuses, we do, and the other way round. One seed
// spoils many.
func FuzzManifestLikeSchema(f *testing.F) {
	f.Add(uint64(11))
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(2026, seed))
		var what []string
		var mutants [][]byte
		for n := range 20 {
			for _, platform := range tags.Platforms() {
				for _, release := range oci.Releases() {
					d := NewManifest(platform, release)
					said := fmt.Sprintf("%s %s", platform, release)
					for range n % 3 {
						said += ", " + mutate(r, d)
					}
					what, mutants = append(what, said), append(mutants, d.Bytes())
				}
			}
		}
		valid := 0
		takes, _ := testkit.OCISchema(t, mutants)
		for i, taken := range takes {
			if taken {
				valid++
			}
			d, err := oci.Parse("x.oci", mutants[i])
			require.NoError(t, err)
			findings := d.Check()
			assert.Equal(t, taken, findings.Err() == nil, "%s: the schema takes it: %t; we find %v", what[i], taken, findings)
			for _, f := range findings {
				assert.NotZero(t, f.Line, f.String())
				assert.NotZero(t, f.Column, f.String())
			}
		}
		assert.Greater(t, valid, 100)
		assert.Greater(t, len(mutants)-valid, 120)
	})
}
