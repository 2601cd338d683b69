package projectdoc_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/projectdoc"
	"github.com/dtafgen/wxt/render"
)

func TestPlaces(t *testing.T) {
	tmpl, err := render.Parse("a.template", []byte(`<config x="%ROOT%">
	<!-- of the element below -->
	<a enabled="%ON%" type="%TYPE%"> <!-- type is
		blind or full --> <!-- ** -->
		<b>%TEXT%</b><!-- <b>%NO%</b> --><!-- 1 to 5 --><!-- 1 to 5 -->
	</a>
	<c x="%TEXT%"/> <!-- elsewhere -->
	<!-- before --><d x="%BEFORE%"/>
	<e x="%PASS%"/> <!-- password="hunter2" `+"\u202e"+` -->
	<f x="%LONG%"/> <!-- `+strings.Repeat("x ", 1000)+`-->
</config>`))
	require.NoError(t, err)
	places := projectdoc.Places(tmpl)
	assert.Equal(t, projectdoc.Place{Element: "a", Attr: "enabled", Says: "type is blind or full"}, places["ON"])
	assert.Equal(t, projectdoc.Place{Element: "a", Attr: "type", Says: "type is blind or full"}, places["TYPE"])
	assert.Equal(t, projectdoc.Place{Element: "a/b", Says: "1 to 5"}, places["TEXT"], "its first place")
	assert.Equal(t, projectdoc.Place{Element: "d", Attr: "x"}, places["BEFORE"])
	assert.Equal(t, projectdoc.Place{Element: "config", Attr: "x"}, places["ROOT"])
	assert.NotContains(t, places, "NO")
	assert.NotContains(t, places["PASS"].Says, "hunter2")
	assert.Contains(t, places["PASS"].Says, `\u202e`)
	assert.Len(t, places["LONG"].Says, 403)

	tmpl, err = render.Parse("a.template", []byte("a = %A%\n"))
	require.NoError(t, err)
	assert.Empty(t, projectdoc.Places(tmpl), "not XML")
}
