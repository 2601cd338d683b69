package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"github.com/dtafgen/wxt/internal/testkit"
)

// diffGolden compares two files in a folder as text, unified, and as JSON.
func diffGolden(t *testing.T, dir, old, new, golden string) {
	t.Helper()
	for suffix, flags := range map[string][]string{".txt": nil, ".unified.txt": {"--unified"}, ".json": {"--format", "json", "--unified"}} {
		status, text, stderr := runIn(t, dir, append([]string{"diff", old, new}, flags...)...)
		assert.Equal(t, statusFound, status, stderr)
		assert.Empty(t, stderr)
		assert.NotContains(t, text, "hunter")
		if suffix == ".json" {
			assert.True(t, json.Valid([]byte(text)))
		}
		testkit.Golden(t, golden+suffix, text)
	}
}

// same checks that two files don't differ.
func same(t *testing.T, dir, old, new string) {
	t.Helper()
	for _, flags := range [][]string{nil, {"--unified"}} {
		status, text, stderr := runIn(t, dir, append([]string{"diff", old, new}, flags...)...)
		assert.Zero(t, status, stderr)
		assert.Empty(t, text)
	}
	status, text, _ := runIn(t, dir, "diff", "--format", "json", old, new)
	assert.Zero(t, status)
	assert.Contains(t, text, `"different": false`)
}

// next returns the vendor's next release: it has another layout, and changes of
// every kind.
func next(t *testing.T) made {
	m := vendor(t)
	wxt := folder + "config-wxt.xml.template"
	m.edit(t, wxt, "3.9.17", "3.9.18")
	m[wxt] = []byte(strings.ReplaceAll(strings.ReplaceAll(string(m[wxt]), "\r\n", "\n"), "\t", "  "))
	m.edit(t, wxt, `<proxy address='%SBC_ADDRESS_WXT%' port='%SBC_PORT_WXT%'/>`, `<proxy  port="%SBC_PORT_WXT%" transport="tls"
        address="%SBC_ADDRESS_WXT%" />`)
	m.edit(t, wxt, "<password>%BWAUTHPASSWORD-1%</password>", "<password>hunter3</password>")
	m.edit(t, wxt, `      <call-park enabled="%ENABLE_CALL_PARK_WXT%" timer="%CALL_PARK_AUTO_CLOSE_DIALOG_TIMER_WXT%"/>`+"\n", "")
	m.edit(t, wxt, `  </services>`, `    <features><call-park enabled="%ENABLE_CALL_PARK_WXT%" timer="%CALL_PARK_AUTO_CLOSE_DIALOG_TIMER_WXT%"/></features>
    <call-pull enabled="%ENABLE_CALL_PULL_WXT%"/>
  </services>`)
	m.edit(t, wxt, `<codec name="opus" priority="1.0"/>`, `<codec name="PCMA" priority="0.7"/>`)
	m.edit(t, wxt, `<refresh-interval>3600<`, `<refresh-interval>1800<`)
	m.edit(t, wxt, `    <screen-share enabled="%ENABLE_SCREEN_SHARE_WXT%"/>`, ``)
	m.edit(t, wxt, `<note><![CDATA[a < b]]> &amp; c</note>`, `<note>a &lt; b &#38; c</note>`)

	manifest := "oci/Business Communicator - PC.oci"
	m.edit(t, manifest, "SystemSIPDeviceTypeAddRequest21", "SystemSIPDeviceTypeAddRequest22")
	m.edit(t, manifest, "<isTrusted>false</isTrusted>", "<isTrusted> true </isTrusted>")
	m.edit(t, manifest, "<fileCategory>Static</fileCategory>", "<fileCategory>Dynamic Per-Type</fileCategory>")
	m.edit(t, manifest, "<defaultDeviceEncoding>UTF-8</defaultDeviceEncoding>", "<defaultDeviceEncoding>ISO-8859-1</defaultDeviceEncoding>")

	latin, err := charmap.ISO8859_1.NewEncoder().String("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<config><title>Télé</title><host>%BWHOST-1%</host></config>\n")
	require.NoError(t, err)
	m[folder+"config.xml.template"] = []byte(latin)
	m[folder+"strings.xml.template"] = []byte("<strings>\n<s id='park'>Park</s>\n<s id='hold'>On hold</s>\n</strings>")
	m[folder+"logo.png"] = append(m[folder+"logo.png"], 4)
	m["readme.txt"] = []byte("Release 3.9.18\r\nsip_password = hunter4\r\nEnd")
	m["notes.txt"] = []byte("%NEW_TAG_WXT%\n")
	return m
}

func TestDiffVendor(t *testing.T) {
	dir := t.TempDir()
	vendor(t).write(t, filepath.Join(dir, october), "ucone desktop 3.9.17/")
	next(t).write(t, filepath.Join(dir, november), "")
	diffGolden(t, dir, october, november, "diff-vendor")

	// Another device type, and a file that is gone.
	renamed := vendor(t)
	other := make(made)
	for name, data := range renamed {
		other[strings.ReplaceAll(name, "Business Communicator - PC", "Acme PC")] = []byte(strings.ReplaceAll(string(data), "Business Communicator - PC", "Acme PC"))
	}
	other["license.txt"] = other["readme.txt"]
	delete(other, "readme.txt")
	delete(other, "type/Acme PC/logo.png")
	other.write(t, filepath.Join(dir, "renamed.zip"), "")
	diffGolden(t, dir, october, "renamed.zip", "diff-renamed")
}

func TestDiffSample(t *testing.T) {
	samples, err := filepath.Glob(filepath.Join(testkit.Shared(t, "samples"), "*.zip"))
	require.NoError(t, err)
	require.NotEmpty(t, samples)
	dir := t.TempDir()
	copyFile(t, samples[0], filepath.Join(dir, "sample.zip"))
	same(t, dir, "sample.zip", "sample.zip")
	m := vendor(t)
	for name := range m {
		if strings.HasPrefix(name, "type/") && !strings.HasSuffix(name, "wxt.xml.template") || name == "readme.txt" {
			delete(m, name)
		}
	}
	m.write(t, filepath.Join(dir, "desktop.zip"), "")
	status, text, stderr := runIn(t, dir, "diff", "sample.zip", "desktop.zip")
	assert.Equal(t, statusFound, status, stderr)
	testkit.Golden(t, "diff-sample.txt", text)
}

// TestNoDifference has archives that say the same in another form.
func TestNoDifference(t *testing.T) {
	dir := t.TempDir()
	m := vendor(t)
	m.write(t, filepath.Join(dir, "a.zip"), "Folder 1.0/")
	wxt, manifest := folder+"config-wxt.xml.template", "oci/Business Communicator - PC.oci"
	m[wxt] = []byte("\xEF\xBB\xBF" + strings.NewReplacer("\r\n", "\n", "\t", " ", "'", "\"", "Vendor", "New", "/>", "  />").Replace(string(m[wxt])))
	m.edit(t, wxt, `address="%SBC_ADDRESS_WXT%" port="%SBC_PORT_WXT%"`, `port="%SBC_PORT_WXT%" address="%SBC_ADDRESS_WXT%"`)
	m.edit(t, wxt, `<domain>%BWHOST-1%</domain>`, "<domain>\n%BWHOST-1%\n</domain>")
	m[manifest] = []byte(strings.NewReplacer("  ", "\t", "<isTrusted>false<", "<isTrusted>0<", "xsi:", "i:", ":xsi", ":i").Replace(string(m[manifest])))
	m["readme.txt"] = []byte(strings.ReplaceAll(strings.TrimSpace(string(m["readme.txt"])), "\n", "\r\n"))
	m.write(t, filepath.Join(dir, "b.zip"), "")
	same(t, dir, "a.zip", "b.zip")
	same(t, dir, "b.zip", "a.zip")
}

func TestDiffFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	old, new := vendor(t), next(t)
	write("old.template", string(old[folder+"config-wxt.xml.template"]))
	write("new.template", string(new[folder+"config-wxt.xml.template"]))
	write("old.oci", string(old["oci/Business Communicator - PC.oci"]))
	write("new.oci", string(new["oci/Business Communicator - PC.oci"]))
	write("old.json", "{\n\t\"user\": \"%BWLINEPORT-1%\",\n\t\"password\": \"%BWAUTHPASSWORD-1%\",\n\t\"stun\": \"%STUN_WXT%\"\n}\n")
	write("new.json", "{\r\n\t\"user\": \"%BWLINEPORT-1%\",\r\n\t\"password\": \"hunter2\",\r\n\t\"turn\": \"%TURN_WXT%\"\r\n}\r\n")
	write("cut.template", "<config><proxy password=\"hunter2\">")
	write("tags.oci", `<?xml version="1.0"?><BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><command xsi:type="GroupAccessDeviceModifyRequest14" xmlns=""><accessDeviceCredentials><userName>a</userName><password>hunter2</password></accessDeviceCredentials></command></BroadsoftDocument>`)
	write("tags2.oci", `<?xml version="1.0"?><BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><command xsi:type="GroupAccessDeviceModifyRequest14" xmlns=""><accessDeviceCredentials><userName>b</userName><password>hunter3</password></accessDeviceCredentials></command></BroadsoftDocument>`)
	write("binary", "\x00\x01")
	vendor(t).write(t, filepath.Join(dir, "a.zip"), "")
	write("bad.zip", "PK\x03\x04 and no more")

	diffGolden(t, dir, "old.template", "new.template", "diff-template")
	diffGolden(t, dir, "old.oci", "new.oci", "diff-manifest")
	diffGolden(t, dir, "old.json", "new.json", "diff-json")
	diffGolden(t, dir, "old.template", "cut.template", "diff-cut")
	diffGolden(t, dir, "tags.oci", "tags2.oci", "diff-credentials")
	same(t, dir, "old.template", "old.template")

	for stderr, args := range map[string][]string{
		"a.zip is an archive and old.template is a template in XML: expected two of a kind": {"a.zip", "old.template"},
		"old.oci is a manifest and old.json is text: expected two of a kind":                {"old.oci", "old.json"},
		"binary: neither a zip archive nor text":                                            {"binary", "old.json"},
		"bad.zip: not a zip archive, or damaged":                                            {"a.zip", "bad.zip"},
		"missing: no such file":                                                             {"missing", "old.json"},
		"diff needs a new archive":                                                          {"old.json"},
		"unknown format":                                                                    {"old.json", "old.json", "--format", "html"},
	} {
		status, stdout, got := runIn(t, dir, append([]string{"diff"}, args...)...)
		assert.Equal(t, statusUsage, status)
		assert.Empty(t, stdout)
		assert.Contains(t, got, stderr)
	}
}
