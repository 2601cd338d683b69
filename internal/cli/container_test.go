package cli

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/archivename"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/tags"
)

// containerFiles returns the files of a container as the vendor's: three archives in
// two labels, in a wrapping folder, around a real template.
func containerFiles(t *testing.T) map[string][]byte {
	t.Helper()
	template, err := os.ReadFile(testkit.Shared(t, "samples/communicator-mobile.xml.template"))
	require.NoError(t, err)
	files := make(map[string][]byte)
	for _, in := range []struct {
		platform tags.Platform
		label    string
		template []byte
	}{
		{tags.Mobile, "R23.0", withElement(t, template, "<older/>")},
		{tags.Mobile, "R24.0", template},
		{tags.Tablet, "R24.0", template},
	} {
		spec := dtaf.Spec(in.platform)
		a, err := dtaf.New(dtaf.File{Name: spec.TemplateName(spec.Name), Data: in.template})
		require.NoError(t, err)
		require.NoError(t, a.SetManifest(dtaf.NewManifest(in.platform, 0)))
		data, err := a.Bytes(archiveTime(a))
		require.NoError(t, err)
		label, _ := archivename.LabelOf(in.label)
		files["Webex 44.9/"+archivename.Archive(spec.Name, label, 0)] = data
	}
	return files
}

// withElement returns a template with one more element at its end.
func withElement(t *testing.T, template []byte, element string) []byte {
	t.Helper()
	i := bytes.LastIndex(template, []byte("</config>"))
	require.Positive(t, i)
	return slices.Concat(template[:i], []byte(element), template[i:])
}

// writeNames writes a zip whose entries are called as a function says.
func writeNames(t *testing.T, path string, files map[string][]byte, name func(string) string) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name(n))
		require.NoError(t, err)
		_, err = w.Write(files[n])
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
}

// TestContainers runs every command that reads archives on a vendor's container, on
// its folder, and on zips of it as a Mac and an old program for Windows make them. What
// a person sees stands in the golden files.
func TestContainers(t *testing.T) {
	files := containerFiles(t)
	plain := func(name string) string { return name }
	for form, write := range map[string]func(path string){
		"zip": func(path string) { writeNames(t, path, files, plain) },
		"folder": func(path string) {
			for name, data := range files {
				name = filepath.Join(path, filepath.FromSlash(name))
				require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
				require.NoError(t, os.WriteFile(name, data, 0o600))
			}
		},
		"unpacked": func(path string) {
			for name, data := range files {
				a, err := dtaf.Read(bytes.NewReader(data), int64(len(data)))
				require.NoError(t, err)
				require.NoError(t, os.CopyFS(filepath.Join(path, filepath.FromSlash(strings.TrimSuffix(name, ".DTAF.zip"))), a.FS()))
			}
		},
		"mac": func(path string) {
			all := map[string][]byte{"Webex 44.9/.DS_Store": {1}}
			for name, data := range files {
				all[name] = data
				all["__MACOSX/"+filepath.Dir(name)+"/._"+filepath.Base(name)] = []byte("x")
			}
			writeNames(t, path, all, plain)
		},
		"backslash": func(path string) {
			writeNames(t, path, files, func(name string) string { return strings.ReplaceAll(name, "/", `\`) })
		},
	} {
		t.Run(form, func(t *testing.T) {
			dir := t.TempDir()
			write(filepath.Join(dir, "vendor.zip"))
			mine := files["Webex 44.9/Connect_-_Mobile(R24.0).DTAF.zip"]
			a, err := dtaf.Read(bytes.NewReader(mine), int64(len(mine)))
			require.NoError(t, err)
			name := a.WebexTemplates()[0]
			data, _ := a.File(name)
			require.NoError(t, a.Put(name, withElement(t, data, "<acme/>")))
			data, err = a.Bytes(archiveTime(a))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "mine.zip"), data, 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "dtafgen.toml"), []byte("broadworks = \"R23\"\n[desktop]\nenabled = false\n[mobile]\nbase = \"vendor.zip\"\n[tablet]\nenabled = false\n"), 0o600))

			require.NoError(t, os.WriteFile(filepath.Join(dir, "subscribers.csv"), []byte("userId,BWLINEPORT-1\nalice,alice-line\n"), 0o600))

			var out strings.Builder
			for _, args := range [][]string{
				{"inspect", "vendor.zip"},
				{"check", "vendor.zip", "--format", "github"},
				{"check"},
				{"build", "-o", "dist"},
				{"diff", "vendor.zip", "mine.zip"},
				{"edits", "vendor.zip", "mine.zip"},
				{"edits", "vendor.zip", "vendor.zip"},
				{"upgrade", "--old", "vendor.zip", "--new", "vendor.zip", "--mine", "mine.zip", "-o", "up"},
				{"upgrade", "--old", "vendor.zip", "--new", "vendor.zip", "-o", "up"},
				{"diff", "--platform", "tablet", "vendor.zip", "vendor.zip"},
				{"preview", "--platform", "mobile", "--quiet"},
				{"render", "--platform", "mobile", "--subscribers", "subscribers.csv", "-o", "out", "--quiet"},
				{"oci", "import", "--url", "http://files.example.com/dtaf", "-o", "messages"},
				{"oci", "files", "-o", "messages"},
				{"init", "new", "--from", "vendor.zip"},
				{"tags", "--from", "vendor.zip", "conference"},
				{"tags", "--from", "vendor.zip", "--platform", "mobile", "--format", "csv", "%SBC_PORT_MOBILE%"},
			} {
				status, stdout, stderr := runIn(t, dir, args...)
				if args[0] == "preview" {
					stdout, _, _ = strings.Cut(stdout, "<config")
				}
				fmt.Fprintf(&out, "$ dtafgen %s\n%s", strings.Join(args, " "), withoutRules(stdout))
				fmt.Fprintf(&out, "-- stderr, exit status %d --\n%s\n", status, withoutRules(stderr))
			}
			_, text, _ := runIn(t, dir, "inspect", "vendor.zip", "--format", "json")
			fmt.Fprintf(&out, "-- inspect --format json --\n%s", text)
			starter, err := os.ReadFile(filepath.Join(dir, "new", "dtafgen.toml"))
			require.NoError(t, err)
			for line := range strings.Lines(string(starter)) {
				if strings.HasPrefix(line, "base = ") {
					out.WriteString(line)
				}
			}
			require.Contains(t, string(starter), "\n# -- services/calls/transfer-call --\n# The template says: "+transferComment(t)+"\n# @enabled, bool: true or false\n#ENABLE_TRANSFER_CALLS_MOBILE = false\n# @type, text\n#TRANSFER_CALL_TYPE_MOBILE = \"\"\n")
			testkit.Golden(t, "container-"+form+".txt", out.String())
		})
	}
}

// transferComment returns what the sample template says beside the element transfer-call.
func transferComment(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(testkit.Shared(t, "samples/communicator-mobile.xml.template"))
	require.NoError(t, err)
	m := regexp.MustCompile(`<transfer-call .*<!-- (.*) -->`).FindSubmatch(data)
	require.NotNil(t, m)
	return string(m[1])
}

// withoutRules leaves out the findings that are about the template, and not about how
// it came: those have tests of their own.
func withoutRules(text string) string {
	var b strings.Builder
	skip := false
	for line := range strings.Lines(text) {
		isFinding := strings.HasSuffix(line, "]\n") && strings.Contains(line, " [WXT") || strings.HasPrefix(line, "::")
		if isFinding || !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "  ") {
			skip = isFinding && !strings.Contains(line, "WXT046") && !strings.Contains(line, "WXT084") && !strings.Contains(line, "WXT085")
		}
		if !skip && !tallied.MatchString(line) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// tallied matches the line that counts findings.
var tallied = regexp.MustCompile(`^\d+ (error|warning|info)s?\b`)

// TestTagsFromMarkdown has a name that would break a table of Markdown.
func TestTagsFromMarkdown(t *testing.T) {
	var out strings.Builder
	require.NoError(t, printPlaces(&out, []tagPlace{{Archive: "a|b.zip", File: "t", Line: 1, Column: 2, Tag: "X", Kind: kind(false), Path: "a"}}, "markdown"))
	require.Equal(t, "| archive | file | line | column | tag | kind | known | path |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n"+
		`| a\|b.zip | t | 1 | 2 | X | custom | no | a |`+"\n", out.String())
}
