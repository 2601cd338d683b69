package oci

import (
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A ValueType says what values an element takes, in the schema's words.
type ValueType struct {
	Name string // such as "DeviceManagementTagValue", or that of its base
	Base string // xs:token, xs:boolean, xs:int or xs:base64Binary

	MinLength, MaxLength int      // of a token, in characters; a MaxLength of 0 is no limit
	Min, Max             int64    // of an xs:int
	Unlimited            bool     // an xs:int that may also be the word "unlimited"
	Enumeration          []string // the only values, if there are any
}

// String says what is expected, such as "true or false", "text of 1 to 40
// characters" or `one of "Http", "Https", "FTP"`.
func (v ValueType) String() string {
	if len(v.Enumeration) > 0 {
		quoted := make([]string, len(v.Enumeration))
		for i, s := range v.Enumeration {
			quoted[i] = strconv.Quote(s)
		}
		return "one of " + strings.Join(quoted, ", ")
	}
	switch v.Base {
	case "xs:boolean":
		return "true or false"
	case "xs:base64Binary":
		return "bytes in base64"
	case "xs:int":
		s := fmt.Sprintf("a whole number from %d to %d", v.Min, v.Max)
		if v.Max == math.MaxInt32 && v.Min > math.MinInt32 {
			s = fmt.Sprintf("a whole number, %d or more", v.Min)
		}
		if v.Unlimited {
			s += `, or "unlimited"`
		}
		return s
	}
	switch {
	case v.MaxLength > 0:
		return fmt.Sprintf("text of %d to %d characters", v.MinLength, v.MaxLength)
	case v.MinLength > 0:
		return fmt.Sprintf("text of at least %d characters", v.MinLength)
	}
	return "text"
}

// Check returns an error that says what is wrong with value and what was
// expected, or nil. Unlike the schema it takes no value that the reader would
// change: a token with white space at an end, or more than one space in a row.
func (v ValueType) Check(value string) error {
	if v.Unlimited && value == unlimited {
		return nil
	}
	if problem := v.problem(value); problem != "" {
		return fmt.Errorf("%s: expected %s", problem, v)
	}
	if v.Base == "xs:token" && collapse(value) != value {
		return fmt.Errorf("%s has white space that is not kept: expected text without a space at either end, line ends, tabs, or several spaces in a row", v.excerpt(value))
	}
	return nil
}

// problem says what the schema finds wrong with value, or nothing.
//
// It agrees with libxml2 where that is stricter than XML Schema: white space
// around a number is refused, as some readers do.
func (v ValueType) problem(value string) string {
	if bad := strings.IndexFunc(value, notXML); bad >= 0 {
		r, _ := utf8.DecodeRuneInString(value[bad:])
		return fmt.Sprintf("the value has the character %U, which XML cannot hold", r)
	}
	if !utf8.ValidString(value) {
		return "the value is not valid UTF-8"
	}
	switch v.Base {
	case "xs:boolean":
		switch collapse(value) {
		case "true", "false", "1", "0":
			return ""
		}
		return excerpt(value) + " is not a boolean"
	case "xs:int":
		return v.intProblem(value)
	case "xs:base64Binary":
		packed := strings.Map(func(r rune) rune {
			if isSpace(r) {
				return -1
			}
			return r
		}, value)
		if _, err := base64.StdEncoding.Strict().DecodeString(packed); err != nil {
			return "the value is not base64"
		}
		return ""
	}
	value = collapse(value)
	if len(v.Enumeration) > 0 {
		if slices.Contains(v.Enumeration, value) {
			return ""
		}
		return v.excerpt(value) + " is not a value of " + v.Name
	}
	n := utf8.RuneCountInString(value)
	switch {
	case n == 0 && v.MinLength > 0:
		return "the value is empty"
	case n < v.MinLength, v.MaxLength > 0 && n > v.MaxLength:
		return fmt.Sprintf("%s has %d characters", v.excerpt(value), n)
	}
	return ""
}

func (v ValueType) intProblem(value string) string {
	digits := strings.TrimLeft(value, "0")
	if value != "" && (value[0] == '+' || value[0] == '-') {
		digits = strings.TrimLeft(value[1:], "0")
	}
	if value == "" || strings.Trim(value, "+-") == "" || strings.Trim(digits, "0123456789") != "" {
		return excerpt(value) + " is not a whole number"
	}
	n, err := strconv.ParseInt("0"+digits, 10, 64)
	if value[0] == '-' {
		n = -n
	}
	if err != nil || n < v.Min || n > v.Max {
		return excerpt(value) + " is out of range"
	}
	return ""
}

// notXML reports whether XML 1.0 cannot hold r, not even as a reference.
func notXML(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// isSpace reports whether r is white space in XML.
func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// collapse returns s as a reader of an xs:token takes it: without white space
// at the ends, and with one space for any other.
func collapse(s string) string {
	return strings.Join(strings.FieldsFunc(s, isSpace), " ")
}

// secret reports whether values of the type may be secret, and are not to be
// shown: passwords, and the values of tags, which may be passwords.
func (v ValueType) secret() bool {
	return strings.HasSuffix(v.Name, "Password") || v.Name == "DeviceManagementTagValue"
}

// excerpt returns a value as a message may have it.
func (v ValueType) excerpt(value string) string {
	if v.secret() {
		return "the value"
	}
	return excerpt(value)
}

// excerpt returns s in quotation marks, cut where it is long.
func excerpt(s string) string {
	const limit = 60
	if utf8.RuneCountInString(s) > limit {
		return strconv.Quote(string([]rune(s)[:limit])) + "..."
	}
	return strconv.Quote(s)
}
