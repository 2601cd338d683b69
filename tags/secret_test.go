package tags

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/secret"
)

func TestSoundsSecret(t *testing.T) {
	for name, want := range map[string]bool{
		"SIP_PASSWORD_WXT": true, "BWAUTHPASSWORD-1": true, "authToken": true, "password": true, "userPassword": true,
		"CLIENT_SECRET": true, "BW_USER_IMP_PWD-1": true, "api.secret": true, "VOICE_PIN": true, "credentials": true,
		"private-key": true, "privateKey": true, "sipprivatekey": true, "API_KEY": true, "adminPasswdHash": true, "mypasswords": true,
		"SECRETARY": false, "keyboard": false, "key": false, "PRIVATE_WXT": false,
		"SBC_ADDRESS_WXT": false, "PING_INTERVAL": false, "tokenizer": false, "": false, "PASS_THROUGH": false, "SPINNER": false,
	} {
		assert.Equal(t, want, secret.Named(name), name)
	}
	for tag := range Default().All() {
		if !tag.System {
			assert.False(t, secret.Named(tag.Name), "%s is no secret", tag.Name)
		} else {
			assert.Equal(t, tag.Secret, secret.Named(tag.Name), tag.Name)
		}
	}
}

// TestSecretTags checks that tags become secret by a declaration, and by a name
// that says so.
func TestSecretTags(t *testing.T) {
	declare := func(c *Catalogue, tag Tag) Tag {
		tag.Platforms = allPlatforms
		c, err := c.Extend(tag)
		require.NoError(t, err)
		got, ok := c.Lookup(tag.Name)
		require.True(t, ok)
		return got
	}
	assert.True(t, declare(Default(), Tag{Name: "CODE_WXT", Type: Text, Secret: true}).Secret)
	assert.True(t, declare(Default(), Tag{Name: "SIP_PASSWORD_WXT", Type: Text}).Secret)
	assert.False(t, declare(Default(), Tag{Name: "ENABLE_PASSWORD_RESET_WXT", Type: Bool}).Secret, "a switch is no secret")
	assert.False(t, declare(Default(), Tag{Name: "CODE_WXT", Type: Text}).Secret)
	c, _ := Default().Learn(Desktop, "SIP_PASSWORD_WXT", "ENABLE_PASSWORD_RESET_WXT", "CODE_WXT")
	for name, want := range map[string]bool{"SIP_PASSWORD_WXT": true, "ENABLE_PASSWORD_RESET_WXT": false, "CODE_WXT": false} {
		tag, ok := c.Lookup(name)
		require.True(t, ok)
		assert.Equal(t, want, tag.Secret, name)
	}
	known, _ := Default().Lookup("SBC_ADDRESS_WXT")
	known.Secret = true
	assert.True(t, declare(Default(), known).Secret, "a documented tag can be declared secret")
}
