package tagcompare

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/ocimsg"
	"github.com/dtafgen/wxt/internal/tagset"
	"github.com/dtafgen/wxt/tags"
)

// response returns a server's list of the tags of a tag set.
func response(t *testing.T, rows string) *oci.Document {
	t.Helper()
	d, err := oci.Parse("r.xml", []byte(`<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><command xsi:type="SystemDeviceManagementTagGetListResponse"><tagsTable><colHeading>Tag Name</colHeading><colHeading>Tag Value</colHeading><colHeading>Is Overridable</colHeading>`+rows+`</tagsTable></command></BroadsoftDocument>`))
	require.NoError(t, err)
	return d
}

func TestCompare(t *testing.T) {
	p, err := wxt.Load("../../examples/partner/dtafgen.toml")
	require.NoError(t, err)
	compiled, findings := wxt.Compile(p)
	require.NoError(t, findings.Err())
	s, err := compiled.Provision()
	require.NoError(t, err)
	desktop := tagset.Options{Platforms: tags.NewPlatformSet(tags.Desktop)}
	var rows strings.Builder
	for _, target := range s.Targets {
		if target.Platform == tags.Desktop {
			for _, v := range target.Values {
				fmt.Fprintf(&rows, "<row><col>%s</col><col>%s</col><col>true</col></row>", v.Tag.Name, v.Value)
			}
		}
	}
	c, err := Compare(s, desktop, response(t, rows.String()))
	require.NoError(t, err)
	assert.Equal(t, "Acme_Desktop", c.TagSet)
	assert.Equal(t, []tags.Platform{tags.Desktop}, c.Platforms)
	assert.Equal(t, 63, c.Tags)
	assert.Empty(t, c.Differences)

	c, err = Compare(s, desktop, response(t, strings.Replace(rows.String(), "sbc.acme.example", "other", 1)))
	require.NoError(t, err)
	require.Len(t, c.Differences, 1)
	assert.Equal(t, ocimsg.TagValueOther, c.Differences[0].Kind)

	// A value that reads like a secret is one wherever it stands.
	c, err = Compare(s, desktop, response(t, rows.String()+"<row><col>X_PASSWORD</col><col>hunter2hunter2</col><col>true</col></row>"))
	require.NoError(t, err)
	require.Len(t, c.Differences, 1)
	assert.Equal(t, ocimsg.TagExtra, c.Differences[0].Kind)
	assert.True(t, c.Secret["X_PASSWORD"])

	_, err = Compare(s, tagset.Options{}, response(t, ""))
	assert.ErrorContains(t, err, "3 tag sets")
	_, err = Compare(s, tagset.Options{Platforms: desktop.Platforms, NotOverridable: []string{"SBC_ADRESS_WXT"}}, response(t, ""))
	assert.ErrorContains(t, err, "did you mean SBC_ADDRESS_WXT?")
	s.Targets = nil
	_, err = Compare(s, tagset.Options{}, response(t, ""))
	assert.ErrorContains(t, err, "no tag set")
}
