package wxt_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/internal/value"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// setting matches a line of a starter file that is a setting.
var setting = regexp.MustCompile(`^#[\w"%.-]+ = `)

// onPlatform reports whether the catalogue has a tag on a platform.
func onPlatform(name string, p tags.Platform) bool {
	tag, ok := tags.Default().Lookup(name)
	return ok && tag.Platforms.Has(p)
}

// withCommon reads an empty file for whatever a project extends, as the example does.
var withCommon = wxt.WithReader(func(string) ([]byte, error) { return nil, nil })

// checkLines returns the errors and warnings of a project file.
func checkLines(t *testing.T, path string, lines []string, opts ...wxt.CheckOption) schema.Findings {
	p, err := wxt.Parse(path, []byte(strings.Join(lines, "\n")), withCommon)
	require.NoError(t, err)
	return slices.DeleteFunc(wxt.Check(p, opts...), func(f schema.Finding) bool { return f.Severity == schema.Info })
}

// uncomment calls f with each setting of a starter file by itself, and the lines of
// the file with that one uncommented; and with all settings of a section at once,
// without a setting; and the platform that the section is about.
func uncomment(lines []string, f func(section, line string, lines []string, p tags.Platform)) {
	section := ""
	platform := tags.Desktop
	// Comments are left out: to read them again each time takes most of the time.
	var live, whole []string
	for _, line := range lines {
		if line != "" && line[0] != '#' {
			live = append(live, line)
		}
	}
	at := 0
	for _, line := range lines {
		if line != "" && line[0] != '#' {
			at++
		}
		if strings.HasPrefix(line, "[") {
			f(section, "", slices.Insert(slices.Clone(live), at-1, whole...), platform)
			whole = nil
			section = strings.Trim(line, "[]")
			name, _, _ := strings.Cut(section, ".")
			if p, err := tags.ParsePlatform(name); err == nil {
				platform = p
			}
		}
		if setting.MatchString(line) {
			whole = append(whole, line[1:])
			f(section, line, slices.Insert(slices.Clone(live), at, line[1:]), platform)
		}
	}
	f(section, "", slices.Insert(slices.Clone(live), at, whole...), platform)
}

func TestStarter(t *testing.T) {
	t.Parallel()
	data, err := wxt.Starter("", "./dtafgen.schema.json", true)
	require.NoError(t, err)
	testkit.Golden(t, "starter.toml", string(data))
	lines := strings.Split(string(data), "\n")
	assert.Empty(t, checkLines(t, wxt.FileName, lines), "as it is")

	// Each line by itself, and all together.
	all := slices.Clone(lines)
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "#broadworks = "): // with which some elements of [device] are others
		case setting.MatchString(line):
			all[i] = line[1:]
		default:
			assert.NotRegexp(t, `^#\s*[\w"%.-]+\s*=`, line, "a line of explanation looks like a setting")
		}
	}
	count := 0
	uncomment(lines, func(section, line string, lines []string, platform tags.Platform) {
		if line != "" {
			count++
		}
		if section == "tags" {
			for _, p := range tags.Platforms() {
				if name, _, _ := strings.Cut(strings.TrimPrefix(line, "#"), " "); line != "" && onPlatform(name, p) {
					platform = p
					break
				}
			}
		}
		if line != "" && strings.HasSuffix(section, ".device") { // its request is checked as a whole
			_, err := wxt.Parse(wxt.FileName, []byte(strings.Join(lines, "\n")), withCommon)
			require.NoError(t, err, line)
			return
		}
		found := checkLines(t, wxt.FileName, lines, wxt.WithPlatforms(platform))
		if section == "" {
			require.NoError(t, found.Err(), line) // its tag stands nowhere yet: a warning
			return
		}
		assert.Empty(t, found, "%s: %s", section, line)
	})
	assert.Greater(t, count, 3*65)
	assert.NoError(t, checkLines(t, wxt.FileName, all).Err())
	for tag := range tags.Default().All() {
		n := strings.Count(string(data), "\n#"+tag.Name+" = ")
		want := 0
		if !tag.System {
			want = 1
			for range tag.Platforms.All() {
				want++
			}
		}
		assert.Equal(t, want, n, tag.Name)
	}
}

// TestShortStarter checks that what most projects set fits two screens, decides nothing
// and can be set as it is.
func TestShortStarter(t *testing.T) {
	data, err := wxt.Starter("", "./dtafgen.schema.json", false)
	require.NoError(t, err)
	testkit.Golden(t, "starter-short.toml", string(data))
	lines := strings.Split(string(data), "\n")
	assert.Less(t, len(lines), 120)
	assert.Empty(t, checkLines(t, wxt.FileName, lines))
	count := 0
	for i, line := range lines {
		if setting.MatchString(line) {
			lines[i] = line[1:]
			count++
		}
	}
	assert.Greater(t, count, 20)
	assert.NoError(t, checkLines(t, wxt.FileName, lines).Err())
}

// TestStarterAllDefaults checks that a starter file decides nothing: with all of
// its settings but the examples it builds what the embedded default does.
func TestStarterAllDefaults(t *testing.T) {
	data, err := wxt.Starter("", "", true)
	require.NoError(t, err)
	lines := strings.Split(string(data), "\n")
	for i, line := range lines {
		example := strings.HasSuffix(line, "# an example")
		if setting.MatchString(line) && !example {
			lines[i] = line[1:]
		}
	}
	p, err := wxt.Parse(wxt.FileName, []byte(strings.Join(lines, "\n")), withCommon)
	require.NoError(t, err)
	got, want := build(t, p), build(t, &wxt.Project{})
	assert.Equal(t, slices.Collect(want.Files()), slices.Collect(got.Files()))
}

func TestStarterFromArchive(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	vendor := filepath.Join(dir, "vendor", vendorName)
	require.NoError(t, os.Mkdir(filepath.Dir(vendor), 0o777))
	withDot := vendorFiles(t)
	withDot[vendorFolder+"config.xml.template"] = []byte("<uc-one tag='%LEGACY_TAG%' dot='%ODD.TAG%'/>\n")
	writeZip(t, vendor, "", withDot)
	data, err := wxt.Starter(dir, "", true, vendor)
	require.NoError(t, err)
	text := string(data)
	for _, want := range []string{
		"\nbase = \"vendor/" + vendorName + "\"\n",
		"\n#ENABLE_NEW_FEATURE_WXT = false\n",
		"\n#LEGACY_TAG = \"\"\n",
		"\n#\"ODD.TAG\" = \"\"\n",
		"\n# - ENABLE_MWI_WXT\n",
	} {
		assert.Contains(t, text, want)
	}
	file := filepath.Join(dir, wxt.FileName)
	p := load(t, baseProject(t, dir, text))
	b := build(t, p, onlyDesktop)
	assert.Equal(t, vendorName, b.Archives[0].Container.Name)
	uncomment(strings.Split(text, "\n"), func(section, line string, lines []string, platform tags.Platform) {
		if line == "" || section == "desktop" || section == "desktop.tags" {
			assert.NoError(t, checkLines(t, file, lines, wxt.WithPlatforms(platform)).Err(), "%s: %s", section, line)
			return
		}
		_, err := wxt.Parse(file, []byte(strings.Join(lines, "\n")), withCommon)
		assert.NoError(t, err, line)
	})

	_, err = wxt.Starter(dir, "", true, vendor, vendor)
	assert.ErrorContains(t, err, "another archive for desktop")
	_, err = wxt.Starter("", "", true, file)
	assert.Error(t, err)
	strange := filepath.Join(dir, "phone.zip")
	files := vendorFiles(t)
	files["oci/Phone.oci"] = []byte(strings.NewReplacer("Business Communicator - PC", "Phone", "BroadTouch_Tags", "Phone_Tags", "bc/pc/", "phone/").
		Replace(string(files["oci/Business Communicator - PC.oci"])))
	delete(files, "oci/Business Communicator - PC.oci")
	writeZip(t, strange, "", files)
	_, err = wxt.Starter("", "", true, strange)
	assert.ErrorContains(t, err, "phone.zip: nothing in it tells which platform")
}

// projectSchema compiles the schema of the project file, which has to be one by
// the rules of JSON Schema 2020-12.
func projectSchema(t *testing.T) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(wxt.JSONSchema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("dtafgen.schema.json", doc))
	s, err := c.Compile("dtafgen.schema.json")
	require.NoError(t, err)
	return s
}

// validate holds the text of a project file against the schema, as JSON.
func validate(t *testing.T, s *jsonschema.Schema, text string) error {
	var tree map[string]any
	if _, err := toml.Decode(text, &tree); err != nil {
		return err
	}
	data, err := json.Marshal(tree)
	require.NoError(t, err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	return s.Validate(value)
}

func TestJSONSchema(t *testing.T) {
	testkit.Golden(t, "dtafgen.schema.json", string(wxt.JSONSchema()))
}

// TestJSONSchemaTakes validates every project that is right.
func TestJSONSchemaTakes(t *testing.T) {
	s := projectSchema(t)
	var files []string
	for _, pattern := range []string{"testdata/ok/*.toml", "internal/ruledoc/testdata/rules/*/good*.toml", "testdata/base/*.toml", "examples/*/*.toml", "default.toml", "testdata/starter.toml"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		files = append(files, found...)
	}
	require.Greater(t, len(files), 6)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		if filepath.Base(file) == "changes.toml" {
			data = append([]byte("desktop.base = \"vendor.zip\"\n"), data...)
			data = bytes.Replace(data, []byte("[desktop]\n"), nil, 1)
			data = regexp.MustCompile(`(?m)^(device_type|tag_set|encoding) = `).ReplaceAll(data, []byte("# $1 = "))
		}
		assert.NoError(t, validate(t, s, string(data)), file)
	}
}

// TestReadmeProjects reads the projects that README.md shows.
func TestReadmeProjects(t *testing.T) {
	s := projectSchema(t)
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	shown := regexp.MustCompile("(?s)\n```toml\n(.*?)\n```\n").FindAllStringSubmatch(string(readme), -1)
	require.NotEmpty(t, shown)
	for _, block := range shown {
		_, err := wxt.Parse(wxt.FileName, []byte(block[1]))
		require.NoError(t, err, block[1])
		require.NoError(t, validate(t, s, block[1]), block[1])
	}
}

// TestJSONSchemaRefuses validates projects that are wrong. The ones that are left
// out are wrong in a way that a schema can't see.
func TestJSONSchemaRefuses(t *testing.T) {
	unseen := []string{
		"declare-facts", "device-type", "edit", "encoding", "latin1-bytes", "ports-backwards", "ports-overlap",
		"raw-xml", "same-device-type", "tag-set-conflict", "twice", "utf-16",
	}
	s := projectSchema(t)
	files, err := filepath.Glob("testdata/err/*.toml")
	require.NoError(t, err)
	refused := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		if slices.Contains(unseen, strings.TrimSuffix(filepath.Base(file), ".toml")) {
			continue
		}
		if assert.Error(t, validate(t, s, string(data)), file) {
			refused++
		}
	}
	assert.Greater(t, refused, 10)

	// One thing at a time, so that each is seen to be refused for itself.
	for _, text := range []string{
		"brodworks = 'R23'", "broadworks = 'R20'", "broadworks = 23",
		"package.version = '3.9'", "package.date = '2026-13'", "package.date = 'Nov2026'",
		"access.host = 'https://xsp.example.com'", "access.port = 0", "access.port = 70000", "access.port = '443'", "access.protocol = 'gopher'",
		"tags.SBC_ADRESS_WXT = 'x'", "tags.BWHOST-1 = 'x'", "mobile.tags.ENABLE_AUTO_ANSWER_WXT = true",
		"tags.SBC_PORT_WXT = 0", "tags.SBC_PORT_WXT = 'sip'", "tags.SBC_PORT_WXT = 5060.5", "tags.'%SBC_PORT_WXT%' = true",
		"tags.USE_TLS_WXT = 'yes'", "tags.USE_TLS_WXT = 1", "tags.MWI_MODE_WXT = ['explicit']",
		"tags.SETTINGS_PORTAL_URL_WXT = 'http://portal.example.com/'", "tags.XSI_ACTIONS_PATH_WXT = 'x'",
		"tags.EMERGENCY_DIALING_NUMBERS_WXT = '911, 112'",
		"declare = [{ tag = 'A_WXT' }]", "declare = [{ type = 'text' }]", "declare = [{ tag = 'A_WXT', type = 'boolean' }]",
		"declare = [{ tag = 'A_WXT', type = 'text', platforms = ['windows'] }]", "declare = [{ tag = 'A_WXT', type = 'text', defualt = '' }]",
		"codecs.audio = []", "codecs.audio = 'opus'", "codecs.audio = ['opus', 'opus']", "codecs.audio = ['a b']",
		"sip.register_refresh = 0", "sip.register_refresh = -1", "sip.register_refresh = '3600'",
		"windows.enabled = true", "desktop.enabled = 'yes'", "desktop.tag_set = ''", "desktop.tag_set = 'a tag set with a name that is too long'",
		"desktop.device_type = ''", "desktop.device.numberOfPort = 1", "desktop.device.deviceType = 'x'", "desktop.device.isTrusted = 'yes'",
		"desktop.device.profile = 'Intelligent'",
		"desktop.edit = [{ path = 'config' }]", "desktop.edit = [{ remove = true }]", "desktop.edit = [{ path = 'config', text = 'x', remove = true }]",
		"desktop.edit = [{ path = 'config', attr = 'a' }]", "desktop.edit = [{ path = 'config', value = 'a' }]",
	} {
		require.Error(t, validate(t, s, text), text)
		p, err := wxt.Parse(wxt.FileName, []byte(text))
		if err == nil {
			require.Error(t, wxt.Check(p).Err(), "%s is no error, and the schema refuses it", text)
		}
	}
}

// TestJSONSchemaAgrees compares the schema with the check of values: what the check
// takes, the schema does not refuse.
func TestJSONSchemaAgrees(t *testing.T) {
	s := projectSchema(t)
	values := []any{
		"", "true", "false", true, false, "0", "1", 0, 1, 5060, "5060", 65535, 65536, 100000, 100001, 2147483647, "007",
		"a", "sbc.example.com", "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "https://example.com/", "HTTPS://example.com", "https://%BWHOST-1%/",
		"%BWHOST-1%", "%A_WXT%", "/path/", "911,112", "+1*#", "911, 112", "explicit", "mandatory", "a&b", "1%A_WXT%", "%", "100%",
		strings.Repeat("x", 256), strings.Repeat("x", 257), strings.Repeat("1", 32),
	}
	refused := 0
	for tag := range tags.Default().All() {
		if tag.System {
			continue
		}
		for _, v := range values {
			err := value.Check(tag, fmt.Sprint(v))
			data, marshalErr := json.Marshal(map[string]any{"tags": map[string]any{tag.Name: v}})
			require.NoError(t, marshalErr)
			value, unmarshalErr := jsonschema.UnmarshalJSON(bytes.NewReader(data))
			require.NoError(t, unmarshalErr)
			if s.Validate(value) == nil {
				continue
			}
			refused++
			assert.Error(t, err, "%s = %v: the check takes it, the schema does not", tag.Name, v)
		}
	}
	assert.Greater(t, refused, 500)
}
