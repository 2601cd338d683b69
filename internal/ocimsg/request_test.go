package ocimsg

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/levels"
)

// ok checks that a document is what the schema takes, and returns it.
func ok(t *testing.T, d *oci.Document, err error) *oci.Document {
	t.Helper()
	require.NoError(t, err)
	assert.Empty(t, d.Check())
	return d
}

// lines returns what the requests of a document hold, one on a line.
func lines(d *oci.Document) []string {
	var list []string
	for _, r := range d.Requests {
		line := r.Type
		for _, top := range r.Elements {
			for e := range top.All() {
				switch {
				case e.Nil:
					line += " " + e.Name + "=nil"
				case len(e.Children) == 0:
					line += " " + e.Name + "=" + e.Value
				}
			}
		}
		list = append(list, strings.ReplaceAll(line, "SystemDeviceManagement", ""))
	}
	return list
}

func TestNewTagSet(t *testing.T) {
	values := []TagValue{{Name: "A_WXT", Value: "a & b"}, {Name: "%B_WXT%"}}
	for _, tt := range []struct {
		release oci.Release
		want    []string
	}{
		{0, []string{"TagSetAddRequest tagSetName=S", "TagAddRequest tagSetName=S tagName=%A_WXT% tagValue=a & b", "TagAddRequest tagSetName=S tagName=%B_WXT%"}},
		{oci.R21SP1, []string{"TagSetAddRequest tagSetName=S", "TagAddRequest tagSetName=S tagName=%A_WXT% tagValue=a & b", "TagAddRequest tagSetName=S tagName=%B_WXT%"}},
		{oci.R22, []string{
			"TagSetAddRequest tagSetName=S", "TagAddRequest22 tagSetName=S tagName=%A_WXT% isTagValueEncrypted=false tagValue=a & b isTagValueOverridable=true",
			"TagAddRequest22 tagSetName=S tagName=%B_WXT% isTagValueEncrypted=false isTagValueOverridable=true",
		}},
	} {
		d, err := NewTagSet(tt.release, "S", values)
		assert.Equal(t, tt.want, lines(ok(t, d, err)))
		assert.LessOrEqual(t, d.Since(), max(tt.release, oci.R21SP1))
	}
	d, err := NewTagSet(oci.R25, "S", []TagValue{{Name: "A", NotOverridable: true}})
	assert.Contains(t, lines(ok(t, d, err))[1], "isTagValueOverridable=false")

	for _, tt := range []struct {
		set    string
		values []TagValue
		want   string
	}{
		{"", nil, "the value is empty: expected text of 1 to 30 characters"},
		{strings.Repeat("s", 31), nil, "expected text of 1 to 30 characters"},
		{"S", []TagValue{{Name: strings.Repeat("n", 63)}}, "expected text of 1 to 64 characters"},
		{"S", []TagValue{{Name: "%%"}}, "has no name"},
		{"S", []TagValue{{Name: "A%B"}}, "percent sign inside"},
		{"S", []TagValue{{Name: "%BWHOST-1%"}}, "begins with BW"},
		{"S", []TagValue{{Name: "A", Value: strings.Repeat("v", 257)}}, "tagValue: %A%: "},
		{"S", []TagValue{{Name: "A", Value: "a  b"}}, "white space that is not kept"},
		{"S", []TagValue{{Name: "A"}, {Name: "%A%"}}, "comes twice"},
		{"S", []TagValue{{Name: "A", NotOverridable: true}}, "R22 or later"},
	} {
		_, err := NewTagSet(oci.R21SP1, tt.set, tt.values)
		var bad *oci.ElementError
		require.ErrorAs(t, err, &bad)
		assert.Contains(t, err.Error(), tt.want)
	}
	d, err = NewTagSet(oci.R22, strings.Repeat("s", 30), []TagValue{{Name: strings.Repeat("n", 62), Value: strings.Repeat("é", 256)}})
	ok(t, d, err)
}

func TestNewTagModify(t *testing.T) {
	values := []TagValue{{Name: "A", Value: "1"}, {Name: "%B%"}}
	d, err := NewTagModify(oci.R21SP1, "S", values)
	assert.Equal(t, []string{
		"TagModifyRequest tagSetName=S tagName=%A% tagValue=1",
		"TagModifyRequest tagSetName=S tagName=%B% tagValue=nil",
	}, lines(ok(t, d, err)))
	assert.Zero(t, d.Since())

	values[1].NotOverridable = true
	d, err = NewTagModify(oci.R22, "S", values)
	assert.Equal(t, []string{
		"TagModifyRequest tagSetName=S tagName=%A% tagValue=1 isTagValueOverridable=true",
		"TagModifyRequest tagSetName=S tagName=%B% tagValue=nil isTagValueOverridable=false",
	}, lines(ok(t, d, err)))
	assert.Equal(t, oci.R22, d.Since())

	_, err = NewTagModify(0, "S", values)
	assert.ErrorContains(t, err, "tag %B% cannot be made not overridable: that takes R22 or later")
	_, err = NewTagModify(oci.R22, "S", []TagValue{{Name: "A"}, {Name: "%A%"}})
	assert.ErrorContains(t, err, `tag "%A%" comes twice`)
	_, err = NewTagModify(oci.R22, strings.Repeat("x", 31), []TagValue{{Name: "A"}})
	assert.ErrorContains(t, err, "tagSetName")
	_, err = NewTagModify(oci.R22, "S", []TagValue{{Name: "A", Value: "a  b"}})
	assert.ErrorContains(t, err, "%A%: ")
	_, err = NewTagModify(oci.R22, "S", []TagValue{{Name: "BWTIMESTAMP"}})
	assert.ErrorContains(t, err, "as system tags do")
}

func TestNewTagChanges(t *testing.T) {
	before := []TagValue{{Name: "SAME", Value: "x"}, {Name: "GONE", Value: "x"}, {Name: "EMPTIED", Value: "x"}, {Name: "LOCKED", Value: "x"}, {Name: "OLD", Value: "x"}}
	after := []TagValue{{Name: "NEW", Value: "y"}, {Name: "EMPTIED"}, {Name: "SAME", Value: "x"}, {Name: "LOCKED", Value: "x", NotOverridable: true}, {Name: "BLANK"}}
	d, err := NewTagChanges(oci.R23, "S", before, after)
	assert.Equal(t, []string{
		"TagAddRequest22 tagSetName=S tagName=%NEW% isTagValueEncrypted=false tagValue=y isTagValueOverridable=true",
		"TagModifyRequest tagSetName=S tagName=%EMPTIED% tagValue=nil",
		"TagModifyRequest tagSetName=S tagName=%LOCKED% isTagValueOverridable=false",
		"TagAddRequest22 tagSetName=S tagName=%BLANK% isTagValueEncrypted=false isTagValueOverridable=true",
		"TagDeleteListRequest tagSetName=S tagName=%GONE%",
		"TagDeleteListRequest tagSetName=S tagName=%OLD%",
	}, lines(ok(t, d, err)))

	d, err = NewTagChanges(oci.R21SP1, "S", before, before)
	require.NoError(t, err)
	assert.Empty(t, d.Requests)
	_, err = NewTagChanges(oci.R21SP1, "S", before, after)
	assert.ErrorContains(t, err, "takes R22")
	_, err = NewTagChanges(oci.R23, "S", []TagValue{{Name: "A"}, {Name: "A"}}, nil)
	assert.ErrorContains(t, err, "twice")
}

func TestNewTagSetDeleteAndQuery(t *testing.T) {
	d, err := NewTagSetDelete("S")
	assert.Equal(t, []string{"TagSetDeleteRequest tagSetName=S"}, lines(ok(t, d, err)))
	d, err = NewTagQuery("S")
	assert.Equal(t, []string{"TagGetListRequest tagSetName=S"}, lines(ok(t, d, err)))
	_, err = NewTagQuery("")
	assert.Error(t, err)
	_, err = NewTagSetDelete(" S")
	assert.Error(t, err)
}

func TestNewImport(t *testing.T) {
	plain := Import{URL: "http://x/a.zip"}
	for _, r := range append(oci.Releases(), 0) {
		d, err := NewImport(r, plain, plain)
		assert.Equal(t, []string{"SystemDeviceTypeImportRequest file=http://x/a.zip", "SystemDeviceTypeImportRequest file=http://x/a.zip"}, lines(ok(t, d, err)))
		_, err = NewImportDryRun(r, plain)
		if r >= oci.R25 {
			assert.NoError(t, err)
			continue
		}
		assert.ErrorContains(t, err, "the request takes R25")
		_, err = NewImport(r, Import{URL: "http://x", UpdateFiles: true})
		assert.ErrorContains(t, err, "deviceTypeFileUpdate: the element takes R25")
		_, err = NewImport(r, Import{URL: "http://x", DeviceType: "A", NewName: "B"})
		assert.ErrorContains(t, err, "originalDeviceTypeName: the element takes R25")
	}
	full := Import{URL: "file:///a.zip", DeviceType: "A", NewName: "B", UpdateFiles: true}
	d, err := NewImport(oci.R25, full)
	assert.Equal(t, []string{"SystemDeviceTypeImportRequest file=file:///a.zip originalDeviceTypeName=A newDeviceTypeName=B deviceTypeFileUpdate=true"}, lines(ok(t, d, err)))
	assert.Equal(t, oci.R25, d.Since())
	_, err = NewImport(oci.R25, Import{})
	assert.ErrorContains(t, err, "file")
	_, err = NewImport(oci.R25, Import{URL: "http://x", NewName: "B"})
	assert.ErrorContains(t, err, "originalDeviceTypeName")
}

func TestNewFileModify(t *testing.T) {
	template := []byte("<config>\xe4\n</config>")
	content := base64.StdEncoding.EncodeToString(template)
	r, err := NewFileModify(Scope{}, "Phone", "config.xml", template)
	d := ok(t, &oci.Document{Requests: []*oci.Request{r}}, err)
	assert.Equal(t, []string{"SystemSIPDeviceTypeFileModifyRequest16sp1 deviceType=Phone fileFormat=config.xml fileSource=Custom fileContent=" + content}, lines(d))
	r, err = NewFileModify(Scope{ServiceProvider: "sp", Group: "g"}, "Phone", "config.xml", template)
	d = ok(t, &oci.Document{Requests: []*oci.Request{r}}, err)
	assert.Equal(t, []string{"GroupDeviceTypeFileModifyRequest14sp8 serviceProviderId=sp groupId=g deviceType=Phone fileFormat=config.xml fileSource=Custom fileContent=" + content}, lines(d))
	for _, s := range []Scope{{ServiceProvider: "sp"}, {Device: "d"}, {Group: "g"}} {
		_, err = NewFileModify(s, "Phone", "config.xml", template)
		assert.Error(t, err, s)
	}
}

func TestNewRebuild(t *testing.T) {
	for _, test := range []struct {
		scope Scope
		typ   string
		want  string
	}{
		{Scope{}, "", "SystemCPEConfigRebuildConfigFileRequest deviceType=Phone"},
		{Scope{}, "Device Profiles", "SystemCPEConfigRebuildConfigFileRequest deviceType=Phone rebuildType=Device Profiles"},
		{Scope{ServiceProvider: "sp", Group: "g"}, "", "GroupCPEConfigRebuildConfigFileRequest serviceProviderId=sp groupId=g deviceType=Phone"},
	} {
		r, err := NewRebuild(test.scope, "Phone", test.typ)
		assert.Equal(t, []string{test.want}, lines(ok(t, &oci.Document{Requests: []*oci.Request{r}}, err)))
	}
	_, err := NewRebuild(Scope{ServiceProvider: "sp"}, "Phone", "")
	assert.ErrorContains(t, err, "for the system or for one group")
	_, err = NewRebuild(Scope{Group: "g"}, "Phone", "")
	assert.ErrorContains(t, err, "no service provider")
	_, err = NewRebuild(Scope{ServiceProvider: "sp", Group: "g"}, "Phone", "Device Type")
	assert.ErrorContains(t, err, "rebuildType")
	_, err = NewRebuild(Scope{}, "Phone", "Profiles")
	assert.ErrorContains(t, err, "rebuildType")
	_, err = NewRebuild(Scope{}, "", "")
	assert.ErrorContains(t, err, "deviceType")
}

func TestNewTagOverrides(t *testing.T) {
	values := []TagValue{{Name: "A", Value: "1"}, {Name: "B"}}
	for _, test := range []struct {
		scope Scope
		since oci.Release
		place levels.Level
		want  string // the first request
	}{
		{Scope{ServiceProvider: "sp"}, oci.R22, levels.ServiceProvider, "ServiceProviderDeviceTypeCustomTagAddRequest serviceProviderId=sp deviceType=Phone tagName=%A% isTagValueEncrypted=false tagValue=1"},
		{Scope{ServiceProvider: "sp", Group: "g"}, 0, levels.Group, "GroupDeviceTypeCustomTagAddRequest serviceProviderId=sp groupId=g deviceType=Phone tagName=%A% tagValue=1"},
		{Scope{Device: "d"}, 0, levels.AccessDevice, "SystemAccessDeviceCustomTagAddRequest deviceName=d tagName=%A% tagValue=1"},
		{Scope{ServiceProvider: "sp", Device: "d"}, 0, levels.AccessDevice, "ServiceProviderAccessDeviceCustomTagAddRequest serviceProviderId=sp deviceName=d tagName=%A% tagValue=1"},
		{Scope{ServiceProvider: "sp", Group: "g", Device: "d"}, 0, levels.AccessDevice, "GroupAccessDeviceCustomTagAddRequest serviceProviderId=sp groupId=g deviceName=d tagName=%A% tagValue=1"},
	} {
		d, err := NewTagOverrides(oci.R22, test.scope, "Phone", values)
		got := lines(ok(t, d, err))
		require.Len(t, got, 2)
		assert.Equal(t, test.want, got[0])
		assert.NotContains(t, got[1], "tagValue=")
		assert.Equal(t, test.since, d.Since())
		assert.Equal(t, test.place, test.scope.Level())
		_, err = NewTagOverrides(oci.R21SP1, test.scope, "Phone", values)
		assert.Equal(t, test.since > 0, err != nil, "%v: %v", test.scope, err)
	}
	assert.Equal(t, levels.DeviceTypeSet, Scope{}.Level())
	for name, try := range map[string]func() (*oci.Document, error){
		"serviceProviderId": func() (*oci.Document, error) { return NewTagOverrides(oci.R22, Scope{}, "Phone", values) },
		"service provider":  func() (*oci.Document, error) { return NewTagOverrides(oci.R22, Scope{Group: "g"}, "Phone", values) },
		"twice": func() (*oci.Document, error) {
			return NewTagOverrides(oci.R22, Scope{Device: "d"}, "", append(values, values[0]))
		},
		"only a tag set": func() (*oci.Document, error) {
			return NewTagOverrides(oci.R22, Scope{Device: "d"}, "", []TagValue{{Name: "A", NotOverridable: true}})
		},
		"as system tags do": func() (*oci.Document, error) {
			return NewTagOverrides(oci.R22, Scope{Device: "d"}, "", []TagValue{{Name: "BWX"}})
		},
	} {
		_, err := try()
		assert.ErrorContains(t, err, name)
	}
}
