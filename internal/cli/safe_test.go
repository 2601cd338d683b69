package cli

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSafeWriter(t *testing.T) {
	for in, want := range map[string]string{
		"a\tb\nc":                      "a\tb\nc",
		"\x1b[1;31mred\x1b[0m\n":       "\x1b[1;31mred\x1b[0m\n",
		"\x1b[2J\x1b]0;title\x07":      `\x1b[2J\x1b]0;title\x07`,
		"\u202egnp.exe\r":              `\u202egnp.exe\r`,
		"::warning::x\n  ::error::y\n": "\\x3a:warning::x\n  \\x3a:error::y\n",
		"a::b":                         "a::b",
	} {
		var b strings.Builder
		n, err := fmt.Fprint(&safeWriter{w: &b}, in)
		require.NoError(t, err)
		assert.Equal(t, len(in), n)
		assert.Equal(t, want, b.String())
	}
	var b strings.Builder
	w := &safeWriter{w: &b}
	fmt.Fprint(w, "x")
	fmt.Fprint(w, "::y\n")
	fmt.Fprint(w, "::z")
	assert.Equal(t, "x::y\n\\x3a:z", b.String())
}

// TestUpgradeMasks checks that upgrade and edits mask what the changed archives have of
// secrets, in whatever form, and show it if they are asked to.
func TestUpgradeMasks(t *testing.T) {
	forms := strings.Join([]string{
		"<password>hunter2a</password>",
		`<login pwd="hunter2b"/>`,
		`<param name="psk" value="hunter2c"/>`,
		"<dict><key>token</key><string>hunter2d</string></dict>",
		"<url>https://user:hunter2e@example.com/</url>",
		"<url2>sip:u:hunter2f@example.com</url2>",
		"<url3>https://example.com/?accessKey=hunter2g</url3>",
		"<!-- pin = hunter2h -->",
	}, "\n")
	dir := t.TempDir()
	vendor(t).write(t, filepath.Join(dir, "old.zip"), "")
	for name, side := range map[string]string{"new": "", "mine": "x"} {
		m := vendor(t)
		m.edit(t, folder+"config-wxt.xml.template", "<services>", "<extra>"+strings.ReplaceAll(forms, "hunter2", "hunter2"+side)+"</extra><services>")
		m.edit(t, folder+"config-wxt.xml.template", "%BWAUTHPASSWORD-1%", "hunter2"+side+"i")
		m.edit(t, "readme.txt", "hunter2", "hunter2"+side+"j")
		m.write(t, filepath.Join(dir, name+".zip"), "")
	}
	for _, args := range [][]string{
		{"upgrade", "--old", "old.zip", "--new", "new.zip", "--mine", "mine.zip"},
		{"upgrade", "--old", "old.zip", "--new", "new.zip", "--mine", "mine.zip", "--format", "json"},
		{"upgrade", "--old", "old.zip", "--new", "old.zip", "--mine", "mine.zip", "-o", "out"},
		{"edits", "old.zip", "mine.zip"},
	} {
		_, stdout, stderr := runIn(t, dir, args...)
		assert.NotContains(t, stdout+stderr, "hunter2", args)
		assert.Contains(t, stdout+stderr, "********", args)
		_, stdout, stderr = runIn(t, dir, append(args, "--secrets")...)
		assert.Contains(t, stdout+stderr, "hunter2", args)
	}
}
