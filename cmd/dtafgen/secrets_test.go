//go:build unix

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
)

// sayers are the commands that say something of a project, p.toml. A new one has a
// line here.
var sayers = [][]string{
	{"build", "-f", "p.toml", "-o", "out"},
	{"build", "-f", "p.toml", "-o", "out", "--mode", "inline"},
	{"check", "-f", "p.toml"},
	{"check", "-f", "p.toml", "--format", "json"},
	{"check", "-f", "p.toml", "--format", "sarif"},
	{"check", "-f", "p.toml", "--format", "github"},
	{"tags", "--format", "json"},
	{"requirements", "-f", "p.toml", "--format", "json"},
	{"report", "-f", "p.toml", "-o", "report.html"},
	{"preview", "-f", "p.toml", "--platform", "desktop"},
	{"oci", "tagset", "-f", "p.toml", "-o", "messages"},
}

// TestSecretsAreNotTold runs commands on projects that hold secrets, right ones and
// wrong ones: that they do is reported, and what they are is not.
func TestSecretsAreNotTold(t *testing.T) {
	testkit.Costly(t)
	const base = "[desktop]\nbase = \"archive.zip\"\n[mobile]\nenabled = false\n[tablet]\nenabled = false\n"
	const declare = "[[declare]]\ntag = \"CODE_WXT\"\ntype = \"text\"\nsecret = true\n"
	const tag = "[tags]\nCODE_WXT = "
	long := strings.Repeat("hunter2", 40)
	archive := archiveWithSecret(t)
	for name, c := range map[string]struct {
		project string
		place   string // of the finding; empty if another error comes before
	}{
		"tag":                {tag + "'hunter2'\n" + declare, "p.toml:2:12: warning: the value of CODE_WXT is secret"},
		"tag with a name":    {base + "[desktop.tags]\nSIP_PASSWORD_WXT = 'hunter2'\n", "p.toml:8:20: warning: the value of SIP_PASSWORD_WXT is secret"},
		"unknown tag":        {"[tags]\nSIP_PASSWORD_WXT = 'hunter2'\n", "p.toml:2:20: warning: the value of SIP_PASSWORD_WXT is secret"},
		"too long":           {tag + "'" + long + "'\n" + declare, "p.toml:2:12"},
		"no token":           {tag + "'hunter2  hunter2'\n" + declare, "p.toml:2:12"},
		"breaks XML":         {tag + "'hunter2<hunter2'\n" + declare, "p.toml:2:12"},
		"wrong type":         {tag + "'hunter2'\n" + strings.Replace(declare, "text", "port", 1), "p.toml:2:12"},
		"differs":            {tag + "'hunter2'\n[mobile]\ntag_set = 'X'\n[tablet]\ntag_set = 'X'\n[tablet.tags]\nCODE_WXT = 'hunter22'\n" + declare, "p.toml:8:12"},
		"not in Latin-1":     {tag + "'hunter2€'\n[desktop]\nencoding = 'ISO-8859-1'\n" + declare, "p.toml:2:12"},
		"default":            {declare + "default = 'hunter2'\n", "p.toml:5:11: warning: the default of CODE_WXT is secret"},
		"default too long":   {declare + "default = '" + long + "'\n", "p.toml:5:11: warning: the default of CODE_WXT is secret"},
		"device":             {"[desktop.device]\npassword = 'hunter2'\n", "p.toml:2:12: warning: desktop.device.password is secret"},
		"device, too long":   {"[desktop.device]\npassword = '" + long + "'\n", "p.toml:2:12: warning: desktop.device.password is secret"},
		"device, no token":   {"[desktop.device]\npassword = 'hunter2  hunter2'\n", "p.toml:2:12"},
		"edit of attribute":  {"[[desktop.edit]]\npath = 'config'\nattr = 'password'\nvalue = 'hunter2'\n", "p.toml:4:9: warning: desktop.edit of password is secret"},
		"edit of text":       {"[[desktop.edit]]\npath = 'config/auth/secret'\ntext = 'hunter2'\n", "p.toml:3:8: warning: desktop.edit of secret is secret"},
		"edit that inserts":  {"[[desktop.edit]]\npath = 'config'\ninsert = '<a><token>hunter2</token></a>'\n", "p.toml:3:10: warning: desktop.edit of token is secret"},
		"URL":                {"[tags]\nXSI_ROOT_WXT = 'https://me:hunter2@x.example/'\n", "p.toml:2:16: warning: the password in the URL of XSI_ROOT_WXT is secret"},
		"declared with care": {tag + "'%BWAUTHPASSWORD-1%'\n" + declare, ""},
		"broken TOML":        {declare + tag + "'hunter2\n", ""},
		"broken value":       {declare + tag + "hunter2\n", ""},
		"broken string":      {declare + tag + "\"hunter2\\hunter2\"\n", ""},
		"wrong kind":         {declare + tag + "['hunter2']\n", ""},
	} {
		dir := folder(t, c.project, archive, archive, archive)
		for _, args := range sayers {
			o := runHere(t, dir, args...)
			assert.NotContains(t, o.output(), "hunter2", "%s: %v", name, args)
			if slices.Contains([]string{"build", "check"}, args[0]) && !slices.Contains(args, "--format") {
				assert.Contains(t, o.output(), c.place, "%s: %v", name, args)
			}
		}
		if name == "declared with care" {
			assert.NotContains(t, runHere(t, dir, "check", "-f", "p.toml").stdout, "WXT050")
		}
	}
}

// archiveWithSecret returns an archive whose template has a tag for a password.
func archiveWithSecret(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "p.toml"), []byte("[[desktop.edit]]\npath = 'config'\nattr = 'password'\nvalue = '%SIP_PASSWORD_WXT%'\n"), 0o600))
	o := runHere(t, dir, "build", "-f", "p.toml", "--platform", "desktop")
	require.Zero(t, o.status, o.stderr)
	list, err := filepath.Glob(filepath.Join(dir, "dist", "*_DTAF.zip"))
	require.NoError(t, err)
	require.Len(t, list, 1)
	data, err := os.ReadFile(list[0])
	require.NoError(t, err)
	return data
}
