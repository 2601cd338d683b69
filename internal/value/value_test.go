package value

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/tags"
)

func TestTruth(t *testing.T) {
	for s, want := range map[string][2]bool{
		"true": {true, true}, "1": {true, true}, "false": {false, true}, "0": {false, true},
		"": {}, "TRUE": {}, "yes": {}, "01": {}, "%ACME_TLS%": {},
	} {
		value, ok := Truth(s)
		assert.Equal(t, want, [2]bool{value, ok}, "%q", s)
	}
}

func TestCheck(t *testing.T) {
	tag := func(typ tags.Type) tags.Tag { return tags.Tag{Name: "T", Type: typ} }
	slash := tags.Tag{Name: "T", Type: tags.URL, TrailingSlash: true}
	bounded := tags.Tag{Name: "T", Type: tags.Bytes, Min: 0, Max: 100000}
	enum := tags.Tag{Name: "T", Type: tags.Enum, Values: []string{"", "csw"}}
	long := strings.Repeat("x", 257)
	for _, tt := range []struct {
		tag    tags.Tag
		good   []string
		bad    []string
		expect string
	}{
		{tag(tags.Bool), []string{"true", "false", "%X%"}, []string{"", "True", "yes", "0", "1", "x%X%", " true"}, "true or false"},
		{tag(tags.Port), []string{"1", "5060", "65535", "50%X%"}, []string{"", "0", "65536", "-1", "+1", "05060", "5060.0", "5 060", "1e3", "99999999999999999999"}, "from 1 to 65535"},
		{tag(tags.Seconds), []string{"0", "10"}, []string{"", "10s", "-1", "2147483648"}, "from 0 to 2147483647"},
		{bounded, []string{"0", "18000", "100000"}, []string{"100001", "x"}, "from 0 to 100000"},
		{enum, []string{"", "csw"}, []string{"CSW", "x"}, `one of "", "csw"`},
		{tag(tags.Host), []string{"", "sbc", "sbc.example.com", "SBC-1.example.com", "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "xn--bcher-kva.example", "%BWHOST-1%", "sip.%BWHOST-1%"},
			[]string{"sbc.example.com:5060", "sip:sbc", "https://sbc", "sbc_1", "-a.com", "a-.com", "a..b", ".", "sbc.example.com.", "192.0.2.256", "192.0.2", "fe80::1%eth0", "[192.0.2.1]", "bücher.example", "a b", "a&b", strings.Repeat("a", 64), strings.Repeat("a.", 127) + "aa"}, "a host name or an IP address"},
		{tag(tags.Domain), []string{"", "example.com", "localdomain"}, []string{"192.0.2.1", "example.com.", "::1", "a/b"}, "a domain name"},
		{tag(tags.URL), []string{"", "https://example.com", "https://example.com/", "HTTPS://example.com:8443/a?b=c&d=e#f", "https://[2001:db8::1]/", "https://%BWHOST-1%/x", "%X%"},
			[]string{"http://example.com/", "example.com", "//example.com", "https://", "https:///x", "https:example.com", "https://u@example.com/", "https://example.com:0/", "https://example.com:99999/", "https://a b/", "https://exa\"mple.com/", "https://example.com/%zz"}, "an https URL"},
		{slash, []string{"", "https://example.com/", "https://example.com/a/", "https://example.com/a/?x=y"}, []string{"https://example.com", "https://example.com/a"}, "ends in a slash"},
		{tag(tags.URLPath), []string{"", "/", "/com.broadsoft.xsi-actions/", "/a/b", "/a%20b"}, []string{"a/", "//a", "/a?b", "/a#b", "/a b", "/%zz", `/a\b`}, "begins with a slash"},
		{tag(tags.DialStrings), []string{"", "911", "911,112", "+4930123,*11#", "%X%,112"}, []string{"911, 112", "911;112", "911,", ",", "9-1-1", "++1", "police", strings.Repeat("1", 33)}, "a list of numbers to dial"},
		{tag(tags.Text), []string{"", "webex", "a b", "Zoë", "<&>"}, []string{" a", "a  b", "a\tb", long}, "a value that a tag can hold"},
	} {
		for _, v := range tt.good {
			assert.NoError(t, Check(tt.tag, v), "%s %q", tt.tag.Type, v)
		}
		for _, v := range tt.bad {
			err := Check(tt.tag, v)
			var ve *Error
			if assert.ErrorAs(t, err, &ve, "%s %q", tt.tag.Type, v) && ve.Code != codes.Token {
				assert.Contains(t, ve.Expected, tt.expect, "%s %q", tt.tag.Type, v)
			}
			assert.LessOrEqual(t, len(err.Error()), 400)
		}
	}
}

var types = []tags.Type{
	tags.Bool, tags.Port, tags.Enum, tags.Host, tags.Domain, tags.URL, tags.URLPath, tags.DialStrings,
	tags.Seconds, tags.Milliseconds, tags.Bytes, tags.Text,
}

func FuzzCheck(f *testing.F) {
	for _, v := range []string{"", "true", "5060", "sbc.example.com", "https://x/", "/a/", "911,112", "%A%b%", "[::1]", "é"} {
		for i := range types {
			f.Add(uint8(i), v)
		}
	}
	f.Fuzz(func(t *testing.T, i uint8, v string) {
		tag := tags.Tag{Name: "T", Type: types[int(i)%len(types)], Values: []string{"a"}}
		if err := Check(tag, v); err != nil {
			var ve *Error
			require.ErrorAs(t, err, &ve)
			require.NotEmpty(t, ve.Code)
			return
		}
		require.NoError(t, tags.CheckValue(v))
	})
}
