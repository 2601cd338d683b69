package wxt

import (
	"encoding/json"
	"fmt"

	"github.com/dtafgen/wxt/schema"
)

// String returns the tag and its value, a secret one as [tags.Masked].
func (v Value) String() string { return fmt.Sprintf("%s = %q", v.Tag.Name, v.Tag.Show(v.Value)) }

// MarshalJSON implements [json.Marshaler]. The value of a secret tag is
// [tags.Masked].
func (v Value) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Tag      string          `json:"tag"`
		Value    string          `json:"value"`
		Origin   Origin          `json:"origin"`
		Position schema.Position `json:"position"`
	}{v.Tag.Name, v.Tag.Show(v.Value), v.Origin, v.Position})
}
