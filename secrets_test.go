package wxt_test

import (
	"encoding/json"
	"fmt"
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
