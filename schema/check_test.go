package schema_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

func TestRemedies(t *testing.T) {
	for _, tt := range []struct {
		typ           tags.Type
		value, remedy string
	}{
		{tags.Bool, "yes", "write true"},
		{tags.Bool, "Off", "write false"},
		{tags.Host, "https://sbc.example.com", "leave out the scheme"},
		{tags.Host, "sbc.example.com:5060", "leave out the port"},
		{tags.Host, "sbc.example.com.", "leave out the last dot"},
		{tags.Domain, "bücher.example", "xn--"},
		{tags.URL, "http://example.com/", "begin it with https://"},
		{tags.DialStrings, "911, 112", "without spaces"},
		{tags.URLPath, "x", "begin it with a slash"},
	} {
		fs := schema.Check(tags.Tag{Name: "T", Type: tt.typ}, tt.value, schema.Position{File: "f", Line: 2, Column: 3})
		require.Len(t, fs, 1)
		assert.Contains(t, fs[0].Remedy, tt.remedy, tt.value)
		assert.Equal(t, "f:2:3", fs[0].Position.String())
		assert.Contains(t, fs[0].Message, "T: ")
	}
}

// TestDefaultsAreValid checks each default of the catalogue by its own rules.
func TestDefaultsAreValid(t *testing.T) {
	for tag := range tags.Default().All() {
		for p := range tag.Platforms.All() {
			if v, ok := tag.DefaultOn(p); ok {
				assert.Empty(t, schema.Check(tag, v, schema.Position{}), tag.Name)
			}
		}
	}
}

func TestCheckSeverity(t *testing.T) {
	mode, ok := tags.Default().Lookup("SRTP_MODE_WXT")
	require.True(t, ok)
	fs := schema.Check(mode, "sometimes", schema.Position{})
	require.Len(t, fs, 1)
	assert.Equal(t, schema.Warning, fs[0].Severity, "the list of values is reconstructed")
	assert.Equal(t, codes.Enum, fs[0].Code)
	assert.NoError(t, fs.Err())

	secret := tags.Tag{Name: "S", Type: tags.Bool, Secret: true}
	fs = schema.Check(secret, "hunter2", schema.Position{})
	require.Len(t, fs, 1)
	assert.NotContains(t, fs[0].Message, "hunter2")
	assert.Error(t, fs.Err())
}
