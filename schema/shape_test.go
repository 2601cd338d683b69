package schema_test

import (
	"encoding/csv"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// TestPathFacts compares the places with the facts that they were made from, row by
// row.
func TestPathFacts(t *testing.T) {
	f, err := os.Open(testkit.Shared(t, "facts/config-wxt-paths.csv"))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"path", "tag", "platforms", "known", "evidence"}, rows[0])
	rows = rows[1:]
	var ours []schema.Path
	for _, p := range schema.Paths() {
		if p.Tag != "" {
			ours = append(ours, p)
		}
	}
	require.Len(t, ours, len(rows))
	// How the facts say what is known, and the marks of the whole and of its part.
	words := map[string][2]tags.Mark{
		"documented":                   {tags.Documented},
		"inherited":                    {tags.Inherited},
		"reconstructed":                {tags.Reconstructed},
		"documented; parent inherited": {tags.Inherited, tags.Documented},
		"element and attributes documented, parent reconstructed": {tags.Reconstructed, tags.Documented},
	}
	for i, row := range rows {
		p := ours[i]
		assert.Equal(t, row[:2], []string{p.Path, p.Tag})
		want, ok := words[row[3]]
		require.True(t, ok, row[3])
		if row[3] == "reconstructed" && regexp.MustCompile(`^(the element )?(T|C)\b`).MatchString(row[4]) {
			want[1] = tags.Inherited
		}
		assert.Equal(t, want, [2]tags.Mark{p.Known.Mark, p.Part.Mark}, p.Path)
		evidence := p.Known.Source + p.Part.Source
		assert.Equal(t, regexp.MustCompile(`\bT\b`).MatchString(row[4]), strings.Contains(evidence, "template of the app's predecessor"), "%s: %s", p.Path, row[4])
		assert.Equal(t, regexp.MustCompile(`\bC\b`).MatchString(row[4]), strings.Contains(evidence, "published client"), "%s: %s", p.Path, row[4])
		tag, ok := tags.Default().Lookup(row[1])
		require.True(t, ok, row[1])
		platforms := row[2]
		if platforms == "all" {
			platforms = "desktop,mobile,tablet"
		}
		assert.Equal(t, platforms, strings.ReplaceAll(tag.Platforms.String(), ", ", ","), row[1])
	}
}

// predecessor has the tags of the predecessor's template, and the values that stand
// there in their place, where they are not the app's with another ending.
var predecessor = map[string]string{
	"DOMAIN_OVERRIDE_WXT":                                 "%SBC_ADDRESS%",
	"USE_PROXY_DISCOVERY_WXT":                             "true",
	"ENABLE_USE_RPORT_WXT":                                "false",
	"USE_ALTERNATIVE_IDENTITIES_WXT":                      "true",
	"TCP_SIZE_THRESHOLD_WXT":                              "18000",
	"ENABLE_CALL_RECORDING_WXT":                           "%CALL_RECORDING_MOBILE%",
	"ENABLE_MWI_WXT":                                      "true",
	"ENABLE_FORCED_LOGOUT_WXT":                            "%ENABLE_FORCE_LOGOUT_MOBILE%",
	"FORCED_LOGOUT_APPID_WXT":                             "%FORCE_LOGOUT_APPID_MOBILE%",
	"ENABLE_CALL_FORWARDING_ALWAYS_WXT":                   "true",
	"BROADWORKS_ANYWHERE_CALL_CONTROL_DEFAULT_WXT":        "false",
	"BROADWORKS_ANYWHERE_DIVERSION_INHIBITOR_DEFAULT_WXT": "false",
	"BROADWORKS_ANYWHERE_ANSWER_CONFIRMATION_DEFAULT_WXT": "false",
	"BWNETWORK-CONFERENCE-SIPURI-1":                       "sip:%BWNETWORK-CONFERENCE-SIPURI-1%",
}

// TestPredecessor finds every place that is inherited from the predecessor's
// template in it, with the predecessor's tag or value.
func TestPredecessor(t *testing.T) {
	doc := etree.NewDocument()
	require.NoError(t, doc.ReadFromFile(testkit.Shared(t, "samples/communicator-mobile.xml.template")))
	found := 0
	for _, p := range schema.Paths() {
		sources := p.Known.Source + p.Part.Source
		if !strings.Contains(sources, "template of the app's predecessor") {
			continue
		}
		path, attr, isAttr := strings.Cut(p.Path, "/@")
		if p.Known.Mark != tags.Inherited {
			// A part is inherited: the element, or its parent.
			assert.True(t, doc.FindElement("/"+path) != nil, p.Path)
			continue
		}
		e := doc.FindElement("/" + path)
		if p.Part.Source != "" {
			// The parent is inherited, the rest is documented.
			assert.NotNil(t, doc.FindElement("/"+path[:strings.LastIndex(path, "/")]), p.Path)
			continue
		}
		if !assert.NotNil(t, e, p.Path) {
			continue
		}
		found++
		value := strings.TrimSpace(e.Text())
		if isAttr {
			require.NotNil(t, e.SelectAttr(attr), p.Path)
			value = e.SelectAttrValue(attr, "")
		}
		tag, _ := tags.Default().Lookup(p.Tag)
		switch {
		case p.Setting == "audio-codecs", p.Setting == "video-codecs":
			assert.NotEmpty(t, e.SelectElements("codec"))
		case p.Setting != "":
			assert.NotEmpty(t, value, p.Path)
		case predecessor[p.Tag] != "":
			assert.Equal(t, predecessor[p.Tag], value, p.Path)
		case tag.System:
			assert.Equal(t, "%"+p.Tag+"%", value, p.Path)
		default:
			stem := strings.TrimSuffix(p.Tag, "_WXT")
			assert.Contains(t, []string{"%" + stem + "%", "%" + stem + "_MOBILE%"}, value, p.Path)
		}
	}
	assert.Greater(t, found, 35)
	for _, c := range schema.Codecs() {
		if c.Known.Mark != tags.Inherited {
			continue
		}
		e := doc.FindElement("/config/services/calls/" + c.Media + "/codecs/codec[@name='" + c.Name + "']")
		if assert.NotNil(t, e, c.Name) {
			for _, a := range c.Attributes {
				assert.Equal(t, a[1], e.SelectAttrValue(a[0], ""), "%s %s", c.Name, a[0])
			}
		}
	}
}

// walk calls fn for every tag in e, with its path.
func walk(e schema.Element, above string, fn func(path, tag string)) {
	path := strings.TrimPrefix(above+"/"+e.Name, "/")
	if e.Tag != "" {
		fn(path, e.Tag)
	}
	for _, a := range e.Attrs {
		if a.Tag != "" {
			fn(path+"/@"+a.Name, a.Tag)
		}
	}
	for _, c := range e.Children {
		walk(c, path, fn)
	}
}

// TestShape checks that a platform's document has each of its custom tags and
// nothing of another platform's.
func TestShape(t *testing.T) {
	for _, p := range tags.Platforms() {
		have := map[string]int{}
		root := schema.ShapeOf(p, tags.Default())
		assert.Equal(t, "config", root.Name)
		walk(root, "", func(path, name string) {
			have[name]++
			tag, ok := tags.Default().Lookup(name)
			require.True(t, ok, name)
			assert.True(t, tag.Platforms.Has(p), "%s: %s", p, name)
			assert.Contains(t, paths(tag), path)
		})
		for tag := range tags.Default().All(p) {
			assert.Equal(t, len(schema.PathsOf(tag)), have[tag.Name], "%s: %s", p, tag.Name)
			assert.NotZero(t, have[tag.Name], tag.Name)
		}
	}
	mobile, tablet := schema.ShapeOf(tags.Mobile, tags.Default()), schema.ShapeOf(tags.Tablet, tags.Default())
	assert.Equal(t, mobile, tablet, "tablet follows mobile")
}

func paths(tag tags.Tag) (list []string) {
	for _, p := range schema.PathsOf(tag) {
		list = append(list, p.Path)
	}
	return list
}

// TestDeclaredPlaces checks that a declaration says where a tag stands.
func TestDeclaredPlaces(t *testing.T) {
	c := tags.Default()
	threshold, _ := c.Lookup("TCP_SIZE_THRESHOLD_WXT")
	threshold.Places = []string{"config/protocols/sip/limit/@bytes"}
	own := tags.Tag{Name: "OWN_WXT", Type: tags.Text, Platforms: tags.NewPlatformSet(tags.Platforms()...), Places: []string{"config/own", "config/protocols/sip/domain"}}
	c, err := c.Extend(threshold, own)
	require.NoError(t, err)
	found := make(map[string][]string)
	walk(schema.ShapeOf(tags.Desktop, c), "", func(path, tag string) { found[tag] = append(found[tag], path) })
	assert.Equal(t, threshold.Places, found[threshold.Name])
	assert.Equal(t, []string{"config/own"}, found["OWN_WXT"], "what stands at a place stays there")
	assert.Equal(t, []string{"config/protocols/sip/domain"}, found["BWHOST-1"])
	threshold, _ = c.Lookup(threshold.Name)
	assert.Equal(t, threshold.Places, paths(threshold))
}

func TestCodecs(t *testing.T) {
	codecs := schema.Codecs()
	assert.NotEmpty(t, codecs)
	for _, c := range codecs {
		assert.Contains(t, []string{"audio", "video"}, c.Media)
		assert.Equal(t, c.Name != "telephone-event", c.Ranked, c.Name)
	}
	codecs[0].Name = "changed"
	assert.NotEqual(t, "changed", schema.Codecs()[0].Name)
}
