package diff

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/content"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/tags"
)

// webex returns an archive of a platform with these files beside its manifest.
func webex(t testing.TB, p tags.Platform, files ...dtaf.File) *dtaf.Archive {
	t.Helper()
	a, err := dtaf.New(files...)
	require.NoError(t, err)
	require.NoError(t, a.SetManifest(dtaf.NewManifest(p, 0)))
	return a
}

// compare compares two files, with unified diffs.
func compare(old, new dtaf.File) *Difference {
	d := Files(old, new, dtaf.Limits{})
	d.AddUnified()
	return d
}

// manifestOf returns a manifest with the commands, and positions that don't matter.
func manifestOf(t testing.TB, commands ...string) *oci.Document {
	t.Helper()
	var b strings.Builder
	b.WriteString(`<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	for _, c := range commands {
		name, elements, _ := strings.Cut(c, " ")
		fmt.Fprintf(&b, `<command xsi:type="%s" xmlns="">%s</command>`, name, elements)
	}
	b.WriteString("</BroadsoftDocument>")
	d, err := oci.Parse("m.oci", []byte(b.String()))
	require.NoError(t, err)
	return d
}

// requestLines writes the changes of requests, a line for each.
func requestLines(list []RequestChange) []string {
	var lines []string
	for _, r := range list {
		line := fmt.Sprintf("%s %s>%s (%s)", r.Change, r.Old, r.New, r.Subject)
		for _, o := range r.Options {
			line += fmt.Sprintf(" %s %s %q %q", o.Change, o.Path, o.Old, o.New)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestDiffManifests(t *testing.T) {
	const device, file, service = "SystemSIPDeviceTypeAddRequest21", "SystemSIPDeviceTypeFileAddRequest20", "SystemSIPDeviceTypeServiceModifyRequest"
	for name, tt := range map[string]struct {
		old, new []string
		want     []string
	}{
		"the same":          {[]string{device + " <a>1</a>"}, []string{device + "   <a>\n1 </a>"}, nil},
		"a boolean, spelt":  {[]string{device + " <isTrusted>1</isTrusted>"}, []string{device + " <isTrusted>true</isTrusted>"}, nil},
		"a number, spelt":   {[]string{device + " <numberOfPorts><quantity>1</quantity></numberOfPorts>"}, []string{device + " <numberOfPorts> <quantity> 1 </quantity></numberOfPorts>"}, nil},
		"unlimited":         {[]string{device + " <numberOfPorts><quantity>1</quantity></numberOfPorts>"}, []string{device + " <numberOfPorts><unlimited>true</unlimited></numberOfPorts>"}, []string{device + ">" + device + ` () changed numberOfPorts "1" "unlimited"`}},
		"nil":               {[]string{device + " <a>1</a>"}, []string{device + ` <a xsi:nil="true"/>`}, []string{device + `>` + device + ` () changed a "1" "xsi:nil"`}},
		"deep":              {[]string{device + " <a><b>1</b><c>2</c></a>"}, []string{device + " <a><b>1</b><d>3</d></a>"}, []string{`added a/d "" "3" removed a/c "2" ""`}},
		"another version":   {[]string{device + " <a>1</a>"}, []string{"SystemSIPDeviceTypeAddRequest22V2 <a>1</a>"}, []string{"replaced " + device + ">SystemSIPDeviceTypeAddRequest22V2 ()"}},
		"unknown version":   {[]string{"FutureRequest1 <a>1</a>"}, []string{"FutureRequest26sp1V2 <a>2</a>"}, []string{`replaced FutureRequest1>FutureRequest26sp1V2 () changed a "1" "2"`}},
		"files":             {[]string{file + " <fileFormat>x</fileFormat><a>1</a>", file + " <fileFormat>y</fileFormat>"}, []string{file + " <fileFormat>x</fileFormat><a>2</a>", file + " <fileFormat>z</fileFormat>"}, []string{"removed " + file + "> (y)", "changed " + file + ">" + file + ` (x) changed a "1" "2"`, "added >" + file + " (z)"}},
		"order":             {[]string{service, file + " <fileFormat>x</fileFormat>", file + " <fileFormat>y</fileFormat>"}, []string{file + " <fileFormat>x</fileFormat>", file + " <fileFormat>y</fileFormat>", service}, []string{"reordered " + service}},
		"repeated":          {[]string{device + " <m><k>1</k><v>a</v></m><m><k>2</k><v>b</v></m>"}, []string{device + " <m><k>2</k><v>c</v></m><m><k>1</k><v>a</v></m>"}, []string{`changed m[k="2"]/v "b" "c"`}},
		"twice":             {[]string{device + " <a>1</a>"}, []string{device + " <a>1</a><a>2</a>"}, []string{`added a[2] "" "2"`}},
		"attribute":         {[]string{device + " <a>1</a>"}, []string{device + ` <a x="2">1</a>`}, []string{`added a/@x "" "2"`}},
		"password":          {[]string{"X <password>old</password>"}, []string{"X <password>new</password>"}, []string{`changed password "********" "********"`}},
		"password's choice": {[]string{"X <userNamePasswordFileAuthentication>true</userNamePasswordFileAuthentication>"}, []string{"X <userNamePasswordFileAuthentication>false</userNamePasswordFileAuthentication>"}, []string{`"true" "false"`}},
		"secret tag": {[]string{"SystemDeviceManagementTagAddRequest <tagName>%BWAUTHPASSWORD-1%</tagName><tagValue>a</tagValue>"}, []string{"SystemDeviceManagementTagAddRequest <tagName>%BWAUTHPASSWORD-1%</tagName><tagValue>b</tagValue>"},
			[]string{`changed tagValue "********" "********"`}},
		"a tag's value": {[]string{"SystemDeviceManagementTagAddRequest <tagName>%A%</tagName><tagValue>a</tagValue>"}, []string{"SystemDeviceManagementTagAddRequest <tagName>%A%</tagName><tagValue>b</tagValue>"},
			[]string{`(%A%) changed tagValue "a" "b"`}},
	} {
		t.Run(name, func(t *testing.T) {
			got := requestLines(newComparer(dtaf.Limits{}, dtaf.Limits{}).manifests(manifestOf(t, tt.old...), manifestOf(t, tt.new...)))
			require.Len(t, got, len(tt.want), "%q", got)
			for i := range got {
				assert.Contains(t, got[i], tt.want[i])
			}
		})
	}
}

func TestDiffHeading(t *testing.T) {
	parse := func(text string) *oci.Document {
		d, err := oci.Parse("m.oci", []byte(text))
		require.NoError(t, err)
		return d
	}
	a := parse(`<BroadsoftDocument protocol="OCI" xmlns="C"><sessionId xmlns="">1</sessionId></BroadsoftDocument>`)
	b := parse(`<BroadsoftDocument protocol="OCI" xmlns="C"/>`)
	assert.Equal(t, []string{`changed BroadsoftDocument>BroadsoftDocument () removed sessionId "1" ""`}, requestLines(newComparer(dtaf.Limits{}, dtaf.Limits{}).manifests(a, b)))
}

func TestDiffArchives(t *testing.T) {
	old := webex(t, tags.Desktop, dtaf.File{Name: "type/Business Communicator - PC/config-wxt.xml.template", Data: []byte("<config a='%A%'/>")}, dtaf.File{Name: "x", Data: []byte("same")}, dtaf.File{Name: "gone", Data: []byte{0}})
	new := webex(t, tags.Mobile, dtaf.File{Name: "type/Connect - Mobile/config-wxt.xml.template", Data: []byte("<config a='%B%'/>\r\n")}, dtaf.File{Name: "y", Data: []byte("same")}, dtaf.File{Name: "new", Data: []byte("%A%")})
	d := Archives(old, new)
	require.False(t, d.Empty())
	assert.Equal(t, &pair{"Business Communicator - PC", "Connect - Mobile"}, d.DeviceType)
	var got []string
	for _, f := range d.Files {
		got = append(got, fmt.Sprintf("%s %s>%s %s %v%v", f.Change, f.OldName, f.Name, f.Kind, f.Tags, f.Elements))
	}
	assert.Equal(t, []string{
		"removed >gone binary [][]",
		"added >new text [{added A [] []}][]",
		"changed >type/Connect - Mobile/config-wxt.xml.template xml [{added B [] [config/@a]} {removed A [config/@a] []}][{changed /config   a %A% %B% 1 1}]",
		"renamed x>y text [][]",
	}, got)

	// A file by another name is the same if the device asks for it as the same.
	other := old.Clone()
	require.True(t, other.Remove("type/Business Communicator - PC/config-wxt.xml.template"))
	m, err := other.Manifest()
	require.NoError(t, err)
	require.NoError(t, manifest.FileRequests(m)[0].Set("sourceFileName", "type/Business Communicator - PC/other.template"))
	require.NoError(t, other.SetManifest(m))
	require.NoError(t, other.Put("type/Business Communicator - PC/other.template", []byte("<config a='%C%'/>")))
	d = Archives(old, other)
	require.Len(t, d.Requests, 1)
	require.Len(t, d.Files, 1)
	assert.Equal(t, Renamed, d.Files[0].Change)
	assert.Equal(t, "type/Business Communicator - PC/config-wxt.xml.template", d.Files[0].OldName)
	assert.Len(t, d.Files[0].Tags, 2)

	// Manifests that can't be read are files like others.
	bad, err := dtaf.New(dtaf.File{Name: "oci/x.oci", Data: []byte("<BroadsoftDocument>")})
	require.NoError(t, err)
	worse, err := dtaf.New(dtaf.File{Name: "oci/x.oci", Data: []byte("<BroadsoftDocument protocol='OCI'>")})
	require.NoError(t, err)
	assert.True(t, Archives(bad, bad).Empty())
	d = Archives(bad, worse)
	require.Len(t, d.Files, 1)
	assert.Len(t, d.Files[0].Lines, 1)
	assert.False(t, Archives(old, bad).Empty())
}

func TestDiffEncodings(t *testing.T) {
	diff := func(a, b string) []FileChange {
		return compare(dtaf.File{Name: "a", Data: []byte(a)}, dtaf.File{Name: "b", Data: []byte(b)}).Files
	}
	assert.Empty(t, diff("\xEF\xBB\xBF<a/>", "<?xml version='1.0' encoding='utf-8'?>\n<a/>"))
	got := diff("<?xml version='1.0' encoding='iso-8859-1'?><a>T\xE9l</a>", "<a>Tél</a>")
	require.Len(t, got, 1)
	assert.Equal(t, &pair{"ISO-8859-1", "UTF-8"}, got[0].Encoding)
	assert.Empty(t, got[0].Elements)
	got = diff("T\xE9l", "Tel")
	require.Len(t, got, 1)
	assert.Equal(t, content.Text, got[0].Kind)
	assert.Equal(t, []LineChange{{1, 1, []string{"Tél"}, []string{"Tel"}}}, got[0].Lines)
	got = diff("\x00", "Tel")
	require.Len(t, got, 1)
	assert.Equal(t, content.Binary, got[0].Kind)
	assert.Empty(t, diff("a\rb", "a\r\nb\n"))
}

func TestSecrets(t *testing.T) {
	xml := `<config><sip><password>hunter2</password><user>u</user></sip><login password='hunter2' user="u"/>
<param name="authPassword" value="hunter2" size="hunter2"/><password>%BWAUTHPASSWORD-1%</password><secret><![CDATA[hunter2
hunter2]]></secret><password enabled="true"/></config>`
	other := strings.NewReplacer("hunter2", "hunter3", `"u"`, `"v"`, "%BWAUTHPASSWORD-1%", "hunter4").Replace(xml)
	for _, pair := range [][2]string{
		{xml, other}, {xml, "<config/>"}, {"<config/>", xml}, {xml, "<config>" + xml},
		{"password = hunter2\nx: 1", "PASSWORD: 'hunter3'\nx: 2"},
		{`{"sipPassword": "hunter2"}`, `{"sipPassword" : "hunter3", "b": 1}`},
		{`<a pw="%BWAUTHPASSWORD-1%"/>`, `<a pw="hunter3"/>`},
		{`<a>%BWAUTHPASSWORD-1%</a>`, `<a>hunter3</a>`},
		{`<a u="https://me:hunter2@h"/>`, `<a u="https://me:hunter3@h"/>`},
		{`<a>https://me:hunter2@h</a>`, `<a>https://me:hunter3@i</a>`},
		{`u: https://me:hunter2@h`, `u: https://me:hunter3@i`},
	} {
		for _, d := range []*Difference{
			compare(dtaf.File{Name: "a", Data: []byte(pair[0])}, dtaf.File{Name: "b", Data: []byte(pair[1])}),
			compare(dtaf.File{Name: "a", Data: []byte(pair[1])}, dtaf.File{Name: "b", Data: []byte(pair[0])}),
		} {
			assert.False(t, d.Empty(), pair)
			for _, f := range d.Files {
				assert.NotContains(t, fmt.Sprint(f.Elements, f.Lines), "hunter", pair)
			}
		}
	}
	d := compare(dtaf.File{Name: "a", Data: []byte(xml)}, dtaf.File{Name: "b", Data: []byte(other)})
	require.Len(t, d.Files, 1)
	assert.NotContains(t, d.Files[0].Unified, "hunter")
	assert.Contains(t, d.Files[0].Unified, "%BWAUTHPASSWORD-1%")
	assert.Contains(t, d.Files[0].Unified, `<password enabled="true"/>`)
	assert.Len(t, d.Files[0].Elements, 7)
}

// TestDiffRoom has more changes than are listed.
func TestDiffRoom(t *testing.T) {
	testkit.Costly(t)
	var a, b, x, y strings.Builder
	a.WriteString("<a>")
	b.WriteString("<a>")
	for i := range maxListed + 5 {
		fmt.Fprintf(&a, "<i n='%d'/>", i)
		fmt.Fprintf(&b, "<i n='x%d'/>", i)
		fmt.Fprintf(&x, "same %d\nold %d\n", i, i)
		fmt.Fprintf(&y, "same %d\nnew %d\n", i, i)
	}
	a.WriteString("</a>")
	b.WriteString("</a>")
	d := compare(dtaf.File{Name: "a", Data: []byte(a.String())}, dtaf.File{Name: "b", Data: []byte(b.String())})
	assert.Len(t, d.Files[0].Elements, maxListed)
	assert.Positive(t, d.Files[0].Omitted)
	d = compare(dtaf.File{Name: "x", Data: []byte(x.String())}, dtaf.File{Name: "y", Data: []byte(y.String())})
	assert.Len(t, d.Files[0].Lines, maxListed)
	assert.Equal(t, 5, d.Files[0].Omitted)

	// Values that would fill the memory are left out, and counted.
	big := strings.Repeat("v", maxRoom/4)
	d = compare(dtaf.File{Name: "a", Data: []byte("<a><b>" + big + "1</b><c>" + big + "1</c><d>" + big + "1</d></a>")}, dtaf.File{Name: "b", Data: []byte("<a><b>" + big + "2</b><c>" + big + "2</c><d>" + big + "2</d></a>")})
	assert.Len(t, d.Files[0].Elements, 1)
	assert.Equal(t, 2, d.Files[0].Omitted)
}

// TestDiffTime has input that is made to take long.
func TestDiffTime(t *testing.T) {
	testkit.Costly(t)
	for name, unit := range map[string]string{
		"elements": "<i>%d%s</i>", "tags": "<i%d>%%A%d_WXT%%%s</i%d>", "long names": "<" + strings.Repeat("n", 2000) + "%d>%s%%A%%</" + strings.Repeat("n", 2000) + "%d>",
	} {
		t.Run(name, func(t *testing.T) {
			make := func(what string) []byte {
				var b strings.Builder
				b.WriteString("<a>")
				for i := 0; b.Len() < 1<<18; i++ {
					b.WriteString(strings.NewReplacer("%%", "%", "%d", fmt.Sprint(i), "%s", what).Replace(unit))
				}
				b.WriteString("</a>")
				return []byte(b.String())
			}
			compare(dtaf.File{Name: "a", Data: make("old")}, dtaf.File{Name: "b", Data: make("new")})
		})
	}
}

// TestDiffProperties edits templates at random: what is edited is found, and
// nothing is found where nothing is.
func TestDiffProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	lines := []string{"<config>"}
	for i := range 30 {
		lines = append(lines, fmt.Sprintf(`<e%d v="%%T%d_WXT%%" w="%d"/>`, i, i, i))
	}
	lines = append(lines, "</config>")
	text := strings.Join(lines, "\n")
	for range 200 {
		edited := slices.Clone(lines)
		i := 1 + r.IntN(30)
		want := Changed
		switch r.IntN(3) {
		case 0:
			edited[i] = strings.Replace(edited[i], fmt.Sprintf(`w="%d"`, i-1), `w="edited"`, 1)
		case 1:
			edited = slices.Delete(edited, i, i+1)
			want = Removed
		case 2:
			edited = slices.Insert(edited, i, "<n>%NEW%</n>")
			want = Added
		}
		// Another form of the same.
		end := []string{"\n", "\r\n", "\n\t\t", ""}[r.IntN(4)]
		file := dtaf.File{Name: "t", Data: []byte(strings.Join(edited, end+"<!-- x -->"))}
		d := compare(dtaf.File{Name: "t", Data: []byte(text)}, file)
		require.Len(t, d.Files, 1)
		require.Len(t, d.Files[0].Elements, 1, "%s", file.Data)
		assert.Equal(t, want, d.Files[0].Elements[0].Change)
		assert.Equal(t, want != Changed, len(d.Files[0].Tags) == 1)
		assert.True(t, compare(file, file).Empty())
	}
}

func FuzzDiff(f *testing.F) {
	f.Add([]byte("<a x='%A%'><password>p</password></a>"), []byte("<a><b/>%B%</a>"))
	f.Add([]byte("\xFF\xFEa\x00"), []byte("a: b\npassword: c"))
	f.Add(dtaf.NewManifest(tags.Desktop, 0).Bytes(), dtaf.NewManifest(tags.Mobile, oci.R25).Bytes())
	f.Fuzz(func(t *testing.T, old, new []byte) {
		require.True(t, compare(dtaf.File{Name: "a", Data: old}, dtaf.File{Name: "b", Data: old}).Empty())
		there, back := compare(dtaf.File{Name: "a", Data: old}, dtaf.File{Name: "b", Data: new}), compare(dtaf.File{Name: "b", Data: new}, dtaf.File{Name: "a", Data: old})
		require.Equal(t, there.Empty(), back.Empty())
		a, err := dtaf.New(dtaf.File{Name: "oci/a.oci", Data: old}, dtaf.File{Name: "type/a/x.template", Data: new})
		require.NoError(t, err)
		b, err := dtaf.New(dtaf.File{Name: "oci/b.oci", Data: new}, dtaf.File{Name: "type/a/x.template", Data: old})
		require.NoError(t, err)
		require.True(t, Archives(a, a).Empty())
		Archives(a, b)
	})
}
