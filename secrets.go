package wxt

import (
	"encoding/json"
	"fmt"

	"github.com/dtafgen/wxt/internal/secret"
	"github.com/dtafgen/wxt/schema"
)

// shown returns the value as it may be shown: that of a secret tag is "(secret)",
// unless it is empty or nothing but placeholders of other tags.
func (v Value) shown() string {
	if v.Tag.Secret && secret.Holds(v.Value) {
		return "(secret)"
	}
	return v.Value
}

// String returns the tag and its value, a secret one as "(secret)".
func (v Value) String() string { return fmt.Sprintf("%s = %q", v.Tag.Name, v.shown()) }

// MarshalJSON implements [json.Marshaler]. The value of a secret tag is
// "(secret)".
func (v Value) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Tag      string          `json:"tag"`
		Value    string          `json:"value"`
		Origin   Origin          `json:"origin"`
		Position schema.Position `json:"position"`
	}{v.Tag.Name, v.shown(), v.Origin, v.Position})
}
