package provision_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/dtaf/provision"
	"github.com/dtafgen/wxt/internal/atomicfile"
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/levels"
	"github.com/dtafgen/wxt/internal/ocimsg"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/internal/value"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// A wish is what a test wants of a project.
type wish struct {
	provision.TagSetOptions
	from      *wxt.Project
	release   oci.Release
	platforms []tags.Platform
	session   string
	batch     int
}

// source returns what messages of a project are made of.
func source(p *wxt.Project, w wish) (*provision.Source, error) {
	c, _ := wxt.Compile(p, wxt.WithRelease(w.release), wxt.WithPlatforms(w.platforms...))
	if err := c.Check().Err(); err != nil {
		return nil, err
	}
	s, err := c.Provision()
	s.Name = strings.TrimPrefix(s.Name, "../../")
	s.Session, s.Batch = w.session, w.batch
	return s, err
}

// made returns a function that makes messages of a project.
func made[T any](f func(*provision.Source, T) (*provision.Provisioning, error)) func(*wxt.Project, wish, T) (*provision.Provisioning, error) {
	return func(p *wxt.Project, w wish, how T) (*provision.Provisioning, error) {
		s, err := source(p, w)
		if err != nil {
			return nil, err
		}
		return f(s, how)
	}
}

var (
	archives  = made(provision.Import)
	overrides = made(provision.Overrides)
)

func tagSets(p *wxt.Project, w wish) (*provision.Provisioning, error) {
	w.TagSetOptions.Platforms, w.platforms = tags.NewPlatformSet(w.platforms...), nil
	s, err := source(p, w)
	if err != nil {
		return nil, err
	}
	if w.from != nil {
		c, fs := wxt.Compile(w.from, wxt.WithRelease(w.release))
		if err := fs.Err(); err != nil {
			return nil, err
		}
		if w.From, err = c.Provision(); err != nil {
			return nil, err
		}
	}
	return provision.TagSets(s, w.TagSetOptions)
}

func files(p *wxt.Project, w wish, scope provision.Scope, every bool) (*provision.Provisioning, error) {
	return made(func(s *provision.Source, every bool) (*provision.Provisioning, error) {
		return provision.Files(s, scope, every)
	})(p, w, every)
}

func rebuild(p *wxt.Project, w wish, scope provision.Scope, kind string) (*provision.Provisioning, error) {
	return made(func(s *provision.Source, kind string) (*provision.Provisioning, error) {
		return provision.Rebuild(s, scope, kind)
	})(p, w, kind)
}

func load(t *testing.T, path string) *wxt.Project {
	t.Helper()
	p, err := wxt.Load(path)
	require.NoError(t, err)
	return p
}

// A system is what an Application Server does with requests for tag sets, and no
// more: it refuses what the real one refuses.
type system struct {
	sets map[string]map[string]string // values by tag set and tag
}

func newSystem() *system { return &system{make(map[string]map[string]string)} }

// send applies the messages of a provisioning, as their bytes say.
func (s *system) send(t *testing.T, p *provision.Provisioning) {
	t.Helper()
	for _, m := range p.Messages {
		d, err := oci.Parse(m.Name, m.Document.Bytes())
		require.NoError(t, err)
		require.NotEmpty(t, d.SessionID)
		require.LessOrEqual(t, len(d.Requests), oci.MaxCommands)
		for _, r := range d.Requests {
			require.NoError(t, s.do(r), "%s", m.Document.Bytes())
		}
	}
}

func (s *system) do(r *oci.Request) error {
	name, ok := r.Get("tagSetName")
	if !ok {
		return errors.New("no tag set")
	}
	set, there := s.sets[name]
	tag, _ := r.Get("tagName")
	_, has := set[tag]
	value, hasValue := r.Get("tagValue")
	switch r.Type {
	case "SystemDeviceManagementTagSetAddRequest":
		if there {
			return fmt.Errorf("tag set %s is there", name)
		}
		s.sets[name] = make(map[string]string)
		return nil
	case "SystemDeviceManagementTagSetDeleteRequest":
		if !there {
			return fmt.Errorf("no tag set %s", name)
		}
		delete(s.sets, name)
		return nil
	case "SystemDeviceManagementTagAddRequest", "SystemDeviceManagementTagAddRequest22":
		if !there || has {
			return fmt.Errorf("%s %s: there is no such set, or the tag is in it", name, tag)
		}
		if e := r.Find("tagValue"); e != nil && e.Value == "" {
			return fmt.Errorf("%s %s: an empty value", name, tag)
		}
		set[tag] = value
		return nil
	case "SystemDeviceManagementTagModifyRequest":
		if !has {
			return fmt.Errorf("%s %s: no such tag", name, tag)
		}
		if e := r.Find("tagValue"); e != nil && e.Nil != (e.Value == "") {
			return fmt.Errorf("%s %s: nil, and %q", name, tag, e.Value)
		}
		if hasValue {
			set[tag] = value
		}
		return nil
	case "SystemDeviceManagementTagDeleteListRequest":
		for _, e := range r.Elements {
			if e.Name != "tagName" {
				continue
			}
			if _, ok := set[e.Value]; !ok {
				return fmt.Errorf("%s %s: no such tag", name, e.Value)
			}
			delete(set, e.Value)
		}
		return nil
	}
	return fmt.Errorf("%s is not for tag sets", r.Type)
}

// resolved returns what the tag sets of a project hold, straight from its
// targets.
func resolved(t *testing.T, p *wxt.Project, changed bool) map[string]map[string]string {
	t.Helper()
	r, fs := wxt.Compile(p)
	require.NoError(t, fs.Err())
	sets := make(map[string]map[string]string)
	for _, target := range r.Targets {
		if sets[target.TagSet] == nil {
			sets[target.TagSet] = make(map[string]string)
		}
		for _, v := range target.Values {
			if !changed || v.Origin != wxt.FromDefault || v.Tag.Declared {
				sets[target.TagSet]["%"+v.Tag.Name+"%"] = v.Value
			}
		}
	}
	return sets
}

func releases() []oci.Release { return append(oci.Releases(), 0) }

// TestTagSetRoundTrip sends the tag sets of projects to a system, and expects it to
// have exactly their resolved values.
func TestTagSetRoundTrip(t *testing.T) {
	for _, path := range []string{"../../testdata/ok/empty.toml", "../../testdata/ok/full.toml", "../../examples/partner/dtafgen.toml"} {
		p := load(t, path)
		p.BroadWorks = 0
		for _, release := range releases() {
			for _, changed := range []bool{false, true} {
				o := wish{release: release, batch: 1 + int(release)*2}
				o.Changed = changed
				made, err := tagSets(p, o)
				require.NoError(t, err)
				s := newSystem()
				s.send(t, made)
				want := resolved(t, p, changed)
				assert.Empty(t, cmp.Diff(want, s.sets), "%s %s", path, release)

				// The values are spoilt, and put right again.
				for _, set := range s.sets {
					for tag := range set {
						set[tag] = "spoilt"
					}
				}
				o.Modify = true
				modified, err := tagSets(p, o)
				require.NoError(t, err)
				s.send(t, modified)
				assert.Empty(t, cmp.Diff(want, s.sets), "%s %s", path, release)
				assert.False(t, slices.ContainsFunc(modified.Messages, func(m provision.Message) bool { return m.Document.Since() > max(release, oci.R21SP1) }))
			}
		}
	}
}

// randomProject returns a project that sets tags at random to values that they
// take.
func randomProject(r *rand.Rand, name string) *wxt.Project {
	pool := []string{"", "true", "false", "sbc.example.com", "a & b", "5", "100", "https://x.example.com/", "/path", "911,112", "implicit", "explicit", "mandatory", "csw", "é"}
	var text strings.Builder
	platforms := tags.Platforms()
	table := func(only tags.Platform) {
		for tag := range tags.Default().All() {
			if tag.System || tag.Type == tags.Port || r.IntN(4) > 0 || only != 0 && !tag.Platforms.Has(only) {
				continue
			}
			if v := pool[r.IntN(len(pool))]; value.Check(tag, v) == nil && !strings.Contains(v, "&") {
				fmt.Fprintf(&text, "%s = %q\n", tag.Name, v)
			}
		}
	}
	for i := range r.IntN(3) {
		fmt.Fprintf(&text, "[[declare]]\ntag = \"OWN_%d\"\ntype = \"text\"\ndefault = %q\n", r.IntN(3)*10+i, pool[r.IntN(4)])
	}
	text.WriteString("[tags]\n")
	table(0)
	for _, platform := range platforms {
		fmt.Fprintf(&text, "[%s]\n", platform)
		if r.IntN(5) == 0 && platform != tags.Desktop {
			text.WriteString("enabled = false\n")
		}
		if r.IntN(3) == 0 {
			fmt.Fprintf(&text, "tag_set = \"Set %d of %s\"\n", r.IntN(2), platform)
		}
		fmt.Fprintf(&text, "[%s.tags]\n", platform)
		if r.IntN(2) == 0 {
			table(platform)
		}
	}
	p, err := wxt.Parse(name, []byte(text.String()))
	if err != nil {
		panic(err.Error() + "\n" + text.String())
	}
	return p
}

// TestTagSetChanges makes the tag sets of one random project, sends what has
// changed in another, and expects exactly what that one resolves to.
func TestTagSetChanges(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 2026))
	sent, kinds := 0, make(map[string]int)
	for range 60 {
		before, after := randomProject(r, "before.toml"), randomProject(r, "after.toml")
		o := wish{release: releases()[r.IntN(6)]}
		o.Changed, o.batch = r.IntN(3) == 0, r.IntN(oci.MaxCommands+1)
		s := newSystem()
		made, err := tagSets(before, o)
		require.NoError(t, err, before.File())
		s.send(t, made)
		require.Empty(t, cmp.Diff(resolved(t, before, o.Changed), s.sets))

		o.from, o.DeleteSets = before, r.IntN(2) == 0
		changes, err := tagSets(after, o)
		require.NoError(t, err, after.File())
		s.send(t, changes)
		want := resolved(t, after, o.Changed)
		if !o.DeleteSets {
			for name, set := range resolved(t, before, o.Changed) {
				if want[name] == nil {
					want[name] = set
				}
			}
		}
		require.Empty(t, cmp.Diff(want, s.sets), "%s\n%s", before.File(), after.File())
		sent += len(changes.Messages)
		for _, m := range changes.Messages {
			for _, request := range m.Document.Requests {
				kinds[strings.TrimSuffix(request.Type, "22")]++
			}
		}

		o.from = after
		none, err := tagSets(after, o)
		require.NoError(t, err)
		assert.Empty(t, none.Messages, "nothing has changed")
	}
	assert.Greater(t, sent, 60)
	assert.Len(t, kinds, 5, "sets and tags are added, modified and deleted: %v", kinds)
}

// everything makes all kinds of messages of a project for a release.
func everything(t *testing.T, p *wxt.Project, release oci.Release, platforms ...tags.Platform) []*provision.Provisioning {
	t.Helper()
	o := wish{release: release, platforms: platforms}
	group := provision.Scope{ServiceProvider: "acme", Group: "pilot"}
	var all []*provision.Provisioning
	add := func(pr *provision.Provisioning, err error) {
		t.Helper()
		require.NoError(t, err, "%s", release)
		require.NotEmpty(t, pr.Messages)
		all = append(all, pr)
	}
	earlier, err := wxt.Parse("earlier.toml", []byte("[[declare]]\ntag = \"GONE_WXT\"\ntype = \"text\"\n[tags]\nSBC_ADDRESS_WXT = \"old.example.com\"\nDOMAIN_OVERRIDE_WXT = \"example.com\"\n[desktop]\ntag_set = \"Acme_Desktop\"\n[mobile]\ntag_set = \"Earlier\"\n"))
	require.NoError(t, err)
	for _, how := range []provision.TagSetOptions{{}, {Changed: true}, {Modify: true}} {
		add(tagSets(p, wish{release: o.release, platforms: o.platforms, TagSetOptions: how}))
	}
	add(tagSets(p, wish{release: o.release, platforms: o.platforms, from: earlier, TagSetOptions: provision.TagSetOptions{DeleteSets: true}}))
	add(tagSets(p, wish{release: o.release, platforms: o.platforms, TagSetOptions: provision.TagSetOptions{Query: true}}))
	if release >= oci.R22 {
		add(tagSets(p, wish{release: o.release, platforms: o.platforms, TagSetOptions: provision.TagSetOptions{Modify: true, NotOverridable: []string{"SBC_ADDRESS_WXT"}}}))
		add(tagSets(p, wish{release: o.release, platforms: o.platforms, TagSetOptions: provision.TagSetOptions{NotOverridable: []string{"%SBC_ADDRESS_WXT%"}}}))
	}
	add(archives(p, o, provision.ImportOptions{BaseURL: "http://files.example.com/d"}))
	if release == oci.R25 {
		add(archives(p, o, provision.ImportOptions{BaseURL: "file:///d/", UpdateFiles: true, Rename: map[string]string{"desktop": "Webex"}}))
	}
	add(files(p, o, provision.Scope{}, false))
	add(files(p, o, group, true))
	file := "testdata/overrides/ok/groups.toml"
	if release >= oci.R22 {
		file = "testdata/overrides/ok/all.toml"
	}
	list, err := wxt.LoadOverrides(file)
	require.NoError(t, err)
	add(overrides(p, o, list))
	add(rebuild(p, o, provision.Scope{}, ""))
	add(rebuild(p, o, group, ""))
	add(rebuild(p, o, provision.Scope{}, "Device Profiles"))
	return all
}

// TestProvisionOracle has the OCI schema judge every message of every kind for
// every release.
func TestProvisionOracle(t *testing.T) {
	p := load(t, "../../examples/partner/dtafgen.toml")
	p.BroadWorks = 0
	var documents [][]byte
	seenFor := make(map[string]map[oci.Release]bool)
	for _, release := range releases() {
		for _, pr := range everything(t, p, release) {
			for i, m := range pr.Messages {
				assert.Empty(t, m.Document.Check(), m.Name)
				assert.LessOrEqual(t, m.Document.Since(), max(release, oci.R21SP1), "%s for %s", m.Name, release)
				kind := kindOf(pr)
				assert.True(t, strings.HasPrefix(m.Name, fmt.Sprintf("%02d-%s", i+1, kind)), m.Name)
				if seenFor[kind] == nil {
					seenFor[kind] = make(map[oci.Release]bool)
				}
				seenFor[kind][release] = true
				assert.NotEmpty(t, m.Document.SessionID, "%s: the schema asks for a session", m.Name)
				documents = append(documents, m.Document.Bytes())
			}
		}
	}
	assert.Len(t, seenFor, 5)
	for kind, of := range seenFor {
		assert.Len(t, of, len(releases()), kind)
	}
	takes, why := testkit.OCISchema(t, documents)
	assert.NotContains(t, takes, false, why)
}

// kindOf returns the kind of messages that the names of their files say.
func kindOf(p *provision.Provisioning) string {
	return regexp.MustCompile(`[a-z]+`).FindString(p.Messages[0].Name)
}

var fileContent = regexp.MustCompile(`<fileContent>([^<]*)</fileContent>`)

// TestProvisionGolden pins what one platform gets.
func TestProvisionGolden(t *testing.T) {
	p := load(t, "../../examples/partner/dtafgen.toml")
	bundle, err := wxt.Build(p, wxt.WithPlatforms(tags.Desktop))
	require.NoError(t, err)
	template, ok := bundle.Archives[0].Archive.File(dtaf.Spec(tags.Desktop).TemplateName(bundle.Archives[0].DeviceType))
	require.True(t, ok)
	count := make(map[string]int)
	for _, pr := range everything(t, p, oci.R25, tags.Desktop) {
		kind := kindOf(pr)
		if count[kind]++; count[kind] > 5 {
			continue
		}
		dir := t.TempDir()
		names, err := pr.WriteDir(dir, false)
		require.NoError(t, err)
		for _, name := range names {
			data, err := os.ReadFile(filepath.Join(dir, name))
			require.NoError(t, err)
			text := string(data)
			if m := fileContent.FindStringSubmatch(text); m != nil {
				got, err := base64.StdEncoding.DecodeString(m[1])
				require.NoError(t, err)
				assert.Empty(t, cmp.Diff(string(template), string(got)), "the template goes as it is")
				text = strings.ReplaceAll(text, m[1], "(the template)")
			}
			testkit.Golden(t, fmt.Sprintf("golden/%s-%d/%s", kind, count[kind], name), text)
		}
	}
}

// TestTagSetOptions is about what else the options say.
func TestTagSetOptions(t *testing.T) {
	p := load(t, "../../examples/partner/dtafgen.toml")
	_, err := tagSets(p, wish{from: p, TagSetOptions: provision.TagSetOptions{Modify: true}})
	assert.ErrorContains(t, err, "expected one of these")
	_, err = tagSets(p, wish{TagSetOptions: provision.TagSetOptions{DeleteSets: true}})
	assert.ErrorContains(t, err, "the project that it was made from")
	_, err = tagSets(p, wish{TagSetOptions: provision.TagSetOptions{NotOverridable: []string{"SBC_ADRESS_WXT"}}})
	assert.ErrorContains(t, err, "did you mean SBC_ADDRESS_WXT?")
	_, err = tagSets(p, wish{release: oci.R21SP1, TagSetOptions: provision.TagSetOptions{NotOverridable: []string{"SBC_ADDRESS_WXT"}}})
	assert.ErrorContains(t, err, "takes R22 or later")
	_, err = tagSets(p, wish{batch: 16})
	assert.ErrorContains(t, err, "16 commands")
	_, err = tagSets(p, wish{batch: -1})
	assert.ErrorContains(t, err, "-1 commands")
	_, err = tagSets(p, wish{session: "a\x01"})
	assert.ErrorContains(t, err, "sessionId")
	disabled := &wxt.Project{Desktop: wxt.PlatformSettings{Disabled: true}, Mobile: wxt.PlatformSettings{Disabled: true}, Tablet: wxt.PlatformSettings{Disabled: true}}
	_, err = tagSets(disabled, wish{})
	assert.ErrorContains(t, err, "no platform is enabled")

	// A session of its own, and one command in a message.
	pr, err := tagSets(p, wish{session: "s & 1", batch: 1, TagSetOptions: provision.TagSetOptions{Changed: true}})
	require.NoError(t, err)
	for _, m := range pr.Messages {
		assert.Len(t, m.Document.Requests, 1)
		assert.Contains(t, string(m.Document.Bytes()), `<sessionId xmlns="">s &amp; 1</sessionId>`)
	}

	// The platform chooses the tag set, and the set has what other platforms want in it.
	shared, err := wxt.Parse("x.toml", []byte("[desktop]\ntag_set = \"Shared\"\n[mobile]\ntag_set = \"Shared\"\n"))
	require.NoError(t, err)
	pr, err = tagSets(shared, wish{platforms: []tags.Platform{tags.Mobile}})
	require.NoError(t, err)
	s := newSystem()
	s.send(t, pr)
	assert.Equal(t, []string{"Shared"}, slices.Collect(maps.Keys(s.sets)))
	assert.Equal(t, resolved(t, shared, false)["Shared"], s.sets["Shared"])
}

func TestImportURLs(t *testing.T) {
	p := &wxt.Project{}
	for url, want := range map[string]string{
		"":                                     "there is no URL",
		"https://x.example.com/d":              `protocol is "https"`,
		"ftp://x":                              `protocol is "ftp"`,
		"files.example.com/d":                  `protocol is ""`,
		"http:///d":                            "has no host",
		"http://user:secret@x/d":               "user or a password",
		"http://user:sec ret@x\x7f/d":          "is not a URL",
		"http://x/d?a=b":                       "a query",
		"http://x/d#f":                         "a fragment",
		"file:d":                               "no absolute path",
		"file://" + strings.Repeat("x", 9):     "no absolute path",
		"http://x/" + strings.Repeat("x", 300): "file: ",
	} {
		_, err := archives(p, wish{}, provision.ImportOptions{BaseURL: url})
		if assert.ErrorContains(t, err, want, url) {
			assert.NotContains(t, err.Error(), "sec")
		}
	}
	for base, want := range map[string]string{
		"http://x:8080/a b/": "http://x:8080/a%20b/Business_Communicator_-_PC%28R24.0%29.DTAF.zip",
		"http://x":           "http://x/Business_Communicator_-_PC%28R24.0%29.DTAF.zip",
		"file:///var/dtaf":   "file:///var/dtaf/Business_Communicator_-_PC%28R24.0%29.DTAF.zip",
		"file://host/var/d/": "file://host/var/d/Business_Communicator_-_PC%28R24.0%29.DTAF.zip",
	} {
		pr, err := archives(p, wish{}, provision.ImportOptions{BaseURL: base})
		require.NoError(t, err, base)
		got, _ := pr.Messages[0].Document.Requests[0].Get("file")
		assert.Equal(t, want, got)
	}
	_, err := archives(p, wish{}, provision.ImportOptions{BaseURL: "http://x", UpdateFiles: true})
	assert.ErrorContains(t, err, "takes R25")
	r25, o := wish{release: oci.R25}, provision.ImportOptions{BaseURL: "http://x"}
	o.Rename = map[string]string{"windows": "X"}
	_, err = archives(p, r25, o)
	assert.ErrorContains(t, err, `called "windows"`)
	o.Rename = map[string]string{"desktop": "a/b"}
	_, err = archives(p, r25, o)
	assert.ErrorContains(t, err, "rename desktop")
}

func TestProvisionRefusesBrokenProjects(t *testing.T) {
	p, err := wxt.Parse("x.toml", []byte("[tags]\nSBC_PORT_WXT = 0\n"))
	require.NoError(t, err)
	for _, try := range []func() (*provision.Provisioning, error){
		func() (*provision.Provisioning, error) { return tagSets(p, wish{}) },
		func() (*provision.Provisioning, error) {
			return archives(p, wish{}, provision.ImportOptions{BaseURL: "http://x"})
		},
		func() (*provision.Provisioning, error) { return files(p, wish{}, provision.Scope{}, false) },
		func() (*provision.Provisioning, error) { return rebuild(p, wish{}, provision.Scope{}, "") },
		func() (*provision.Provisioning, error) {
			return overrides(p, wish{}, nil)
		},
	} {
		_, err := try()
		var fs schema.Findings
		require.ErrorAs(t, err, &fs)
		assert.ErrorContains(t, err, "x.toml:2:16")
	}
}

// TestWriteDir is about what is in the folder already.
func TestProvisioningWriteDir(t *testing.T) {
	p := load(t, "../../examples/partner/dtafgen.toml")
	dir := filepath.Join(t.TempDir(), "a", "b")
	names := func() []string {
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		var list []string
		for _, e := range entries {
			list = append(list, e.Name())
		}
		return list
	}
	tagsets, err := tagSets(p, wish{TagSetOptions: provision.TagSetOptions{Changed: true}})
	require.NoError(t, err)
	built, err := rebuild(p, wish{}, provision.Scope{}, "")
	require.NoError(t, err)
	_, err = built.WriteDir(dir, false)
	require.NoError(t, err)
	written, err := tagsets.WriteDir(dir, false)
	require.NoError(t, err)
	assert.Equal(t, append(written[:len(written)-1:len(written)-1], "01-rebuild.xml", "runbook.md"), sorted(written, names()))
	runbook, err := os.ReadFile(filepath.Join(dir, "runbook.md"))
	require.NoError(t, err)
	assert.Regexp(t, `(?s)## Tag sets.*## Rebuild`, string(runbook))

	// The same again changes nothing; fewer messages would leave some behind.
	_, err = tagsets.WriteDir(dir, false)
	require.NoError(t, err)
	again, err := os.ReadFile(filepath.Join(dir, "runbook.md"))
	require.NoError(t, err)
	assert.Equal(t, string(runbook), string(again))
	desktop, err := tagSets(p, wish{platforms: []tags.Platform{tags.Desktop}, TagSetOptions: provision.TagSetOptions{Changed: true}})
	require.NoError(t, err)
	before := names()
	_, err = desktop.WriteDir(dir, false)
	assert.ErrorContains(t, err, "messages of an earlier run")
	assert.Equal(t, before, names())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "01-tagset-own.txt"), nil, 0o600))
	written, err = desktop.WriteDir(dir, true)
	require.NoError(t, err)
	assert.Len(t, names(), len(written)+2, "the rebuild and the file of somebody else stay")

	// Nothing to send leaves nothing of before, if that is wanted.
	none, err := tagSets(p, wish{from: p})
	require.NoError(t, err)
	written, err = none.WriteDir(dir, false)
	require.NoError(t, err)
	assert.Empty(t, written)
	_, err = none.WriteDir(dir, true)
	require.NoError(t, err)
	assert.Equal(t, []string{"01-rebuild.xml", "01-tagset-own.txt", "runbook.md"}, names())

	// A runbook of somebody else is not replaced.
	other := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(other, "runbook.md"), []byte("# Ours\n"), 0o600))
	_, err = built.WriteDir(other, true)
	assert.ErrorContains(t, err, "not from dtafgen")
	_, err = os.Stat(filepath.Join(other, "01-rebuild.xml"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// sorted returns the names that are in both lists and those that are in have alone,
// in the order of have.
func sorted(_, have []string) []string {
	var messages, others []string
	for _, n := range have {
		if strings.Contains(n, "-tagset-") {
			messages = append(messages, n)
		} else {
			others = append(others, n)
		}
	}
	return append(messages, others...)
}

// TestOverridesRefused compares what is found in broken override files with the file
// beside them.
func TestOverridesRefused(t *testing.T) {
	files, err := filepath.Glob("testdata/overrides/err/*.toml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		list, err := wxt.LoadOverrides(file)
		if err == nil {
			_, err = overrides(&wxt.Project{}, wish{}, list)
		}
		require.Error(t, err, file)
		text := err.Error() + "\n"
		var fs schema.Findings
		if errors.As(err, &fs) {
			text = ""
			for _, f := range fs {
				if f.Severity == schema.Info {
					continue
				}
				text += f.String() + "\n"
				if f.Remedy != "" {
					text += "\t" + f.Remedy + "\n"
				}
			}
		}
		text = strings.ReplaceAll(text, filepath.Dir(file)+string(filepath.Separator), "")
		testkit.Golden(t, "overrides/err/"+strings.TrimSuffix(filepath.Base(file), ".toml")+".out", text)
	}
}

// TestOverridesChecked is about what the project makes of overrides.
func TestOverridesChecked(t *testing.T) {
	t.Chdir(t.TempDir())
	parse := func(text string) []provision.Override {
		require.NoError(t, os.WriteFile("o.toml", []byte(text), 0o600))
		list, err := wxt.LoadOverrides("o.toml")
		require.NoError(t, err)
		return list
	}
	find := func(project, file string) schema.Findings {
		p, err := wxt.Parse("p.toml", []byte(project))
		require.NoError(t, err)
		pr, err := overrides(p, wish{}, parse(file))
		var fs schema.Findings
		if !errors.As(err, &fs) {
			require.NoError(t, err)
			fs = pr.Findings
		}
		return slices.DeleteFunc(fs, func(f schema.Finding) bool { return f.Severity == schema.Info })
	}
	const device = "[[device]]\nname = \"a\"\n[device.tags]\n"
	fs := find("", device+"SBC_ADDRESS_WXT = \"<a>\"\n")
	assert.Equal(t, []string{codes.Type, codes.RawXML}, []string{fs[0].Code, fs[1].Code})
	fs = find("[desktop]\nencoding = \"ISO-8859-1\"\n", device+"FORCED_LOGOUT_APPID_WXT = \"\u20ac\"\n")
	require.Len(t, fs, 1)
	assert.Equal(t, codes.Encoding, fs[0].Code)
	assert.Equal(t, 4, fs[0].Line)
	fs = find("broadworks = \"R25\"\n[desktop.device]\nallowDeviceProfileCustomTagSet = \"false\"\n", device+"SBC_PORT_WXT = 5060\n")
	require.Len(t, fs, 1)
	assert.Equal(t, schema.Warning, fs[0].Severity)
	assert.Equal(t, "p.toml:3:34", fs[0].String()[:11])
	fs = find("[mobile]\nenabled = false\n", "[[device]]\nname = \"a\"\nplatform = \"mobile\"\ntags = { SBC_PORT_WXT = 1 }\n")
	require.Len(t, fs, 1)
	assert.Equal(t, "o.toml:3:12: error: the project does not build mobile [WXT004]", fs[0].String())

	// A program can make overrides without a file.
	p := &wxt.Project{}
	own := []provision.Override{{Scope: provision.Scope{Device: "a"}, Tags: map[string]string{"SBC_PORT_WXT": "5061"}}}
	pr, err := overrides(p, wish{}, own)
	require.NoError(t, err)
	assert.Len(t, pr.Messages, 1)
	own[0].Tags = map[string]string{"NONE": ""}
	_, err = overrides(p, wish{}, own)
	assert.ErrorContains(t, err, "unknown tag NONE")
}

// TestOverridesTakeEffect compares what the requests define with what the
// Application Server makes of definitions.
func TestOverridesTakeEffect(t *testing.T) {
	list, err := wxt.LoadOverrides("testdata/overrides/ok/all.toml")
	require.NoError(t, err)
	p := load(t, "../../examples/partner/dtafgen.toml")
	pr, err := overrides(p, wish{}, list)
	require.NoError(t, err)
	r, fs := wxt.Compile(p)
	require.NoError(t, fs.Err())
	for _, test := range []struct{ provider, group, device, tag, want string }{
		{"acme", "x", "x", "SBC_ADDRESS_WXT", ""},
		{"acme", "Berlin & Bonn/1", "x", "SBC_ADDRESS_WXT", "sbc.berlin.example.com"},
		{"other", "x", "x", "SBC_ADDRESS_WXT", "sbc.acme.example"},
		{"acme", "berlin", "alice-desktop", "SRTP_ENABLED_WXT", "false"},
		{"acme", "x", "x", "SRTP_ENABLED_WXT", "true"},
		{"acme", "x", "bob", "SBC_PORT_WXT", "5062"},
		{"acme", "x", "lobby", "SBC_PORT_WXT", "5063"},
		{"acme", "x", "x", "ENABLE_CALL_PARK_WXT", "false"},
	} {
		v, ok := r.Targets[0].Value(test.tag)
		require.True(t, ok)
		defs := []levels.Definition{{Level: levels.DeviceTypeSet, Value: v.Value}}
		for _, m := range pr.Messages {
			for _, request := range m.Document.Requests {
				get := func(element string) string { v, _ := request.Get(element); return v }
				if get("tagName") != "%"+test.tag+"%" {
					continue
				}
				scope := provision.Scope{ServiceProvider: get("serviceProviderId"), Group: get("groupId"), Device: get("deviceName")}
				matches := func(have, is string) bool { return have == "" || have == is }
				if matches(scope.ServiceProvider, test.provider) && matches(scope.Group, test.group) && matches(scope.Device, test.device) && matches(get("deviceType"), r.Targets[0].DeviceType) {
					defs = append(defs, levels.Definition{Level: ocimsg.Scope(scope).Level(), Value: get("tagValue")})
				}
			}
		}
		d, ok := levels.Effective(defs...)
		require.True(t, ok)
		assert.Equal(t, test.want, d.Value, "%+v", test)
	}
}

// TestJoin numbers all kinds through, whatever their order, and takes the folder
// for its own.
func TestJoin(t *testing.T) {
	p := load(t, "../../examples/partner/dtafgen.toml")
	some := wish{TagSetOptions: provision.TagSetOptions{Changed: true}}
	sets, err := tagSets(p, some)
	require.NoError(t, err)
	imports, err := archives(p, wish{}, provision.ImportOptions{BaseURL: "http://x"})
	require.NoError(t, err)
	built, err := rebuild(p, wish{}, provision.Scope{}, "")
	require.NoError(t, err)
	none, err := tagSets(p, wish{from: p})
	require.NoError(t, err)

	joined := provision.Join(built, imports, sets)
	dir := t.TempDir()
	names, err := joined.WriteDir(dir, false)
	require.NoError(t, err)
	var kinds []string
	for i, name := range names[:len(names)-1] {
		assert.True(t, strings.HasPrefix(name, fmt.Sprintf("%02d-", i+1)), name)
		kinds = append(kinds, strings.Split(strings.TrimSuffix(name, ".xml"), "-")[1])
	}
	assert.Equal(t, []string{"tagset", "import", "rebuild"}, slices.Compact(kinds))
	runbook, err := os.ReadFile(filepath.Join(dir, "runbook.md"))
	require.NoError(t, err)
	for _, name := range names[:len(names)-1] {
		assert.Contains(t, string(runbook), "`"+name+"`")
	}
	assert.Equal(t, 1, strings.Count(string(runbook), "Made from"))
	assert.Equal(t, "01-rebuild.xml", built.Messages[0].Name, "what was joined stays as it is")

	// What is not there any more goes, whatever its kind.
	_, err = provision.Join(none, built).WriteDir(dir, false)
	assert.ErrorContains(t, err, "messages of an earlier run")
	names, err = provision.Join(none, built).WriteDir(dir, true)
	require.NoError(t, err)
	assert.Equal(t, []string{"01-rebuild.xml", "runbook.md"}, names)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 2)
}

// TestSecretsAreTheOwners checks that nobody else reads a message with a secret, and
// that what a killed run left is removed.
func TestSecretsAreTheOwners(t *testing.T) {
	p, err := wxt.Parse("p.toml", []byte(`
[[declare]]
tag = "ACME_PASSWORD_WXT"
type = "text"
platforms = ["desktop"]
[tags]
ACME_PASSWORD_WXT = "hunter2"
[[desktop.edit]]
path = "config"
insert = "<acme password='%ACME_PASSWORD_WXT%'/>"
`))
	require.NoError(t, err)
	dir := t.TempDir()
	left := filepath.Join(dir, ".01-tagset-X.xml.0123abcd.dtafgen-tmp")
	require.NoError(t, os.WriteFile(left, []byte("hunter2"), 0o600))
	long := time.Now().Add(-2 * atomicfile.LeftAfter)
	require.NoError(t, os.Chtimes(left, long, long))
	pr, err := tagSets(p, wish{})
	require.NoError(t, err)
	names, err := pr.WriteDir(dir, false)
	require.NoError(t, err)
	assert.NoFileExists(t, left)
	secrets := 0
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		holds := strings.Contains(string(data), "hunter2")
		if holds {
			secrets++
		}
		if runtime.GOOS != "windows" {
			assert.Equal(t, holds, info.Mode().Perm()&0o077 == 0, "%s: %s", name, info.Mode())
		}
	}
	assert.Equal(t, 1, secrets)
}
