package tomlfile

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Dotted returns a path as a person writes it.
func Dotted(path []any) string {
	var b strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		case string:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			if step == "" || strings.Trim(step, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
				step = strconv.Quote(step)
			}
			b.WriteString(step)
		}
	}
	return b.String()
}

// Scalar returns the text that a decoded value gives a tag or an element: it is a
// string, a boolean or a whole number.
func Scalar(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	}
	return "", false
}

// ScalarRemedy says what to do about a value that gives no text, if anything.
func ScalarRemedy(value any) string {
	switch value.(type) {
	case float64:
		return "write it as a string if it is meant to have a fraction"
	case []any:
		return "write a list as one string, separated by commas"
	}
	return ""
}

// Describe says what kind of value it is.
func Describe(value any) string {
	switch v := value.(type) {
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case int64:
		return "a number"
	case float64:
		return "a number with a fraction"
	case time.Time:
		return "a date"
	case []any, []map[string]any:
		return "a list"
	case map[string]any:
		return "a table"
	default:
		return fmt.Sprintf("a %T", v)
	}
}
