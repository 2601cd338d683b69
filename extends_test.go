package wxt_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// brand is a project of three files, the last of which is "brands/acme.toml".
var brand = map[string]string{
	"common/base.toml": `abstract = true
name = "everybody"

[tags]
SBC_ADDRESS_WXT = "sbc.example.com"
ENABLE_CALL_PARK_WXT = false
"%DOMAIN_OVERRIDE_WXT%" = "example.com"

[codecs]
audio = ["opus", "PCMU", "PCMA"]

[[declare]]
tag = "FIRST_WXT"
type = "text"

[[desktop.edit]]
path = "config"
insert = "<first/>"
`,
	"common/lab.toml": `extends = "base.toml"
abstract = true

[access]
host = "lab.example.com"
port = 8443

[desktop]
device_type = "Lab"
`,
	"brands/acme.toml": `extends = ["../common/base.toml", "../common/lab.toml"]
name = "Acme, lab"

[access]
host = "acme.example.com"

[tags]
SBC_ADDRESS_WXT = { unset = true }
DOMAIN_OVERRIDE_WXT = "acme.example.com"

[codecs]
audio = ["PCMA"]

[[declare]]
tag = "SECOND_WXT"
type = "text"

[[desktop.edit]]
path = "config"
insert = "<second/>"
`,
}

// writeFiles writes files below a folder.
func writeFiles(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
}

func mapFS(files map[string]string) fstest.MapFS {
	fsys := make(fstest.MapFS)
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// readers are the ways to read a project from files by name.
var readers = map[string]func(t testing.TB, files map[string]string, name string, opts ...wxt.LoadOption) (*wxt.Project, error){
	"Load": func(t testing.TB, files map[string]string, name string, opts ...wxt.LoadOption) (*wxt.Project, error) {
		t.Chdir(t.TempDir())
		writeFiles(t, ".", files)
		return wxt.Load(name, opts...)
	},
	"LoadFS": func(t testing.TB, files map[string]string, name string, opts ...wxt.LoadOption) (*wxt.Project, error) {
		return wxt.LoadFS(mapFS(files), name, opts...)
	},
	"Parse": func(t testing.TB, files map[string]string, name string, opts ...wxt.LoadOption) (*wxt.Project, error) {
		read := wxt.WithReader(func(path string) ([]byte, error) {
			text, ok := files[filepath.ToSlash(filepath.Join(filepath.Dir(name), path))]
			if !ok {
				return nil, fs.ErrNotExist
			}
			return []byte(text), nil
		})
		open := wxt.WithOpener(func(string) ([]*dtaf.Archive, error) { return nil, fs.ErrNotExist })
		return wxt.Parse(name, []byte(files[name]), append(opts, read, open)...)
	},
}

func TestExtends(t *testing.T) {
	for how, read := range readers {
		t.Run(how, func(t *testing.T) {
			p, err := read(t, brand, "brands/acme.toml", wxt.WithSettings("access.port=443", "tags.RTP_AUDIO_PORT_RANGE_START_WXT=9000", "tags.XSI_ROOT_WXT=https://x.example.com/"))
			require.NoError(t, err)
			assert.Equal(t, "Acme, lab", p.Name)
			assert.False(t, p.Abstract, "a file says it of itself")
			assert.Equal(t, wxt.Access{Host: "acme.example.com", Port: 443}, p.Access)
			assert.Equal(t, "Lab", p.Desktop.DeviceType)
			assert.Equal(t, []string{"PCMA"}, p.Codecs.Audio)
			assert.Equal(t, map[string]string{
				"ENABLE_CALL_PARK_WXT": "false", "DOMAIN_OVERRIDE_WXT": "acme.example.com",
				"RTP_AUDIO_PORT_RANGE_START_WXT": "9000", "XSI_ROOT_WXT": "https://x.example.com/",
			}, p.Tags)
			require.Len(t, p.Declare, 2)
			assert.Equal(t, "FIRST_WXT", p.Declare[0].Name)
			require.Len(t, p.Desktop.Edits, 2)
			assert.Equal(t, "<second/>", p.Desktop.Edits[1].Value)

			where := func(key ...any) string {
				pos, ok := p.Where(key...)
				require.True(t, ok, "%v", key)
				pos.File = filepath.ToSlash(pos.File)
				return pos.String()
			}
			assert.Equal(t, "brands/acme.toml:5:8", where("access", "host"))
			assert.Equal(t, "--set access.port", where("access", "port"))
			assert.Equal(t, "common/lab.toml:9:15", where("desktop", "device_type"))
			assert.Equal(t, "common/base.toml:6:24", where("tags", "ENABLE_CALL_PARK_WXT"))
			assert.Equal(t, "brands/acme.toml:9:23", where("tags", "DOMAIN_OVERRIDE_WXT"))
			assert.Equal(t, "common/base.toml:17:8", where("desktop", "edit", 0, "path"))
			assert.Equal(t, "brands/acme.toml:19:8", where("desktop", "edit", 1, "path"))
			_, ok := p.Where("codecs", "audio", 1)
			assert.False(t, ok, "the list is another one")
			_, ok = p.Where("tags", "SBC_ADDRESS_WXT")
			assert.False(t, ok, "it is unset")

			c, _ := wxt.Compile(p)
			v, _ := c.Targets[0].Value("ENABLE_CALL_PARK_WXT")
			assert.Equal(t, "base.toml", filepath.Base(v.Position.File))
			v, _ = c.Targets[0].Value("RTP_AUDIO_PORT_RANGE_START_WXT")
			assert.Equal(t, "--set tags.RTP_AUDIO_PORT_RANGE_START_WXT", v.Position.String())
			v, _ = c.Targets[0].Value("SBC_ADDRESS_WXT")
			assert.Equal(t, wxt.FromDefault, v.Origin)

			var names []string
			for _, f := range p.Files() {
				names = append(names, filepath.ToSlash(f.Name))
			}
			assert.Equal(t, []string{"brands/acme.toml", "common/base.toml", "common/lab.toml"}, names)
		})
	}
}

// TestExtendsBase compiles a project from a base that a file in another folder names.
func TestExtendsBase(t *testing.T) {
	files := map[string]string{
		"common/base.toml": "[desktop]\nbase = \"../vendor/old.zip\"\n",
		"acme.toml":        "extends = 'common/base.toml'\n",
	}
	dir := t.TempDir()
	writeFiles(t, dir, files)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "vendor"), 0o700))
	release(t, filepath.Join(dir, "vendor"), "old.zip")
	p, err := wxt.Load(filepath.Join(dir, "acme.toml"))
	require.NoError(t, err)
	assert.Equal(t, "vendor/old.zip", p.Desktop.Base)
	c, found := wxt.Compile(p, onlyDesktop)
	require.NoError(t, found.Err())
	assert.NotNil(t, c.Targets[0].Base)

	p, err = wxt.LoadFS(os.DirFS(dir), "acme.toml")
	require.NoError(t, err)
	_, found = wxt.Compile(p, onlyDesktop)
	require.NoError(t, found.Err())

	asked := ""
	p, err = wxt.Load(filepath.Join(dir, "acme.toml"), wxt.WithReader(func(name string) ([]byte, error) { return []byte(files[name]), nil }),
		wxt.WithOpener(func(name string) ([]*dtaf.Archive, error) {
			asked = name
			return dtaf.OpenAll(filepath.Join(dir, name))
		}))
	require.NoError(t, err)
	_, found = wxt.Compile(p, onlyDesktop)
	require.NoError(t, found.Err())
	assert.Equal(t, "vendor/old.zip", asked)
}

func TestExtendsErrors(t *testing.T) {
	deep := map[string]string{"1.toml": "extends = '2.toml'\n"}
	for i := 2; i <= 17; i++ {
		deep[fmt.Sprintf("%d.toml", i)] = fmt.Sprintf("extends = '%d.toml'\n", i+1)
	}
	deep["17.toml"] = ""
	sixteen := maps.Clone(deep)
	sixteen["16.toml"] = ""
	for name, tt := range map[string]struct {
		files map[string]string
		main  string
		want  []string
	}{
		"missing": {map[string]string{"a.toml": "extends = ['b.toml']\n", "b.toml": "# b\nextends = 'x/c.toml'\n"}, "a.toml",
			[]string{"b.toml:2:11: error: there is no file x/c.toml (a.toml extends b.toml extends x/c.toml) [WXT017]"}},
		"circle": {map[string]string{"a.toml": "extends = 'b.toml'\n", "b.toml": "extends = './a.toml'\n"}, "a.toml",
			[]string{"b.toml:1:11: error: the files extend each other in a circle: a.toml extends b.toml extends a.toml [WXT017]"}},
		"itself": {map[string]string{"a.toml": "extends = 'a.toml'\n"}, "a.toml",
			[]string{"a.toml:1:11: error: the files extend each other in a circle: a.toml extends a.toml [WXT017]"}},
		"deep":    {deep, "1.toml", []string{"16.toml:1:11: error: files extend each other over more than 16 levels: 1.toml extends 2.toml extends 3.toml extends 4.toml extends 5.toml extends 6.toml extends 7.toml extends 8.toml extends 9.toml extends 10.toml extends 11.toml extends 12.toml extends 13.toml extends 14.toml extends 15.toml extends 16.toml extends 17.toml [WXT017]"}},
		"sixteen": {sixteen, "1.toml", nil},
		"empty":   {map[string]string{"a.toml": "extends = ''\n"}, "a.toml", []string{"a.toml:1:11: error: extends is empty [WXT017]"}},
		"kind":    {map[string]string{"a.toml": "extends = 3\n"}, "a.toml", []string{"a.toml:1:11: error: extends is a number: expected a path or a list of paths [WXT006]"}},
		"syntax": {map[string]string{"a.toml": "extends = 'b.toml'\n", "b.toml": "tags = \n"}, "a.toml",
			[]string{"b.toml:1:8: error: tags has no value [WXT001]"}},
		"keys of each": {map[string]string{"a.toml": "extends = 'b.toml'\ntag = 1\n", "b.toml": "[tags]\nX = 1.5\n"}, "a.toml",
			[]string{"a.toml:2:1: error: unknown key tag [WXT002]", "b.toml:2:5: error: tags.X is a number with a fraction: expected a boolean, a whole number or a string [WXT010]"}},
		"unset otherwise": {map[string]string{"a.toml": "tags.X = { unset = false }\n"}, "a.toml",
			[]string{"a.toml:1:10: error: tags.X is a table: expected a boolean, a whole number or a string [WXT010]"}},
		"twice in one": {map[string]string{"a.toml": "extends = 'b.toml'\n", "b.toml": "[tags]\nSBC_ADDRESS_WXT = ''\n'%SBC_ADDRESS_WXT%' = ''\n"}, "a.toml",
			[]string{"b.toml:3:1: error: SBC_ADDRESS_WXT is set twice: with and without percent signs [WXT002]"}},
	} {
		for how, read := range readers {
			t.Run(name+"/"+how, func(t *testing.T) {
				_, err := read(t, tt.files, tt.main)
				if tt.want == nil {
					require.NoError(t, err)
					return
				}
				var fs schema.Findings
				require.ErrorAs(t, err, &fs)
				var got []string
				for _, f := range fs {
					got = append(got, filepath.ToSlash(f.String()))
				}
				assert.Equal(t, tt.want, got)
			})
		}
	}
}

// TestExtendsLimits reads projects that are too much.
func TestExtendsLimits(t *testing.T) {
	many := map[string]string{"a.toml": "extends = ["}
	for i := range 300 {
		many["a.toml"] += fmt.Sprintf("'%d.toml',", i)
		many[fmt.Sprintf("%d.toml", i)] = ""
	}
	many["a.toml"] += "]\n"
	_, err := wxt.LoadFS(mapFS(many), "a.toml")
	assert.ErrorContains(t, err, "more than 256 files")

	big := map[string]string{"a.toml": "extends = ['b.toml', 'c.toml']\n", "b.toml": strings.Repeat("#", 600<<10), "c.toml": strings.Repeat("#", 600<<10)}
	_, err = wxt.LoadFS(mapFS(big), "a.toml")
	assert.ErrorContains(t, err, "c.toml: the files of the project have more than 1048576 bytes")

	// A program that opens bases itself is not read files of the disk for.
	_, err = wxt.Parse("a.toml", []byte("extends = '/etc/passwd'\n"), wxt.WithOpener(func(string) ([]*dtaf.Archive, error) { return nil, fs.ErrNotExist }))
	assert.ErrorContains(t, err, "there is no reader of files")
	_, err = wxt.LoadFS(mapFS(map[string]string{"a.toml": "extends = '../b.toml'\n"}), "a.toml")
	assert.ErrorContains(t, err, "../b.toml")
}

func TestSettings(t *testing.T) {
	for setting, want := range map[string]string{
		"tags.A":                  `"tags.A" is no setting`,
		"=1":                      `"=1" is no setting`,
		"tags..A=1":               `"tags..A" is no key`,
		"a b=1":                   `"a b" is no key`,
		"extends=common.toml":     "extends is for a file to say",
		"tag.A=1":                 "unknown key tag",
		"access.port=x":           "access.port is a string: expected a whole number",
		"tags.SBC_ADDRESS_WXT=[]": "tags.SBC_ADDRESS_WXT is a list",
		"name=\x01":               "name: expected one line",
	} {
		_, err := wxt.Parse("a.toml", nil, wxt.WithSettings(setting))
		require.ErrorContains(t, err, want, setting)
		assert.ErrorContains(t, err, "--set", setting)
	}
	p, err := wxt.Parse("a.toml", []byte("[tags]\n'%A%' = 1\nB = 2\n"), wxt.WithSettings("tags.A=x # y", `tags.C="a=b"`, "tags.B={unset=true}", "sip.info=true"), wxt.WithSettings("tags.D="))
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"A": "x # y", "C": "a=b", "D": ""}, p.Tags)
	assert.True(t, *p.SIP.Info)
	fs := wxt.Check(p)
	for _, f := range fs {
		if f.Tag == "C" {
			assert.Equal(t, "--set tags.C", f.Position.String())
		}
	}
}

// TestUnsetNothing reports an unset that takes nothing back, for it may be misspelt.
func TestUnsetNothing(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"a.toml": "extends = 'b.toml'\n[tags]\nSBC_ADRESS_WXT = { unset = true }\n", "b.toml": "[tags]\nSBC_ADDRESS_WXT = 'x'\n"})
	fs, err := wxt.CheckProjectFile(filepath.Join(dir, "a.toml"))
	require.NoError(t, err)
	require.NoError(t, fs.Err())
	require.NotEmpty(t, fs)
	assert.Contains(t, said(fs), "a.toml:3:1: warning: tags.SBC_ADRESS_WXT is unset, and nothing that the file extends sets it [WXT017]")
}

// said returns findings as text.
func said(fs schema.Findings) string {
	var b strings.Builder
	for _, f := range fs {
		fmt.Fprintln(&b, f)
	}
	return b.String()
}

// TestFixExtended fixes the file that is named, and no other.
func TestFixExtended(t *testing.T) {
	dir := t.TempDir()
	main := "extends = 'b.toml'\n[tags]\nSBC_ADDRES_WXT = 'x'\n"
	writeFiles(t, dir, map[string]string{"b.toml": "[tags]\nDOMAIN_OVERRID_WXT = 'x'\n"})
	path := filepath.Join(dir, "a.toml")
	fixed, done, left := wxt.Fix(path, []byte(main))
	assert.Equal(t, "extends = 'b.toml'\n[tags]\nSBC_ADDRESS_WXT = 'x'\n", string(fixed))
	assert.Len(t, done, 1)
	assert.Equal(t, 1, left.Count(schema.Error))
	assert.Contains(t, said(left), "b.toml:2:1: error: unknown tag DOMAIN_OVERRID_WXT")
}

// exported returns what a project says, without places.
func exported(p *wxt.Project) wxt.Project {
	return wxt.Project{
		Name: p.Name, Edge: p.Edge, BroadWorks: p.BroadWorks, Package: p.Package, Access: p.Access, Tags: p.Tags, Declare: p.Declare,
		Codecs: p.Codecs, SIP: p.SIP, Checks: p.Checks, Desktop: p.Desktop, Mobile: p.Mobile, Tablet: p.Tablet,
	}
}

// TestMergedEqualsFlat takes random projects apart into files that extend each other,
// with values that others beat: what is read is the project as one file, and each value
// stands where its place says.
func TestMergedEqualsFlat(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 2026))
	for range 300 {
		flat := randomTree(r)
		files := takenApart(r, flat)
		one, err := wxt.Parse("flat.toml", encode(t, flat))
		require.NoError(t, err)
		fsys := make(fstest.MapFS)
		for name, tree := range files {
			fsys[name] = &fstest.MapFile{Data: encode(t, tree)}
		}
		merged, err := wxt.LoadFS(fsys, "main/a.toml")
		require.NoError(t, err, "%s", describeFS(fsys))
		diff := cmp.Diff(exported(one), exported(merged), cmpopts.IgnoreUnexported(wxt.Project{}, wxt.PlatformSettings{}, tags.Tag{}), cmpopts.EquateEmpty())
		require.Empty(t, diff, "%s\n%s", encode(t, flat), describeFS(fsys))
		for name, value := range merged.Tags {
			pos, ok := merged.Where("tags", name)
			require.True(t, ok, name)
			line := strings.Split(string(fsys[pos.File].Data), "\n")[pos.Line-1]
			require.Contains(t, line, name)
			require.Contains(t, line[pos.Column-1:], value, "%s in %q", pos, line)
		}
	}
}

func describeFS(fsys fstest.MapFS) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(fsys)) {
		fmt.Fprintf(&b, "-- %s --\n%s", name, fsys[name].Data)
	}
	return b.String()
}

type tree = map[string]any

func encode(t testing.TB, v tree) []byte {
	var b bytes.Buffer
	require.NoError(t, toml.NewEncoder(&b).Encode(v))
	return b.Bytes()
}

// randomTree returns a project as a tree.
func randomTree(r *rand.Rand) tree {
	some := func(values ...any) any { return values[r.IntN(len(values))] }
	values := func() tree {
		list := tree{}
		for range r.IntN(6) {
			list[fmt.Sprintf("T%d_WXT", r.IntN(10))] = some(true, int64(r.IntN(50)), "text", "")
		}
		return list
	}
	access := func() tree {
		return tree{"host": some("a.example.com", "b.example.com"), "port": int64(1 + r.IntN(100)), "protocol": some("http", "https")}
	}
	root := tree{"name": some("Acme", "Beta"), "broadworks": some("R23", "R24"), "access": access(), "tags": values()}
	if r.IntN(2) == 0 {
		root["codecs"] = tree{"audio": some([]any{"opus"}, []any{"PCMU", "PCMA", "G729"}), "keep_others": some(true, false)}
	}
	if r.IntN(2) == 0 {
		root["sip"] = tree{"register_refresh": int64(1 + r.IntN(9)), "info": some(true, false)}
	}
	root["checks"] = tree{"WXT030": some("off", "warning"), "WXT031": some("off", "info")}
	var declares []tree
	for i := range r.IntN(4) {
		declares = append(declares, tree{"tag": fmt.Sprintf("OWN%d", i), "type": "text", "default": some("a", "b")})
	}
	root["declare"] = declares
	for _, platform := range tags.Platforms() {
		var edits []tree
		for range r.IntN(4) {
			edits = append(edits, tree{"path": some("config", "config/services"), "text": fmt.Sprint(r.IntN(100))})
		}
		root[platform.String()] = tree{
			"enabled": some(true, false), "device_type": some("One", "Two"), "tags": values(), "access": access(),
			"device": tree{"numberOfPorts": int64(r.IntN(9))}, "edit": edits,
		}
	}
	return root
}

// takenApart returns files that are a project together: "main/a.toml", which extends
// the others.
func takenApart(r *rand.Rand, flat tree) map[string]tree {
	names := []string{"0.toml", "common/1.toml", "common/2.toml", "main/3.toml", "main/a.toml"}[r.IntN(4):]
	parts := make([]tree, len(names)) // weakest first
	for i := range parts {
		parts[i] = tree{}
	}
	var split func(from tree, into []tree, inValues bool)
	split = func(from tree, into []tree, inValues bool) {
		for _, key := range slices.Sorted(maps.Keys(from)) {
			at := r.IntN(len(into))
			switch v := from[key].(type) {
			case tree:
				sub := make([]tree, len(into))
				for i := range sub {
					sub[i] = tree{}
					into[i][key] = sub[i]
				}
				split(v, sub, key == "tags" || key == "device")
			case []tree: // the first ones stand in the first files
				cuts := make([]int, len(into)-1)
				for i := range cuts {
					cuts[i] = r.IntN(len(v) + 1)
				}
				slices.Sort(cuts)
				start := 0
				for i := range into {
					end := len(v)
					if i < len(cuts) {
						end = cuts[i]
					}
					if end > start {
						into[i][key] = v[start:end]
					}
					start = end
				}
			default:
				into[at][key] = v
				if weaker := r.IntN(at + 1); weaker < at {
					into[weaker][key] = beaten(v)
				}
				if inValues && r.IntN(3) == 0 && strings.HasPrefix(key, "T") {
					delete(into[at], key)
					into[at]["%"+key+"%"] = v
				}
			}
		}
		if inValues && len(into) > 1 && r.IntN(2) == 0 {
			into[0]["T99_WXT"] = "weak"
			into[1+r.IntN(len(into)-1)]["T99_WXT"] = tree{"unset": true}
		}
	}
	split(flat, parts, false)
	files := make(map[string]tree)
	for i, name := range names {
		files[name] = parts[i]
	}
	// They extend each other in a row, or the last one all the others; a file that is
	// reached twice counts once.
	relative := func(from, to string) string {
		rel, _ := filepath.Rel(filepath.Dir(from), to)
		return filepath.ToSlash(rel)
	}
	inRow := r.IntN(2) == 0
	for i := 1; i < len(names); i++ {
		var list []any
		for j := range i {
			if j == i-1 || !inRow && (i == len(names)-1 || r.IntN(2) == 0) {
				list = append(list, relative(names[i], names[j]))
			}
		}
		files[names[i]]["extends"] = list
		if len(list) == 1 && r.IntN(2) == 0 {
			files[names[i]]["extends"] = list[0]
		}
	}
	return files
}

// beaten returns another value of the same kind.
func beaten(v any) any {
	switch v := v.(type) {
	case bool:
		return !v
	case int64:
		return v + 1
	case []any:
		return []any{"G722", "iLBC", "opus", "PCMU"}
	case string:
		switch v {
		case "R23":
			return "R25"
		case "off", "info", "warning":
			return "error"
		case "http", "https":
			return "http"
		}
		return v + "x"
	}
	return v
}

// FuzzExtends reads a project that extends a file, and holds each place to the text of
// the file that it names.
func FuzzExtends(f *testing.F) {
	f.Add("extends = 'b.toml'\n[tags]\nA = { unset = true }\n", "[tags]\n'%A%' = 1\n")
	f.Add("extends = ['b.toml', './b.toml', 'a.toml']\n", "tags = 1\n")
	f.Add("extends = 'b.toml'\ncodecs.audio = []\n[[desktop.edit]]\npath = 'x'\ntext = 1\n", "desktop.edit = [{ path = 'y', remove = true }]\n[codecs]\naudio = ['opus']\n")
	f.Add("s=,\r\v", "\x01")
	f.Add("extends = 'b.toml'\n[[declare]]\ntag = 'X'\ntype = 'bool'\n", "declare = { tag = 1 }\n")
	for _, src := range brand {
		f.Add(src, src)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		lines := map[string]int{}
		for name, src := range map[string]string{"a.toml": a, "b.toml": b} {
			lines[name], _ = text.NewLines(src).Position(len(src))
		}
		p, err := wxt.LoadFS(mapFS(map[string]string{"a.toml": a, "b.toml": b}), "a.toml")
		var fs schema.Findings
		if err != nil {
			require.ErrorAs(t, err, &fs)
		} else {
			fs = wxt.Check(p)
			for name := range p.Tags {
				pos, ok := p.Where("tags", name)
				require.True(t, ok, name)
				require.NotZero(t, lines[pos.File], pos)
			}
		}
		for _, f := range fs {
			require.NotZero(t, f.Line, "%s", f)
			if n, ok := lines[f.File]; ok {
				require.LessOrEqual(t, f.Line, n, "%s", f)
			}
		}
	})
}
