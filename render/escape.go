package render

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/dtafgen/wxt/internal/xmltext"
)

// escape returns value as it goes in at the place p.
func escape(value string, p Placeholder, s Substitution) string {
	if s == Raw {
		return value
	}
	switch p.Context {
	case Text:
		value = xmltext.EscapeText(value)
	case Attribute:
		value = xmltext.EscapeAttr(value, p.Quote)
	case CDATA:
		return strings.ReplaceAll(value, "]]>", "]]]]><![CDATA[>")
	case Comment:
		for strings.Contains(value, "--") {
			value = strings.ReplaceAll(value, "--", "- -")
		}
		return value
	default:
		return value
	}
	if s == EscapedASCII {
		value = asciiOnly(value)
	}
	return value
}

// asciiOnly writes the characters outside of ASCII as references.
func asciiOnly(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return b.String()
}

// BreaksXML returns what in value would break the XML around the placeholder if
// it were put in raw, such as "&" or "<", or "" if nothing would. An "&" that
// begins a reference, as in "&amp;", breaks nothing.
func (p Placeholder) BreaksXML(value string) string {
	has := func(marks ...string) string {
		for _, m := range marks {
			if strings.Contains(value, m) {
				return m
			}
		}
		return ""
	}
	switch p.Context {
	case Text:
		return cmp.Or(bareAmpersand(value), has("<", "]]>"))
	case Attribute:
		return cmp.Or(bareAmpersand(value), has("<", string(rune(p.Quote))))
	case CDATA:
		return has("]]>")
	case Comment:
		return has("--")
	case Instruction:
		return has("?>")
	case Markup:
		return has("&", "<", ">", `"`, "'", "/", "=", " ")
	}
	return ""
}

// bareAmpersand returns "&" if value has one that begins no reference.
func bareAmpersand(value string) string {
	for {
		_, after, ok := strings.Cut(value, "&")
		if !ok {
			return ""
		}
		reference, _, closed := strings.Cut(after, ";")
		if !closed {
			return "&"
		}
		if _, err := xmltext.Parse("<a>&" + reference + ";</a>"); err != nil {
			return "&"
		}
		value = after
	}
}
