package secret

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A form is a way to write a secret, hunter2, with what else is not to be masked: what
// stands between bars.
type form struct{ name, text string }

// forms returns those of testdata/forms.txtar.
func forms(t testing.TB) []form {
	archive, err := txtar.ParseFile("testdata/forms.txtar")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(archive.Files), 62)
	var list []form
	for _, f := range archive.Files {
		list = append(list, form{f.Name, strings.TrimSuffix(string(f.Data), "\n")})
	}
	return list
}

func TestForms(t *testing.T) {
	for _, f := range forms(t) {
		t.Run(f.name, func(t *testing.T) {
			var kept []string
			parts := strings.Split(f.text, "|")
			for i := 1; i < len(parts); i += 2 {
				kept = append(kept, parts[i])
			}
			text := strings.Join(parts, "")
			got := Hide(text)
			assert.NotContains(t, got, "hunter2")
			assert.Contains(t, got, Masked)
			for _, k := range kept {
				assert.Contains(t, got, k)
			}
			assert.Equal(t, strings.Count(text, "\n"), strings.Count(got, "\n"), "as many lines")
			// What is no secret stays: a placeholder, a choice, nothing.
			for _, value := range []string{"%BWAUTHPASSWORD-1%", ""} {
				text := strings.ReplaceAll(strings.ReplaceAll(text, "hunter2@hunter2", "hunter2"), "hunter2", value)
				if !strings.Contains(text, `\"`) && (value != "" || f.name != "element without an end" && f.name != "unquoted") {
					assert.Equal(t, text, Hide(text), "%q", value)
				}
			}
		})
	}
}

func TestNoSecrets(t *testing.T) {
	for _, text := range []string{
		"", "a password\nb", "password: true", "password=%A%", `<a><save-password>false</save-password></a>`, "</password>x</a>",
		`<a u="https://h:443"><b>me@h</b><u>https://me:%BWA%@h https://h:443/@</u></a>`, "password=\nuser=bob", `<a pass-through="yes"/>`,
		`<keyboard>x</keyboard><key>x</key><value>y</value>`, "a < b > c = d", `<text>Enter your PIN: now</text>`, "https://h/?a=b&tokens=1",
		"<password>********</password>", `<password xsi:nil="true"/>`,
	} {
		assert.Equal(t, text, Hide(text))
	}
}

func TestNamed(t *testing.T) {
	for name, want := range map[string]bool{
		"SIP_PASSWORD_WXT": true, "BWAUTHPASSWORD-1": true, "authToken": true, "password": true, "userPassword": true, "pass": true, "sipPass": true,
		"CLIENT_SECRET": true, "BW_USER_IMP_PWD-1": true, "api.secret": true, "VOICE_PIN": true, "credentials": true, "psk": true, "accessKey": true,
		"private-key": true, "privateKey": true, "sipprivatekey": true, "API_KEY": true, "adminPasswdHash": true, "mypasswords": true, "AES_KEY": true,
		"SECRETARY": false, "keyboard": false, "key": false, "PRIVATE_WXT": false, "bypass": false, "compass": false, "passport": false,
		"SBC_ADDRESS_WXT": false, "PING_INTERVAL": false, "tokenizer": false, "": false, "PASS_THROUGH": false, "SPINNER": false, "publicKey": false,
	} {
		assert.Equal(t, want, Named(name), name)
	}
}

func TestRedact(t *testing.T) {
	text := "0123456789"
	spans := []Span{{2, 4}, {6, 8}}
	assert.Equal(t, "01"+Masked+"45"+Masked+"89", Redact(text, 0, 10, spans))
	assert.Equal(t, Masked+"4", Redact(text, 3, 5, spans))
	assert.Equal(t, "45"+Masked, Redact(text, 4, 7, spans))
	assert.Equal(t, "89", Redact(text, 8, 10, spans))
}

func TestValue(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        bool
	}{
		{"password", "x", true}, {"password", "", false}, {"password", "TRUE", false}, {"password", "%BWAUTHPASSWORD-1%", false},
		{"port", "x", false}, {"", "https://a:b@c/", true}, {"", "https://a@c/", false}, {"", "https://c/?token=x", true},
	} {
		assert.Equal(t, c.want, Value(c.name, c.value), "%s = %s", c.name, c.value)
	}
	assert.True(t, HasTag("a%BWAUTHPASSWORD-1%"))
	assert.False(t, HasTag("a%SBC_PORT_WXT%b%"))
}

func TestUnion(t *testing.T) {
	assert.Equal(t, []Span{{0, 4}, {5, 9}, {9, 10}}, Union([]Span{{1, 4}, {7, 9}}, []Span{{0, 3}, {5, 8}, {9, 10}}))
	assert.Empty(t, Union(nil, nil))
}

// TestLinear counts what is looked at in hostile texts: it grows as they do.
func TestLinear(t *testing.T) {
	for _, piece := range []string{
		"<", ">", `"`, "'", "<password ", "<password>", "password=", `password="`, "password='", "password>", `<a password="`, "<!--", "<!-- password:", "<![CDATA[",
		"</a>", "<a>", "<a></b>", `<a b="`, "=", ":", " ", "password   ", "password=%A%", "password: '''", "&token=", "://a:b", "://a:b@", "sip:a:", "<key>password</key>", "<?",
		"name=password ", `name="password" `, "<password></", "password = \"\\\"", "\n", "a.", "<a:", "%A", "%A%",
	} {
		for _, begin := range []string{"", "<a>", "password=\"", "password = '''"} {
			looked := func(n int) int {
				f := finder{src: begin + strings.Repeat(piece, n/len(piece)+1)}
				f.find()
				return f.looked
			}
			small, large := looked(2000), looked(16_000)
			assert.Less(t, large, 10*small+2000, "%q behind %q: %d, %d", piece, begin, small, large)
			assert.Less(t, large, 40*16_000, "%q behind %q", piece, begin)
		}
	}
}

// FuzzFind checks that what is found are parts of the text, in order, and that
// nothing of them is left.
func FuzzFind(f *testing.F) {
	for _, form := range forms(f) {
		f.Add(form.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, s := range Find(text) {
			require.GreaterOrEqual(t, s.Start, end)
			require.Greater(t, s.End, s.Start)
			require.LessOrEqual(t, s.End, len(text))
			end = s.End
		}
		once := Hide(text)
		require.Equal(t, strings.Count(strings.ReplaceAll(text, "\r\n", "\n"), "\n")+strings.Count(strings.ReplaceAll(text, "\r\n", ""), "\r"), strings.Count(strings.ReplaceAll(once, "\r\n", "\n"), "\n")+strings.Count(strings.ReplaceAll(once, "\r\n", ""), "\r"))
	})
}

// TestInURLs compares what is found with what an expression for URLs and queries finds
// in the whole text.
func TestInURLs(t *testing.T) {
	expression := regexp.MustCompile(`(?i)(?:://|\bsips?:|\bxmpp:)[^/?#@\s:<>"']*:([^/?#\s<>"']+)@|(?:[?&;]|&amp;)([\w.-]+)=([^&#\s<>"';]+)`)

	r := rand.New(rand.NewPCG(1, 18))
	parts := []string{"https://", "sip:", "xmpp:", "u", ":", "hunter2", "@", "h", "?", "&", "&amp;", ";", "token", "password", "=", " ", "\n", "\u00a0", "<a href=", "\"", "'", ">", "#", "/", "ä"}
	found := 0
	for range 20_000 {
		var b strings.Builder
		for range 1 + r.IntN(14) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		text := b.String()
		var want []Span
		for _, m := range expression.FindAllStringSubmatchIndex(text, -1) {
			s := Span{m[2], m[3]}
			if m[2] < 0 {
				if !Named(text[m[4]:m[5]]) {
					continue
				}
				s = Span{m[6], m[7]}
			}
			if Tells(text[s.Start:s.End]) {
				want = append(want, s)
			}
		}
		require.Equal(t, want, InURLs(text), "%q", text)
		found += len(want)
	}
	assert.Greater(t, found, 50)
}
