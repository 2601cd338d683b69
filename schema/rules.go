package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/tags"
)

// A Rule is what a code stands for.
type Rule struct {
	Code     string   `json:"code"`     // "WXT" and three digits
	Name     string   `json:"name"`     // a few words, with hyphens
	Severity Severity `json:"severity"` // of its findings, where nothing else is said
	Fixed    bool     `json:"fixed"`    // it guards what is built: a project can't turn it off
	Protects string   `json:"protects"` // what it keeps from happening
	Source   string   `json:"source"`   // where the rule comes from

	// Tags and Types are the tags that the rule speaks of by name, and the types
	// of those that it speaks of in general; both are empty for other rules.
	Tags  []string    `json:"tags,omitempty"`
	Types []tags.Type `json:"types,omitempty"`

	// Rows say what values of tags don't go together. A rule that has rows needs
	// no code.
	Rows []Row `json:"-" toml:"row"`
}

// A Row is one combination of values that a rule finds. Conditions are written as
// "X_WXT is true": a tag, and its value, or "empty", or "set", which is any value
// but the empty one.
type Row struct {
	When   []string // what has to be so for the row to say anything
	Unless []string // what keeps it from doing so, if all of these hold
	Idle   []string // the tags that do nothing then; none: the combination is itself wrong
	At     []string // the tags whose strongest setting is where a wrong combination is reported; none: those of When
	Says   string   // the message, or why the tags do nothing; empty: the conditions
	Remedy string
}

//go:generate go test -run TestRuleTable . -update

// Rules returns the rules, by code.
func Rules() []Rule { return slices.Clone(rules) }

// LookupRule returns the rule of a code.
func LookupRule(code string) (Rule, bool) {
	i, ok := slices.BinarySearchFunc(rules, code, func(r Rule, code string) int { return strings.Compare(r.Code, code) })
	if !ok {
		return Rule{}, false
	}
	return rules[i], true
}

// NewFinding returns a finding of the code's severity at pos. The message is
// made as by [fmt.Sprintf].
func NewFinding(code string, pos Position, remedy, format string, args ...any) Finding {
	r, ok := LookupRule(code)
	if !ok {
		r.Severity = Error
	}
	return Finding{Code: code, Severity: r.Severity, Position: pos, Message: fmt.Sprintf(format, args...), Remedy: remedy}
}
