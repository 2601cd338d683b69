package cli

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestReleaseVersion checks that a workflow gets the version of the program that wrote
// it.
func TestReleaseVersion(t *testing.T) {
	commit := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef0123456789abcdef01234567"}
	for _, c := range []struct {
		version  string
		settings []debug.BuildSetting
		want     string
	}{
		{"v1.2.3", nil, "v1.2.3"},
		{"v0.0.0-20261101120000-0123456789ab", nil, "v0.0.0-20261101120000-0123456789ab"},
		{"v1.2.4-0.20261101120000-0123456789ab+dirty", []debug.BuildSetting{commit}, commit.Value},
		{"(devel)", []debug.BuildSetting{commit}, commit.Value},
		{"(devel)", nil, "latest"},
	} {
		info := &debug.BuildInfo{Settings: c.settings}
		info.Main.Version = c.version
		assert.Equal(t, c.want, releaseVersion(info), c.version)
	}
	assert.Equal(t, "latest", releaseVersion(nil))
}
