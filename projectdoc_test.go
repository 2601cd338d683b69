package wxt_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/testkit"
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
		if setting.MatchString(line) {
			all[i] = line[1:]
		} else {
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
		"\n#broadworks = \"R22\"\n",
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
