package charset

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDecode(t *testing.T) {
	for _, tt := range []struct {
		name, data, text, charset string
		bom                       bool
	}{
		{"plain", "<a>é</a>", "<a>é</a>", "UTF-8", false},
		{"empty", "", "", "UTF-8", false},
		{"utf-8 bom", "\xEF\xBB\xBFé", "é", "UTF-8", true},
		{"utf-16be", "\xFE\xFF\x00<\x00\xE9", "<é", "UTF-16", true},
		{"utf-16le", "\xFF\xFE<\x00\xE9\x00", "<é", "UTF-16", true},
		{"latin-1", "<?xml version='1.0' encoding='ISO-8859-1'?>\xE9", "<?xml version='1.0' encoding='ISO-8859-1'?>é", "ISO-8859-1", false},
		{"latin-1, odd spelling", "<?xml version=\"1.0\" encoding = \"latin1\"?>\xE9", "<?xml version=\"1.0\" encoding = \"latin1\"?>é", "ISO-8859-1", false},
		{"windows-1252", "<?xml version=\"1.0\" encoding=\"windows-1252\"?>\x80", "<?xml version=\"1.0\" encoding=\"windows-1252\"?>€", "windows-1252", false},
		{"declared utf-8", "<?xml version=\"1.0\" encoding=\"utf-8\"?>é", "<?xml version=\"1.0\" encoding=\"utf-8\"?>é", "UTF-8", false},
	} {
		text, c, err := Decode([]byte(tt.data))
		require.NoError(t, err, tt.name)
		assert.Equal(t, tt.text, text, tt.name)
		assert.Equal(t, tt.charset, c.Name(), tt.name)
		assert.Equal(t, tt.bom, c.HasBOM(), tt.name)
		back, err := c.Encode(text)
		require.NoError(t, err, tt.name)
		assert.Equal(t, tt.data, string(back), tt.name)
	}
	for data, want := range map[string]string{
		"a\n\xE9": "the byte 0xE9 is not valid UTF-8",
		"<?xml version=\"1.0\" encoding=\"nonsense\"?>":     "unknown encoding",
		"<?xml version=\"1.0\" encoding=\"UTF-16\"?>":       "byte order mark",
		"<?xml version=\"1.0\" encoding=\"us-ascii\"?>\xE9": "not valid",
		"\xFF\xFE\x00\xD8": "not valid UTF-16",
		"\xFF\xFE<":        "not valid UTF-16",
		"<?xml version=\"1.0\" encoding=\"windows-1252\"?>\x81": "not valid windows-1252",
	} {
		_, _, err := Decode([]byte(data))
		assert.ErrorContains(t, err, want, "%q", data)
	}
}

func TestByteError(t *testing.T) {
	_, _, err := Decode([]byte("a\r\né\xE9"))
	var be *ByteError
	require.ErrorAs(t, err, &be)
	assert.Equal(t, ByteError{2, 2, 0xE9}, *be)
}

func TestEncode(t *testing.T) {
	c, err := Lookup("iso-8859-1")
	require.NoError(t, err)
	_, err = c.Encode("aé€")
	var ce *CharacterError
	require.ErrorAs(t, err, &ce)
	assert.Equal(t, CharacterError{'€', 3, "ISO-8859-1"}, *ce)
	assert.True(t, c.IsASCIICompatible())
	u16, err := Lookup("UTF-16")
	require.NoError(t, err)
	assert.False(t, u16.IsASCIICompatible())
	_, err = Lookup("")
	assert.Error(t, err)
}

func TestDeclared(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "<?xml": "", "<?xml?>": "", "<?xml encoding?>": "", "<?xml encoding=?>": "", "<?xml encoding=x?>": "",
		"<?xml encoding='x?>": "", "<?xml encoding='x'?>": "x", " <?xml encoding='x'?>": "", "<a/>encoding='x'": "",
	} {
		assert.Equal(t, want, Declared(text), text)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE9</a>"))
	f.Add([]byte("\xFF\xFE<\x00a\x00/\x00>\x00"))
	f.Add([]byte("<?xml version='1.0' encoding='shift_jis'?>\x83\x5c"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, c, err := Decode(data)
		if err != nil {
			return
		}
		back, err := c.Encode(text)
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, back))
	})
}
