package oci

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/schema"
)

// names returns the elements of a request, in order, as name=value.
func names(list []*Element) string {
	var out []string
	for _, e := range list {
		switch {
		case len(e.Children) > 0:
			out = append(out, e.Name+"("+names(e.Children)+")")
		case e.Nil:
			out = append(out, e.Name+"=nil")
		default:
			out = append(out, e.Name+"="+e.Value)
		}
	}
	return strings.Join(out, " ")
}

// check returns what the schema finds wrong with one request.
func check(r *Request) []schema.Finding { return (&Document{Requests: []*Request{r}}).Check() }

func TestSet(t *testing.T) {
	r := &Request{Type: "SystemSIPDeviceTypeAddRequest22V12"}
	steps := []struct{ name, value, want string }{
		{"profile", "Intelligent Proxy Addressing", "profile=Intelligent Proxy Addressing"},
		{"deviceType", "A", "deviceType=A profile=Intelligent Proxy Addressing"},
		{"numberOfPorts", "10", "deviceType=A numberOfPorts(quantity=10) profile=Intelligent Proxy Addressing"},
		{"numberOfPorts", "unlimited", "deviceType=A numberOfPorts(unlimited=true) profile=Intelligent Proxy Addressing"},
		{"deviceAccessURI", "bc/pc/", "deviceType=A numberOfPorts(unlimited=true) profile=Intelligent Proxy Addressing cpeDeviceOptions(deviceManagementDeviceTypeOptions(deviceAccessURI=bc/pc/))"},
		{"tagMode", "System", "deviceType=A numberOfPorts(unlimited=true) profile=Intelligent Proxy Addressing cpeDeviceOptions(deviceManagementDeviceTypeOptions(tagMode=System deviceAccessURI=bc/pc/))"},
		{"password", "p", "deviceType=A numberOfPorts(unlimited=true) profile=Intelligent Proxy Addressing cpeDeviceOptions(deviceManagementDeviceTypeOptions(tagMode=System deviceAccessURI=bc/pc/ accessDeviceCredentials(password=p)))"},
		{"verstatInFromHeader", "1", "deviceType=A numberOfPorts(unlimited=true) profile=Intelligent Proxy Addressing cpeDeviceOptions(deviceManagementDeviceTypeOptions(tagMode=System deviceAccessURI=bc/pc/ accessDeviceCredentials(password=p))) verstatInFromHeader=1"},
	}
	for _, s := range steps {
		require.NoError(t, r.Set(s.name, s.value))
		assert.Equal(t, s.want, names(r.Elements))
	}
	for leaf, want := range map[string]string{"numberOfPorts": "unlimited", "deviceAccessURI": "bc/pc/"} {
		got, ok := r.Get(leaf)
		assert.True(t, ok)
		assert.Equal(t, want, got)
	}
	_, ok := r.Get("trunkMode")
	assert.False(t, ok)

	for _, name := range []string{"password", "verstatInFromHeader", "deviceAccessURI", "deviceAccessPort"} {
		require.NoError(t, r.Unset(name))
	}
	assert.Equal(t, "deviceType=A numberOfPorts(unlimited=true) profile=Intelligent Proxy Addressing cpeDeviceOptions(deviceManagementDeviceTypeOptions(tagMode=System))", names(r.Elements))
	assert.EqualError(t, r.Unset("profile"), "SystemSIPDeviceTypeAddRequest22V12: profile: the request needs the element: expected a value")
}

func TestSetChoicesAndRepeats(t *testing.T) {
	file := &Request{Type: "SystemSIPDeviceTypeFileModifyRequest16sp1"}
	require.NoError(t, file.Set("sourceFileName", "a"))
	require.NoError(t, file.Set("fileContent", "QUJD"))
	require.NoError(t, file.Set("macFormatInNonRequestURI", ""))
	assert.Equal(t, "uploadFile(fileContent=QUJD) macFormatInNonRequestURI=nil", names(file.Elements))
	require.NoError(t, file.Set("macFormatInNonRequestURI", "x"))
	require.NoError(t, file.Unset("fileContent"))
	assert.Equal(t, "macFormatInNonRequestURI=x", names(file.Elements))

	list := &Request{Type: "SystemDeviceManagementTagDeleteListRequest"}
	list.Elements = []*Element{{Name: "tagName", Value: "%A%"}, {Name: "tagName", Value: "%B%"}}
	require.NoError(t, list.Set("systemDefaultTagSet", "true"))
	require.NoError(t, list.Set("tagSetName", "S"))
	assert.Equal(t, "tagSetName=S tagName=%A% tagName=%B%", names(list.Elements))
	assert.Empty(t, check(list))
	require.NoError(t, list.Set("tagName", "%C%"))
	assert.Equal(t, "tagSetName=S tagName=%C%", names(list.Elements))
}

func TestSetErrors(t *testing.T) {
	for _, tt := range []struct{ request, name, value, want string }{
		{"SystemSIPDeviceTypeAddRequest21", "numberOfPort", "1", `SystemSIPDeviceTypeAddRequest21 has no element "numberOfPort" that takes a value: did you mean numberOfPorts?`},
		{"SystemSIPDeviceTypeAddRequest21", "macInCert", "true", `SystemSIPDeviceTypeAddRequest21 has no element "macInCert" that takes a value: SystemSIPDeviceTypeAddRequest21sp1V2 has it (R21SP1)`},
		{"SystemSIPDeviceTypeAddRequest21", "locationNetwork", "Fixed", `SystemSIPDeviceTypeAddRequest21 has no element "locationNetwork" that takes a value: SystemSIPDeviceTypeAddRequest21sp1 is the first to have it (R21SP1)`},
		{"SystemSIPDeviceTypeAddRequest23V9", "supportVisualDeviceManagement", "true", `SystemSIPDeviceTypeAddRequest23V9 has no element "supportVisualDeviceManagement" that takes a value: SystemSIPDeviceTypeAddRequest23V2 was the last to have it`},
		{"SystemSIPDeviceTypeAddRequest21", "cpeDeviceOptions", "x", `has no element "cpeDeviceOptions" that takes a value`},
		{"SystemSIPDeviceTypeAddRequest21", "numberOfPorts", "many", `SystemSIPDeviceTypeAddRequest21: numberOfPorts: "many" is not a whole number: expected a whole number, 1 or more, or "unlimited"`},
		{"SystemSIPDeviceTypeAddRequest21", "deviceAccessPort", "70000", `"70000" is out of range: expected a whole number from 1 to 65535`},
		{"SystemSIPDeviceTypeAddRequest21", "deviceAccessProtocol", "https", `"https" is not a value of DeviceAccessProtocol16: expected one of "Http", "Https", "FTP", "TFTP": did you mean Https?`},
		{"SystemSIPDeviceTypeAddRequest21", "isTrusted", "yes", `"yes" is not a boolean: expected true or false`},
		{"SystemSIPDeviceTypeAddRequest21", "deviceType", strings.Repeat("é", 41), `has 41 characters: expected text of 1 to 40 characters`},
		{"SystemSIPDeviceTypeAddRequest21", "deviceType", " a", `" a" has white space that is not kept`},
		{"SystemSIPDeviceTypeAddRequest21", "deviceType", "a\x01", `the value has the character U+0001, which XML cannot hold`},
		{"SystemSIPDeviceTypeAddRequest21", "deviceType", "\x01a", `the value has the character U+0001, which XML cannot hold`},
		{"SystemSIPDeviceTypeAddRequest21", "deviceType", "a\uFFFE", `the value has the character U+FFFE, which XML cannot hold`},
		{"SystemSIPDeviceTypeAddRequest21", "deviceType", "a\uFFFF", `the value has the character U+FFFF, which XML cannot hold`},
		{"SystemSIPDeviceTypeAddRequest21", "deviceType", "a\xE9", `the value is not valid UTF-8`},
		{"SystemSIPDeviceTypeAddRequest21", "deviceType", "", `the value is empty: expected text of 1 to 40 characters`},
		{"SystemSIPDeviceTypeAddRequest21", "webBasedConfigURL", "", `the value is empty: expected text of 1 to 80 characters, or no element at all`},
		{"SystemCPEConfigRebuildConfigFileRequest", "force", "false", `SystemCPEConfigRebuildConfigFileRequest: force: "false": expected true, the only value that it takes`},
		{"SystemSIPDeviceTypeAddRequst21", "deviceType", "a", `request "SystemSIPDeviceTypeAddRequst21" is not modelled: did you mean SystemSIPDeviceTypeAddRequest21?`},
	} {
		r := &Request{Type: tt.request}
		err := r.Set(tt.name, tt.value)
		require.Error(t, err)
		assert.Contains(t, err.Error(), tt.want)
		assert.Empty(t, r.Elements)
		var bad *ElementError
		require.ErrorAs(t, err, &bad)
		assert.Equal(t, tt.request, bad.Request)
	}
}

// TestSetBounds sets the longest values, and the least and largest numbers, that there may be.
func TestSetBounds(t *testing.T) {
	for _, tt := range [][2]string{
		{"deviceType", strings.Repeat("é", 40)}, {"webBasedConfigURL", strings.Repeat("x", 80)},
		{"deviceAccessPort", "65535"}, {"deviceAccessPort", "1"}, {"numberOfPorts", "1"},
	} {
		name, value := tt[0], tt[1]
		r := &Request{Type: "SystemSIPDeviceTypeAddRequest21"}
		require.NoError(t, r.Set(name, value))
		got, ok := r.Get(name)
		assert.True(t, ok, name)
		assert.Equal(t, value, got, name)
	}
}

// TestSetMakesValid fills every leaf of every request in reverse order: what
// comes out is in the order of the schema.
func TestSetMakesValid(t *testing.T) {
	for _, name := range model().names {
		typ, _ := Lookup(name)
		r := &Request{Type: typ.Name}
		leaves := typ.Leaves
		for i := len(leaves) - 1; i >= 0; i-- {
			l := leaves[i]
			value := "true"
			switch {
			case len(l.Type.Enumeration) > 0:
				value = l.Type.Enumeration[0]
			case l.Type.Base == "xs:int":
				value = "7"
			}
			require.NoError(t, r.Set(l.Name, value), "%s %s", typ.Name, l.Name)
			found, ok := typ.Leaf(l.Name)
			require.True(t, ok)
			require.Empty(t, cmp.Diff(l, found))
		}
		assert.Empty(t, check(r), typ.Name)
	}
}

func TestReleases(t *testing.T) {
	for version, want := range map[string]Release{
		"": 0, "14sp1": 0, "20sp1": 0, "21": 0, "21sp1": R21SP1, "21sp1V2": R21SP1, "21sp2": R22, "22": R22, "22V12": R22, "23V9": R23, "24": R24, "25V2": R25,
	} {
		got, ok := sinceRelease(version)
		assert.True(t, ok)
		assert.Equal(t, want, got, version)
	}
	for _, version := range []string{"V2", "sp1", "21SP1", "x", "99999999999999999999"} {
		_, ok := sinceRelease(version)
		assert.False(t, ok, version)
	}
	typ, ok := Lookup("SystemDeviceManagementTagAddRequest21sp2")
	require.True(t, ok)
	assert.Equal(t, "SystemDeviceManagementTagAddRequest", typ.Family)
	assert.Len(t, typ.Versions, 3)
	assert.False(t, typ.KnownIn(R21SP1))
	assert.False(t, typ.KnownIn(0))
	assert.True(t, typ.KnownIn(R22))
	for _, r := range Releases() {
		text, err := r.MarshalText()
		require.NoError(t, err)
		var back Release
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, r, back)
	}
	var r Release
	assert.Equal(t, "none", r.String())
	assert.NoError(t, r.UnmarshalText(nil))
	assert.EqualError(t, r.UnmarshalText([]byte("R27")), `unknown release "R27": expected one of R21SP1, R22, R23, R24, R25, R26`)
}

func TestSince(t *testing.T) {
	leaf := func(request, element string) Release {
		typ, ok := Lookup(request)
		require.True(t, ok, request)
		l, ok := typ.Leaf(element)
		require.True(t, ok, element)
		return l.Since
	}
	assert.Equal(t, R25, leaf("SystemDeviceTypeImportRequest", "newDeviceTypeName"))
	assert.Equal(t, R22, leaf("SystemDeviceManagementTagModifyRequest", "isTagValueOverridable"))
	assert.Zero(t, leaf("SystemDeviceTypeImportRequest", "file"))
	assert.Zero(t, (&Document{Requests: []*Request{{Type: "Unknown"}}}).Since())
	typ, _ := Lookup("ServiceProviderDeviceTypeCustomTagAddRequest")
	assert.Equal(t, R22, typ.Since)
	assert.False(t, typ.KnownIn(0))
	_, err := readTable("[[request]]\nname = \"A\"\nsince = \"R19\"")
	assert.ErrorContains(t, err, "R19")
	_, err = readTable("[[request]]\nname = \"A\"\nelements = [{name = \"e\", type = \"xs:int\", since = \"22\"}]")
	assert.ErrorContains(t, err, "element e")
}

func TestSplit(t *testing.T) {
	d := &Document{SessionID: "s"}
	for range 31 {
		d.Requests = append(d.Requests, &Request{Type: "SystemCPEConfigRebuildConfigFileRequest"})
	}
	assert.Error(t, d.Check().Err())
	var sizes []int
	for _, part := range d.Split(0) {
		sizes = append(sizes, len(part.Requests))
		assert.Empty(t, part.Check())
		assert.Equal(t, "s", part.SessionID)
	}
	assert.Equal(t, []int{15, 15, 1}, sizes)
	assert.Empty(t, (&Document{}).Split(3))
}
