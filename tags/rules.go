package tags

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/dtafgen/wxt/internal/tagname"
)

// CheckName returns an error that says what is wrong with name as the name of
// a custom tag, or nil. The OCI schema asks for 1 to 64 characters, percent
// signs included, no percent sign inside, and no BW at the start. Beyond that
// a name here is made of letters, digits, '_', '-' and '.', and begins with a
// letter or a digit, since nothing else can be told from a template's own text.
func CheckName(name string) error {
	bare := tagname.Bare(name)
	if strings.HasPrefix(bare, "BW") {
		return fmt.Errorf("tag %q begins with BW, which is reserved for the system tags: choose another name", bare)
	}
	return checkAnyName(bare)
}

// checkAnyName holds the rules that custom and system tags share.
func checkAnyName(bare string) error {
	if bare == "" {
		return errors.New("a tag's name is empty: expected 1 to 64 characters")
	}
	if strings.Contains(bare, "%") {
		return fmt.Errorf("tag %q has a percent sign inside: expected none, or one at either end", bare)
	}
	if n := utf8.RuneCountInString(bare) + 2; n > tagname.MaxLength {
		return fmt.Errorf("tag %q has %d characters with its percent signs: expected at most %d", bare, n, tagname.MaxLength)
	}
	for i := range len(bare) {
		if !tagname.IsByte(bare[i], i == 0) {
			r, _ := utf8.DecodeRuneInString(bare[i:])
			if i == 0 {
				return fmt.Errorf("tag %q begins with %q: expected a letter or a digit", bare, r)
			}
			return fmt.Errorf("tag %q has %q in its name: expected letters, digits, '_', '-' and '.'", bare, r)
		}
	}
	return nil
}

// CheckValue returns an error that says what is wrong with value as the value
// of a custom tag, or nil. The OCI schema asks for an xs:token of 1 to 256
// characters: no leading, trailing or doubled spaces, no tabs and no line
// ends. An empty value is allowed: it is a tag without a value element.
func CheckValue(value string) error { return checkToken("value", value, 0, tagname.MaxValueLength) }

func checkToken(what, s string, least, most int) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("the %s is not valid UTF-8", what)
	}
	n := utf8.RuneCountInString(s)
	if n < least || n > most {
		return fmt.Errorf("the %s has %d characters: expected %d to %d", what, n, least, most)
	}
	for _, r := range s {
		switch {
		case r == '\t', r == '\n', r == '\r':
			return fmt.Errorf("the %s holds %q: white space other than single spaces would be changed on import (xs:token)", what, r)
		case r < 0x20, r == 0xFFFE, r == 0xFFFF:
			return fmt.Errorf("the %s holds the character %U, which XML does not allow", what, r)
		}
	}
	switch {
	case strings.HasPrefix(s, " "), strings.HasSuffix(s, " "):
		return fmt.Errorf("the %s begins or ends with a space, which import would drop (xs:token)", what)
	case strings.Contains(s, "  "):
		return fmt.Errorf("the %s has two spaces in a row, which import would make one (xs:token)", what)
	}
	return nil
}
