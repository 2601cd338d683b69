package dtaf_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dtafgen/wxt/dtaf"
)

func TestFindSecrets(t *testing.T) {
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
			for _, s := range dtaf.FindSecrets(c.text) {
				got = append(got, c.text[s[0]:s[1]])
			}
			assert.Equal(t, c.want, got)
		})
	}
}
