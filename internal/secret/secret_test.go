package secret_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/secret"
)

func TestFind(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"an element", `<a><password>x y</password><port>1</port></a>`, []string{"x y"}},
		{"attributes", `<a password="x" user="y"><param name="secret" value="z"/></a>`, []string{"x", "z"}},
		{"a placeholder", `<a><password>%BWAUTHPASSWORD-1%</password></a>`, nil},
		{"more than a placeholder", `<a><password>x%BWA%</password></a>`, []string{"x%BWA%"}},
		{"a choice", `<a><save-password>false</save-password></a>`, nil},
		{"TOML", "A_PASSWORD = \"x\"\nPORT = 1\nB_SECRET='y'\n", []string{"x", "y"}},
		{"broken XML", `<a><password>x</a>`, []string{"x"}},
		{"a URL", `<a><u>https://me:x@h/</u><password>y</password><u>z://:x%BWA%@h</u></a>`, []string{"x", "y", "x%BWA%"}},
		{"a URL that is one", `<a><password>https://me:x@h/</password></a>`, []string{"https://me:x@h/"}},
		{"a URL without one", `<a u="https://h:443"><b>me@h</b><u>https://me:%BWA%@h https://h:443/@</u></a>`, nil},
		{"a URL in TOML", "u = \"https://me:x@h:443\"\n", []string{"x"}},
		{"nothing", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, s := range secret.Find(c.text) {
				got = append(got, c.text[s.Start:s.End])
			}
			assert.Equal(t, c.want, got)
		})
	}
}

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		"a password\nb":                    "a password\nb",
		"password: true":                   "password: true",
		"password=%A%":                     "password=%A%",
		"password=%A%b":                    "password=" + secret.Masked,
		`<password a="1">x</password>`:     `<password a="1">x</password>`,
		"<password>x</password>":           "<password>" + secret.Masked + "</password>",
		"password=\"x y\nb":                "password=\"" + secret.Masked + "\nb",
		"password = 'x y":                  "password = '" + secret.Masked,
		"</password>x</a>":                 "</password>x</a>",
		`{"sipPassword": "a:b", "c": "d"}`: `{"sipPassword": "` + secret.Masked + `", "c": "d"}`,
		`name="password" value="x" y`:      `name="password" value="` + secret.Masked + `" y`,
		"admin.passwd: 'two words', b: c":  "admin.passwd: '" + secret.Masked + "', b: c",
	} {
		assert.Equal(t, want, secret.Redact(text, 0, len(text), secret.InText(text)))
	}
	text := "0123456789"
	spans := []secret.Span{{2, 4}, {6, 8}}
	assert.Equal(t, "01"+secret.Masked+"45"+secret.Masked+"89", secret.Redact(text, 0, 10, spans))
	assert.Equal(t, secret.Masked+"4", secret.Redact(text, 3, 5, spans))
	assert.Equal(t, "45"+secret.Masked, secret.Redact(text, 4, 7, spans))
	assert.Equal(t, "89", secret.Redact(text, 8, 10, spans))
}

func TestValue(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        bool
	}{
		{"password", "x", true}, {"password", "", false}, {"password", "TRUE", false}, {"password", "%BWAUTHPASSWORD-1%", false},
		{"port", "x", false}, {"", "https://a:b@c/", true}, {"", "https://a@c/", false},
	} {
		assert.Equal(t, c.want, secret.Value(c.name, c.value), "%s = %s", c.name, c.value)
	}
}

func TestUnion(t *testing.T) {
	assert.Equal(t, []secret.Span{{0, 4}, {5, 9}, {9, 10}},
		secret.Union([]secret.Span{{1, 4}, {7, 9}}, []secret.Span{{0, 3}, {5, 8}, {9, 10}}))
	assert.Empty(t, secret.Union(nil, nil))
}

// FuzzFind checks that what is found are parts of the text, in order, and that
// nothing is found where they are masked.
func FuzzFind(f *testing.F) {
	for _, text := range []string{"", "<a password='x'><b>https://u:p@h/</b></a>", "password: 'x\npin=\"a:b=c\"", `name="secret" value="x"`, "<token>x</token>"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, s := range secret.Find(text) {
			require.GreaterOrEqual(t, s.Start, end)
			require.Greater(t, s.End, s.Start)
			require.LessOrEqual(t, s.End, len(text))
			end = s.End
		}
		require.Empty(t, secret.Find(secret.Hide(text)), secret.Hide(text))
	})
}
