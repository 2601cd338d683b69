package levels

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEffective(t *testing.T) {
	type d = Definition
	for _, tt := range []struct {
		name string
		defs []d
		want d
		ok   bool
	}{
		{"nothing", nil, d{}, false},
		{"strongest wins", []d{{AccessDevice, "dev", false}, {SystemDefaultSet, "sys", false}, {Group, "grp", false}}, d{AccessDevice, "dev", false}, true},
		{"weaker stands when not overridable", []d{{DeviceTypeSet, "set", true}, {AccessDevice, "dev", false}}, d{DeviceTypeSet, "set", true}, true},
		{"the weakest of two not overridable", []d{{ServiceProvider, "sp", true}, {SystemDefaultSet, "sys", true}}, d{SystemDefaultSet, "sys", true}, true},
		{"weaker than the fixed one is beaten", []d{{SystemDefaultSet, "sys", false}, {DeviceTypeSet, "set", true}}, d{DeviceTypeSet, "set", true}, true},
		{"later of the same place", []d{{Group, "a", false}, {Group, "b", false}}, d{Group, "b", false}, true},
		{"no place", []d{{0, "a", false}, {99, "b", false}}, d{}, false},
	} {
		got, ok := Effective(tt.defs...)
		assert.Equal(t, tt.want, got, tt.name)
		assert.Equal(t, tt.ok, ok, tt.name)
	}
}
