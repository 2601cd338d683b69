package schema

import "fmt"

// A LimitError says that an input is over one of the limits that it is read with.
// Every package reports it as this type, behind an error that names the place.
type LimitError struct {
	Of    string // what is too much, such as "the template"
	What  string // of what there is too much, such as "placeholders"
	Limit int64
}

// Error says how much may be.
func (e *LimitError) Error() string {
	return fmt.Sprintf("%s has more than %d %s: expected at most that many", e.Of, e.Limit, e.What)
}
