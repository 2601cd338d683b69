package ocimsg

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/schema"
)

// answer returns a response document with the given commands.
func answer(commands string) []byte {
	return []byte(`<?xml version="1.0" encoding="ISO-8859-1"?>
<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><sessionId xmlns="">1</sessionId>
` + commands + `</BroadsoftDocument>`)
}

func tagList(table string) []byte {
	return answer(`<command echo="" xsi:type="SystemDeviceManagementTagGetListResponse" xmlns=""><tagsTable>` + table + `</tagsTable></command>`)
}

func row(cells ...string) string {
	return "<row><col>" + strings.Join(cells, "</col><col>") + "</col></row>\n"
}

func headings(names ...string) string {
	return "<colHeading>" + strings.Join(names, "</colHeading><colHeading>") + "</colHeading>\n"
}

func parse(t *testing.T, data []byte) *oci.Document {
	t.Helper()
	d, err := oci.Parse("r.xml", data)
	require.NoError(t, err)
	return d
}

func TestErrorResponse(t *testing.T) {
	d := parse(t, answer(`<command echo="" xsi:type="c:SuccessResponse" xmlns:c="C" xmlns=""/>
<command type="Error" echo="" xsi:type="c:ErrorResponse" xmlns:c="C" xmlns=""><errorCode>4008</errorCode>
<summary>[Error 4008] Benutzer nicht gefunden: `+"\xfc"+`</summary><summaryEnglish>[Error 4008] User not found: `+"\xfc"+`</summaryEnglish><detail>None
 at all.</detail></command>
<command type="Warning" xsi:type="ErrorResponse"><summary/><summaryEnglish>Late</summaryEnglish><errorCode>7</errorCode></command>
<command xsi:type="ErrorResponse"/>`))
	require.Len(t, d.Requests, 4)
	errs := ErrorResponses(d)
	require.Len(t, errs, 3)
	assert.Empty(t, cmp.Diff(&ErrorResponse{
		Severity: "Error", Code: 4008, Summary: "[Error 4008] Benutzer nicht gefunden: ü", SummaryEnglish: "[Error 4008] User not found: ü",
		Detail: "None at all.", Pos: schema.Position{File: "r.xml", Line: 4, Column: 1},
	}, errs[0]))
	assert.EqualError(t, errs[0], "[Error 4008] Benutzer nicht gefunden: ü: None at all.")
	assert.EqualError(t, errs[1], "[Error 7] Late")
	assert.Equal(t, "Warning", errs[1].Severity)
	assert.EqualError(t, errs[2], "the server gives no summary")
}

func TestTags(t *testing.T) {
	full := headings("Is Overridable", "Tag Value", "Tag Name", "Is Encrypted")
	for name, test := range map[string]struct {
		data []byte
		want []LiveTag
	}{
		"before R22": {tagList(headings("Tag Name", "Tag Value") + row("%A%", "1") + row(" %B% ", "")),
			[]LiveTag{{TagValue: TagValue{Name: "A", Value: "1"}, OverridableUnknown: true}, {TagValue: TagValue{Name: "B"}, OverridableUnknown: true}}},
		"any order of columns": {tagList(full + row("true", "a &lt;b", "%A%", "false") + row("false", "x", "%B%", "true")),
			[]LiveTag{{TagValue: TagValue{Name: "A", Value: "a <b"}}, {TagValue: TagValue{Name: "B", Value: "x", NotOverridable: true}, Encrypted: true}}},
		"more columns":     {tagList(headings("Tag Name", "New", "Tag Value") + row("%A%", "n", "1")), []LiveTag{{TagValue: TagValue{Name: "A", Value: "1"}, OverridableUnknown: true}}},
		"no rows":          {tagList(headings("Tag Name", "Tag Value")), []LiveTag{}},
		"a version":        {[]byte(strings.Replace(string(tagList(headings("Tag Name", "Tag Value"))), "GetListResponse", "GetListResponse22", 1)), []LiveTag{}},
		"beside a success": {[]byte(strings.Replace(string(tagList(headings("Tag Name", "Tag Value"))), "<command", `<command xsi:type="SuccessResponse"/><command`, 1)), []LiveTag{}},
	} {
		got, err := Tags(parse(t, test.data))
		require.NoError(t, err, name)
		assert.Empty(t, cmp.Diff(test.want, got, cmpopts.IgnoreFields(LiveTag{}, "Pos")), name)
	}
}

func TestTagsRefused(t *testing.T) {
	two := headings("Tag Name", "Tag Value")
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"an error":           {answer(`<command type="Error" xsi:type="c:ErrorResponse" xmlns:c="C"><summary>No</summary></command>`), "No"},
		"another response":   {answer(`<command xsi:type="c:SuccessResponse" xmlns:c="C"/>`), "it is a SuccessResponse: expected a SystemDeviceManagementTagGetListResponse"},
		"a request":          {answer(`<command xsi:type="SystemDeviceManagementTagGetListRequest"/>`), "it is a SystemDeviceManagementTagGetListRequest"},
		"nothing":            {answer(""), "it is empty"},
		"two":                {answer(strings.Repeat(`<command xsi:type="SystemDeviceManagementTagGetListResponse"/>`, 2)), "two lists of tags"},
		"no table":           {answer(`<command xsi:type="SystemDeviceManagementTagGetListResponse"/>`), "has no tagsTable"},
		"no headings":        {tagList(""), "tagsTable has no headings"},
		"no value column":    {tagList(headings("Tag Name")), `the table has the columns "Tag Name"`},
		"a short row":        {tagList(two + row("%A%")), "r.xml:4:1: the row has 1 columns: expected 2"},
		"a long row":         {tagList(two + row("%A%", "1", "2")), "the row has 3 columns"},
		"an empty row":       {tagList(two + "<row/>"), "the row has 0 columns"},
		"a strange cell":     {tagList(two + "<row><col/><cell/></row>"), "a row holds the element cell"},
		"a strange element":  {tagList(two + "<line/>"), "the table holds the element line"},
		"a late heading":     {tagList(two + row("%A%", "") + headings("X")), "comes after a row"},
		"a heading twice":    {tagList(headings("Tag Name", "Tag Value", "Tag Name")), `the column "Tag Name" twice`},
		"a tag twice":        {tagList(two + row("%A%", "1") + row("A", "1")), "r.xml:5:1: tag A is in the list twice"},
		"no name":            {tagList(two + row("", "1")), "the row names no tag"},
		"a strange boolean":  {tagList(headings("Tag Name", "Tag Value", "Is Overridable") + row("%A%", "1", "maybe")), `Is Overridable is "maybe": expected true or false`},
		"a strange boolean2": {tagList(headings("Tag Name", "Tag Value", "Is Encrypted") + row("%A%", "1", "")), "Is Encrypted"},
	} {
		_, err := Tags(parse(t, test.data))
		assert.ErrorContains(t, err, test.want, name)
	}
	_, err := Tags(parse(t, answer(`<command type="Error" xsi:type="ErrorResponse"><summary>No</summary></command>`)))
	var refused *ErrorResponse
	assert.ErrorAs(t, err, &refused)
}

func TestCompareTags(t *testing.T) {
	want := []TagValue{{Name: "%SAME%", Value: "1"}, {Name: "VALUE", Value: "1"}, {Name: "MISSING"}, {Name: "SECRET", Value: "1"}, {Name: "LOCKED", NotOverridable: true}}
	live := []LiveTag{
		{TagValue: TagValue{Name: "EXTRA", Value: "1"}},
		{TagValue: TagValue{Name: "LOCKED"}}, {TagValue: TagValue{Name: "SAME", Value: "1"}}, {TagValue: TagValue{Name: "VALUE"}},
		{TagValue: TagValue{Name: "SECRET", Value: "xyz"}, Encrypted: true},
	}
	kinds := func(list []TagDifference) []string {
		var s []string
		for _, d := range list {
			s = append(s, fmt.Sprint(d.Kind, " ", d.Name))
		}
		return s
	}
	assert.Equal(t, []string{"value VALUE", "missing MISSING", "encrypted SECRET", "overridable LOCKED", "extra EXTRA"}, kinds(CompareTags(want, live)))
	for i := range live {
		live[i].OverridableUnknown = true
	}
	assert.NotContains(t, kinds(CompareTags(want, live)), "overridable LOCKED")
	assert.Empty(t, CompareTags(nil, nil))
	assert.Len(t, CompareTags(nil, live), len(live))
	assert.Len(t, CompareTags(want, nil), len(want))
}

// FuzzResponse reads anything as the response with a tag set: it must not panic,
// and what it reads differs in nothing from itself.
func FuzzResponse(f *testing.F) {
	f.Add(tagList(headings("Tag Name", "Tag Value", "Is Overridable", "Is Encrypted") + row("%A%", "1", "true", "false") + row("%B%", "", "false", "true")))
	f.Add(tagList(headings("Tag Name", "Tag Value") + row("%A%", " 1  2 ")))
	f.Add(answer(`<command type="Error" xsi:type="c:ErrorResponse" xmlns:c="C"><errorCode>1</errorCode><summary>No</summary><detail>d</detail></command>`))
	f.Add(answer(`<command xsi:type="SystemDeviceManagementTagGetListResponse"><tagsTable><row/></tagsTable></command>`))
	f.Add([]byte("<"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := oci.Parse("r.xml", data)
		if err != nil {
			return
		}
		for _, e := range ErrorResponses(d) {
			assert.NotEmpty(t, e.Error())
		}
		live, err := Tags(d)
		if err != nil {
			assert.NotEmpty(t, err.Error())
			return
		}
		var want []TagValue
		for _, l := range live {
			assert.NotEmpty(t, l.Name)
			want = append(want, l.TagValue)
		}
		for _, diff := range CompareTags(want, live) {
			assert.Equal(t, TagEncrypted, diff.Kind)
		}
	})
}
