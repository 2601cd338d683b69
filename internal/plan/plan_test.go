package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/diff"
	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/tags"
)

// compiled compiles a project for the desktop.
func compiled(t testing.TB, file, text string, opts ...wxt.CompileOption) *wxt.Compilation {
	t.Helper()
	p, err := wxt.Parse(file, []byte(text))
	require.NoError(t, err)
	c, _ := wxt.Compile(p, append(opts, wxt.WithPlatforms(tags.Desktop))...)
	require.NoError(t, c.Check().Err())
	return c
}

func planOf(t testing.TB, old, new string, opts ...wxt.CompileOption) *Plan {
	t.Helper()
	before, now := compiled(t, "old.toml", old, opts...), compiled(t, "new.toml", new, opts...)
	p, err := New(before, now, FindSecrets(before, now).Tags)
	require.NoError(t, err)
	return p
}

func TestPlanValues(t *testing.T) {
	p := planOf(t, "desktop.device.numberOfPorts = 3\ntags.SBC_ADDRESS_WXT = 'a'\naccess.host = 'x'\n", "tags.SBC_ADDRESS_WXT = 'b'\nsip.transport = 'tls'\naccess.host = 'x'\n")
	require.Len(t, p.Platforms, 1)
	desktop := p.Platforms[0]
	var said []string
	for _, v := range append(desktop.Settings, desktop.Tags...) {
		said = append(said, fmt.Sprintf("%s %s %s>%s %s", v.Change, v.Name, v.Old, v.New, v.Position))
	}
	assert.Equal(t, []string{
		"added sip.transport >tls new.toml:2:17",
		"removed device.numberOfPorts 3> old.toml:1:32",
		"changed SBC_ADDRESS_WXT a>b new.toml:1:24",
	}, said)
	assert.True(t, p.Different)
	assert.Equal(t, "old.toml", p.Old)
	assert.Equal(t, "new.toml", p.New)
}

// TestPlanPlatforms takes a platform away and adds another.
func TestPlanPlatforms(t *testing.T) {
	of := func(file string, platforms ...tags.Platform) *wxt.Compilation {
		p, err := wxt.Parse(file, nil)
		require.NoError(t, err)
		c, _ := wxt.Compile(p, wxt.WithPlatforms(platforms...))
		return c
	}
	p, err := New(of("old.toml", tags.Desktop), of("new.toml", tags.Mobile, tags.Tablet), nil)
	require.NoError(t, err)
	var said []string
	for _, c := range p.Platforms {
		for _, f := range c.Files {
			said = append(said, fmt.Sprint(c.Platform, " ", c.Change, " ", f.Name, " ", f.Change))
		}
	}
	assert.Equal(t, []string{
		"desktop removed config-wxt.xml removed", "mobile added config-wxt.xml added", "tablet added config-wxt.xml added",
	}, said)
	assert.Equal(t, []string{"No message takes desktop away: its device type stays on the system."}, p.Notes)
	var sent []string
	for _, m := range p.Send {
		for _, r := range m.Requests {
			sent = append(sent, fmt.Sprint(m.Name, " ", r.Type, " ", r.Count))
		}
	}
	require.Greater(t, len(sent), 3)
	assert.Equal(t, []string{
		"01-tagset-ConnectTablet_Tags.xml SystemDeviceManagementTagSetAddRequest 1",
		"01-tagset-ConnectTablet_Tags.xml SystemDeviceManagementTagAddRequest 14",
	}, sent[:2])
	assert.Equal(t, "import.xml SystemDeviceTypeImportRequest 2", strings.TrimLeft(sent[len(sent)-1], "0123456789-"))
}

// TestManyLines has more lines than are compared: the rest is counted.
func TestManyLines(t *testing.T) {
	var f File
	lines := func(n int, text string) []string { return slices.Repeat([]string{text}, n) }
	old := slices.Concat(lines(5, "same"), []string{"a"}, lines(maxCompared, "same"))
	new := slices.Concat(lines(5, "same"), []string{"b"}, lines(maxCompared, "same"))
	room := maxText
	f.compare(old, new, &room)
	assert.Equal(t, maxText-2, room)
	assert.Equal(t, []Line{{OldLine: 6, NewLine: 6, Old: []string{"a"}, New: []string{"b"}}}, f.Lines)
	assert.Zero(t, f.Omitted, "what follows is the same")
	f = File{}
	f.compare(append(old, "c"), append(new, "d", "e"), &room)
	assert.Len(t, f.Lines, 1)
	assert.Equal(t, 5, f.Omitted)

	room = len("long text") // of the two changes, there is room for the second
	f = File{}
	f.compare([]string{"a", "same", "c"}, []string{"a long text", "same", "long"}, &room)
	assert.Equal(t, []Line{{OldLine: 3, NewLine: 3, Old: []string{"c"}, New: []string{"long"}}}, f.Lines)
	assert.Equal(t, 2, f.Omitted)
	assert.Equal(t, 4, room)
}

// TestPlanSends says which messages each kind of change takes.
func TestPlanSends(t *testing.T) {
	for name, tt := range map[string]struct {
		old, new string
		want     []string // parts of the messages' names, in order
		opts     []wxt.CompileOption
	}{
		"nothing":          {"", "", nil, nil},
		"a default":        {"", "tags.USE_TLS_WXT = false\n", nil, nil},
		"a value":          {"", "tags.SBC_ADDRESS_WXT = 'a'\n", []string{"tagset", "rebuild"}, nil},
		"a value inline":   {"", "tags.SBC_ADDRESS_WXT = 'a'\n", []string{"files", "rebuild"}, []wxt.CompileOption{wxt.WithMode(wxt.Inline)}},
		"a template":       {"", "sip.register_refresh = 60\n", []string{"files", "rebuild"}, nil},
		"an option":        {"", "desktop.device.numberOfPorts = 3\n", []string{"import"}, nil},
		"both":             {"", "desktop.device.numberOfPorts = 3\nsip.register_refresh = 60\n", []string{"import", "rebuild"}, nil},
		"another type":     {"", "desktop.device_type = 'Acme'\n", []string{"import"}, nil},
		"the archive name": {"", "package.version = '9.9.9'\n", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := planOf(t, tt.old, tt.new, tt.opts...)
			assert.NotNil(t, p.Platforms, "a list in JSON")
			assert.NotNil(t, p.Send)
			require.Len(t, p.Send, len(tt.want), "%v", p.Send)
			for i, want := range tt.want {
				assert.Contains(t, p.Send[i].Name, fmt.Sprintf("%02d-%s", i+1, want))
				assert.NotEmpty(t, p.Send[i].Requests)
			}
		})
	}
}

// TestPlanSecrets has a secret that stands where only the template tells that it is one.
func TestPlanSecrets(t *testing.T) {
	const edit = "[[declare]]\ntag = 'EXTRA'\ntype = 'text'\n[[desktop.edit]]\npath = 'config'\ninsert = '<proxy><password>%EXTRA%</password></proxy>'\n[tags]\nEXTRA = "
	p := planOf(t, edit+"'hush-one'\n", edit+"'hush-two'\n")
	require.Len(t, p.Platforms, 1)
	require.Len(t, p.Platforms[0].Tags, 1)
	assert.Equal(t, secret.Masked, p.Platforms[0].Tags[0].Old)
	assert.Equal(t, secret.Masked, p.Platforms[0].Tags[0].New)
	require.Len(t, p.Platforms[0].Files, 1, "the file differs, and no line shows how")
	assert.Empty(t, p.Platforms[0].Files[0].Lines)
	assert.NotContains(t, fmt.Sprintf("%+v", p), "hush")

	p = planOf(t, edit+"''\n", edit+"'hush-two'\n")
	require.Len(t, p.Platforms[0].Files[0].Lines, 1)
	assert.Contains(t, p.Platforms[0].Files[0].Lines[0].Old[0], "<password></password>", "an empty one is no secret")

	p = planOf(t, "access.uri = '/dms/?token=hush-one'\n", "access.uri = '/dms/?token=hush-two'\n")
	require.Len(t, p.Platforms[0].Settings, 1)
	assert.NotContains(t, fmt.Sprintf("%+v", p), "hush")
}

func TestPlanRequirements(t *testing.T) {
	p := planOf(t, "broadworks = 'R24'\n", "broadworks = 'R24'\ntags.ENABLE_CALL_RECORDING_WXT = true\n")
	require.NotEmpty(t, p.Needed)
	assert.Empty(t, p.NotNeeded)
	back := planOf(t, "broadworks = 'R24'\ntags.ENABLE_CALL_RECORDING_WXT = true\n", "broadworks = 'R24'\n")
	assert.Equal(t, p.Needed, back.NotNeeded)
	assert.Empty(t, back.Needed)
}

// TestPlanLines lists so many lines of a file, and counts the others.
func TestPlanLines(t *testing.T) {
	old := strings.Split(strings.Repeat("same\nold\n", maxLines), "\n")
	new := strings.Split(strings.Repeat("same\nnew\n", maxLines), "\n")
	var f File
	room := maxText
	f.compare(old, new, &room)
	assert.Equal(t, Line{OldLine: 4, NewLine: 4, Old: []string{"old"}, New: []string{"new"}}, f.Lines[1])
	listed := func(f File) (n int) {
		for _, l := range f.Lines {
			n += len(l.Old) + len(l.New)
		}
		return n
	}
	assert.Equal(t, maxLines, listed(f))
	assert.GreaterOrEqual(t, f.Omitted, maxLines)

	var g File
	g.compare(nil, slices.Repeat([]string{"new\r\n"}, maxLines+3), &room)
	assert.Equal(t, maxLines, listed(g))
	assert.Equal(t, 3, g.Omitted)
	assert.Equal(t, "new", g.Lines[0].New[0])
}

func TestPlanAgainstArchive(t *testing.T) {
	c := compiled(t, "old.toml", "")
	b, err := c.Build()
	require.NoError(t, err)
	archive := b.Archives[0].Archive
	p, err := NewAgainstArchives("x.zip", []*dtaf.Archive{archive}, compiled(t, "new.toml", ""))
	require.NoError(t, err)
	assert.False(t, p.Different)
	assert.Len(t, p.Notes, 1)
	assert.NotNil(t, p.Needed)
	assert.NotNil(t, p.NotNeeded)
	p, err = NewAgainstArchives("x.zip", []*dtaf.Archive{archive}, compiled(t, "new.toml", "tags.SBC_ADDRESS_WXT = 'a'\n"))
	require.NoError(t, err)
	assert.Empty(t, p.Send, "an archive does not tell what the tags' values were")
	p, err = NewAgainstArchives("x.zip", []*dtaf.Archive{archive}, compiled(t, "new.toml", "sip.register_refresh = 60\n"))
	require.NoError(t, err)
	assert.True(t, p.Different)
	require.Len(t, p.Platforms, 1)
	assert.Equal(t, []File{{Change: diff.Changed, Name: "config-wxt.xml"}}, p.Platforms[0].Files)
	_, err = NewAgainstArchives("x.zip", nil, c)
	assert.ErrorContains(t, err, "x.zip: none of the project's platforms")
}
