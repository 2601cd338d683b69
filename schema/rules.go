package schema

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"github.com/BurntSushi/toml"

	"github.com/dtafgen/wxt/tags"
)

// The codes of what is told outside of the functions of a rule. The table of
// [Rules] has them all, and says what each is about.
const (
	CodeSyntax      = "WXT001"
	CodeKey         = "WXT002"
	CodeTag         = "WXT003"
	CodePlatform    = "WXT004"
	CodeDeclare     = "WXT005"
	CodeSetting     = "WXT006"
	CodeDevice      = "WXT007"
	CodeTagSet      = "WXT008"
	CodeType        = "WXT010"
	CodeRange       = "WXT011"
	CodeEnum        = "WXT012"
	CodeToken       = "WXT013"
	CodeSlash       = "WXT014"
	CodePortOrder   = "WXT015"
	CodePortOverlap = "WXT016"
	CodeRawXML      = "WXT020"
	CodeEncoding    = "WXT021"
	CodeNoPlace     = "WXT022"
	CodeGuess       = "WXT030"
	CodeAccessHost  = "WXT031"

	CodeBase              = "WXT040"
	CodeBaseRelease       = "WXT041"
	CodeEdit              = "WXT042"
	CodeBaseLacks         = "WXT043"
	CodeNoValue           = "WXT044"
	CodeFileNotWellFormed = "WXT060"
	CodeUndefinedTag      = "WXT061"
	CodeTagInTag          = "WXT062"
	CodeSubscriber        = "WXT063"
	CodeSubscriberKey     = "WXT064"
	CodeNotOverridable    = "WXT065"
	CodeArchive           = "WXT070"
	CodeNotWellFormed     = "WXT071"
	CodeNoManifest        = "WXT080"
	CodeAbsentFile        = "WXT082"
	CodeEncodingBytes     = "WXT091"

	CodeSecret = "WXT050"

	CodeUnknownRequest = "WXT201"
	CodeUnknownElement = "WXT202"
	CodeElementOrder   = "WXT203"
	CodeElementValue   = "WXT204"
)

// A Rule is what a code stands for.
type Rule struct {
	Code     string   `json:"code" toml:"code"`         // "WXT" and three digits
	Name     string   `json:"name" toml:"name"`         // a few words, with hyphens
	Severity Severity `json:"severity" toml:"severity"` // of its findings, where nothing else is said
	Fixed    bool     `json:"fixed" toml:"fixed"`       // it guards what is built: a project can't turn it off
	Protects string   `json:"protects" toml:"protects"` // what it keeps from happening
	Source   string   `json:"source" toml:"source"`     // where the rule comes from

	// Tags and Types are the tags that the rule speaks of by name, and the types
	// of those that it speaks of in general; both are empty for other rules.
	Tags  []string    `json:"tags,omitempty" toml:"tags"`
	Types []tags.Type `json:"types,omitempty" toml:"types"`
}

// About reports whether the rule speaks of a custom tag: by its name or by its
// type.
func (r Rule) About(t tags.Tag) bool {
	return t.Kind == tags.Custom && (slices.Contains(r.Tags, t.Name) || slices.Contains(r.Types, t.Type))
}

//go:embed rules.toml
var rulesTOML string

var rules = sync.OnceValue(func() []Rule {
	var file struct {
		Rule []Rule `toml:"rule"`
	}
	if _, err := toml.Decode(rulesTOML, &file); err != nil {
		panic("schema: the embedded table of rules is broken: " + err.Error())
	}
	return file.Rule
})

// Rules returns the rules, by code.
func Rules() []Rule { return slices.Clone(rules()) }

var rulesByCode = sync.OnceValue(func() map[string]Rule {
	m := make(map[string]Rule)
	for _, r := range rules() {
		m[r.Code] = r
	}
	return m
})

// LookupRule returns the rule of a code.
func LookupRule(code string) (Rule, bool) {
	r, ok := rulesByCode()[code]
	return r, ok
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
