package cli

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
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

// TestSecretForms has every form of a secret in archives, beside a mistake and changed
// from one to the next, and runs each command that says something of them.
func TestSecretForms(t *testing.T) {
	archive, err := txtar.ParseFile("../secret/testdata/forms.txtar")
	require.NoError(t, err)
	dir := t.TempDir()
	inXML := 0
	for _, name := range []string{"old", "mine", "new"} {
		m := vendor(t)
		var lines strings.Builder
		for i, f := range archive.Files {
			text := strings.ReplaceAll(strings.TrimSuffix(string(f.Data), "\n"), "|", "")
			text = strings.ReplaceAll(text, "hunter2", fmt.Sprintf("hunter2-%s-%d", name, i))
			wrapped := fmt.Sprintf("<f%d>%%SBC_ADRESS_WXT%% %s %%SBC_ADRESS_WXT%%</f%d>\n", i, text, i)
			if strings.HasPrefix(text, "<") && !strings.HasPrefix(text, "<?") && xmlError(wrapped) == nil {
				lines.WriteString(wrapped)
				inXML++
			} else {
				m[fmt.Sprintf("form%d.txt", i)] = []byte(text + "\n")
			}
		}
		m.edit(t, folder+"config-wxt.xml.template", "<services>", "<forms>"+lines.String()+"</forms><services>")
		m.write(t, filepath.Join(dir, name+".zip"), "")
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".toml"), []byte("[desktop]\nbase = \""+name+".zip\"\n[mobile]\nenabled = false\n[tablet]\nenabled = false\n"), 0o600))
	}
	require.Greater(t, inXML, 3*45)
	for i, args := range [][]string{
		{"check", "old.zip", "--all"},
		{"check", "-f", "old.toml", "--all"},
		{"check", "-f", "old.toml", "--format", "json"},
		{"check", "-f", "old.toml", "--format", "sarif"},
		{"check", "-f", "old.toml", "--format", "github"},
		{"inspect", "old.zip"},
		{"inspect", "old.zip", "--format", "json"},
		{"diff", "old.zip", "mine.zip"},
		{"diff", "old.zip", "mine.zip", "--unified"},
		{"diff", "old.zip", "mine.zip", "--format", "json"},
		{"diff", "old.toml", "mine.toml"},
		{"plan", "-f", "mine.toml", "--against", "old.toml"},
		{"plan", "-f", "mine.toml", "--against", "old.toml", "--format", "json"},
		{"upgrade", "--old", "old.zip", "--new", "new.zip", "--mine", "mine.zip"},
		{"upgrade", "--old", "old.zip", "--new", "new.zip", "--mine", "mine.zip", "--format", "json"},
		{"edits", "old.zip", "mine.zip"},
		{"preview", "-f", "old.toml", "--platform", "desktop"},
		{"report", "-f", "mine.toml", "--against", "old.toml", "-o", "-"},
		{"build", "-f", "old.toml", "-o", "out", "--all"},
		{"tags", "--from", "old.zip"},
		{"init", "new", "--from", "old.zip"},
		{"requirements", "-f", "old.toml"},
		{"oci", "all", "--url", "http://files.example/", "-f", "old.toml", "-o", "messages"},
	} {
		_, stdout, stderr := runIn(t, dir, args...)
		if i := strings.Index(stdout+stderr, "hunter2"); i >= 0 {
			said := (stdout + stderr)[max(0, i-100):]
			assert.Fail(t, "a secret is told", "%v: %s", args, said[:min(len(said), 300)])
		}
		if i == 0 {
			assert.Greater(t, strings.Count(stdout, "*******"), inXML/3, "the lines are shown")
		}
	}
	started, err := os.ReadFile(filepath.Join(dir, "new", "dtafgen.toml"))
	require.NoError(t, err)
	assert.NotContains(t, string(started), "hunter2")
}

func xmlError(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// TestSubscribersStayPrivate has mistakes in lists of subscribers: their places are
// told, and their lines, which hold passwords, are not.
func TestSubscribersStayPrivate(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		"id,BWHOST-1,BWAUTHPASSWORD-1,USE_TLS_WXT\nalice,a,hunter2,maybe\n": `list.csv:2:17: error: USE_TLS_WXT: "maybe" is not true or false`,
		"id,BWHOST-1,BWAUTHPASSWORD-1\nalice,a,hunter2,more\n":              "list.csv:2:1: error: it has 4 fields",
		"alice,a,hunter2\nbob,b,hunter2\n":                                  "list.csv:1:1: error: the first line has no tag and no id",
		"id,BWHOST-1\n":                                                     "there are no subscribers in list.csv",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "list.csv"), []byte(text), 0o600))
		for _, args := range [][]string{
			{"render", "--platform", "desktop", "--subscribers", "list.csv", "--check"},
			{"render", "--platform", "desktop", "--subscribers", "list.csv", "-o", "-", "--keep-going"},
			{"preview", "--platform", "desktop", "--subscriber", "list.csv"},
		} {
			status, _, stderr := runIn(t, dir, args...)
			assert.NotZero(t, status, args)
			assert.NotContains(t, stderr, "hunter2", args)
			if args[0] == "render" {
				assert.Contains(t, stderr, want, args)
			}
		}
	}
}
