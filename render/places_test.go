package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/render"
)

func TestPlaces(t *testing.T) {
	tmpl, err := render.Parse("t.xml", []byte(`<?xml version="1.0"?><!-- %A% --><a x="%B%:%C%" y='%B%'>
<b>%D%<!-- %E% --><c z="1"/>%F%</b><![CDATA[%G%]]><?p %H%?><b>%D%</b></a><!-- %Z% -->`))
	require.NoError(t, err)
	places, err := tmpl.Places()
	require.NoError(t, err)
	var got []string
	for _, p := range places {
		got = append(got, fmt.Sprintf("%s %%%s%% %d:%d", p.Path, p.Name, p.Position.Line, p.Position.Column))
	}
	assert.Equal(t, []string{
		"a/@x %B% 1:40", "a/@x %C% 1:44", "a/@y %B% 1:52", "a/b %D% 2:4", "a/b %F% 2:29", "a %G% 2:45", "a/?p %H% 2:55", "a/b %D% 2:63",
	}, got)

	tmpl, err = render.Parse("t.xml", []byte("<a>%B%"))
	require.NoError(t, err)
	_, err = tmpl.Places()
	var refused *render.Error
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, 1, refused.Line)
}

// TestPlacesRoom has a document whose paths would fill the memory.
func TestPlacesRoom(t *testing.T) {
	name := strings.Repeat("n", 10000)
	var b strings.Builder
	for range 100 {
		b.WriteString("<" + name + ">")
	}
	for i := range 1000 {
		fmt.Fprintf(&b, "<x%d>%%A%%</x%d>", i, i)
	}
	for range 100 {
		b.WriteString("</" + name + ">")
	}
	tmpl, err := render.Parse("t.xml", []byte(b.String()))
	require.NoError(t, err)
	_, err = tmpl.Places()
	assert.ErrorContains(t, err, "too long")
}
