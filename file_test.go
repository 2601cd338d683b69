package wxt_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
)

// plainVendor writes a vendor's archive whose file may be fetched in the clear, and whose
// template has a misspelt tag.
func plainVendor(t *testing.T, dir string) {
	t.Helper()
	files := vendorFiles(t)
	m := "oci/Business Communicator - PC.oci"
	files[m] = bytes.ReplaceAll(files[m], []byte("<allowHttp>false<"), []byte("<allowHttp>true<"))
	require.Contains(t, string(files[m]), "<allowHttp>true<")
	name := vendorFolder + "config-wxt.xml.template"
	files[name] = bytes.ReplaceAll(files[name], []byte("%SBC_ADDRESS_WXT%"), []byte("%SBC_ADDRES_WXT%"))
	require.Contains(t, string(files[name]), "%SBC_ADDRES_WXT%")
	writeZip(t, filepath.Join(dir, "vendor.zip"), "", files)
}

// TestPlacesInBase checks that what is wrong in a base is told at its place in the base,
// once, and that a project can mend the request of a file.
func TestPlacesInBase(t *testing.T) {
	dir := t.TempDir()
	plainVendor(t, dir)
	check := func(text string) []string {
		fs, err := wxt.CheckFile(baseProject(t, dir, "[desktop]\nbase = \"vendor.zip\"\n"+text), onlyDesktop)
		require.NoError(t, err)
		var list []string
		for _, f := range fs {
			list = append(list, strings.ReplaceAll(f.String()+": "+f.Remedy, dir, "."))
		}
		return list
	}
	about := func(list []string, words string) (found []string) {
		for _, s := range list {
			if strings.Contains(s, words) {
				found = append(found, s)
			}
		}
		return found
	}
	found := check("")
	plain := about(found, "WXT208")
	require.NotEmpty(t, plain)
	for _, s := range plain {
		assert.Regexp(t, `^\./vendor\.zip/oci/Business Communicator - PC\.oci:[0-9]+:[0-9]+: warning: allowHttp is true.*: write allowHttp = false below \[desktop\.file\."`, s)
	}
	misspelt := about(found, "SBC_ADDRES_WXT")
	require.Len(t, misspelt, 1, "one mistake is one finding")
	assert.Regexp(t, `^\./vendor\.zip/type/.*/config-wxt\.xml\.template:[0-9]+:[0-9]+: warning: desktop: %SBC_ADDRES_WXT% is no known tag.*did you mean %SBC_ADDRESS_WXT%`, misspelt[0])
	unset := about(found, "ENABLE_NEW_FEATURE_WXT")
	require.Len(t, unset, 1)
	assert.Regexp(t, `^\./vendor\.zip/type/.*:[0-9]+:[0-9]+: warning: .* \[WXT044\]`, unset[0])

	mended := check("[desktop.file.\"config-wxt.xml\"]\nallowHttp = false\n")
	assert.Less(t, len(about(mended, "WXT208")), len(plain))
	for text, want := range map[string]string{
		"[desktop.file.\"config-wxt.xml\"]\nallowHtp = false":    `:4:12: error: desktop.file."config-wxt.xml".allowHtp`,
		"[desktop.file.\"config-wxt.xml\"]\nfileFormat = \"x\"":  `says which file it is, and can't be set`,
		"[desktop.file.\"config-wxt.xml\"]\nallowHttp = []":      `is a list: expected a boolean`,
		"[desktop.file.\"none.xml\"]\nallowHttp = false":         `no request of the manifest adds a file none.xml`,
		"[desktop.file.\"config-wxt.xml\"]\nallowHttp = \"yes\"": `:4:13: error: desktop.file."config-wxt.xml".allowHttp`,
	} {
		assert.NotEmpty(t, about(check(text+"\n"), want), "%s: %v", text, check(text+"\n"))
	}
}
