package schema

import (
	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/value"
	"github.com/dtafgen/wxt/tags"
)

// Check returns what is wrong with s as a value of tag, as findings at pos. An empty
// value is right for the types host, domain, url, url-path, dial-strings and text, and
// for an enum that lists it. A value may hold other tags, as in
// "https://%BWHOST-1%/": it is checked as far as that leaves it known.
//
// A value that is not in a list of values that is reconstructed is a warning.
// The value of a secret tag is not in the message.
func Check(tag tags.Tag, s string, pos Position) Findings {
	err := value.Check(tag, s)
	if err == nil {
		return nil
	}
	e := err.(*value.Error)
	what := err.Error()
	if tag.Secret {
		what = "the value is not " + e.Expected
	}
	f := NewFinding(e.Code, pos, e.Remedy, "%s: %s", tag.Name, what)
	f.Tag = tag.Name
	if e.Code == codes.Enum && tag.Known.Values.Mark != tags.Documented {
		f.Severity = Warning
		f.Remedy = "if the app's guide has this value, keep it: the list is not documented"
	}
	return Findings{f}
}
