package oci

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCheck(t *testing.T) {
	const (
		service = "SystemSIPDeviceTypeServiceModifyRequest"
		file    = "SystemSIPDeviceTypeFileModifyRequest16sp1"
		tag     = "SystemDeviceManagementTagAddRequest22"
		modify  = "SystemDeviceManagementTagModifyRequest"
	)
	for _, tt := range []struct {
		name, request, content string
		want                   []string // each finding, and its remedy
	}{
		{"fine", service, "<deviceType>a</deviceType>", nil},
		{"not modelled", "SystemSoftwareVersionGetRequest", "<a/>", []string{
			"m:1:1: info: SystemSoftwareVersionGetRequest is not modelled: its elements are not checked [WXT201] | ",
		}},
		{"no such version", "SystemSIPDeviceTypeAddRequest24", "", []string{
			"m:1:1: error: there is no request SystemSIPDeviceTypeAddRequest24: the last version is SystemSIPDeviceTypeAddRequest23V9 [WXT201] | use that version, or an earlier one",
		}},
		{"no such version, and none that a version could be called", "SystemSIPDeviceTypeAddRequest23V9V99", "", []string{
			"m:1:1: error: there is no request SystemSIPDeviceTypeAddRequest23V9V99: the last version is SystemSIPDeviceTypeAddRequest23V9 [WXT201] | use that version, or an earlier one",
		}},
		{"misspelt request", "SystemSIPDeviceTypeServiceModfyRequest", "", []string{
			"m:1:1: error: there is no request SystemSIPDeviceTypeServiceModfyRequest [WXT201] | did you mean SystemSIPDeviceTypeServiceModifyRequest?",
		}},
		{"misspelt element", service, "<deviceTyp>a</deviceTyp>", []string{
			"m:2:1: error: SystemSIPDeviceTypeServiceModifyRequest: element deviceTyp is not known [WXT202] | did you mean deviceType?",
		}},
		{"swapped", file, "<deviceType>a</deviceType><uploadFile><sourceFileName>f</sourceFileName></uploadFile><fileFormat>b</fileFormat><allowHttp>1</allowHttp>", []string{
			"m:2:27: error: SystemSIPDeviceTypeFileModifyRequest16sp1: uploadFile does not stand at its place: expected it between fileFormat and allowHttp [WXT203] | move it",
		}},
		{"first is last", file, "<fileFormat>b</fileFormat><allowHttp>1</allowHttp><deviceType>a</deviceType>", []string{
			"m:2:51: error: SystemSIPDeviceTypeFileModifyRequest16sp1: deviceType does not stand at its place: expected it ahead of fileFormat [WXT203] | move it",
		}},
		{"missing", tag, "<tagName>%A%</tagName><isTagValueOverridable>true</isTagValueOverridable>", []string{
			"m:2:1: error: SystemDeviceManagementTagAddRequest22: the request has no systemDefaultTagSet or tagSetName: expected it ahead of tagName [WXT203] | add it",
			"m:2:23: error: SystemDeviceManagementTagAddRequest22: the request has no isTagValueEncrypted: expected it behind tagName, true or false [WXT203] | add it",
		}},
		{"doubled", service, "<deviceType>a</deviceType><deviceType>a</deviceType>", []string{
			"m:2:27: error: SystemSIPDeviceTypeServiceModifyRequest: deviceType stands twice, first in line 2 [WXT203] | remove one of them",
		}},
		{"both of a choice", file, "<deviceType>a</deviceType><fileFormat>b</fileFormat><uploadFile><sourceFileName>f</sourceFileName><fileContent/></uploadFile>", []string{
			"m:2:99: error: SystemSIPDeviceTypeFileModifyRequest16sp1: fileContent beside sourceFileName: expected sourceFileName or fileContent [WXT203] | remove one of them",
		}},
		{"none of a choice", file, "<deviceType>a</deviceType><fileFormat>b</fileFormat><uploadFile/>", []string{
			"m:2:53: error: SystemSIPDeviceTypeFileModifyRequest16sp1: uploadFile has no sourceFileName or fileContent: expected it [WXT203] | add it",
		}},
		{"element of a later version", "SystemDeviceManagementTagAddRequest", "<tagSetName>S</tagSetName><tagName>%A%</tagName><isTagValueEncrypted>0</isTagValueEncrypted>", []string{
			"m:2:49: error: SystemDeviceManagementTagAddRequest: element isTagValueEncrypted is not known [WXT202] | SystemDeviceManagementTagAddRequest21sp2 is the first to have it (R22)",
		}},
		{"values", file, "<deviceType> a  b </deviceType><fileFormat/><fileSource>custom</fileSource><uploadFile><fileContent>?</fileContent></uploadFile><allowHttp>\n yes</allowHttp><enableCaching x='1'>1</enableCaching>", []string{
			`m:2:14: warning: SystemSIPDeviceTypeFileModifyRequest16sp1: deviceType has white space that is not kept: it is read as "a b" [WXT204] | write it so`,
			`m:2:32: error: SystemSIPDeviceTypeFileModifyRequest16sp1: fileFormat: the value is empty: expected text of 1 to 128 characters [WXT204] | `,
			`m:2:57: error: SystemSIPDeviceTypeFileModifyRequest16sp1: fileSource: "custom" is not a value of DeviceTypeFileEnhancedConfigurationMode: expected one of "Manual", "Custom" [WXT204] | did you mean Custom?`,
			`m:2:101: error: SystemSIPDeviceTypeFileModifyRequest16sp1: fileContent: the value is not base64: expected bytes in base64 [WXT204] | `,
			`m:3:2: error: SystemSIPDeviceTypeFileModifyRequest16sp1: allowHttp: "\n yes" is not a boolean: expected true or false [WXT204] | `,
			`m:3:17: error: SystemSIPDeviceTypeFileModifyRequest16sp1: enableCaching has an attribute x: expected none [WXT202] | remove it`,
		}},
		{"nil", modify, `<tagSetName xsi:nil="true"/><tagName>%A%</tagName><tagValue xsi:nil="true">x</tagValue>`, []string{
			"m:2:1: error: SystemDeviceManagementTagModifyRequest: tagSetName has xsi:nil, which it does not take [WXT204] | give it a value, or remove it",
			"m:2:76: error: SystemDeviceManagementTagModifyRequest: tagValue has xsi:nil and is not empty [WXT204] | remove xsi:nil, or what is in it",
		}},
		{"nil that is no truth value", modify, `<tagSetName>a</tagSetName><tagName>%A%</tagName><tagValue xsi:nil="maybe">x</tagValue>`, []string{
			`m:2:49: error: SystemDeviceManagementTagModifyRequest: xsi:nil of tagValue is "maybe": expected true or false [WXT204] | `,
		}},
		{"empty", modify, `<tagSetName>a</tagSetName><tagName>%A%</tagName><tagValue/>`, []string{
			`m:2:49: error: SystemDeviceManagementTagModifyRequest: tagValue: the value is empty: expected text of 1 to 256 characters [WXT204] | write xsi:nil="true" for no value`,
		}},
		{"fixed", modify, `<systemDefaultTagSet>false</systemDefaultTagSet><tagName>%A%</tagName>`, []string{
			`m:2:22: error: SystemDeviceManagementTagModifyRequest: systemDefaultTagSet is "false": expected true, the only value that it takes [WXT204] | write true, or remove the element`,
		}},
		{"text and a child", service, "<deviceType>a<b/></deviceType>", []string{
			"m:2:14: error: SystemSIPDeviceTypeServiceModifyRequest: element b in deviceType: expected text of 1 to 40 characters [WXT202] | remove it",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := `<command xsi:type="` + tt.request + `">` + "\n" + tt.content + "</command>"
			d, err := Parse("m", []byte(`<?xml version="1.0"?><BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`+src+"</BroadsoftDocument>"))
			require.NoError(t, err)
			d.Requests[0].Pos.Column = 1
			var got []string
			for _, f := range d.Check() {
				got = append(got, f.String()+" | "+f.Remedy)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestCheckHeader checks what stands ahead of the commands.
func TestCheckHeader(t *testing.T) {
	for header, want := range map[string]string{
		"<sessionId>x</sessionId><trackingId>1</trackingId>":   "",
		"<userId>x</userId><trackingId/>":                      "trackingId: the value is empty",
		"<trackingId>1</trackingId><trackingId>2</trackingId>": "trackingId stands twice",
		"<trackingId>1</trackingId><sessionId>x</sessionId>":   "sessionId comes after trackingId",
		"<userId>x</userId><phoneNumber>1</phoneNumber>":       "phoneNumber beside userId",
		"<userId>x</userId><trackngId>1</trackngId>":           "element trackngId is not known ahead of the commands",
	} {
		d, err := Parse("m", []byte(`<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`+
			header+`<command xsi:type="SystemCPEConfigRebuildConfigFileRequest" xmlns=""/></BroadsoftDocument>`))
		require.NoError(t, err, header)
		found := d.Check()
		if want == "" {
			assert.Empty(t, found, header)
			continue
		}
		require.Len(t, found, 1, header)
		assert.Contains(t, found[0].String(), want, header)
	}
}
