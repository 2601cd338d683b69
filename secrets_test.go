package wxt_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/tags"
)

// TestSecretValues checks that values of secret tags don't get into logs by
// accident.
func TestSecretValues(t *testing.T) {
	secret := wxt.Value{Tag: tags.Tag{Name: "CODE_WXT", Secret: true}, Value: "hunter2"}
	open := wxt.Value{Tag: tags.Tag{Name: "OPEN_WXT"}, Value: "x"}
	data, err := json.Marshal([]wxt.Value{secret, open})
	require.NoError(t, err)
	assert.JSONEq(t, `[{"tag":"CODE_WXT","value":"(secret)","origin":"default","position":{}},{"tag":"OPEN_WXT","value":"x","origin":"default","position":{}}]`, string(data))
	assert.Equal(t, `CODE_WXT = "(secret)" OPEN_WXT = "x"`, fmt.Sprintf("%v %s", secret, open))
	for value, want := range map[string]string{"": "", "%BWAUTHPASSWORD-1%": "%BWAUTHPASSWORD-1%", "%A%hunter2": "(secret)", "%A% %B%": "%A% %B%", "50%": "(secret)"} {
		secret.Value = value
		assert.Equal(t, fmt.Sprintf("CODE_WXT = %q", want), secret.String())
	}
}

// TestPrivateFiles checks that files with the value of a secret tag are for their
// owner alone, whatever the tag's name is, and others are not.
func TestPrivateFiles(t *testing.T) {
	for mode, private := range map[wxt.Mode][]string{
		wxt.Tags:   {"tagsets/BroadTouch_Tags.oci"},
		wxt.Inline: {"Business_Communicator_-_PC(R24.0).DTAF.zip", "ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip"},
	} {
		p := &wxt.Project{
			Declare: []tags.Tag{{Name: "NEUTRAL_WXT", Type: tags.Text, Secret: true, Platforms: tags.NewPlatformSet(tags.Desktop)}},
			Desktop: wxt.PlatformSettings{Tags: map[string]string{"NEUTRAL_WXT": "hunter2"}},
			Mobile:  wxt.PlatformSettings{TagSet: "Other"}, Tablet: wxt.PlatformSettings{Disabled: true},
		}
		b, err := wxt.Build(p, wxt.WithMode(mode))
		require.NoError(t, err)
		dir := t.TempDir()
		require.NoError(t, b.WriteDir(dir))
		for f := range b.Files() {
			info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(f.Name)))
			require.NoError(t, err)
			if slices.Contains(private, f.Name) {
				assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), f.Name)
			} else {
				assert.NotZero(t, info.Mode().Perm()&0o044, f.Name)
			}
		}
	}
}
