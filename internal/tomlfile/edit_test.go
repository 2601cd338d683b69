package tomlfile_test

import (
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/tomlfile"
)

func TestString(t *testing.T) {
	for _, s := range []string{"", "a", `a"b`, `a'b"c`, "a\nb", "a\n'''b", "a\n'", "\ttab", "\x01\x7f\r\n", "<a x=\"1\">\n  <b/>\n</a>", `c:\d`, "ü€\U0001F600", "\n"} {
		var got struct{ K string }
		_, err := toml.Decode("K = "+tomlfile.String(s)+"\n", &got)
		require.NoError(t, err, "%q", tomlfile.String(s))
		assert.Equal(t, s, got.K)
	}
}

func FuzzString(f *testing.F) {
	f.Add("a\n'b\"")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range s {
			if r == 0xFFFD {
				return // it may stand for bytes that TOML can't hold
			}
		}
		written := tomlfile.String(s)
		var got struct{ K string }
		_, err := toml.Decode("K = "+written+"\n", &got)
		require.NoError(t, err, "%q", written)
		require.Equal(t, s, got.K)
		end, ok := tomlfile.StringEnd([]byte("x"+written+" # '\""), 1)
		require.True(t, ok)
		require.Equal(t, 1+len(written), end, "%q", written)
	})
}

func TestTable(t *testing.T) {
	const src = "a = 1\n# before\n[[x.edit]] # one\npath = 'a'\ntext = '''\n[not]\na header'''  # behind\n\n# of the next\n[[x.edit]]\r\npath = \"b\"\r\n\r\n"
	places, err := tomlfile.Find([]byte(src))
	require.NoError(t, err)
	for i, want := range []string{"[[x.edit]] # one\npath = 'a'\ntext = '''\n[not]\na header'''  # behind", "[[x.edit]]\r\npath = \"b\""} {
		start, end, ok := tomlfile.Table([]byte(src), places[tomlfile.Path("x", "edit", i)].Key)
		require.True(t, ok)
		assert.Equal(t, want, src[start:end])
	}
	_, _, ok := tomlfile.Table([]byte(src), places["a"].Key)
	assert.False(t, ok)
}
