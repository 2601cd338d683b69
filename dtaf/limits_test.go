package dtaf

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/render"
)

// TestDefaultLimits checks that every limit has a default, and can be set.
func TestDefaultLimits(t *testing.T) {
	defaults := reflect.ValueOf(defaultLimits())
	for i := range defaults.NumField() {
		name := defaults.Type().Field(i).Name
		assert.Positive(t, defaults.Field(i).Int(), name)
		var set Limits
		reflect.ValueOf(&set).Elem().Field(i).SetInt(7)
		got := reflect.ValueOf(set.WithDefaults())
		for j := range got.NumField() {
			want := defaults.Field(j).Int()
			if j == i {
				want = 7
			}
			assert.Equal(t, want, got.Field(j).Int(), "%s with %s set", got.Type().Field(j).Name, name)
		}
	}
}

// TestRendering checks that a template of an archive has the limits that any
// template has.
func TestRendering(t *testing.T) {
	tmpl, err := render.Parse("t.xml", nil)
	require.NoError(t, err)
	assert.Equal(t, tmpl.Limits(), Limits{}.Rendering())
}
