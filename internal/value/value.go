// Package value reads values of the types that tags have, and says what is wrong with
// them.
package value

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/tags"

	"github.com/dtafgen/wxt/internal/secret"
)

// An Error says what is wrong with a value.
type Error struct {
	Code     string // the rule's
	Expected string // what the value should have been, as in "true or false"
	Value    string // what it is
	Remedy   string // what to do, if it is more than to write what was expected
}

// Error implements the error interface.
func (e *Error) Error() string {
	return fmt.Sprintf("%q is not %s", text.Clip(secret.HideURLs(e.Value), 60), e.Expected)
}

func typeError(value, expected, remedy string) error {
	return &Error{Code: codes.Type, Value: value, Expected: expected, Remedy: remedy}
}

// parseBool returns the boolean that s stands for: true or false, in lower case.
func parseBool(s string) (bool, error) {
	switch s {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	remedy := ""
	switch strings.ToLower(s) {
	case "true", "yes", "on", "1", "enabled":
		remedy = "write true"
	case "false", "no", "off", "0", "disabled":
		remedy = "write false"
	}
	return false, typeError(s, "true or false", remedy)
}

// Truth returns the boolean that a value stands for where values are compared, of
// tags and of requests alike: true or 1, false or 0, as xs:boolean has it. Ok is
// false for any other value.
func Truth(s string) (value, ok bool) {
	switch s {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

// parseNumber returns the whole number that s stands for, written in decimal
// without a sign or leading zeros, from least to most; a most of 0 is no limit
// but that of 32 bits.
func parseNumber(s string, least, most int) (int, error) {
	if most == 0 {
		most = 1<<31 - 1
	}
	if s == "" || strings.Trim(s, "0123456789") != "" || len(s) > 1 && s[0] == '0' {
		return 0, typeError(s, fmt.Sprintf("a whole number from %d to %d", least, most), "")
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, &Error{Code: codes.Range, Value: s, Expected: fmt.Sprintf("a number from %d to %d", least, most)}
	}
	return n, nil
}

// ParsePort returns the port that s stands for, 1 to 65535.
func ParsePort(s string) (int, error) { return parseNumber(s, 1, 65535) }

// ParseHost returns an error if s is neither a host name nor an IP address. An
// IPv6 address may stand in brackets; a zone is not allowed.
func ParseHost(s string) error {
	if IsAddress(s) {
		return nil
	}
	if err := ParseDomain(s); err != nil {
		return typeError(s, "a host name or an IP address", hostRemedy(s))
	}
	return nil
}

// IsAddress reports whether s is an IP address, an IPv6 one with or without
// brackets.
func IsAddress(s string) bool {
	if len(s) > 2 && s[0] == '[' && s[len(s)-1] == ']' {
		a, err := netip.ParseAddr(s[1 : len(s)-1])
		return err == nil && a.Is6() && a.Zone() == ""
	}
	a, err := netip.ParseAddr(s)
	return err == nil && a.Zone() == ""
}

// ParseDomain returns an error if s is not a DNS domain name: labels of 1 to 63
// letters, digits and hyphens, not at their ends, 253 characters in all. A
// name whose last label is a number is refused, since it looks like an address.
func ParseDomain(s string) error {
	labels := strings.Split(s, ".")
	ok := len(s) <= 253
	for _, l := range labels {
		ok = ok && isLabel(l)
	}
	if ok && strings.Trim(labels[len(labels)-1], "0123456789") != "" {
		return nil
	}
	return typeError(s, "a domain name", hostRemedy(s))
}

func isLabel(l string) bool {
	if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
		return false
	}
	for i := range len(l) {
		if c := l[i]; c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}

func hostRemedy(s string) string {
	host, port, hasPort := strings.Cut(s, ":")
	switch {
	case strings.Contains(s, "://"):
		return "leave out the scheme"
	case hasPort && !strings.Contains(port, ":") && host != "":
		return "leave out the port"
	case strings.HasSuffix(s, ".") && len(s) > 1:
		return "leave out the last dot"
	case strings.ContainsFunc(s, func(r rune) bool { return r > 0x7F }):
		return "write letters outside of ASCII in their xn-- form"
	}
	return ""
}

// ParseURL returns the https URL that s stands for: absolute, with a host, and
// without a user name.
func ParseURL(s string) (*url.URL, error) {
	const expected = "an https URL"
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, typeError(s, expected, "")
	case strings.ContainsAny(s, " <>\"'"):
		return nil, typeError(s, expected, "write the characters that a URL can't have as %20 and so on")
	case !strings.EqualFold(u.Scheme, "https"):
		return nil, typeError(s, expected, "begin it with https://")
	case u.User != nil:
		return nil, typeError(s, expected, "leave out the user name")
	case u.Opaque != "" || ParseHost(u.Hostname()) != nil:
		return nil, typeError(s, expected+" with a host", "")
	}
	if p := u.Port(); p != "" {
		if _, err := ParsePort(p); err != nil {
			return nil, typeError(s, expected+" with a port from 1 to 65535", "")
		}
	}
	return u, nil
}

// parsePath returns an error if s is not an absolute URL path, such as
// /com.broadsoft.xsi-actions/, without a query or a fragment.
func parsePath(s string) error {
	u, err := url.Parse(s)
	if err != nil || !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || u.Path == "" || strings.ContainsAny(s, "?# <>\"'\\") {
		remedy := ""
		if !strings.HasPrefix(s, "/") {
			remedy = "begin it with a slash"
		}
		return typeError(s, "a URL path that begins with a slash", remedy)
	}
	return nil
}

// ParseDialStrings returns the numbers in s, which are separated by commas,
// without white space: each has 1 to 32 digits, * or #, after a + that may be left out.
func ParseDialStrings(s string) ([]string, error) {
	numbers := strings.Split(s, ",")
	for _, n := range numbers {
		digits := strings.TrimPrefix(n, "+")
		if digits == "" || len(digits) > 32 || strings.Trim(digits, "0123456789*#") != "" {
			remedy := ""
			if strings.ContainsAny(s, " ;") {
				remedy = "separate the numbers with commas, without spaces"
			}
			return nil, typeError(s, "a list of numbers to dial, such as 911,112", remedy)
		}
	}
	return numbers, nil
}

// Check returns an [*Error] that says what is wrong with value as a value of
// tag, or nil. An empty value is right for the types host, domain,
// url, url-path, dial-strings and text, and for an enum that lists it. A value
// may hold other tags, as in "https://%BWHOST-1%/": it is checked as far as
// that leaves it known.
func Check(tag tags.Tag, value string) error {
	if err := tags.CheckValue(value); err != nil {
		return &Error{Code: codes.Token, Value: value, Expected: "a value that a tag can hold: " + err.Error()}
	}
	if tag.Type == tags.Enum {
		if slices.Contains(tag.Values, value) {
			return nil
		}
		return &Error{Code: codes.Enum, Value: value, Expected: "one of " + quoteList(tag.Values)}
	}
	if value == "" {
		switch tag.Type {
		case tags.Host, tags.Domain, tags.URL, tags.URLPath, tags.DialStrings, tags.Text:
			return nil
		}
	}
	if before, _, after, ok := tagname.CutPlaceholder(value); ok {
		if before == "" && after == "" {
			return nil
		}
		filler := "a"
		switch tag.Type {
		case tags.Port, tags.Seconds, tags.Milliseconds, tags.Bytes, tags.DialStrings:
			filler = "1"
		}
		value = fillPlaceholders(value, filler)
	}
	switch tag.Type {
	case tags.Bool:
		_, err := parseBool(value)
		return err
	case tags.Port:
		least, most := max(tag.Min, 1), tag.Max
		if most == 0 {
			most = 65535
		}
		_, err := parseNumber(value, least, most)
		return err
	case tags.Seconds, tags.Milliseconds, tags.Bytes:
		_, err := parseNumber(value, tag.Min, tag.Max)
		return err
	case tags.Host:
		return ParseHost(value)
	case tags.Domain:
		return ParseDomain(value)
	case tags.URL:
		u, err := ParseURL(value)
		if err == nil && tag.TrailingSlash && !strings.HasSuffix(u.Path, "/") {
			return &Error{Code: codes.Slash, Value: value, Expected: "a URL that ends in a slash", Remedy: "add a slash at the end"}
		}
		return err
	case tags.URLPath:
		return parsePath(value)
	case tags.DialStrings:
		_, err := ParseDialStrings(value)
		return err
	}
	return nil
}

// fillPlaceholders puts filler for each placeholder.
func fillPlaceholders(value, filler string) string {
	var b strings.Builder
	for {
		before, _, after, ok := tagname.CutPlaceholder(value)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		b.WriteString(filler)
		value = after
	}
}

func quoteList(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = strconv.Quote(v)
	}
	return strings.Join(quoted, ", ")
}
