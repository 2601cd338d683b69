package text

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPrintable(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "a\té漢😀": "a\té漢😀", "a\x1b[31m": `a\x1b[31m`, "\x1b]0;x\a": `\x1b]0;x\x07`, "\u009b1m": `\x9b1m`, "\x7f\x00": `\x7f\x00`,
		"a\n::warning::b\r": `a\n::warning::b\r`, "\u202egnp": `\u202egnp`, "\u2066a\u2069": `\u2066a\u2069`, "a\u200bb\ufeff": `a\u200bb\ufeff`,
		"\u2028\u2029": `\u2028\u2029`, "\U000e0041": `\U000e0041`, "\u0085": `\x85`, "a\xffb": "a\uFFFDb", "\uFFFD": "\uFFFD",
	} {
		assert.Equal(t, want, Printable(s), "%q", s)
	}
}

func TestClip(t *testing.T) {
	for s, want := range map[string]string{"": "", "ab": "ab", "aé漢": "aé漢", "aé漢x": "aé漢...", "abcdef": "abc..."} {
		assert.Equal(t, want, Clip(s, 3))
	}
}
