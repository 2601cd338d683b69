package tags

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// DescribeValues says in words which values the tag takes, such as "port: 1 to
// 65535".
func (t Tag) DescribeValues() string {
	s := string(t.Type)
	switch t.Type {
	case Bool:
		s += ": true or false"
	case Port:
		s += fmt.Sprintf(": %d to %d", max(t.Min, 1), cmp.Or(t.Max, 65535))
	case Enum:
		quoted := make([]string, len(t.Values))
		for i, v := range t.Values {
			quoted[i] = strconv.Quote(v)
		}
		s += fmt.Sprintf(": %s (%s)", strings.Join(quoted, ", "), t.Known.Values.Mark)
	case Seconds, Milliseconds, Bytes:
		if t.Max != 0 {
			s += fmt.Sprintf(": %d to %d", t.Min, t.Max)
		} else {
			s += fmt.Sprintf(": %d or more", t.Min)
		}
	case URL:
		s += ": https"
		if t.TrailingSlash {
			s += ", ends in a slash"
		}
	case DialStrings:
		s += ": separated by commas"
	}
	return s
}
